"""What must hold after a kill, found out by a process that knows nothing of it."""

from __future__ import annotations

import filecmp
import time
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from engine.errors import StoreDamaged, StoreError
from engine.health.files import leftovers
from engine.health.ground import Ground
from engine.store.backup import look_at
from engine.store.database import STORE_NAME, Session, connect
from engine.store.failures import damage_named
from engine.store.files import log_of
from engine.store.invariants import breaches
from tests.faults.kill_operations import COPY, OPERATIONS, Operation, Place
from tests.faults.kill_points import state_of

NOT_COMPARED: Final = ("ingest", "data_version", "fetch_run", "fetch_note", "audit")
"""Tables that tell in which pieces something came, not what it is."""

FINAL: Final = ("flatcap.*", "last-view*.json")
"""Names that a data folder always may have."""

COPIES: Final = ("flatcap-before-*.duckdb", "flatcap-last-good*.duckdb")
WHOLE: Final = "whole"
DAMAGED: Final = "damaged"
PART: Final = ".flatcap-*.part"


@dataclass(frozen=True)
class Found:
    """What was found after a kill.

    Attributes:
        state: What all tables hold, empty where there is no store.
        left: The same after this look: the first opening brings an old schema up to date.
        opened_s: Seconds until the first answer.
        broken: Invariants that do not hold.
        strays: Files that are neither final nor of those that doctor takes away.
        halves: Files under a final name that are not whole.
    """

    state: str
    left: str
    opened_s: float
    broken: tuple[str, ...]
    strays: tuple[str, ...]
    halves: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def look(place: Place, name: str, sound: Collection[str] = ()) -> Found:
    """Look at what a kill has left; opening it is all that is done with it.

    Args:
        place: Where it was killed.
        name: What was killed.
        sound: States of a store in which nothing is broken, as is known already.
    """
    operation = OPERATIONS[name]
    state, halves = state_now(place), tuple(_halves(place, operation))
    began = time.perf_counter()
    refused: tuple[type[StoreDamaged], ...] = (StoreDamaged,) if state == DAMAGED else ()
    with suppress(*refused):
        place.engine().data_version()
    opened = time.perf_counter() - began
    broken = () if state in (DAMAGED, *sound) else broken_in(place)
    strays = tuple(sorted(_strays(place, operation)))
    left = state_now(place) if operation.start == "old" else state
    return Found(state, left, opened, broken, strays, halves)


def state_now(place: Place) -> str:
    """What all tables hold, whatever the version of the schema; nothing is changed."""
    database = place.database()
    return state_of_file(database.path) if database.exists() else ""


def state_of_file(path: Path) -> str:
    """The same of any file."""
    try:
        with damage_named(path), closing(connect(path, read_only=True)) as connection:
            return state_of(connection)
    except StoreDamaged:
        return DAMAGED


def states_of_copies(place: Place) -> list[str]:
    """What the copies hold that may come in the place of the store."""
    copies = [place.mine / COPY, *place.data.glob("flatcap-last-good*.duckdb")]
    return [state_of_file(copy) for copy in copies]


def tables_of(place: Place, operation: Operation) -> dict[str, str]:
    """Every table without the numbers of batches, as one word each."""
    left_out = {*NOT_COMPARED, *operation.not_compared}
    return place.database().read(lambda session: _words(session, left_out))


def made(place: Place, operation: Operation) -> dict[str, str]:
    """Every file of the operation in one word: the bytes of an export, the tables of a copy."""
    return {name: _word(place.out / name) for name in operation.makes}


def _word(path: Path) -> str:
    return state_of_file(path) if path.suffix == ".backup" else sha256(path.read_bytes()).hexdigest()[:16]


def _words(session: Session, left_out: set[str]) -> dict[str, str]:
    columns: dict[str, list[str]] = {}
    for table, column in session.rows("repair/columns"):
        if table not in left_out and column != "ingest_id":
            columns.setdefault(table, []).append(f't."{column}"')
    parts = [
        f"select '{table}', count(*), sum(hash({', '.join(names)}))::varchar from {table} t"
        for table, names in columns.items()
    ]
    found = session.connection.execute(" union all ".join(parts)).fetchall()
    return {table: f"{rows} {word}" for table, rows, word in sorted(found)}


def broken_in(place: Place) -> tuple[str, ...]:
    """Invariants that do not hold."""
    if not place.database().exists():
        return ()
    found = place.database().read(breaches)
    return tuple(f"{one.rows} {one.invariant.text} {one.example}" for one in found)


def _halves(place: Place, operation: Operation) -> Iterator[str]:
    """Copies that cannot be read, and exports other than that of a run that was not killed; a damaged store is kept."""
    copies = [path for pattern in COPIES for path in place.data.glob(pattern)]
    copies += [place.out / name for name in operation.makes if name.endswith(".backup")]
    for copy in copies:
        if copy.exists() and not (_is_sound(copy) or _was_so(copy, place, operation)):
            yield copy.name
    for name in operation.makes:
        export, whole = place.out / name, place.folder.parent / WHOLE / "out" / name
        if export.exists() and export.suffix != ".backup" and whole.read_bytes() != export.read_bytes():
            yield name


def _was_so(copy: Path, place: Place, operation: Operation) -> bool:
    """Whether a copy is what was in the store's place at the beginning."""
    store = place.folder.parents[1] / operation.start / "data" / STORE_NAME
    return filecmp.cmp(copy, store, shallow=False)


def _is_sound(copy: Path) -> bool:
    try:
        look_at(copy)
    except StoreError:
        return False
    return True


def _strays(place: Place, operation: Operation) -> set[str]:
    """Names that nobody would ever take away."""
    later = datetime.now(UTC) + timedelta(hours=2)
    ground = Ground(place.database(), place.engine().settings, later)
    finals = [path for pattern in (*FINAL, *COPIES) for path in place.data.glob(pattern) if path.name != "flatcap.new"]
    known = {*finals, *leftovers(ground)}
    known |= {log_of(path) for path in known}
    own = {place.out / name for name in operation.makes} | set(place.out.glob(PART))
    there = {path for folder in (place.data, place.out) if folder.is_dir() for path in folder.iterdir()}
    return {path.name for path in there - known - own}
