"""What can be wrong with a store, and what is said of it.

Every fault of ``FAULTS`` is brought into a data folder with a sound store in it, and every command of
``test_states.py`` is run on it. What needs a system that takes part (a full disk, a read-only file system, another
account, a limit of file sizes) is in ``test_states_disk.py``.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from engine.run import utc_now
from engine.store.database import STORE_NAME, Database

HEADERS: Final = 3 * 4096
"""Bytes before the first block."""

MASK: Final = (1 << 64) - 1

REPAIR: Final = "doctor --repair"
ELSEWHERE: Final = "choose another --data-dir"


@dataclass(frozen=True)
class Fault:
    """Something that is wrong.

    Attributes:
        make: Brings it into a data folder with a sound store.
        said: What the sentence says; ``{store}`` and ``{folder}`` stand for their paths.
        step: What the next step says.
        repairs: Whether ``doctor --repair`` can do something about it without a copy beside.
    """

    make: Callable[[Path], None]
    said: str
    step: str
    repairs: bool = False


def store(folder: Path) -> Path:
    """The store's file."""
    return folder / STORE_NAME


def log(folder: Path) -> Path:
    """Where DuckDB keeps what is committed and not in the file yet."""
    return folder / f"{STORE_NAME}.wal"


def files(folder: Path) -> Iterator[Path]:
    """Everything in a folder but the locks, which every command may touch."""
    locks = {f"flatcap.{name}" for name in ("lock", "turn", "fetch")}
    return (path for path in sorted(folder.rglob("*")) if path.name not in locks)


def unlogged(folder: Path) -> None:
    """What is there after a writer was killed that had committed 200 rows: they are in the log alone."""
    import duckdb

    before = store(folder).read_bytes()
    with duckdb.connect(str(store(folder))) as made:
        made.execute("insert into fx select date '2024-01-01' + i::integer, 'EURUSD', 1.1, 1 from range(200) r(i)")
        committed = log(folder).read_bytes()
    store(folder).write_bytes(before)
    log(folder).write_bytes(committed)
    assert len(committed) > 1000


def _flip(path: Path, places: range | tuple[int, ...]) -> None:
    body = bytearray(path.read_bytes())
    for place in places:
        body[place] ^= 0xFF
    path.write_bytes(body)


def _directory(folder: Path) -> None:
    store(folder).unlink()
    store(folder).mkdir()


def _pipe(folder: Path) -> None:
    store(folder).unlink()
    os.mkfifo(store(folder))


def _text(folder: Path) -> None:
    store(folder).write_text("date,ticker,close\n2024-01-02,AA,10\n", encoding="utf-8")


def _sqlite(folder: Path) -> None:
    store(folder).unlink()
    with closing(sqlite3.connect(store(folder))) as made:
        made.execute("create table price (close real)")
        made.commit()


def _another_program(folder: Path) -> None:
    import duckdb

    store(folder).unlink()
    with duckdb.connect(str(store(folder))) as made:
        made.execute("create table price as select 1 as close")


def _damaged(folder: Path) -> None:
    _flip(store(folder), range(HEADERS + 100, store(folder).stat().st_size, 4096))


def _damaged_head(folder: Path) -> None:
    _flip(store(folder), range(20, 60))


