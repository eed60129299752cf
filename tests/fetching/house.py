"""A store, a vendor in memory and an engine between them; and what is in the store, table by table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.events import CancelToken, Progress
from engine.facade import Engine, open_engine
from engine.fetching.asks import PRICES
from engine.index.reference import Reference, ReferenceSession
from engine.index.rules import Rules
from engine.reports import FetchReport, FetchRequest, UpdateReport
from engine.settings import Settings
from engine.store.database import Database, Session
from tests.fake_market import FakeMarket, fake_market
from tests.fake_vendor import Feed
from tests.markets import SmallMarket

SIZE: Final = 10
NOT_COMPARED: Final = (
    "audit", "ingest", "fetch_run", "fetch_note", "fetch_state", "data_version", "index_build", "migration",
)  # fmt: skip
"""Tables that tell when and how something came, not what it is."""

Row = tuple[Any, ...]
Tables = dict[str, list[Row]]


def small_market() -> FakeMarket:
    """Two dozen names and 130 sessions."""
    return fake_market(sessions=130)


@dataclass
class House:
    """One store and the feed that fills it.

    Attributes:
        folder: Folder of the store.
        feed: The vendor's side.
        changed: Settings other than the small ones of these tests.
        told: Every step that was reported.
    """

    folder: Path
    feed: Feed
    changed: dict[str, Any] = field(default_factory=dict)
    told: list[Progress] = field(default_factory=list)
    listen: Callable[[Progress], None] = lambda _: None

    def engine(self) -> Engine:
        """An engine as a new process would have it."""
        settings = {"index_size": SIZE, "universe_size": 60, "requests_per_second": 0.0, "workers": 3, **self.changed}
        return open_engine(
            Settings(data_dir=self.folder, **settings),
            events=self._hear,
            clock=self.feed.clock,
            vendor=self.feed.vendor,
            patience=0.001,
        )

    def _hear(self, step: Progress) -> None:
        self.told.append(step)
        self.listen(step)

    def fetch(self, cancel: CancelToken | None = None, **request: Any) -> FetchReport:
        """Fetch, with the questions of this fetch alone in ``feed.asked``."""
        self.feed.asked.clear()
        return self.engine().fetch(FetchRequest(**request), cancel=cancel)

    def update(self, **request: Any) -> UpdateReport:
        """Fetch and build, likewise."""
        self.feed.asked.clear()
        return self.engine().update(FetchRequest(**request))

    def rows(self, statement: str) -> list[Row]:
        """Rows of a statement."""
        database = Database(self.folder)
        return database.read(lambda session: session.connection.execute(statement).fetchall())

    def tables(self) -> Tables:
        """Everything that an index is made from and made of, without the numbers of batches."""
        return Database(self.folder).read(tables_of)

    def levels(self) -> list[tuple[date, float, float]]:
        """The index."""
        view = self.engine().performance()
        return list(zip(view.sessions, view.level_pr, view.level_tr, strict=True))


def tables_of(session: Session) -> Tables:
    """Every table that is compared, in the order of its rows."""
    execute = session.connection.execute
    names = [row[0] for row in execute("select table_name from duckdb_tables() where not internal").fetchall()]
    found: Tables = {}
    for name in sorted(set(names) - set(NOT_COMPARED)):
        columns = execute(
            "select column_name from duckdb_columns() where table_name = $name", {"name": name}
        ).fetchall()
        listed = ", ".join(row[0] for row in columns if row[0] != "ingest_id")
        found[name] = execute(f"select {listed} from {name} order by {listed}").fetchall()
    return found


def names_asked(feed: Feed) -> list[str]:
    """Names whose prices were asked for, by name."""
    return sorted(feed.asked_for(PRICES))


def kinds(report: FetchReport) -> list[tuple[str, str]]:
    """Kind and ticker of each note."""
    return sorted((note.kind, note.ticker) for note in report.notes)


def true_index(market: FakeMarket, last: date, size: int = SIZE) -> list[ReferenceSession]:
    """The index of the truth up to a session, by the plain road."""
    days = [day for day in market.sessions if day <= last]

    def rows(table: str, *columns: str) -> list[Row]:
        return [row for row in market.frames[table].select(columns).rows() if row[0] <= last]

    small = SmallMarket(
        days,
        prices=rows("price", "session", "ticker", "close", "volume"),
        caps=rows("market_cap", "session", "ticker", "market_cap_usd"),
        splits=rows("split", "session", "ticker", "ratio"),
        dividends=rows("dividend", "session", "ticker", "amount"),
        securities=market.frames["security"].select("ticker", "exchange", "issuer").rows(),
        renames=rows("rename", "session", "old_ticker", "new_ticker"),
        finals=rows("final_price", "session", "ticker", "price"),
    )
    return Reference(small.raw(), small.calendar().sessions, Rules(size=size)).run()


def assert_true(house: House, market: FakeMarket, last: date, size: int = SIZE) -> None:
    """The index of the store is that of the truth, session by session."""
    found = house.levels()
    wanted = [(one.session, one.level_pr, one.level_tr) for one in true_index(market, last, size)]
    assert [row[0] for row in found] == [row[0] for row in wanted]
    for (_, price, total), (day, true_price, true_total) in zip(found, wanted, strict=True):
        assert abs(price / true_price - 1) < 1e-6, day
        assert abs(total / true_total - 1) < 1e-6, day
