"""Cells of a file as values of ours: one function for each kind of column.

Each takes a column as it was read and gives the values with the problems found. Dates, tickers and names
repeat thousands of times, so they are parsed once for each distinct text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

IsSession = Callable[[date], bool]

LONGEST_TICKER: Final = 20
LONGEST_TEXT: Final = 200
FIRST_DATE: Final = date(1900, 1, 1)
LAST_DATE: Final = date(2199, 12, 31)

MONTHS: Final = 12

LEAST: Final = 1e-9
"""No price, rate, ratio or number of shares is below it: what is computed of it would be nothing."""

MOST: Final = {
    "close": 12,
    "final price": 12,
    "dividend": 12,
    "split": 6,
    "rate": 9,
    "number of shares": 15,
    "market cap": 18,
}
"""The power of ten that none is above: larger ones are mistakes, and what is computed of them would overflow."""

TICKER: Final = r"^\^?[\p{L}\p{N}][\p{L}\p{N}./^=-]*$"
"""Any other sign would be lost where share classes are joined, or is none of a ticker's."""

DAY_OR_MONTH: Final = "day and month cannot be told apart (write dates as YYYY-MM-DD)"
OFF_SESSION: Final = "not an NYSE session (weekend or holiday)"
NOT_FINAL: Final = "the session has not closed yet"

UNSEEN: Final = r"[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
"""Control characters, line separators, direction overrides and isolates, and signs without width."""

NO_VALUE: Final = ("", "-", "–", "na", "n/a", "nan", "null", "none")
"""Texts in a column of numbers that mean that there is none."""


