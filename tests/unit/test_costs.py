"""Levels net of cost, by hand."""

from __future__ import annotations

import pytest

from engine.index.costs import net_levels


def test_what_is_traded_is_paid_on_both_sides() -> None:
    # 10 bp a side, half of the index traded one way: 0.001 x 2 x 0.5 = 0.1 % of the level
    assert net_levels(1000.0, (None, 0.05), (None, 0.5), 10.0) == pytest.approx((1000.0, 1050.0 * 0.999))


def test_without_cost_the_levels_are_the_gross_ones() -> None:
    assert net_levels(1000.0, (None, 0.05, -0.02), (None, 0.5, 0.1), 0.0) == pytest.approx((1000.0, 1050.0, 1029.0))
