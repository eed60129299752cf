"""Series that vendors file among the benchmarks though they are rates."""

from __future__ import annotations

from typing import Final

RATES: Final = ("^IRX",)
"""Yields in percent: nothing is ever compared with one as if it were a price."""
