"""Engines over stores of their own, filled from small markets."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.facade import Engine
from engine.settings import Settings
from engine.store.database import Database
from engine.store.ingest import merge_batch
from tests.markets import SmallMarket, sessions_from

MOMENT = datetime(2026, 1, 1)
DAYS = sessions_from(date(2024, 1, 2), 3)

#            day 0   day 1   day 2
CLOSES = {
    "AA": (10.00, 11.00, 9.90),
    "BB": (20.00, 19.00, 20.90),
    "CC": (5.00, 6.00, 6.30),
}
CAPS = {
    "AA": (600.0, 750.0, 675.0),
    "BB": (400.0, 200.0, 220.0),
    "CC": (300.0, 250.0, 262.5),
}
DIVIDENDS = [(DAYS[2], "BB", 1.90), (DAYS[2], "CC", 0.30)]


def three_names() -> SmallMarket:
    """By cap AA and BB on day 0, AA and CC on day 1 and on day 2."""
    market = SmallMarket(DAYS, dividends=list(DIVIDENDS))
    for ticker, closes in CLOSES.items():
        market.prices += [(day, ticker, close, None) for day, close in zip(DAYS, closes, strict=True)]
        market.caps += [(day, ticker, cap) for day, cap in zip(DAYS, CAPS[ticker], strict=True)]
    return market


def built(folder: Path, market: SmallMarket, facts: pl.DataFrame | None = None, **settings: Any) -> Engine:
    """An engine over the built index of a market; ``facts`` are rows of security in place of the market's own."""
    frames = market.frames() | ({} if facts is None else {"security": facts})
    engine = Engine(Settings(data_dir=folder, **settings), Database(folder))
    filled = {name: frame for name, frame in frames.items() if frame.height}
    write = Database(folder).write
    write(lambda session: merge_batch(session, filled, at=MOMENT, source="import", detail="test"))
    engine.build()
    return engine


def stored(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a statement on the engine's store."""
    database = Database(engine.settings.data_dir)
    return database.read(lambda session: session.connection.execute(statement).fetchall())


def write(engine: Engine, statement: str) -> None:
    """Run a statement on the engine's store, whatever the engine would say to it."""
    Database(engine.settings.data_dir).write(lambda session: session.connection.execute(statement).fetchall())


def exactly(value: Any) -> Any:
    """Equal but for the last bits."""
    return pytest.approx(value, rel=1e-13, abs=1e-14)
