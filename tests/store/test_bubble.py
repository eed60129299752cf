"""The places around the cut."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.markets import SmallMarket, sessions_from
from tests.store.engines import built

DAYS = sessions_from(date(2024, 1, 2), 4)
NAMES = "ABCDEFGHIJKLMNOPQRST"


def ranked(caps: dict[str, tuple[float, ...]] | None = None, names: str = NAMES) -> SmallMarket:
    """A the largest; ``caps`` are those of the names that move."""
    market = SmallMarket(DAYS)
    for number, ticker in enumerate(names):
        own = (caps or {}).get(ticker, (1000.0 - 20 * number,) * len(DAYS))
        market.prices += [(day, ticker, 10.0, None) for day in DAYS]
        market.caps += [(day, ticker, cap) for day, cap in zip(DAYS, own, strict=True)]
    return market


def test_the_bubble_is_so_many_ranks_on_both_sides_of_the_cut(tmp_path: Path) -> None:
    view = built(tmp_path, ranked(), index_size=8).bubble(width=2)
    # A 1000, then 20 less for each rank: rank 8 has 860
    assert view.cut_cap_usd == 860.0
    assert [(row.rank, row.ticker, row.member) for row in view.rows] == [
        (6, "F", True), (7, "G", True), (8, "H", True), (9, "I", False), (10, "J", False),
    ]  # fmt: skip
    assert [row.distance_usd for row in view.rows] == [40.0, 20.0, 0.0, -20.0, -40.0]
    assert [row.distance for row in view.rows] == pytest.approx([40 / 860, 20 / 860, 0, -20 / 860, -40 / 860])
    assert [(row.since, row.days) for row in view.rows] == [(DAYS[0], 4)] * 3 + [(None, 0)] * 2
    assert [row.rank_before for row in view.rows] == [6, 7, 8, 9, 10]


def test_a_buffer_leaves_a_company_inside_the_cut_out_and_a_member_below_it_in(tmp_path: Path) -> None:
    # I, 840, overtakes H, 860, on the last day; H stays while it is within two ranks of the cut
    market = ranked({"I": (840.0, 840.0, 840.0, 870.0)})
    view = built(tmp_path, market, index_size=8, buffer=2).bubble(width=2)
    assert [(row.rank, row.ticker, row.member) for row in view.rows][2:4] == [(8, "I", False), (9, "H", True)]
    assert view.cut_cap_usd == 870.0
    assert view.rows[3].distance_usd == -10.0
    assert (view.rows[2].rank_before, view.rows[3].rank_before) == (9, 8)


def test_members_ranked_below_the_bubble_are_listed_after_it(tmp_path: Path) -> None:
    market = ranked({"B": (980.0, 980.0, 980.0, 700.0)})
    engine = built(tmp_path, market, index_size=4, rebalance="monthly")
    view = engine.bubble(width=1)
    # B is 15th by cap (O, 720, is the last before it) until the month ends
    assert [(row.rank, row.ticker, row.member) for row in view.rows] == [
        (3, "D", True), (4, "E", False), (5, "F", False), (15, "B", True),
    ]  # fmt: skip


def test_the_bubble_starts_with_the_first_rank_and_reaches_no_further_than_is_kept(tmp_path: Path) -> None:
    view = built(tmp_path, ranked(), index_size=3).bubble(width=50)
    assert [row.rank for row in view.rows] == list(range(1, 14))


def test_with_fewer_companies_than_places_nobody_is_near_the_cut(tmp_path: Path) -> None:
    view = built(tmp_path, ranked(names="ABC"), index_size=4).bubble()
    assert (view.cut_cap_usd, view.rows) == (0.0, ())


def test_equal_weights_are_as_concentrated_as_there_are_members(tmp_path: Path) -> None:
    assert built(tmp_path, ranked(), index_size=8).composition().effective == pytest.approx(8)


def test_drifted_weights_are_as_concentrated_as_fewer(tmp_path: Path) -> None:
    market = ranked(names="AB")
    market.prices = [(day, ticker, 30.0 if ticker == "A" and day > DAYS[0] else 10.0, None)
                     for day, ticker, *_ in market.prices]  # fmt: skip
    view = built(tmp_path, market, index_size=2, rebalance="monthly").composition()
    # A trebles: weights 3/4 and 1/4, and 1 / (9/16 + 1/16) = 1.6
    assert view.effective == pytest.approx(1.6)
