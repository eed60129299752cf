"""Questions to a vendor, and what came back: the words that plan, provider and store share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

SCREEN: Final = "screen"
SECTORS: Final = "sectors"
PRICES: Final = "prices"
SHARES: Final = "shares"
PROFILE: Final = "profile"
BENCHMARK: Final = "benchmark"
FX: Final = "fx"
KINDS: Final = (SCREEN, SECTORS, PRICES, SHARES, PROFILE, BENCHMARK, FX)
"""What can be asked; of a screen and of sectors the symbol is empty."""

DONE: Final = "done"
EMPTY: Final = "empty"
GONE: Final = "gone"
FAILED: Final = "failed"
OUTCOMES: Final = (DONE, EMPTY, GONE, FAILED)
"""Done: answered. Empty: nothing in the window, by the vendor's word. Gone: no such symbol, by the vendor's word.
Failed: no answer that could be used; nothing is known of the symbol."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    Attributes:
        kind: One of ``KINDS``.
        symbol: As the vendor writes it; empty for a screen and for sectors.
        since: First day wanted, None where a question has no range.
    """

    kind: str
    symbol: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Questions about one symbol that are asked one after the other and stored together."""

    symbol: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one question.

    Attributes:
        ask: The question.
        outcome: One of ``OUTCOMES``.
        frames: Raw tables by name, on their schemas (as traded), of sessions whose bars are final.
        reason: One short phrase: why there are no frames, empty when there are.
        requests: Times the vendor was asked for it.
        through: Last session of the prices, None without.
        dropped: Rows that were not taken, by reason: live bars, days without a session, closes that are missing.
    """

    ask: Ask
    outcome: str
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    reason: str = ""
    requests: int = 1
    through: date | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A job and its answers: a batch of a provider."""

    job: Job
    answers: tuple[Answer, ...]

    @property
    def detail(self) -> str:
        """The symbol, or the kind of the question."""
        return self.job.symbol or self.job.asks[0].kind

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """The tables of all answers; each table comes from one question."""
        return {table: frame for answer in self.answers for table, frame in answer.frames.items()}
