"""Raw rows for a build, and where a build can go on from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.index.inputs import Held, IndexState, LiveListing, MarketState, RawData
from engine.index.rules import CAP_SOURCES
from engine.store.database import Session

if TYPE_CHECKING:
    import polars as pl


def read_raw(session: Session, before: date, first: date, last: date, live: Iterable[str] = ()) -> RawData:
    """Raw rows of the sessions ``first`` to ``last``.

    Args:
        session: An open session.
        before: The session before ``first``: what is dated between the two is of ``first``.
        first: First session.
        last: Last session.
        live: Tickers that may be without a price in these sessions.
    """
    span = {"first": first, "last": last}
    prices, caps = _numbered(session, span, live)
    return RawData(
        prices=prices,
        caps=caps,
        splits=session.frame("build/splits", {"last": last}),
        dividends=session.frame("build/dividends", {"first": before, "last": last}),
        shares=session.frame("build/shares", span),
        traded=session.frame("build/traded", span),
        securities=session.frame("build/securities"),
        renames=session.frame("build/renames"),
        accepted=session.frame("build/accepted", {"first": before, "last": last}),
        finals=session.frame("build/finals", {"first": before, "last": last}),
    )


def _numbered(session: Session, span: dict[str, date], live: Iterable[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Prices and caps whose tickers come as numbers: a million of them as text cost more than the rest."""
    import polars as pl

    tickers = sorted({*live, *(row[0] for row in session.rows("build/tickers", span))})
    kind = pl.Enum(tickers)
    codes = pl.Series("code", range(len(tickers)), dtype=pl.UInt16 if len(tickers) < 2**16 else pl.UInt32)
    session.stage(pl.DataFrame([pl.Series("ticker", tickers, dtype=pl.String), codes]))
    try:
        found = [session.frame(name, span) for name in ("build/prices", "build/caps")]
    finally:
        session.unstage()
    named = [frame.with_columns(pl.col("code").cat.to(kind)).rename({"code": "ticker"}) for frame in found]
    return named[0], named[1]


def read_index_state(session: Session, index_name: str, before: date | None) -> IndexState | None:
    """The last published session before ``before``, with what was decided at its close."""
    found = session.row("build/last_published", {"index_name": index_name, "before": before})
    if found is None:
        return None
    day, ordinal, level_pr, level_tr = found
    rows = session.rows("build/held", {"index_name": index_name, "session": day})
    held = tuple(Held(row[0], row[1], row[2], row[3]) for row in rows)
    removed = session.rows("build/removed", {"index_name": index_name, "session": day})
    ordinals = {row[3]: row[4] for row in rows}
    return IndexState(day, ordinal, level_pr, level_tr, held, ordinals, tuple(row[0] for row in removed))


def read_market_state(session: Session, index_name: str, limit: date) -> MarketState | None:
    """The last stored state of the market on or before ``limit``."""
    rows = session.rows("build/checkpoint", {"index_name": index_name, "limit": limit})
    if not rows:
        return None
    free = session.row("build/next_listing", {"index_name": index_name, "session": rows[0][0]})
    return market_state(rows, int(free[0]) if free else 1)


def market_state(rows: Iterable[tuple[Any, ...]], next_id: int) -> MarketState:
    """A state from the rows of one session of market_state, by listing."""
    known = list(rows)
    return MarketState(known[0][0], tuple(_listing(*row[1:]) for row in known), next_id)


def _listing(
    number: int,
    ticker: str,
    spell_first: date,
    close: float,
    stale: int,
    cap: float | None,
    source: str,
    missed: int,
    since: date | None,
) -> LiveListing:
    used = float("nan") if cap is None else cap
    return LiveListing(number, ticker, spell_first, close, stale, used, CAP_SOURCES.index(source), missed, since)
