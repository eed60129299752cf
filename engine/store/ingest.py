"""Idempotent upsert of raw frames by key, and the record of what each batch changed.

The statements are made from the schemas of ``engine.frames.schemas`` (our own constants, never a person's text):
every table would otherwise need its own copy of the same three statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from engine.frames.schemas import RAW_SCHEMAS, RawSchema
from engine.store.database import Session

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Merged:
    """What a batch did to one table: ``earliest`` is the first session whose index it can change."""

    rows_new: int
    rows_changed: int
    rows_unchanged: int
    earliest: date | None


def merge_batch(
    session: Session, frames: Mapping[str, pl.DataFrame], *, at: datetime, source: str, detail: str
) -> dict[str, Merged]:
    """Upsert every frame of a batch and record it. A value that a row does not have keeps the stored one.

    Args:
        session: A write session.
        frames: Table name to frame, on its schema, unique by key.
        at: When the data were taken (UTC).
        source: ``import``, ``synthetic``, ``yahoo``, ``decision``.
        detail: Where they come from: a file's name, a provider's call.

    Returns:
        What became of each table.
    """
    number = _next_id(session)
    merged = {table: _merge(session, RAW_SCHEMAS[table], frame, number) for table, frame in frames.items()}
    changed = [one for one in merged.values() if one.rows_new or one.rows_changed]
    if changed:
        record_batch(session, _sum(changed), at=at, source=source, detail=detail)
    return merged


def record_batch(session: Session, merged: Merged, *, at: datetime, source: str, detail: str) -> None:
    """Record what was just changed: the next build begins at ``merged.earliest``."""
    values = {"rows_new": merged.rows_new, "rows_changed": merged.rows_changed, "earliest": merged.earliest}
    number = _next_id(session)
    session.run("ingest/record", {"ingest_id": number, "fetched_at": at, "source": source, "detail": detail, **values})
    session.run("ingest/bump")


def _sum(changed: Sequence[Merged]) -> Merged:
    return Merged(
        sum(one.rows_new for one in changed),
        sum(one.rows_changed for one in changed),
        sum(one.rows_unchanged for one in changed),
        min((one.earliest for one in changed if one.earliest is not None), default=None),
    )


def _next_id(session: Session) -> int:
    found = session.row("ingest/next_id")
    return int(found[0]) if found else 1


def _merge(session: Session, schema: RawSchema, frame: pl.DataFrame, number: int) -> Merged:
    execute = session.connection.execute
    session.stage(frame)
    try:
        if not execute(f"select exists (select 1 from {schema.table})").fetchall()[0][0]:
            return _fill(session, schema, frame, number)
        execute(_delta_sql(schema))
    finally:
        session.unstage()
    try:
        counts = execute(_count_sql(schema)).fetchall()[0]
        if counts[1]:
            execute(_delete_sql(schema))
        if counts[0] or counts[1]:
            execute(_insert_sql(schema, number, "delta"))
        fresh, changed, earliest = counts
        return Merged(fresh, changed, frame.height - fresh - changed, earliest)
    finally:
        execute("drop table delta")


def _fill(session: Session, schema: RawSchema, frame: pl.DataFrame, number: int) -> Merged:
    """An empty table takes the frame as it is: there is nothing to compare with."""
    session.connection.execute(_insert_sql(schema, number, "staged"))
    if schema.table in _FIRST_PRICED:
        earliest = session.connection.execute(f"select {_FIRST_PRICED[schema.table]}").fetchall()[0][0]
    else:
        earliest = frame[schema.date_column].min() if schema.date_column else None
    return Merged(frame.height, 0, 0, earliest)


_FIRST_PRICED = {
    "security": """(select min(p.session) from price p where p.ticker in (
        select ticker from staged
        union all select old_ticker from rename where exists (select 1 from staged)))""",
    "rename": """least((select min(session) from staged), (select min(p.session) from price p where p.ticker in (
        select old_ticker from staged
        union all select old_ticker from rename where exists (select 1 from staged))))""",
}
"""What is known of a ticker, and what became of it, counts from its first price on; a ticker has what is known of the
last one that renames gave it, so that either may be about all of them."""


def _delta_sql(schema: RawSchema) -> str:
    """Rows that are new or differ, completed with what is stored where the new row has no value."""
    optional = [name for name in schema.columns if name not in schema.required]
    columns = ", ".join(
        f"coalesce(s.{name}, t.{name}) as {name}" if name in optional else f"s.{name}" for name in schema.columns
    )
    match = " and ".join(f"s.{name} = t.{name}" for name in schema.key)
    values = [name for name in schema.columns if name not in schema.key]
    differs = " or ".join(
        f"(s.{name} is not null and s.{name} is distinct from t.{name})"
        if name in optional
        else f"s.{name} is distinct from t.{name}"
        for name in values
    )
    differs = differs or "false"  # a row that is its key has nothing else to say
    bounds = "true"
    if "session" in schema.columns:
        bounds = "t.session between (select min(session) from staged) and (select max(session) from staged)"
    relevant = " or ".join(f"s.{name} is not null and s.{name} is distinct from t.{name}" for name in _RELEVANT)
    touches = relevant if schema.table == "security" else "true"
    return f"""create temp table delta as
        select {columns}, t.{schema.key[0]} is not null as known, ({touches}) as touches
        from staged s left join (select * from {schema.table} t where {bounds}) t on {match}
        where t.{schema.key[0]} is null or {differs or "false"}"""


_RELEVANT = ("exchange", "issuer", "country", "security_type")
"""Columns of a security that decide eligibility or the company; a new name or sector changes no level."""


def _count_sql(schema: RawSchema) -> str:
    earliest = "null::date"
    if schema.table in _FIRST_PRICED:
        earliest = _FIRST_PRICED[schema.table].replace("staged", "delta where touches")
    elif schema.date_column:
        earliest = f"min({schema.date_column})"
    return f"select count(*) filter (not known), count(*) filter (known), {earliest} from delta"


def _delete_sql(schema: RawSchema) -> str:
    match = " and ".join(f"t.{name} = d.{name}" for name in schema.key)
    return f"delete from {schema.table} t using delta d where d.known and {match}"


def _insert_sql(schema: RawSchema, number: int, source: str) -> str:
    """Rows in the order of the key, so that a day or a range of days lies together."""
    names = ", ".join(schema.columns)
    order = f" order by {', '.join(schema.key)}" if source == "delta" else ""
    return f"insert into {schema.table} ({names}, ingest_id) select {names}, {number} from {source}{order}"
