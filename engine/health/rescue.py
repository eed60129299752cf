"""A store that cannot be read any more: what can be brought back, from what is left of it and from a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.copies import newest_beside
from engine.domain.words import counted
from engine.errors import StoreDamaged
from engine.health.ground import MORE, Ground
from engine.indices import names
from engine.parts import free_part
from engine.store.audit import STORE, DataChange, note
from engine.store.backup import look_at, swap
from engine.store.failures import damage_named
from engine.store.files import clone, clone_to_disk, forget_old, kept_as, log_of, remove
from engine.store.salvage import Salvaged, Wreck, salvage

MEANING: Final = {
    "universe_snapshot": "nobody can fetch them again",
    "accepted_cap": "they have to be decided again",
    "final_price": "they have to be decided again",
    "rename": "those that were decided have to be decided again",
    "ingest": "what is left of those batches has a new record",
    "audit": "the data are not concerned",
    "refused_row": "the data are not concerned",
    "fetch_state": "the next fetch asks for more than it would have",
    "fetch_run": "the data are not concerned",
    "fetch_note": "the data are not concerned",
}
"""What lost rows of a table mean; those of any other come again in the way that data come in."""

WHOLE: Final = "Every row that was stored could be read; a fresh store has them all."
PARTLY: Final = "Not every row that was stored could be read; a fresh store has those that could."

NO_COPY: Final = (
    "there is no sound copy beside it: flatcap restore PATH takes one from elsewhere; or move it away and begin anew"
)
ANEW: Final = "there is no sound copy beside it: move it away, and flatcap demo makes the synthetic market anew"

DEMO: Final = "demo"

OWN_FILE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Rescued:
    """What came of it.

    Attributes:
        kept: Where the damaged file is now.
        done: One sentence for everything that was done.
        lost: One sentence for everything that is gone.
        indices: Names of the indices to build again.
    """

    kept: Path
    done: tuple[str, ...]
    lost: tuple[str, ...]
    indices: tuple[str, ...]


def rescue(ground: Ground, error: StoreDamaged) -> Rescued:
    """Put a sound store in the place of one that cannot be read, which is kept.

    Args:
        ground: What is looked at.
        error: Why it cannot be read.

    Raises:
        StoreError: Nothing can be brought back; nothing was changed.
    """
    database = ground.database
    kept = kept_as(ground.folder, "repair", ground.now)
    with database.exclusive(), damage_named(database.path), _unnamed(ground.folder) as fresh:
        found = _brought_back(ground, error, fresh)
        swap(database, fresh, kept)
    forget_old(kept)
    database.write(lambda session: note(session, DataChange(STORE, f"repaired: {error.message}")))
    return replace(found, kept=kept)


@contextmanager
def _unnamed(folder: Path) -> Iterator[Path]:
    """A name for a file that is gone at the end, if it is still there."""
    path = free_part(folder)
    try:
        yield path
    finally:
        remove(path)


def _brought_back(ground: Ground, error: StoreDamaged, fresh: Path) -> Rescued:
    """Fill the fresh file: from what can be read, else from that and the newest copy, else from the copy."""
    store = ground.database.path
    with ExitStack() as stack:
        wreck, log = _opened(store, stack)
        if wreck is None:
            return _of_copy(_copy_or(ground, error), fresh)
        wreck.refuse_other()
        copy = newest_beside(ground.folder) if log else None
        if copy and stack.enter_context(Wreck(copy)).version() > wreck.version():
            return _of_copy(copy, fresh)
        found = _of_wreck(ground, wreck, fresh)
        return replace(found, lost=(*_of_log(store, log, fresh), *found.lost))


def _copy_or(ground: Ground, error: StoreDamaged) -> Path:
    copy = newest_beside(ground.folder)
    if copy is None:
        hint = ANEW if ground.settings.provider == DEMO else NO_COPY
        raise StoreDamaged(error.message, hint=hint) from error
    return copy


def _opened(store: Path, stack: ExitStack) -> tuple[Wreck | None, int]:
    """The damaged store, if it can be opened; without its log if that cannot be read, and then the bytes of that."""
    with suppress(StoreDamaged):
        return stack.enter_context(Wreck(store)), 0
    log = log_of(store)
    if not log.is_file() or not store.is_file():
        return None, 0
    alone = stack.enter_context(_unnamed(store.parent))
    with store.open("rb") as source, alone.open("xb") as file:
        clone(source, file)
    with suppress(StoreDamaged):
        return stack.enter_context(Wreck(alone)), log.stat().st_size
    return None, 0


def _of_wreck(ground: Ground, wreck: Wreck, fresh: Path) -> Rescued:
    """A store of the rows that can be read; a copy is looked for where they are not all."""
    indices = wreck.names("repair/indices") or names(ground.settings)
    found = salvage(ground.database, wreck, None, fresh)
    copy = newest_beside(ground.folder) if found else None
    if copy is not None:
        remove(fresh)
        with Wreck(copy) as sound:
            found = salvage(ground.database, wreck, sound, fresh)
    done = (WHOLE,) if not found else (PARTLY, *(_filled(one, copy) for one in found if copy and one.filled))
    return Rescued(ground.database.path, done, tuple(_lost(ground, one) for one in found if one.lost != 0), indices)


def _filled(one: Salvaged, copy: Path) -> str:
    return f"{counted(one.filled, _noun(one))} of {_what(one)} that could not be read came from {copy.name}."


def _lost(ground: Ground, one: Salvaged) -> str:
    """What is gone of a table, and what that means."""
    means = MEANING.get(one.table, MORE[ground.settings.provider])
    if one.lost is None and one.filled:
        return f"What the copy does not have of {_what(one)} is lost: {means}."
    number = f"The {_noun(one)}s" if one.lost is None else counted(one.lost, _noun(one))
    when = "" if one.first is None else f", of {counted(one.sessions, 'session')} from {one.first} to {one.last}"
    verb = "is" if one.lost == 1 else "are"
    return f"{number} of {_what(one)} {verb} lost{when}: {means}."


def _noun(one: Salvaged) -> str:
    return "value" if one.column else "row"


def _what(one: Salvaged) -> str:
    return f"{one.table}.{one.column}" if one.column else one.table


def _of_log(store: Path, size: int, fresh: Path) -> tuple[str, ...]:
    if not size:
        return ()
    last = _last_change(fresh)
    return (
        f"What was stored{f' after {last}, the last change on record,' if last else ' last'} is lost: "
        f"{log_of(store).name}, the log of {size:,} bytes, cannot be read.",
    )


def _of_copy(copy: Path, fresh: Path) -> Rescued:
    """The copy itself, with everything that was computed."""
    with fresh.open("xb") as file:
        clone_to_disk(copy, file)
    fresh.chmod(OWN_FILE)
    held = look_at(fresh)
    last = _last_change(fresh)
    to = f"; its prices go to {held.last}" if held.last else ""
    lost = f"What was stored{f' after {last}' if last else ' since'} is lost: {copy.name} ends with that change{to}."
    return Rescued(copy, (f"Nothing of the store could be read; {copy.name} is the store now.",), (lost,), ())


def _last_change(path: Path) -> str:
    """The moment of the last change that a store has on record."""
    with Wreck(path) as sound:
        return next((f"{at:%Y-%m-%d %H:%M:%S} UTC" for at in sound.names("repair/last_change") if at), "")
