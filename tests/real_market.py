"""A folder of real data for checks beyond the tests' own markets; everything that needs it skips without it.

``MARKET_DATA`` names the folder; else one beside the checkout is used if it is there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "data" / "market"


def market_folder() -> Path:
    """The folder, or a skip."""
    folder = Path(os.environ.get("MARKET_DATA") or BESIDE)
    if not (folder / "prices.parquet").is_file():
        pytest.skip("no folder of real market data (MARKET_DATA)")
    return folder
