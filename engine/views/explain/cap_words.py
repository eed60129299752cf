"""What is said about a market cap: formula, numbers, inputs, and what was held back."""

from collections.abc import Iterator
from math import isclose
from typing import Final

from engine.index.rules import QUARANTINE_SESSIONS
from engine.views.explain.caps import CARRIED, Cap, Company
from engine.views.explain.ground import Noted
from engine.views.explain.parts import (
    Told,
    amount,
    computed,
    dollars,
    noted,
    several,
    stored,
    worded,
)
from engine.views.explanation import Input

FORMULAS: Final = {
    "given": "the market cap given for the session",
    "shares": "close as traded × shares outstanding; shares are the last report × the splits since",
    "carried": "the last market cap before × (1 + price return since), for at most five sessions",
    "quarantined": "the last market cap before × (1 + price return since), in place of a given one that is held back",
}
RANKED: Final = "1 + number of companies eligible for the index with a larger market cap at the close; ties by symbol"
CAP_OF_A_COMPANY: Final = "; the cap of a company with several lines is the largest of its eligible lines'"


def tell_cap(name: str, value: float | None, company: Company) -> Told:
    """Explain the market cap of a company; ``value`` is the number that is shown."""
    cap = company.largest
    formula = FORMULAS.get(cap.source, "no market cap: not eligible")
    formula += CAP_OF_A_COMPANY if company.lines else ""
    inputs = [*_inputs(cap), *line_inputs(company)]
    gaps = [*_gaps(cap), *(line for other in _others(company, cap) for line in _gaps(other))]
    if value is not None and cap.value is not None and not isclose(value, cap.value, rel_tol=1e-9):
        gaps.append(f"The data stored now give {amount(cap.value)}: the index was built before they came.")
    return Told(name, value, formula, worked(cap), tuple(inputs), tuple(gaps))


def worked(cap: Cap) -> str:
    """The market cap with its numbers."""
    if cap.value is None:
        return ""
    start = cap.counted.text if cap.counted else amount(cap.base_given.value) if cap.base_given else ""
    if cap.move:
        start = f"{start} × {cap.move.text}"
    return f"{start} = {amount(cap.value)}" if cap.move or cap.counted else f"{start}, as given"


def _inputs(cap: Cap) -> Iterator[Input]:
    """What the cap was made of, the cap that was not taken first."""
    label = f"Market cap of {cap.listing.ticker}"
    if cap.held_back and cap.given:
        held = stored(dollars(f"{label} as given, held back"), cap.given.value, cap.at, cap.given.origin, "quarantined")
        yield noted(held, f"since {cap.held_back.since}")
    if cap.base_given:
        carried = cap.base != cap.at
        shown = dollars(f"{label} that was carried" if carried else f"{label} as given")
        provenance = "decided" if cap.base_given.decided else "given"
        fact = cap.base_given
        yield stored(
            shown, fact.value, fact.session, fact.origin, provenance, "accepted by a person" if fact.decided else ""
        )
    if cap.counted and cap.base:
        yield from cap.counted.inputs(cap.base)
        if cap.move:
            yield computed(dollars(f"{label} that was carried"), cap.counted.value, cap.base)
    if cap.move:
        yield from cap.move.inputs()


def line_inputs(company: Company) -> Iterator[Input]:
    """Every line of the company with its cap and what it trades, and the one that stands for it."""
    largest = company.largest
    for cap, refused, mean, sessions in company.lines:
        notes = [
            "the largest" if cap is largest and cap.value is not None else "",
            f"not eligible: {refused}" if refused else "",
        ]
        label = f"Market cap of the line {cap.listing.ticker}"
        note = "; ".join(filter(None, notes))
        yield Input(dollars(label), cap.value, cap.at, cap.source if cap.value is not None else "", note=note)
        traded = dollars(f"Mean traded value of {cap.listing.ticker}")
        yield computed(traded, mean, cap.at, f"over {several(sessions, 'session')} with one, of the last 63")
    eligible = [(mean, cap) for cap, refused, mean, _ in company.lines if not refused and cap.value is not None]
    if len(eligible) > 1:
        first = max(eligible, key=lambda one: (one[0], [-ord(sign) for sign in one[1].listing.ticker]))
        yield computed(worded("Line that stands for the company"), first[1].listing.ticker, note="it trades the most")


def _others(company: Company, largest: Cap) -> list[Cap]:
    """The line asked about, where another one gave the cap."""
    return [company.own] if company.own is not largest else []


def _gaps(cap: Cap) -> Iterator[str]:
    """What was held back, carried or doubtful."""
    if cap.held_back:
        yield from _quarantine(cap, cap.held_back)
    elif cap.source == CARRIED:
        missed = several(cap.missed, "session")
        yield f"{cap.listing.ticker} has no market cap for {missed}: that of {cap.base} is carried."
    elif cap.value is None:
        yield f"{cap.listing.ticker} has no market cap, and none of the five sessions before either."
    for one in cap.findings:
        yield from _doubt(cap.listing.ticker, one)


def _quarantine(cap: Cap, found: Noted) -> Iterator[str]:
    given = cap.given.value if cap.given else found.value or 0.0
    factor = given / cap.value if cap.value else float("nan")
    yield (
        f"The given market cap, {amount(given)}, is {factor:.2f} times the carried one: outside of the plausibility "
        f"band, and held back since {found.since}. It is taken after {QUARANTINE_SESSIONS} sessions, or when a person "
        f"accepts it: flatcap decide accept-cap {cap.listing.ticker} {cap.at}"
    )


DOUBTS: Final = {
    "band-expired": "The given market cap of {since} is outside of the plausibility band, and taken because it has "
    "stood for 63 sessions; the price would have carried {used}.",
    "cap-step": "The given market cap of {since} moved by more than a quarter against the price, inside of the "
    "plausibility band; the price would have carried {used}.",
}


def _doubt(ticker: str, found: Noted) -> Iterator[str]:
    if found.kind in DOUBTS:
        yield f"{ticker}: {DOUBTS[found.kind].format(since=found.since, used=amount(found.used or 0.0))}"
