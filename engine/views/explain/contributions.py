"""What a company added to the return of a period, explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from math import fsum, prod
from typing import Final

from engine.errors import DataError
from engine.store.database import Session
from engine.views.analysis import ContributionView
from engine.views.explain.parts import (
    Answer,
    Asked,
    Told,
    computed,
    counted,
    fraction,
    grouped,
    level,
    number,
    plus,
    ratio,
    several,
    weight,
)
from engine.views.explain.periods import Part, Period, Step, parts_of
from engine.views.explain.prices import dividend_inputs, return_inputs
from engine.views.explanation import Input

LARGEST: Final = 10
LISTED: Final = 8
LINKED: Final = "sum over sessions of w × r × level before / level that the period starts from"


def tell(asked: Asked) -> Answer:
    """Explain a contribution. Raises ``DataError`` for a company that was not held in the period."""

    def look(session: Session) -> Answer:
        period = Period(session, asked)
        told = _OF_THE_INDEX[asked.key](period) if asked.key in _OF_THE_INDEX else _of_one(period)
        return period.question.status, replace(told, joint="to")

    return asked.read(look)


def _of_one(period: Period) -> Told:
    parts = parts_of(period)
    if not parts:
        raise _not_held(period)
    told = _TELLERS[period.question.key](parts[0])
    if sum(other.ticker == parts[0].ticker for other in parts) > 1:
        reused = f"{parts[0].ticker} was the ticker of several stocks in the period: this is the one that added most."
        return replace(told, gaps=(*told.gaps, reused))
    return told


def _not_held(period: Period) -> DataError:
    symbol, rows = period.question.ticker, period.view.rows
    known = ", ".join(row.ticker for row in rows[:LISTED]) + (" ..." if len(rows) > LISTED else "")
    said = f"{symbol} was not held after {period.first}, up to {period.last}." if symbol else "Give a ticker."
    return DataError(
        said, hint=f"there is: {known}" if known else "the first session holds nothing yet: ask for a later one"
    )


def _contribution(part: Part) -> Told:
    formula = f"{LINKED}; w is the weight decided at the close before, r its return"
    inputs = [
        computed(level("Level that the period starts from"), part.period.base, part.period.first),
        computed(counted("Sessions into which it was held"), len(part.steps)),
        *_linked_inputs(part.steps, part.period.base),
        *_return_inputs(part),
    ]
    worked = _linked(part.steps, part.period.base, part.contribution)
    return Told(part.named("Contribution"), part.contribution, formula, worked, tuple(inputs))


def _return_inputs(part: Part) -> Iterator[Input]:
    """What the return is made of where there is one session, and the dividends of more."""
    period = part.period
    if period.sessions == 1:
        yield from return_inputs(period.ground, part.listing, period.first, period.last, total=period.total)
    elif period.total:
        yield from islice(dividend_inputs(period.ground, part.listing, period.first, period.last), LARGEST)


def _largest(steps: Sequence[Step], base: float) -> list[Step]:
    """Steps by what they added, the largest first."""
    return sorted(steps, key=lambda step: (-abs(step.linked(base)), step.session))


def _linked_inputs(steps: Sequence[Step], base: float) -> Iterator[Input]:
    """The sessions that added most, and all others together."""
    found = _largest(steps, base)
    for step in found[:LARGEST]:
        note = f"w {step.share} × r {number(step.gained)} × {number(step.level)} / {number(base)}"
        yield computed(fraction("Linked contribution of the session"), step.linked(base), step.session, note)
    if len(found) > LARGEST:
        rest = fsum(step.linked(base) for step in found[LARGEST:])
        yield computed(fraction(f"The other {several(len(found) - LARGEST, 'session')}, together"), rest)


def _linked(steps: Sequence[Step], base: float, value: float) -> str:
    if not steps:
        return ""
    if len(steps) == 1:
        one = steps[0]
        moved = "" if one.level == base else f" × {number(one.level)} / {number(base)}"
        return f"{one.share} × {grouped(one.gained)}{moved} = {number(value)}"
    found = [step.linked(base) for step in _largest(steps, base)]
    text = " ".join([number(found[0]), *map(plus, found[1:LARGEST])])
    rest = fsum(found[LARGEST:])
    others = f" {plus(rest)} (the other {len(found) - LARGEST})" if len(found) > LARGEST else ""
    return f"{text}{others} = {number(value)}"


def _sessions(part: Part) -> Told:
    inputs = (
        *_ends(part),
        computed(counted("Sessions of the period"), part.period.sessions),
    )
    formula = "sessions of the period into which it was held"
    return Told(part.named("Sessions held"), len(part.steps), formula, "", inputs)


def _ends(part: Part) -> list[Input]:
    if not part.steps:
        return []
    first, last = part.steps[0], part.steps[-1]
    return [
        computed(weight("Weight held into the first of them"), first.weight, first.session),
        computed(weight("Weight held into the last of them"), last.weight, last.session),
    ]


def _weight(part: Part) -> Told:
    total = fsum(step.weight for step in part.steps)
    value = total / part.period.sessions
    formula = "sum of the weights over the sessions into which it was held / sessions of the period"
    inputs = (
        computed(weight("Sum of its weights"), total),
        computed(counted("Sessions of the period"), part.period.sessions),
        *_ends(part),
    )
    worked = f"{number(total)} / {part.period.sessions} = {number(value)}"
    return Told(part.named("Mean weight"), value, formula, worked, inputs)


def _return_own(part: Part) -> Told:
    formula = "product of (1 + r) over the sessions into which it was held, less 1"
    grown = prod(1 + step.gained for step in part.steps)
    steps = sorted(part.steps, key=lambda step: (-abs(step.gained), step.session))[:LARGEST]
    inputs = (
        computed(ratio("Product of (1 + r)"), grown),
        computed(counted("Sessions into which it was held"), len(part.steps)),
        *(computed(fraction("Return of the session (r)"), step.gained, step.session) for step in steps),
        *_return_inputs(part),
    )
    worked = f"{number(grown)} - 1 = {number(grown - 1)}"
    missed = part.period.sessions - len(part.steps)
    gaps = (f"It was not held into {several(missed, 'session')} of the period.",) if missed else ()
    return Told(part.named("Own return"), grown - 1, formula, worked, inputs, gaps)


def _cap_weight(part: Part) -> Told:
    formula = "sum over sessions of its market cap before / that of all members held, / sessions of the period"
    steps = part.cap_steps
    total, sessions = fsum(step.weight for step in steps), part.period.sessions
    shown = sorted(steps, key=lambda step: (-step.weight, step.session))[:LARGEST]
    inputs = (
        computed(weight("Sum of its weights by cap"), total),
        computed(counted("Sessions of the period"), sessions),
        *(
            computed(weight("Weight by cap held into the session"), step.weight, step.session, step.share)
            for step in shown
        ),
    )
    worked = f"{number(total)} / {sessions} = {number(total / sessions)}"
    if len(steps) == 1:
        worked = f"{steps[0].share} / {sessions} = {number(total / sessions)}"
    return Told(part.named("Mean weight by cap"), total / sessions, formula, worked, inputs)


def _cap_contribution(part: Part) -> Told:
    formula = f"{LINKED}; w is its share of the market cap of all members held, the level that of the index so weighted"
    steps = part.cap_steps
    value = part.cap_contribution
    inputs = (
        computed(counted("Sessions into which it was held"), len(steps)),
        *_linked_inputs(steps, 1.0),
    )
    return Told(part.named("Contribution by cap"), value, formula, _linked(steps, 1.0, value), inputs)


def _gap(part: Part) -> Told:
    own, by_cap = part.contribution, part.cap_contribution
    inputs = (computed(fraction("Contribution"), own), computed(fraction("Contribution by cap"), by_cap))
    worked = f"{number(own)} - {grouped(by_cap)} = {number(own - by_cap)}"
    return Told(part.named("Gap"), own - by_cap, "contribution less that with weights by cap", worked, inputs)


def _index_return(period: Period) -> Told:
    view, status = period.view, period.question.status
    end = status.level_tr if period.total else status.level_pr
    inputs = (
        computed(level("Level that the period starts from"), period.base, view.first),
        computed(level("Level at its end"), end, view.last),
        *_rows(view, [row.contribution for row in view.rows]),
    )
    gained = view.index_return
    worked = "" if gained is None else f"{number(end)} / {number(period.base)} - 1 = {number(gained)}"
    formula = "level at the end / level at the start - 1; the contributions of all companies sum to it"
    return Told(period.named("Return of the index"), gained, formula, worked, inputs)


def _cap_weight_return(period: Period) -> Told:
    view = period.view
    inputs = _rows(view, [row.cap_contribution for row in view.rows])
    formula = "sum of all contributions with weights by market cap, set again every session"
    return Told(period.named("Return of the same members by cap"), view.cap_weight_return, formula, "", tuple(inputs))


def _rows(view: ContributionView, added: Sequence[float]) -> list[Input]:
    """The largest contributions, and all others together."""
    pairs = sorted(zip(added, (row.ticker for row in view.rows), strict=True), key=lambda one: (-abs(one[0]), one[1]))
    found = [computed(fraction(f"Contribution of {ticker}"), value) for value, ticker in pairs[:LARGEST]]
    rest = fsum(value for value, _ in pairs[LARGEST:])
    others = f"Contributions of the other {len(pairs) - LARGEST}, together"
    return [*found, computed(fraction(others), rest)] if len(pairs) > LARGEST else found


_OF_THE_INDEX: Final[dict[str, Callable[[Period], Told]]] = {
    "index_return": _index_return,
    "cap_weight_return": _cap_weight_return,
}
_TELLERS: Final[dict[str, Callable[[Part], Told]]] = {
    "contribution": _contribution,
    "sessions": _sessions,
    "weight": _weight,
    "return_own": _return_own,
    "cap_weight": _cap_weight,
    "cap_contribution": _cap_contribution,
    "gap": _gap,
}
