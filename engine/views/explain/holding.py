"""What the index holds of a company: weight, contribution, since when; its close and return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import fsum
from typing import Final

from engine.calendar import previous_session
from engine.index.rules import CAP
from engine.metrics.holdings import effective_constituents
from engine.views.explain.ground import HeldRow
from engine.views.explain.parts import (
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
    ratio,
    setting,
    several,
    weight,
)
from engine.views.explain.performance import UNPUBLISHED, lost_sessions
from engine.views.explain.placing import market_cap
from engine.views.explain.prices import close_input, split_input
from engine.views.explain.standing import Row, Standing

EQUAL: Final = "1 / number of members decided at the close"
BY_CAP: Final = "market cap / market cap of all members decided at the close"


def own_weight(one: Standing) -> Told:
    """Its target weight from the next session on."""
    name, row, by_cap = one.named("Weight"), one.row, one.question.status.weighting == CAP
    if row is None or not row.member:
        formula = BY_CAP if by_cap else EQUAL
        return Told(name, row.weight if row else None, formula, gaps=("It is not a member.", *one.far()))
    decided, told = _by_cap(one, row) if by_cap else _equal(one, row)
    if row.weight == decided or one.held is None or one.now.return_pr is None:
        return told
    return _drifted(one, row, one.held, one.now.return_pr)


def _equal(one: Standing, row: Row) -> tuple[float, Told]:
    """The weight right after a rebalancing to equal ones, and what is told of it."""
    members = one.now.members
    inputs = (
        computed(counted("Members decided"), members, one.at),
        setting("Rebalancing", one.question.engine.settings.rebalance),
    )
    worked = f"1 / {members} = {number(row.weight)}"
    return 1 / members, Told(one.named("Weight"), row.weight, EQUAL, worked, inputs)


def _by_cap(one: Standing, row: Row) -> tuple[float, Told]:
    """The weight right after a rebalancing to market caps, and what is told of it."""
    caps = [other.market_cap_usd or 0.0 for other in one.rows if other.member]
    own, total = row.market_cap_usd or 0.0, fsum(caps)
    told = market_cap(one)
    inputs = (
        computed(dollars("Own market cap"), own, one.at),
        computed(dollars("Market cap of all members decided"), total, one.at),
        computed(counted("Members decided"), len(caps), one.at),
        setting("Weighting", CAP),
        setting("Rebalancing", one.question.engine.settings.rebalance),
        *told.inputs,
    )
    worked = f"{amount(own)} / {amount(total)} = {number(row.weight)}"
    return own / total if total else 0.0, Told(one.named("Weight"), row.weight, BY_CAP, worked, inputs, told.gaps)


def _drifted(one: Standing, row: Row, held: HeldRow, index_return: float) -> Told:
    """Between rebalances the index holds units: weights move with returns."""
    formula = "w before × (1 + r) / (1 + R) between rebalances; spread over the rest when a member is gone"
    stays = {other.listing for other in one.rows if other.member}
    gone = [other for other in one.ground.held(one.at) if other.listing not in stays]
    lost = fsum(other.weight * (1 + other.return_pr) / (1 + index_return) for other in gone)
    inputs = (
        computed(weight("Weight before (w)"), held.weight, one.last),
        computed(fraction("Price return (r)"), held.return_pr, one.at),
        computed(fraction("Price return of the index (R)"), index_return, one.at),
        *([computed(weight("Drifted weights of the members that are gone"), lost, one.at)] if gone else []),
        setting("Rebalancing", one.question.engine.settings.rebalance),
    )
    spread = f" / (1 - {number(lost)})" if gone else ""
    worked = f"{number(held.weight)} × (1 {plus(held.return_pr)}) / (1 {plus(index_return)}){spread} = "
    return Told(one.named("Weight"), row.weight, formula, worked + number(row.weight), inputs)


def close(one: Standing) -> Told:
    """Its close as traded."""
    name, formula = one.named("Close"), "close as traded, not adjusted for anything that came later"
    fact = one.prices.last(one.at)
    if fact is None:
        return Told(name, one.row.close if one.row else None, formula, gaps=one.far())
    splits = one.prices.split_between(fact.session, one.at)
    value = one.row.close if one.row else fact.value
    worked = "".join([number(fact.value), *(f" / {number(split.value)}" for split in splits)])
    worked = f"{worked} = {number(value)}" if splits else ""
    stale = one.row.stale if one.row else 0
    gaps = (f"No price for {several(stale, 'session')}: that of {fact.session} is carried.",) if stale else ()
    inputs = (close_input("Close (U)", fact, one.at), *map(split_input, splits))
    return Told(name, value, formula, worked, inputs, (*gaps, *one.far()))


def stale(one: Standing) -> Told:
    """Sessions since its last price."""
    fact = one.prices.last(one.at)
    inputs = (close_input("Last close", fact, one.at),) if fact else ()
    value = one.row.stale if one.row else None
    return Told(
        one.named("Sessions without a price"), value, "sessions since the last price; 0 when it was priced", "", inputs,
        one.far(),
    )  # fmt: skip


def day_return(one: Standing) -> Told:
    """Its price return of the session."""
    name, formula = one.named("Price return"), "U × k / U before - 1; 0 without a price"
    row = one.row
    if row is None or row.return_pr is None:
        first = () if row is None else ("There was no price before.",)
        return Told(name, None, formula, gaps=(*first, *one.far()))
    since = one.last if row.contribution is not None else previous_session(one.at - timedelta(days=1))
    move = one.prices.move(since, one.at)
    if move is None:
        return Told(name, row.return_pr, formula, gaps=one.far())
    worked = f"{move.text} - 1 = {number(row.return_pr)}"
    if move.old is move.new:
        worked = ""
    return Told(name, row.return_pr, formula, worked, tuple(move.inputs()), tuple(_return_gaps(one, row)))


def _return_gaps(one: Standing, row: Row) -> Iterator[str]:
    if row.stale:
        yield f"No price for {several(row.stale, 'session')}: its return catches up when there is one."
    for found in one.ground.findings(one.listing.ticker, one.at, one.at):
        if found.kind == "jump":
            yield "The return is beyond 40 %: it stands among the findings."
    if row.contribution is not None and one.before:
        day = timedelta(days=1)
        lost = one.ground.findings("", one.last + day, one.at - day)
        yield from lost_sessions([found for found in lost if found.kind in UNPUBLISHED])


def contribution(one: Standing) -> Told:
    """What it added to the price return of the index."""
    name, formula = one.named("Contribution"), "weight decided at the session before × price return of the session"
    row, held = one.row, one.held
    value = row.contribution if row else held.contribution_pr if held else None
    if value is None or held is None:
        return Told(name, value, formula, gaps=("It was not held into the session.", *one.far()))
    worked = f"{number(held.weight)} × {grouped(held.return_pr)} = {number(value)}"
    inputs = (
        computed(weight("Weight decided before"), held.weight, one.last),
        computed(fraction("Price return since"), held.return_pr, one.at),
        *day_return(one).inputs,
    )
    return Told(name, value, formula, worked, inputs, day_return(one).gaps)


def since(one: Standing) -> Told:
    """First session of its present membership."""
    formula = "first session of the present unbroken membership"
    row = one.row
    if row is None or row.since is None:
        return Told(one.named("Member since"), None, formula, gaps=("It is not a member.", *one.far()))
    first = computed(dated("First session as a member"), row.since, row.since)
    days = computed(counted("Sessions in the index"), one.now.ordinal - (row.began or 0) + 1, one.at)
    begun = () if row.began else ("It has been a member from the first session of the index.",)
    return Told(one.named("Member since"), row.since, formula, "", (first, days), begun)


def days(one: Standing) -> Told:
    """Sessions of its present membership."""
    formula = "published sessions from the first one as a member to this one, both counted"
    row, name = one.row, one.named("Sessions in the index")
    if row is None or row.began is None:
        return Told(name, 0 if row else None, formula, gaps=("It is not a member.", *one.far()))
    value = one.now.ordinal - row.began + 1
    inputs = (
        computed(counted("Number of the session"), one.now.ordinal + 1, one.at),
        computed(counted("Number of its first session as a member"), row.began + 1, row.since),
    )
    return Told(name, value, formula, f"{one.now.ordinal + 1} - {row.began + 1} + 1 = {value}", inputs)


def effective(one: Standing) -> Told:
    """How many equal weights would be as concentrated."""
    weights = [row.weight for row in one.rows if row.member]
    value = effective_constituents(weights)
    formula = "1 / sum of w² over the members decided"
    if value is None:
        return Told("Effective constituents", None, formula, gaps=("There are no members.",))
    squares = fsum(each**2 for each in weights)
    inputs = (
        computed(counted("Members decided"), len(weights), one.at),
        computed(ratio("Sum of the squares of their weights"), squares, one.at),
        computed(weight("Largest weight"), max(weights), one.at),
        computed(weight("Smallest weight"), min(weights), one.at),
    )
    return Told("Effective constituents", value, formula, f"1 / {number(squares)} = {number(value)}", inputs)
