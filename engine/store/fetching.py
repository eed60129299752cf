"""What was asked of a vendor and what came of it, and the stored rows that an answer is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine import calendar
from engine.fetching.asks import DONE, EMPTY
from engine.fetching.notes import FetchNote
from engine.fetching.state import Asked, FetchState, Held, Listed
from engine.index.rules import is_common
from engine.reports import FetchFailure
from engine.store.audit import DataChange, note_part, note_rows
from engine.store.database import Session
from engine.store.sources import FETCHED

if TYPE_CHECKING:
    import polars as pl

WINDOW: Final = 63
"""Sessions in which a gap is looked for, and through which a name that was listed is followed."""

LONG_AGO: Final = timedelta(days=800)
"""How far back the sessions are known in which a gap is looked for."""

TABLES: Final = ("price", "split", "dividend")
SERIES: Final = {"benchmark": "fetching/benchmark_of", "fx": "fetching/fx_of"}


# -- what a plan is made from


def read_fetch_state(session: Session, index_name: str, today: date) -> FetchState:
    """Everything a plan is made from.

    Args:
        session: An open session.
        index_name: Name of the index whose members are followed.
        today: The day in New York.
    """
    held = _held(session, today)
    listed = session.rows("fetching/universe")
    wanted = [row for row in listed if row[3] is not None and is_common(row[5])]
    return FetchState(
        asked={row[:2]: Asked(*row) for row in session.rows("fetching/asked")},
        prices=held["price"],
        benchmarks=held["benchmark"],
        fx=held["fx"],
        universe=tuple(Listed(*row[1:5], *map(is_common, row[5:6])) for row in listed),
        snapshot=listed[0][0] if listed else None,
        tracked=_tracked(session, index_name, today),
        without_sector=tuple(row[1] for row in wanted if not row[6]),
        without_country=tuple(row[1] for row in wanted if not row[7]),
        renamed=frozenset(row[0] for row in session.rows("fetching/renamed")),
        delisted=frozenset(row[0] for row in session.rows("fetching/delisted")),
    )


def _held(session: Session, today: date) -> Mapping[str, dict[str, Held]]:
    found: dict[str, dict[str, Held]] = {"price": {}, "benchmark": {}, "fx": {}}
    sessions = calendar.sessions_between(today - LONG_AGO, today)
    for kind, symbol, first, last, gap in session.rows("fetching/held", {"sessions": sessions, "window": WINDOW}):
        found[kind][symbol] = Held(first, last, gap)
    return found


def _tracked(session: Session, index_name: str, today: date) -> tuple[str, ...]:
    since = calendar.sessions_between(today - timedelta(days=2 * WINDOW), today)[-WINDOW]
    rows = session.rows("fetching/tracked", {"index_name": index_name, "since": since})
    return tuple(ticker for ticker, kind in rows if is_common(kind))


# -- what an answer is compared with


def stored_of(session: Session, ticker: str, since: date) -> dict[str, pl.DataFrame]:
    """Prices, splits and dividends of a ticker from a day on, on their schemas."""
    import polars as pl

    from engine.frames.schemas import RAW_SCHEMAS

    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    for table, day, *values in session.rows("fetching/stored_of", {"ticker": ticker, "since": since}):
        found[table].append((day, ticker, *values))
    return {
        table: pl.DataFrame(
            [row[: len(RAW_SCHEMAS[table].columns)] for row in rows], schema=RAW_SCHEMAS[table].columns, orient="row"
        )
        for table, rows in found.items()
    }


def stored_series(session: Session, table: str, symbol: str, since: date) -> pl.DataFrame:
    """Closes of a benchmark (table ``benchmark``) or rates of a pair (``fx``) from a day on, on their schema."""
    return session.frame(SERIES[table], {"symbol": symbol, "since": since})


def splits_of(session: Session, ticker: str) -> pl.DataFrame:
    """Every split of a ticker that is stored."""
    return session.frame("fetching/splits_of", {"ticker": ticker})


def matching_tickers(session: Session, prices: pl.DataFrame) -> list[tuple[str, date]]:
    """Tickers that may be what a new one was before, by one equal close at least: ticker, last session.

    Args:
        session: An open session.
        prices: Prices of one ticker, on their schema.
    """
    if prices.is_empty():
        return []
    values = {
        "ticker": prices["ticker"][0],
        "sessions": prices["session"].to_list(),
        "closes": prices["close"].to_list(),
    }
    return [(row[0], row[1]) for row in session.rows("fetching/matching", values)]


def closes_of(session: Session, ticker: str, first: date, end: date) -> dict[date, float]:
    """Closes of a ticker from a day on to before another."""
    return dict(session.rows("fetching/closes_of", {"ticker": ticker, "first": first, "end": end}))


def shares_at(session: Session, ticker: str, day: date) -> tuple[date, float] | None:
    """The last number of shares of a ticker that is known on a day, and the day it is from; None for none."""
    rows = session.rows("fetching/shares_at", {"ticker": ticker, "session": day})
    return (rows[0][0], rows[0][1]) if rows else None


def forget_shares(session: Session, ticker: str, *, scale: bool) -> None:
    """Have shares asked for anew of a ticker that another stock has now, and scaled anew if it is another company."""
    session.run("fetching/forget_shares", {"ticker": ticker})
    if scale:
        gone = session.rows("fetching/forget_scale", {"ticker": ticker})[0][0]
        note_rows(session, DataChange("share_scale", f"{ticker} is another company now", rows_removed=gone))


def forget_unlisted(session: Session, day: date, tickers: Sequence[str], at: datetime) -> None:
    """Forget what a screen of a session listed before its close besides some tickers.

    Args:
        session: A write session.
        day: The session.
        tickers: What is listed now.
        at: Moment of the fetch (UTC, without a zone).
    """
    gone = session.rows("fetching/forget_unlisted", {"session": day, "tickers": list(tickers)})[0][0]
    note_part(session, DataChange("universe_snapshot", FETCHED, rows_removed=gone, first=day, last=day), at)


# -- what became of a fetch


def begin_run(session: Session, at: datetime) -> int:
    """Record that a fetch begins; gives its number. One that still seems to run was ended from outside."""
    session.run("fetching/interrupt_runs")
    number = int(session.rows("fetching/next_run")[0][0])
    session.run("fetching/begin_run", {"run_id": number, "started_at": at})
    return number


def end_run(
    session: Session,
    run_id: int,
    *,
    at: datetime,
    outcome: str,
    asked: int = 0,
    failed: int = 0,
    remaining: int = 0,
    requests: int = 0,
    through: date | None = None,
    reason: str = "",
) -> None:
    """Record what came of a fetch: ``done``, ``partial``, ``stopped`` or ``failed``, with its counts."""
    counts = {"asked": asked, "failed": failed, "remaining": remaining, "requests": requests}
    ended = {"run_id": run_id, "ended_at": at, "outcome": outcome, "through": through, "reason": reason}
    session.run("fetching/end_run", {**ended, **counts})
    session.run("ingest/bump")


def keep_asked(session: Session, asked: Sequence[Asked]) -> None:
    """Record questions and their outcomes; what is known of an earlier answer outlives a failure."""
    latest = {(one.kind, one.symbol): one for one in asked}.values()
    if not latest:
        return
    names = ("kind", "symbol", "asked_at", "outcome", "reason")
    values: dict[str, list[Any]] = {name: [getattr(one, name) for one in latest] for name in names}
    values["since"] = [one.since if one.outcome in (DONE, EMPTY) else None for one in latest]
    values["through"] = [one.through if one.outcome == DONE else None for one in latest]
    session.run("fetching/keep_asked", values)


def keep_notes(session: Session, run_id: int, notes: Sequence[FetchNote]) -> None:
    """Record what a fetch found out."""
    if notes:
        names = ("kind", "ticker", "session", "text")
        values = {name: [getattr(note, name) for note in notes] for name in names}
        session.run("fetching/keep_notes", {"run_id": run_id, **values})


def withdraw_delisting(session: Session, ticker: str, at: datetime) -> date | None:
    """Take the last delisting of a ticker back; gives its session, None where there was none."""
    found: date | None = session.rows("fetching/last_delisting", {"ticker": ticker})[0][0]
    if found is not None:
        from engine.store.ingest import Merged, record_batch

        gone = session.rows("fetching/withdraw_delisting", {"ticker": ticker, "session": found})[0][0]
        detail = f"{ticker} is back"
        record_batch(session, Merged(0, 1, 0, found), at=at, source=FETCHED, detail=detail)
        note_rows(session, DataChange("delisting", detail, rows_removed=gone, first=found, last=found))
    return found


# -- what is shown of it


def underway(session: Session) -> int | None:
    """Names that have answered the fetch that is under way, None where none is."""
    found = session.row("fetching/underway")
    return int(found[0]) if found else None


def runs(session: Session) -> list[tuple[Any, ...]]:
    """The last twenty fetches, the latest first: the columns of ``fetch_run`` after its number."""
    return session.rows("fetching/runs")


def failures(session: Session) -> tuple[FetchFailure, ...]:
    """Symbols that failed when they were last asked for."""
    return tuple(FetchFailure(*row) for row in session.rows("fetching/failures"))


def last_notes(session: Session) -> tuple[FetchNote, ...]:
    """What the last fetch that had anything to tell found out."""
    return tuple(FetchNote(*row) for row in session.rows("fetching/last_notes"))


def freshness(session: Session) -> tuple[datetime | None, date | None]:
    """When the last fetch succeeded (UTC), and the last session that one had by the source's own dates."""
    fresh_at, through = session.rows("fetching/freshness")[0]
    return fresh_at, through


def stored(session: Session) -> tuple[int, date | None]:
    """Names with prices, however they came, and the last session of any."""
    names, last = session.rows("fetching/stored")[0]
    return names, last
