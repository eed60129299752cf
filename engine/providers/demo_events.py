"""What happens in the demo market, and when: the fixed points that tests and the documentation refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

DEMO_SEED: Final = 20_260_630
DEMO_FIRST_SESSION: Final = date(2021, 7, 1)
DEMO_LAST_SESSION: Final = date(2026, 6, 30)
DEMO_BENCHMARK: Final = "DEMO-CAP"
"""Symbol of a cap-weighted price index of the whole demo market."""


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """One special event of the demo market.

    Attributes:
        session: The session it happens on, the first one of several.
        last: The last session concerned; the same as ``session`` for a single one.
        tickers: Tickers concerned; none for the whole market.
        detail: One sentence.
    """

    session: date
    last: date
    tickers: tuple[str, ...]
    detail: str


DEMO_EVENTS: Final[dict[str, DemoEvent]] = {
    "share-classes": DemoEvent(
        DEMO_FIRST_SESSION,
        DEMO_LAST_SESSION,
        ("FLGA", "FLGB"),
        "Two lines of one issuer, each with the cap of the whole company; the first trades far more.",
    ),
    "halt": DemoEvent(date(2022, 3, 14), date(2022, 3, 16), ("RMLX",), "A member does not trade for three sessions."),
    "bad-cap": DemoEvent(
        date(2022, 9, 12),
        date(2022, 9, 27),
        ("GLYF",),
        "The published cap of a company far below the cut is 24 times too large for twelve sessions.",
    ),
    "missing-session": DemoEvent(
        date(2023, 2, 8), date(2023, 2, 8), (), "The exchange traded, but no row of that session exists."
    ),
    "delisting": DemoEvent(date(2023, 10, 20), date(2023, 10, 20), ("UPLQ",), "A member trades for the last time."),
    "ipo": DemoEvent(
        date(2024, 5, 16),
        date(2024, 5, 16),
        ("CRBL",),
        "A company large enough for the index trades for the first time.",
    ),
    "reverse-split": DemoEvent(
        date(2024, 9, 3),
        date(2024, 9, 3),
        ("KRSN",),
        "A member turns eight shares into one, on an ex-dividend date.",
    ),
    "tie": DemoEvent(
        date(2024, 12, 18),
        date(2024, 12, 18),
        ("FCLQ", "LDGX"),
        "Two companies have the same cap and there is one place left: the first has it, by symbol.",
    ),
    "rename": DemoEvent(
        date(2025, 1, 21),
        date(2025, 1, 21),
        ("YODG", "YODL"),
        "A member trades under a new ticker from this session on.",
    ),
}
"""The special events by kind, in order of time."""

BAD_CAP_FACTOR: Final = 24

DEMO_SPLITS: Final[tuple[tuple[date, str, float], ...]] = (
    (date(2021, 11, 15), "AVLQ", 4.0),
    (date(2023, 8, 21), "KQSI", 3.0),
    (date(2024, 6, 10), "GRNQ", 10.0),
    (DEMO_EVENTS["reverse-split"].session, DEMO_EVENTS["reverse-split"].tickers[0], 0.125),
    (date(2025, 3, 17), "HXLN", 1.5),
    (date(2025, 8, 18), "HLQT", 5.0),
    (date(2026, 1, 12), "NTCH", 2.0),
)
"""Every split: session, ticker, new shares per old share."""

REGIMES: Final[tuple[tuple[date, date, float, float], ...]] = (
    (date(2022, 1, 4), date(2022, 10, 12), -0.0011, 1.5),
    (date(2025, 3, 24), date(2025, 4, 8), -0.0095, 2.5),
    (date(2025, 4, 9), date(2025, 6, 20), 0.0022, 1.4),
)
"""Slump, crash and recovery: first and last session, mean daily return, multiple of the usual deviation."""