def _halved(folder: Path) -> None:
    os.truncate(store(folder), store(folder).stat().st_size // 2)


def _head_alone(folder: Path) -> None:
    os.truncate(store(folder), 4096)


def _damaged_log(folder: Path) -> None:
    unlogged(folder)
    _flip(log(folder), (log(folder).stat().st_size // 2,))


def _text_for_a_log(folder: Path) -> None:
    log(folder).write_text("not what DuckDB writes\n" * 50, encoding="utf-8")


def _log_of_another(folder: Path) -> None:
    """The log of a store that was made at another time."""
    other = folder.with_name("other")
    Database(other).write(lambda _: None)
    unlogged(other)
    shutil.move(log(other), log(folder))
    shutil.rmtree(other)


def _newer_schema(folder: Path) -> None:
    words = "insert into schema_migration values (9999, 'of the future', '')"
    Database(folder).write(lambda session: session.connection.execute(words).fetchall())


def _newer_duckdb(folder: Path) -> None:
    """The header of a file of the next version of the format, with its checksum."""
    body = bytearray(store(folder).read_bytes())
    body[12:20] = struct.pack("<Q", 70)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", body[8:4096]):
        checksum ^= word * 0xBF58476D1CE4E5B9 & MASK
    body[:8] = struct.pack("<Q", checksum)
    store(folder).write_bytes(body)


def _link(folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere.duckdb")
    shutil.move(store(folder), elsewhere)
    store(folder).symlink_to(elsewhere)


def _link_to_nothing(folder: Path) -> None:
    store(folder).unlink()
    store(folder).symlink_to(folder / "nothing")


def _second_name(folder: Path) -> None:
    os.link(store(folder), folder.with_name("second.duckdb"))


def _open_to_others(folder: Path) -> None:
    folder.chmod(0o777)


def _store_open_to_others(folder: Path) -> None:
    store(folder).chmod(0o666)


def _file_above_the_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.parent.joinpath("file").write_text("a file", encoding="utf-8")
    folder.symlink_to(folder.parent / "file" / "data")


def _file_for_a_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file", encoding="utf-8")


def _folder_for_a_lock(folder: Path) -> None:
    for name in ("lock", "turn"):
        (folder / f"flatcap.{name}").unlink(missing_ok=True)
        (folder / f"flatcap.{name}").mkdir()


def _link_for_a_lock(folder: Path) -> None:
    (folder / "flatcap.turn").unlink(missing_ok=True)
    (folder / "flatcap.turn").symlink_to(folder.with_name("elsewhere"))


def _emptied(folder: Path) -> None:
    """Without a copy beside, it would pass for a creation that was interrupted."""
    shutil.copy(store(folder), folder / "mine.backup")
    os.truncate(store(folder), 0)


UNREADABLE: Final = "{store} is not a store that can be read: "

FAULTS: Final = {
    "a directory in its place": Fault(_directory, "{store} is not a file.", ELSEWHERE),
    "a pipe in its place": Fault(_pipe, "{store} is not a file.", ELSEWHERE),
    "an empty file in its place": Fault(_emptied, UNREADABLE + "it is empty, and what was in it is lost.", REPAIR),
    "a text in its place": Fault(_text, UNREADABLE + "it is a file of another kind.", ELSEWHERE),
    "a file of SQLite in its place": Fault(_sqlite, UNREADABLE + "it is a file of another kind.", ELSEWHERE),
    "a database of another program": Fault(_another_program, "is a database of another program.", ELSEWHERE),
    "damaged blocks": Fault(_damaged, UNREADABLE + "part of it is damaged.", REPAIR),
    "a damaged head": Fault(_damaged_head, UNREADABLE + "part of it is damaged.", REPAIR),
    "half of it is missing": Fault(_halved, UNREADABLE + "part of it is missing.", REPAIR),
    "all but its head is missing": Fault(_head_alone, UNREADABLE + "part of it is missing.", REPAIR),
    "a damaged log": Fault(
        _damaged_log,
        UNREADABLE + "its log, flatcap.duckdb.wal, is damaged or of another store.",
        REPAIR,
        repairs=True,
    ),
    "a text in the place of its log": Fault(
        _text_for_a_log,
        UNREADABLE + "its log, flatcap.duckdb.wal, is damaged or of another store.",
        REPAIR,
        repairs=True,
    ),
    "the log of another store": Fault(
        _log_of_another,
        UNREADABLE + "its log, flatcap.duckdb.wal, is damaged or of another store.",
        REPAIR,
        repairs=True,
    ),
    "a directory in the place of its log": Fault(
        lambda folder: log(folder).mkdir(),
        UNREADABLE + "its log, flatcap.duckdb.wal, is damaged or of another store.",
        REPAIR,
    ),
    "a newer schema": Fault(_newer_schema, "The store was written by a newer flatcap.", "upgrade flatcap"),
    "a newer DuckDB": Fault(
        _newer_duckdb, "{store} was written by a version of DuckDB that this flatcap cannot read.", "upgrade flatcap"
    ),
    "a link in its place": Fault(_link, "{store} is a link to another file", "--data-dir"),
    "a link to nothing in its place": Fault(_link_to_nothing, "{store} is a link to another file", "--data-dir"),
    "a second name": Fault(_second_name, "{store} has 2 names (hard links)", "remove the others"),
    "a folder that others may change": Fault(
        _open_to_others, "Other people's accounts may change what is in {folder}.", "chmod 700 {folder}", repairs=True
    ),
    "a store that others may change": Fault(
        _store_open_to_others, "Other people's accounts may change {store}.", "chmod 600 {store}", repairs=True
    ),
    "a file above the folder": Fault(
        _file_above_the_folder, "{folder} is not a folder.", "choose another with --data-dir"
    ),
    "a file in the place of the folder": Fault(
        _file_for_a_folder, "{folder} is not a folder.", "choose another with --data-dir"
    ),
    "a folder in the place of a lock": Fault(_folder_for_a_lock, "{folder}/flatcap.turn is a folder.", ELSEWHERE),
    "a link in the place of a lock": Fault(_link_for_a_lock, "{folder}/flatcap.turn is a link", "remove it"),
}
"""By what is wrong."""


def a_year_back() -> datetime:
    """What a clock says that has lost its battery."""
    return utc_now().astimezone(UTC) - timedelta(days=366)
