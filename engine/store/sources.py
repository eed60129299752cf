"""Where stored rows come from. A module of its own: who reads them needs nothing of what writes them."""

from __future__ import annotations

from typing import Final

FETCHED: Final = "yahoo"
"""Source of the batches that are fetched: they change their own rows, never those that a person brought."""
