"""What a person decides about the data ends in the index that the same facts would have given from the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.decisions import DECISIONS
from engine.domain.findings import FINDINGS
from engine.errors import DataError, NoData
from engine.facade import Engine, open_engine
from engine.frames.schemas import RAW_SCHEMAS
from engine.frames.synonyms import KINDS
from engine.settings import Settings
from engine.views.quality import Decision
from tests.markets import SmallMarket, sessions_from
from tests.store.engines import built, stored

DAYS = sessions_from(date(2024, 1, 2), 20)
TABLES = ("index_session", "constituent", "index_change", "contribution", "listing_spell", "market_state", "finding")

ACCEPT = Decision("accept-cap", "CC", DAYS[8])
FINAL = Decision("final-price", "BB", DAYS[12], price=2.5)
RENAME = Decision("rename", "DD", DAYS[10], text="DDX")
ISSUER = Decision("issuer", "CC", text="Alpha Holding")
ALL = (ACCEPT, FINAL, RENAME, ISSUER)


def market() -> SmallMarket:
    """Two places. CC's cap jumps tenfold on day 8; BB's last price is of day 10; DD is DDX from day 10 on."""
    found = SmallMarket(DAYS)
    for number, day in enumerate(DAYS):
        lines = {"AA": 900.0, "CC": 300.0 if number < 8 else 3000.0, "EE": 100.0}
        lines |= {"BB": 500.0} if number <= 10 else {}
        lines |= {"DD" if number < 10 else "DDX": 400.0}
        found.prices += [(day, ticker, 10.0 + 0.1 * number, 1000.0) for ticker in lines]
        found.caps += [(day, ticker, cap) for ticker, cap in lines.items()]
    found.securities = [(ticker, "NYSE", None) for ticker in ("AA", "BB", "CC", "DDX", "EE")]
    return found


def facts(issuer: str | None = None) -> pl.DataFrame:
    """What is known of each line; AA is of Alpha Holding, CC of the issuer given."""
    issuers = {"AA": "Alpha Holding", "CC": issuer}
    tickers = ("AA", "BB", "CC", "DDX", "EE")
    rows = [(ticker, ticker, None, None, "NYSE", issuers.get(ticker), None, None) for ticker in tickers]
    return pl.DataFrame(rows, schema=RAW_SCHEMAS["security"].columns, orient="row")


def tables(engine: Engine) -> dict[str, list[str]]:
    return {table: sorted(map(repr, stored(engine, f"select * from {table}"))) for table in TABLES}


def with_it(decision: Decision) -> tuple[SmallMarket, pl.DataFrame]:
    """The market that had the decision among its data from the start."""
    found = market()
    key = (decision.session, decision.ticker)
    if decision.kind == "accept-cap":
        found.accepted = [key]
    elif decision.kind == "final-price":
        found.finals = [(*key, decision.price)]
    elif decision.kind == "rename":
        found.renames = [(*key, decision.text)]
    return found, facts(decision.text if decision.kind == "issuer" else None)


def members(engine: Engine, day: date) -> list[str]:
    return [row.ticker for row in engine.composition(day).rows]


@pytest.mark.parametrize("decision", ALL, ids=lambda one: one.kind)
def test_a_decision_gives_the_index_that_the_fact_would_have_given(tmp_path: Path, decision: Decision) -> None:
    engine = built(tmp_path / "decided", market(), facts(), index_size=2)
    before = tables(engine)
    report = engine.decide(decision)
    engine.build()
    fresh = built(tmp_path / "fresh", *with_it(decision), index_size=2)
    assert report.changed
    assert tables(engine) == tables(fresh)
    assert tables(engine) != before


@pytest.mark.parametrize("decision", ALL, ids=lambda one: one.kind)
def test_a_decision_that_is_withdrawn_leaves_nothing(tmp_path: Path, decision: Decision) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    before = tables(engine)
    engine.decide(decision)
    engine.build()
    report = engine.withdraw(decision)
    assert report.changed
    assert report.text.startswith("Withdrawn: ")
    engine.build()
    assert tables(engine) == before
    assert engine.coverage().decisions == ()
    with pytest.raises(DataError, match="There is no"):
        engine.withdraw(decision)


@pytest.mark.parametrize("decision", ALL, ids=lambda one: one.kind)
def test_deciding_twice_decides_once(tmp_path: Path, decision: Decision) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    first = engine.decide(decision)
    again = engine.decide(decision)
    assert (first.changed, again.changed, again.earliest) == (True, False, None)
    assert again.text == f"{first.text} It was so already."
    assert engine.coverage().decisions == (decision,)


def test_an_accepted_cap_counts_from_its_session_on(tmp_path: Path) -> None:
    """CC's 3,000 is ten times the carried 300 x 10.8 / 10.7: held back on day 8 until it is accepted."""
    engine = built(tmp_path, market(), facts(), index_size=2)
    assert members(engine, DAYS[8]) == ["AA", "BB"]
    report = engine.decide(ACCEPT)
    assert report.earliest == DAYS[8]
    assert report.text == f"The market cap given for CC at {DAYS[8]} is accepted."
    assert engine.build().sessions_built == 12
    assert members(engine, DAYS[7]) == ["AA", "BB"]
    assert [members(engine, day) for day in DAYS[8:]] == [["CC", "AA"]] * 12


