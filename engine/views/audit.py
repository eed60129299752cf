"""The record of every change of data, as people see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change of the stored data, in one transaction.

    Attributes:
        changed_at: When (UTC).
        run_id: Which run of the program, as in its log.
        command: By which command: ``import``, ``update``, ``build``, ``app``.
        what: What was changed: ``prices``, ``shares``, ``index top100``, ``decision``, ``schema``, ``store``.
        detail: Where it came from or what was done: a file's name, a provider, a sentence.
        rows_new: Rows that were not there.
        rows_changed: Rows that were there and have changed.
        rows_removed: Rows that are not there any more.
        first: First session concerned; None where it is none.
        last: Last session concerned; None where it is none.
    """

    changed_at: datetime
    run_id: str
    command: str
    what: str
    detail: str
    rows_new: int
    rows_changed: int
    rows_removed: int
    first: date | None
    last: date | None
