"""What a perfect vendor would know, as raw frames, and the index that follows from it by the plain road."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from engine.calendar import next_session
from engine.frames.schemas import RAW_SCHEMAS
from engine.index.inputs import RawData
from engine.index.reference import Reference, ReferenceSession
from engine.index.rules import Rules
from tests.yahoo.listing import Listing

if TYPE_CHECKING:
    from tests.yahoo.market import Market

Row = tuple[Any, ...]
US_EXCHANGES: Final = frozenset({"NMS", "NYQ", "ASE"})
TABLES: Final = (
    "price",
    "split",
    "dividend",
    "shares",
    "market_cap",
    "security",
    "rename",
    "benchmark",
    "fx",
    "final_price",
    "delisting",
)


def frames(
    market: Market, as_of: datetime, closed: date, since: date | None, *, shown: bool, wanted: set[int] | None
) -> dict[str, pl.DataFrame]:
    """The tables of the lines that an index is made from, of sessions from ``since`` to ``closed``."""
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for line in market.listings:
        if line.kind in ("index", "etf"):
            rows["benchmark"] += _closes(market, line, as_of, closed, shown=shown)
        elif counted(line) and (wanted is None or id(line) in wanted):
            _add_line(rows, market, line, as_of, closed, shown=shown)
    days = set(market.sessions)
    for pair, rates in market.rates.items():
        rows["fx"] += [(day, pair, rate) for day, rate in rates.items() if day in days and day <= closed]
    return {table: _within(_frame(table, found), since, closed) for table, found in rows.items()}


def counted(line: Listing) -> bool:
    """Whether a line can be in an index: common stock, listed, with a cap."""
    return line.kind == "common stock" and line.exchange in US_EXCHANGES and not line.hides_cap


def true_sessions(tables: Mapping[str, pl.DataFrame], rules: Rules) -> list[ReferenceSession]:
    """The index over all sessions of the prices, by the plain road."""
    sessions = sorted(tables["price"]["session"].unique().to_list())
    grid = [*sessions, next_session(sessions[-1] + timedelta(days=1))]
    return Reference(raw_data(tables), grid, rules).run()


def true_levels(tables: Mapping[str, pl.DataFrame], rules: Rules) -> dict[date, tuple[float, float]]:
    """Price and total return levels by session."""
    return {each.session: (each.level_pr, each.level_tr) for each in true_sessions(tables, rules)}


def raw_data(tables: Mapping[str, pl.DataFrame]) -> RawData:
    """Raw frames as a build reads them."""
    securities = tables["security"]
    several = (pl.col("issuer").is_not_null() & (pl.len().over("issuer") > 1)).alias("several")
    lines = securities.filter(securities.select(several).to_series())["ticker"].to_list()
    traded = tables["price"].filter(pl.col("ticker").is_in(lines), pl.col("volume").is_not_null())
    return RawData(
        prices=tables["price"].select("session", "ticker", "close"),
        caps=tables["market_cap"],
        splits=tables["split"],
        dividends=tables["dividend"],
        shares=tables["shares"],
        traded=traded.select("session", "ticker", traded_usd=pl.col("close") * pl.col("volume")),
        securities=securities.select("ticker", "exchange", "issuer", "country", "security_type"),
        renames=tables["rename"],
        finals=tables["final_price"],
    )


def _add_line(
    rows: dict[str, list[Row]], market: Market, line: Listing, as_of: datetime, closed: date, *, shown: bool
) -> None:
    bars = line.bars(as_of)
    for number in _numbers(market, line, as_of, closed, shown=shown):
        day = market.sessions[number]
        ticker, close = line.symbol(day), float(bars.close[number])
        edges = (float(values[number]) for values in (bars.open, bars.high, bars.low))
        rows["price"].append((day, ticker, *edges, close, float(bars.volume[number])))
        rows["market_cap"].append((day, ticker, close * line.whole_shares(market.sessions, number)))
    ended = market.sessions[line.last]  # what was planted for later days never happens
    for split in (each for each in line.splits if each.number <= line.last):
        rows["split"].append(_dated(market, line, split.number, split.ratio))
    for number, amount in ((day, paid) for day, paid in line.paid().items() if day <= line.last):
        rows["dividend"].append(_dated(market, line, number, amount))
    for day, shares in (report for report in line.reported(market.sessions, whole=True) if report[0] <= ended):
        rows["shares"].append((day, line.symbol(day), shares))
    for (_, old), (day, new) in zip(line.symbols, line.symbols[1:], strict=False):
        rows["rename"].append((next_session(day), old, new))
    rows["security"].append(
        (
            line.symbol(closed),
            line.name,
            line.sector,
            line.industry,
            line.exchange,
            line.issuer if _has_classes(market, line) else None,
            line.country,
            line.kind,
        )
    )
    if line.gone_at is not None and line.gone_at <= as_of:
        _add_end(rows, market, line, closed, float(bars.close[line.last]))


def _add_end(rows: dict[str, list[Row]], market: Market, line: Listing, closed: date, close: float) -> None:
    """A line that is gone has its last close as its final price on the session after."""
    if line.last + 1 < len(market.sessions) and market.sessions[line.last + 1] <= closed:
        day = market.sessions[line.last + 1]
        if _is_taken(market, line, line.last + 1):
            return
        rows["final_price"].append((day, line.symbol(day), close))
        rows["delisting"].append((day, line.symbol(day)))


def _has_classes(market: Market, line: Listing) -> bool:
    """Whether a company has several lines: only then it matters which one a line is of."""
    return sum(each.issuer == line.issuer and counted(each) for each in market.listings) > 1


def _is_taken(market: Market, line: Listing, number: int) -> bool:
    """Whether another line trades under its symbol already: a final price would be that one's."""
    day = market.sessions[number]
    others = (each for each in market.listings if each is not line and each.symbol(day) == line.symbol(day))
    return any(not np.isnan(each.value[number]) for each in others)


def _dated(market: Market, line: Listing, number: int, value: float) -> Row:
    day = market.sessions[number]
    return day, line.symbol(day), value


def _closes(market: Market, line: Listing, as_of: datetime, closed: date, *, shown: bool) -> list[Row]:
    bars = line.bars(as_of)
    numbers = _numbers(market, line, as_of, closed, shown=shown)
    return [(market.sessions[t], line.symbols[0][1], float(bars.close[t])) for t in numbers]


def _numbers(market: Market, line: Listing, as_of: datetime, closed: date, *, shown: bool) -> Iterable[int]:
    if shown:
        numbers, blank = market.shown(line, as_of)
        traded = [int(number) for number in numbers if number not in blank]
    else:
        traded = np.flatnonzero(~np.isnan(line.value)).tolist()
    return [number for number in traded if market.sessions[number] <= closed]


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    schema = RAW_SCHEMAS[table]
    frame = pl.DataFrame(rows, schema=schema.columns, orient="row")
    return frame.unique(list(schema.key), keep="last", maintain_order=True).sort(schema.key)


def _within(frame: pl.DataFrame, since: date | None, closed: date) -> pl.DataFrame:
    """Rows up to a session, and from one on; reports of shares from before it count after it."""
    if "session" not in frame.columns:
        return frame
    late = "shares_outstanding" in frame.columns or since is None
    return frame.filter(pl.col("session").is_between(date.min if late else since, closed))
