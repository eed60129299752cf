"""What has to be asked: the largest names first, nothing that is complete, at most one question a name and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from engine import calendar
from engine.fetching.asks import (
    BENCHMARK,
    DONE,
    EMPTY,
    FAILED,
    FX,
    GONE,
    PRICES,
    PROFILE,
    SCREEN,
    SECTORS,
    SHARES,
    Ask,
    Job,
)
from engine.fetching.budget import Unknown, lines_of, seconds_for
from engine.fetching.state import Asked, FetchState, Held, Listed
from engine.reports import FetchPlan, FetchRequest
from engine.settings import Settings

READ_AGAIN: Final = 10
"""Stored sessions that are read again, and compared, with every question for prices."""

FIRST_NAMES: Final = 20
"""Names beyond the size of the index that come before the benchmarks: with them there is an index to look at."""

SHARES_AGE: Final = timedelta(days=30)
SHARES_AT_ONCE: Final = 25
"""Reports of shares are asked for again at this age, of so many names at most in one fetch."""

SECTORS_AGE: Final = timedelta(days=7)
PROFILE_AGE: Final = timedelta(days=30)

PAIR_SUFFIX: Final = "=X"
"""How the vendor writes a pair: ``EURUSD=X``."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan for people, and the jobs that carry it out.

    Attributes:
        plan: Its numbers, the screen included where one is due.
        jobs: Everything but the screen, in the order to be asked.
    """

    plan: FetchPlan
    jobs: tuple[Job, ...]


def screens(state: FetchState, settings: Settings, now: datetime, request: FetchRequest) -> tuple[Job, ...]:
    """The screen of the universe, unless it was answered after the last close with quotes of that session."""
    return (Job("", (Ask(SCREEN),)),) if _Desk(state, settings, now, request).screen_is_due() else ()


def make_plan(state: FetchState, settings: Settings, now: datetime, request: FetchRequest) -> Planned:
    """What a fetch would ask for, and its jobs without the screen.

    Args:
        state: What the store knows.
        settings: What a person has set.
        now: The present, aware of its zone.
        request: What a person asks for.
    """
    desk = _Desk(state, settings, now, request)
    jobs = desk.jobs()
    unknown = Unknown(settings.universe_size, desk.wanted) if desk.is_estimate else None
    lines = lines_of(jobs, settings, screen=desk.screen_is_due(), sectors=desk.without_sector(), unknown=unknown)
    requests = sum(line.requests for line in lines)
    plan = FetchPlan(
        provider=settings.provider,
        lines=lines,
        requests=requests,
        seconds=seconds_for(requests, settings),
        since=desk.wanted,
        through=desk.final,
        complete=len(desk.complete),
        dead=len(desk.dead),
        estimated=desk.is_estimate,
    )
    return Planned(plan, jobs)


def wanted_day(settings: Settings, now: datetime, request: FetchRequest) -> date:
    """The first day of the history that is wanted."""
    return request.since or _years_before(_new_york_day(now), settings.history_years)


class _Desk:
    """One plan while it is made."""

    def __init__(self, state: FetchState, settings: Settings, now: datetime, request: FetchRequest) -> None:
        self._state = state
        self._settings = settings
        self._full = request.full
        self._symbols = tuple(dict.fromkeys(filter(None, map(_as_written, request.symbols))))
        self._now = now.astimezone(UTC).replace(tzinfo=None)
        self._today = _new_york_day(now)
        self._listed = {one.symbol: one for one in state.universe}
        self.final = calendar.last_closed_session(now)
        self.wanted = wanted_day(settings, now, request)
        self._closed_at = calendar.close_time(self.final).astimezone(UTC).replace(tzinfo=None)
        self.is_estimate = not state.universe and not self._symbols
        self.complete: set[str] = set()
        self.dead: set[str] = set()

    def screen_is_due(self) -> bool:
        """Whether the universe has to be asked for."""
        if self._symbols:
            return False
        asked = self._state.asked.get((SCREEN, ""))
        known = self._state.snapshot is not None and self._state.snapshot >= self.final
        return self._full or not (known and asked and self._answered_since_the_close(asked))

    def jobs(self) -> tuple[Job, ...]:
        """Everything but the screen, what is useful first."""
        stocks = list(self._stock_jobs())
        first = self._settings.index_size + FIRST_NAMES
        benchmarks, pairs = self._series_jobs(BENCHMARK), self._series_jobs(FX)
        return (*stocks[:first], *benchmarks, *stocks[first:], *pairs, *self._sector_jobs(), *self._profile_jobs())

    def without_sector(self) -> int:
        """Names of the universe of which no sector is known."""
        return len(set(self._state.without_sector) & set(self._universe()))

    # -- names

    def _names(self) -> list[str]:
        """Stocks that are followed, the largest first."""
        if self._symbols:
            return [symbol for symbol in self._symbols if self._kind(symbol) == PRICES]
        wanted = self._universe()
        known = set(wanted)
        return wanted + sorted((name for name in self._followed() if name not in known), key=self._by_cap)

    def _universe(self) -> list[str]:
        """Common stock of the latest snapshot with a market cap."""
        listed = [one for one in self._state.universe if one.common and one.market_cap_usd is not None]
        return sorted((one.symbol for one in listed), key=self._by_cap)[: self._settings.universe_size]

    def _followed(self) -> Iterator[str]:
        """Names that are tracked: of those that are not listed any more, none of which is known what became of it."""
        over = self._state.renamed | self._state.delisted
        for symbol in dict.fromkeys(self._state.tracked):
            listed = self._listed.get(symbol)
            if listed.common if listed else symbol not in over:
                yield symbol

    def _by_cap(self, symbol: str) -> tuple[float, str]:
        listed = self._listed.get(symbol)
        return -(listed.market_cap_usd or 0.0) if listed else 0.0, symbol

    def _kind(self, symbol: str) -> str:
        """What a symbol given by a person is: by the settings and the store, or else by its form."""
        pair = _pair(symbol)
        if symbol in self._settings.benchmarks or symbol in self._state.benchmarks or symbol.startswith("^"):
            return BENCHMARK
        if pair in self._settings.fx_pairs or pair in self._state.fx or symbol.endswith(PAIR_SUFFIX):
            return FX
        return PRICES

    # -- jobs

    def _stock_jobs(self) -> Iterator[Job]:
        names = self._names()
        shares = self._shares_due(names)
        for name in names:
            if self._is_dead(PRICES, name):
                self.dead.add(name)
                continue
            prices = self._range_ask(PRICES, name, self._state.prices.get(name))
            reports = Ask(SHARES, name, self.wanted) if name in shares else None
            asks = tuple(ask for ask in (prices, reports) if ask)
            if asks:
                yield Job(name, asks)
            else:
                self.complete.add(name)

    def _series_jobs(self, kind: str) -> Iterator[Job]:
        """Benchmarks, or pairs: those of the settings, or those that were named."""
        settings = {BENCHMARK: self._settings.benchmarks, FX: self._settings.fx_pairs}[kind]
        named = tuple(symbol for symbol in self._symbols if self._kind(symbol) == kind)
        for symbol in named if self._symbols else settings:
            asked_as, held = symbol, self._state.benchmarks.get(symbol)
            if kind == FX:
                asked_as, held = _pair(symbol) + PAIR_SUFFIX, self._state.fx.get(_pair(symbol))
            ask = None if self._is_dead(kind, asked_as) else self._range_ask(kind, asked_as, held)
            if ask:
                yield Job(asked_as, (ask,))

    def _sector_jobs(self) -> Iterator[Job]:
        due = self._full or self._is_old(SECTORS, "", SECTORS_AGE)
        if not self._symbols and due and (self.without_sector() or self.is_estimate):
            yield Job("", (Ask(SECTORS),))

    def _profile_jobs(self) -> Iterator[Job]:
        """Where a company is at home: only an index of domestic companies needs to know."""
        if self._settings.domicile != "us" or self._symbols:
            return
        unknown = set(self._state.without_country)
        for name in self._names():
            if name in unknown and name not in self.dead and self._is_old(PROFILE, name, PROFILE_AGE):
                yield Job(name, (Ask(PROFILE, name),))

    # -- what is due

    def _range_ask(self, kind: str, symbol: str, held: Held | None) -> Ask | None:
        """The question for what is missing of a symbol; None when it is complete."""
        asked = self._state.asked.get((kind, symbol))
        if self._full or held is None or asked is None or self._is_short(asked):
            return Ask(kind, symbol, self.wanted)
        if held.last >= self.final and self._answered_since_the_close(asked):
            return None
        return Ask(kind, symbol, _read_again_from(held))

    def _shares_due(self, names: Iterable[str]) -> set[str]:
        """Names whose reports of shares are asked for: those without an answer, and the oldest answers."""
        due: set[str] = set()
        old: list[tuple[datetime, str]] = []
        for name in names:
            asked = self._state.asked.get((SHARES, name))
            if not _can_be_scaled(self._listed.get(name)):
                continue
            if self._full or asked is None or asked.outcome == FAILED or self._is_short(asked):
                due.add(name)
            elif self._now - asked.asked_at >= SHARES_AGE:
                old.append((asked.asked_at, name))
        return due.union(name for _, name in sorted(old, key=lambda one: one[0])[:SHARES_AT_ONCE])

    def _is_short(self, asked: Asked) -> bool:
        """Whether less history was asked for than is wanted; of a symbol that does not exist there is none."""
        return asked.outcome != GONE and (asked.since is None or asked.since > self.wanted)

    def _is_dead(self, kind: str, symbol: str) -> bool:
        """Whether the vendor has said today that there is nothing."""
        asked = self._state.asked.get((kind, symbol))
        return asked is not None and asked.outcome in (GONE, EMPTY) and _day_of(asked) == self._today

    def _is_old(self, kind: str, symbol: str, age: timedelta) -> bool:
        """Whether something without a range was never answered, or long ago."""
        asked = self._state.asked.get((kind, symbol))
        return asked is None or asked.outcome == FAILED or self._now - asked.asked_at >= age

    def _answered_since_the_close(self, asked: Asked) -> bool:
        return asked.outcome == DONE and asked.asked_at >= self._closed_at


def _can_be_scaled(listed: Listed | None) -> bool:
    """Whether a cap and a price are known: reports that nothing can be compared with may be of one class only."""
    return listed is not None and listed.common and bool(listed.market_cap_usd) and bool(listed.price)


def _read_again_from(held: Held) -> date:
    """The session so many before the last stored one, or the one before the earliest gap if that is earlier."""
    sessions = calendar.sessions_between(held.last - timedelta(days=3 * READ_AGAIN), held.last)
    before_gap = calendar.previous_session(held.gap - timedelta(days=1)) if held.gap else held.last
    return min(sessions[-READ_AGAIN - 1], before_gap)


def _as_written(symbol: str) -> str:
    """A symbol as the vendor writes it: ``BRK.B`` is ``BRK-B``."""
    return symbol.strip().upper().replace(".", "-")


def _pair(symbol: str) -> str:
    return symbol.removesuffix(PAIR_SUFFIX)


def _day_of(asked: Asked) -> date:
    return _new_york_day(asked.asked_at.replace(tzinfo=UTC))


def _new_york_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("America/New_York")).date()


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - years, day=28)
