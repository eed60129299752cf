"""The rules of an index: what a person can set, and what the methodology fixes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

METHODOLOGY_VERSION: Final = 3
"""Grows with every change of a rule; stored with every build, and a build under older rules is redone."""

MAX_STALE: Final = 5
"""Sessions for which a missing price or cap is carried."""

QUARANTINE_SESSIONS: Final = 63
"""Sessions after which a cap outside the plausibility band is taken all the same."""

SECOND_SOURCE_TOLERANCE: Final = 0.10
"""A cap from reported shares within this fraction confirms a given cap outside the band."""

CAP_STEP: Final = 0.25
"""A given cap that is taken and moves by more than this against the price is flagged."""

TRADED_WINDOW: Final = 63
"""Sessions over which the traded value of a company's lines is compared."""

INCOMPLETE_SHARE: Final = (1, 20)
"""More than this fraction of the members without a price makes a session incomplete (5 %, as integers)."""

JUMP: Final = 0.40
"""A price return beyond this without a split is flagged."""

BUBBLE: Final = 10
"""Ranks below the cut that are kept beside the members."""

CAP_SOURCES: Final = ("none", "given", "shares", "carried", "quarantined")
NONE, GIVEN, SHARES, CARRIED, QUARANTINED = range(5)

EXCHANGE_OF: Final = {
    "nyse": "NYSE",
    "nyq": "NYSE",
    "nasdaq": "NASDAQ",
    "nms": "NASDAQ",
    "ngm": "NASDAQ",
    "ncm": "NASDAQ",
    "nasdaqgs": "NASDAQ",
    "nasdaqgm": "NASDAQ",
    "nasdaqcm": "NASDAQ",
    "nyse american": "NYSE AMERICAN",
    "amex": "NYSE AMERICAN",
    "ase": "NYSE AMERICAN",
}
"""Names of NYSE, Nasdaq and NYSE American in use, lower case, and the exchange that each is of."""

EQUAL: Final = "equal"
CAP: Final = "cap"

COMMON: Final = frozenset({"common stock", "common", "common shares", "ordinary shares", "equity", "stock", "cs"})
UNITED_STATES: Final = frozenset({"us", "usa", "united states", "united states of america"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a person can set of an index.

    Attributes:
        size: N, the number of places.
        buffer: Ranks of grace on both sides of the cut.
        rebalance: ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        base_level: Level of the first session.
        cap_band: Plausibility band as a factor, 0 for none.
        domicile: ``listed`` or ``us``.
        weighting: ``equal`` or ``cap``.
        sectors: Sectors that count, lower case, empty for all of them.
        exchanges: Of ``EXCHANGE_OF``, those that count, empty for all of them.
        base_date: First day that the index may begin on, None for the first session there is.
    """

    size: int = 100
    buffer: int = 0
    rebalance: str = "daily"
    base_level: float = 1000.0
    cap_band: float = 2.0
    domicile: str = "listed"
    weighting: str = EQUAL
    sectors: frozenset[str] = frozenset()
    exchanges: frozenset[str] = frozenset()
    base_date: date | None = None

    def text(self) -> str:
        """The rules as stored with a build; a build is kept only while they are the same.

        What has come later than the first rules is left out where it changes nothing: a store stays as it is built.
        """
        values = {**asdict(self), "methodology_version": METHODOLOGY_VERSION}
        if self.weighting == EQUAL:
            del values["weighting"]
        later = {name: values.pop(name) for name in ("sectors", "exchanges", "base_date")}
        return json.dumps({**values, **_plain(later)}, sort_keys=True)


def takes_sectors(text: str) -> bool:
    """Whether rules as they are stored with a build narrow the index to some sectors."""
    return "sectors" in json.loads(text)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON has them, those that say something."""
    return {
        name: value.isoformat() if isinstance(value, date) else sorted(value) for name, value in values.items() if value
    }


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a security.

    Attributes:
        exchange: Where it is listed.
        issuer: Name of its company.
        country: Domicile.
        security_type: Such as common stock.
        sector: As last known.
    """

    exchange: str | None = None
    issuer: str | None = None
    country: str | None = None
    security_type: str | None = None
    sector: str | None = None


NO_EXCHANGE: Final = "exchange not known"
NO_SECTOR: Final = "sector not known"
NOT_KNOWN: Final = (NO_EXCHANGE, NO_SECTOR)
"""Reasons that a person can do something about: nobody has said where a security is listed, or what it does."""


def refusal(facts: Facts, rules: Rules) -> str | None:
    """Why a security cannot be a member whatever its size, or None.

    What is not known refuses nothing, except what an index is narrowed by.
    """
    exchange = _clean(facts.exchange)
    if exchange and exchange.lower() not in EXCHANGE_OF:
        return f"listed on {exchange}, not on NYSE, Nasdaq or NYSE American"
    if facts.security_type and not is_common(facts.security_type):
        return f"{_clean(facts.security_type)}, not common stock"
    if rules.domicile == "us" and _clean(facts.country).lower() not in UNITED_STATES:
        return f"domiciled in {_clean(facts.country)}" if _clean(facts.country) else "country not known"
    return _narrowed(exchange, _clean(facts.sector), rules)


def _narrowed(exchange: str, sector: str, rules: Rules) -> str | None:
    """Why an index that is narrowed to some exchanges or sectors leaves a security out."""
    if rules.exchanges and EXCHANGE_OF.get(exchange.lower()) not in rules.exchanges:
        return f"listed on {exchange}, which this index leaves out" if exchange else NO_EXCHANGE
    if rules.sectors and sector_key(sector) not in rules.sectors:
        return f"of the sector {sector}, which this index leaves out" if sector else NO_SECTOR
    return None


def sector_key(sector: str | None) -> str:
    """A sector as it is compared, whatever its case and blanks; empty for none."""
    return " ".join((sector or "").split()).casefold()


def _clean(text: str | None) -> str:
    return (text or "").strip()


def is_common(security_type: str | None) -> bool:
    """Whether a security is common stock; a type that is not known is no reason against it."""
    known = (security_type or "").strip().lower()
    return not known or known in COMMON
