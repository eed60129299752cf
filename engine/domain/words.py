"""Numbers of things in words, the same in every message."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number of things: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
