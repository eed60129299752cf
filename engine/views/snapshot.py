"""The last view in a small JSON file, so that the app has data at its first paint without opening the store.

Only the standard library is used here: the app reads a snapshot before it imports DuckDB or Polars.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.private_file import write_private
from engine.views.status import IndexStatus, PerformanceView

DEFAULT_INDEX: Final = "top100"
FORMAT: Final = 1


def snapshot_path(data_dir: Path, index: str = DEFAULT_INDEX) -> Path:
    """Where the snapshot of an index lives."""
    return data_dir / ("last-view.json" if index == DEFAULT_INDEX else f"last-view-{index}.json")


def save_snapshot(data_dir: Path, view: PerformanceView) -> None:
    """Write the snapshot, whole or not at all. A full or read-only disk is no reason to fail: it is a cache."""
    parts = {"format": FORMAT, "performance": {**_fields(view), "status": _fields(view.status)}}
    body = json.dumps(parts, separators=(",", ":"), default=date.isoformat)
    with contextlib.suppress(OSError):
        write_private(snapshot_path(data_dir, view.status.index), body)


def load_snapshot(data_dir: Path, index: str = DEFAULT_INDEX) -> PerformanceView | None:
    """Read the snapshot of an index; None when there is none that can be used."""
    try:
        found = json.loads(snapshot_path(data_dir, index).read_text(encoding="utf-8"))
        return _performance(found["performance"]) if found.get("format") == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _fields(view: IndexStatus | PerformanceView) -> dict[str, Any]:
    return {field.name: getattr(view, field.name) for field in fields(view)}


def _performance(raw: dict[str, Any]) -> PerformanceView:
    status = dict(raw["status"])
    for key in ("session", "first_session", "last_session"):
        status[key] = date.fromisoformat(status[key])
    if status.get("backfilled_before"):
        status["backfilled_before"] = date.fromisoformat(status["backfilled_before"])
    return PerformanceView(
        status=IndexStatus(**status),
        sessions=tuple(date.fromisoformat(text) for text in raw["sessions"]),
        level_pr=tuple(raw["level_pr"]),
        level_tr=tuple(raw["level_tr"]),
        return_pr=tuple(raw["return_pr"]),
        return_tr=tuple(raw["return_tr"]),
        members=tuple(raw["members"]),
        priced=tuple(raw["priced"]),
        turnover=tuple(raw["turnover"]),
        benchmarks={symbol: tuple(closes) for symbol, closes in raw["benchmarks"].items()},
        cost_bps=raw["cost_bps"],
        net_pr=tuple(raw["net_pr"]),
        net_tr=tuple(raw["net_tr"]),
    )
