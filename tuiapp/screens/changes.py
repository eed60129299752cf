"""Changes: who came and who went, day by day or between two dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from engine.views.types import ChangesView
from tuiapp import dates, keys
from tuiapp import format as text
from tuiapp.market import Market
from tuiapp.messages import Say, ShowName
from tuiapp.screens.backfill import marked
from tuiapp.screens.change_columns import Row, columns, searched
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.line import LineWidget, Part, width_of
from tuiapp.widgets.prompt import Wanted
from tuiapp.widgets.row_table import Group, RowTable

if TYPE_CHECKING:
    from engine.views.explanation import Subject
    from tuiapp.screens.exporting.request import ExportRequest

MONTH: Final = 7
DAY: Final = 10
DAY_BY_DAY: Final = "every change day by day, not only what is left of them"
WORDS: Final = 23
"""Cells for the greatest count of a timeline, in words."""


class Changes(TableScreen):
    """The list of changes, with a summary and a timeline."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.CHANGES, keys.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.CHANGES)]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self._summary = Summary()
        self._table: RowTable[Row] = RowTable(
            columns(compared=False, pins=market.pins), lambda r: (r.session, r.kind, r.ticker), searched, holds_top=True
        )
        self._view: ChangesView | None = None
        self._other: date | None = None

    @property
    def table(self) -> RowTable[Row]:
        """The changes."""
        return self._table

    def body(self) -> ComposeResult:
        """Summary, timeline and list."""
        yield self._summary
        yield self._table

    def follow_market(self) -> None:
        """Ask for the changes up to the as-of session, or between it and the other date."""
        if self._other is not None and self._other < self._market.history.sessions[0]:
            self._other = None
        session, other = self._market.session, self._other
        drawn = self._view is not None
        self._summary.wait(f" {f'Comparing {other} →' if other else 'Changes up to'} {session} …")
        if other is None:
            self.ask_first("changes", lambda engine: engine.changes(None, session), drawn=drawn)
        else:
            self.ask_first("changes", lambda engine: engine.compare(other, session), drawn=drawn)

    def answered(self, answer: Any) -> None:
        """Draw the changes, newest first."""
        self._view = view = answer
        self._summary.show(view)
        self._table.take_columns(columns(compared=view.compared, pins=self._market.pins))
        newest_first = sorted(view.rows, key=lambda row: row.session, reverse=True)
        self._table.say_when_empty(_why_none(view))
        self._table.show([Group(newest_first)])

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The numbers of the change under the cursor."""
        from tuiapp.screens.change_columns import of_change, of_comparison

        row, view = self._table.current, self._view
        if row is None or view is None:
            return ()
        if not view.compared:
            return of_change(row)
        sessions = self._market.history.sessions
        return of_comparison(row, next(session for session in sessions if session > view.first))

    @property
    def company(self) -> str:
        """Ticker of the company under the cursor."""
        row = self._table.current
        return row.ticker if row is not None else ""

    def pins_changed(self) -> None:
        """Draw the marks again."""
        self._table.refresh()

    def action_open(self) -> None:
        """Everything about the company under the cursor."""
        if self.company:
            self.post_message(ShowName(self.company))
        else:
            self.post_message(Say("There is no company at the cursor", "warn"))

    def export_request(self) -> ExportRequest:
        """The changes day by day, of the sessions that are compared where that is what is shown."""
        from tuiapp.screens.exporting.request import of_view

        sheets, session = ("composition_changes",), self._market.session
        if self._other is None:
            return of_view(sheets, f"the changes up to {session}", None, session, about="changes")
        early, late = sorted((self._other, session))
        sessions = self._market.history.sessions
        between = [day for day in sessions if early < day <= late]
        first, last = (between[0], between[-1]) if between else (session, session)
        what = f"the changes day by day, {first} … {last}"
        return of_view(sheets, what, first, last, about=f"changes-since-{early}", remark=DAY_BY_DAY)

    # -- what is remembered and taken back

    def state(self) -> dict[str, Any]:
        """The table, and the date that is compared with."""
        return {**super().state(), "other": self._other.isoformat() if self._other else ""}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at it like that again."""
        super().restore(state)
        other = text.typed_date(str(state.get("other") or ""))
        if other != self._other:
            self._other = other
            self._mark = -1
            if self.is_mounted and self._market.known and not self.has_notice:
                self.follow(None)

    # -- comparing

    def wanted(self, purpose: str) -> Wanted | None:
        """The date to compare with, or the text to filter by."""
        if purpose != "compare":
            return super().wanted(purpose)
        label = f"compare {text.iso(self._market.session)} with:" if self._market.known else "compare with:"
        return Wanted("compare", label, text.iso(self._other) if self._other else "")

    def typed(self, purpose: str, typed: str) -> None:
        """Compare with the date that was typed; an empty one ends it."""
        super().typed(purpose, typed)
        if purpose == "compare":
            self._compare_with(typed)

    def _compare_with(self, typed: str) -> None:
        other = dates.meant(typed, self._market.history.sessions, self._market.session)
        if other is not None and other < self._market.history.sessions[0]:
            first = text.iso(self._market.history.sessions[0])
            self.post_message(Say(f"The index begins on {first}", "warn"))
        else:
            self._other = other
            self.post_message(Say(""))
            self.follow_market()

    def step_back(self) -> bool:
        """Take back the filter, then the comparison."""
        if super().step_back():
            return True
        if self._other is None:
            return False
        self._other = None
        self.follow_market()
        return True


