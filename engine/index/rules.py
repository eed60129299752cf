"""The rules of an index: what a person can set, and what the methodology fixes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

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

EXCHANGES: Final = frozenset(
    {
        "nyse",
        "nasdaq",
        "nyse american",
        "amex",
        "nms",
        "nyq",
        "ase",
        "ngm",
        "ncm",
        "nasdaqgs",
        "nasdaqgm",
        "nasdaqcm",
    }
)
"""Names of NYSE, Nasdaq and NYSE American in use, lower case."""

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
    """

    size: int = 100
    buffer: int = 0
    rebalance: str = "daily"
    base_level: float = 1000.0
    cap_band: float = 2.0
    domicile: str = "listed"

    def text(self) -> str:
        """The rules as stored with a build; a build is kept only while they are the same."""
        return json.dumps({**asdict(self), "methodology_version": METHODOLOGY_VERSION}, sort_keys=True)


def refusal(exchange: str | None, country: str | None, security_type: str | None, domicile: str) -> str | None:
    """Why a security cannot be a member whatever its size, or None.

    What is not known refuses nothing, except the country when only US-domiciled companies are wanted.
    """
    if exchange and exchange.strip().lower() not in EXCHANGES:
        return f"listed on {exchange.strip()}, not on NYSE, Nasdaq or NYSE American"
    if security_type and not is_common(security_type):
        return f"{security_type.strip()}, not common stock"
    if domicile == "us" and (country or "").strip().lower() not in UNITED_STATES:
        return f"domiciled in {country.strip()}" if country and country.strip() else "country not known"
    return None


def is_common(security_type: str | None) -> bool:
    """Whether a security is common stock; a type that is not known is no reason against it."""
    known = (security_type or "").strip().lower()
    return not known or known in COMMON
