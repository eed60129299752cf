"""A number of an addition or a deletion, explained.

With ``Subject.start`` the change is one between the members decided at two dates, ``start`` and ``session``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from math import fsum
from typing import Final

from engine.store.database import Session
from engine.views.assembly import Reader
from engine.views.explain.cap_words import RANKED, tell_cap
from engine.views.explain.changed import Change, change_of
from engine.views.explain.ground import Ground, HeldRow
from engine.views.explain.parts import (
    Answer,
    Asked,
    Told,
    amount,
    computed,
    counted,
    dated,
    dollars,
    fraction,
    grouped,
    number,
    plus,
    setting,
    weight,
    worded,
)
from engine.views.explain.prices import return_inputs
from engine.views.explanation import Input

IN_A_COMPARISON: Final = "Two dates are compared: this is known of a single session only."


def tell(asked: Asked) -> Answer:
    """Explain a number of a change. Raises ``DataError`` where the company neither came nor went."""
    start = asked.subject.start
    compared = asked.engine.compare(start, asked.subject.session or date.max) if start else None

    def look(session: Session) -> Answer:
        reader = Reader(session, asked.index)
        status = reader.status(asked.subject.session)
        view = compared or reader.changes(status.session, status.session)
        return status, _TELLERS[asked.key](change_of(asked.at(status), view, Ground(session, asked.index)))

    return asked.read(look)


def _rank_before(one: Change) -> Told:
    return _rank(one, one.row.rank_before, one.row.market_cap_before_usd, one.before, "before")


def _rank_after(one: Change) -> Told:
    return _rank(one, one.row.rank_after, one.row.market_cap_usd, one.row.session, "after")


def _rank(one: Change, rank: int | None, cap: float | None, day: date, when: str) -> Told:
    formula = RANKED
    name = one.named(f"Rank {when}")
    if rank is None:
        return Told(name, None, formula, gaps=(f"It was not eligible at {day}: {one.row.reason}.",))
    told = tell_cap(name, cap, one.company(day))
    own = computed(dollars("Market cap"), cap, day)
    return Told(name, rank, formula, f"1 + {rank - 1} = {rank}", (own, *_cut(one, day), *told.inputs), told.gaps)


def _cut(one: Change, day: date) -> Iterator[Input]:
    """The cap that a company needs, where it is that of the day."""
    if day == one.row.session and one.row.cut_cap_usd:
        size = one.question.status.size
        yield computed(dollars(f"Market cap of rank {size}, the cut"), one.row.cut_cap_usd, day)


def _cap_before(one: Change) -> Told:
    return _cap(one, one.row.market_cap_before_usd, one.before, "Market cap before")


def _cap_after(one: Change) -> Told:
    return _cap(one, one.row.market_cap_usd, one.row.session, "Market cap")


def _cap(one: Change, value: float | None, day: date, label: str) -> Told:
    told = tell_cap(one.named(label), value, one.company(day))
    if value is None:
        return Told(told.name, None, told.formula, gaps=(f"It was not eligible at {day}: {one.row.reason}.",))
    return told


def _cut_cap(one: Change) -> Told:
    size, cut = one.question.status.size, one.row.cut_cap_usd
    formula = f"market cap of the eligible company of rank {size} at the close"
    if not cut:
        return Told("Cut", None, formula, gaps=("Fewer companies are eligible than there are places.",))
    return Told(f"Market cap of rank {size}", cut, formula, "", tuple(_cut(one, one.row.session)))


def _distance_usd(one: Change) -> Told:
    return _to_cut(one, relative=False)


def _distance(one: Change) -> Told:
    return _to_cut(one, relative=True)


def _to_cut(one: Change, *, relative: bool) -> Told:
    formula = "(market cap - cut) / cut" if relative else "market cap - cut"
    cap, cut, name = one.row.market_cap_usd, one.row.cut_cap_usd, one.named("Distance to the cut")
    if cap is None or not cut:
        return Told(name, None, formula, gaps=(f"There is no market cap or no cut: {one.row.reason}.",))
    value = (cap - cut) / cut if relative else cap - cut
    worked = f"({amount(cap)} - {amount(cut)}){f' / {amount(cut)}' if relative else ''} = {number(value)}"
    told = tell_cap(name, cap, one.company(one.row.session))
    own = computed(dollars("Market cap"), cap, one.row.session)
    return Told(name, value, formula, worked, (own, *_cut(one, one.row.session), *told.inputs), told.gaps)


def _days(one: Change) -> Told:
    formula = "published sessions of the membership that ended; 0 for an addition"
    name, days = one.named("Sessions in the index"), one.row.days
    if one.added:
        return Told(name, days, formula, "0, because its membership begins here")
    last, _ = one.ground.published(one.before)
    inputs = (
        computed(counted("Number of the last session as a member"), last.ordinal + 1, last.session),
        computed(counted("Number of the first one"), last.ordinal - days + 2),
    )
    return Told(name, days, formula, f"{last.ordinal + 1} - {last.ordinal - days + 2} + 1 = {days}", inputs)


def _turnover(one: Change) -> Told:
    formula = "half of |target weight - drifted weight|; the drifted weight is w × (1 + r) / (1 + R)"
    name, value = one.named("Share of the turnover"), one.row.turnover
    if value is None:
        return Told(name, None, formula, gaps=(IN_A_COMPARISON if one.view.compared else "None is stored.",))
    if one.added:
        target = 2 * value
        own = computed(weight("Target weight"), target, one.row.session)
        return Told(name, value, formula, f"|{number(target)} - 0| / 2 = {number(value)}", (own,))
    held = _held(one, one.row.session)
    gained = one.now.return_pr
    if held is None or gained is None:
        return Told(name, value, formula)
    inputs = (
        computed(weight("Weight before (w)"), held.weight, one.before),
        computed(fraction("Price return (r)"), held.return_pr, one.row.session),
        computed(fraction("Price return of the index (R)"), gained, one.row.session),
    )
    worked = f"{number(held.weight)} × (1 {plus(held.return_pr)}) / (1 {plus(gained)}) / 2 = {number(value)}"
    return Told(name, value, formula, worked, inputs)


def _held(one: Change, day: date) -> HeldRow | None:
    return next((row for row in one.ground.held(day, removed=True) if row.listing == one.listing.number), None)


def _effect_session(one: Change) -> Told:
    formula = "the next published session: members decided at a close are held from the session after it"
    value = one.row.effect_session
    inputs = (computed(dated("Decided at the close of"), one.row.session, one.row.session),)
    gaps = () if value else (_no_effect(one),)
    return Told(one.named("Session of the effect"), value, formula, "", inputs, gaps)


def _effect_pr(one: Change) -> Told:
    return _effect(one, one.row.effect_pr, total=False)


def _effect_tr(one: Change) -> Told:
    return _effect(one, one.row.effect_tr, total=True)


def _effect(one: Change, value: float | None, *, total: bool) -> Told:
    formula = "weight × return at the next session" if one.added else _OF_A_DELETION[one.by_cap]
    name, at = (
        one.named("Effect on the total return" if total else "Effect on the price return"),
        one.row.effect_session,
    )
    if value is None or at is None:
        return Told(name, None, formula, gaps=(_no_effect(one),))
    held = _held(one, at)
    if held is None:
        gap = "It had no return at the next session: it was gone."
        return Told(name, value, formula, gaps=(gap,))
    gained = held.return_tr if total else held.return_pr
    moved = return_inputs(one.ground, one.listing, one.row.session, at, total=total)
    if one.added:
        share = held.weight_tr if total else held.weight
        inputs = (computed(weight("Weight decided"), share, one.row.session), _gained(gained, at), *moved)
        return Told(name, value, formula, f"{number(share)} × {grouped(gained)} = {number(value)}", inputs)
    text, parts = _share(one)
    worked = f"- {text} × {grouped(gained)} = {number(value)}"
    return Told(name, value, formula, worked, (*parts, _gained(gained, at), *moved))


_OF_A_DELETION: Final = {
    False: "- 1 / members × return at the next session",
    True: "- market cap / that of all members × return at the next session",
}


def _share(one: Change) -> tuple[str, tuple[Input, ...]]:
    """The weight that a company which has left would have had beside the members, and what it is made of."""
    day, members = one.row.session, one.now.members
    if not one.by_cap:
        return f"1 / {members}", (computed(counted("Members decided"), members, day),)
    cap, total = one.row.market_cap_usd or 0.0, fsum(cap or 0.0 for *_, cap in one.ground.targets(day))
    inputs = (
        computed(dollars("Market cap"), cap, day),
        computed(dollars("Market cap of all members decided"), total, day),
    )
    return f"{amount(cap)} / {amount(total)}", inputs


def _gained(value: float, at: date) -> Input:
    return computed(fraction("Its return at the next session"), value, at)


def _no_effect(one: Change) -> str:
    return IN_A_COMPARISON if one.view.compared else "There is no later session yet."


def _reason(one: Change) -> Told:
    size, row = one.question.status.size, one.row
    formula = f"rank: it crossed the cut at rank {size}; otherwise, why it is not eligible any more"
    inputs = (
        computed(worded("Change"), row.kind, row.session),
        computed(counted("Rank before"), row.rank_before, one.before),
        computed(counted("Rank after"), row.rank_after, row.session),
        setting("Places (N)", size),
        *_cut(one, row.session),
    )
    told = _cap_after(one)
    return Told(one.named("Reason"), row.reason, formula, "", (*inputs, *told.inputs), told.gaps)


def _contribution(one: Change) -> Told:
    formula = "sum over the sessions between the two dates of weight × return × level before / level at the first"
    name, value = one.named("Contribution"), one.row.contribution
    if value is None:
        gap = "It is known between two dates that are compared; of one session, the effect says what a change did."
        return Told(name, None, formula, gaps=(gap,))
    inputs = (
        computed(dated("From the close of"), one.view.first, one.view.first),
        computed(dated("To the close of"), one.view.last, one.view.last),
    )
    return Told(name, value, formula, "", inputs)


_TELLERS: Final[dict[str, Callable[[Change], Told]]] = {
    "rank_before": _rank_before,
    "rank_after": _rank_after,
    "market_cap_before_usd": _cap_before,
    "market_cap_usd": _cap_after,
    "cut_cap_usd": _cut_cap,
    "distance_usd": _distance_usd,
    "distance": _distance,
    "days": _days,
    "turnover": _turnover,
    "effect_session": _effect_session,
    "effect_pr": _effect_pr,
    "effect_tr": _effect_tr,
    "reason": _reason,
    "contribution": _contribution,
}
