"""The sheet of levels and returns: with drawdown, benchmarks, charts, and formulas that rebuild the levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import fsum
from typing import Any, Final, TypeAlias

from engine.domain.fields import NET_FIELDS, PERFORMANCE_FIELDS, Direction, Field, Unit
from engine.export.cells import Formula
from engine.export.charts import Picture, add_line_chart, anchor_of, covered
from engine.export.content import Rows, Table, WorkbookContent
from engine.views.types import PerformanceView

Levels: TypeAlias = tuple[float, ...]
Returns: TypeAlias = tuple[float | None, ...]

PERFORMANCE_SHEET: Final = "index_performance"

TURNOVER_SESSIONS: Final = 21
"""Sessions whose turnover is summed for the chart: about a month."""

CHECK_FIELDS: Final = (
    Field("drawdown", "Drawdown", Unit.FRACTION, 2, Direction.UP, "Level PR over its highest so far here, less 1."),
    Field("check_level_pr", "Check PR", Unit.LEVEL, 2, text="Check of the row above times (1 + return_pr)."),
    Field("check_level_tr", "Check TR", Unit.LEVEL, 2, text="Check of the row above times (1 + return_tr)."),
    Field(
        "agrees",
        "Agrees",
        Unit.TRUTH,
        text="TRUE when both checks agree to 1e-9; rows that are not in the order of their sessions say so instead.",
    ),
    Field(
        "turnover_21",
        "Turnover, 21 sessions",
        Unit.FRACTION,
        1,
        Direction.DOWN,
        f"Sum of the turnover of the last {TURNOVER_SESSIONS} sessions, empty before there are so many here.",
    ),
)

_TOLERANCE: Final = 1e-9
_AGREE: Final = "all levels agree"
_DISAGREE: Final = "SOME LEVELS DISAGREE"
_SORT: Final = "sort by session"
_UNSORTED: Final = f"sort {PERFORMANCE_SHEET} by session to check"
_FIELDS: Final = PERFORMANCE_FIELDS + CHECK_FIELDS
_LETTER: Final = {field.key: chr(ord("A") + place) for place, field in enumerate(_FIELDS)}
_NUMBER: Final = {field.key: place for place, field in enumerate(_FIELDS, start=1)}


def performance_table(content: WorkbookContent) -> Table:
    """The published columns alone, for a file of their own; with a cost set, the levels after it, too."""
    view = content.performance
    rows = ((*published, *net) for published, net in zip(_published(view), _net(view), strict=True))
    return Table(PERFORMANCE_FIELDS + _net_fields(view), Rows(len(view.sessions), rows))


def checked_table(content: WorkbookContent) -> Table:
    """The published columns, the drawdown, the formulas that rebuild the levels, and the benchmarks beside them."""
    view = content.performance
    others = zip(*(_rebased(view, symbol) for symbol in _drawn(view)), strict=True) if _drawn(view) else _nothing(view)
    rows = ((*checked, *net, *beside) for checked, net, beside in zip(_checked(view), _net(view), others, strict=True))
    return Table(_columns(view), Rows(len(view.sessions), rows))


def verdict(view: PerformanceView) -> Formula:
    """The formula that says in one cell whether every rebuilt level agrees, or that the rows are out of order."""
    cells = f"{PERFORMANCE_SHEET}!${_LETTER['agrees']}$2:${_LETTER['agrees']}${len(view.sessions) + 1}"
    otherwise = f'IF(COUNTIF({cells},"{_SORT}")>0,"{_UNSORTED}","{_DISAGREE}")'
    text = f'IF(COUNTIF({cells},TRUE)=ROWS({cells}),"{_AGREE}",{otherwise})'
    return Formula(text, _AGREE if all(_agreements(view)) else _DISAGREE)


def draw_performance(sheet: Any, content: WorkbookContent) -> tuple[str, ...]:
    """Put the charts of level, drawdown and turnover beside the table and give the cells that each covers."""
    view = content.performance
    pictures = [_level(view), _falls(view), *_traded(view)]
    beside = len(_columns(view)) + 2
    for place, picture in enumerate(pictures):
        add_line_chart(sheet, picture, anchor_of(beside, place))
    return tuple(covered(beside, place) for place in range(len(pictures)))


def _level(view: PerformanceView) -> Picture:
    drawn = [_rebased(view, symbol) for symbol in _drawn(view)]
    first = len(_FIELDS + _net_fields(view)) + 1
    others = range(first, first + len(drawn))
    values = [*view.level_pr, *view.level_tr, *(value for values in drawn for value in values if value is not None)]
    return Picture(
        title="Index level and benchmarks, rebased" if others else "Index level",
        columns=(_NUMBER["level_pr"], _NUMBER["level_tr"], *others),
        sessions=view.sessions,
        number_format="#,##0",
        between=(min(values), max(values)),
        dashed=others,
    )


def _falls(view: PerformanceView) -> Picture:
    columns = (_NUMBER["drawdown"],)
    return Picture("Drawdown (price return)", columns, view.sessions, "0.0%", most=0.0)


def _traded(view: PerformanceView) -> Iterator[Picture]:
    if any(_summed(view.turnover)):
        title = f"One-way turnover, sum of {TURNOVER_SESSIONS} sessions"
        yield Picture(title, (_NUMBER["turnover_21"],), view.sessions, "0.0%")


def _columns(view: PerformanceView) -> tuple[Field, ...]:
    """Columns that are always there come first, so that none of them ever moves."""
    return (*_FIELDS, *_net_fields(view), *(_benchmark_field(symbol) for symbol in _drawn(view)))


def _benchmark_field(symbol: str) -> Field:
    text = f"Close of {symbol}, scaled to the level PR of the first session here on which it has one."
    return Field(symbol, symbol, Unit.LEVEL, 2, Direction.UP, text)


def _drawn(view: PerformanceView) -> tuple[str, ...]:
    """Symbols of the benchmarks that have a close on any of the sessions."""
    return tuple(symbol for symbol, closes in view.benchmarks.items() if any(closes))


def _rebased(view: PerformanceView, symbol: str) -> tuple[float | None, ...]:
    closes = view.benchmarks[symbol]
    level, base = next((level, close) for level, close in zip(view.level_pr, closes, strict=True) if close)
    return tuple(close and level * (close / base) for close in closes)


def _nothing(view: PerformanceView) -> Iterator[tuple[float, ...]]:
    return iter([()] * len(view.sessions))


def _net_fields(view: PerformanceView) -> tuple[Field, ...]:
    """The columns that there are only when a cost is set."""
    return NET_FIELDS if view.net_pr else ()


def _net(view: PerformanceView) -> Iterator[tuple[float, ...]]:
    return zip(view.net_pr, view.net_tr, strict=True) if view.net_pr else _nothing(view)


def _published(view: PerformanceView) -> Iterator[tuple[object, ...]]:
    return zip(*(_column(view, field.key) for field in PERFORMANCE_FIELDS), strict=True)


def _column(view: PerformanceView, key: str) -> tuple[object, ...]:
    return tuple(view.sessions if key == "session" else getattr(view, key))


def _checked(view: PerformanceView) -> Iterator[tuple[object, ...]]:
    computed = zip(
        _drawdowns(view.level_pr),
        _rebuilt(view.level_pr, view.return_pr),
        _rebuilt(view.level_tr, view.return_tr),
        _agreements(view),
        _summed(view.turnover),
        strict=True,
    )
    together = zip(_published(view), computed, strict=True)
    for row, (published, (drawdown, price, total, agrees, traded)) in enumerate(together, start=2):
        yield (
            *published,
            drawdown,
            Formula(_rebuilding(row, "pr"), price),
            Formula(_rebuilding(row, "tr"), total),
            Formula(_agreeing(row), agrees),
            traded,
        )


def _rebuilding(row: int, series: str) -> str:
    """The level of the row above times the return; below the header, which is no number, the level itself.

    The same formula in every row: one that was moved by sorting still finds numbers, and no error.
    """
    above, level = f"{_LETTER[f'check_level_{series}']}{row - 1}", f"{_LETTER[f'level_{series}']}{row}"
    return f"IF(ISNUMBER({above}),{above}*(1+{_LETTER[f'return_{series}']}{row}),{level})"


def _agreeing(row: int) -> str:
    price, total = (
        f"ABS({_LETTER[f'check_level_{series}']}{row}-{_LETTER[f'level_{series}']}{row})"
        f"<=1E-9*{_LETTER[f'level_{series}']}{row}"
        for series in ("pr", "tr")
    )
    day = _LETTER["session"]
    return f'IF(AND(ISNUMBER({day}{row - 1}),{day}{row}<={day}{row - 1}),"{_SORT}",AND({price},{total}))'


def _drawdowns(levels: Levels) -> Iterator[float]:
    return (level / highest - 1 for level, highest in zip(levels, accumulate(levels, max), strict=True))


def _summed(turnover: Returns) -> Iterator[float | None]:
    """The sum of the last values, None where one of them is not known or there are too few."""
    for end in range(1, len(turnover) + 1):
        known = [value for value in turnover[max(0, end - TURNOVER_SESSIONS) : end] if value is not None]
        yield fsum(known) if len(known) == TURNOVER_SESSIONS else None


def _rebuilt(levels: Levels, returns: Returns) -> Iterator[float]:
    # An empty cell counts as zero in a formula, so a missing return does here too.
    return accumulate(returns[1:], lambda level, change: level * (1 + (change or 0.0)), initial=levels[0])


def _agreements(view: PerformanceView) -> Iterator[bool]:
    price = _close(_rebuilt(view.level_pr, view.return_pr), view.level_pr)
    total = _close(_rebuilt(view.level_tr, view.return_tr), view.level_tr)
    return (both == (True, True) for both in zip(price, total, strict=True))


def _close(checks: Iterator[float], levels: Levels) -> Iterator[bool]:
    return (abs(check - level) <= _TOLERANCE * level for check, level in zip(checks, levels, strict=True))
