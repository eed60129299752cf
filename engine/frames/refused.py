"""Rows of a file that were not taken, as data: by reason for a report, by reason and ticker for the store."""

from __future__ import annotations

from typing import Final

import polars as pl

from engine.frames.cells import LONGEST_TICKER, UNSEEN
from engine.reports import Refusal

ROW: Final = "row_number"
"""Name of the column that says which row of its file a row is."""

DUPLICATE: Final = "duplicate of a later row"
EXAMPLES: Final = 3
EXAMPLE_WIDTH: Final = 120

TICKERS: Final = 200
"""So many tickers are told apart for each reason, those with most rows; the others are counted together."""

REFUSED: Final[dict[str, pl.DataType]] = {
    "reason": pl.String(),
    "ticker": pl.String(),
    "rows": pl.Int64(),
    "first": pl.Date(),
    "last": pl.Date(),
    "example": pl.String(),
}
"""Refused rows by reason and ticker. The ticker is empty where it cannot be read, and for those counted together;
the days are null where none can be read."""

_CODES: Final = ("ticker", "symbol", "old_ticker", "pair")
"""Columns that say what a row is about, in the words of the kinds of files."""


def refused_rows(table: pl.DataFrame, values: pl.DataFrame, why: pl.Series | None) -> pl.DataFrame:
    """The refused rows as they were read, with reason, ticker and day as far as they can be read.

    Args:
        table: The rows of a file.
        values: The same, parsed.
        why: The reason against each row, null where there is none; None when no row has any.
    """
    if why is None:
        table, values, why = table.clear(), values.clear(), pl.Series(dtype=pl.String)
    lost = why.is_not_null()
    name = next((name for name in _CODES if name in values), None)
    code = values.filter(lost)[name] if name else pl.repeat("", int(lost.sum()), dtype=pl.String, eager=True)
    day = values.filter(lost)["date"] if "date" in values else None
    return table.filter(lost).with_columns(
        why=why.filter(lost),
        code=_readable(code),
        day=pl.lit(None, pl.Date) if day is None else day,
    )


def refusals(rows: pl.DataFrame) -> tuple[Refusal, ...]:
    """Refused rows by reason, the most frequent first, those of which a later row says something else at the end."""
    groups = rows.group_by("why", maintain_order=True)
    found = [Refusal(str(why), group.height, _examples(group.head(EXAMPLES))) for (why,), group in groups]
    return tuple(sorted(found, key=lambda one: (one.reason == DUPLICATE, -one.rows, one.reason)))


def by_ticker(rows: pl.DataFrame) -> pl.DataFrame:
    """Refused rows by reason and ticker, on ``REFUSED``: how many, their first and last day, the first of them."""
    groups = _counted(rows.with_columns(rows=pl.lit(1, pl.Int64), first="day", last="day", at=ROW))
    ranked = groups.sort("why", pl.col("code") == "", -pl.col("rows"), "code")
    many = ranked.select(pl.int_range(pl.len()).over("why") >= TICKERS).to_series()
    kept = _counted(ranked.with_columns(code=pl.when(many).then(pl.lit("")).otherwise("code"))).sort("why", "code")
    shown = rows.join(kept.select(pl.col("at").alias(ROW)), on=ROW).sort(ROW)
    examples = pl.DataFrame({"at": shown[ROW], "example": pl.Series(_examples(shown), dtype=pl.String)})
    return kept.join(examples, on="at", how="left", maintain_order="left").select(
        pl.col("why").alias("reason").cast(pl.String),
        pl.col("code").alias("ticker"),
        *(pl.col(name).cast(REFUSED[name]) for name in ("rows", "first", "last", "example")),
    )


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("why", "code").agg(
        pl.col("rows").sum(), pl.col("first").min(), pl.col("last").max(), pl.col("at").min()
    )


def _readable(code: pl.Series) -> pl.Series:
    """Tickers that can be shown and stored, empty where there is none."""
    text = code.cast(pl.String).fill_null("")
    kept = ~text.str.contains(UNSEEN) & (text.str.len_chars() <= LONGEST_TICKER)
    return text.zip_with(kept, pl.repeat("", len(text), dtype=pl.String, eager=True))


def _examples(rows: pl.DataFrame) -> tuple[str, ...]:
    """Rows as a person would find them, safe to show in a terminal."""
    fields = pl.exclude(ROW, "why", "code", "day").cast(pl.String).fill_null("")
    return tuple(_example(number, texts) for number, *texts in rows.select(ROW, fields).rows())


def _example(number: int, texts: list[str]) -> str:
    text = f"row {number}: " + ", ".join(texts)
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)
    return shown if len(shown) <= EXAMPLE_WIDTH else shown[: EXAMPLE_WIDTH - 1] + "…"
