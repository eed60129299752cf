"""Levels, returns, members and turnover of a session, explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import fsum
from typing import Final

from engine.index.costs import BASIS_POINT
from engine.store.database import Session
from engine.views.assembly import Reader
from engine.views.explain.ground import Ground, HeldRow, Noted, Published
from engine.views.explain.parts import (
    Answer,
    Asked,
    Origin,
    Question,
    Told,
    as_series,
    computed,
    counted,
    dollars,
    fraction,
    level,
    number,
    plus,
    setting,
    several,
    stored,
    weight,
    worded,
)
from engine.views.explanation import Input
from engine.views.types import IndexStatus

LARGEST: Final = 10
"""So many of the largest contributions are listed."""

NO_RETURN: Final = "It is the first session of the index: it has members and weights, but no return."
FEW: Final = 3
"""Batches of a source that are listed one by one."""

UNPUBLISHED: Final = ("incomplete-session", "missing-session")


@dataclass(frozen=True, slots=True)
class Day:
    """A published session with what was held into it and decided at its close."""

    now: Published
    before: Published | None
    held: list[HeldRow]
    targets: dict[int, tuple[str, float]]
    stale: list[str]
    unpublished: list[Noted]
    closes: list[Input]
    paid: list[Input]


def tell(asked: Asked) -> Answer:
    """Explain a number of a session of the index."""

    def look(session: Session) -> tuple[IndexStatus, Day]:
        status = Reader(session, asked.index).status(asked.subject.session)
        return status, day_of(session, asked.index, status.session)

    status, day = asked.read(look)
    return status, _TELLERS[asked.key](asked.at(status), day)


def day_of(session: Session, index_name: str, at: date) -> Day:
    """Everything that is stored about a published session."""
    ground = Ground(session, index_name)
    now, before = ground.published(at)
    targets = ground.targets(at)
    last = before.session if before else at
    lost = ground.findings("", last + timedelta(days=1), at - timedelta(days=1)) if before else []
    return Day(
        now=now,
        before=before,
        held=ground.held(at),
        targets={row[0]: (row[1], row[2]) for row in targets},
        stale=[f"{row[1]} ({several(row[4], 'session')})" for row in targets if row[4]],
        unpublished=[one for one in lost if one.kind in UNPUBLISHED],
        closes=_closes(ground.batches(at), at),
        paid=[
            stored(dollars(f"Dividend (D) a share of {ticker}"), amount, on, Origin(*batch), "as traded")
            for ticker, on, amount, *batch in ground.rows("reads/explain_paid", first=last, session=at)
        ]
        if before
        else [],
    )


def _closes(batches: Sequence[tuple[int, Origin]], at: date) -> list[Input]:
    """Closes of a session by the batches that brought them."""
    field = counted("Closes of the session, of the whole market")
    sources = dict.fromkeys(origin.source for _, origin in batches)
    told = (_few([batch for batch in batches if batch[1].source == source]) for source in sources)
    return [stored(field, count, at, origin, "as traded", note) for listed in told for count, origin, note in listed]


def _few(batches: Sequence[tuple[int, Origin]]) -> list[tuple[int, Origin, str]]:
    """The batches of one source; one line for all of them where they are many."""
    if len(batches) <= FEW:
        return [(count, origin, "") for count, origin in batches]
    last = max((origin for _, origin in batches), key=lambda origin: origin.fetched_at or datetime.min)
    note = f"in {len(batches):,} batches, of which the last is named"
    return [(sum(count for count, _ in batches), last, note)]


def _level(question: Question, day: Day) -> Told:
    total = question.key.endswith("tr")
    name = f"{question.field.label} of {question.status.index}"
    formula = "level of the session before × (1 + return of the session)"
    now, before = day.now, day.before
    value = now.level_tr if total else now.level_pr
    gained = now.return_tr if total else now.return_pr
    if before is None or gained is None:
        base = setting("Base level", value)
        return Told(name, value, formula, f"base level {number(value)}", (base,), (NO_RETURN,))
    last = before.level_tr if total else before.level_pr
    inputs = (
        computed(level("Level of the session before"), last, before.session),
        computed(fraction(f"{as_series('TR' if total else 'PR').capitalize()} of the session"), gained, now.session),
        *day.closes,
    )
    worked = f"{number(last)} × (1 {plus(gained)}) = {number(last * (1 + gained))}"
    return Told(name, value, formula, worked, inputs, tuple(gaps_of(day)))


def _return(question: Question, day: Day) -> Told:
    total = question.key.endswith("tr")
    name = f"{as_series('TR' if total else 'PR').capitalize()} of {question.status.index}"
    formula = "sum of w × r over the members held into the session; w is the weight decided at the close before, r "
    formula += "(U + D) × k / U before - 1" if total else "U × k / U before - 1"
    value = day.now.return_tr if total else day.now.return_pr
    if value is None:
        return Told(name, None, formula, gaps=(NO_RETURN,))
    added = {row.listing: row.contribution_tr if total else row.contribution_pr for row in day.held}
    rows = sorted(day.held, key=lambda row: (-abs(added[row.listing]), row.ticker))
    rest = fsum(added[row.listing] for row in rows[LARGEST:])
    inputs = [
        computed(counted("Members held into the session"), len(rows), day.now.session),
        *(_contribution(row, total=total, at=day.now.session) for row in rows[:LARGEST]),
    ]
    if len(rows) > LARGEST:
        inputs.append(computed(fraction(f"w × r of the other {len(rows) - LARGEST}, together"), rest, day.now.session))
    terms = " ".join([number(added[rows[0].listing]), *(plus(added[row.listing]) for row in rows[1:LARGEST])])
    others = f" {plus(rest)} (the other {len(rows) - LARGEST})" if len(rows) > LARGEST else ""
    worked = f"{terms}{others} = {number(value)}"
    paid = day.paid if total else []
    return Told(name, value, formula, worked, (*inputs, *day.closes, *paid), tuple(gaps_of(day)))


def _contribution(row: HeldRow, *, total: bool, at: date) -> Input:
    share, gained = (row.weight_tr, row.return_tr) if total else (row.weight, row.return_pr)
    added = row.contribution_tr if total else row.contribution_pr
    note = f"w {number(share)} × r {number(gained)}"
    return computed(fraction(f"w × r of {row.ticker}"), added, at, note if row.priced else f"{note}; no price")


def _members(question: Question, day: Day) -> Told:
    now, size = day.now, question.status.size
    inputs = [setting("Places (N)", size), computed(counted("Members decided"), now.members, now.session)]
    formula = "the first N eligible companies by market cap at the close; all of them if there are fewer"
    worked = ""
    if day.before:
        inputs = [
            setting("Places (N)", size),
            computed(counted("Members decided at the session before"), day.before.members, day.before.session),
            computed(counted("Additions"), now.additions, now.session),
            computed(counted("Deletions"), now.deletions, now.session),
        ]
        worked = f"{day.before.members} + {now.additions} - {now.deletions} = {now.members}"
    gaps = [f"Only {now.members} of {size} places are filled."] if now.members < size else []
    name = f"Members of {question.status.index} decided"
    return Told(name, now.members, formula, worked, tuple(inputs), (*gaps, *_stale(day)))


def _priced(_: Question, day: Day) -> Told:
    now = day.now
    missing = [row.ticker for row in day.held if not row.priced]
    formula = "members held into the session less those without a price that day"
    inputs = (
        computed(counted("Members held into the session"), now.held, now.session),
        *(computed(worded("Without a price"), ticker, now.session, "return 0 until it has one") for ticker in missing),
        *day.closes,
    )
    worked = f"{now.held} - {now.held - now.priced} = {now.priced}"
    gaps = () if day.before else ("Nothing was held into the first session of the index.",)
    return Told("Members with a price", now.priced, formula, worked, inputs, (*gaps, *_unpriced(day)))


def _turnover(question: Question, day: Day) -> Told:
    formula = "half the sum of |target weight - drifted weight|; the drifted weight is w × (1 + r) / (1 + R)"
    name, now = f"One-way turnover of {question.status.index}", day.now
    if now.turnover is None or now.return_pr is None:
        return Told(name, None, formula, gaps=("The first session of the index has no turnover.",))
    drifted = {row.listing: row.weight * (1 + row.return_pr) / (1 + now.return_pr) for row in day.held}
    target = {listing: share for listing, (_, share) in day.targets.items()}
    bought = fsum(share for listing, share in target.items() if listing not in drifted)
    sold = fsum(share for listing, share in drifted.items() if listing not in target)
    moved = fsum(abs(share - drifted[listing]) for listing, share in target.items() if listing in drifted)
    inputs = (
        computed(weight(f"Target weights of the {now.additions} added"), bought, now.session),
        computed(weight(f"Drifted weights of the {now.deletions} removed"), sold, now.session),
        computed(weight("|target - drifted| of the members that stay, together"), moved, now.session),
        computed(fraction("Price return of the session (R)"), now.return_pr, now.session),
    )
    half = (bought + sold + moved) / 2
    worked = (
        f"({number(bought)} + {number(sold)} + {number(moved)}) / 2 = {number(half)}; "
        f"{number((bought + sold) / 2)} by changes of members, {number(moved / 2)} by drift"
    )
    return Told(name, now.turnover, formula, worked, inputs, tuple(gaps_of(day)))


def _net(question: Question, day: Day) -> Told:
    total = question.key.endswith("tr")
    name = f"{question.field.label} of {question.status.index}"
    formula = "net level before × (1 + R) × (1 - c × 2 × T); c is the cost a side, T the one-way turnover"
    view = question.engine.performance(question.subject.start, question.session)
    levels = view.net_tr if total else view.net_pr
    if not levels:
        gap = "No cost is set (FLATCAP_COST_BPS), so there is no level after it."
        return Told(name, None, formula, gaps=(gap,))
    gained, traded = (day.now.return_tr if total else day.now.return_pr), day.now.turnover
    if len(levels) == 1 or gained is None or traded is None:
        base = f"{number(levels[-1])}, the level before cost that the view starts from"
        return Told(name, levels[-1], formula, base)
    cost = view.cost_bps * BASIS_POINT
    inputs = (
        computed(level("Net level of the session before"), levels[-2], view.sessions[-2]),
        computed(fraction("Return of the session (R)"), gained, day.now.session),
        setting("Cost a side in basis points", view.cost_bps),
        computed(weight("One-way turnover (T)"), traded, day.now.session),
    )
    worked = (
        f"{number(levels[-2])} × (1 {plus(gained)}) × (1 - {number(cost)} × 2 × {number(traded)}) = "
        f"{number(levels[-1])}"
    )
    start = f"It starts from the level before cost at {view.sessions[0]}."
    return Told(name, levels[-1], formula, worked, inputs, (start, *gaps_of(day)))


def gaps_of(day: Day) -> Iterator[str]:
    """What was missing in a session: prices, or the session before."""
    yield from lost_sessions(day.unpublished)
    yield from _unpriced(day)


def lost_sessions(found: Sequence[Noted]) -> Iterator[str]:
    """Sessions without a level before this one, whose returns are in this one's."""
    for one in found:
        reason = "too few prices" if one.kind == "incomplete-session" else "no prices"
        yield f"No level for {one.session} ({reason}): the return of this session covers both."


def _unpriced(day: Day) -> Iterator[str]:
    missing = [row.ticker for row in day.held if not row.priced]
    if missing:
        listed = ", ".join(missing[:LARGEST]) + (" ..." if len(missing) > LARGEST else "")
        yield f"Without a price, carried at the last one: {len(missing)} of {day.now.held} ({listed})."


def _stale(day: Day) -> Iterator[str]:
    if day.stale:
        yield f"Without a price of the session: {', '.join(day.stale)}."


_TELLERS: Final[dict[str, Callable[[Question, Day], Told]]] = {
    "level_pr": _level,
    "level_tr": _level,
    "return_pr": _return,
    "return_tr": _return,
    "members": _members,
    "priced": _priced,
    "turnover": _turnover,
    "net_pr": _net,
    "net_tr": _net,
}
