"""What a fetch concludes when all have answered: who is gone, what the whole market shows, and what it came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.fetching.asks import DONE, GONE, PRICES
from engine.fetching.identity import delistings
from engine.fetching.notes import FetchNote
from engine.fetching.state import FetchState
from engine.fetchwork.moment import Moment, day_in_new_york
from engine.fetchwork.universe import names_wanted
from engine.store.database import Session
from engine.store.ingest import Merged, merge_batch
from engine.store.sources import FETCHED

FEW: Final = 3
"""So many notes are told one by one, whatever they have in common."""


@dataclass(slots=True)
class Found:
    """What was concluded: notes, and what was stored of it."""

    notes: list[FetchNote] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)


def conclude(session: Session, state: FetchState, moment: Moment) -> Found:
    """Record who is gone, and tell what the whole market shows."""
    asked = asked_today(state, moment)
    listed = frozenset(one.symbol for one in state.universe)
    frame, notes = delistings(state, gone_today(state, moment), len(asked), listed)
    found = Found([*notes, *delayed(state, moment)])
    if frame is not None:
        merged = merge_batch(session, {"delisting": frame}, at=moment.utc, source=FETCHED, detail="delistings")
        found.merged += merged.values()
    return found


def asked_today(state: FetchState, moment: Moment) -> list[str]:
    """Names whose prices were asked for on this day in New York, by this run or by one that was stopped."""
    return [
        symbol
        for (kind, symbol), one in state.asked.items()
        if kind == PRICES and day_in_new_york(one.asked_at) == moment.today
    ]


def gone_today(state: FetchState, moment: Moment) -> dict[str, date]:
    """Of those, names with prices that are gone by the vendor's word, with the session of their last price."""
    return {
        symbol: state.prices[symbol].last
        for symbol in asked_today(state, moment)
        if state.asked[PRICES, symbol].outcome == GONE
        and symbol in state.prices
        and symbol not in state.renamed | state.delisted
    }


def through_of(state: FetchState, size: int) -> date | None:
    """The last session that at least half of the names have."""
    wanted = names_wanted(state.universe, size)
    lasts = [state.prices[name].last for name in wanted if name in state.prices]
    return _of_most(lasts or [held.last for held in state.prices.values()])


def gathered(notes: Iterable[FetchNote], names: int) -> list[FetchNote]:
    """Notes that most names have in common as one of the whole market, the others as they are."""
    groups: dict[tuple[str, date | None], list[FetchNote]] = defaultdict(list)
    for note in notes:
        groups[note.kind, note.session].append(note)
    told: list[FetchNote] = []
    for (kind, session), group in sorted(groups.items(), key=str):
        common = kind in _OF_ALL and len(group) > max(names / 2, FEW)
        told += [FetchNote(kind, "", session, _OF_ALL[kind](session, len(group)))] if common else group
    return told


def news(session: Session, notes: Iterable[FetchNote]) -> list[FetchNote]:
    """Notes that are worth telling: a session that the vendor has lost stays lost, and is told once."""
    told = set(session.rows("fetching/told"))
    return [
        note
        for note in notes
        if note.kind != "lost-session" or told.isdisjoint({(note.ticker, note.session), ("", note.session)})
    ]


_OF_ALL: Final[dict[str, Callable[[date | None, int], str]]] = {
    "lost-session": lambda session, names: f"The vendor no longer has {session} for {names} names; it is kept.",
    "late-session": lambda session, names: f"{session} was missing and is there now for {names} names.",
}


def delayed(state: FetchState, moment: Moment) -> list[FetchNote]:
    """A note when the vendor did not have the last closed session of most names that it was asked for."""
    answers = [state.asked[PRICES, symbol] for symbol in asked_today(state, moment)]
    through = _of_most([one.through for one in answers if one.outcome == DONE and one.through is not None])
    if through is None or through >= moment.final:
        return []
    text = f"The vendor has prices up to {through} of most names; {moment.final} has closed already."
    return [FetchNote("delayed", "", moment.final, text)]


def _of_most(sessions: list[date]) -> date | None:
    """The last session that at least half of them reach."""
    return sorted(sessions, reverse=True)[(len(sessions) - 1) // 2] if sessions else None
