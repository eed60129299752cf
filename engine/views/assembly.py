"""From stored rows to frozen views: each function answers one question on one open session."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.domain.rates import RATES
from engine.errors import DataError, NoData
from engine.index.rules import CAP, COMMON, EQUAL, takes_sectors
from engine.metrics.holdings import effective_constituents
from engine.store.clock import doubt
from engine.store.database import Session
from engine.store.sources import FETCHED
from engine.views.types import (
    ChangeRow,
    ChangesView,
    CompositionRow,
    CompositionView,
    IndexStatus,
    PerformanceView,
    SectorWeight,
    StockRow,
    StockView,
)

SPARK_SESSIONS = 30
UNKNOWN_SECTOR = "Unknown"


class Reader:
    """Answers about one index on one open session of the store.

    Args:
        session: An open session.
        index_name: Name of the index.
        rules: The rules in force, as stored with a build; empty to compare with none.
        universe_size: How many of the largest names are fetched, None for all that are listed.
    """

    def __init__(self, session: Session, index_name: str, rules: str = "", universe_size: int | None = None) -> None:
        self._universe_size = universe_size
        self._session = session
        self._rules = rules
        self._index = {"index_name": index_name}
        self._index_name = index_name

    def status(self, as_of: date | None) -> IndexStatus:
        """The header at the last published session on or before ``as_of``; ``sessions_behind`` is left open."""
        first, last = self.span()
        found = self._session.row("reads/session_at", {**self._index, "as_of": as_of})
        if found is None:
            raise DataError(
                f"The index {self._index_name} begins on {first}; {as_of} is before that.",
                hint=f"ask for {first} or later",
            )
        source, synthetic, _ = self._session.rows("reads/origin")[0]
        backfilled_before, names_wanted, names_have = self._universe()
        rules, ingest_id, _ = self._record()
        known = json.loads(rules)
        return IndexStatus(
            index=self._index_name,
            size=known["size"],
            session=found[0],
            level_pr=found[2],
            level_tr=found[3],
            return_pr=found[4],
            return_tr=found[5],
            members=found[6],
            held=found[7],
            priced=found[8],
            source=source,
            synthetic=synthetic,
            first_session=first,
            last_session=last,
            sessions_behind=None,
            data_version=self._session.rows("reads/version")[0][0],
            outdated=self._outdated(rules, ingest_id),
            backfilled_before=backfilled_before,
            names_wanted=names_wanted,
            names_have=names_have,
            weighting=known.get("weighting", EQUAL),
            clock=doubt(self._session),
        )

    def _universe(self) -> tuple[date | None, int, int]:
        """The first snapshot if fetched prices go back before it, names of the last one, and those that were had."""
        first, last = self._session.rows("reads/snapshots")[0]
        if first is None:
            return None, 0, 0
        values = {"session": last, "common": ["", *COMMON], "size": self._universe_size}
        wanted, have = self._session.rows("reads/names", values)[0]
        before = self._session.rows("reads/backfilled", {"session": first, "source": FETCHED})[0][0]
        return first if before else None, wanted, have

    def _outdated(self, rules: str, ingest_id: int) -> str:
        """Why a build under these rules, up to this batch, is not what a build would make now."""
        if not self._rules:
            return ""
        if rules != self._rules:
            return "settings"
        values = {"ingest_id": ingest_id, "sectors": takes_sectors(rules)}
        return "data" if self._session.rows("build/dirty", values)[0][0] else ""

    def is_built(self) -> bool:
        """Whether there is a published session, of a build by this version."""
        built = self._session.row("build/record", self._index)
        return built is not None and self._session.rows("reads/span", self._index)[0][0] is not None

    def rules(self) -> dict[str, Any]:
        """The rules that the index was built with, whatever is set now."""
        return dict(json.loads(self._record()[0]))

    def _record(self) -> tuple[Any, ...]:
        """Rules and last batch of the build."""
        found = self._session.row("build/record", self._index)
        if found is None:
            raise NoData(
                f"The index {self._index_name} was built by an older flatcap.", hint="build it again: flatcap build"
            )
        return found

    def span(self) -> tuple[date, date]:
        """First and last published session."""
        first, last = self._session.rows("reads/span", self._index)[0]
        if first is not None:
            return first, last
        if self._session.rows("reads/has_prices")[0][0]:
            raise NoData(f"The index {self._index_name} has not been built yet.", hint="build it: flatcap build")
        raise NoData(
            "There are no prices in the store.",
            hint="fetch them: flatcap update; or import your own: flatcap import PATH...",
        )

    def ordinal(self, session: date) -> int:
        """Position of a published session, from 0."""
        return int(self._session.rows("reads/session_at", {**self._index, "as_of": session})[0][1])

    def cut(self, session: date) -> float | None:
        """Market cap of the last place of a published session."""
        found: float | None = self._session.rows("reads/session_at", {**self._index, "as_of": session})[0][9]
        return found

    def performance(self, start: date | None, end: date | None) -> PerformanceView:
        """Levels and returns from ``start`` to ``end``."""
        status = self.status(end)
        span = {"first": start or status.first_session, "last": status.session}
        columns = _columns(self._session.rows("reads/performance", {**self._index, **span}), 8)
        sessions, level_pr, level_tr, return_pr, return_tr, members, priced, turnover = columns
        return PerformanceView(
            status=status,
            sessions=sessions,
            level_pr=level_pr,
            level_tr=level_tr,
            return_pr=return_pr,
            return_tr=return_tr,
            members=members,
            priced=priced,
            turnover=turnover,
            benchmarks=_benchmarks(self._session.rows("reads/benchmarks", span), sessions),
        )

    def composition(self, as_of: date | None) -> CompositionView:
        """Members and bubble of a session."""
        status = self.status(as_of)
        now = self._session.rows("reads/session_at", {**self._index, "as_of": status.session})[0]
        before = self._back(status.session, 1)
        values = {**self._index, "session": status.session, "before": before}
        found = self._session.rows("reads/composition", values)
        sparks = self._sparks(status.session)
        rows = [(row[15], _composition_row(row, now[1], sparks.get(row[14], ()))) for row in found]
        members = tuple(row for member, row in rows if member)
        return CompositionView(
            status=status,
            rows=members,
            outside=tuple(row for member, row in rows if not member),
            sectors=_sectors(members),
            cut_cap_usd=now[9],
            effective=effective_constituents([row.weight for row in members]),
        )

    def _back(self, session: date, count: int) -> date:
        found: date = self._session.rows("reads/nth_session", {**self._index, "session": session, "back": count})[0][0]
        return found

    def _sparks(self, session: date) -> dict[int, tuple[float, ...]]:
        """Closes of the last sessions on the split basis of ``session``, by listing."""
        first = self._back(session, SPARK_SESSIONS - 1)
        values = {**self._index, "first": first, "session": session}
        splits: dict[int, list[tuple[date, float]]] = defaultdict(list)
        for listing, day, ratio in self._session.rows("reads/closes_splits", values):
            splits[listing].append((day, ratio))
        closes: dict[int, list[float]] = defaultdict(list)
        for listing, day, close in self._session.rows("reads/closes", values):
            for split, ratio in splits.get(listing, ()):
                close = close / ratio if split > day else close
            closes[listing].append(close)
        return {listing: tuple(found) for listing, found in closes.items()}

    def changes(self, start: date | None, end: date | None) -> ChangesView:
        """Additions and deletions, day by day."""
        status = self.status(end)
        first = start or status.first_session
        span = {**self._index, "first": first, "last": status.session}
        counts, turnover = self.counts(first, status.session)
        return ChangesView(status, first, status.session, False, self._changed(span), counts, turnover)

    def _changed(self, span: dict[str, Any], listing: int | None = None) -> tuple[ChangeRow, ...]:
        by_cap = self.rules().get("weighting", EQUAL) == CAP
        found = self._session.rows("reads/changes", {**span, "listing_id": listing, "by_cap": by_cap})
        return tuple(ChangeRow(*row) for row in found)

    def counts(self, first: date, last: date) -> tuple[tuple[tuple[date, int, int], ...], float]:
        """Sessions with their additions and deletions, and what was traded on all of them."""
        found = self._session.rows("reads/change_counts", {**self._index, "first": first, "last": last})
        counts = tuple((day, additions, deletions) for day, additions, deletions, _ in found)
        return counts, sum(turnover for *_, turnover in found if turnover is not None)

    def decided(self, session: date) -> dict[int, tuple[Any, ...]]:
        """Members decided at the close of a session, by listing."""
        found = self._session.rows("reads/decided", {**self._index, "session": session})
        return {row[0]: row[1:] for row in found}

    def companies(self) -> tuple[tuple[str, str], ...]:
        """Every ticker that can be looked at, and the name of its company."""
        return tuple((ticker, name) for ticker, name in self._session.rows("reads/companies", self._index))

    def stock(self, ticker: str, start: date | None, end: date | None, *, asked: str) -> StockView:
        """The listing that last went by ``ticker``, through all its tickers; ``asked`` is how a person wrote it."""
        status = self.status(end)
        found = self._session.row("reads/listing", {**self._index, "ticker": ticker, "last": end or date.max})
        if found is None:
            raise DataError(f"{asked} has no prices in the store.", hint="see flatcap show coverage for what is there")
        listing = {**self._index, "listing_id": found[0]}
        name, sector, exchange, issuer, latest = self._session.rows("reads/security", listing)[0]
        span = {"first": start or date.min, "last": end or date.max}
        return StockView(
            status=status,
            ticker=latest,
            name=name,
            sector=sector,
            exchange=exchange,
            rows=tuple(StockRow(*row) for row in self._session.rows("reads/stock", {**listing, **span})),
            spells=tuple(self._session.rows("reads/spells", listing)),
            issuer=issuer,
            changes=self._changed({**self._index, **span}, found[0]),
            splits=tuple(self._session.rows("reads/stock_splits", listing)),
            lines=self._other_lines(found[0], latest, status.session),
        )

    def _other_lines(self, listing: int, ticker: str, session: date) -> tuple[str, ...]:
        rows = self._session.rows("reads/explain_lines", {**self._index, "ticker": ticker, "session": session})
        return tuple(dict.fromkeys(row[1] for row in rows if row[0] != listing))


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _benchmarks(rows: Iterable[tuple[Any, ...]], sessions: tuple[date, ...]) -> dict[str, tuple[float | None, ...]]:
    closes: dict[str, dict[date, float]] = defaultdict(dict)
    for symbol, session, close in rows:
        if symbol not in RATES:
            closes[symbol][session] = close
    return {symbol: tuple(found.get(session) for session in sessions) for symbol, found in closes.items()}


def _composition_row(row: tuple[Any, ...], ordinal: int, spark: tuple[float, ...]) -> CompositionRow:
    (
        rank,
        rank_before,
        ticker,
        name,
        sector,
        cap,
        source,
        weight,
        close,
        change,
        since,
        began,
        contribution,
        stale,
    ) = row[:14]
    return CompositionRow(
        rank=rank or 0,
        rank_before=rank_before,
        ticker=ticker,
        name=name,
        sector=sector,
        market_cap_usd=cap or 0.0,
        cap_source=source,
        weight=weight,
        close=close,
        return_pr=change,
        since=since,
        days=0 if began is None else ordinal - began + 1,
        contribution=contribution,
        spark=spark,
        stale=stale,
    )


def _sectors(rows: Iterable[CompositionRow]) -> tuple[SectorWeight, ...]:
    weights: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        weights[row.sector or UNKNOWN_SECTOR].append(row.weight)
    found = [SectorWeight(sector, sum(parts), len(parts)) for sector, parts in weights.items()]
    return tuple(sorted(found, key=lambda one: (-one.weight, one.sector)))
