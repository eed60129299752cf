"""A metric of the last so many returns, after each return."""

from __future__ import annotations

from collections.abc import Sequence

from engine.metrics.performance import volatility


def rolling_volatility(returns: Sequence[float], window: int) -> list[float | None]:
    """Volatility of the last ``window`` returns; None before there are so many, and where they do not vary."""
    ends = range(window, len(returns) + 1)
    unknown: list[float | None] = [None] * min(window - 1, len(returns))
    return [*unknown, *(volatility(returns[end - window : end]) for end in ends)]
