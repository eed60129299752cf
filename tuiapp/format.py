"""Numbers, dates and names as text for people. An en dash is "no value"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING, Final

from engine.domain.words import counted as counted

if TYPE_CHECKING:
    from engine.domain.fields import Field
    from engine.views.explanation import Value

NONE: Final = "–"
UP: Final = "▲"
DOWN: Final = "▼"
LEVEL: Final = "="
BLOCKS: Final = "▁▂▃▄▅▆▇"
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ADDED_DECIMALS: Final = 5
TENFOLD: Final = 9.995
THOUSANDFOLD: Final = 999.995
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
SIZES: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"))

# C0, DEL, C1 and the marks that turn the direction of text: a name must not move the cursor. Then what no two terminals
# give the same room: invisible marks, halves of pairs, flags, and what changes how the character before it is drawn.
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\xad\u115f\u1160\u180e\u3164\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\ufe00-\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)

_NUMBER: Final = re.compile(r"(?P<head>[^\d+-]*)(?P<sign>[+-]?)(?P<whole>[\d,]+)\.(?P<decimals>\d+)(?P<tail>[^\d]*)$")


def _number(value: float, decimals: int, *, signed: bool) -> str:
    """A number with its sign, unless it is none as far as it is shown: never ``-0.00``."""
    shown = round(value, decimals)
    return f"{shown or 0.0:{'+' if signed and shown else ''},.{decimals}f}"


def plain(text: str) -> str:
    """Text from outside without control characters."""
    return _CONTROL.sub("", text)


def level(value: float | None) -> str:
    """An index level: ``1,893.21``."""
    return NONE if value is None else f"{value:,.2f}"


def price(value: float | None) -> str:
    """A price in USD; prices from a hundred thousand on drop the cents."""
    if value is None:
        return NONE
    return f"{value:,.2f}" if abs(value) < 1e5 else f"{value:,.0f}"


def percent(value: float | None, decimals: int = 2, *, signed: bool = True) -> str:
    """A fraction as percent: ``+0.42%``."""
    if value is None:
        return NONE
    return f"{_number(100 * value, decimals, signed=signed)}%"


def distance(value: float | None) -> str:
    """A fraction that may be many times one: from tenfold on as percent without decimals, far beyond in thousands."""
    if value is None or abs(value) < TENFOLD:
        return percent(value)
    return percent(value, 0) if abs(value) < THOUSANDFOLD else f"{value / 10:+,.0f}k%"


def shorter(shown: str, width: int) -> str:
    """A number that is wider than its room with as few decimals less as help; any other text as it is."""
    found = _NUMBER.match(shown) if len(shown) > width else None
    if found is None:
        return shown
    sign, whole, decimals = found["sign"], found["whole"].replace(",", ""), found["decimals"]
    kept = max(0, len(decimals) - (len(shown) - width))
    return f"{found['head']}{sign}{float(f'{whole}.{decimals}'):,.{kept}f}{found['tail']}"


def ratio(value: float | None) -> str:
    """A ratio with its sign: ``+1.07``."""
    return NONE if value is None else _number(value, 2, signed=True)


def basis_points(value: float | None) -> str:
    """A fraction in basis points: ``+1.2``."""
    return NONE if value is None else _number(1e4 * value, 1, signed=True)


def added(value: float | None, *, day: bool) -> str:
    """What something added to a return: of a day in basis points, ``+1.2bp``, else in percent as finely."""
    if value is None:
        return NONE
    return f"{basis_points(value)}bp" if day else percent(value, ADDED_DECIMALS - 2)


def added_tone(value: float | None) -> str:
    """The tone of the same, as far as it is shown."""
    return tone(value, ADDED_DECIMALS)


def count(value: int | None) -> str:
    """A whole number: ``1,397``."""
    return NONE if value is None else f"{value:,}"


def by_field(field: Field, value: Value, *, more: int = 0) -> str:
    """A value as its field has it, with some more decimals or fewer."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    unit, decimals = field.unit.value, max(0, field.decimals + more)
    if unit == "fraction":
        return percent(value, decimals, signed=field.signed)
    if unit == "USD" and not decimals:
        return cap(value, signed=field.signed)
    return _number(value, decimals, signed=field.signed)


def cap(value: float | None, *, signed: bool = False) -> str:
    """An amount in USD in four digits or so: ``3.45T``, ``812.3B``."""
    if value is None:
        return NONE
    sign = "+" if signed else ""
    for size, suffix in SIZES:
        if abs(value) >= size:
            scaled = value / size
            return f"{scaled:{sign}.{2 if abs(scaled) < 100 else 1}f}{suffix}"
    return f"{value:{sign},.0f}"


def arrow(value: float | None) -> str:
    """Which way a value goes, as far as two decimals of a percent show it: colour is never alone in saying it."""
    if value is None:
        return " "
    return {"gain": UP, "loss": DOWN}.get(tone(value), LEVEL)


def tone(value: float | None, decimals: int = 4) -> str:
    """Name of the tone of a gain or a loss, as far as so many decimals show it; empty for neither."""
    shown = round(value or 0.0, decimals)
    return "" if not shown else "gain" if shown > 0 else "loss"


def minute(when: date | None) -> str:
    """A moment to the minute, a day as a day, an en dash for none."""
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else iso(when)


def iso(day: date | None) -> str:
    """A date: ``2026-08-28``."""
    return NONE if day is None else day.isoformat()


def behind(sessions: int, *, short: bool = False) -> str:
    """How far data are behind the market: ``2 sessions behind``."""
    return f"{sessions:,} behind" if short else f"{counted(sessions, 'session')} behind"


def weekday(day: date) -> str:
    """A date with its day of the week, in English whatever the locale."""
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def duration(seconds: float) -> str:
    """How long something takes, as finely as a person waits: ``45 s``, ``4 min``, ``1.5 h``."""
    if seconds < 1.5 * MINUTE:
        return f"{ceil(seconds):,} s"
    return f"{seconds / MINUTE:,.0f} min" if seconds < 1.5 * HOUR else f"{seconds / HOUR:,.1f} h"


def spark(values: Sequence[float], width: int) -> str:
    """A line of blocks, one for the last value of each of ``width`` stretches."""
    if len(values) > width:
        values = [values[(place + 1) * len(values) // width - 1] for place in range(width)]
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high <= low:
        return BLOCKS[3] * len(values)
    steps = len(BLOCKS) - 1
    return "".join(BLOCKS[round((value - low) / (high - low) * steps)] for value in values)


def typed_date(text: str) -> date | None:
    """The last day that a typed ``2024-03-15``, ``20240315``, ``2024-03`` or ``2024`` means; None if it means none."""
    found = re.fullmatch(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?", text.strip(), re.ASCII)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        return _last_day(year or 0, 12 if month is None else month, day)
    except ValueError:
        return None


def _last_day(year: int, month: int, day: int | None) -> date:
    from calendar import monthrange

    last = monthrange(year, month)[1] if 1 <= month <= 12 else 0
    return date(year, month, last if day is None else day)
