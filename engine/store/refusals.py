"""Rows of files that were not taken, kept until the file is imported again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.store.database import Session

if TYPE_CHECKING:
    import polars as pl


def keep_refused(session: Session, file: str, kind: str, lost: pl.DataFrame, at: datetime) -> None:
    """Put the refused rows of a file in the place of those that it had before. The index needs no build for them.

    Args:
        session: A write session.
        file: The file's name.
        kind: Its kind: what the same file gave as another kind stays.
        lost: Rows by reason and ticker, on ``engine.frames.refused.REFUSED``.
        at: When the file was read (UTC).
    """
    key = {"file": file, "kind": kind}
    rows = lost.sort("reason", "ticker").rows()
    if rows == session.rows("ingest/refused", key):
        return
    session.run("ingest/forget_refused", key)
    if rows:
        columns = zip(lost.columns, map(list, zip(*rows, strict=True)), strict=True)
        session.run("ingest/keep_refused", {**key, "refused_at": at, **dict(columns)})
    session.run("ingest/bump")
