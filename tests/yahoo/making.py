"""Draws the lines of an invented market."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.calendar import sessions_between
from tests.yahoo.listing import Floats, Listing
from tests.yahoo.names import company_of, sector_of, symbol_of

if TYPE_CHECKING:
    from tests.yahoo.market import Market

IPO: Final = "ZAG"
LARGEST_CAP: Final = 3e12
REVERSION: Final = 0.004
SPLITS: Final = ((4, 1), (10, 1), (1, 8), (3, 2), (2, 1))


def sessions_to(last: date, count: int) -> list[date]:
    """So many sessions up to a day."""
    return sessions_between(last - timedelta(days=count * 3 // 2 + 20), last)[-count:]


def paths(draw: np.random.Generator, sessions: int, names: int, sigma: float = 0.012) -> Floats:
    """Prices as parts of the first one, a row each: a market, and noise of each that comes back to it."""
    market = np.cumsum(draw.normal(0.0003, 0.008, sessions))
    noise = draw.normal(0, sigma, (sessions, names))
    apart = np.zeros((sessions, names))
    for day in range(1, sessions):
        apart[day] = apart[day - 1] * (1 - REVERSION) + noise[day]
    grown: Floats = np.exp(market[:, None] - market[0] + apart)
    return grown.T


def listings(draw: np.random.Generator, sessions: list[date], names: int, *, buy_back: float) -> list[Listing]:
    """The ordinary companies, the largest first."""
    grown = paths(draw, len(sessions), names)
    found = []
    for number in range(names):
        price = float(np.round(draw.uniform(20, 600), 2))
        sector, industry = sector_of(number)
        line = _line(draw, sessions, symbol_of(number), company_of(number), grown[number] * price)
        line.sector, line.industry = sector, industry
        line.exchange = ("NYQ", "NMS", "NYQ", "ASE", "NMS")[number % 5]
        line.country = "Ireland" if number % 11 == 5 else "United States"
        line.reports = _reports(draw, sessions, LARGEST_CAP * (number + 1) ** -0.8 / price, buy_back)
        line.stale_reports = [(day, shares * 1.02) for day, shares in line.reports[1 :: 4 + number % 3]]
        found.append(line)
    return found


def specials(draw: np.random.Generator, sessions: list[date], ordinary: list[Listing]) -> list[Listing]:
    """Lines that need care; the seventh of the ordinary ones becomes an IPO in the middle."""
    if len(ordinary) > 6:
        _list_late(sessions, ordinary[6], len(sessions) // 2)
    alpha = _company(draw, sessions, "ALFA", "Alphadyne Inc.", 150.0, 1.2e12)
    omaha = _company(draw, sessions, "OMAH-B", "Omaha Hathway Inc.", 400.0, 8e11)
    omaha.fraction = 0.6
    return [
        alpha,
        _second_class(draw, alpha, "ALFC", 0.998, 0.46),
        omaha,
        _second_class(draw, omaha, "OMAH-A", 1_500.0, 0.4),
        _second_class(draw, ordinary[1], f"{symbol_of(1)}-PL", 0.2, 1.0, kind="preferred stock"),
        _second_class(draw, ordinary[2], f"{symbol_of(2)}-WT", 0.05, 1.0, kind="warrant"),
        _company(draw, sessions, "ZOTCF", "Zotic Overseas plc", 30.0, 2e12, exchange="PNK"),
        _company(draw, sessions, "NOCAP", "Nocap Partners Inc.", 40.0, 2.5e10, hides_cap=True),
        *(_company(draw, sessions, f"SM{last}", f"Small {last} Tools Inc.", 25.0, 1e9) for last in "ABC"),
    ]


def benchmarks(draw: np.random.Generator, sessions: list[date]) -> list[Listing]:
    """Two indices, a fund that pays, and a yield."""
    grown = paths(draw, len(sessions), 4, 0.001)
    made: list[tuple[str, str, float, str]] = [
        ("^GSPC", "S&P 500", 4_500.0, "INDEX"),
        ("^SP500TR", "S&P 500 (TR)", 9_800.0, "INDEX"),
        ("RSP", "Invesco S&P 500 Equal Weight ETF", 150.0, "ETF"),
        ("^IRX", "13 WEEK TREASURY BILL", 5.2, "INDEX"),
    ]
    found = [
        _line(draw, sessions, symbol, name, grown[row] * level, quote_type=kind, kind=kind.lower(), exchange="SNP")
        for row, (symbol, name, level, kind) in enumerate(made)
    ]
    found[3].decimals = 3
    found[2].dividends = dict.fromkeys(range(30, len(sessions), 63), 0.6)
    return found


def rates(draw: np.random.Generator, sessions: list[date]) -> dict[date, float]:
    """Dollars per unit of another currency, of every weekday."""
    days = [sessions[0] + timedelta(days=offset) for offset in range((sessions[-1] - sessions[0]).days + 1)]
    weekdays = [day for day in days if day.weekday() < 5]
    path = np.round(1.08 * np.exp(np.cumsum(draw.normal(0, 0.004, len(weekdays)))), 4)
    return dict(zip(weekdays, path.tolist(), strict=True))


def plant_events(draw: np.random.Generator, market: Market) -> None:
    """Dividends of most companies, and a split of some."""
    count = len(market.sessions)
    for place, line in enumerate([each for each in market.listings if each.kind == "common stock"]):
        if place % 5 != 3:
            _pay(line, range(int(draw.integers(5, 63)), count, 63))
        if place % 9 == 4 and count > 30:
            numerator, denominator = SPLITS[place // 9 % len(SPLITS)]
            market.split(line.symbols[0][1], market.sessions[int(draw.integers(10, count))], numerator, denominator)


def _pay(line: Listing, numbers: range) -> None:
    for number in numbers:
        if not np.isnan(line.value[number]):
            line.dividends[number] = round(float(line.value[number]) * 0.005, 4)


def _line(
    draw: np.random.Generator, sessions: list[date], symbol: str, name: str, value: Floats, **details: Any
) -> Listing:
    count = len(sessions)
    away = np.abs(draw.normal(0, 0.004, (2, count)))
    shape = np.stack([1 + draw.normal(0, 0.004, count), 1 + away[0], 1 - away[1]])
    volume: Floats = np.exp(draw.normal(15, 0.3, count))
    return Listing([(sessions[0], symbol)], name, value, shape, volume, issuer=name, **details)


def _company(
    draw: np.random.Generator,
    sessions: list[date],
    symbol: str,
    name: str,
    price: float,
    cap: float,
    **details: Any,
) -> Listing:
    line = _line(draw, sessions, symbol, name, paths(draw, len(sessions), 1)[0] * price, **details)
    line.sector, line.industry = sector_of(len(symbol) + ord(symbol[-1]))
    line.reports = _reports(draw, sessions, cap / price, 0.004)
    return line


def _second_class(
    draw: np.random.Generator, line: Listing, symbol: str, part: float, fraction: float, kind: str = "common stock"
) -> Listing:
    """Another line of a company: its shares are counted as if the whole company consisted of them."""
    wobble = 1 + draw.normal(0, 0.0005, len(line.value))
    days = [day for day, _ in line.symbols]
    return Listing(
        [(days[0], symbol)],
        line.name,
        line.value * part * wobble,
        line.shape,
        line.volume / 2,
        sector=line.sector,
        industry=line.industry,
        exchange=line.exchange,
        issuer=line.issuer,
        kind=kind,
        fraction=fraction,
        reports=[(day, shares / part) for day, shares in line.reports],
    )


def _reports(
    draw: np.random.Generator, sessions: list[date], shares: float, buy_back: float
) -> list[tuple[date, float]]:
    """Irregular days from the first session on, about four a year, and ever fewer shares."""
    found, day = [], sessions[0]
    while day <= sessions[-1]:
        found.append((day, float(round(shares))))
        shares *= 1 - float(draw.uniform(0, buy_back))
        day += timedelta(days=int(draw.integers(40, 130)))
    return found


def _list_late(sessions: list[date], line: Listing, number: int) -> None:
    """Let a line begin in the middle."""
    line.value[:number] = np.nan
    line.symbols = [(sessions[number], line.symbols[0][1])]
    known = [shares for day, shares in line.reports if day <= sessions[number]]
    later = [report for report in line.reports if report[0] > sessions[number]]
    line.reports = [(sessions[number], known[-1]), *later]
    line.stale_reports = [report for report in line.stale_reports if report[0] > sessions[number]]
