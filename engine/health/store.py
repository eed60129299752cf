"""Whether the store can be read, block by block, and holds what must hold of every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.domain.words import counted
from engine.errors import StoreError
from engine.health.data import of_data
from engine.health.ground import BAD, GOOD, MEGABYTE, MORE, REPAIR, WARN, Ground
from engine.reports import Check
from engine.store.audit import read
from engine.store.catalogue import require_tables
from engine.store.clock import HINT, doubt
from engine.store.files import copies_in
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
        yield Check("store", BAD, error.message, error.hint)
        return
    yield from checks


def _no_store(ground: Ground) -> Check:
    """What is said where there is none: it was never made, or it is gone."""
    more, path = MORE[ground.settings.provider], ground.database.path
    if path.is_file():
        return Check("store", BAD, f"{path} is empty: its making was cut short, or what was in it is lost.", more)
    if ground.folder.is_dir() and copies_in(ground.folder):
        gone = ground.database.none_there()
        return Check("store", BAD, gone.message, gone.hint)
    return Check("store", WARN, f"There are no data in {ground.folder} yet.", more)


def _of_session(ground: Ground, session: Session) -> Iterator[Check]:
    path = ground.database.path
    require_tables(session.connection, path)
    tables = len(read_every_block(session))
    size = path.stat().st_size / MEGABYTE
    yield Check("store", GOOD, f"{path} can be read, every block of it: {size:,.1f} MB, {counted(tables, 'table')}.")
    yield Check("schema", GOOD, f"The schema is number {migrations()[-1][0]}, which this version writes.")
    broken = breaches(session)
    yield from (_told(ground, one) for one in broken)
    if not broken:
        yield Check("tables", GOOD, f"All {len(INVARIANTS)} rules of the tables hold.")
    yield _last_change(session)
    yield _clock(session)
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


def _clock(session: Session) -> Check:
    sentence = doubt(session)
    if sentence:
        return Check("clock", BAD, sentence, HINT)
    return Check("clock", GOOD, "The clock is not behind the last change of the data.")
