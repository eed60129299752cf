"""Arrivals into the store: what they change, and the record that they came, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from engine.fetching.asks import FAILED, PRICES, SHARES, Answer, Ask, Fetched
from engine.fetching.notes import FetchNote
from engine.fetching.state import Asked
from engine.fetchwork.cases import Verdict
from engine.fetchwork.changes import Change, Changes
from engine.fetchwork.identities import Identities
from engine.fetchwork.known import Known
from engine.fetchwork.lines import Lines
from engine.fetchwork.stitching import Frames, joined
from engine.fetchwork.universe import listing
from engine.store.fetching import keep_asked, keep_notes
from engine.store.ingest import Merged, merge_batch
from engine.store.sources import FETCHED

if TYPE_CHECKING:
    import polars as pl

    from engine.store.database import Session

AT_THE_END: Final = ("lost-session", "late-session")
"""Kinds of notes that most names may have at once: they are told when all have answered."""

IN_PARTS: Final = "security"
"""Table of which every answer knows some columns: its rows are stored answer by answer."""


@dataclass(slots=True)
class Taken:
    """What became of the arrivals of one transaction.

    Attributes:
        lines: The tickers of every stock after it.
        merged: What was stored, table by table.
        answers: Every answer with the outcome that it was recorded with.
        answered: Answers of the vendor, taken or not.
        notes: What was found out and is stored.
        held: What was found out and is told at the end.
        again: Questions to ask anew, for more.
        waiting: Arrivals that another one decides about.
    """

    lines: Lines
    merged: list[Merged] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    answered: int = 0
    notes: list[FetchNote] = field(default_factory=list)
    held: list[FetchNote] = field(default_factory=list)
    again: list[Ask] = field(default_factory=list)
    waiting: list[Fetched] = field(default_factory=list)


class Intake:
    """Stores what arrives.

    Args:
        known: What the store held when the fetch was planned.
        at: Moment of the run (UTC, without a zone).
    """

    def __init__(self, known: Known, at: datetime) -> None:
        self._known = known
        self._at = at
        self._lines = known.lines
        self._changes = Changes(known, at)
        self._identities = Identities(known, at)

    def take(self, session: Session, run_id: int, group: Sequence[Fetched], pending: Collection[str]) -> Taken:
        """Store arrivals and the record that they came.

        Args:
            session: A write session.
            run_id: The run.
            group: What arrived.
            pending: Symbols whose prices are not stored yet, those of the group included; none when all have answered.
        """
        lines, verdicts = self._identities.of(session, group, pending, self._lines)
        taken = Taken(lines)
        found = [(fetched.detail, self._changed(session, fetched, verdicts, taken)) for fetched in group]
        together = [(detail, frames) for detail, frames in found if IN_PARTS not in frames]
        self._merge(session, [detail for detail, _ in together], joined([frames for _, frames in together]), taken)
        for detail, frames in found:
            if IN_PARTS in frames:
                self._merge(session, [detail], frames, taken)
        keep_asked(session, [self._asked(answer) for answer in taken.answers])
        keep_notes(session, run_id, taken.notes)
        return taken

    def stored(self, taken: Taken) -> None:
        """The transaction has ended well: go on from there."""
        self._lines = taken.lines
        self._identities.heard(taken.answers)

    def _merge(self, session: Session, details: Sequence[str], frames: Frames, taken: Taken) -> None:
        if frames:
            merged = merge_batch(session, frames, at=self._at, source=FETCHED, detail=listing(details))
            taken.merged += merged.values()

    def _changed(
        self, session: Session, fetched: Fetched, verdicts: Mapping[str, Verdict], taken: Taken
    ) -> dict[str, pl.DataFrame]:
        """Rows to store of one arrival; none of one that has to wait."""
        verdict = verdicts.get(fetched.job.symbol, Verdict())
        if verdict.waits:
            taken.waiting.append(fetched)
            return {}
        taken.notes += verdict.notes
        frames: list[Frames] = [verdict.frames]
        for answer in fetched.answers:
            frames.append(self._take_answer(session, answer, joined(frames), taken, verdict))
            if answer.ask.kind == PRICES and taken.answers and taken.answers[-1].outcome == FAILED:
                break  # splits that its shares have to be compared with may be missing
        if verdict.begins and all(answer.ask.kind != SHARES for answer in fetched.answers):
            taken.again += self._shares_again(fetched.job.symbol)
        return joined(frames)

    def _take_answer(self, session: Session, answer: Answer, before: Frames, taken: Taken, verdict: Verdict) -> Frames:
        if answer.ask.kind == PRICES and verdict.refused:
            change = Change(refused=verdict.refused)
        else:
            change = self._changes.of(session, answer, taken.lines, before, verdict.parts)
        taken.answered += answer.outcome != FAILED
        if change.settled:
            taken.answers.append(change.recorded(answer))
        if change.again:
            taken.again.append(change.again)
        for note in change.notes:
            (taken.held if note.kind in AT_THE_END else taken.notes).append(note)
        return change.frames

    def _shares_again(self, symbol: str) -> list[Ask]:
        """The question for the shares of a stock that another one had the ticker of when they were asked for."""
        asked = self._known.state.asked.get((SHARES, symbol))
        return [Ask(SHARES, symbol, asked.since)] if asked and asked.since else []

    def _asked(self, answer: Answer) -> Asked:
        ask = answer.ask
        return Asked(ask.kind, ask.symbol, self._at, ask.since, answer.outcome, answer.reason, answer.through)
