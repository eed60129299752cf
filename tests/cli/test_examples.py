"""Every verb has examples, and every example does what it says, as it stands in the help and in the README."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from engine.facade import Engine, open_engine
from engine.settings import Settings, demo_settings, load_settings
from tests import docs
from tests.fake_market import FakeMarket, fake_market
from tests.fake_vendor import Feed, feed_at
from tuiapp.cli.examples import EXAMPLES, Example
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

SIZES = {"REQUESTS_PER_SECOND": "0", "INDEX_SIZE": "8", "HISTORY_YEARS": "1", "MIN_CAP_USD": "0"}
NAMES = {"BAA": "AAPL", "BAB": "MSFT", "BAC": "BRK-B"}
"""Symbols of the made market, and what the examples call them."""

PRICES = "date,ticker,close\n2024-03-27,AAPL,170\n2024-03-28,AAPL,171\n"
CAPS = "date,ticker,market_cap\n2024-03-27,AAPL,2.6e12\n2024-03-28,AAPL,2.7e12\n"
WHOLE = [(verb, each) for verb, examples in EXAMPLES.items() for each in examples]
BOOK = "export"


@dataclass(frozen=True)
class Place:
    """A folder with files, a store of a fetched market and the demo market, and the feed behind them."""

    folder: Path
    feed: Feed

    def env(self, folder: Path) -> dict[str, str]:
        return {"FLATCAP_DATA_DIR": str(folder / "data"), **{f"FLATCAP_{name}": text for name, text in SIZES.items()}}

    def open(self, settings: Settings, **options: object) -> Engine:
        return open_engine(settings, clock=self.feed.clock, vendor=self.feed.vendor, **options)  # type: ignore[arg-type]

    def world(self, folder: Path) -> World:
        return World(
            environment=lambda: self.env(folder),
            interactive=lambda: False,
            open_engine=self.open,
            today=lambda: self.feed.now.date(),
        )


def renamed(market: FakeMarket) -> FakeMarket:
    """The market with symbols that readers know."""
    for table, frame in market.frames.items():
        texts = [name for name, kind in frame.schema.items() if kind == pl.String]
        market.put(table, frame.with_columns(pl.col(texts).replace(NAMES)))
    return market


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Made once, and copied for every example."""
    folder = tmp_path_factory.mktemp("place")
    market = renamed(fake_market(12, 90))
    found = Place(folder, feed_at(market.sessions[80], market))
    found.open(load_settings({}, found.env(folder))).update()
    found.open(demo_settings(Settings(folder / "data"))).load_demo()
    (folder / "my-data").mkdir()
    for name, text in {"prices.csv": PRICES, "market-caps.csv": CAPS}.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / "my-data" / name).write_text(text, encoding="utf-8")
    return found


@pytest.fixture
def here(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the place, in which a reader types."""
    folder = tmp_path / "here"
    shutil.copytree(place.folder, folder)
    monkeypatch.chdir(folder)
    return folder


def typed(example: Example) -> tuple[list[str], str]:
    """The arguments of the program, and to what file or program its output goes."""
    line, _, receiver = example.line.replace(" > ", " | ").partition(" | ")
    program, *argv = shlex.split(line)
    assert program == "flatcap"
    return argv, receiver


def test_every_verb_has_an_example_and_no_example_is_of_a_verb_that_there_is_not() -> None:
    verbs = {docs.verb_of(context) for context in docs.commands()}
    assert verbs == set(EXAMPLES)
    assert all(EXAMPLES.values())


@pytest.mark.parametrize(("verb", "example"), WHOLE, ids=[example.line for _, example in WHOLE])
def test_an_example_does_what_it_says(
    place: Place, here: Path, verb: str, example: Example, capsys: pytest.CaptureFixture[str]
) -> None:
    argv, receiver = typed(example)
    if verb == "restore":
        assert main(["backup", argv[-1]], place.world(here)) == 0
        capsys.readouterr()
    before = set(here.iterdir())
    assert main(argv, place.world(here)) == 0
    out, err = capsys.readouterr()
    assert out.strip()
    assert "flatcap: " not in err
    if "json" in argv or "json" in receiver:
        assert json.loads(out)
    if "jsonl" in argv:
        assert all(json.loads(line) for line in out.splitlines())
    if verb == BOOK:
        (written,) = set(here.iterdir()) - before
        assert out == f"{written}\n"


@pytest.mark.parametrize(("verb", "example"), WHOLE, ids=[example.line for _, example in WHOLE])
def test_an_example_is_of_the_verb_under_which_it_stands_and_fits_the_help(verb: str, example: Example) -> None:
    argv, _ = typed(example)
    words = [word for word in argv if word not in ("--provider", "demo")] if verb != "demo" else argv
    assert words[: len(verb.split())] == verb.split()
    assert len(example.line) <= 78
    assert len(example.says) <= 76
    assert f"{example.says}{example.line}".isascii()


def test_examples_say_dates_in_every_way() -> None:
    lines = " ".join(example.line for _, example in WHOLE)
    for way in ("ytd", "-1y", "-1m", "-2w", "-10d", "2025 ", "2025-01"):
        assert f" {way}" in f"{lines} ", way
