"""Colours that follow the numbers: what a spreadsheet program shows of a cell by its value.

The limits are fixed, so that a shade means the same in every file; gains are blue and losses orange, which
people with any kind of colour vision tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.domain.fields import Field

_LOSS, _NONE, _GAIN = "FFF4B183", "FFFFFFFF", "FF9DC3E6"
_ALARM: Final = "FFF4B183"
_CAUTION: Final = "FFFFE699"
_BAR: Final = "FF9DC3E6"


@dataclass(frozen=True, slots=True)
class Shade:
    """From orange at ``-bound`` over white at 0 to blue at ``bound``.

    Attributes:
        keys: Columns that are shaded.
        bound: Where the colour is full.
    """

    keys: Sequence[str]
    bound: float

    def rule(self) -> Any:
        """The rule of the cells."""
        from openpyxl.formatting.rule import ColorScaleRule

        return ColorScaleRule(
            start_type="num", start_value=-self.bound, start_color=_LOSS,
            mid_type="num", mid_value=0, mid_color=_NONE,
            end_type="num", end_value=self.bound, end_color=_GAIN,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar from 0 in every cell, as long as its part of ``full``; for numbers that are never negative.

    Attributes:
        keys: Columns with bars.
        full: The value of a bar as wide as its cell.
    """

    keys: Sequence[str]
    full: float

    def rule(self) -> Any:
        """The rule of the cells."""
        from openpyxl.formatting.rule import DataBarRule

        return DataBarRule(start_type="num", start_value=0, end_type="num", end_value=self.full, color=_BAR)


@dataclass(frozen=True, slots=True)
class Flag:
    """A fill behind cells of one value.

    Attributes:
        keys: Columns that are looked at.
        value: The value, as a formula writes it: ``FALSE``, ``"high"``.
        severe: Orange instead of yellow.
    """

    keys: Sequence[str]
    value: str
    severe: bool = True

    def rule(self) -> Any:
        """The rule of the cells."""
        from openpyxl.formatting.rule import CellIsRule
        from openpyxl.styles import PatternFill

        fill = PatternFill("solid", bgColor=_ALARM if self.severe else _CAUTION)
        return CellIsRule(operator="equal", formula=[self.value], fill=fill)


def highlight(page: Any, fields: Sequence[Field], rows: int, marks: Sequence[Shade | Bars | Flag]) -> None:
    """Put the rules on the columns of a sheet whose header is in row 1."""
    from openpyxl.utils import get_column_letter

    letters = {field.key: get_column_letter(place) for place, field in enumerate(fields, start=1)}
    for mark in marks:
        for key in mark.keys:
            page.conditional_formatting.add(f"{letters[key]}2:{letters[key]}{rows + 1}", mark.rule())
