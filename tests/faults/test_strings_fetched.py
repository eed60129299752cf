"""Every hostile text that the vendor may send is taken as a text, or refused by reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.frames.cells import LONGEST_TEXT, LONGEST_TICKER
from engine.providers import yahoo_faults, yahoo_quotes
from engine.providers.yahoo_quotes import NO_SYMBOL
from tests.fake_vendor import feed_at
from tests.faults.hostile_store import harmless, run
from tests.fetching.house import House, small_market
from tests.hostile_strings import ALL
from tests.unit.test_yahoo_quotes import universe
from tests.unit.yahoo_frames import quote

FIELDS = ("symbol", "longName", "shortName", "exchange", "quoteType", "currency", "marketCap", "regularMarketTime")


def as_sent(text: str) -> Any:
    """A text as it comes out of an answer in JSON, in which every one can stand."""
    return json.loads(json.dumps(text))


@pytest.mark.parametrize("field", FIELDS)
def test_a_quote_with_a_hostile_text_is_taken_or_refused(field: str) -> None:
    for text in ALL:
        found = universe(quote("AAA"), {**quote("BBB"), field: as_sent(text)})
        assert found.frames["security"]["ticker"].to_list().count("AAA") == 1
        assert len(found.frames["security"]) == 2 - found.dropped.get(NO_SYMBOL, 0)
        for frame in found.frames.values():
            for column in frame.select(pl.col(pl.String)):
                for value in column.drop_nulls():
                    harmless(value)
                    assert len(value) <= (LONGEST_TICKER if column.name == "ticker" else LONGEST_TEXT)


def test_a_profile_with_hostile_texts_is_taken_as_texts() -> None:
    for text in ALL:
        told = dict.fromkeys(("longName", "sector", "industry", "country"), as_sent(text))
        for row in yahoo_quotes.profile("AAA", told).frames["security"].rows():
            for value in filter(None, row):
                harmless(value)
                assert len(value) <= LONGEST_TEXT


def test_words_of_the_vendor_are_one_harmless_line() -> None:
    for text in ALL:
        harmless(str(yahoo_faults.said(as_sent(text))))
        harmless(yahoo_faults.legible(as_sent(text)))
        harmless(yahoo_faults.fault_of(KeyError(as_sent(text))).reason)
        harmless(yahoo_faults.fault_of(OSError(as_sent(text))).reason)


def test_hostile_names_of_a_fetch_are_stored_and_shown_as_texts(tmp_path: Path) -> None:
    names = yahoo_quotes._texts([as_sent(text) for text in ALL])
    market = small_market()
    security = market.frames["security"]
    told = pl.Series([names[at % len(names)] or "x" for at in range(security.height)])
    frames = {**market.frames, "security": security.with_columns(name=told, sector=told)}
    market = replace(market, frames=frames)
    house = House(tmp_path / "store", feed_at(market.sessions[99], market))
    house.update()
    said = run("--data-dir", str(house.folder), "--provider", "import", "show", "composition")
    assert said.code == 0
    harmless(said.out + said.err)
    stored = house.rows("select name, sector from security where name is not null")
    assert {name for name, _ in stored} <= set(told)
    assert len(stored) > len(names) // 3
