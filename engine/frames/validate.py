"""From a table as it was read to frames on our schemas: rows that cannot be used are refused, by reason.

A row is refused whole, for the first reason found. Nothing here touches a file, the store or a clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from engine.frames import cells
from engine.frames.cells import IsSession, Parsed
from engine.frames.refused import DUPLICATE, ROW, by_ticker, refusals, refused_rows
from engine.frames.schemas import (
    ACCEPTED_CAP,
    BENCHMARK,
    DIVIDEND,
    FINAL_PRICE,
    FX,
    MARKET_CAP,
    PRICE,
    RENAME,
    SECURITY,
    SHARES,
    SPLIT,
    RawSchema,
)
from engine.reports import Refusal

MALFORMED: Final = "malformed"
"""Name of the column, true where a row has not as many fields as the file's first line; may be absent."""
UNDECODABLE: Final = "undecodable"
"""Name of the column, true where a row has bytes that are no text in UTF-8; may be absent."""

MARKS: Final = {
    UNDECODABLE: "not in UTF-8 (save the file in UTF-8)",
    MALFORMED: "not as many fields as the first line",
}
"""Columns that speak against a row before its cells are read, with what they say."""

Parser = Callable[[pl.Series], Parsed]


@dataclass(frozen=True, slots=True)
class Target:
    """A table that a kind of file feeds.

    Attributes:
        schema: The table.
        renamed: Columns of the table that carry another name in the file, with that name.
        value: Column of the file without whose value a row says nothing to this table; None if all rows do.
    """

    schema: RawSchema
    renamed: dict[str, str]
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """What became of a file's rows.

    Attributes:
        frames: Frames on their schemas, by table.
        refused: What was refused, by reason.
        lost: The same by reason and ticker, on ``REFUSED``.
        repeated: Rows of which a later one of the file says the same.
    """

    frames: dict[str, pl.DataFrame]
    refused: tuple[Refusal, ...]
    lost: pl.DataFrame
    repeated: int


_DATED: Final = {"session": "date"}
_SPLITS: Final = Target(SPLIT, {**_DATED, "ratio": "split"}, "split")
_DIVIDENDS: Final = Target(DIVIDEND, {**_DATED, "amount": "dividend"}, "dividend")

TARGETS: Final[dict[str, tuple[Target, ...]]] = {
    "securities": (Target(SECURITY, {}),),
    "renames": (Target(RENAME, _DATED),),
    "actions": (_SPLITS, _DIVIDENDS),
    "shares": (Target(SHARES, _DATED),),
    "prices": (Target(PRICE, _DATED), _SPLITS, _DIVIDENDS),
    "market-caps": (Target(MARKET_CAP, {**_DATED, "market_cap_usd": "market_cap"}),),
    "accepted-caps": (Target(ACCEPTED_CAP, _DATED),),
    "final-prices": (Target(FINAL_PRICE, {**_DATED, "price": "final_price"}),),
    "benchmarks": (Target(BENCHMARK, _DATED),),
    "fx": (Target(FX, _DATED),),
}
"""What each kind of file feeds."""

AN_INDEX: Final = "an index, not a stock: import closes of indices with --kind benchmarks"

SESSION_KINDS: Final = frozenset({"prices", "market-caps", "accepted-caps", "final-prices"})
"""Kinds whose dates must be sessions; corporate actions keep their own date."""

ANNOUNCED_KINDS: Final = frozenset({"actions", "renames"})
"""Kinds that may speak of the future."""

_COLUMNS: Final[dict[str, Parser]] = {
    "ticker": partial(cells.codes, what="ticker"),
    "old_ticker": partial(cells.codes, what="old ticker"),
    "new_ticker": partial(cells.codes, what="new ticker"),
    "symbol": partial(cells.codes, what="symbol", joined=False),
    "pair": cells.pairs,
    "close": partial(cells.positive, what="close"),
    "open": partial(cells.lenient, zero=False),
    "high": partial(cells.lenient, zero=False),
    "low": partial(cells.lenient, zero=False),
    "volume": partial(cells.lenient, zero=True),
    "split": partial(cells.ratios, what="split"),
    "dividend": partial(cells.amounts, what="dividend"),
    "shares_outstanding": partial(cells.positive, what="number of shares"),
    "market_cap": partial(cells.positive, what="market cap"),
    "accepted": partial(cells.agreed, what="accepted"),
    "final_price": partial(cells.not_negative, what="final price"),
    "rate": partial(cells.positive, what="rate"),
    "name": partial(cells.texts, what="name", required=True),
}


def validated(
    table: pl.DataFrame,
    kind: str,
    *,
    is_session: IsSession | None = None,
    today: date | None = None,
    final: date | None = None,
) -> Validated:
    """Check every row of a file and sort the good ones into frames.

    Args:
        table: Columns under the names of ``KINDS[kind]``, ``row_number`` and perhaps ``MARKS``.
        kind: Name of the kind of file.
        is_session: Whether the NYSE trades on a day; prices, market caps and what was decided about them are refused
            on other days.
        today: Days after it are refused, except of corporate actions and renames; None refuses none.
        final: The last closed session: those of later ones are refused; None refuses none.

    Returns:
        Frames by table, each on its schema, unique by key and sorted by it, and what was refused; tables
        without a row are left out.
    """
    parsed = {name: _parser(name, kind, is_session, today, final)(table[name]) for name in _data_columns(table)}
    problems = [problem for column in parsed.values() for problem in column.problems]
    values = pl.DataFrame({ROW: table[ROW], **{name: column.values for name, column in parsed.items()}})
    marked = [(reason, table[name]) for name, reason in MARKS.items() if name in table]
    why = _first_reasons(table.height, [*marked, *problems, *_across(values, kind)])
    accepted = values if why is None else values.filter(why.is_null())
    frames, dropped, repeated = _tables(accepted, kind)
    lost = refused_rows(table.drop(*MARKS, strict=False), values, _with_duplicates(values[ROW], why, dropped))
    return Validated(frames, refusals(lost), by_ticker(lost), repeated)


