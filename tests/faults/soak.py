"""A long-lived session: every round a file comes in, the index is built, exported and read, in one process.

``python -m tests.faults.soak FOLDER ROUNDS`` tells of each round in one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from engine.calendar import close_time
from engine.facade import Engine, open_engine
from engine.settings import Settings
from tests.fake_market import FakeMarket, fake_market

NAMES: Final = 12
SESSIONS: Final = 90
STEP: Final = 1.003
"""How far a corrected close is from the one before."""

PAGE: Final = 4096


def rounds(folder: Path, number: int) -> Iterator[dict[str, Any]]:
    """Import one session after the other, corrected at every second passing, and do with the index what people do."""
    market = fake_market(NAMES, SESSIONS)
    now = (close_time(market.sessions[-1]) + timedelta(hours=1)).astimezone(UTC)
    clock = [now]
    engine = _engine(folder, clock)
    _write(market, folder / "all")
    engine.import_files([folder / "all"])
    engine.build()
    for n in range(number):
        clock[0] += timedelta(seconds=10)
        began = time.perf_counter()
        day = market.sessions[n % SESSIONS]
        _write_day(market, day, STEP if n // SESSIONS % 2 == 0 else 1.0, folder / "day" / "prices.csv")
        engine.import_files([folder / "day"])
        engine.build()
        _read(engine, day)
        engine.export(folder / "index.csv", force=True)
        size = (folder / "data" / "flatcap.duckdb").stat().st_size
        yield {"round": n, "seconds": time.perf_counter() - began, "rss": _rss(), "store": size}


def _engine(folder: Path, clock: list[datetime]) -> Engine:
    settings = Settings(data_dir=folder / "data", index_size=6)
    return open_engine(settings, clock=lambda: clock[0])


def _write(market: FakeMarket, folder: Path) -> None:
    folder.mkdir(parents=True)
    price = market.frames["price"].rename({"session": "date"})
    price.write_csv(folder / "prices.csv")
    market.frames["market_cap"].rename({"session": "date", "market_cap_usd": "market_cap"}).write_csv(
        folder / "market_caps.csv"
    )
    market.frames["security"].write_csv(folder / "securities.csv")


def _write_day(market: FakeMarket, day: date, factor: float, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    prices = ("open", "high", "low", "close")
    rows = market.frames["price"].filter(pl.col("session") == day).with_columns(pl.col(prices) * factor)
    rows.rename({"session": "date"}).write_csv(path)


def _read(engine: Engine, day: date) -> None:
    """What the screens show."""
    engine.status()
    engine.performance()
    engine.metrics()
    engine.composition(day)
    engine.changes()
    engine.stock("BAA")
    engine.coverage()
    engine.contributions()
    engine.returns()


def _rss() -> int:
    """Memory that this process has now, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


if __name__ == "__main__":
    for told in rounds(Path(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(told), flush=True)
