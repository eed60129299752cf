"""Every published number, declared once: label, unit, decimals, direction.

Screens, ``show``, the workbook, the help and METHODOLOGY.md's table all walk this registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Unit(Enum):
    """What a value is measured in."""

    LEVEL = "index points"
    FRACTION = "fraction"
    RATIO = "ratio"
    USD = "USD"
    COUNT = "count"
    DATE = "date"
    TEXT = "text"


class Direction(Enum):
    """Which way is better, for colour and arrows."""

    UP = "higher is better"
    DOWN = "lower is better"
    NONE = "neither"


@dataclass(frozen=True, slots=True)
class Field:
    """One published number or label.

    Attributes:
        key: Column name in files and JSON.
        label: Heading for people, short enough for a narrow column.
        unit: What it is measured in; fractions are shown as percent.
        decimals: Decimals shown to people (of the percent, for a fraction).
        direction: Which way is better.
        text: One sentence that explains it.
        signed: Whether a plus sign is shown for gains.
    """

    key: str
    label: str
    unit: Unit
    decimals: int = 2
    direction: Direction = Direction.NONE
    text: str = ""
    signed: bool = False


PERFORMANCE_FIELDS: Final = (
    Field("session", "Session", Unit.DATE, text="A day the NYSE traded."),
    Field("level_pr", "Level PR", Unit.LEVEL, 2, Direction.UP, "Price-return level, 1,000 on the first session."),
    Field("level_tr", "Level TR", Unit.LEVEL, 2, Direction.UP, "Total-return level: dividends added, gross."),
    Field("return_pr", "Return PR", Unit.FRACTION, 2, Direction.UP, "Price return of the session.", signed=True),
    Field("return_tr", "Return TR", Unit.FRACTION, 2, Direction.UP, "Total return of the session.", signed=True),
    Field("members", "Members", Unit.COUNT, 0, text="Members decided at the close of the session."),
    Field("priced", "Priced", Unit.COUNT, 0, text="Of the members held into the session, those with a price."),
    Field("turnover", "Turnover", Unit.FRACTION, 2, Direction.DOWN, "One-way turnover traded at the close."),
)

COMPOSITION_FIELDS: Final = (
    Field("session", "Session", Unit.DATE, text="Session at whose close the members were decided."),
    Field("rank", "Rank", Unit.COUNT, 0, text="Rank by market cap among all eligible companies."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker on that session."),
    Field("name", "Company", Unit.TEXT, text="Company name."),
    Field("sector", "Sector", Unit.TEXT, text="Sector as last known."),
    Field("market_cap_usd", "Market cap", Unit.USD, 0, text="Market cap used for ranking."),
    Field("weight", "Weight", Unit.FRACTION, 2, text="Target weight from the next session on."),
    Field("close", "Close", Unit.USD, 2, text="Close as traded."),
    Field("since", "Since", Unit.DATE, text="First session of the present unbroken membership."),
)

CHANGE_FIELDS: Final = (
    Field("session", "Session", Unit.DATE, text="Session at whose close the change was decided."),
    Field("kind", "Change", Unit.TEXT, text="added or removed."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker on that session."),
    Field("rank_before", "Rank before", Unit.COUNT, 0, text="Rank at the session before; empty where not eligible."),
    Field("rank_after", "Rank after", Unit.COUNT, 0, text="Rank at the session; empty where not eligible."),
    Field("market_cap_usd", "Market cap", Unit.USD, 0, text="Market cap at the session."),
)

ANNUAL_TURNOVER: Final = Field(
    "turnover", "Turnover p.a.", Unit.FRACTION, 0, Direction.DOWN, "Mean one-way turnover of a session × 252."
)
