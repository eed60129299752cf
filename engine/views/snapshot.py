"""The last view in a small JSON file, so that the app has data at its first paint without opening the store.

Only the standard library is used here: the app reads a snapshot before it imports DuckDB or Polars.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.private_file import write_private
from engine.small_file import read_small
from engine.views.status import IndexStatus, PerformanceView

DEFAULT_INDEX: Final = "top100"
FORMAT: Final = 1
LARGEST: Final = 16_000_000
"""Bytes of a snapshot; that of thirty years has a quarter of them."""

HUGE: Final = 1e300
"""Beyond all numbers of a snapshot, and not beyond those that can be computed with."""

SERIES: Final = ("level_pr", "level_tr", "members", "priced")
WITH_GAPS: Final = ("return_pr", "return_tr", "turnover")
NET: Final = ("net_pr", "net_tr")
DAYS: Final = ("session", "first_session", "last_session")
SINCE: Final = "backfilled_before"
WORDS: Final = ("index", "source", "outdated", "weighting", "clock")
MAY_LACK: Final = ("return_pr", "return_tr", "sessions_behind")
"""Fields of the header without a number at times."""


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
        found = json.loads(read_small(snapshot_path(data_dir, index), LARGEST))
        return _performance(found["performance"]) if found.get("format") == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _fields(view: IndexStatus | PerformanceView) -> dict[str, Any]:
    return {field.name: getattr(view, field.name) for field in fields(view)}


def _performance(raw: dict[str, Any]) -> PerformanceView:
    sessions = tuple(date.fromisoformat(text) for text in raw["sessions"])
    count = len(sessions)
    whole = {name: _numbers(raw[name], count) for name in SERIES}
    net = {name: _numbers(raw[name], count) if raw[name] else () for name in NET}
    gaps = {name: _numbers(raw[name], count, gaps=True) for name in WITH_GAPS}
    benchmarks = {symbol: _numbers(closes, count, gaps=True) for symbol, closes in raw["benchmarks"].items()}
    (cost,) = _numbers([raw["cost_bps"]], 1)
    return PerformanceView(
        status=_status(raw["status"]), sessions=sessions, benchmarks=benchmarks, cost_bps=cost, **whole, **gaps, **net
    )


def _status(raw: dict[str, Any]) -> IndexStatus:
    days: dict[str, Any] = {name: date.fromisoformat(raw[name]) for name in DAYS}
    before = raw.get(SINCE)
    words = {name: raw[name] for name in WORDS if name in raw}
    others = {name: value for name, value in raw.items() if name not in (*DAYS, *WORDS, SINCE)}
    if not all(isinstance(word, str) for word in words.values()):
        raise ValueError("a word is none")
    for name, value in others.items():
        _numbers([value], 1, gaps=name in MAY_LACK)
    days[SINCE] = date.fromisoformat(before) if before else None
    return IndexStatus(**days, **words, **others)


def _numbers(said: Sequence[Any], count: int, *, gaps: bool = False) -> tuple[Any, ...]:
    """Numbers as they are, one for each session."""
    if len(said) != count or not all(_is_number(each) or (gaps and each is None) for each in said):
        raise ValueError("these are not the numbers of all sessions")
    return tuple(said)


def _is_number(said: Any) -> bool:
    return isinstance(said, int | float) and abs(said) < HUGE
