"""Whether all is well with a store and with what is fetched into it, the worst first."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine import calendar
from engine.errors import SettingsError, StoreError
from engine.fetching.asks import BENCHMARK, FAILED, FX, PRICES
from engine.fetchwork.ending import through_of
from engine.fetchwork.moment import Moment
from engine.fetchwork.source import CACHE
from engine.fetchwork.universe import listing, names_wanted
from engine.reports import Check, FetchFailure
from engine.settings import Settings
from engine.store.fetching import failures, freshness, read_fetch_state, stored
from engine.views.coverage import coverage_view

if TYPE_CHECKING:
    from engine.fetching.state import FetchState
    from engine.store.database import Database, Session

BAD, WARN, GOOD = "bad", "warn", "good"
WORST_FIRST: Final = (BAD, WARN, GOOD)
FAR_BEHIND: Final = 5
"""More sessions behind than this are bad, for data that are fetched."""

MEGABYTE: Final = 1_000_000
LITTLE_BYTES: Final = 1_000 * MEGABYTE
TOO_LITTLE_BYTES: Final = 100 * MEGABYTE
TIMEOUT_S: Final = 10.0

UPDATE: Final = "flatcap update fetches what is missing"
IMPORT: Final = "flatcap import PATH takes in newer files"
FINDINGS: Final = "flatcap show coverage --findings"


def diagnose(
    database: Database, settings: Settings, clock: Callable[[], datetime], *, online: bool = False
) -> tuple[Check, ...]:
    """Look at the store, at what was fetched, at the disk and, if asked, at each host of the vendor.

    Raises:
        SettingsError: If the vendor is to be asked where nothing is fetched.
    """
    if online and settings.provider != "yahoo":
        raise SettingsError(
            f"With provider {settings.provider} nobody is asked: nothing is fetched.",
            hint="leave out --online, or choose --provider yahoo",
        )
    now = clock()
    found = [*_of_store(database, settings, now), _disk(database.folder)]
    if online:
        from engine.providers.yahoo_check import check_hosts

        found += check_hosts(database.folder / CACHE, TIMEOUT_S)
    return tuple(sorted(found, key=lambda check: WORST_FIRST.index(check.state)))


def _of_store(database: Database, settings: Settings, now: datetime) -> Iterator[Check]:
    try:
        if not database.exists():
            yield Check("store", WARN, f"There are no data in {database.folder} yet.", UPDATE)
            return
        checks = database.read(lambda session: list(_of_data(session, settings, now)))
    except StoreError as error:
        yield Check("store", BAD, error.message, error.hint)
        return
    size = database.path.stat().st_size / MEGABYTE
    yield Check("store", GOOD, f"{database.path} can be read: {size:,.1f} MB.")
    yield from checks


def _of_data(session: Session, settings: Settings, now: datetime) -> Iterator[Check]:
    synthetic = bool(session.rows("reads/origin")[0][1])
    last = session.rows("build/span")[0][1]
    yield _last_session(last, settings, now, synthetic)
    yield _index(session, settings, last)
    yield _findings(session, settings)
    if settings.provider == "yahoo" and not synthetic:
        yield _last_fetch(session)
        yield _failing(session)
        yield _incomplete(session, settings, now)


def _last_session(last: date | None, settings: Settings, now: datetime, synthetic: bool) -> Check:
    """How far the prices reach."""
    hint = UPDATE if settings.provider == "yahoo" else IMPORT
    if last is None:
        return Check("prices", WARN, "There are no prices in the store.", hint)
    behind = calendar.sessions_behind(last, now)
    if synthetic or not behind:
        return Check("prices", GOOD, f"The last session is {last}" + (", of a synthetic market." if synthetic else "."))
    text = f"The last session is {last}: {_counted(behind, 'session')} behind."
    return Check("prices", BAD if behind > FAR_BEHIND and settings.provider == "yahoo" else WARN, text, hint)


def _index(session: Session, settings: Settings, last: date | None) -> Check:
    """Whether the index was built from all that is stored, and goes as far."""
    name = {"index_name": settings.index}
    record = session.row("build/record", name)
    published = session.rows("reads/totals", name)[0][1] if record else None
    if record is None or published is None or last is None:
        return Check("index", WARN, f"The index {settings.index} has not been built yet.", "flatcap build")
    if session.rows("build/dirty", {"ingest_id": record[1]})[0][0] is not None:
        return Check("index", WARN, f"Data came in after the index {settings.index} was built.", "flatcap build")
    if published < last:
        text = f"The index ends at {published}: too few prices are known of later sessions."
        return Check("index", WARN, text, "flatcap show coverage says which are missing")
    return Check("index", GOOD, f"The index {settings.index} goes to {published}.")


def _last_fetch(session: Session) -> Check:
    fresh_at, through = freshness(session)
    if fresh_at is None:
        names, last = stored(session)
        there = f"; prices of {_counted(names, 'name')} to {last} are stored" if names else ""
        return Check("fetch", WARN, f"No fetch has ended well yet{there}.", UPDATE)
    if through is None:
        return Check("fetch", WARN, "No fetch has brought prices yet.", UPDATE)
    text = f"The last good fetch was at {fresh_at:%Y-%m-%d %H:%M} UTC, with prices up to {through}."
    return Check("fetch", GOOD, text)


def _failing(session: Session) -> Check:
    found = failures(session)
    if not found:
        return Check("failures", GOOD, "Every name was answered when it was last asked for.")
    whole = [f"{one.what} failed ({one.reason})" for one in found if not one.symbol]
    text = "; ".join([*whole, *_failed_symbols([one for one in found if one.symbol])])
    hint = "what failed is asked for again by the next flatcap update"
    return Check("failures", WARN, f"When last asked for, {text}.", hint)


def _failed_symbols(found: Sequence[FetchFailure]) -> Iterator[str]:
    symbols = sorted({one.symbol for one in found})
    noun = "symbol" if any(one.kind in (BENCHMARK, FX) for one in found) else "name"
    if symbols:
        yield f"{_counted(len(symbols), noun)} failed: {listing(symbols)}"


def _incomplete(session: Session, settings: Settings, now: datetime) -> Check:
    """Names of the universe that end before the others, and whether a fetch can change that."""
    state = read_fetch_state(session, settings.index, Moment(now).today)
    through = through_of(state, settings.universe_size)
    wanted = names_wanted(state.universe, settings.universe_size)
    if not wanted or through is None:
        return Check("names", WARN, "The names of the universe are not known yet.", UPDATE)
    short = [name for name in wanted if name not in state.prices or state.prices[name].last < through]
    missing = [name for name in short if not _was_answered(state, name, through)]
    if missing:
        text = f"{len(missing)} of {len(wanted)} names of the universe do not reach {through}: {listing(missing)}."
        return Check("names", WARN, text, UPDATE)
    if short:
        text = f"{len(wanted) - len(short)} of {len(wanted)} names of the universe reach {through}"
        return Check("names", GOOD, f"{text}; Yahoo has no price of that session for {listing(short)}.")
    return Check("names", GOOD, f"All {len(wanted)} names of the universe reach {through}.")


def _was_answered(state: FetchState, name: str, session: date) -> bool:
    """Whether the vendor has told since the close of a session which prices it has of a name."""
    asked = state.asked.get((PRICES, name))
    closed = calendar.close_time(session).astimezone(UTC).replace(tzinfo=None)
    return asked is not None and asked.outcome != FAILED and asked.asked_at >= closed


def _findings(session: Session, settings: Settings) -> Check:
    """Whether anything was found in the data that makes levels wrong, or missing."""
    found = coverage_view(session, settings.index, settings.domicile).findings
    high = [one for one in found if one.severity == "high"]
    if not high:
        return Check("findings", GOOD, "Nothing of high severity was found in the data.")
    worst = " ".join(filter(None, (high[0].kind, high[0].ticker, str(high[0].first or ""))))
    text = f"{_counted(len(high), 'finding')} of high severity, the latest {worst}: {high[0].detail}."
    return Check("findings", WARN, text, FINDINGS)


def _disk(folder: Path) -> Check:
    """Room for the store to grow; a folder that is not there yet is judged by the one above it."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    state = BAD if free < TOO_LITTLE_BYTES else WARN if free < LITTLE_BYTES else GOOD
    hint = "" if state == GOOD else "make room, or choose another folder with --data-dir"
    return Check("disk", state, f"{free / MEGABYTE:,.0f} MB are free in {there}.", hint)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
