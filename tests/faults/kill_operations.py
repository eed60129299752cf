"""What is killed: everything that writes, on a market so small that it takes a fraction of a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from engine.facade import Engine, open_engine
from engine.providers import demo
from engine.settings import Settings
from engine.store.database import STORE_NAME, Database
from engine.views.quality import Decision
from tests.fake_market import FakeMarket, fake_market
from tests.fake_vendor import Feed, feed_at

NAMES: Final = 7
SESSIONS: Final = 36
EARLY: Final = 27
"""Number of the session on whose evening the stores begin; the last one comes with the operation."""

SETTINGS: Final[dict[str, Any]] = {
    "index_size": 4,
    "universe_size": 60,
    "requests_per_second": 0.0,
    "workers": 2,
    "benchmarks": ("^GSPC",),
    "fx_pairs": (),
}
COLUMNS: Final = {
    "price": {"session": "date"},
    "market_cap": {"session": "date", "market_cap_usd": "market_cap"},
    "split": {"session": "date"},
    "dividend": {"session": "date"},
    "security": {},
}
"""Tables that a person has as files, and what their columns are called there."""

COPY: Final = "kept.backup"
OWN: Final = Decision("issuer", "BAE", text="Company of its own")


@dataclass(frozen=True)
class Place:
    """Where one operation works.

    Attributes:
        folder: The store is in ``data``, and what leaves it in ``out``.
        mine: Files of the person, which nobody changes.
        copies: How many last good copies are kept.
    """

    folder: Path
    mine: Path
    copies: int = 0

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def out(self) -> Path:
        """Where exports and copies go."""
        return self.folder / "out"

    def database(self) -> Database:
        """The store as it is."""
        return Database(self.data)

    def engine(self, session: int = SESSIONS - 1) -> Engine:
        """An engine on the evening of a session."""
        feed = _feed(session)
        settings = Settings(data_dir=self.data, copies=self.copies, **SETTINGS)
        return open_engine(settings, clock=feed.clock, vendor=feed.vendor, patience=0.001)


Work = Callable[[Place], object]


@dataclass(frozen=True)
class Operation:
    """Something that can be killed.

    Attributes:
        start: Name of the store that it begins with, a key of ``STARTS``.
        run: The operation.
        again: What a person does after a kill, None for the same.
        makes: Files in ``out``, which are whole or are not there.
        not_compared: Tables that tell in which pieces it was done.
        copies: How many last good copies are kept.
        swaps: Whether another file takes the place of the store.
        mends: Whether invariants do not hold before it.
    """

    start: str
    run: Work
    again: Work | None = None
    makes: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    copies: int = 0
    swaps: bool = False
    mends: bool = False


@cache
def _market() -> FakeMarket:
    """A split, a correction and new sessions come to light after the early evening."""
    return fake_market(NAMES, SESSIONS)


@cache
def _feed(session: int) -> Feed:
    market = _market()
    if session < EARLY + 1:
        return feed_at(market.sessions[session], market)
    later = FakeMarket(market.sessions, dict(market.frames))
    later.correct("BAC", market.sessions[EARLY - 3], 1.02)
    later.split("BAB", market.sessions[EARLY + 2], 4.0)
    return feed_at(market.sessions[session], later)


def write_files(folder: Path) -> None:
    """Put the market down as files: what was known early, and what is known at the end."""
    for name, session in (("early", EARLY), ("whole", SESSIONS - 1)):
        feed, place = _feed(session), folder / name
        place.mkdir(parents=True)
        for table, called in COLUMNS.items():
            frame = feed.market.frames[table]
            known = frame.filter(pl.col("session") <= feed.known()) if "session" in frame.columns else frame
            known.rename(called).write_csv(place / f"{table}.csv")


# -- the stores that the operations begin with


def _nothing(place: Place) -> None:
    place.folder.mkdir(exist_ok=True)


def _imported(place: Place) -> None:
    place.engine(EARLY).import_files([place.mine / "early"])


def _built(place: Place) -> None:
    _imported(place)
    place.engine(EARLY).build()


def _both(place: Place) -> None:
    """Built early, and what came since is stored but not built."""
    _built(place)
    place.engine().import_files([place.mine / "whole"])


def _fetched(place: Place) -> None:
    place.engine(EARLY).update()


def _old(place: Place) -> None:
    """A store as the version before the record of changes left it."""
    _built(place)
    connection = duckdb.connect(str(place.data / STORE_NAME))
    for statement in (
        "drop table audit",
        "alter table ingest drop column earliest_sector",
        "delete from schema_migration where number > 3",
        "checkpoint",
    ):
        connection.execute(statement)
    connection.close()


def _broken(place: Place) -> None:
    """A row that is there twice, one that cannot be, and an index that does not follow from them."""
    _built(place)
    with_session = place.database().write
    for statement in (
        "insert into price select * from price where ticker = 'BAA' limit 3",
        "update market_cap set market_cap_usd = -1 where ticker = 'BAD' and session = (select max(session) from price)",
        "update index_session set level_pr = 2 * level_pr where session = (select max(session) from price)",
    ):
        with_session(lambda session, text=statement: session.connection.execute(text).fetchall())  # type: ignore[misc]


def _kept(place: Place) -> None:
    """Two last good copies are there: the next one pushes the older one out."""
    _both(replace(place, copies=2))


def _damaged(place: Place) -> None:
    """Bytes in every block are wrong; a good copy is there."""
    _built(replace(place, copies=1))
    body = bytearray(place.database().path.read_bytes())
    for at in range(3 * 4096 + 50_000, len(body), 100_000):
        body[at] ^= 0xFF
    place.database().path.write_bytes(body)


def _foreign(place: Place) -> None:
    """Another file is in the store's place; a good copy is there."""
    _built(replace(place, copies=1))
    place.database().path.write_bytes(b"no store at all" * 10_000)