def test_a_final_price_is_the_last_return_of_its_stock(tmp_path: Path) -> None:
    """BB closed at 11.00 on day 10, is carried on day 11 and ends at 2.50: 2.5 / 11 - 1 on day 12, held at 1/2."""
    engine = built(tmp_path, market(), facts(), index_size=2)
    engine.decide(FINAL)
    engine.build()
    own = stored(engine, f"select return_pr, weight from contribution where ticker = 'BB' and session = '{DAYS[12]}'")
    assert own == [(pytest.approx(2.5 / 11.0 - 1, rel=1e-13), 0.5)]
    assert "BB" not in members(engine, DAYS[12])


def test_a_decision_is_no_source_of_the_market(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    engine.decide(ACCEPT)
    engine.build()
    assert engine.status().source == "import"
    assert [(row.source, row.batches, row.rows_new) for row in engine.coverage().sources] == [
        ("decision", 1, 1),
        ("import", 1, sum(frame.height for frame in market().frames().values())),
    ]


def test_decisions_are_listed_the_latest_first(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    for decision in ALL:
        engine.decide(decision)
    assert engine.coverage().decisions == (FINAL, RENAME, ACCEPT, ISSUER)


def test_another_price_or_name_takes_the_place_of_the_first(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    for decision in (FINAL, replace(FINAL, price=0.0), ISSUER, replace(ISSUER, text="Beta")):
        assert engine.decide(decision).changed
    assert engine.coverage().decisions == (replace(FINAL, price=0.0), replace(ISSUER, text="Beta"))


def test_the_issuer_of_a_ticker_that_nothing_is_known_of_is_forgotten_whole(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts().filter(pl.col("ticker") != "EE"), index_size=2)
    engine.decide(Decision("issuer", "EE", text="Echo"))
    assert stored(engine, "select name, issuer from security where ticker = 'EE'") == [("EE", "Echo")]
    engine.withdraw(Decision("issuer", "EE", text="Echo"))
    assert stored(engine, "select * from security where ticker = 'EE'") == []


def test_an_issuer_keeps_what_else_is_known(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts().with_columns(name=pl.lit("Charlie"), sector=pl.lit("Energy")))
    engine.decide(ISSUER)
    engine.withdraw(ISSUER)
    row = "select name, sector, exchange, issuer from security where ticker = 'CC'"
    assert stored(engine, row) == [("Charlie", "Energy", "NYSE", None)]


def test_an_imported_rename_is_no_decision(tmp_path: Path) -> None:
    engine = built(tmp_path, *with_it(RENAME), index_size=2)
    assert not engine.decide(RENAME).changed
    assert engine.coverage().decisions == ()
    with pytest.raises(DataError, match=r"There is no rename of DD at 2024-01-17\."):
        engine.withdraw(RENAME)


def test_tickers_are_read_as_an_import_reads_them(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    assert engine.decide(replace(ACCEPT, ticker=" cc ")).changed
    assert engine.withdraw(replace(ACCEPT, ticker="cc")).changed


BAD: dict[str, tuple[Decision, str, str]] = {
    "a kind that there is not": (Decision("guess", "AA"), "There is no decision called 'guess'.", "one of accept-cap"),
    "no session": (replace(ACCEPT, session=None), "This accepted cap is not whole.", "give its session"),
    "no price": (replace(FINAL, price=None), "This final price is not whole.", "give its price"),
    "no cap": (
        replace(ACCEPT, ticker="BB", session=DAYS[11]),
        f"BB has no given market cap at {DAYS[11]}.",
        "none of its caps was held back",
    ),
    "a cap near one that was held back": (
        replace(ACCEPT, session=date(2024, 3, 1)),
        "CC has no given market cap at 2024-03-01.",
        f"the nearest one that was held back is of {DAYS[19]}",
    ),
    "a cap that was not held back": (
        replace(ACCEPT, session=DAYS[5]),
        f"The market cap given for CC at {DAYS[5]} was not held back, nor is it a step.",
        f"the nearest one that was held back is of {DAYS[8]}",
    ),
    "a final price of a stock that trades on": (
        replace(FINAL, ticker="AA", session=DAYS[5]),
        f"AA trades on after {DAYS[5]}: its next price is of {DAYS[6]}.",
        "a final price ends a stock",
    ),
    "a rename to a ticker without a price": (
        replace(RENAME, text="ZZ"),
        f"ZZ has no price around {DAYS[10]}, so that the rename joins nothing: it has none after.",
        "give the first session of the new ticker",
    ),
    "a rename long after the old ticker": (
        replace(RENAME, session=DAYS[18]),
        f"DD has no price around {DAYS[18]}, so that the rename joins nothing: its last price before is of {DAYS[9]}.",
        "give the first session of the new ticker",
    ),
    "a holiday": (
        replace(FINAL, session=date(2024, 1, 15)),
        "This final price cannot be taken: not an NYSE session (weekend or holiday).",
        "the sessions around it are 2024-01-12 and 2024-01-16",
    ),
    "a negative price": (replace(FINAL, price=-1.0), "This final price cannot be taken: final price is negative.", ""),
    "an infinite price": (
        replace(FINAL, price=float("inf")),
        "This final price cannot be taken: final price is not finite.",
        "",
    ),
    "no number": (replace(FINAL, price=float("nan")), "This final price cannot be taken: no final price.", ""),
    "long after its last price": (
        replace(FINAL, session=DAYS[17]),
        f"BB is not listed at {DAYS[17]}.",
        f"its last price before is of {DAYS[10]}: give a session from {DAYS[10]} to {DAYS[16]}",
    ),
    "before its first price": (
        replace(FINAL, session=date(2023, 12, 29)),
        "BB is not listed at 2023-12-29.",
        f"its first price is of {DAYS[0]}",
    ),
    "a final price of nothing": (replace(FINAL, ticker="ZZ"), "ZZ has no price in the store.", "check the ticker"),
    "an issuer of nothing": (replace(ISSUER, ticker="ZZ"), "ZZ has no price in the store.", "check the ticker"),
    "a rename of nothing": (
        replace(RENAME, ticker="YY", text="ZZ"),
        "Neither YY nor ZZ has a price.",
        "check the tickers",
    ),
    "a rename to itself": (
        replace(RENAME, text="dd"),
        "This rename cannot be taken: old and new ticker are the same.",
        "flatcap decide rename --help",
    ),
}


@pytest.fixture(scope="module")
def market_store(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return built(tmp_path_factory.mktemp("store"), market(), facts(), index_size=2)


@pytest.mark.parametrize(("decision", "message", "hint"), BAD.values(), ids=BAD.keys())
def test_a_decision_that_fits_nothing_says_what_would(
    market_store: Engine, decision: Decision, message: str, hint: str
) -> None:
    version = market_store.data_version()
    with pytest.raises(DataError) as caught:
        market_store.decide(decision)
    assert caught.value.message == message
    assert caught.value.hint.startswith(hint)
    assert market_store.data_version() == version


def test_an_old_ticker_has_the_issuer_of_what_it_became(tmp_path: Path) -> None:
    engine = built(tmp_path, *with_it(RENAME), index_size=2)
    with pytest.raises(DataError, match="DD has what is known of DDX") as caught:
        engine.decide(Decision("issuer", "DD", text="Delta"))
    assert caught.value.hint == "decide about DDX"


def test_the_last_session_in_reach_is_one_that_a_build_takes(tmp_path: Path) -> None:
    """Day 16 is six sessions after BB's last price, the first on which it would be gone: a build takes it still."""
    engine = built(tmp_path, market(), facts(), index_size=2)
    engine.decide(replace(FINAL, session=DAYS[16]))
    engine.build()
    assert not [one for one in engine.coverage().findings if one.kind == "unmatched-decision"]
    assert members(engine, DAYS[15]) != members(engine, DAYS[16])


def test_a_decision_without_data_says_so(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path))
    with pytest.raises(NoData):
        engine.decide(ACCEPT)
    assert not list(tmp_path.iterdir())


def test_the_demo_market_can_be_decided_about(tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path))
    engine.load_demo()
    row = engine.composition().rows[0]
    assert engine.decide(Decision("issuer", row.ticker, text="Somebody")).changed
    engine.build()
    assert engine.status().synthetic


def by_file(folder: Path, name: str, text: str) -> Callable[[Engine], Any]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return lambda engine: engine.import_files([path])


def test_files_decide_as_well(tmp_path: Path) -> None:
    decided = built(tmp_path / "decided", market(), facts(), index_size=2)
    imported = built(tmp_path / "imported", market(), facts(), index_size=2)
    for decision in (ACCEPT, FINAL):
        decided.decide(decision)
    take = by_file(tmp_path, "accepted.csv", f"date,ticker,accepted\n{DAYS[8]},CC,yes\n{DAYS[9]},CC,no\n")
    give = by_file(tmp_path, "final.csv", f"date,ticker,final_price\n{DAYS[12]},BB,2.5\n")
    reports = [read(imported).files[0] for read in (take, give)]
    assert [(one.kind, one.rows_new, one.rows_refused) for one in reports] == [
        ("accepted-caps", 1, 1),
        ("final-prices", 1, 0),
    ]
    assert [(one.reason, one.rows) for one in reports[0].refused] == [("accepted is not yes, true or 1", 1)]
    for engine in (decided, imported):
        engine.build()
    assert tables(imported) == tables(decided)
    assert imported.coverage().decisions == decided.coverage().decisions


def test_a_rename_further_on_counts_from_the_first_price_of_the_first_ticker(tmp_path: Path) -> None:
    """Nothing is known of D1 and D2; D3 is of no exchange that counts, and so are they once they are known to be it."""
    found = SmallMarket(DAYS, renames=[(DAYS[5], "D1", "D2")], securities=[("D3", "OTC", None)])
    for number, day in enumerate(DAYS):
        ticker = "D1" if number < 5 else "D2" if number < 10 else "D3"
        found.prices += [(day, name, 10.0, None) for name in ("AA", ticker)]
        found.caps += [(day, name, 100.0) for name in ("AA", ticker)]
    late = Decision("rename", "D2", DAYS[10], text="D3")
    engine = built(tmp_path / "late", found, index_size=2)
    assert engine.decide(late).earliest == DAYS[0]
    engine.build()
    found.renames.append((DAYS[10], "D2", "D3"))
    assert tables(engine) == tables(built(tmp_path / "fresh", found, index_size=2))
    assert members(engine, DAYS[0]) == ["AA"]


def test_every_kind_can_be_imported_and_every_remedy_is_a_kind() -> None:
    assert {kind.imported_as for kind in DECISIONS.values()} <= set(KINDS)
    assert {kind.remedy for kind in FINDINGS.values() if kind.remedy} <= set(DECISIONS)


def test_a_rename_that_is_announced_needs_no_price_of_the_new_ticker_yet(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    assert engine.decide(Decision("rename", "EE", DAYS[19] + timedelta(days=3), text="EEX")).changed


@pytest.mark.parametrize(("decision", "value"), [(FINAL, {"price": 9.0}), (ISSUER, {"text": "Beta"})])
def test_a_value_that_was_not_decided_withdraws_nothing(
    tmp_path: Path, decision: Decision, value: dict[str, Any]
) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    engine.decide(decision)
    with pytest.raises(DataError, match="That is not what was decided"):
        engine.withdraw(replace(decision, **value))
    without = replace(decision, price=None, text="")
    assert engine.withdraw(without).text.startswith("Withdrawn: ")
    assert engine.coverage().decisions == ()


def test_the_header_says_that_the_index_is_older_than_the_data_or_the_settings(tmp_path: Path) -> None:
    engine = built(tmp_path, market(), facts(), index_size=2)
    assert engine.status().outdated == engine.performance().status.outdated == ""
    engine.decide(FINAL)
    assert engine.status().outdated == engine.coverage().status.outdated == "data"  # type: ignore[union-attr]
    engine.build()
    assert engine.status().outdated == ""
    other = open_engine(replace(engine.settings, index_size=3))
    assert other.composition().status.outdated == "settings"
    cheaper = open_engine(replace(engine.settings, cost_bps=5.0, cache_mb=0))
    assert cheaper.status().outdated == ""
