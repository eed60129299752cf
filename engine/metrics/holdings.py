"""Figures of what an index holds and trades."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Final

from engine.domain.fields import ANNUAL_TURNOVER, EFFECTIVE
from engine.metrics.registry import SESSIONS_A_YEAR, Registry
from engine.metrics.sample import mean

HOLDING_METRICS: Final = Registry()
"""Every figure of holdings and trades, in display order."""


@HOLDING_METRICS.metric(
    ANNUAL_TURNOVER,
    formula="mean of the one-way turnover T(t) × 252",
    source="half the sum of |target weight − drifted weight| over old and new members",
    undefined="no session with a turnover",
    fewest=0,
)
def annualised_turnover(turnover: Sequence[float]) -> float | None:
    """Mean one-way turnover of a session × 252; None without a session."""
    return mean(turnover) * SESSIONS_A_YEAR if turnover else None


@HOLDING_METRICS.metric(
    EFFECTIVE,
    formula="1 / sum of w²",
    source="inverse of the Herfindahl-Hirschman index",
    undefined="no weight",
    fewest=0,
)
def effective_constituents(weights: Sequence[float]) -> float | None:
    """How many equal weights would be as concentrated: 1 / sum of squared weights; None without weights."""
    squares = fsum([weight**2 for weight in weights])
    return 1 / squares if squares else None
