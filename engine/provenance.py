"""Where an export comes from: everything that somebody needs to make the same numbers again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

from engine import __version__
from engine.export.content import Value
from engine.index.rules import METHODOLOGY_VERSION, Rules
from engine.settings import SETTINGS, Settings
from engine.store.database import Database
from engine.store.fetching import freshness
from engine.views.assembly import Reader
from engine.views.types import IndexStatus

CHANGE_NO_NUMBER: Final = frozenset(
    {
        "data_dir", "index", "indices", "requests_per_second", "workers", "cache_mb", "log_level",
        "theme", "mouse", "keymap", "wait_seconds", "copies",
    }
)  # fmt: skip
"""Settings that no number depends on; every other one is part of an export."""

OF_A_FETCH: Final = frozenset(
    {"provider", "universe_size", "min_cap_usd", "exchanges", "history_years", "benchmarks", "fx_pairs"}
)
"""Settings that say which data are fetched: no number of a store that was filled otherwise depends on them."""

_OUTDATED: Final = {
    "data": "built before the newest data came into the store",
    "settings": "built under other settings than those in force",
}

NOT_NARROWED: Final = "any"
"""A rule by which nothing is left out."""

Fact = tuple[str, Value]


def provenance(database: Database, settings: Settings, status: IndexStatus, sessions: Sequence[date]) -> Iterator[Fact]:
    """Versions, the index and its sessions, sources, decisions, and settings with their origins; no time of writing.

    Args:
        database: The store.
        settings: The settings in use.
        status: The header at the last session exported.
        sessions: The sessions exported.
    """
    yield "flatcap version", __version__
    yield "methodology version", METHODOLOGY_VERSION
    yield "index", status.index
    if settings.title:
        yield "title", settings.title
    yield "first session exported", sessions[0] if sessions else None
    yield "last session exported", sessions[-1] if sessions else None
    yield "sessions exported", len(sessions)
    yield "first session of the index", status.first_session
    yield "last session of the index", status.last_session
    if status.outdated:
        yield "state", _OUTDATED.get(status.outdated, status.outdated)
    yield from _sources(database)
    yield from _fetched(database, status, sessions)
    yield from _decided(database)
    yield from _ruled(database, settings)


def _sources(database: Database) -> Iterator[Fact]:
    for source, batches, new, changed, taken_at in database.read(lambda session: session.rows("reads/sources")):
        yield (
            f"source {source}",
            f"{batches} batches, {new} rows new, {changed} changed, last at {taken_at:%Y-%m-%d %H:%M:%S} UTC",
        )


def _fetched(database: Database, status: IndexStatus, sessions: Sequence[date]) -> Iterator[Fact]:
    """When data were last fetched, up to which session, and what of them is of names that were only listed later."""
    fresh_at, through = database.read(freshness)
    if fresh_at is not None:
        yield "last fetch", f"{fresh_at:%Y-%m-%d %H:%M:%S} UTC"
        yield "fetched up to", through
    before = status.backfilled_before
    if before is not None and sessions and sessions[0] < before:
        yield "back-filled before", before
        yield "back-filled means", "survivorship-biased: of companies that were listed then, not on the session itself"


def _decided(database: Database) -> Iterator[Fact]:
    """What a person has decided about the data: the price, the new ticker or the name, else that it is so."""
    for kind, ticker, day, price, text in database.read(lambda session: session.rows("reads/decisions")):
        about = " ".join(filter(None, ("decision", kind, ticker, str(day or ""))))
        yield about, text or ("yes" if price is None else price)


def _ruled(database: Database, settings: Settings) -> Iterator[Fact]:
    """The rules that the index was built under, and every setting in force that a number depends on."""
    stored = database.read(lambda session: Reader(session, settings.index).rules())
    # What changes nothing is not stored with a build.
    for name, value in {**asdict(Rules()), **stored}.items():
        if name != "methodology_version":
            yield f"rule {name}", value if isinstance(value, str | int | float) else _listed(value)
    idle = CHANGE_NO_NUMBER if database.read(freshness)[0] else CHANGE_NO_NUMBER | OF_A_FETCH
    for setting in SETTINGS:
        if setting.name not in idle:
            origin = settings.origins.get(setting.name, "default")
            yield f"setting {setting.name}", f"{_shown(getattr(settings, setting.name))} ({origin})"


def _listed(value: object) -> str:
    """A rule that narrows an index; empty where it does not."""
    return _shown(value) if value else NOT_NARROWED


def _shown(value: object) -> str:
    """A setting as a person would type it."""
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) or "none"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
