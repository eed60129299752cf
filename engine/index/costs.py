"""Levels after the cost of trading.

I_net(t) = I_net(t-1) (1 + R(t)) (1 - c x 2 x T(t))
"""

from __future__ import annotations

from collections.abc import Sequence

BASIS_POINT = 1e-4


def net_levels(
    base: float, returns: Sequence[float | None], turnover: Sequence[float | None], cost_bps: float
) -> tuple[float, ...]:
    """Levels net of cost, from the base level on.

    Args:
        base: Level of the first session.
        returns: Return of each session, None on the first.
        turnover: One-way turnover of each session as a fraction, None on the first.
        cost_bps: Cost per side in basis points; what is sold is bought again, so it counts twice.
    """
    level, levels = base, []
    for gained, traded in zip(returns, turnover, strict=True):
        level *= (1.0 + (gained or 0.0)) * (1.0 - cost_bps * BASIS_POINT * 2.0 * (traded or 0.0))
        levels.append(level)
    return tuple(levels)
