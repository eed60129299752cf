"""A store that the real command fills from a loopback vendor, and what must be in it when all is well."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.index.rules import Rules
from engine.store.database import Database, Session
from tests.yahoo.command import NOW, PATIENCE
from tests.yahoo.forks import Ended, Forks, Running
from tests.yahoo.harness import environment
from tests.yahoo.market import Market, evening
from tests.yahoo.server import LoopbackServer
from tests.yahoo.truth import true_sessions

RULES: Final = Rules(size=10)
SETTINGS: Final = {
    "FLATCAP_PROVIDER": "yahoo",
    "FLATCAP_INDEX_SIZE": str(RULES.size),
    "FLATCAP_UNIVERSE_SIZE": "100",
    "FLATCAP_HISTORY_YEARS": "1",
    "FLATCAP_REQUESTS_PER_SECOND": "0",
    PATIENCE: "0.002",
}
"""A small index, no pace, and a vendor whose pauses are fractions of a second."""

NOT_COMPARED: Final = ("ingest", "data_version", "fetch_run", "fetch_note", "audit")
"""Tables that tell in which pieces something came, not what it is."""

EXACT: Final = 1e-6
"""How near a level has to be to the true one."""

Row = tuple[Any, ...]
Tables = dict[str, list[Row]]


def small_market() -> Market:
    """A score of names in 110 sessions, the same every time."""
    return Market.make(16, 110, seed=4)


@dataclass
class House:
    """One store, and the vendor that it is filled from.

    Attributes:
        server: The vendor.
        home: Folder of everything that a command keeps; the store is in ``home / "store"``.
        forks: Starts commands.
        rules: Rules of the index.
    """

    server: LoopbackServer
    home: Path
    forks: Forks
    rules: Rules = RULES

    @property
    def market(self) -> Market:
        """What the vendor shows."""
        return self.server.market

    @property
    def store(self) -> Path:
        """The data folder."""
        return self.home / "store"

    def day(self, back: int) -> date:
        """The session so many before the last one that the vendor will ever have; the last one is 1."""
        return self.market.sessions[-back]

    def go_to(self, session: date) -> date:
        """Let it be the evening of a session."""
        self.server.clock = evening(session)
        return session

    def next_evening(self) -> date:
        """Let it be the evening of the next session."""
        return self.go_to(self.market.sessions[self.market.open_sessions(self.server.clock)])

    def copy_of(self, other: Path) -> None:
        """Begin with the store of another house."""
        shutil.rmtree(self.store, ignore_errors=True)
        shutil.copytree(other, self.store)

    # -- commands

    def start(self, *argv: str) -> Running:
        """Start the command, with requests counted anew."""
        self.server.forget_log()
        own = {
            "FLATCAP_INDEX_SIZE": str(self.rules.size),
            "FLATCAP_DOMICILE": self.rules.domicile,
            "FLATCAP_DATA_DIR": str(self.store),
            NOW: self.server.clock.isoformat(),
        }
        return self.forks.start(argv, environment(self.server, self.home, **SETTINGS | own), self.home)

    def run(self, *argv: str) -> Ended:
        """Run the command to its end."""
        return self.start(*argv).wait()

    def update(self, *argv: str) -> Ended:
        """Fetch and build, and all goes well: one line, and nothing else."""
        ended = self.run("update", *argv)
        assert (ended.code, ended.err) == (0, ""), ended
        assert ended.out.count("\n") == 1
        return ended

    def log(self) -> list[dict[str, Any]]:
        """What the log has: fetches, failures, and what the last fetch found out."""
        ended = self.run("show", "coverage", "--fetches", "--format", "json")
        assert ended.code == 0, ended
        rows: list[dict[str, Any]] = json.loads(ended.out)
        return rows

    def notes(self) -> set[tuple[str, str, str | None]]:
        """Kind, ticker and session of each line of the log about the last fetch, but for the names without a cap."""
        notes = (row for row in self.log() if row["record"] == "note" and row["kind"] != "no-cap")
        return {(row["kind"], row["symbol"] or "", row["session"]) for row in notes}

    # -- the store

    def rows(self, statement: str) -> list[Row]:
        """Rows of a statement."""
        return Database(self.store).read(lambda session: session.connection.execute(statement).fetchall())

    def tables(self) -> Tables:
        """Every table in the order of its values, without the numbers of batches."""
        return Database(self.store).read(_tables)

    # -- the truth

    def assert_true(self, *, since: date | None = None, last: date | None = None, shown: bool = False) -> None:
        """The index is that of the truth: levels, members, ranks and changes of every session.

        Args:
            since: First session that was wanted.
            last: Last session that is known, where that is not the last closed one.
            shown: Leave out of the truth what the vendor does not have now.
        """
        at = evening(last) if last else self.server.clock
        true = true_sessions(self.market.truth(at, since=since, shown=shown), self.rules)
        levels = self.rows("select session, level_pr, level_tr from index_session order by session")
        assert [row[0] for row in levels] == [each.session for each in true]
        for (session, price, total), each in zip(levels, true, strict=True):
            assert abs(price / each.level_pr - 1) < EXACT, session
            assert abs(total / each.level_tr - 1) < EXACT, session
        members = self.rows("select session, ticker, rank from constituent where member order by all")
        assert members == sorted((each.session, *member[:2]) for each in true for member in each.members)
        changes = self.rows("select session, kind, ticker from index_change order by all")
        assert changes == sorted((each.session, *change[:2]) for each in true for change in each.changes)


def _tables(session: Session) -> Tables:
    def rows(statement: str) -> list[Row]:
        return session.connection.execute(statement).fetchall()

    columns: dict[str, list[str]] = {}
    for table, column in rows(
        "select table_name, column_name from duckdb_columns() join duckdb_tables() using (table_name)"
        " where column_name <> 'ingest_id' order by table_name, column_index"
    ):
        columns.setdefault(table, []).append(column)
    listed = {table: ", ".join(names) for table, names in columns.items() if table not in NOT_COMPARED}
    return {table: rows(f"select {names} from {table} order by all") for table, names in listed.items()}


def assert_same(found: Tables, wanted: Tables) -> None:
    """Table by table, for a difference that can be read."""
    assert found.keys() == wanted.keys()
    for table, rows in wanted.items():
        assert found[table] == rows, table
