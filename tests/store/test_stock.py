"""One company through time, checked against the views of all companies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.facade import Engine, open_engine
from engine.settings import Settings
from engine.views.stock import closes_on_basis, price_returns
from tests.markets import SmallMarket, sessions_from
from tests.store.engines import built, stored, three_names

DAYS = sessions_from(date(2024, 1, 2), 4)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(Settings(data_dir=tmp_path_factory.mktemp("demo"), provider="demo"))
    engine.load_demo()
    return engine


def test_rank_and_cap_are_those_of_the_composition(demo: Engine) -> None:
    sessions = demo.performance().sessions
    for session in (sessions[700], sessions[-1]):
        view = demo.composition(session)
        for row in (*view.rows[::12], *view.outside[::4]):
            found = {one.session: one for one in demo.stock(row.ticker).rows}
            if not row.stale:
                of_company = found[session]
                known = (of_company.rank, of_company.market_cap_usd, of_company.close, of_company.cap_source)
                assert known == (row.rank, row.market_cap_usd, row.close, row.cap_source), row.ticker
                assert of_company.member is (row.since is not None)


def test_price_returns_are_those_of_the_composition_across_splits(demo: Engine) -> None:
    splits = stored(
        demo,
        "select c.session, c.ticker from constituent c join split x on x.ticker = c.ticker and x.session = c.session"
        " where c.return_pr is not null order by c.session, c.ticker",
    )
    assert len(splits) >= 4
    for session, ticker in splits[:4]:
        (row,) = (row for row in demo.composition(session).rows if row.ticker == ticker)
        found = price_returns(demo.stock(ticker), session)
        assert found[session] == pytest.approx(row.return_pr, rel=1e-12, abs=1e-15), (ticker, session)


def test_price_returns_of_a_company_are_those_of_the_index_on_every_session(demo: Engine) -> None:
    (ticker,) = stored(demo, "select ticker from constituent where member and rank = 50 order by session desc limit 1")[
        0
    ]
    kept = stored(
        demo,
        f"select session, return_pr from constituent where ticker = '{ticker}' and stale = 0 and return_pr is not null",
    )
    assert len(kept) > 100
    found = price_returns(demo.stock(ticker), date.max)
    assert [found[session] for session, _ in kept] == pytest.approx(
        [gained for _, gained in kept], rel=1e-12, abs=1e-15
    )


def test_a_ticker_that_is_not_there_is_named_as_it_was_typed(demo: Engine) -> None:
    with pytest.raises(DataError, match=r"^\.\./x has no prices in the store\.$"):
        demo.stock(" ../x ")


def test_changes_of_a_company_are_those_of_the_list_and_bound_its_spells(demo: Engine) -> None:
    sessions, whole = demo.performance().sessions, demo.changes().rows
    for ticker in sorted({row.ticker for row in whole})[::6]:
        view = demo.stock(ticker)
        assert set(view.changes) >= {row for row in whole if row.ticker == ticker}
        assert set(view.changes) <= set(whole)
        began = [first for first, _ in view.spells if first != sessions[0]]
        ended = [last for _, last in view.spells if last is not None]
        added = [row.session for row in view.changes if row.kind == "added"]
        removed = [sessions[sessions.index(row.session) - 1] for row in view.changes if row.kind == "removed"]
        assert (began, ended) == (added, removed), ticker


def test_closes_are_put_on_the_basis_of_the_session_that_is_asked_for(tmp_path: Path) -> None:
    # 4 for 1 on day 2: 100, 104 are 25, 26 of today's shares, then 26.65, 26
    market = SmallMarket(DAYS, splits=[(DAYS[2], "AA", 4.0)])
    market.prices += [(day, "AA", close, None) for day, close in zip(DAYS, (100.0, 104.0, 26.65, 26.0), strict=True)]
    market.caps += [(day, "AA", 1000.0) for day in DAYS]
    view = built(tmp_path, market, index_size=1).stock("AA")
    assert list(closes_on_basis(view, DAYS[3]).values()) == [25.0, 26.0, 26.65, 26.0]
    assert list(closes_on_basis(view, DAYS[1]).values()) == [100.0, 104.0]
    found = price_returns(view, DAYS[3])
    assert list(found) == list(DAYS[1:])
    assert list(found.values()) == pytest.approx([0.04, 0.025, 26 / 26.65 - 1])


def test_the_other_lines_of_a_company_are_those_of_its_issuer_at_the_session(tmp_path: Path) -> None:
    # AA and CC are Alpha's, CC from day 1 on; DD is of another issuer and BB of none
    market = SmallMarket(DAYS)
    market.prices = [(day, name, 10.0, 5.0) for day in DAYS for name in ("AA", "BB", "DD")]
    market.prices += [(day, "CC", 10.0, 4.0) for day in DAYS[1:]]
    market.caps = [(day, name, 1000.0 - place) for day in DAYS for place, name in enumerate(("AA", "BB", "CC", "DD"))]
    market.securities = [("AA", "NYSE", "Alpha"), ("CC", "NYSE", "Alpha"), ("DD", "NYSE", "Delta")]
    engine = built(tmp_path, market, index_size=2)
    assert [engine.stock(name).lines for name in ("AA", "BB", "CC", "DD")] == [("CC",), (), ("AA",), ()]
    assert engine.stock("AA", end=DAYS[0]).lines == ()
    assert "CC" not in {row.ticker for row in (*engine.composition().rows, *engine.composition().outside)}


def test_a_split_while_trading_is_halted_is_undone_too(tmp_path: Path) -> None:
    market = SmallMarket(DAYS, splits=[(DAYS[2], "AA", 2.0)])
    market.prices += [(DAYS[0], "AA", 50.0, None), (DAYS[1], "AA", 50.0, None), (DAYS[3], "AA", 27.5, None)]
    market.caps += [(DAYS[0], "AA", 1000.0)]
    market.prices += [(day, "BB", 10.0, None) for day in DAYS]
    market.caps += [(day, "BB", 900.0) for day in DAYS]
    view = built(tmp_path, market, index_size=1).stock("AA")
    assert closes_on_basis(view, DAYS[3]) == {DAYS[0]: 25.0, DAYS[1]: 25.0, DAYS[3]: 27.5}
    assert price_returns(view, DAYS[3])[DAYS[3]] == pytest.approx(0.1)


def test_changes_up_to_a_session_are_those_that_were_known_then(tmp_path: Path) -> None:
    engine = built(tmp_path, three_names(), index_size=2)
    assert [(row.kind, row.rank_before, row.rank_after) for row in engine.stock("CC").changes] == [("added", 3, 2)]
    assert engine.stock("CC", end=engine.performance().sessions[0]).changes == ()
