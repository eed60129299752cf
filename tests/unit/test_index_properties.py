"""The two roads agree on markets drawn at random, and what must not matter does not."""

from __future__ import annotations

import math
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index.build import build_block, make_block
from engine.index.market import state_at
from engine.index.reference import Reference
from engine.index.reference_findings import ReferenceFindings
from engine.index.rules import Rules
from tests.markets import SmallMarket, member_rows, random_market

SEEDS = st.integers(0, 1_000_000)
RULES = st.builds(
    Rules,
    size=st.integers(2, 5),
    buffer=st.sampled_from([0, 0, 1]),
    rebalance=st.sampled_from(["daily", "daily", "weekly", "monthly"]),
    cap_band=st.sampled_from([2.0, 2.0, 0.0, 3.0]),
    weighting=st.sampled_from(["equal", "cap"]),
    sectors=st.sampled_from([frozenset(), frozenset(), frozenset({"energy"}), frozenset({"energy", "technology"})]),
    exchanges=st.sampled_from([frozenset(), frozenset(), frozenset({"NYSE"}), frozenset({"NYSE", "NASDAQ"})]),
    base_date=st.sampled_from([None, None, date(2023, 12, 1), date(2024, 1, 6)]),
)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, rules=RULES)
def test_the_shipped_path_agrees_with_the_plain_reference(seed: int, rules: Rules) -> None:
    market = random_market(seed)
    outcome = market.build(rules)
    reference = Reference(market.raw(), market.calendar().sessions, rules).run()
    rows = outcome.sessions.rows(named=True)
    assert [row["session"] for row in rows] == [one.session for one in reference]
    members = member_rows(outcome)
    for row, one in zip(rows, reference, strict=True):
        for name in ("level_pr", "level_tr", "return_pr", "return_tr", "turnover"):
            expected = getattr(one, name)
            same = expected if expected is None else pytest.approx(expected, rel=1e-12, abs=1e-14)
            assert row[name] == same, (row["session"], name)
        assert row["priced"] == one.priced
        found = sorted(members.get(row["session"], []), key=lambda member: (member[1], member[0]))
        assert [member[:2] for member in found] == [member[:2] for member in one.members]
        assert [member[2:4] for member in found] == [pytest.approx(member[2:4]) for member in one.members]
        assert [member[4] for member in found] == [member[4] for member in one.members]
    changes = outcome.changes.select("session", "kind", "ticker", "rank_before", "rank_after").sort(
        "session", "kind", "ticker"
    )
    assert changes.rows() == [(one.session, *change) for one in reference for change in one.changes]
    moved = outcome.changes.select("session", "kind", "ticker", "turnover").sort("session", "kind", "ticker").rows()
    assert moved == [_near(one.session, *change) for one in reference for change in one.moved]
    parts = outcome.contributions.select("session", "ticker", "weight", "weight_tr", "return_pr", "return_tr")
    expected = [_near(one.session, *part) for one in reference for part in sorted(one.parts)]
    assert parts.sort("session", "ticker", "weight").rows() == expected


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, rules=RULES)
def test_findings_agree_with_the_plain_reference(seed: int, rules: Rules) -> None:
    market = random_market(seed)
    reference = ReferenceFindings(market.raw(), market.calendar().sessions, rules)
    reference.run()
    expected = {row[:4]: _near(*row[4:]) for row in [*reference.findings, *reference.without_cap()]}
    assert {row[:4]: row[4:] for row in market.build(rules).findings.rows()} == expected


def _near(*values: object) -> tuple[object, ...]:
    """A row to compare with: numbers but for their last bits."""
    return tuple(pytest.approx(one, rel=1e-12, abs=1e-13) if isinstance(one, float) else one for one in values)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, rules=RULES, cut=st.integers(20, 109))
def test_the_future_changes_nothing_in_the_past(seed: int, rules: Rules, cut: int) -> None:
    market = random_market(seed)
    last = market.sessions[cut - 1]
    known = SmallMarket(market.sessions[:cut], **_until(market, last))
    whole, part = market.build(rules), known.build(rules)
    past = whole.sessions.filter(pl.col("session") <= last)
    assert past.equals(part.sessions)
    assert whole.constituents.filter(pl.col("session") <= last).equals(part.constituents)
    for name in ("changes", "contributions"):
        assert getattr(whole, name).filter(pl.col("session") <= last).equals(getattr(part, name)), name


