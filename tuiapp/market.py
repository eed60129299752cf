"""The one as-of session that all screens agree on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date

from engine.views.status import IndexStatus, PerformanceView
from tuiapp.pins import Pins


class Market:
    """History as far as it is known, and the session that is looked at.

    ``mark`` grows with every change, so that a screen knows whether what it shows is still what is asked for.
    ``pins``: the companies that a person keeps an eye on.
    """

    def __init__(self, history: PerformanceView | None = None) -> None:
        self.mark = 0
        self.pins = Pins()
        self._history: PerformanceView | None = None
        self._place: int | None = None
        self._wanted: date | None = None
        if history is not None:
            self.take(history)

    @property
    def history(self) -> PerformanceView:
        """Levels and returns of all sessions."""
        assert self._history is not None, "nothing is drawn before there is a history"
        return self._history

    @property
    def known(self) -> bool:
        """Whether there is a history at all."""
        return self._history is not None

    @property
    def place(self) -> int:
        """Number of the as-of session in the history."""
        return self.last if self._place is None else self._place

    @property
    def last(self) -> int:
        """Number of the last session."""
        return len(self.history.sessions) - 1

    @property
    def session(self) -> date:
        """The as-of session."""
        return self.history.sessions[self.place]

    @property
    def chosen(self) -> date | None:
        """The as-of session if one was chosen, None while it is the latest, whichever that is."""
        return None if self._place is None else self.session

    @property
    def before_latest(self) -> int:
        """Sessions between the as-of session and the last one."""
        return self.last - self.place

    @property
    def status(self) -> IndexStatus:
        """The header at the as-of session."""
        view, at = self.history, self.place
        return replace(
            view.status,
            session=view.sessions[at],
            level_pr=view.level_pr[at],
            level_tr=view.level_tr[at],
            return_pr=view.return_pr[at],
            return_tr=view.return_tr[at],
            members=view.members[at],
            priced=view.priced[at],
            held=view.members[at - 1] if at else 0,
        )

    def take(self, history: PerformanceView) -> bool:
        """A new history, at the same date if one was chosen; False if it says nothing new."""
        if self._history == history:
            return False
        chosen = self._wanted if self._place is None else self.session
        self._history, self._place, self._wanted = history, None, None
        self.mark += 1
        if chosen is not None:
            self.go(chosen)
        return True

    def drop(self) -> None:
        """There is no history any more."""
        self._history, self._place = None, None
        self.mark += 1

    def turn_to(self, history: PerformanceView | None, chosen: date | None) -> None:
        """Another index, as far as its history is known: at this date, or as soon as there is a history."""
        self.drop()
        self._wanted = chosen
        if history is not None:
            self.take(history)

    @property
    def wanted(self) -> date | None:
        """The date to be looked at, None for the latest: without a history the one that there will be asked for."""
        return self.chosen if self.known else self._wanted

    def walk(self, steps: int) -> bool:
        """Some sessions forward or back, not beyond the ends; False when nothing moved."""
        return self._stand(max(0, min(self.last, self.place + steps)))

    def go(self, day: date) -> bool:
        """The last session on or before a day, or the first one of all; False when nothing moved."""
        return self._stand(max(0, bisect_right(self.history.sessions, day) - 1))

    def _stand(self, place: int) -> bool:
        if place == self.place:
            return False
        self._place = None if place == self.last else place
        self.mark += 1
        return True
