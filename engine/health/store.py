"""Whether the store can be read, block by block, and holds what must hold of every table."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.copies import newest_beside
from engine.domain.words import counted
from engine.errors import StoreDamaged, StoreError
from engine.health.data import of_data
from engine.health.ground import BAD, GOOD, MEGABYTE, MORE, REPAIR, WARN, Ground
from engine.reports import Check
from engine.store.audit import read
from engine.store.invariants import INVARIANTS, Breach, breaches, read_every_block
from engine.store.statements import migrations

if TYPE_CHECKING:
    from engine.store.database import Session

RESTORE: Final = "flatcap restore puts a copy back that flatcap backup has written"


def of_store(ground: Ground) -> Iterator[Check]:
    """The store and everything in it; a store that cannot be read says so alone."""
    database = ground.database
    try:
        if not database.exists() and not ground.folder.is_file():
            yield _no_store(ground)
            return
        checks = database.read(lambda session: list(_of_session(ground, session)))
    except StoreError as error:
        yield Check("store", BAD, error.message, way_back(ground.folder, error))
        return
    yield from checks


def _no_store(ground: Ground) -> Check:
    """A store is never made empty: a file without a byte was one, and lost what was in it."""
    more = MORE[ground.settings.provider]
    if not ground.database.path.exists():
        return Check("store", WARN, f"There are no data in {ground.folder} yet.", more)
    copy = newest_beside(ground.folder)
    return Check(
        "store", BAD, f"{ground.database.path} is empty: what was in it is lost.", _back_to(copy) if copy else more
    )


def _of_session(ground: Ground, session: Session) -> Iterator[Check]:
    tables = len(read_every_block(session))
    path = ground.database.path
    size = path.stat().st_size / MEGABYTE
    yield Check("store", GOOD, f"{path} can be read, every block of it: {size:,.1f} MB, {counted(tables, 'table')}.")
    yield Check("schema", GOOD, f"The schema is number {migrations()[-1][0]}, which this version writes.")
    broken = breaches(session)
    yield from (_told(ground, one) for one in broken)
    if not broken:
        yield Check("tables", GOOD, f"All {len(INVARIANTS)} rules of the tables hold.")
    yield _last_change(session)
    yield from of_data(ground, session)


def _told(ground: Ground, breach: Breach) -> Check:
    """What is broken, and whether it can be mended."""
    such = f", such as {breach.example}" if breach.example else ""
    by_hand = RESTORE if ground.settings.provider == "demo" else f"import the right rows over it; {RESTORE}"
    hint = REPAIR if breach.invariant.mend else by_hand
    return Check(breach.invariant.name, BAD, f"{breach.invariant.text}: {breach.rows:,}{such}.", hint)


def _last_change(session: Session) -> Check:
    for one in read(session, 1):
        text = f"The last change was at {one.changed_at:%Y-%m-%d %H:%M} UTC, of {one.what} by {one.command}"
        return Check("changes", GOOD, f"{text}: {one.detail}." if one.detail else f"{text}.")
    return Check("changes", GOOD, "No change of the data is on record yet.")


def way_back(folder: Path, error: StoreError) -> str:
    """What to do about a store that cannot be used: the newest copy beside it comes back first."""
    if not isinstance(error, StoreDamaged):
        return error.hint
    copy = newest_beside(folder)
    return _back_to(copy) if copy else error.hint


def _back_to(copy: Path) -> str:
    return f"flatcap restore {shlex.quote(str(copy))}"
