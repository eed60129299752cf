"""What a change did to the return of the next session, and what companies did between two dates."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from math import copysign, fsum
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.views.types import ChangeRow
from tests.markets import SmallMarket, sessions_from
from tests.store.engines import DAYS, built, exactly, stored, three_names


@pytest.fixture
def by_hand(tmp_path: Path) -> Engine:
    return built(tmp_path, three_names(), index_size=2)


def test_an_addition_did_what_it_contributed_and_a_deletion_what_it_would_have(by_hand: Engine) -> None:
    added, removed = by_hand.changes().rows
    assert [(row.session, row.kind, row.ticker) for row in (added, removed)] == [
        (DAYS[1], "added", "CC"),
        (DAYS[1], "removed", "BB"),
    ]
    # The next session: CC 6.30 / 6 - 1 = 5 %, with its dividend 10 %; BB 20.90 / 19 - 1 = 10 %, with its dividend 20 %.
    # Half of each: the swap lost 10 % - 5 % on half of the index, -2.5 % (-5 % in total return).
    assert added.effect_session == removed.effect_session == DAYS[2]
    assert (added.effect_pr, removed.effect_pr) == exactly((0.025, -0.05))
    assert (added.effect_tr, removed.effect_tr) == exactly((0.05, -0.10))


def test_changes_share_the_turnover_of_their_session(by_hand: Engine) -> None:
    added, removed = by_hand.changes().rows
    # Targets 1/2 each. AA has drifted to .55 / 1.025, BB to .475 / 1.025, and CC was not held: half of each difference
    assert (added.turnover, removed.turnover) == exactly((0.25, 0.475 / 1.025 / 2))
    rest = (0.55 / 1.025 - 0.5) / 2
    assert (added.turnover or 0) + (removed.turnover or 0) + rest == pytest.approx(by_hand.performance().turnover[1])


def test_a_change_of_the_last_session_has_no_effect_yet(tmp_path: Path) -> None:
    market = three_names()
    market.prices = [row for row in market.prices if row[0] < DAYS[2]]
    rows = built(tmp_path, market, index_size=2).changes().rows
    assert len(rows) == 2
    assert {(row.effect_session, row.effect_pr, row.effect_tr) for row in rows} == {(None, None, None)}
    assert all(row.turnover for row in rows)


def test_the_effect_stays_when_the_list_ends_with_the_change(by_hand: Engine) -> None:
    assert by_hand.changes(DAYS[1], DAYS[1]).rows == by_hand.changes().rows


def test_a_deletion_that_is_gone_has_no_effect(tmp_path: Path) -> None:
    days = sessions_from(date(2024, 1, 2), 10)
    market = SmallMarket(days)
    for ticker, cap in (("AA", 300.0), ("BB", 200.0), ("CC", 100.0)):
        market.prices += [(day, ticker, 10.0 + t, None) for t, day in enumerate(days) if ticker != "BB" or t < 2]
        market.caps += [(day, ticker, cap) for t, day in enumerate(days) if ticker != "BB" or t < 2]
    rows = built(tmp_path, market, index_size=2).changes().rows
    removed = next(row for row in rows if row.kind == "removed")
    assert (removed.ticker, removed.effect_session) == ("BB", days[8])
    assert (removed.effect_pr, removed.effect_tr) == (0.0, 0.0)
    assert copysign(1.0, removed.effect_pr or 0.0) == 1.0


def wandering(seed: int, sessions: int = 60, names: int = 14) -> tuple[SmallMarket, dict[tuple[date, str], float]]:
    """Names near each other in size, and their closes: every few days some change places around the cut."""
    draw = random.Random(seed)
    market, closes = SmallMarket(sessions_from(date(2023, 6, 1), sessions)), {}
    for number in range(names):
        close, ticker = draw.uniform(29, 31), f"W{number:02}"
        for day in market.sessions:
            close *= 1 + draw.gauss(0.001, 0.02)
            closes[day, ticker] = close
            market.prices.append((day, ticker, close, None))
            market.caps.append((day, ticker, close * 1e9))
    return market, closes


@pytest.mark.parametrize("seed", [1, 2])
def test_the_effects_of_a_session_sum_to_the_return_less_that_of_the_old_members(tmp_path: Path, seed: int) -> None:
    market, closes = wandering(seed)
    engine = built(tmp_path, market, index_size=7)
    by_session: dict[date, list[ChangeRow]] = defaultdict(list)
    for row in engine.changes().rows:
        by_session[row.session].append(row)
    members: dict[date, list[str]] = defaultdict(list)
    for day, ticker in stored(engine, "select session, ticker from constituent where member order by session, ticker"):
        members[day].append(ticker)
    returns = dict(zip(market.sessions, engine.performance().return_pr, strict=True))
    for day, rows in by_session.items():
        number = market.sessions.index(day)
        if number + 1 == len(market.sessions):
            continue
        after = market.sessions[number + 1]
        old = members[market.sessions[number - 1]]
        kept = fsum(closes[after, ticker] / closes[day, ticker] - 1 for ticker in old) / len(old)
        effect = fsum(row.effect_pr or 0.0 for row in rows)
        assert effect == pytest.approx((returns[after] or 0.0) - kept, abs=1e-14)
    assert len(by_session) > 10


def test_a_comparison_tells_what_a_company_contributed_in_between(by_hand: Engine) -> None:
    added, removed = by_hand.compare(DAYS[0], DAYS[2]).rows
    # linked as in a period: CC 2.5 % of day 2 x 1.025, BB -2.5 % of day 1
    assert (added.ticker, removed.ticker) == ("CC", "BB")
    assert (added.contribution, removed.contribution) == exactly((0.025625, -0.025))
    assert added.effect_pr is None
    assert added.turnover is None


def test_what_was_never_held_between_two_dates_contributed_nothing(by_hand: Engine) -> None:
    added, removed = by_hand.compare(DAYS[0], DAYS[1]).rows
    assert (added.ticker, added.contribution) == ("CC", 0.0)
    assert removed.contribution == exactly(-0.025)


def test_a_change_in_a_list_day_by_day_has_no_contribution(by_hand: Engine) -> None:
    assert {row.contribution for row in by_hand.changes().rows} == {None}
