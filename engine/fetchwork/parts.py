"""An answer about prices beside what is stored, each stretch of it under the ticker that the stock had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from engine.fetching.asks import Answer
from engine.fetching.reconcile import Stored, moved_by
from engine.fetchwork.known import Known
from engine.fetchwork.lines import Lines
from engine.frames.schemas import RAW_SCHEMAS
from engine.store.fetching import stored_of

if TYPE_CHECKING:
    from engine.store.database import Session

NOTHING = {table: pl.DataFrame(schema=RAW_SCHEMAS[table].columns) for table in ("price", "split", "dividend")}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer.

    Attributes:
        ticker: The ticker that the stock had.
        answer: What came back of that time.
        stored: What is stored of it.
    """

    ticker: str
    answer: Answer
    stored: Stored


def parts_of(session: Session, known: Known, answer: Answer, lines: Lines) -> list[Part]:
    """The stretches of an answer, the latest first; none of an old ticker of which nothing is stored."""
    return [
        Part(ticker, part, _stored(session, known, ticker, part.ask.since or date.min, end))
        for ticker, part, end in lines.parts(answer)
        if ticker == answer.ask.symbol or ticker in known.state.prices
    ]


def closes_moved_by(parts: list[Part]) -> dict[date, float]:
    """Closes of an answer as parts of the stored ones that came by a fetch."""
    return {day: ratio for part in parts for day, ratio in moved_by(part.answer, part.stored).items()}


def last_stored(part: Part) -> date | None:
    """The last session that is stored of a stretch."""
    sessions = part.stored.price["session"]
    return sessions[-1] if len(sessions) else None


def imported_of(session: Session, known: Known, symbol: str, since: date) -> dict[str, set[date]]:
    """Sessions by table whose rows are a person's own."""
    found: dict[str, set[date]] = {}
    if symbol in known.imported:
        for table, day in session.rows("fetching/imported_of", {"symbol": symbol, "since": since}):
            found.setdefault(table, set()).add(day)
    return found


def _stored(session: Session, known: Known, ticker: str, since: date, end: date) -> Stored:
    """What is stored of a stretch; of a new ticker nothing, without a look."""
    if ticker not in known.state.prices and ticker not in known.imported:
        return Stored(NOTHING["price"], NOTHING["split"], NOTHING["dividend"])
    frames = stored_of(session, ticker, since)
    if end != date.max:
        frames = {table: frame.filter(pl.col("session") < end) for table, frame in frames.items()}
    imported = imported_of(session, known, ticker, since)
    return Stored(frames["price"], frames["split"], frames["dividend"], imported)