YES: Final = ("yes", "true", "1", "1.0")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column as values, and what was wrong: reasons, each with the rows it concerns, worst first."""

    values: pl.Series
    problems: tuple[tuple[str, pl.Series], ...] = ()


def dates(
    column: pl.Series,
    *,
    is_session: IsSession | None = None,
    today: date | None = None,
    final: date | None = None,
) -> Parsed:
    """Dates written as ISO (also with a time, which is dropped), as YYYYMMDD or as US month/day/year.

    Args:
        column: Text, whole numbers or ``known_days``.
        is_session: Refuse days for which this is false; None accepts every day.
        today: Refuse later days; None accepts them.
        final: Refuse days after this last closed session; None accepts them.
    """
    known = pl.DataFrame({"raw": column}).unique()
    unclear = _day_or_month(known["raw"])
    days = _only(_as_dates(known["raw"]), ~unclear)
    reasons = [
        DAY_OR_MONTH if either else _why_not(day, is_session, today, final)
        for day, either in zip(days, unclear, strict=True)
    ]
    return _spread(column, known.with_columns(value=days, why=pl.Series(reasons, dtype=pl.String)))


def known_days(column: pl.Series) -> pl.Series:
    """Days of dates or datetimes, null for those no calendar knows: to show them would fail."""
    days = column.dt.date()
    return _only(days, days.is_between(FIRST_DATE, LAST_DATE))


def codes(column: pl.Series, what: str, *, joined: bool = True) -> Parsed:
    """Tickers or symbols without blanks around them, in upper case.

    Args:
        column: Text.
        what: The word for it in reasons.
        joined: Whether a share class is joined by ``-``, however it is written.
    """
    known = pl.DataFrame({"raw": column.cast(pl.String)}).unique()
    code = pl.col("raw").str.strip_chars().str.to_uppercase()
    code = code.str.replace_all(r"[./]", "-") if joined else code
    known = known.with_columns(value=code).with_columns(
        why=pl.when(pl.col("value").fill_null("") == "")
        .then(pl.lit(f"no {what}"))
        .when(pl.col("value").str.contains(UNSEEN))
        .then(pl.lit(f"{what} has control characters"))
        .when(pl.col("value").str.len_chars() > LONGEST_TICKER)
        .then(pl.lit(f"{what} is over {LONGEST_TICKER} characters"))
        .when(~pl.col("raw").str.strip_chars().str.contains(TICKER) & joined)
        .then(pl.lit(f"{what} has other signs than letters, digits and . - / ^ = after the first letter or digit"))
    )
    return _spread(column.cast(pl.String), known)


def pairs(column: pl.Series) -> Parsed:
    """Currency pairs as six letters, however they are written (``EUR/USD``, ``eurusd=x``)."""
    known = pl.DataFrame({"raw": column.cast(pl.String)}).unique()
    pair = pl.col("raw").str.to_uppercase().str.replace_all(r"[\s/_-]", "").str.strip_suffix("=X")
    known = known.with_columns(value=pair).with_columns(
        why=pl.when(~pl.col("value").str.contains("^[A-Z]{6}$").fill_null(value=False)).then(
            pl.lit("pair is not six letters such as EURUSD")
        )
    )
    return _spread(column.cast(pl.String), known)


def texts(column: pl.Series, what: str, *, required: bool = False) -> Parsed:
    """Text for people: without unseen characters, of bounded length, null where nothing is left."""
    known = pl.DataFrame({"raw": column.cast(pl.String)}).unique()
    spaced = pl.col("raw").str.replace_all(r"[\s\u2028\u2029]+", " ").str.replace_all(UNSEEN, "")
    known = known.with_columns(value=spaced.str.strip_chars().str.slice(0, LONGEST_TEXT).str.strip_chars())
    known = known.with_columns(value=pl.when(pl.col("value") != "").then("value"))
    absent = pl.when(pl.col("value").is_null()).then(pl.lit(f"no {what}"))
    known = known.with_columns(why=absent if required else pl.lit(None, pl.String))
    return _spread(column.cast(pl.String), known)


def positive(column: pl.Series, what: str) -> Parsed:
    """Numbers that must be there and above zero."""
    values, unreadable = _numbers(column)
    return Parsed(
        values,
        (
            (f"{what} is not a number", unreadable),
            (f"no {what}", values.is_null() & ~unreadable),
            (f"{what} is not finite", _infinite(values)),
            (f"{what} is not positive", _true(values <= 0)),
            _beyond(values, what),
        ),
    )


def lenient(column: pl.Series, *, zero: bool) -> Parsed:
    """Numbers that a row can do without: what no such thing has becomes null, and so does 0 unless ``zero``."""
    values, _ = _numbers(column)
    kept = (values <= 10.0 ** max(MOST.values())) & ((values >= 0) if zero else (values > 0))
    return Parsed(_only(values, kept))


def ratios(column: pl.Series, what: str) -> Parsed:
    """Split ratios: null for none, 0 (as some vendors write none) and 1."""
    values, unreadable = _numbers(column)
    return Parsed(
        _only(values, (values != 0) & (values != 1)),
        (
            (f"{what} is not a number", unreadable),
            (f"{what} is not finite", _infinite(values)),
            (f"{what} is not positive", _true(values < 0)),
            _beyond(values, what),
        ),
    )


def amounts(column: pl.Series, what: str) -> Parsed:
    """Dividends: null for none and 0."""
    values, unreadable = _numbers(column)
    return Parsed(
        _only(values, values != 0),
        (
            (f"{what} is not a number", unreadable),
            (f"{what} is not finite", _infinite(values)),
            (f"{what} is negative", _true(values < 0)),
            _beyond(values, what),
        ),
    )


def not_negative(column: pl.Series, what: str) -> Parsed:
    """Numbers that must be there and may be zero."""
    values, unreadable = _numbers(column)
    return Parsed(
        values,
        (
            (f"{what} is not a number", unreadable),
            (f"no {what}", values.is_null() & ~unreadable),
            (f"{what} is not finite", _infinite(values)),
            (f"{what} is negative", _true(values < 0)),
            _beyond(values, what),
        ),
    )


def agreed(column: pl.Series, what: str) -> Parsed:
    """Cells that can only say yes: ``yes``, ``true`` or 1."""
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    said = text.is_in(YES).fill_null(value=False)
    return Parsed(said, ((f"{what} is not yes, true or 1", ~said),))


def _numbers(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Values, null where there is none, and the rows that say something that is not a number."""
    values = column.cast(pl.Float64, strict=False).fill_nan(None)
    if column.dtype != pl.String:
        return values, pl.repeat(value=False, n=len(column), eager=True)
    odd = values.is_null() & column.is_not_null()
    if not odd.any():
        return values, odd
    text = column.str.strip_chars()
    values = values.zip_with(~odd, text.cast(pl.Float64, strict=False).fill_nan(None))
    return values, values.is_null() & _true(~text.str.to_lowercase().is_in(NO_VALUE))


