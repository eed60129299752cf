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
    TRUTH = "true or false"


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
    Field(
        "level_pr",
        "Level PR",
        Unit.LEVEL,
        2,
        Direction.UP,
        "Price-return level: the base level on the index's first session.",
    ),
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

EFFECTIVE: Final = Field(
    "effective", "Effective", Unit.COUNT, 1, text="How many equal weights would be as concentrated: 1 / sum of w²."
)

WHY_FIELDS: Final = (
    *CHANGE_FIELDS[:5],
    Field("market_cap_before_usd", "Cap before", Unit.USD, 0, text="Market cap at the session before."),
    CHANGE_FIELDS[5],
    Field("cut_cap_usd", "Cut", Unit.USD, 0, text="Market cap of rank N at the session."),
    Field("distance_usd", "To cut $", Unit.USD, 0, text="Market cap less that of rank N.", signed=True),
    Field("distance", "To cut", Unit.FRACTION, 2, text="The same over the cap of rank N.", signed=True),
    Field("days", "Days", Unit.COUNT, 0, text="Sessions in the index of the membership that ended; 0 when added."),
    Field("turnover", "Turnover", Unit.FRACTION, 3, Direction.DOWN, "Its share of the session's one-way turnover."),
    Field("effect_session", "Effect on", Unit.DATE, text="The next published session, the first that it touches."),
    Field("effect_pr", "Effect PR", Unit.FRACTION, 4, Direction.UP, "What it did to that price return.", signed=True),
    Field("effect_tr", "Effect TR", Unit.FRACTION, 4, Direction.UP, "What it did to that total return.", signed=True),
    Field("reason", "Reason", Unit.TEXT, text="rank, or why it is not eligible any more."),
)
"""A change with all that led to it: the columns of ``show changes --why``."""

CONTRIBUTION_FIELDS: Final = (
    Field("first", "First", Unit.DATE, text="Session whose close the period starts from."),
    Field("last", "Last", Unit.DATE, text="Last session of the period."),
    Field("series", "Series", Unit.TEXT, text="PR for price return, TR for total return."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker at the end of its time in the period."),
    Field("name", "Company", Unit.TEXT, text="Company name."),
    Field("sector", "Sector", Unit.TEXT, text="Sector as last known."),
    Field("sessions", "Sessions", Unit.COUNT, 0, text="Sessions of the period into which it was held."),
    Field("weight", "Weight", Unit.FRACTION, 2, text="Mean weight over all sessions of the period."),
    Field("return_own", "Own return", Unit.FRACTION, 2, Direction.UP, "Its return while it was held.", signed=True),
    Field(
        "contribution",
        "Contribution",
        Unit.FRACTION,
        3,
        Direction.UP,
        "What it added to the return of the index: all of them sum to it.",
        signed=True,
    ),
    Field("cap_weight", "Cap weight", Unit.FRACTION, 2, text="Mean weight of the same members by market cap."),
    Field(
        "cap_contribution",
        "By cap",
        Unit.FRACTION,
        3,
        Direction.UP,
        "What it would have added with weights by market cap.",
        signed=True,
    ),
    Field("gap", "Gap", Unit.FRACTION, 3, Direction.UP, "Contribution less that by cap.", signed=True),
)

SECTOR_FIELDS: Final = tuple(
    Field("members", "Members", Unit.COUNT, 1, text="Mean number of its members held.")
    if field.key == "sessions"
    else field
    for field in CONTRIBUTION_FIELDS
    if field.key not in ("ticker", "name", "return_own")
)

BUBBLE_FIELDS: Final = (
    Field("session", "Session", Unit.DATE, text="Session at whose close the members were decided."),
    Field("rank", "Rank", Unit.COUNT, 0, text="Rank by market cap among all eligible companies."),
    Field("rank_before", "Before", Unit.COUNT, 0, text="Rank at the session before; empty if not eligible or far off."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker on that session."),
    Field("name", "Company", Unit.TEXT, text="Company name."),
    Field("member", "Member", Unit.TEXT, text="Whether it was decided as a member."),
    Field("market_cap_usd", "Market cap", Unit.USD, 0, text="Market cap used for ranking."),
    Field("distance_usd", "To cut $", Unit.USD, 0, text="Market cap less that of rank N.", signed=True),
    Field("distance", "To cut", Unit.FRACTION, 2, text="The same over the cap of rank N.", signed=True),
    Field("since", "Since", Unit.DATE, text="First session of the present unbroken membership."),
    Field("days", "Days", Unit.COUNT, 0, text="Sessions in the index."),
)

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_SERIES: Final = Field("series", "Series", Unit.TEXT, text="PR for price return, TR for total return.")

MONTH_FIELDS: Final = (
    _SERIES,
    Field("year", "Year", Unit.TEXT, text="Calendar year."),
    *(
        Field(name.lower(), name, Unit.FRACTION, 2, Direction.UP, f"Return of {name}, compounded.", signed=True)
        for name in MONTHS
    ),
    Field("total", "Year total", Unit.FRACTION, 2, Direction.UP, "Return of the year, compounded.", signed=True),
    Field("partial", "Partial", Unit.TRUTH, text="Whether sessions of the year are without a return."),
)

DRAWDOWN_FIELDS: Final = (
    _SERIES,
    Field("depth", "Depth", Unit.FRACTION, 2, Direction.UP, "Level of the trough over that of the peak, less 1."),
    Field("peak", "Peak", Unit.DATE, text="Session of the peak."),
    Field("trough", "Trough", Unit.DATE, text="Session of the lowest level."),
    Field("recovery", "Recovery", Unit.DATE, text="First session back at the peak; empty if there is none yet."),
    Field("sessions_down", "Down", Unit.COUNT, 0, text="Sessions from the peak to the trough."),
    Field("sessions_back", "Back", Unit.COUNT, 0, text="Sessions from the trough to the recovery."),
    Field("days", "Days", Unit.COUNT, 0, text="Calendar days from the peak to the recovery, or to the last session."),
)

DAY_FIELDS: Final = (
    _SERIES,
    Field("kind", "Kind", Unit.TEXT, text="best or worst."),
    Field("place", "Place", Unit.COUNT, 0, text="1 for the largest gain or loss."),
    Field("session", "Session", Unit.DATE, text="The session."),
    Field("return", "Return", Unit.FRACTION, 2, Direction.UP, "Return of the session.", signed=True),
)

NET_FIELDS: Final = (
    Field("net_pr", "Net PR", Unit.LEVEL, 2, Direction.UP, "Price-return level after the cost of trading."),
    Field("net_tr", "Net TR", Unit.LEVEL, 2, Direction.UP, "Total-return level after the cost of trading."),
)

BENCHMARK: Final = Field("benchmark", "Benchmark", Unit.TEXT, text="Symbol that a figure is measured against.")

FINDING_FIELDS: Final = (
    Field("kind", "Finding", Unit.TEXT, text="What was found."),
    Field("ticker", "Ticker", Unit.TEXT, text="Ticker concerned, empty for the whole market."),
    Field("first", "First", Unit.DATE, text="First session concerned."),
    Field("last", "Last", Unit.DATE, text="Last session concerned."),
    Field("detail", "Detail", Unit.TEXT, text="One sentence, with its numbers."),
    Field("severity", "Severity", Unit.TEXT, text="high, medium or low."),
    Field("effect", "Effect", Unit.TEXT, text="What it did to the index."),
    Field("sessions", "Sessions", Unit.COUNT, 0, text="Sessions or rows concerned."),
    Field("source", "Source", Unit.TEXT, text="File it is about, empty where it is about stored data."),
)
