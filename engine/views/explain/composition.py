"""A number of one company at a session, explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.store.database import Session
from engine.views.explain import holding, placing
from engine.views.explain.cap_words import line_inputs
from engine.views.explain.parts import Answer, Asked, Told, computed, stored, worded
from engine.views.explain.standing import Standing


def tell(asked: Asked) -> Answer:
    """Explain a number of a company."""

    def look(session: Session) -> Answer:
        one = Standing(session, asked)
        return one.question.status, _TELLERS[asked.key](one)

    return asked.read(look)


def _ticker(one: Standing) -> Told:
    spells = [computed(worded("Ticker"), spell.ticker, spell.first, f"to {spell.last}") for spell in one.listing.spells]
    told = _facts(one, "ticker")
    formula = "the ticker that the line of stock has on that session"
    if one.company.lines:
        formula += "; of several lines of one company, the one with the larger mean traded value of 63 sessions"
    inputs = (*spells, *line_inputs(one.company), *told.inputs)
    return Told(told.name, told.value or one.listing.ticker, formula, "", inputs, told.gaps)


def _name(one: Standing) -> Told:
    return _facts(one, "name")


def _sector(one: Standing) -> Told:
    return _facts(one, "sector")


def _facts(one: Standing, key: str) -> Told:
    """What is known of a security."""
    found = one.ground.security(one.listing)
    formula = "as last known under the ticker of the session, or under the last ticker of the stock"
    name = one.named(one.question.field.label)
    value = getattr(one.row, key) if one.row else getattr(found, key) if found else None
    if found is None:
        gap = f"Nothing is stored about {one.listing.ticker}: import a file of securities."
        return Told(name, value, formula, gaps=(gap, *one.far()))
    facts = {"Company": found.name, "Sector": found.sector, "Exchange": found.exchange, "Issuer": found.issuer}
    inputs = [
        stored(worded(f"{label} of {found.ticker}"), fact, None, found.origin) for label, fact in facts.items() if fact
    ]
    return Told(name, value, formula, "", tuple(inputs), one.far())


_TELLERS: Final[dict[str, Callable[[Standing], Told]]] = {
    "market_cap_usd": placing.market_cap,
    "cap_source": placing.cap_source,
    "rank": placing.rank,
    "rank_before": placing.rank_before,
    "distance_usd": placing.distance_usd,
    "distance": placing.distance,
    "weight": holding.own_weight,
    "close": holding.close,
    "stale": holding.stale,
    "return_pr": holding.day_return,
    "contribution": holding.contribution,
    "since": holding.since,
    "days": holding.days,
    "ticker": _ticker,
    "name": _name,
    "sector": _sector,
    "cut_cap_usd": placing.cut_cap,
    "effective": holding.effective,
}
