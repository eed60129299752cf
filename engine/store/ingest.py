"""Idempotent upsert of raw frames by key, and the record of what each batch changed.

The statements are made from the schemas of ``engine.frames.schemas`` (our own constants, never a person's text):
every table would otherwise need its own copy of the same three statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.frames.schemas import RAW_SCHEMAS, RawSchema
from engine.store.audit import DECISION, DataChange, note_part, note_rows
from engine.store.database import Session
from engine.store.sources import FETCHED

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Merged:
    """What a batch did to one table.

    Attributes:
        rows_new: Rows that were not there.
        rows_changed: Rows that were there and have changed.
        rows_unchanged: The others.
        earliest: First session whose index it can change.
        rows_own: Of the changed rows, those of another batch of the same fetch.
        earliest_sector: First session of an index that takes some sectors only, which it can change in that way alone.
        first: First session of the new and the changed rows; None where they are of none.
        last: Last session of these.
    """

    rows_new: int
    rows_changed: int
    rows_unchanged: int
    earliest: date | None
    rows_own: int = field(default=0, compare=False)
    earliest_sector: date | None = field(default=None, compare=False)
    first: date | None = field(default=None, compare=False)
    last: date | None = field(default=None, compare=False)


def merge_batch(
    session: Session, frames: Mapping[str, pl.DataFrame], *, at: datetime, source: str, detail: str
) -> dict[str, Merged]:
    """Upsert every frame of a batch and record it. A value that a row does not have keeps the stored one.

    What is fetched gives way to what came otherwise: it leaves such rows alone, and of a security fills in what is not
    known. What comes otherwise takes the rows over that it finds, the equal ones too.

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
    fresh = _fresh(session, frames)
    written = {
        table: _fill(session, RAW_SCHEMAS[table], frame, number)
        if table in fresh
        else _merge(session, RAW_SCHEMAS[table], frame, number, source, at)
        for table, frame in frames.items()
    }
    if any(count for count, _ in written.values()):
        changed = [one for _, one in written.values() if one.rows_new or one.rows_changed]
        _record(session, _sum(changed), number, at=at, source=source, detail=detail)
    for table, (_, one) in written.items():
        _note(session, table, one, at=at, source=source, detail=detail)
    return {table: one for table, (_, one) in written.items()}


def record_batch(session: Session, merged: Merged, *, at: datetime, source: str, detail: str) -> None:
    """Number a change that was just made by other means, whose record the caller writes.

    The next build begins at ``merged.earliest``.
    """
    _record(session, merged, _next_id(session), at=at, source=source, detail=detail)


def _note(session: Session, table: str, merged: Merged, *, at: datetime, source: str, detail: str) -> None:
    """Record what became of a table: of a fetch, which comes in many batches, as one change."""
    what = DECISION if source == DECISION else table
    figures = (merged.rows_new, merged.rows_changed, 0, merged.first, merged.last)
    if source == FETCHED:
        note_part(session, DataChange(what, source, *figures), at)
    else:
        note_rows(session, DataChange(what, detail, *figures))


def _record(session: Session, merged: Merged, number: int, *, at: datetime, source: str, detail: str) -> None:
    values = {"rows_new": merged.rows_new, "rows_changed": merged.rows_changed, "earliest": merged.earliest}
    values["earliest_sector"] = merged.earliest_sector
    session.run("ingest/record", {"ingest_id": number, "fetched_at": at, "source": source, "detail": detail, **values})
    session.run("ingest/bump")


def _sum(changed: Sequence[Merged]) -> Merged:
    return Merged(
        sum(one.rows_new for one in changed),
        sum(one.rows_changed for one in changed),
        sum(one.rows_unchanged for one in changed),
        min((one.earliest for one in changed if one.earliest is not None), default=None),
        earliest_sector=next((one.earliest_sector for one in changed if one.earliest_sector is not None), None),
    )


def _next_id(session: Session) -> int:
    found = session.row("ingest/next_id")
    return int(found[0]) if found else 1