def _infinite(values: pl.Series) -> pl.Series:
    return _true(values.is_infinite())


def _beyond(values: pl.Series, what: str) -> tuple[str, pl.Series]:
    """Numbers that no such thing has, with what is said of them; 0 is for others to judge."""
    mask = _true(((values > 0) & (values < LEAST)) | (values > 10.0 ** MOST[what]))
    return f"{what} is outside 1e-9 to 1e{MOST[what]}", mask


def _true(mask: pl.Series) -> pl.Series:
    return mask.fill_null(value=False)


def _only(values: pl.Series, kept: pl.Series) -> pl.Series:
    """The values where ``kept``, null elsewhere."""
    return values if kept.all(ignore_nulls=True) else values.zip_with(kept, values.clear(len(values)))


def _spread(column: pl.Series, known: pl.DataFrame) -> Parsed:
    """What is known of the distinct texts, on every row that has them."""
    reasons = known["why"].drop_nulls().unique().sort().to_list()
    if not reasons and known["value"].dtype == column.dtype and known["value"].equals(known["raw"]):
        return Parsed(column)
    rows = pl.DataFrame({"raw": column}).join(known, on="raw", how="left", nulls_equal=True, maintain_order="left")
    return Parsed(rows["value"], tuple((reason, _true(rows["why"] == reason)) for reason in reasons))


def _as_dates(raw: pl.Series) -> pl.Series:
    return raw if raw.dtype == pl.Date else known_days(_read_dates(raw.cast(pl.String)))


def _read_dates(raw: pl.Series) -> pl.Series:
    text = pl.col("raw").str.strip_chars()
    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}[\d:.,]* ?(?:[A-Za-z]+|[+-][\d:]+)?)?$")
    return (
        pl.DataFrame({"raw": raw})
        .select(
            pl.coalesce(
                iso.str.to_date("%Y-%m-%d", strict=False),
                text.str.extract(r"^(\d{8})$").str.to_date("%Y%m%d", strict=False),
                text.str.extract(r"^(\d{1,2}/\d{1,2}/\d{4})$").str.to_date("%m/%d/%Y", strict=False),
            )
        )
        .to_series()
    )


def _day_or_month(raw: pl.Series) -> pl.Series:
    """Slashed dates of a file in which no day above 12 shows that the month comes first."""
    if raw.dtype != pl.String:
        return pl.repeat(value=False, n=len(raw), eager=True)
    text = raw.str.strip_chars()
    slashed = _true(text.str.contains(r"^\d{1,2}/\d{1,2}/\d{4}$"))
    parts = text.filter(slashed).str.split("/")
    first, second = (parts.list.get(at).cast(pl.Int16) for at in (0, 1))
    month_first = (first <= MONTHS).all() and (second > MONTHS).any()
    return slashed & (not month_first)


def _why_not(day: date | None, is_session: IsSession | None, today: date | None, final: date | None) -> str | None:
    if day is None:
        return "unreadable date"
    if today is not None and day > today:
        return "date is in the future"
    if is_session is not None and not is_session(day):
        return OFF_SESSION
    if final is not None and day > final:
        return NOT_FINAL
    return None
