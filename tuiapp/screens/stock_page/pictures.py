"""A company over time as a line: market cap, close or rank, and below it when it was in the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import nan
from typing import TYPE_CHECKING, Final

from engine.metrics.periods import PERIODS, period_start
from engine.views.stock import closes_on_basis
from tuiapp import format as text
from tuiapp.widgets.date_axis import column_of
from tuiapp.widgets.line import Part, width_of
from tuiapp.widgets.plotting import Curve, Panel, Picture, drawing_of
from tuiapp.widgets.scale import Form, rounded
from tuiapp.widgets.tabs import choice, tabs

if TYPE_CHECKING:
    from engine.views.types import StockView
    from tuiapp.screens.stock_page.asking import Company

Line = list[Part]
HEIGHT: Final = 10
MEMBER: Final = "━"
OUTSIDE: Final = " "


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be drawn.

    Attributes:
        title: What it is called.
        values: Its values by session, up to a session.
        form: Writes the marks of the axis.
        about: What else there is to know about it.
    """

    title: str
    values: Callable[[StockView, date], dict[date, float]]
    form: Form
    about: str


def _caps(view: StockView, last: date) -> dict[date, float]:
    return {r.session: r.market_cap_usd for r in view.rows if r.market_cap_usd is not None and r.session <= last}


def _ranks(view: StockView, last: date) -> dict[date, float]:
    """Ranks turned round: the first one lies highest."""
    return {row.session: -float(row.rank) for row in view.rows if row.rank is not None and row.session <= last}


def _cap_mark(mark: float, marks: Sequence[float]) -> str:  # noqa: ARG001 (a form is given all marks)
    return text.cap(mark)


def _rank_mark(mark: float, marks: Sequence[float]) -> str:  # noqa: ARG001 (a form is given all marks)
    return f"{-mark:,.0f}" if mark == round(mark) else ""


KINDS: Final = (
    Kind("Cap", _caps, _cap_mark, "market cap in USD"),
    Kind("Close", closes_on_basis, rounded, "closes in USD, splits undone"),
    Kind("Rank", _ranks, _rank_mark, "rank where it is a member or near the cut"),
)
RANGES: Final = PERIODS


@dataclass(frozen=True, slots=True)
class Look:
    """How it is looked at: place of the kind, name of the range, and whether only ASCII can be shown."""

    kind: int = 0
    period: str = "1Y"
    plain: bool = False


def picture(
    company: Company, sessions: Sequence[date], end: int, look: Look, keys: tuple[str, str], width: int
) -> list[Line]:
    """The line with its axes, and a strip of the sessions in the index.

    Args:
        company: The company.
        sessions: Sessions of the index.
        end: Place of the as-of session.
        look: What is looked at.
        keys: The key that draws something else, and the pair that changes the range.
        width: Cells.
    """
    kind = KINDS[look.kind]
    dates = sessions[period_start(sessions, end, look.period).index : end + 1]
    values = _values(company, sessions, end, look)
    head = _head(look, keys, width)
    if not values:
        return [*head, [], [(f" No {kind.title.lower()} in these sessions; {keys[1]} changes them.", "muted")]]
    curve = Curve(tuple(values.get(day, nan) for day in dates), "accent")
    drawing = drawing_of(Picture(dates, Panel((curve,), form=kind.form)), width - 1, HEIGHT, plain=look.plain)
    lines = [*head, *([(" ", ""), *line] for line in drawing.lines)]
    if drawing.columns:
        lines.insert(len(head) + drawing.depth, _strip(company, dates, drawing.left, drawing.columns))
    return lines


def first_look(look: Look, company: Company, sessions: Sequence[date], end: int) -> Look:
    """The same look where it shows something; else of all sessions, or of what else there is: it may be gone."""
    looks = (
        replace(look, kind=kind, period=period) for period in (look.period, RANGES[-1]) for kind in range(len(KINDS))
    )
    return next((each for each in looks if _values(company, sessions, end, each)), look)


def _values(company: Company, sessions: Sequence[date], end: int, look: Look) -> dict[date, float]:
    """What is drawn, by session."""
    start = sessions[period_start(sessions, end, look.period).index]
    found = KINDS[look.kind].values(company.view, sessions[end])
    return {day: value for day, value in found.items() if start <= day}


def _head(look: Look, keys: tuple[str, str], width: int) -> list[Line]:
    """What there is to draw; what is drawn stands beside it or, where there is no room, below."""
    kind = KINDS[look.kind]
    left: Line = [(f" {keys[0]}", "accent"), *tabs([each.title for each in KINDS], kind.title)]
    ranges = choice(RANGES, look.period, keys[1], width - width_of(left) - 2)
    room = width - width_of(left) - width_of(ranges) - 1
    about = f" {kind.about}"
    beside = about if len(about) < room else ""
    line = [*left, (beside, "muted"), (" " * max(1, room - len(beside)), ""), *ranges]
    return [line] if beside else [line, [(about, "muted")]]


def _strip(company: Company, dates: Sequence[date], left: int, columns: int) -> Line:
    """The sessions in the index, one cell for as many sessions as a cell of the line has."""
    inside = {row.session for row in company.view.rows if row.member}
    cells = [OUTSIDE] * columns
    for place, day in enumerate(dates):
        if day in inside:
            first, after = (column_of(at, len(dates), columns) for at in (place, place + 1))
            cells[first : max(after, first + 1)] = MEMBER * max(after - first, 1)
    return [("in".rjust(left - 1) + "  ", "muted"), ("".join(cells[:columns]), "good")]