def _fresh(session: Session, frames: Mapping[str, pl.DataFrame]) -> set[str]:
    """Tables in which nothing is stored under the names of a frame in the range of its sessions."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for table, frame in frames.items():
        name = RAW_SCHEMAS[table].key[-1]
        values[f"{table}_names"] = frame[name].unique().to_list()
        within = f"{name} in (select unnest(${table}_names::varchar[]))"
        if "session" in RAW_SCHEMAS[table].key:
            values |= {f"{table}_first": frame["session"].min(), f"{table}_last": frame["session"].max()}
            within += f" and session between ${table}_first and ${table}_last"
        parts.append(f"not exists (select 1 from {table} where {within})")  # noqa: S608 (names of our own)
    found = session.connection.execute(f"select {', '.join(parts)}", values).fetchall()[0] if parts else ()
    return {table for table, free in zip(frames, found, strict=True) if free}


def _fill(session: Session, schema: RawSchema, frame: pl.DataFrame, number: int) -> tuple[int, Merged]:
    """Take the frame as it is: there is nothing to compare with. Gives the rows written, and what they are."""
    if frame.is_empty():
        return 0, Merged(0, 0, 0, None)
    session.stage(frame)
    try:
        names = ", ".join(schema.columns)
        session.connection.execute(
            f"insert into {schema.table} ({names}, ingest_id) select {names}, {number} from staged"  # noqa: S608 (names of our own)
        )
        if schema.table in _FIRST_PRICED:
            earliest = session.connection.execute(f"select {_FIRST_PRICED[schema.table]}").fetchall()[0][0]
        else:
            earliest = frame[schema.date_column].min() if schema.date_column else None
    finally:
        session.unstage()
    return frame.height, Merged(frame.height, 0, 0, earliest, first=_extreme(frame, "min"), last=_extreme(frame, "max"))


def _extreme(frame: pl.DataFrame, which: str) -> date | None:
    """First or last session of a frame, None where its rows are of none."""
    found: date | None = getattr(frame["session"], which)() if "session" in frame.columns else None
    return found


def _merge(
    session: Session, schema: RawSchema, frame: pl.DataFrame, number: int, source: str, at: datetime
) -> tuple[int, Merged]:
    """Compare the frame with what is stored. Gives the rows written, and what they are."""
    execute = session.connection.execute
    session.stage(frame)
    try:
        execute(_delta_sql(schema, number, source == FETCHED), {"at": at})
    finally:
        session.unstage()
    written, fresh, changed, own, earliest, of_sector, *range_ = execute(_count_sql(schema)).fetchall()[0]
    if written > fresh:
        execute(_delete_sql(schema))
    if written:
        execute(_insert_sql(schema))
    execute("drop table delta")
    return written, Merged(fresh, changed, frame.height - fresh - changed, earliest, own, of_sector, *range_)


_FIRST_PRICE_OF = """(with recursive about as (
        {named} union select r.old_ticker from rename r join about a on a.ticker = r.new_ticker)
    select min(p.session) from price p where p.ticker in (select ticker from about))"""

_FIRST_PRICED = {
    "security": _FIRST_PRICE_OF.format(named="select ticker from staged"),
    "rename": f"""least((select min(session) from staged), {
        _FIRST_PRICE_OF.format(named="select old_ticker as ticker from staged")
    })""",  # noqa: S608 (names of our own)
}
"""What is known of a ticker, and what became of it, counts from its first price on; a ticker has what is known of the
one that renames gave it, so that it counts for those before it, too."""

_RELEVANT = ("exchange", "issuer", "country", "security_type")
"""Columns of a security that decide eligibility or the company in every index; a new name changes no level."""

_OF_SECTOR = ("sector",)
"""Columns that decide eligibility only where an index takes some sectors."""

_FETCHED = "f.ingest_id is not null"
"""Whether the stored row was fetched."""

_FILLED = ("security",)
"""Tables whose rows of another source a fetch completes where they have no value."""


def _delta_sql(schema: RawSchema, number: int, fetched: bool) -> str:
    """Rows that are new or differ, completed with what is stored; rows that only change hands come with them."""
    gives_way = fetched and schema.table in _FILLED
    values = {name: _value(name, schema, gives_way) for name in schema.columns}
    differs = _differing(values, [name for name in schema.columns if name not in schema.key]) or "false"
    own = "true" if gives_way or not fetched else _FETCHED
    taken = f"{own} and ({differs})" if fetched else f"{differs} or {_FETCHED}"
    owner = f"if({_FETCHED}, {number}, coalesce(t.ingest_id, {number}))" if fetched else str(number)
    return f"""create temp table delta as
        select {", ".join(f"{value} as {name}" for name, value in values.items())}, {owner} as ingest_id,
            t.{schema.key[0]} is not null as known, {"true" if fetched else differs} as changed,
            f.fetched_at is not distinct from $at as own,
            {_differing(values, _RELEVANT) or "true"} as touches, {_differing(values, _OF_SECTOR) or "false"} as moves
        from staged s left join {schema.table} t on {_match(schema)}
        left join (select ingest_id, fetched_at from ingest where source = '{FETCHED}') f on f.ingest_id = t.ingest_id
        where t.{schema.key[0]} is null or ({taken})"""  # noqa: S608 (names of our own)


def _match(schema: RawSchema) -> str:
    """Staged and stored rows of one key; the range of sessions spares the rest of the table."""
    match = " and ".join(f"s.{name} = t.{name}" for name in schema.key)
    if "session" in schema.columns:
        match += " and t.session between (select min(session) from staged) and (select max(session) from staged)"
    return match


def _differing(values: Mapping[str, str], names: Iterable[str]) -> str:
    """Whether one of the columns is not as stored; empty where the table has none of them."""
    return " or ".join(f"{values[name]} is distinct from t.{name}" for name in names if name in values)


def _value(name: str, schema: RawSchema, gives_way: bool) -> str:
    """A column of a merged row: of the batch, or the stored value where the batch has none or gives way."""
    if name in schema.key:
        return f"s.{name}"
    ours = f"s.{name}" if name in schema.required else f"coalesce(s.{name}, t.{name})"
    return f"if({_FETCHED}, {ours}, coalesce(t.{name}, s.{name}))" if gives_way else ours


def _count_sql(schema: RawSchema) -> str:
    """Rows to write, new ones, changed ones, of these those of the same fetch, and the first sessions it can change."""
    earliest = of_sector = "null::date"
    if schema.table in _FIRST_PRICED:
        changes = "delta where touches and (changed or not known)"
        earliest = _FIRST_PRICED[schema.table].replace("staged", changes)
        of_sector = _FIRST_PRICED[schema.table].replace("staged", "delta where moves and known")
    elif schema.date_column:
        earliest = f"min({schema.date_column}) filter (changed or not known)"
    first = last = "null::date"
    if "session" in schema.columns:
        first, last = (f"{extreme}(session) filter (changed or not known)" for extreme in ("min", "max"))
    return f"""select count(*), count(*) filter (not known), count(*) filter (known and changed),
            count(*) filter (known and changed and own), {earliest}, {of_sector}, {first}, {last}
        from delta"""  # noqa: S608 (names of our own)


def _delete_sql(schema: RawSchema) -> str:
    match = " and ".join(f"t.{name} = d.{name}" for name in schema.key)
    return f"delete from {schema.table} t using delta d where d.known and {match}"  # noqa: S608 (names of our own)


def _insert_sql(schema: RawSchema) -> str:
    """Rows in the order of the key, so that a day or a range of days lies together."""
    names = ", ".join((*schema.columns, "ingest_id"))
    return f"insert into {schema.table} ({names}) select {names} from delta order by {', '.join(schema.key)}"  # noqa: S608 (names of our own)
