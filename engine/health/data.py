"""Whether the data are fresh, whole and taken into the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from engine import calendar
from engine.domain.words import counted
from engine.fetching.asks import BENCHMARK, FAILED, FX, PRICES
from engine.fetchwork.ending import through_of
from engine.fetchwork.moment import Moment
from engine.fetchwork.universe import listing, names_wanted
from engine.health.ground import BAD, GOOD, MORE, UPDATE, WARN, Ground
from engine.indices import names, of_index, rules_of
from engine.reports import Check, FetchFailure
from engine.settings import Settings
from engine.store.fetching import failures, freshness, read_fetch_state, stored
from engine.views.coverage import coverage_view

if TYPE_CHECKING:
    from engine.fetching.state import FetchState
    from engine.store.database import Session

FAR_BEHIND: Final = 5
"""More sessions behind than this are bad, for data that are fetched."""

FINDINGS: Final = "flatcap show coverage --findings"


def of_data(ground: Ground, session: Session) -> Iterator[Check]:
    """What is stored, how far it goes, and what became of it."""
    settings, now = ground.settings, ground.now
    synthetic = bool(session.rows("reads/origin")[0][1])
    last = session.rows("build/span")[0][1]
    yield _last_session(last, settings, now, synthetic)
    for name in dict.fromkeys((settings.index, *names(settings))):
        yield _index(session, name, settings, last)
    yield _findings(session, settings)
    if settings.provider == "yahoo" and not synthetic:
        yield _last_fetch(session)
        yield _failing(session)
        yield _incomplete(session, settings, now)


def _last_session(last: date | None, settings: Settings, now: datetime, synthetic: bool) -> Check:
    """How far the prices reach."""
    hint = MORE[settings.provider]
    if last is None:
        return Check("prices", WARN, "There are no prices in the store.", hint)
    behind = calendar.sessions_behind(last, now)
    if synthetic or not behind:
        return Check("prices", GOOD, f"The last session is {last}" + (", of a synthetic market." if synthetic else "."))
    text = f"The last session is {last}: {counted(behind, 'session')} behind."
    return Check("prices", BAD if behind > FAR_BEHIND and settings.provider == "yahoo" else WARN, text, hint)


def _index(session: Session, index: str, settings: Settings, last: date | None) -> Check:
    """Whether an index was built from all that is stored, and goes as far."""
    check, build = ("index", "flatcap build") if index == settings.index else (f"index {index}", _build_of(index))
    name = {"index_name": index}
    record = session.row("build/record", name)
    published = session.rows("reads/totals", name)[0][1] if record else None
    if record is None or published is None or last is None:
        return Check(check, WARN, f"The index {index} has not been built yet.", build)
    rules = rules_of(of_index(settings, index))
    if record[0] != rules.text():
        return Check(check, WARN, f"The index {index} was built with other settings than those in force.", build)
    batch = {"ingest_id": record[1], "sectors": bool(rules.sectors)}
    if session.rows("build/dirty", batch)[0][0] is not None:
        return Check(check, WARN, f"Data came in after the index {index} was built.", build)
    if published < last:
        text = f"The index {index} ends at {published}: too few prices are known of later sessions."
        return Check(check, WARN, text, "flatcap show coverage says which are missing")
    return Check(check, GOOD, f"The index {index} goes to {published}.")


def _build_of(index: str) -> str:
    return f"flatcap build builds every index, {index} too"


def _last_fetch(session: Session) -> Check:
    fresh_at, through = freshness(session)
    if fresh_at is None:
        names, last = stored(session)
        there = f"; prices of {counted(names, 'name')} to {last} are stored" if names else ""
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
        yield f"{counted(len(symbols), noun)} failed: {listing(symbols)}"


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
    found = coverage_view(session, settings.index, rules_of(settings)).findings
    high = [one for one in found if one.severity == "high"]
    if not high:
        return Check("findings", GOOD, "Nothing of high severity was found in the data.")
    worst = " ".join(filter(None, (high[0].kind, high[0].ticker, str(high[0].first or ""))))
    text = f"{counted(len(high), 'finding')} of high severity, the latest {worst}: {high[0].detail}."
    return Check("findings", WARN, text, FINDINGS)
