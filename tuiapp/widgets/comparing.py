"""Comparing what a cell holds with a value as a person types it, in the unit in which it is shown."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from tuiapp.format import NONE, typed_date
from tuiapp.widgets.columns import Unit

Test = Callable[[Any], bool]

ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SCALES: Final[dict[Unit, int]] = {"number": 1, "usd": 1, "percent": 100, "bp": 10_000}
SIZES: Final = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
NOTHING: Final = (NONE, "none")
LONGEST: Final = 40

# As it is typed, or as a cell shows it: ``-3``, ``500b``, ``$1,250.00``, ``▲+0.42%``, ``~3.45T``.
_AMOUNT: Final = re.compile(
    r"[▲▼=~!]?(?P<sign>[+-]?)\$?(?P<whole>[\d,]*)(?:\.(?P<decimals>\d*))?(?P<size>k|m|bn?|t)?(?:%|bp)?",
    re.ASCII | re.IGNORECASE,
)
_DATE: Final = re.compile(r"(\d{4})(?:-(0?[1-9]|1[0-2])(?:-(0?[1-9]|[12]\d|3[01]))?)?-?", re.ASCII)


def is_begun(unit: Unit, typed: str) -> bool:
    """Whether a text may become a value, but is none yet: nothing, or a sign."""
    return not typed or (unit in SCALES and typed in ("+", "-", "$", "+$", "-$", ".", "-.", "+."))


def comparison(unit: Unit, sign: str, typed: str) -> Test | None:
    """What a value has to be, for ``= < <= > >=``; None if the text is no value of this unit."""
    if sign == "=" and unit not in ("text", "ticker") and typed.lower() in NOTHING:
        return lambda value: value is None
    if unit == "date":
        return _of_date(sign, typed)
    return _of_amount(unit, sign, typed) if unit in SCALES else _of_text(unit, sign, typed)


def _of_text(unit: Unit, sign: str, typed: str) -> Test:
    wanted = typed.casefold()
    if sign in ORDERS:
        order = ORDERS[sign]
        return lambda value: bool(value) and order(str(value).casefold(), wanted)
    if not wanted or typed == NONE:
        return lambda value: not value
    if unit == "ticker":
        return lambda value: str(value or "").casefold() == wanted
    return lambda value: _has_word(str(value or "").casefold(), wanted)


def _has_word(text: str, wanted: str) -> bool:
    """Whether a text, or a word in it, begins with what is wanted."""
    at = text.find(wanted)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(wanted, at + 1)
    return at >= 0


def _of_amount(unit: Unit, sign: str, typed: str) -> Test | None:
    """Exactly for ``<`` and the like; equal is what is equal as finely as it was typed."""
    found = _AMOUNT.fullmatch(typed) if len(typed) <= LONGEST else None
    digits = found and found["whole"].replace(",", "") + (found["decimals"] or "")
    if not found or not digits:
        return None
    finest = Decimal(SIZES[(found["size"] or "").lower()]).scaleb(-len(found["decimals"] or "")) / SCALES[unit]
    wanted = float(Decimal(found["sign"] + digits) * finest)
    if sign in ORDERS:
        order = ORDERS[sign]
        return lambda value: value is not None and order(value, wanted)
    # A cell rounds a tie either way, and a value next to it may lie on the other side.
    half = float(finest) / 2 + 1e-12 * abs(wanted)
    return lambda value: value is not None and abs(value - wanted) <= half


def _of_date(sign: str, typed: str) -> Test | None:
    """A month or a year is all its days: later than it is later than its last one."""
    found = _DATE.fullmatch(typed)
    last = typed_date("-".join(part.zfill(2) for part in found.groups() if part)) if found else None
    if found is None or last is None:
        return None
    first = last if found[3] else last.replace(day=1) if found[2] else last.replace(month=1, day=1)
    if sign == "=":
        return lambda value: value is not None and first <= _day(value) <= last
    order, end = ORDERS[sign], last if sign in (">", "<=") else first
    return lambda value: value is not None and order(_day(value), end)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
