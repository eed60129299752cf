"""What a plan costs, in requests and seconds, stage by stage and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.fetching.asks import BENCHMARK, FX, PRICES, PROFILE, SCREEN, SECTORS, SHARES, Ask, Job
from engine.reports import PlanLine
from engine.settings import Settings

PAGE: Final = 250
"""Names that one request of a screen gives at most."""

SECTOR_SCREENS: Final = 11
"""Sectors of the vendor, each with a screen of its own."""

BATCH: Final = 25
BREATH: Final = 3.0
"""After each batch of so many requests nobody asks for the time of so many."""

ANSWER_SECONDS: Final = 0.25
"""How long one answer takes, where no pace is set."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Names that the plan has to reckon with before the first screen, each wanted from ``since`` on."""

    names: int
    since: date


def lines_of(
    jobs: Sequence[Job], settings: Settings, *, screen: bool, sectors: int, unknown: Unknown | None
) -> tuple[PlanLine, ...]:
    """The stages of a plan in their order; stages without a request are left out.

    Args:
        jobs: Everything but the screen.
        settings: What a person has set.
        screen: Whether the universe is asked for.
        sectors: Names of which no sector is known.
        unknown: Names that only the screen will tell, None when they are known.
    """
    asks = [ask for job in jobs for ask in job.asks]
    by_kind = {kind: [ask for ask in asks if ask.kind == kind] for kind in {ask.kind for ask in asks}}
    found = [
        PlanLine(SCREEN, 0, math.ceil(settings.universe_size / PAGE) if screen else 0, _universe(settings)),
        _stocks(PRICES, by_kind.get(PRICES, ()), unknown),
        _stocks(SHARES, by_kind.get(SHARES, ()), unknown),
        _symbols(BENCHMARK, by_kind.get(BENCHMARK, ()), "benchmarks"),
        _symbols(FX, by_kind.get(FX, ()), "currency pairs"),
        PlanLine(SECTORS, sectors, SECTOR_SCREENS if SECTORS in by_kind else 0, "sectors, one screen for each"),
        _plain(PROFILE, by_kind.get(PROFILE, ()), "countries of companies"),
    ]
    return tuple(line for line in found if line.requests)


def seconds_for(requests: int, settings: Settings) -> float:
    """How long requests take at the pace that is set, with the breath after each batch."""
    answers = requests * ANSWER_SECONDS / settings.workers
    if not settings.requests_per_second:
        return answers
    return max(answers, (requests + requests // BATCH * BREATH) / settings.requests_per_second)


def _universe(settings: Settings) -> str:
    return f"the universe: the {settings.universe_size:,} largest names"


def _stocks(kind: str, asks: Sequence[Ask], unknown: Unknown | None) -> PlanLine:
    """Prices or shares; before the first screen for as many names as it will give."""
    if unknown is None:
        return _plain(kind, asks, _since(kind, asks))
    names = max(unknown.names, len(asks))
    return PlanLine(kind, names, names, f"{kind} since {unknown.since}")


def _since(kind: str, asks: Iterable[Ask]) -> str:
    """From when on, and of how many names where that differs much: whole histories, and last sessions."""
    days = sorted(ask.since for ask in asks if ask.since)
    if not days:
        return kind
    if days[0] == days[-1]:
        return f"{kind} since {days[0]}"
    whole = days.count(days[0])
    return f"{kind} since {days[0]} of {whole:,}, the last sessions of {len(days) - whole:,}"


def _symbols(kind: str, asks: Sequence[Ask], text: str) -> PlanLine:
    return _plain(kind, asks, f"{text}: {', '.join(ask.symbol.removesuffix('=X') for ask in asks)}")


def _plain(kind: str, asks: Sequence[Ask], text: str) -> PlanLine:
    return PlanLine(kind, len(asks), len(asks), text)
