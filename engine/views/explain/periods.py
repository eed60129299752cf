"""A period and one company in it: the sessions that a contribution is linked from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import fsum
from typing import Any, Final

from engine.store.database import Session
from engine.views.analysis import ContributionView
from engine.views.assembly import Reader
from engine.views.contributions import contribution_view
from engine.views.explain.ground import Ground, Listing
from engine.views.explain.metrics import start_of
from engine.views.explain.parts import Asked, amount, as_series, number

DAY: Final = ("", "day", "1D")
"""Names of the shortest period: the session itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """One session into which a company was held: its weight, how that is made up, its return, and the level before."""

    session: date
    weight: float
    share: str
    gained: float
    level: float

    def linked(self, base: float) -> float:
        """What it added, by the level that the period starts from."""
        return self.weight * self.gained * self.level / base


class Period:
    """A period: where it starts, and how many sessions it has.

    Args:
        session: An open session of the store.
        asked: What is asked.
    """

    def __init__(self, session: Session, asked: Asked) -> None:
        self.ground = Ground(session, asked.index)
        self.question = asked.at(Reader(session, asked.index).status(asked.subject.session))
        self.total = asked.subject.series.upper() == "TR"
        self.last = self.question.session
        self._session = session
        start = self._start()
        found = self.ground.rows("reads/period_base", start=start, last=self.last)[0]
        self.first, self._ordinal, level_pr, level_tr = found
        self.base: float = level_tr if self.total else level_pr

    def _start(self) -> date:
        """First session whose return counts."""
        subject = self.question.subject
        if subject.start is not None or subject.period in DAY:
            return subject.start or self.last
        sessions = self.ground.sessions(self.last)
        place, _ = start_of(sessions, subject.period, None)
        return sessions[min(place + 1, len(sessions) - 1)]

    @cached_property
    def sessions(self) -> int:
        """Published sessions with a return in the period."""
        return self.ground.published(self.last)[0].ordinal - int(self._ordinal)

    @cached_property
    def view(self) -> ContributionView:
        """Contributions of all companies: asked for only where they are needed, because there are so many."""
        index, status = self.question.index, self.question.status
        begin = self.first + timedelta(days=1)
        return contribution_view(self._session, index, status, begin, "TR" if self.total else "PR")

    def named(self, label: str) -> str:
        """A number of the period in words."""
        return f"{label}, {as_series(self.question.subject.series)}, from {self.first}"


class Part:
    """One company in a period.

    Args:
        period: The period.
        listing: The listing.
        ticker: Its ticker at the end of its time in the period.
        steps: Sessions into which it was held.
    """

    def __init__(self, period: Period, listing: Listing, ticker: str, steps: list[Step]) -> None:
        self.period, self.listing, self.ticker, self.steps = period, listing, ticker, steps

    @property
    def contribution(self) -> float:
        """What it added."""
        return fsum(step.linked(self.period.base) for step in self.steps)

    @cached_property
    def cap_steps(self) -> list[Step]:
        """The same sessions with its weight by market cap, and the level of the index that is weighted so."""
        return [_cap_step(*values) for values in _rows(self.period, "reads/explain_cap_steps", self.listing)]

    @property
    def cap_contribution(self) -> float:
        """What it would have added with those weights."""
        return fsum(step.linked(1.0) for step in self.cap_steps)

    def named(self, label: str) -> str:
        """The number in words."""
        return self.period.named(f"{label} of {self.ticker}")


def parts_of(period: Period) -> list[Part]:
    """The companies held in the period that went by the ticker asked about, the one that added most first.

    There is more than one where a ticker has been used again.
    """
    symbol = period.question.ticker
    found = []
    for listing in period.ground.listings(symbol, period.last) if symbol else ():
        steps = [_step(*values) for values in _rows(period, "reads/explain_steps", listing)]
        if steps:
            found.append(Part(period, listing, listing.name_on(steps[-1].session) or symbol, steps))
    return sorted(found, key=lambda part: (part.ticker != symbol, -part.contribution))


def _step(session: date, share: float, gained: float, level: float) -> Step:
    return Step(session, share, number(share), gained, level)


def _cap_step(session: date, cap: float, total: float, gained: float, level: float) -> Step:
    return Step(session, cap / total if total else 0.0, f"{amount(cap)} / {amount(total)}", gained, level)


def _rows(period: Period, name: str, listing: Listing) -> list[tuple[Any, ...]]:
    values = {"first": period.first, "last": period.last, "total": period.total}
    return period.ground.rows(name, listing_id=listing.number, **values)