STARTS: Final[dict[str, Work]] = {
    "nothing": _nothing,
    "imported": _imported,
    "built": _built,
    "both": _both,
    "fetched": _fetched,
    "old": _old,
    "broken": _broken,
    "kept": _kept,
    "damaged": _damaged,
    "foreign": _foreign,
}


def begin(start: str, place: Place) -> None:
    """Make the store that an operation begins with."""
    place.out.mkdir(parents=True)
    STARTS[start](place)


def keep_copy(mine: Path) -> None:
    """A copy of a store for those who restore it."""
    place = Place(mine / "copied", mine)
    begin("built", place)
    place.engine(EARLY).backup(mine / COPY)


# -- the operations


def _import(place: Place) -> None:
    place.engine().import_files([place.mine / "whole"])


def _decide(place: Place) -> None:
    place.engine(EARLY).decide(OWN)
    place.engine(EARLY).build()


def _repair(place: Place) -> None:
    place.engine(EARLY).repair()


def _demo(place: Place) -> None:
    demo.demo_frames = _small_demo
    place.engine().load_demo()


def _small_demo() -> dict[str, pl.DataFrame]:
    tables = ("price", "market_cap", "split", "dividend", "security")
    return {table: _market().frames[table] for table in tables}


def _export(name: str, *, force: bool = False) -> Work:
    return lambda place: place.engine(EARLY).export(place.out / name, force=force)


def _back_up(place: Place) -> None:
    place.engine(EARLY).backup(place.out / COPY)


def _back_up_again(place: Place) -> None:
    place.engine(EARLY).backup(place.out / COPY, force=True)


def _exported(name: str) -> Operation:
    return Operation("built", _export(name), _export(name, force=True), makes=(name,))


OPERATIONS: Final = {
    "first import": Operation("nothing", _import),
    "import": Operation("built", _import),
    "fetch": Operation("nothing", lambda place: place.engine(EARLY).fetch()),
    "update": Operation("fetched", lambda place: place.engine().update()),
    "first build": Operation("imported", lambda place: place.engine().build()),
    "build": Operation("both", lambda place: place.engine().build()),
    "full build": Operation("both", lambda place: place.engine().build(full=True)),
    "last good copy": Operation("kept", lambda place: place.engine().decide(OWN), copies=2),
    "export xlsx": _exported("index.xlsx"),
    "export csv": _exported("index.csv"),
    "export parquet": _exported("index.parquet"),
    "migrate": Operation("old", lambda place: place.engine(EARLY).status()),
    "backup": Operation("built", _back_up, _back_up_again, makes=(COPY,)),
    "restore": Operation("both", lambda place: place.engine().restore(place.mine / COPY), swaps=True),
    "repair": Operation("broken", _repair, not_compared=("refused_row",), mends=True),
    "repair of a damaged file": Operation("damaged", _repair, swaps=True),
    "repair of another file": Operation("foreign", _repair, swaps=True),
    "decide": Operation("built", _decide),
    "demo": Operation("nothing", _demo),
}
