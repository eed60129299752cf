"""What a sector added to the return of a period, explained: the sum of its companies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import fsum
from typing import Final

from engine.domain.fields import Field
from engine.errors import DataError
from engine.store.database import Session
from engine.views.analysis import ContributionRow, SectorContribution
from engine.views.assembly import UNKNOWN_SECTOR
from engine.views.explain.parts import (
    Answer,
    Asked,
    Told,
    computed,
    counted,
    fraction,
    grouped,
    number,
    plus,
    weight,
)
from engine.views.explain.periods import Period
from engine.views.explanation import Input

LARGEST: Final = 30
"""Companies listed one by one; the others are put together."""

Value = Callable[[ContributionRow], float]


def tell(asked: Asked) -> Answer:
    """Explain a number of a sector. Raises ``DataError`` for a sector of which nothing was held."""

    def look(session: Session) -> Answer:
        period = Period(session, asked)
        sector = _found(period, asked.subject.ticker.strip())
        told = _TELLERS[asked.key](period, sector, [row for row in period.view.rows if _sector(row) == sector.sector])
        return period.question.status, replace(told, joint="to")

    return asked.read(look)


def _sector(row: ContributionRow) -> str:
    return row.sector or UNKNOWN_SECTOR


def _found(period: Period, name: str) -> SectorContribution:
    sectors = {one.sector.casefold(): one for one in period.view.sectors}
    if name.casefold() in sectors:
        return sectors[name.casefold()]
    known = ", ".join(one.sector for one in period.view.sectors)
    said = f"Nothing of the sector {name!r} was held after {period.first}." if name else "Give a sector."
    raise DataError(
        said, hint=f"there is: {known}" if known else "the first session holds nothing yet: ask for a later one"
    )


def _inputs(rows: list[ContributionRow], make: Callable[[str], Field], what: str, value: Value) -> tuple[Input, ...]:
    ordered = sorted(rows, key=lambda row: (-abs(value(row)), row.ticker))
    found = [computed(make(f"{what} of {row.ticker}"), value(row)) for row in ordered[:LARGEST]]
    if len(ordered) > LARGEST:
        rest = fsum(value(row) for row in ordered[LARGEST:])
        found.append(computed(make(f"{what} of the other {len(ordered) - LARGEST}, together"), rest))
    return tuple(found)


def _summed(label: str, what: str, key: str, make: Callable[[str], Field]) -> Callable[..., Told]:
    """An explainer of a number that is the sum of the same one of all companies."""

    def tell_sum(period: Period, sector: SectorContribution, rows: list[ContributionRow]) -> Told:
        inputs = _inputs(rows, make, what, lambda row: float(getattr(row, key)))
        values = [float(str(one.value)) for one in inputs]
        worked = " ".join([number(values[0]), *map(plus, values[1:])]) + f" = {number(getattr(sector, key))}"
        formula = f"sum of the {what.lower()} of its companies"
        name = period.named(f"{label} of {sector.sector}")
        return Told(name, getattr(sector, key), formula, worked, inputs)

    return tell_sum


def _members(period: Period, sector: SectorContribution, rows: list[ContributionRow]) -> Told:
    held = sum(row.sessions for row in rows)
    inputs = (
        computed(counted("Sessions held, all of its companies"), held),
        computed(counted("Sessions of the period"), period.sessions),
        *_inputs(rows, counted, "Sessions held", lambda row: row.sessions),
    )
    worked = f"{held} / {period.sessions} = {number(sector.members)}"
    formula = "sessions into which its companies were held / sessions of the period"
    return Told(period.named(f"Mean number of members of {sector.sector}"), sector.members, formula, worked, inputs)


def _gap(period: Period, sector: SectorContribution, _: list[ContributionRow]) -> Told:
    own, by_cap = sector.contribution, sector.cap_contribution
    inputs = (computed(fraction("Contribution"), own), computed(fraction("Contribution by cap"), by_cap))
    worked = f"{number(own)} - {grouped(by_cap)} = {number(own - by_cap)}"
    formula = "contribution less that with weights by cap"
    return Told(period.named(f"Gap of {sector.sector}"), own - by_cap, formula, worked, inputs)


_TELLERS: Final[dict[str, Callable[[Period, SectorContribution, list[ContributionRow]], Told]]] = {
    "contribution": _summed("Contribution", "Contribution", "contribution", fraction),
    "members": _members,
    "weight": _summed("Mean weight", "Mean weight", "weight", weight),
    "cap_weight": _summed("Mean weight by cap", "Mean weight by cap", "cap_weight", weight),
    "cap_contribution": _summed("Contribution by cap", "Contribution by cap", "cap_contribution", fraction),
    "gap": _gap,
}
