"""What can be mended in a store: rows that are there twice or cannot be, and indices that nobody builds any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from itertools import groupby
from operator import itemgetter
from typing import Final

from engine.store.audit import INDEX, DataChange, note, note_rows
from engine.store.database import Session
from engine.store.derived import DERIVED

_NEWEST: Final = {
    "price_keys": ("repair/newest_price", "price"),
    "shares_keys": ("repair/newest_shares", "shares"),
    "market_cap_keys": ("repair/newest_market_cap", "market_cap"),
}
"""Statement that keeps the newest row, and its table, by the name of the invariant."""

_OUT: Final = {
    "price": "repair/impossible_price",
    "shares": "repair/impossible_shares",
    "market_cap": "repair/impossible_market_cap",
    "split": "repair/impossible_split",
    "dividend": "repair/impossible_dividend",
    "benchmark": "repair/impossible_benchmark",
    "fx": "repair/impossible_fx",
    "final_price": "repair/impossible_final_price",
    "share_scale": "repair/impossible_share_scale",
}
"""Statement that takes the rows out that cannot be, by their table."""

IMPOSSIBLE: Final = "a number that cannot be, taken out by doctor --repair"
"""Why a row of the store is among those that were refused."""

Gone = tuple[date, str, str]
"""Session, ticker (or symbol, or pair) and numbers of a row that was taken out."""


def take_out(session: Session, table: str, copy: str) -> list[Gone]:
    """Take the rows that cannot be out of a raw table, and keep them among the refused rows.

    Args:
        session: A write session.
        table: The table.
        copy: Name of the copy of the store that has them still.
    """
    gone: list[Gone] = sorted(session.rows(_OUT[table]))
    if gone:
        days = [day for day, _, _ in gone]
        _refuse(session, table, copy, gone)
        change = DataChange(table, "repair: rows that cannot be", 0, 0, len(gone), days[0], days[-1])
        note_rows(session, change)
        session.run("ingest/bump")
    return gone


def _refuse(session: Session, table: str, copy: str, gone: Sequence[Gone]) -> None:
    """One refused row for each ticker, as those of a file."""
    of_ticker = [list(rows) for _, rows in groupby(sorted(gone, key=itemgetter(1)), key=itemgetter(1))]
    columns = {
        "reason": [IMPOSSIBLE] * len(of_ticker),
        "ticker": [rows[0][1] for rows in of_ticker],
        "rows": [len(rows) for rows in of_ticker],
        "first": [rows[0][0] for rows in of_ticker],
        "last": [rows[-1][0] for rows in of_ticker],
        "example": [f"{rows[0][0]}: {rows[0][2]}" for rows in of_ticker],
    }
    at = session.now().astimezone(UTC).replace(tzinfo=None)
    session.run("ingest/keep_refused", {"file": copy, "kind": table, "refused_at": at, **columns})


def keep_newest(session: Session, invariant: str) -> int:
    """Of rows with one key keep that of the newest batch; gives how many went."""
    name, table = _NEWEST[invariant]
    before = _rows(session, table)
    session.run(name)
    session.run("ingest/bump")
    gone = before - _rows(session, table)
    note_rows(session, DataChange(table, "repair: older rows of those that were there twice", rows_removed=gone))
    return gone


def stored_indices(session: Session) -> tuple[str, ...]:
    """Names of the indices that anything is stored of."""
    return tuple(row[0] for row in session.rows("repair/indices"))


def forget_index(session: Session, index_name: str) -> None:
    """Remove everything that was computed of an index."""
    for table in DERIVED:
        session.connection.execute(f"delete from {table} where index_name = $name", {"name": index_name})  # noqa: S608 (names of our own)
    forget_build(session, index_name)
    note(session, DataChange(f"{INDEX} {index_name}", "repair: all that was computed is gone"))


def forget_build(session: Session, index_name: str) -> None:
    """Let the next build of an index begin at its start."""
    session.run("build/clear_record", {"index_name": index_name})
    session.run("ingest/bump")


def _rows(session: Session, table: str) -> int:
    return int(session.connection.execute(f"select count(*) from {table}").fetchall()[0][0])  # noqa: S608 (names of our own)
