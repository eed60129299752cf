"""The sheet of levels and returns: with drawdown, charts, and formulas that rebuild the levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final, TypeAlias

from engine.domain.fields import NET_FIELDS, PERFORMANCE_FIELDS, Direction, Field, Unit
from engine.export.cells import Formula, number_format
from engine.export.charts import add_line_chart
from engine.export.content import Rows, Table, WorkbookContent
from engine.views.types import PerformanceView

Levels: TypeAlias = tuple[float, ...]
Returns: TypeAlias = tuple[float | None, ...]

PERFORMANCE_SHEET: Final = "index_performance"

CHECK_FIELDS: Final = (
    Field("drawdown", "Drawdown", Unit.FRACTION, 2, Direction.UP, "Level PR over its highest so far, less 1."),
    Field("check_level_pr", "Check PR", Unit.LEVEL, 2, text="Check of the row above times (1 + return_pr)."),
    Field("check_level_tr", "Check TR", Unit.LEVEL, 2, text="Check of the row above times (1 + return_tr)."),
    Field("agrees", "Agrees", Unit.TEXT, text="TRUE when both checks agree to 1e-9 (not after sorting)."),
)

_TOLERANCE: Final = 1e-9
_AGREE: Final = "all levels agree"
_DISAGREE: Final = "SOME LEVELS DISAGREE"
_FIELDS: Final = PERFORMANCE_FIELDS + CHECK_FIELDS
_LETTER: Final = {field.key: chr(ord("A") + place) for place, field in enumerate(_FIELDS)}
_NUMBER: Final = {field.key: place for place, field in enumerate(_FIELDS, start=1)}


def performance_table(content: WorkbookContent) -> Table:
    """The published columns alone, for a file of their own; with a cost set, the levels after it, too."""
    view = content.performance
    rows = ((*published, *net) for published, net in zip(_published(view), _net(view), strict=True))
    return Table(PERFORMANCE_FIELDS + _net_fields(view), Rows(len(view.sessions), rows))


def checked_table(content: WorkbookContent) -> Table:
    """The published columns, the drawdown and the formulas that rebuild the levels from the returns."""
    view = content.performance
    rows = ((*checked, *net) for checked, net in zip(_checked(view), _net(view), strict=True))
    return Table(_FIELDS + _net_fields(view), Rows(len(view.sessions), rows))


def verdict(view: PerformanceView) -> Formula:
    """The formula that says in one cell whether every rebuilt level agrees."""
    cells = f"{PERFORMANCE_SHEET}!${_LETTER['agrees']}$2:${_LETTER['agrees']}${len(view.sessions) + 1}"
    text = f'IF(COUNTIF({cells},TRUE)=ROWS({cells}),"{_AGREE}","{_DISAGREE}")'
    return Formula(text, _AGREE if all(_agreements(view)) else _DISAGREE)


def draw_performance(sheet: Any, content: WorkbookContent) -> None:
    """Put the level chart and the drawdown chart beside the table."""
    view = content.performance
    level, drawdown = PERFORMANCE_FIELDS[1], CHECK_FIELDS[0]
    beside = chr(ord("A") + len(_FIELDS) + len(_net_fields(view)) + 1)
    add_line_chart(
        sheet,
        title="Index level",
        anchor=f"{beside}2",
        columns=(_NUMBER["level_pr"], _NUMBER["level_tr"]),
        rows=len(view.sessions),
        number_format=number_format(level),
        lowest=min(view.level_pr + view.level_tr, default=None),
    )
    add_line_chart(
        sheet,
        title="Drawdown (price return)",
        anchor=f"{beside}24",
        columns=(_NUMBER["drawdown"],),
        rows=len(view.sessions),
        number_format=number_format(drawdown),
    )


def _net_fields(view: PerformanceView) -> tuple[Field, ...]:
    """The columns that there are only when a cost is set; they stand last, so that no other column moves."""
    return NET_FIELDS if view.net_pr else ()


def _net(view: PerformanceView) -> Iterator[tuple[float, ...]]:
    if view.net_pr:
        return zip(view.net_pr, view.net_tr, strict=True)
    return iter([()] * len(view.sessions))


def _published(view: PerformanceView) -> Iterator[tuple[object, ...]]:
    return zip(*(_column(view, field.key) for field in PERFORMANCE_FIELDS), strict=True)


def _column(view: PerformanceView, key: str) -> tuple[object, ...]:
    return tuple(view.sessions if key == "session" else getattr(view, key))


def _checked(view: PerformanceView) -> Iterator[tuple[object, ...]]:
    price_checks = _rebuilt(view.level_pr, view.return_pr)
    total_checks = _rebuilt(view.level_tr, view.return_tr)
    computed = zip(_drawdowns(view.level_pr), price_checks, total_checks, _agreements(view), strict=True)
    together = zip(_published(view), computed, strict=True)
    for row, (published, (drawdown, price, total, agrees)) in enumerate(together, start=2):
        yield (
            *published,
            drawdown,
            Formula(_rebuilding(row, "pr"), price),
            Formula(_rebuilding(row, "tr"), total),
            Formula(_agreeing(row), agrees),
        )


def _rebuilding(row: int, series: str) -> str:
    if row == 2:
        return f"{_LETTER[f'level_{series}']}{row}"
    return f"{_LETTER[f'check_level_{series}']}{row - 1}*(1+{_LETTER[f'return_{series}']}{row})"


def _agreeing(row: int) -> str:
    price, total = (
        f"ABS({_LETTER[f'check_level_{series}']}{row}-{_LETTER[f'level_{series}']}{row})"
        f"<=1E-9*{_LETTER[f'level_{series}']}{row}"
        for series in ("pr", "tr")
    )
    return f"AND({price},{total})"


def _drawdowns(levels: Levels) -> Iterator[float]:
    return (level / highest - 1 for level, highest in zip(levels, accumulate(levels, max), strict=True))


def _rebuilt(levels: Levels, returns: Returns) -> Iterator[float]:
    # An empty cell counts as zero in a formula, so a missing return does here too.
    return accumulate(returns[1:], lambda level, change: level * (1 + (change or 0.0)), initial=levels[0])


def _agreements(view: PerformanceView) -> Iterator[bool]:
    price = _close(_rebuilt(view.level_pr, view.return_pr), view.level_pr)
    total = _close(_rebuilt(view.level_tr, view.return_tr), view.level_tr)
    return (both == (True, True) for both in zip(price, total, strict=True))


def _close(checks: Iterator[float], levels: Levels) -> Iterator[bool]:
    return (abs(check - level) <= _TOLERANCE * level for check, level in zip(checks, levels, strict=True))
