"""Each classic mistake of an index, planted into the shipped code on purpose: the suite has to notice it.

A test that cannot fail proves nothing. Here the tests that guard a rule are run while the rule is broken, and have to
fail; the same tests pass everywhere else in this suite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.index import build, chain, grid, market, shares
from engine.index.chain import Chain
from engine.index.grid import Grid
from engine.index.rules import Rules
from engine.metrics import performance, relative
from engine.metrics.sample import mean
from tests.unit import test_index_by_hand as by_hand
from tests.unit import test_index_properties as properties
from tests.unit import test_metrics as metrics

Patch = pytest.MonkeyPatch
Guard = Callable[[], None]
SEEDS = range(1, 5)


def two_roads() -> None:
    """The comparison with the plain reference on some random markets."""
    compare: Any = properties.test_the_shipped_path_agrees_with_the_plain_reference
    for seed in SEEDS:
        compare.hypothesis.inner_test(seed=seed, rules=Rules(size=3))


def no_look_ahead() -> None:
    """The comparison of some histories with the same ones cut short."""
    compare: Any = properties.test_the_future_changes_nothing_in_the_past
    for seed in SEEDS:
        compare.hypothesis.inner_test(seed=seed, rules=Rules(size=3), cut=60)


def metric_by_hand(key: str) -> Guard:
    return lambda: metrics.test_a_metric_of_four_returns_is_what_the_hand_computes(key)


# -- the mistakes


def todays_members_earn_todays_return(patch: Patch) -> None:
    def earn(self: Chain, row: int) -> None:
        if self.held.size:
            self.held = self.block.order[row, : min(self.block.rules.size, self.block.counts[row])]
            self.weight[:], self.weight_tr[:] = 0.0, 0.0
            self.weight[self.held] = self.weight_tr[self.held] = 1 / len(self.held)
        self.gross[self.held] *= self.growth[row, self.held]
        self.gross_tr[self.held] *= self.growth_tr[row, self.held]

    patch.setattr(Chain, "_earn", earn)


def splits_are_forgotten(patch: Patch) -> None:
    real = grid.make_grid
    patch.setattr(build, "make_grid", lambda *args: replace(real(*args), splits={}))


def dividends_are_forgotten(patch: Patch) -> None:
    real = grid.make_grid
    patch.setattr(build, "make_grid", lambda *args: replace(real(*args), dividends={}))


def dividends_are_in_the_price_return(patch: Patch) -> None:
    real = market._returns

    def returns(block: Grid, before: Any) -> Any:
        _, total = real(block, before)
        return total, total

    patch.setattr(market, "_returns", returns)


def prices_are_averaged(patch: Patch) -> None:
    """A level that is the mean price of the members weighs each by its price."""
    real = Chain._decide

    def decide(self: Chain, row: int, *returns: float) -> Any:
        found = real(self, row, *returns)
        members = found[0]
        prices = self.block.market.close[row, members]
        self.weight[members] = self.weight_tr[members] = prices / prices.sum()
        return found

    patch.setattr(Chain, "_decide", decide)


def companies_rank_by_price(patch: Patch) -> None:
    real = market.walk

    def walk(*args: Any) -> Any:
        found = real(*args)
        return replace(found, cap=np.where(np.isnan(found.cap), np.nan, found.close))

    patch.setattr(build, "walk", walk)


def weights_follow_market_caps(patch: Patch) -> None:
    real = Chain._decide

    def decide(self: Chain, row: int, *returns: float) -> Any:
        found = real(self, row, *returns)
        members = found[0]
        caps = np.nan_to_num(self.block.companies.cap[row, members], nan=1.0)
        self.weight[members] = self.weight_tr[members] = caps / caps.sum()
        return found

    patch.setattr(Chain, "_decide", decide)


def shares_of_today_are_used_for_the_past(patch: Patch) -> None:
    real = shares.shares_grid

    def latest(*args: Any) -> Any:
        found = real(*args)
        return None if found is None else np.broadcast_to(found[-1], found.shape).copy()

    patch.setattr(build, "shares_grid", latest)


def shares_are_carried_past_a_split(patch: Patch) -> None:
    real = shares._steps
    patch.setattr(
        shares, "_steps", lambda events, calendar: real([e for e in events if e[1] != shares.SPLIT], calendar)
    )


def caps_come_from_dividend_adjusted_closes(patch: Patch) -> None:
    real = market._Caps._from_shares

    def from_shares(self: Any, row: int, columns: Any) -> Any:
        factor = np.ones(self.close.shape[1])
        for session, (paid, amounts) in self.grid.dividends.items():
            if session > self.grid.start + row:
                factor[paid] *= 1 - amounts / self.close[session - self.grid.start, paid]
        return real(self, row, columns) * factor[columns]

    patch.setattr(market._Caps, "_from_shares", from_shares)


def returns_are_logarithms(patch: Patch) -> None:
    real = market._returns
    patch.setattr(market, "_returns", lambda *args: tuple(np.log1p(found) for found in real(*args)))


def the_weight_of_a_halted_member_goes_to_the_others(patch: Patch) -> None:
    real = Chain._publish

    def publish(self: Chain, row: int) -> Any:
        priced = self.held[self.block.market.priced[row, self.held]]
        kept = np.zeros(len(self.weight))
        kept[priced] = self.weight[priced]
        if kept.sum():
            self.weight = kept / kept.sum()
        return real(self, row)

    patch.setattr(Chain, "_publish", publish)


def a_reused_ticker_is_one_listing(patch: Patch) -> None:
    from engine.index import listings

    patch.setattr(listings, "REACH", 10_000)
    patch.setattr(listings, "MAX_STALE", 9_999)


def turnover_counts_both_sides(patch: Patch) -> None:
    real = chain._one_way
    patch.setattr(chain, "_one_way", lambda *args: 2 * real(*args))


def turnover_ignores_drift(patch: Patch) -> None:
    real = Chain._decide

    def decide(self: Chain, row: int, *returns: float) -> Any:
        before = self.weight.copy()
        members, _ = real(self, row, *returns)
        return members, before

    patch.setattr(Chain, "_decide", decide)


def a_place_for_each_share_class(patch: Patch) -> None:
    from engine.index import companies

    patch.setattr(companies, "_issuers", lambda tickers, facts: [-1] * len(tickers))


def the_band_is_off(patch: Patch) -> None:
    real = market.walk
    patch.setattr(build, "walk", lambda cells, known, band, *rest: real(cells, known, 0.0, *rest))


def the_deviation_is_that_of_a_population(patch: Patch) -> None:
    def deviation(values: Any) -> float:
        centre = mean(values)
        return math.sqrt(sum((value - centre) ** 2 for value in values) / len(values))

    patch.setattr(performance, "deviation", deviation)
    patch.setattr(relative, "deviation", deviation)


def drawdowns_have_no_anchor(patch: Patch) -> None:
    """Levels that begin after the first return cannot see that it was a fall."""

    def anchorless(returns: Any) -> list[float]:
        level, highest, falls = 1.0, 0.0, []
        for each in returns:
            level *= 1 + each
            highest = max(highest, level)
            falls.append(level / highest - 1)
        return falls

    patch.setattr(metrics, "drawdowns", anchorless)
    patch.setattr(performance, "drawdowns", anchorless)


def the_downside_counts_losing_days_only(patch: Patch) -> None:
    def downside(returns: Any, minimum: float = 0.0) -> float:
        losses = [each for each in returns if each < 0]
        return float((sum(each * each for each in losses) / len(losses)) ** 0.5 * performance.ROOT_YEAR)

    patch.setitem(performance.METRICS, "downside_deviation", _with(performance, "downside_deviation", downside))


def the_year_has_365_sessions(patch: Patch) -> None:
    patch.setattr(performance, "annual", lambda factor, sessions: factor ** (365 / sessions) - 1)


def _with(module: Any, key: str, measure: Any) -> Any:
    return replace(module.METRICS[key], measure=measure)


# -- which tests have to notice

MISTAKES: list[tuple[Callable[[Patch], None], list[Guard]]] = [
    (
        todays_members_earn_todays_return,
        [by_hand.test_members_are_decided_at_the_close_and_earn_from_the_next_session, two_roads],
    ),
    (
        splits_are_forgotten,
        [by_hand.test_a_split_changes_no_level_even_during_a_halt, two_roads],
    ),
    (
        dividends_are_forgotten,
        [by_hand.test_a_dividend_counts_on_its_ex_date_in_the_total_return_only, two_roads],
    ),
    (
        dividends_are_in_the_price_return,
        [by_hand.test_a_dividend_during_a_halt_still_counts, two_roads],
    ),
    (
        prices_are_averaged,
        [by_hand.test_members_are_decided_at_the_close_and_earn_from_the_next_session, two_roads],
    ),
    (
        companies_rank_by_price,
        [by_hand.test_members_are_decided_at_the_close_and_earn_from_the_next_session, two_roads],
    ),
    (
        weights_follow_market_caps,
        [by_hand.test_turnover_is_half_of_what_moves_between_drifted_and_target_weights, two_roads],
    ),
    (
        shares_of_today_are_used_for_the_past,
        [by_hand.test_shares_are_carried_forward_through_splits, two_roads, no_look_ahead],
    ),
    (
        shares_are_carried_past_a_split,
        [by_hand.test_shares_are_carried_forward_through_splits],
    ),
    (caps_come_from_dividend_adjusted_closes, [two_roads, no_look_ahead]),
    (
        returns_are_logarithms,
        [by_hand.test_members_are_decided_at_the_close_and_earn_from_the_next_session, two_roads],
    ),
    (
        the_weight_of_a_halted_member_goes_to_the_others,
        [by_hand.test_the_weight_of_a_halted_member_is_not_given_to_the_others, two_roads],
    ),
    (
        a_reused_ticker_is_one_listing,
        [by_hand.test_a_gap_of_six_sessions_ends_the_listing_and_no_return_crosses_it],
    ),
    (
        turnover_counts_both_sides,
        [by_hand.test_turnover_is_half_of_what_moves_between_drifted_and_target_weights],
    ),
    (
        turnover_ignores_drift,
        [by_hand.test_turnover_is_half_of_what_moves_between_drifted_and_target_weights],
    ),
    (
        a_place_for_each_share_class,
        [by_hand.test_a_company_takes_one_place_with_the_line_that_trades_more],
    ),
    (the_band_is_off, [by_hand.test_a_cap_out_of_the_band_is_quarantined_until_it_is_plausible_again]),
    (
        the_deviation_is_that_of_a_population,
        [
            metric_by_hand("volatility"),
            metric_by_hand("sharpe"),
            metrics.test_relative_metrics_of_three_returns_are_what_the_hand_computes,
        ],
    ),
    (drawdowns_have_no_anchor, [metrics.test_drawdowns_start_from_the_level_before_the_first_return]),
    (the_downside_counts_losing_days_only, [metric_by_hand("downside_deviation")]),
    (the_year_has_365_sessions, [metric_by_hand("cagr"), metric_by_hand("calmar")]),
]


@pytest.mark.parametrize(("plant", "guards"), MISTAKES, ids=[plant.__name__ for plant, _ in MISTAKES])
def test_the_suite_notices(plant: Callable[[Patch], None], guards: list[Guard]) -> None:
    for guard in guards:
        guard()
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        for guard in guards:
            with pytest.raises(AssertionError):
                guard()
