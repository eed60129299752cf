"""Findings are told once for each run, with what they did to the index."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from engine.domain.findings import SEVERITIES
from engine.facade import Engine, open_engine
from engine.settings import Settings
from engine.views.quality import Decision, Finding
from tests.markets import SmallMarket, random_market, sessions_from
from tests.real_market import market_folder
from tests.store.engines import built, stored

DAYS = sessions_from(date(2024, 1, 2), 12)


def flat(caps: dict[str, float], **wrong: dict[int, float]) -> SmallMarket:
    """Prices of 10 and caps that stay, but for some on some days."""
    market = SmallMarket(DAYS)
    for number, day in enumerate(DAYS):
        market.prices += [(day, ticker, 10.0, None) for ticker in caps]
        market.caps += [(day, ticker, wrong.get(ticker, {}).get(number, cap)) for ticker, cap in caps.items()]
    return market


def found(engine: Engine, kind: str) -> list[Finding]:
    return [one for one in engine.coverage().findings if one.kind == kind]


def where(one: Finding) -> tuple[str, date | None, date | None, int]:
    return one.ticker, one.first, one.last, one.sessions


def test_a_cap_held_back_says_what_it_did(tmp_path: Path) -> None:
    """Two places: AA 1,000 and BB 500 are members, CC 400 is not, and DD 50 is far from it.

    BB's 100 would have put it behind CC on three sessions, CC's 4,000 would have put it first on two; AA's 5,000 is
    first as well; DD's 200 is four times 50, and still last.
    """
    market = flat(
        {"AA": 1000.0, "BB": 500.0, "CC": 400.0, "DD": 50.0},
        BB={4: 100.0, 5: 100.0, 6: 100.0},
        CC={4: 4000.0, 5: 4000.0},
        AA={7: 5000.0},
        DD={8: 200.0},
    )
    engine = built(tmp_path, market, index_size=2)
    told = [(*where(one), one.severity, one.effect) for one in found(engine, "quarantined-cap")]
    assert told == [
        ("BB", DAYS[4], DAYS[6], 3, "high", "kept it in the index on 3 of 3 sessions"),
        ("CC", DAYS[4], DAYS[5], 2, "high", "kept it out of the index on 2 of 2 sessions"),
        ("AA", DAYS[7], DAYS[7], 1, "medium", "a member on 1 session either way"),
        ("DD", DAYS[8], DAYS[8], 1, "low", "none: too small for the index either way"),
    ]
    first = found(engine, "quarantined-cap")[0]
    assert first.detail == "0.2 times the carried cap: 100 USD given; 500 USD used instead"
    assert first.remedy == "accept-cap"


def test_what_a_finding_names_can_be_decided(tmp_path: Path) -> None:
    engine = built(tmp_path, flat({"AA": 1000.0, "BB": 500.0, "CC": 400.0}, CC={4: 4000.0, 5: 4000.0}), index_size=2)
    (held_back,) = found(engine, "quarantined-cap")
    assert engine.decide(Decision("accept-cap", held_back.ticker, held_back.first)).changed


def test_sessions_without_any_price_are_one_finding(tmp_path: Path) -> None:
    market = flat({"AA": 1000.0, "BB": 500.0})
    market.prices = [row for row in market.prices if row[0] not in (*DAYS[3:5], DAYS[8])]
    engine = built(tmp_path, market, index_size=2)
    told = [(one.first, one.last, one.sessions, one.detail, one.severity) for one in found(engine, "missing-session")]
    assert told == [
        (DAYS[8], DAYS[8], 1, "no prices for 1 session", "high"),
        (DAYS[3], DAYS[4], 2, "no prices for 2 sessions", "high"),
    ]


def test_a_stock_without_a_cap_that_is_a_member_next_was_kept_out(tmp_path: Path) -> None:
    market = flat({"AA": 1000.0, "BB": 500.0, "CC": 400.0})
    market.caps = [row for row in market.caps if row[1] == "AA" or row[0] > DAYS[5]]
    engine = built(tmp_path, market, index_size=2)
    told = [(*where(one), one.severity, one.effect) for one in found(engine, "no-cap")]
    assert told == [
        ("BB", DAYS[0], DAYS[5], 6, "high", "kept out of the index: a member right before or after"),
        ("CC", DAYS[0], DAYS[5], 6, "low", "not eligible; no member before or after it"),
    ]


def test_prices_that_stop_and_jump_are_told_by_whether_they_were_held(tmp_path: Path) -> None:
    """BB is held and CC is not. Both have no price on day 3 and gain half on day 5; 20 names make a day complete."""
    names = {f"M{number:02}": 2000.0 for number in range(19)}
    market = flat({**names, "BB": 500.0, "CC": 400.0})
    market.prices = [
        (day, ticker, 15.0 if ticker in ("BB", "CC") and day >= DAYS[5] else close, None)
        for day, ticker, close, _ in market.prices
        if ticker not in ("BB", "CC") or day != DAYS[3]
    ]
    market.caps = [
        (day, ticker, cap * 1.5 if ticker in ("BB", "CC") and day >= DAYS[5] else cap)
        for day, ticker, cap in market.caps
    ]
    engine = built(tmp_path, market, index_size=20)
    told = [(one.kind, one.ticker, one.first, one.severity, one.effect) for one in engine.coverage().findings]
    assert told == [
        ("jump", "BB", DAYS[5], "medium", "its return counts in the index"),
        ("stale-price", "BB", DAYS[3], "medium", "held on 1 session: its price return was 0"),
        ("jump", "CC", DAYS[5], "low", "none: not held"),
        ("stale-price", "CC", DAYS[3], "low", "none: not held"),
    ]
    details = {one.kind: one.detail for one in engine.coverage().findings}
    assert details == {
        "jump": "price return +50.0% without a split on record; taken as it is",
        "stale-price": "no price on 1 session; its close of 10.00 USD carried",
    }


def test_a_member_that_is_gone_names_its_last_price_and_the_remedy(tmp_path: Path) -> None:
    names = {f"M{number:02}": 2000.0 for number in range(19)}
    market = flat({**names, "BB": 500.0, "CC": 400.0})
    market.prices = [row for row in market.prices if row[1] != "BB" or row[0] < DAYS[3]]
    engine = built(tmp_path, market, index_size=20)
    (ended,) = found(engine, "ended")
    assert (ended.ticker, ended.first, ended.last, ended.sessions) == ("BB", DAYS[3], DAYS[8], 6)
    assert ended.detail == "no price for 6 sessions; gone at 10.00 USD, its last one"
    assert (ended.severity, ended.effect) == ("medium", "it left the index at its last price")
    assert engine.decide(Decision(ended.remedy, "BB", ended.first, price=0.0)).changed


def test_events_that_fit_nothing_are_one_finding_a_ticker(tmp_path: Path) -> None:
    market = flat({"AA": 1000.0, "BB": 500.0})
    market.dividends = [(day, "ZZ", 0.1) for day in DAYS[2:9:3]] + [(DAYS[4], "YY", 0.1), (DAYS[4], "AA", 0.1)]
    market.splits = [(DAYS[6], "ZZ", 2.0)]
    engine = built(tmp_path, market, index_size=2)
    told = [(one.kind, *where(one), one.detail) for one in engine.coverage().findings]
    ending = "on days when nothing traded under the ticker"
    assert told == [
        ("unmatched-split", "ZZ", DAYS[6], DAYS[6], 1, f"1 split {ending}"),
        ("unmatched-dividend", "YY", DAYS[4], DAYS[4], 1, f"1 dividend {ending}"),
        ("unmatched-dividend", "ZZ", DAYS[2], DAYS[8], 3, f"3 dividends {ending}"),
    ]


def test_a_rename_and_a_decision_that_fit_nothing_say_which(tmp_path: Path) -> None:
    market = flat({"AA": 1000.0, "BB": 500.0})
    market.renames = [(DAYS[2], "AA", "AX")]
    market.accepted = [(DAYS[4], "CC")]
    engine = built(tmp_path, market, index_size=2)
    rename, decision = (found(engine, kind)[0] for kind in ("unmatched-rename", "unmatched-decision"))
    assert (rename.ticker, rename.first, rename.last) == ("AA", DAYS[2], DAYS[2])
    assert rename.detail.endswith(f"(to AX, {DAYS[2]})")
    assert (decision.ticker, decision.first) == ("CC", DAYS[4])
    assert decision.detail.endswith("(accepted cap)")


def test_caps_and_shares_of_tickers_without_a_price_are_told(tmp_path: Path) -> None:
    market = flat({"AA": 1000.0, "BB": 500.0})
    market.prices = [row for row in market.prices if row[1] != "BB" or row[0] <= DAYS[2]]
    market.caps += [(day, "QQ", 7.0) for day in DAYS[3:5]]
    market.shares = [(date(2023, 12, 30), "QQ", 5.0), (DAYS[1], "AA", 100.0)]
    engine = built(tmp_path, market, index_size=1)
    told = [(*where(one), one.detail) for one in found(engine, "unknown-ticker")]
    # BB's last price is of Thursday 4 January: what is dated up to eight days later may still be about it
    assert told == [
        ("BB", DAYS[9], DAYS[11], 3, "3 market caps without a price at that time"),
        ("QQ", date(2023, 12, 30), DAYS[4], 3, "2 market caps and 1 report of shares without a price at that time"),
    ]


def test_a_security_that_can_never_be_a_member_says_why(tmp_path: Path) -> None:
    market = flat({"AA": 1000.0, "BB": 500.0})
    market.securities = [("AA", "OTC", None), ("BB", "NYSE", None)]
    engine = built(tmp_path, market, index_size=1)
    (one,) = found(engine, "not-eligible")
    assert (one.ticker, one.first, one.last, one.severity) == ("AA", DAYS[0], DAYS[-1], "low")
    assert one.detail == "listed on OTC, not on NYSE, Nasdaq or NYSE American"
    assert one.effect == "never a member"


@pytest.mark.parametrize("seed", [1, 7, 12])
def test_runs_are_those_of_a_plain_count(tmp_path: Path, seed: int) -> None:
    engine = built(tmp_path, random_market(seed, sessions=120), index_size=4)
    runs = defaultdict(list)
    for kind, ticker, since, day, effect in stored(engine, "select kind, ticker, since, session, effect from finding"):
        if kind in ("quarantined-cap", "cap-step", "band-expired", "stale-price", "jump"):
            runs[kind, ticker, since].append((day, effect))
    plain = {
        (kind, ticker, min(rows)[0], max(rows)[0], len(rows), any(effect for _, effect in rows))
        for (kind, ticker, _), rows in runs.items()
    }
    kinds = {kind for kind, *_ in plain}
    told = {
        (one.kind, *where(one), not one.effect.startswith("none"))
        for one in engine.coverage().findings
        if one.kind in kinds
    }
    assert {"quarantined-cap", "stale-price"} <= kinds
    assert told == plain


def test_the_most_severe_come_first_and_of_these_those_that_began_last(tmp_path: Path) -> None:
    engine = built(tmp_path, random_market(7, sessions=120), index_size=4)
    keys = [
        (SEVERITIES.index(one.severity), -(one.first or date.min).toordinal()) for one in engine.coverage().findings
    ]
    assert len({severity for severity, _ in keys}) == 3
    assert keys == sorted(keys)


def test_what_is_stored_is_counted_before_the_first_build(tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("date,ticker,close\n2024-01-02,AA,10\n2024-01-03,AA,11\n2024-01-03,BB,0\n", encoding="utf-8")
    engine = open_engine(Settings(data_dir=tmp_path / "store"))
    engine.import_files([prices])
    view = engine.coverage()
    rows = {row.kind: (row.rows, row.tickers, row.first, row.last) for row in view.rows}
    assert rows["prices"] == (2, 1, date(2024, 1, 2), date(2024, 1, 3))
    assert rows["accepted-caps"] == (0, 0, None, None)
    assert [(one.kind, one.ticker) for one in view.findings] == [("refused-row", "BB")]
    assert [(row.source, row.rows_new) for row in view.sources] == [("import", 2)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The real market with caps as they were published, wrong ones included."""
    clean = market_folder()
    wrong = clean.parent / "market-as-published" / "market_caps.parquet"
    if not wrong.is_file():
        pytest.skip("no market caps as published")
    engine = open_engine(Settings(data_dir=tmp_path_factory.mktemp("published")))
    files = [path for path in sorted(clean.iterdir()) if path.name not in ("market_caps.parquet", "fx.csv")]
    engine.import_files([*files, wrong])
    engine.build()
    return engine


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "ticker", "first", "last", "sessions"),
    [
        ("quarantined-cap", "AMGN", date(2021, 9, 9), date(2021, 9, 15), 5),
        ("quarantined-cap", "HON", date(2023, 12, 5), date(2023, 12, 5), 1),
        ("quarantined-cap", "WFC", date(2023, 8, 3), date(2023, 10, 31), 63),
        ("quarantined-cap", "GEN", date(2022, 11, 21), date(2023, 2, 8), 54),
        ("quarantined-cap", "EIX", date(2022, 12, 1), date(2023, 2, 1), 42),
        ("no-cap", "BRK-B", date(2021, 1, 29), date(2022, 9, 8), 406),
        ("quarantined-cap", "NVDA", date(2023, 12, 5), date(2023, 12, 5), 1),
    ],
)
def test_known_wrong_caps_are_listed(
    published: Engine, kind: str, ticker: str, first: date, last: date, sessions: int
) -> None:
    told = [(one.first, one.last, one.sessions) for one in found(published, kind) if one.ticker == ticker]
    assert (first, last, sessions) in told


@pytest.mark.parametrize(("silent", "told"), [(63, []), (64, [("", 64)])])
def test_dividends_that_end_long_before_the_prices_are_told(
    tmp_path: Path, silent: int, told: list[tuple[str, int]]
) -> None:
    sessions = sessions_from(date(2024, 1, 2), 5 + silent)
    market = SmallMarket(sessions)
    market.prices = [(day, "AA", 10.0, None) for day in sessions]
    market.caps = [(day, "AA", 100.0) for day in sessions]
    market.dividends = [(sessions[4], "AA", 0.1)]
    ends = found(built(tmp_path, market, index_size=1), "dividends-end")
    assert [(one.ticker, one.sessions) for one in ends] == told
    assert all((one.first, one.last) == (sessions[5], sessions[-1]) for one in ends)
    assert all(one.severity == "high" for one in ends)
