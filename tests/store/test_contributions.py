"""Contributions: by hand, by a second and plain computation, and through everything that happens to a listing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from math import fsum, prod
from pathlib import Path

import polars as pl
import pytest

from engine.errors import NoData, SettingsError
from engine.facade import Engine
from engine.frames.schemas import RAW_SCHEMAS
from engine.store.database import Database
from engine.views.analysis import ContributionRow, ContributionView
from tests.markets import SmallMarket, random_market, sessions_from
from tests.store.engines import DAYS, built, exactly, stored, three_names


@pytest.fixture
def by_hand(tmp_path: Path) -> Engine:
    return built(tmp_path, three_names(), index_size=2)


def by_ticker(view: ContributionView) -> dict[str, ContributionRow]:
    return {row.ticker: row for row in view.rows}


def securities(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    """Rows of security: ticker, name, sector."""
    schema = RAW_SCHEMAS["security"].columns
    padded = [(*row, *[None] * (len(schema) - 3)) for row in rows]
    return pl.DataFrame(padded, schema=schema, orient="row")


# -- by hand


def test_contributions_are_linked_by_the_level_of_the_session_before(by_hand: Engine) -> None:
    view = by_hand.contributions()
    # day 1: AA 1/2 x +10 % = +5 %, BB 1/2 x -5 % = -2.5 %      R = +2.5 %, level 1000 -> 1025
    # day 2: AA 1/2 x -10 % = -5 %, CC 1/2 x +5 % = +2.5 %      R = -2.5 %, level 1025 -> 999.375
    # linked: AA .05 - .05 x 1.025 = -.00125; BB -.025; CC .025 x 1.025 = .025625; together -.000625
    assert [(row.ticker, row.sessions) for row in view.rows] == [("CC", 1), ("AA", 2), ("BB", 1)]
    assert [row.contribution for row in view.rows] == exactly([0.025625, -0.00125, -0.025])
    assert view.index_return == exactly(999.375 / 1000 - 1)
    assert (view.first, view.last, view.sessions, view.series) == (DAYS[0], DAYS[2], 2, "PR")


def test_weights_are_means_over_the_period_and_returns_are_those_while_held(by_hand: Engine) -> None:
    rows = by_ticker(by_hand.contributions())
    assert {ticker: row.weight for ticker, row in rows.items()} == pytest.approx({"AA": 0.5, "BB": 0.25, "CC": 0.25})
    # AA 9.90 / 10 - 1 over both days; BB only day 1, CC only day 2
    own = {ticker: row.return_own for ticker, row in rows.items()}
    assert own == exactly({"AA": -0.01, "BB": -0.05, "CC": 0.05})


def test_the_counterpart_weighs_the_same_members_by_the_cap_of_the_session_before(by_hand: Engine) -> None:
    view = by_hand.contributions()
    # day 1: caps of day 0, 600 and 400: AA .6 x 10 % = 6 %, BB .4 x -5 % = -2 %           R = +4 %, level 1.04
    # day 2: caps of day 1, 750 and 250: AA .75 x -10 % = -7.5 %, CC .25 x 5 % = 1.25 %    R = -6.25 %
    # linked: AA .06 - .075 x 1.04 = -.018; BB -.02; CC .0125 x 1.04 = .013; together 1.04 x .9375 - 1 = -.025
    rows = by_ticker(view)
    added = {ticker: row.cap_contribution for ticker, row in rows.items()}
    assert added == exactly({"AA": -0.018, "BB": -0.02, "CC": 0.013})
    assert view.cap_weight_return == exactly(-0.025)
    weights = {ticker: row.cap_weight for ticker, row in rows.items()}
    assert weights == exactly({"AA": 0.675, "BB": 0.2, "CC": 0.125})


def test_the_total_return_takes_dividends_in(by_hand: Engine) -> None:
    view = by_hand.contributions(series="TR")
    # day 2: CC (6.30 + .30) / 6 - 1 = 10 %, so 5 % of the index x 1.025 = .05125; AA as before; level 1025 -> 1025
    # by cap: CC .25 x 10 % x 1.04 = .026, so 1.04 x (1 - .075 + .025) - 1 = -.012
    rows = by_ticker(view)
    assert rows["CC"].contribution == exactly(0.05125)
    assert rows["CC"].return_own == exactly(0.1)
    assert rows["CC"].cap_contribution == exactly(0.026)
    assert (view.index_return, view.cap_weight_return) == exactly((0.025, -0.012))


def test_one_session_is_a_period(by_hand: Engine) -> None:
    view = by_hand.contributions(DAYS[2], DAYS[2])
    assert (view.first, view.last, view.sessions) == (DAYS[1], DAYS[2], 1)
    assert {row.ticker: row.contribution for row in view.rows} == exactly({"AA": -0.05, "CC": 0.025})
    assert view.index_return == exactly(-0.025)


def test_sectors_sum_what_their_members_did(tmp_path: Path) -> None:
    facts = securities(("AA", "Alpha", "Energy"), ("CC", "Gamma", "Energy"), ("BB", "Beta", None))
    view = built(tmp_path, three_names(), facts, index_size=2).contributions()
    assert [one.sector for one in view.sectors] == ["Energy", "Unknown"]
    energy, unknown = view.sectors
    assert (energy.members, unknown.members) == (1.5, 0.5)
    assert (energy.weight, unknown.weight) == exactly((0.75, 0.25))
    assert (energy.contribution, unknown.contribution) == exactly((0.024375, -0.025))
    assert (energy.cap_contribution, unknown.cap_contribution) == exactly((-0.005, -0.02))
    assert (energy.cap_weight, unknown.cap_weight) == exactly((0.8, 0.2))
    assert [(row.name, row.sector) for row in view.rows] == [("Gamma", "Energy"), ("Alpha", "Energy"), ("Beta", "")]


# -- where a period starts


def test_a_period_starts_from_the_close_before_its_first_session(by_hand: Engine) -> None:
    assert by_hand.contributions(DAYS[1]).first == DAYS[0]
    assert by_hand.contributions(DAYS[1]).rows == by_hand.contributions().rows


def test_a_start_before_the_history_is_its_first_session(by_hand: Engine) -> None:
    early = by_hand.contributions(DAYS[0] - timedelta(days=400))
    assert (early.first, early.sessions) == (DAYS[0], 2)


@pytest.mark.parametrize(("start", "end"), [(DAYS[0], DAYS[0]), (DAYS[2] + timedelta(days=1), None)])
def test_a_period_without_a_return_has_no_rows(by_hand: Engine, start: date, end: date | None) -> None:
    view = by_hand.contributions(start, end)
    assert (view.sessions, view.rows, view.sectors) == (0, (), ())
    assert view.index_return is view.cap_weight_return is None
    assert view.first == view.last


def test_a_series_that_there_is_not_is_refused(by_hand: Engine) -> None:
    with pytest.raises(SettingsError, match="'XR' is not a return series"):
        by_hand.contributions(series="XR")


def test_an_index_of_an_older_version_asks_for_a_build(by_hand: Engine) -> None:
    def forget(table: str) -> None:
        write = Database(by_hand.settings.data_dir).write
        write(lambda session: session.connection.execute(f"delete from {table}").fetchall())

    forget("index_build")
    forget("contribution")
    with pytest.raises(NoData, match="older flatcap") as caught:
        by_hand.contributions()
    assert caught.value.hint == "build it again: flatcap build"


# -- a second computation, on markets with every accident


@dataclass
class Plain:
    """One listing, a session at a time: nothing but loops."""

    ticker: str = ""
    weights: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    linked: list[float] = field(default_factory=list)
    cap_weights: list[float] = field(default_factory=list)
    cap_linked: list[float] = field(default_factory=list)


def plain(engine: Engine, first: int, last: int, series: str) -> dict[int, Plain]:
    """Contributions from the close of session number ``first`` to that of ``last``, by listing."""
    sessions = stored(engine, f"select session, level_{series} from index_session order by session")
    held = defaultdict(list)
    for day, listing, ticker, weight, gain in stored(
        engine,
        f"""select session, listing_id, ticker, weight{"_tr" if series == "tr" else ""}, return_{series}
            from contribution where weight > 0 order by listing_id""",
    ):
        held[day].append((listing, ticker, weight, gain))
    caps = {row[:2]: row[2] for row in stored(engine, "select session, listing_id, market_cap_usd from constituent")}
    found: dict[int, Plain] = defaultdict(Plain)
    cap_level = 1.0
    for number in range(first + 1, last + 1):
        before, level = sessions[number - 1]
        rows = held[sessions[number][0]]
        total = fsum(caps[before, listing] or 0.0 for listing, *_ in rows)
        cap_return = []
        for listing, ticker, weight, gain in rows:
            one = found[listing]
            share = (caps[before, listing] or 0.0) / total if total else 0.0
            one.ticker = ticker
            one.weights.append(weight)
            one.returns.append(gain)
            one.linked.append(weight * gain * level / sessions[first][1])
            one.cap_weights.append(share)
            one.cap_linked.append(share * gain * cap_level)
            cap_return.append(share * gain)
        cap_level *= 1 + fsum(cap_return)
    return found


def agree(view: ContributionView, expected: dict[int, Plain]) -> None:
    def figures(row: ContributionRow) -> tuple[float, ...]:
        return (row.weight, row.return_own, row.contribution, row.cap_weight, row.cap_contribution)

    count = view.sessions
    plainly = [
        (one.ticker, len(one.weights), fsum(one.weights) / count, prod(1 + gain for gain in one.returns) - 1,
         fsum(one.linked), fsum(one.cap_weights) / count, fsum(one.cap_linked))
        for one in expected.values()
    ]  # fmt: skip
    found = sorted((row.ticker, row.sessions, *figures(row)) for row in view.rows)
    plainly.sort()
    assert [row[:2] for row in found] == [row[:2] for row in plainly]
    for row, other in zip(found, plainly, strict=True):
        assert row[2:] == pytest.approx(other[2:], rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(("seed", "rebalance"), [(1, "daily"), (3, "weekly"), (4, "monthly")])
def test_every_figure_agrees_with_a_plain_computation(tmp_path: Path, seed: int, rebalance: str) -> None:
    engine = built(tmp_path, random_market(seed), index_size=4, rebalance=rebalance)
    sessions = engine.performance().sessions
    spans = [(0, len(sessions) - 1), (7, 40), (len(sessions) - 2, len(sessions) - 1)]
    for (first, last), series in product(spans, ("pr", "tr")):
        view = engine.contributions(sessions[first + 1], sessions[last], series=series.upper())
        assert (view.first, view.last) == (sessions[first], sessions[last])
        agree(view, plain(engine, first, last, series))


@pytest.mark.parametrize("seed", range(3))
def test_contributions_sum_to_the_return_of_the_index_over_any_period(tmp_path: Path, seed: int) -> None:
    rebalance = ("daily", "weekly", "monthly")[seed]
    engine = built(tmp_path, random_market(seed), index_size=4, rebalance=rebalance)
    levels = engine.performance()
    for series, column in (("PR", levels.level_pr), ("TR", levels.level_tr)):
        for first in range(0, len(column) - 1, 19):
            view = engine.contributions(levels.sessions[first + 1], series=series)
            expected = column[-1] / column[first] - 1
            assert view.index_return == exactly(expected)
            assert fsum(row.contribution for row in view.rows) == pytest.approx(expected, rel=1e-12, abs=1e-13)
            assert fsum(one.contribution for one in view.sectors) == pytest.approx(expected, rel=1e-12, abs=1e-13)
            assert fsum(row.weight for row in view.rows) == pytest.approx(1.0, abs=1e-12)


# -- what happens to a listing


def steady(days: list[date], growth: dict[str, float], caps: dict[str, float]) -> SmallMarket:
    """Names that grow by the same fraction every day from a close of 10."""
    market = SmallMarket(days)
    for ticker, step in growth.items():
        market.prices += [(day, ticker, 10 * (1 + step) ** t, None) for t, day in enumerate(days)]
        market.caps += [(day, ticker, caps[ticker] * (1 + step) ** t) for t, day in enumerate(days)]
    return market


def test_a_rename_is_one_row_under_the_last_ticker(tmp_path: Path) -> None:
    days = sessions_from(date(2024, 1, 2), 5)
    market = steady(days, {"AA": 0.0, "BB": 0.1}, {"AA": 900.0, "BB": 500.0})
    for table in (market.prices, market.caps):
        table[:] = [(row[0], "NEW" if row[1] == "BB" and row[0] >= days[2] else row[1], *row[2:]) for row in table]
    market.renames.append((days[2], "BB", "NEW"))
    facts = securities(("AA", "Alpha", "Energy"), ("NEW", "Newname", "Utilities"))
    engine = built(tmp_path, market, facts, index_size=2)
    rows = by_ticker(engine.contributions())
    assert rows.keys() == {"AA", "NEW"}
    assert (rows["NEW"].name, rows["NEW"].sector, rows["NEW"].sessions) == ("Newname", "Utilities", 4)
    assert rows["NEW"].return_own == pytest.approx(1.1**4 - 1, rel=1e-12)
    # R is half of 10 % every day, so all of 1.05^4 - 1 is its own
    assert rows["NEW"].contribution == pytest.approx(1.05**4 - 1, rel=1e-12)
    early = by_ticker(engine.contributions(end=days[1]))
    assert (early["BB"].name, early["BB"].sector) == ("Newname", "Utilities")


def test_a_ticker_that_is_used_again_is_another_row(tmp_path: Path) -> None:
    days = sessions_from(date(2024, 1, 2), 12)
    market = steady(days, {"AA": 0.01, "BB": 0.0, "CC": 0.0}, {"AA": 900.0, "BB": 500.0, "CC": 100.0})
    market.prices = [row for row in market.prices if row[1] != "BB" or row[0] not in days[2:10]]
    market.caps = [row for row in market.caps if row[1] != "BB" or row[0] not in days[2:10]]
    view = built(tmp_path, market, index_size=2).contributions()
    assert [row.ticker for row in view.rows].count("BB") == 2


def test_a_member_that_leaves_and_comes_back_is_one_row(tmp_path: Path) -> None:
    days = sessions_from(date(2024, 1, 2), 6)
    market = steady(days, {"AA": 0.0, "BB": 0.1, "CC": 0.0}, {"AA": 900.0, "BB": 500.0, "CC": 100.0})
    smaller = {days[1]: 490.0, days[2]: 480.0}
    market.caps = [row if row[1] != "BB" else (row[0], "BB", smaller.get(row[0], 600.0)) for row in market.caps]
    market.caps = [row if row[1] != "CC" else (row[0], "CC", 495.0) for row in market.caps]
    view = built(tmp_path, market, index_size=2, cap_band=0.0).contributions()
    # BB is decided on day 0, not on days 1 and 2, and again from day 3 on: held into days 1, 4 and 5
    found = by_ticker(view)["BB"]
    assert found.sessions == 3
    assert found.return_own == pytest.approx(1.1**3 - 1, rel=1e-12)
    assert found.weight == pytest.approx(0.5 * 3 / 5)
    # the level stands still while it is out: .05 + 1.05 x .05 + 1.05^2 x .05 = 1.05^3 - 1
    assert found.contribution == pytest.approx(1.05**3 - 1, rel=1e-12)


def test_a_session_without_a_level_adds_to_the_next_one(tmp_path: Path) -> None:
    market = three_names()
    market.prices = [row for row in market.prices if row[0] != DAYS[1]]
    engine = built(tmp_path, market, index_size=2)
    view = engine.contributions()
    assert engine.performance().sessions == (DAYS[0], DAYS[2])
    # AA and BB are held over both days: 1/2 x -1 % and 1/2 x +4.5 %
    rows = {row.ticker: row.contribution for row in view.rows}
    assert rows == exactly({"AA": -0.005, "BB": 0.0225})
    assert view.sessions == 1


def test_between_rebalances_weights_drift(tmp_path: Path) -> None:
    days = sessions_from(date(2024, 1, 2), 3)
    market = steady(days, {"AA": 0.1, "BB": 0.0}, {"AA": 900.0, "BB": 500.0})
    view = built(tmp_path, market, index_size=2, rebalance="monthly").contributions()
    # units are held: 1/2 x 1.21 + 1/2 - 1 = 10.5 %, all of it AA's; its weight is 1/2, then .55 / 1.05 = 11/21
    found = by_ticker(view)["AA"]
    assert found.contribution == pytest.approx(0.105, rel=1e-12)
    assert found.weight == pytest.approx((1 / 2 + 11 / 21) / 2, rel=1e-12)


def test_a_member_without_a_cap_has_no_weight_by_cap(tmp_path: Path) -> None:
    days = sessions_from(date(2024, 1, 2), 15)
    market = steady(days, {"AA": 0.0, "BB": 0.01}, {"AA": 500.0, "BB": 500.0})
    market.caps = [row for row in market.caps if row[1] != "BB" or row[0] == days[0]]
    view = built(tmp_path, market, index_size=2, rebalance="monthly").contributions(days[8], days[12])
    found = by_ticker(view)["BB"]
    assert (found.cap_weight, found.cap_contribution, view.cap_weight_return) == (0.0, 0.0, 0.0)
    assert by_ticker(view)["AA"].cap_weight == 1.0
    assert found.contribution > 0
