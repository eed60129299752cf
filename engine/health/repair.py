"""What is bad and can be mended: after a copy of the store, and told sentence by sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.copies import back_up
from engine.domain.words import counted
from engine.errors import DataError, StoreDamaged
from engine.health.files import exposed, leftovers
from engine.health.ground import Ground
from engine.health.rescue import rescue
from engine.indices import names
from engine.store.catalogue import require_tables
from engine.store.files import forget_old, kept_as, log_of
from engine.store.invariants import BUILD, NEWEST, OUT, Breach, breaches, read_every_block
from engine.store.mending import Gone, forget_build, forget_index, keep_newest, stored_indices, take_out

if TYPE_CHECKING:
    from engine.store.database import Session

OWN_FOLDER: Final = 0o700
OWN_FILE: Final = 0o600

LISTED: Final = 5
"""So many rows that went are named; the findings have all of them."""

Rebuild = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Mended:
    """What a repair has done.

    Attributes:
        copy: The store as it was, None where nothing in it had to be changed.
        done: One sentence for everything that was done.
        lost: One sentence for everything that is gone.
    """

    copy: Path | None = None
    done: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def mend(ground: Ground, rebuild: Rebuild) -> Mended:
    """Mend what can be mended.

    Args:
        ground: What is looked at.
        rebuild: Builds an index from its start.

    Raises:
        StoreDamaged: The file cannot be read at all, and there is no copy.
    """
    if not ground.folder.is_dir():
        return Mended()
    done = (*_clear(ground), *_close(ground.folder))
    if not ground.database.exists():
        return Mended(done=done)
    with ground.database.fetching():
        rescued = _rescued(ground, rebuild)
        mended = _mended(ground, rebuild)
    return Mended(rescued.copy or mended.copy, (*done, *rescued.done, *mended.done), rescued.lost)


def _rescued(ground: Ground, rebuild: Rebuild) -> Mended:
    """Bring back what can be of a store that cannot be read."""
    try:
        ground.database.read(lambda session: _look(session, ground.database.path))
    except StoreDamaged as error:
        found = rescue(ground, error)
        built = _build_each(ground, found.indices, rebuild)
        return Mended(found.kept, (*found.done, *built), found.lost)
    return Mended()


def _look(session: Session, path: Path) -> None:
    require_tables(session.connection, path)
    read_every_block(session)


def _mended(ground: Ground, rebuild: Rebuild) -> Mended:
    """Mend the rows of a store that can be read."""
    broken = [one for one in ground.database.read(breaches) if one.invariant.mend]
    if not broken:
        return Mended()
    copy = back_up(ground.database, kept_as(ground.folder, "repair", ground.now), ground.now).path
    forget_old(copy)
    return Mended(copy, tuple(_of_store(ground, broken, copy.name, rebuild)))


def _close(folder: Path) -> list[str]:
    """Make the folder and its files their owner's alone."""
    return [_closed(path) for path in exposed(folder)]


def _closed(path: Path) -> str:
    try:
        path.chmod(OWN_FOLDER if path.is_dir() else OWN_FILE)
    except OSError as error:
        return f"{path} cannot be made its owner's alone: {error.strerror}."
    return f"{path} is its owner's alone now."


def _clear(ground: Ground) -> list[str]:
    gone = leftovers(ground)
    for path in gone:
        path.unlink(missing_ok=True)
        log_of(path).unlink(missing_ok=True)
    return [f"{path}, which an interrupted run had left, is gone." for path in gone]


def _of_store(ground: Ground, broken: Sequence[Breach], copy: str, rebuild: Rebuild) -> list[str]:
    """Raw tables first: what is computed follows from them. What cannot be is never the newest of two rows."""
    return [*_take_out(ground, broken, copy), *_keep_newest(ground, broken), *_build(ground, rebuild)]


def _take_out(ground: Ground, broken: Sequence[Breach], copy: str) -> list[str]:
    tables = [one.invariant.tables[0] for one in broken if one.invariant.mend == OUT]
    gone = ground.database.write(lambda session: _all_out(session, tables, copy))
    return [_went(table, rows) for table, rows in zip(tables, gone, strict=True) if rows]


def _all_out(session: Session, tables: Sequence[str], copy: str) -> list[list[Gone]]:
    gone = [take_out(session, table, copy) for table in tables]
    _forget_builds(session, tables)
    return gone


def _went(table: str, rows: Sequence[Gone]) -> str:
    shown = "; ".join(f"{day} {ticker}: {numbers}" for day, ticker, numbers in rows[:LISTED])
    others = f"; and {counted(len(rows) - LISTED, 'other')}" if len(rows) > LISTED else ""
    return f"{counted(len(rows), 'row')} of {table} that cannot be went; the copy keeps them ({shown}{others})."


def _keep_newest(ground: Ground, broken: Sequence[Breach]) -> list[str]:
    twice = [one.invariant for one in broken if one.invariant.mend == NEWEST]
    gone = ground.database.write(lambda session: _newest_of(session, [one.name for one in twice]))
    return [
        f"Of rows that were there twice in {one.tables[0]}, the {counted(rows, 'older one')} went."
        for one, rows in zip(twice, gone, strict=True)
        if rows
    ]


def _newest_of(session: Session, twice: Sequence[str]) -> list[int]:
    gone = [keep_newest(session, name) for name in twice]
    _forget_builds(session, twice)
    return gone


def _forget_builds(session: Session, mended: Sequence[str]) -> None:
    """What was built of what is mended is built again even if we do not come to it."""
    for index in stored_indices(session) if mended else ():
        forget_build(session, index)


def _build(ground: Ground, rebuild: Rebuild) -> list[str]:
    """Build again what is stored of an index; one that nobody defines any more is left to its next build."""
    return _build_each(ground, ground.database.read(stored_indices), rebuild)


def _build_each(ground: Ground, stored: Sequence[str], rebuild: Rebuild) -> list[str]:
    known = [name for name in stored if name in names(ground.settings)]
    unknown = [name for name in stored if name not in known]
    told = [_built(name, rebuild) for name in known]
    for name in unknown:
        _leave(ground, name)
    return [
        *told,
        *(f"The index {name} has to be built again: flatcap --index {name} build." for name in unknown),
    ]


def _built(name: str, rebuild: Rebuild) -> str:
    try:
        rebuild(name)
    except DataError as error:
        return f"The index {name} cannot be built: {error.message}"
    return f"The index {name} was built again from its start."


def _leave(ground: Ground, name: str) -> None:
    """Let an index be built from its start next time; what is broken of it goes now."""
    ground.database.write(lambda session: forget_build(session, name))
    if any(one.invariant.mend == BUILD for one in ground.database.read(breaches)):
        ground.database.write(lambda session: forget_index(session, name))
