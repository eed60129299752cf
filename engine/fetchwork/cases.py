"""An answer whose stock has to be found out, and what was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import polars as pl

from engine.fetching.asks import Answer
from engine.fetching.identity import is_another
from engine.fetching.notes import FetchNote
from engine.fetchwork.parts import Part, last_stored
from engine.fetchwork.stitching import Frames


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the stock that an answer is of.

    Attributes:
        parts: The answer beside what is stored of this stock; empty where nobody has looked.
        waits: Whether the answers of others decide.
        refused: Why nothing of it is taken; empty when it is.
        frames: Rows to store: a rename, an end, shares to begin with.
        notes: What was found out.
        begins: Whether the ticker stands for another stock than before, so that its shares have to be asked for.
    """

    parts: Sequence[Part] = ()
    waits: bool = False
    refused: str = ""
    frames: Frames = field(default_factory=dict)
    notes: tuple[FetchNote, ...] = ()
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """An answer about prices before it is known which stock it is of.

    Attributes:
        answer: What came back.
        parts: It beside what is stored of the stock that had the ticker.
        ratios: Its closes as parts of the stored ones.
    """

    answer: Answer
    parts: Sequence[Part]
    ratios: Collection[float]

    @property
    def symbol(self) -> str:
        """The ticker."""
        return self.answer.ask.symbol

    @property
    def prices(self) -> pl.DataFrame:
        """What came back."""
        return self.answer.frames["price"]

    @property
    def is_other(self) -> bool:
        """Whether it is of another stock than what is stored."""
        return is_another(self.ratios)

    @property
    def is_new(self) -> bool:
        """Whether nothing is stored of the stock that has the ticker now."""
        return all(last_stored(part) is None for part in self.parts)
