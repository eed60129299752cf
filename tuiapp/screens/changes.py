"""Changes: who came and who went, day by day or between two dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from engine.views.types import ChangesView
from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import Say
from tuiapp.screens.backfill import marked
from tuiapp.screens.change_columns import Row, columns, searched
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.line import LineWidget, Part, width_of
from tuiapp.widgets.prompt import Wanted
from tuiapp.widgets.row_table import Group, RowTable

if TYPE_CHECKING:
    from engine.views.explanation import Subject

AROUND_TIMELINE: Final = 52
HOW_TO_TYPE: Final = "A date is 2024-03-15, 2024-03 or 2024"


class Changes(TableScreen):
    """The list of changes, with a summary and a timeline."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.CHANGES, keys.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.CHANGES)]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self._summary = Summary()
        self._table: RowTable[Row] = RowTable(
            columns(compared=False), lambda r: (r.session, r.kind, r.ticker), searched, holds_top=True
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
        self._table.take_columns(columns(compared=view.compared))
        newest_first = sorted(view.rows, key=lambda row: row.session, reverse=True)
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

    # -- comparing

    def wanted(self, purpose: str) -> Wanted | None:
        """The date to compare with, or the text to filter by."""
        if purpose != "compare":
            return super().wanted(purpose)
        label = f"compare {text.iso(self._market.session)} with:"
        return Wanted("compare", label, text.iso(self._other) if self._other else "")

    def typed(self, purpose: str, typed: str) -> None:
        """Compare with the date that was typed; an empty one ends it."""
        super().typed(purpose, typed)
        if purpose == "compare":
            self._compare_with(typed)

    def _compare_with(self, typed: str) -> None:
        other = text.typed_date(typed)
        if typed.strip() and other is None:
            self.post_message(Say(f"“{text.plain(typed)}” is no date. {HOW_TO_TYPE}", "warn"))
        elif other is not None and other < self._market.history.sessions[0]:
            first = text.iso(self._market.history.sessions[0])
            self.post_message(Say(f"The index begins on {first}", "warn"))
        else:
            self._other = other
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
        unit, buckets = _buckets(view, self.size.width - AROUND_TIMELINE)
        if len(buckets) < 2:
            return []
        # A zero at the head keeps the scale from beginning at the least count.
        line = text.spark([0.0, *map(float, buckets.values())], len(buckets) + 1)[1:]
        first, *_, last = buckets
        most = f" changes a {unit}, at most {max(buckets.values())}"
        return [(f" {first} ", "muted"), (line, "gain"), (f" {last} {most}", "muted")]


def _buckets(view: ChangesView, room: int) -> tuple[str, dict[str, int]]:
    """Changes by session, or by month where that is too many; the latest ones that have room."""
    by_month = len(view.counts) > room
    buckets: dict[str, int] = {}
    for session, added, removed in view.counts:
        key = session.isoformat()[: 7 if by_month else 10]
        buckets[key] = buckets.get(key, 0) + added + removed
    return "month" if by_month else "session", dict(list(buckets.items())[-max(2, room) :])