def _why_none(view: ChangesView) -> str:
    """Why there is no change, and the next key."""
    if view.compared:
        return f"The same members. {keys.shown('changes.compare')} compares with another date"
    return f"No changes up to here. {keys.shown('session.latest')} goes to the latest session"


class Summary(LineWidget):
    """How many came and went, how much was traded, and when."""

    def __init__(self) -> None:
        super().__init__(classes="summary")
        self._view: ChangesView | None = None
        self._awaited = ""

    def show(self, view: ChangesView) -> None:
        """Show the sums of a view."""
        self._view, self._awaited = view, ""
        self.refresh()

    def wait(self, awaited: str) -> None:
        """Say what is awaited, and that the rows below are still those of the view before."""
        self._awaited = awaited
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """Sums, then how many changed over time."""
        if self._view is None:
            return []
        if self._awaited:
            before = f"the rows below are still those of {self._view.first} → {self._view.last}"
            return [[(self._awaited, "accent")], [(f" {before}", "warn")]]
        return [self._sums(self._view), self._timeline(self._view)]

    def _sums(self, view: ChangesView) -> list[Part]:
        kinds = Counter(row.kind for row in view.rows)
        decimals = 0 if view.turnover >= text.TENFOLD else 1
        parts: list[Part] = [
            (f"{text.iso(view.first)} → {text.iso(view.last)}", "accent" if view.compared else "muted"),
            (f"  ▲ {kinds['added']:,} in", "gain"),
            (f"  ▼ {kinds['removed']:,} out", "loss"),
            (f"  turnover {text.percent(view.turnover, decimals, signed=False)} in all", ""),
        ]
        titles = (" Compared ",) if view.compared else (" Day by day ", " Daily ")
        fitting = (title for title in titles if len(title) + width_of(parts) <= self.size.width)
        line: list[Part] = [(next(fitting, titles[0]), "strong"), *parts]
        return marked(line, view.status, view.first, self.size.width)

    def _timeline(self, view: ChangesView) -> list[Part]:
        unit, buckets = _buckets(view, self.size.width)
        if len(buckets) < 2:
            return []
        # A zero at the head keeps the scale from beginning at the least count.
        line = text.spark([0.0, *map(float, buckets.values())], len(buckets) + 1)[1:]
        first, *_, last = buckets
        most = f" at most {max(buckets.values()):,} a {unit}"
        return [(f" {first} ", "muted"), (line, "gain"), (f" {last} {most}", "muted")]


def _buckets(view: ChangesView, width: int) -> tuple[str, dict[str, int]]:
    """Changes by session, or by month where that is too many; the latest ones that have room."""
    by_month = len(view.counts) > width - 2 * DAY - WORDS
    size = MONTH if by_month else DAY
    buckets: dict[str, int] = {}
    for session, added, removed in view.counts:
        key = session.isoformat()[:size]
        buckets[key] = buckets.get(key, 0) + added + removed
    return "month" if by_month else "session", dict(list(buckets.items())[-max(2, width - 2 * size - WORDS) :])