def _until(market: SmallMarket, last: date) -> dict[str, list[tuple[object, ...]]]:
    names = ("prices", "caps", "splits", "dividends", "shares", "accepted", "finals")
    dated = {name: [row for row in getattr(market, name) if row[0] <= last] for name in names}
    return {**dated, "securities": market.securities, "renames": market.renames}  # who is who is not the future


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, rules=RULES)
def test_weights_sum_to_one_and_levels_chain(seed: int, rules: Rules) -> None:
    outcome = random_market(seed).build(rules)
    level, decided = rules.base_level, outcome.constituents.filter(pl.col("member"))
    for row in outcome.sessions.iter_rows(named=True):
        level *= 1 + (row["return_pr"] or 0.0)
        assert row["level_pr"] == pytest.approx(level, rel=1e-12)
        weights = decided.filter(pl.col("session") == row["session"])
        if weights.height:
            assert math.fsum(weights["weight"]) == pytest.approx(1.0, abs=1e-12)
            assert math.fsum(weights["weight_tr"]) == pytest.approx(1.0, abs=1e-12)
        assert weights.height == row["members"] <= rules.size
        assert row["turnover"] is None or -1e-15 <= row["turnover"] <= 1 + 1e-12


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, rules=RULES)
def test_contributions_sum_to_the_return_of_their_session_exactly(seed: int, rules: Rules) -> None:
    outcome = random_market(seed).build(rules)
    for row in outcome.sessions.slice(1).iter_rows(named=True):
        parts = outcome.contributions.filter(pl.col("session") == row["session"])
        assert math.fsum(parts["contribution_pr"]) == row["return_pr"]
        assert math.fsum(parts["contribution_tr"]) == row["return_tr"]
        held = parts.filter(pl.col("weight") > 0)
        assert held.height <= row["held"]
        assert math.fsum(held["weight"]) == pytest.approx(1.0 if held.height else 0.0, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, rules=RULES)
def test_a_name_that_never_ranks_changes_nothing(seed: int, rules: Rules) -> None:
    market = random_market(seed)
    before = market.build(rules)
    market.prices += [(day, "ZZZ", 1.0, 1.0) for day in market.sessions]
    market.caps += [(day, "ZZZ", 0.001) for day in market.sessions]
    after = market.build(rules)
    columns = ("session", "level_pr", "level_tr", "return_pr", "turnover")
    if set(after.constituents.filter(pl.col("member"))["ticker"]) & {"ZZZ"}:
        return
    # With fewer companies than places the index begins when the first is eligible: compare from there on.
    joined = before.sessions.select(columns).join(after.sessions.select(columns), on="session")
    assert joined.height == before.sessions.height
    assert joined["level_pr"].to_list() == joined["level_pr_right"].to_list()
    assert joined["turnover"].to_list() == joined["turnover_right"].to_list()


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, rules=RULES, start=st.integers(70, 105))
def test_a_block_that_goes_on_from_a_state_gives_the_same_rows(seed: int, rules: Rules, start: int) -> None:
    market = random_market(seed)
    calendar = market.calendar()
    whole = market.build(rules)
    earlier = build_block(market.raw(last=market.sessions[start - 1]), calendar, 0, start, rules)
    state_row = 2  # at least a trading window before the session that is gone on from
    first = market.sessions[state_row]
    block = make_block(market.raw(last=first), calendar, 0, state_row + 1, rules, None)
    state = state_at(block.grid, block.market, calendar, state_row)
    index_state = earlier.index_state
    if index_state is None or calendar.number(index_state.session) < state_row + 63:
        return
    raw = market.raw(first=market.sessions[state_row + 1])
    later = build_block(raw, calendar, state_row + 1, len(market.sessions), rules, state, index_state)
    after = pl.col("session") > index_state.session
    for name in ("sessions", "constituents", "changes", "contributions", "findings", "states"):
        assert getattr(whole, name).filter(after).equals(getattr(later, name).filter(after)), name
