"""From stored raw data to a stored index: what to compute, from which state, and the commit.

The index is computed under the shared lock and stored under the exclusive one; if data came in between, it is
computed again.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from engine import calendar
from engine.errors import DataError, NoData, StoreLocked
from engine.events import CancelToken, EventSink, Progress
from engine.index.build import Outcome, build_block, make_block, price_block, ranking
from engine.index.grid import Calendar
from engine.index.inputs import IndexState, MarketState, RawData
from engine.index.rules import TRADED_WINDOW, Rules, sector_key
from engine.reports import BuildReport
from engine.shared_block import BlockInputs, SharedBlock
from engine.store.database import Database, Session
from engine.store.derived import record_build, replace_rows
from engine.store.raw import market_state, read_index_state, read_market_state, read_raw

CHUNK_SESSIONS: Final = 2000
"""Sessions computed at once, which bounds memory on long histories."""

AT_ONCE: Final = 64
"""Up to so many sessions are computed while the store is held: it is held for a tenth of a second."""

ATTEMPTS: Final = 3

Totals = tuple[int, date | None, int, int]
"""Published sessions, the last of them, sessions without a level, members decided at the last."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build has to do.

    Attributes:
        sessions: Every session from the first with a price to the last.
        calendar: The same by number, with one session more.
        index_state: Published session to go on from, None to begin.
        market_state: Market to go on from, None to begin.
        ingest_id: Last batch of raw data that the build takes in.
        current: True when nothing has changed since the last build.
    """

    sessions: list[date]
    calendar: Calendar
    index_state: IndexState | None
    market_state: MarketState | None
    ingest_id: int
    current: bool


class Builder:
    """Builds one index of one store.

    Args:
        database: The store.
        index_name: Name of the index.
        rules: Its rules.
        events: Where progress goes.
        chunk: Sessions computed at once.
        shared: What the builders of other indices of this store leave for this one, None to build it alone.
        typed: Sectors of the rules as a person has written them.
    """

    def __init__(
        self,
        database: Database,
        index_name: str,
        rules: Rules,
        events: EventSink,
        chunk: int = CHUNK_SESSIONS,
        shared: SharedBlock | None = None,
        typed: Sequence[str] = (),
    ) -> None:
        self._typed = typed
        self._shared = shared
        self._database = database
        self._index_name = index_name
        self._rules = rules
        self._events = events
        self._chunk = chunk

    def build(self, *, full: bool, cancel: CancelToken) -> BuildReport:
        """Compute what is new or changed (everything, if ``full``) and store it."""
        if not full and self._database.exists():
            report = self._database.write(lambda session: self._build_at_once(session, cancel))
            if report:
                return report
        for _ in range(ATTEMPTS):
            plan, outcomes = self._database.read(lambda session: self._planned(session, full, cancel))
            cancel.check()
            self._events(Progress("store the index"))
            totals = self._database.write(lambda session, found=(plan, outcomes): self._store(session, *found))  # type: ignore[misc]
            if totals:
                return self._report(plan, outcomes, totals)
        raise StoreLocked(
            "Data kept coming in while the index was computed.", hint="run flatcap build again when that has ended"
        )

    def _build_at_once(self, session: Session, cancel: CancelToken) -> BuildReport | None:
        """A few sessions, or none, while the store is held: one opening instead of two. None if there are more."""
        plan = self._plan(session, full=False)
        if plan.current:
            return self._report(plan, [], self._totals(session))
        if plan.index_state is None or len(plan.sessions) - plan.calendar.number(plan.index_state.session) > AT_ONCE:
            return None
        outcomes = self._compute(session, plan, cancel)
        totals = self._store(session, plan, outcomes)
        return self._report(plan, outcomes, totals) if totals else None

    def _planned(self, session: Session, full: bool, cancel: CancelToken) -> tuple[Plan, list[Outcome]]:
        plan = self._plan(session, full)
        return plan, self._compute(session, plan, cancel)

    def _compute(self, session: Session, plan: Plan, cancel: CancelToken) -> list[Outcome]:
        outcomes: list[Outcome] = []
        index_state, market = plan.index_state, plan.market_state
        start = plan.calendar.number(market.session) + 1 if market else 0
        done = 0 if plan.current else start
        while not plan.current and done < len(plan.sessions):
            cancel.check()
            end = min(done + self._chunk, len(plan.sessions))
            self._events(Progress("build the index", done, len(plan.sessions), "sessions"))
            outcome = self._block(session, plan, start, end, market, index_state)
            outcomes.append(outcome)
            index_state, done = outcome.index_state, end
            market = _state_before(_limit(plan.calendar, index_state, end), outcomes) or plan.market_state
            start = plan.calendar.number(market.session) + 1 if market else 0
        return outcomes

    def _block(
        self,
        session: Session,
        plan: Plan,
        start: int,
        end: int,
        market: MarketState | None,
        index_state: IndexState | None,
    ) -> Outcome:
        numbers, rules = plan.calendar, self._rules

        def read() -> RawData:
            return read_raw(session, *_range(plan.sessions, start, end), _tickers(market))

        def make() -> BlockInputs:
            raw = read()
            return BlockInputs(raw, price_block(raw, numbers, start, end, rules.cap_band, market))

        if self._shared is None or market:
            return build_block(read(), numbers, start, end, rules, market, index_state)
        inputs = self._shared.get((plan.ingest_id, plan.sessions[0], start, end, rules.cap_band), make)
        return build_block(inputs.raw, numbers, start, end, rules, market, index_state, inputs.priced)

    def _plan(self, session: Session, full: bool) -> Plan:
        sessions, numbers = self._numbers(session)
        record = session.row("build/record", {"index_name": self._index_name})
        same = record is not None and record[0] == self._rules.text() and not full
        dirty, ingest_id = self._changed(session, record[1] if record and same else 0)
        if record and same and dirty is None:
            return Plan(sessions, numbers, None, None, ingest_id, current=True)
        check_sectors(session, self._index_name, self._rules, self._typed)
        index_state = market = None
        if same:
            index_state = read_index_state(session, self._index_name, dirty)
        if index_state:
            limit = _limit(numbers, index_state, len(sessions))
            market = read_market_state(session, self._index_name, limit) if limit else None
        return Plan(sessions, numbers, index_state, market, ingest_id, current=False)

    def _store(self, session: Session, plan: Plan, outcomes: list[Outcome]) -> Totals | None:
        """Put the rows in place and give what the index is now; None if raw data have changed since the plan."""
        if self._changed(session, plan.ingest_id)[1] != plan.ingest_id:
            return None
        if not plan.current:
            replace_rows(session, self._index_name, outcomes)
            record_build(session, self._index_name, self._rules.text(), plan.ingest_id)
        return self._totals(session)

    def _changed(self, session: Session, ingest_id: int) -> tuple[date | None, int]:
        """First session that batches after one have changed, None for none, and the last batch."""
        values = {"ingest_id": ingest_id, "sectors": bool(self._rules.sectors)}
        found: tuple[date | None, int] = session.rows("build/dirty", values)[0]
        return found

    def rankings(self, days: Sequence[date]) -> list[dict[int, tuple[int, float]]]:
        """Rank and cap of every eligible listing at sessions, by listing number, computed again from raw data."""
        return self._database.read(lambda session: self._rankings(session, days))

    def _rankings(self, session: Session, days: Sequence[date]) -> list[dict[int, tuple[int, float]]]:
        numbers = self._numbers(session)[1]
        return [self._ranking(session, numbers, day) for day in days]

    def _ranking(self, session: Session, numbers: Calendar, day: date) -> dict[int, tuple[int, float]]:
        last = numbers.number(day)
        limit = numbers.sessions[last - TRADED_WINDOW] if last >= TRADED_WINDOW else None
        market = read_market_state(session, self._index_name, limit) if limit else None
        start = numbers.number(market.session) + 1 if market else 0
        raw = read_raw(session, *_range(numbers.sessions, start, last + 1), _tickers(market))
        return ranking(make_block(raw, numbers, start, last + 1, self._rules, market))

    def _numbers(self, session: Session) -> tuple[list[date], Calendar]:
        """Every session from the first with a price to the last, and their numbers."""
        span = session.row("build/span")
        if span is None or span[0] is None:
            raise NoData(
                "There are no prices in the store.",
                hint="fetch them: flatcap update; or import your own: flatcap import PATH...",
            )
        sessions = calendar.sessions_between(span[0], span[1])
        if not sessions:
            raise DataError("No price in the store is of a NYSE session.", hint="look at flatcap show coverage")
        return sessions, Calendar([*sessions, calendar.next_session(sessions[-1] + timedelta(days=1))])

    def _report(self, plan: Plan, outcomes: list[Outcome], totals: Totals) -> BuildReport:
        rows = [
            row for outcome in outcomes for row in outcome.sessions.select("session", "additions", "deletions").rows()
        ]
        return BuildReport(
            index=self._index_name,
            first=rows[0][0] if rows else None,
            last=totals[1],
            sessions_built=len(rows),
            sessions_total=totals[0],
            sessions_incomplete=totals[2],
            additions=sum(row[1] for row in rows),
            deletions=sum(row[2] for row in rows),
            full=bool(outcomes) and plan.index_state is None,
            members=totals[3],
            size=self._rules.size,
        )

    def _totals(self, session: Session) -> Totals:
        found = session.rows("reads/totals", {"index_name": self._index_name})[0]
        return found[0], found[1], found[2], found[3]


def check_sectors(session: Session, index_name: str, rules: Rules, typed: Sequence[str] = ()) -> None:
    """Raise ``DataError`` for a sector that no stored company has: it is misspelt, or its companies are not there."""
    if not rules.sectors:
        return
    known = [row[0] for row in session.rows("build/sectors")]
    missing = sorted(rules.sectors - {sector_key(sector) for sector in known})
    if missing:
        near = [sector for sector in known if difflib.get_close_matches(missing[0], [sector_key(sector)], n=1)]
        guess = f"did you mean {near[0]}? " if near else ""
        named = next((sector for sector in typed if sector_key(sector) == missing[0]), missing[0])
        raise DataError(
            f"The index {index_name} takes the sector {named!r}, and no company in the store is of it.",
            hint=f"{guess}there are: {', '.join(known)}" if known else "no sector of any company is known yet",
        )


def _range(sessions: list[date], start: int, end: int) -> tuple[date, date, date]:
    """The session before ``start``, that of ``start``, and the last before ``end``."""
    before = sessions[start - 1] if start else sessions[0] - timedelta(days=1)
    return before, sessions[start], sessions[end - 1]


def _tickers(market: MarketState | None) -> list[str]:
    return [one.ticker for one in market.listings] if market else []


def _limit(numbers: Calendar, index_state: IndexState | None, end: int) -> date | None:
    """Latest session of a state from which ranks at the last published session can be had again."""
    last = numbers.number(index_state.session) if index_state else end
    return numbers.sessions[last - TRADED_WINDOW] if last >= TRADED_WINDOW else None


def _state_before(limit: date | None, outcomes: list[Outcome]) -> MarketState | None:
    """The last state on or before ``limit`` among the rows computed so far."""
    import polars as pl

    if limit is None:
        return None
    for outcome in reversed(outcomes):
        early = outcome.states.filter(pl.col("session") <= limit)
        if not early.is_empty():
            rows = early.filter(pl.col("session") == early["session"].max()).sort("listing_id")
            born = [
                one.spells.filter(pl.col("first_session") <= rows["session"][0])["listing_id"].max() for one in outcomes
            ]
            return market_state(rows.rows(), 1 + max(int(str(number)) for number in born if number is not None))
    return None
