"""What a fetch has come to so far."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.fetching.asks import BENCHMARK, DONE, FAILED, FX, GONE, PRICES, Answer, Ask
from engine.fetching.notes import FetchNote
from engine.fetchwork.intake import Taken
from engine.reports import FetchFailure
from engine.store.ingest import Merged

log: Final = logging.getLogger("flatcap.fetch")


SET: Final = (BENCHMARK, FX)
"""What a person has set: that there is no such symbol is told."""


@dataclass(slots=True)
class Tally:
    """Counts of one run.

    Attributes:
        named: Whether a person named what is asked for.
        asked: Names whose prices were asked for.
        series: Benchmarks and pairs that were asked for.
        priced: Of those, how many have them.
        answered: Answers of the vendor to questions of any kind.
        failed: What failed when it was last asked, by kind and symbol.
        merged: What was stored, table by table.
        notes: What was found out and is stored.
        held: What was found out and is told at the end.
        again: Questions to ask anew, for more.
    """

    named: bool = False
    asked: set[str] = field(default_factory=set)
    series: set[str] = field(default_factory=set)
    priced: int = 0
    answered: int = 0
    failed: dict[tuple[str, str], FetchFailure] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    notes: list[FetchNote] = field(default_factory=list)
    held: list[FetchNote] = field(default_factory=list)
    again: list[Ask] = field(default_factory=list)

    def add(self, taken: Taken) -> None:
        """Take in what was stored, and tell the log."""
        for answer in taken.answers:
            self._count(answer)
        self.merged += [one for one in taken.merged if one.rows_new or one.rows_changed]
        self.answered += taken.answered
        self.held += taken.held
        self.again += taken.again
        self.tell(taken.notes)

    def tell(self, notes: Sequence[FetchNote]) -> None:
        """Take in what was found out, and tell the log."""
        self.notes += notes
        for note in notes:
            log.info("%s: %s", note.kind, note.text)

    def _count(self, answer: Answer) -> None:
        kind, symbol = key = answer.ask.kind, answer.ask.symbol
        self.failed.pop(key, None)
        if kind == PRICES:
            self.asked.add(symbol)
            self.priced += answer.outcome == DONE
        elif kind in SET:
            self.series.add(symbol)
        gone = answer.outcome == GONE
        if answer.outcome == FAILED or (gone and (self.named or kind in SET)):
            self.failed[key] = FetchFailure(kind, symbol, answer.reason, gone)
            log.warning("%s %s failed: %s", kind, symbol, answer.reason)

    @property
    def names_failed(self) -> int:
        """Names without prices that could be used."""
        return sum(kind == PRICES for kind, _ in self.failed)

    @property
    def rows_new(self) -> int:
        """Rows stored that were not there."""
        return sum(one.rows_new for one in self.merged)

    @property
    def rows_changed(self) -> int:
        """Rows that were there before the run and have changed."""
        return sum(one.rows_changed - one.rows_own for one in self.merged)

    @property
    def earliest(self) -> date | None:
        """Earliest session whose stored data have changed."""
        return min((one.earliest for one in self.merged if one.earliest is not None), default=None)
