"""Two real apps on one real store, while another process changes it, holds it and takes it away."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl

from engine.facade import Engine
from engine.frames.schemas import RAW_SCHEMAS
from engine.run import Run
from engine.settings import Settings
from engine.store import locks
from engine.store.database import Database
from engine.store.ingest import merge_batch
from tests.functional.terminal import PseudoTerminal
from tests.markets import sessions_from
from tests.store.engines import CAPS, CLOSES, DAYS, MOMENT, built, three_names

CRON = Run("feedbeef", "update")
NEXT = sessions_from(DAYS[0], 4)[-1]


def opened(folder: Path, name: str, size: tuple[int, int]) -> PseudoTerminal:
    """The app over a store."""
    kept = {f"XDG_{kind}_HOME": str(folder.parent / name) for kind in ("STATE", "CONFIG", "CACHE")}
    argv = [sys.executable, "-m", "tuiapp", "--data-dir", str(folder)]
    return PseudoTerminal(argv, size=size, env={**kept, "FLATCAP_INDEX_SIZE": "2", "FLATCAP_PROVIDER": "import"})


def another_session_comes(folder: Path) -> None:
    """What ``flatcap update`` does when there is a session more."""
    prices = [(NEXT, ticker, None, None, None, closes[-1] * 1.01, None) for ticker, closes in CLOSES.items()]
    caps = [(NEXT, ticker, values[-1]) for ticker, values in CAPS.items()]
    frames = {
        "price": pl.DataFrame(prices, schema=RAW_SCHEMAS["price"].columns, orient="row"),
        "market_cap": pl.DataFrame(caps, schema=RAW_SCHEMAS["market_cap"].columns, orient="row"),
    }
    database = Database(folder, run=CRON)
    database.write(lambda session: merge_batch(session, frames, at=MOMENT, source="import", detail="test"))
    Engine(Settings(data_dir=folder, index_size=2), database).build()


def test_two_sessions_see_what_a_third_process_does_to_their_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    built(store, three_names(), index_size=2)
    # Else what is drawn first may be what was kept, before anybody watches.
    for kept in store.glob("last-view*.json"):
        kept.unlink()
    with opened(store, "one", (80, 24)) as one, opened(store, "two", (60, 18)) as two:
        for terminal in (one, two):
            terminal.wait_for("q quit")
            terminal.wait_for(f"{DAYS[-1]:%Y-%m-%d}")
        one.send("7")
        one.wait_for("Findings")
        another_session_comes(store)
        for terminal in (one, two):
            terminal.wait_for(f"New data to {NEXT}, by flatcap update")
        with locks.exclusive(store, command="build"):
            two.send("3")
            two.wait_for(f"waits for flatcap build (process {os.getpid()}")
        two.wait_for("Changes")
        two.wait_for("row 1 of")
        store.rename(tmp_path / "away")
        for terminal in (one, two):
            terminal.wait_for("The store is gone")
        (tmp_path / "away").rename(store)
        for terminal in (one, two):
            terminal.wait_for("The store can be read again")
            assert terminal.process.poll() is None
