"""Where a company stands: its market cap, its rank and its distance to the cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.views.explain.cap_words import FORMULAS, RANKED, tell_cap
from engine.views.explain.caps import company_of
from engine.views.explain.parts import (
    Told,
    amount,
    computed,
    counted,
    dated,
    dollars,
    number,
    worded,
)
from engine.views.explain.standing import Row, Standing
from engine.views.explanation import Input


def market_cap(one: Standing) -> Told:
    """The market cap that ranks the company."""
    value = one.row.market_cap_usd if one.row else one.company.largest.value
    told = tell_cap(one.named("Market cap"), value, one.company)
    return Told(told.name, value, told.formula, told.worked, told.inputs, (*told.gaps, *one.far()))


def cap_source(one: Standing) -> Told:
    """How that market cap came about."""
    told = market_cap(one)
    source = one.row.cap_source if one.row else one.company.own.source
    formula = "the first that there is of: given, shares, carried; quarantined where a given one is held back"
    meaning = FORMULAS.get(source, "no market cap")
    note = (computed(worded("Source of the line's market cap"), source, one.at, meaning),)
    largest = one.company.largest
    line = f"The cap of the company is that of its line {largest.listing.ticker}: {largest.source}."
    other = (line,) if largest is not one.company.own else ()
    return Told(
        one.named("Source of the market cap"), source, formula, "", (*note, *told.inputs),
        (*other, *told.gaps),
    )  # fmt: skip


def rank(one: Standing) -> Told:
    """Its rank, and who is just above and below."""
    formula = RANKED
    row = one.row
    if row is None or row.rank is None:
        return Told(one.named("Rank"), None, formula, gaps=one.far() or ("It has no rank: it is not eligible.",))
    worked = f"1 + {row.rank - 1} = {row.rank}"
    inputs = [_ranked("Own market cap", row, one.at), *_neighbours(one, row.rank), *_cut(one)]
    told = market_cap(one)
    return Told(one.named("Rank"), row.rank, formula, worked, (*inputs, *told.inputs), told.gaps)


def _ranked(label: str, row: Row, at: date) -> Input:
    note = f"{row.ticker}, {row.name}, {row.cap_source}"
    return computed(dollars(label), row.market_cap_usd, at, note)


def _neighbours(one: Standing, rank: int) -> Iterator[Input]:
    by_rank = {row.rank: row for row in one.rows}
    for place, where in ((rank - 1, "above"), (rank + 1, "below")):
        if place in by_rank:
            yield _ranked(f"Rank {place}, just {where}", by_rank[place], one.at)


def _cut(one: Standing) -> Iterator[Input]:
    size = one.question.status.size
    at_cut = next((row for row in one.rows if row.rank == size), None)
    if at_cut:
        yield _ranked(f"Rank {size}, the cut", at_cut, one.at)


def rank_before(one: Standing) -> Told:
    """Its rank at the published session before."""
    formula = "rank at the published session before; of a company that is no member, only down to 10 below the cut"
    row = one.row
    name = one.named("Rank before")
    if row is None or row.rank_before is None:
        gap = "It was not eligible at the session before, or ranked more than 10 below the cut."
        return Told(name, None, formula, gaps=(*one.far(), gap))
    if one.before is None:
        first = "It is the first session of the index: there is none before, and its own rank stands here."
        return Told(name, row.rank_before, formula, gaps=(first,))
    company = company_of(one.ground, one.listing, one.last, one.question.rules)
    told = tell_cap(name, company.largest.value, company)
    inputs = (
        computed(dated("Session before"), one.last, one.last),
        computed(counted("Rank now"), row.rank, one.at),
        *told.inputs,
    )
    worked = f"1 + {row.rank_before - 1} = {row.rank_before}"
    return Told(name, row.rank_before, formula, worked, inputs, told.gaps)


def distance_usd(one: Standing) -> Told:
    """Its market cap less that of rank N."""
    return _to_cut(one, relative=False)


def distance(one: Standing) -> Told:
    """The same over the market cap of rank N."""
    return _to_cut(one, relative=True)


def _to_cut(one: Standing, *, relative: bool) -> Told:
    formula = "(market cap - cut) / cut" if relative else "market cap - cut"
    formula += f"; the cut is the market cap of rank {one.question.status.size}"
    name, cut = one.named("Distance to the cut"), one.now.cut_cap_usd
    cap = one.row.market_cap_usd if one.row else one.company.largest.value
    if not cut or cap is None:
        gap = "Fewer companies are eligible than there are places: there is no cut." if not cut else "It has no cap."
        return Told(name, None, formula, gaps=(gap, *one.far()))
    apart = cap - cut
    value = apart / cut if relative else apart
    divided = f" / {amount(cut)}" if relative else ""
    worked = f"({amount(cap)} - {amount(cut)}){divided} = {number(value)}"
    own = computed(dollars("Own market cap"), cap, one.at)
    told = market_cap(one)
    return Told(name, value, formula, worked, (own, *_cut(one), *told.inputs), told.gaps)


def cut_cap(one: Standing) -> Told:
    """The market cap of rank N."""
    size, cut = one.question.status.size, one.now.cut_cap_usd
    name, formula = f"Market cap of rank {size}", f"market cap of the eligible company of rank {size} at the close"
    if not cut:
        return Told(name, None, formula, gaps=("Fewer companies are eligible than there are places.",))
    at_cut = next((row for row in one.rows if row.rank == size), None)
    if at_cut is None:
        return Told(name, cut, formula)
    company = company_of(one.ground, one.ground.listing(at_cut.ticker, one.at), one.at, one.question.rules)
    told = tell_cap(name, cut, company)
    by_rank: Sequence[Input] = (*_cut(one), *_neighbours(one, size))
    return Told(name, cut, formula, told.worked, (*by_rank, *told.inputs), told.gaps)