def _data_columns(table: pl.DataFrame) -> list[str]:
    return [name for name in table.columns if name not in (ROW, *MARKS)]


def _parser(name: str, kind: str, is_session: IsSession | None, today: date | None, final: date | None) -> Parser:
    if name != "date":
        return _COLUMNS.get(name, partial(cells.texts, what=name))
    return partial(
        cells.dates,
        is_session=is_session if kind in SESSION_KINDS else None,
        today=None if kind in ANNOUNCED_KINDS else today,
        final=final if kind in SESSION_KINDS else None,
    )


def _across(values: pl.DataFrame, kind: str) -> list[tuple[str, pl.Series]]:
    """Problems that need more than one column to see."""
    if kind == "prices":
        return [(AN_INDEX, values["ticker"].str.starts_with("^").fill_null(value=False))]
    if kind != "renames":
        return []
    same = (values["old_ticker"] == values["new_ticker"]).fill_null(value=False)
    return [("old and new ticker are the same", same)]


def _first_reasons(height: int, problems: list[tuple[str, pl.Series]]) -> pl.Series | None:
    """The first reason against each row, null where there is none; None when no row has any."""
    found = [(reason, mask) for reason, mask in problems if mask.any()]
    if not found:
        return None
    reasons = pl.repeat(None, height, dtype=pl.String, eager=True)
    for reason, mask in reversed(found):
        reasons = reasons.zip_with(~mask, pl.repeat(reason, height, dtype=pl.String, eager=True))
    return reasons


def _tables(accepted: pl.DataFrame, kind: str) -> tuple[dict[str, pl.DataFrame], pl.Series, int]:
    """The frames, the numbers of rows lost to later ones that differ, and how many are there again."""
    frames: dict[str, pl.DataFrame] = {}
    repeated = 0
    dropped = accepted[ROW].clear()
    for target in TARGETS[kind]:
        given = _on_schema(accepted, target)
        frame, lost = _unique(given, target.schema)
        dropped = dropped.append(lost)
        repeated += given.height - frame.height - len(lost)
        if frame.height:
            frames[target.schema.table] = frame
    return frames, dropped, repeated


def _on_schema(accepted: pl.DataFrame, target: Target) -> pl.DataFrame:
    """The target's columns in their order, with the row numbers; no row where the file has not its value."""
    if target.value is not None:
        if target.value not in accepted:
            return accepted.clear().select(ROW, **_columns_of(accepted, target))
        accepted = accepted.filter(pl.col(target.value).is_not_null())
    return accepted.select(ROW, **_columns_of(accepted, target))


def _columns_of(accepted: pl.DataFrame, target: Target) -> dict[str, pl.Expr]:
    sources = {name: target.renamed.get(name, name) for name in target.schema.columns}
    return {
        name: (pl.col(source) if source in accepted else pl.lit(None)).cast(target.schema.columns[name])
        for name, source in sources.items()
    }


def _unique(frame: pl.DataFrame, schema: RawSchema) -> tuple[pl.DataFrame, pl.Series]:
    """The frame sorted and unique by key, and the numbers of rows lost to a later row that differs."""
    key = list(schema.key)
    if not _ascending(frame, key):
        frame = frame.sort(key, maintain_order=True)  # rows stand in the order of the file
    again = frame.select(pl.all_horizontal(pl.col(key) == pl.col(key).shift(-1)).fill_null(value=False)).to_series()
    none_lost = frame[ROW].clear()
    if not again.any():
        return frame.drop(ROW), none_lost
    values = [name for name in schema.columns if name not in key]
    if not values:
        return frame.filter(~again).drop(ROW), none_lost
    doubled = frame.filter(again | again.shift(1, fill_value=False))
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).last().over(key)) for name in values)
    return frame.filter(~again).drop(ROW), doubled.filter(differs)[ROW]


def _ascending(frame: pl.DataFrame, key: list[str]) -> bool:
    """Whether every row's key is above the one before: the files of most vendors are, and need no sorting."""
    above, equal = pl.lit(value=False), pl.lit(value=True)
    for name in key:
        column, before = pl.col(name), pl.col(name).shift(1)
        above, equal = above | (equal & (column > before)), equal & (column == before)
    return bool(frame.select(above.all(ignore_nulls=True)).item())


def _with_duplicates(rows: pl.Series, why: pl.Series | None, dropped: pl.Series) -> pl.Series | None:
    """Reasons of all rows that were not taken, those among them of which a later row says something else."""
    if dropped.is_empty():
        return why
    again = pl.repeat(DUPLICATE, len(rows), dtype=pl.String, eager=True)
    others = pl.repeat(None, len(rows), dtype=pl.String, eager=True) if why is None else why
    return again.zip_with(rows.is_in(dropped.unique().implode()), others)
