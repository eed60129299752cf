"""Figures of what an index holds and trades."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from engine.metrics.registry import SESSIONS_A_YEAR
from engine.metrics.sample import mean


def annualised_turnover(turnover: Sequence[float]) -> float | None:
    """Mean one-way turnover of a session × 252; None without a session."""
    return mean(turnover) * SESSIONS_A_YEAR if turnover else None


def effective_constituents(weights: Sequence[float]) -> float | None:
    """How many equal weights would be as concentrated: 1 / sum of squared weights; None without weights."""
    squares = fsum([weight**2 for weight in weights])
    return 1 / squares if squares else None
