"""Changes: who came and who went, day by day or between two dates."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from engine.views.types import ChangeRow, ChangesView
from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import Say
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import LineWidget, Part, spread
from tuiapp.widgets.prompt import Wanted
from tuiapp.widgets.row_table import Group, RowTable

Row = ChangeRow
AROUND_TIMELINE: Final = 52
HOW_TO_TYPE: Final = "A date is 2024-03-15, 2024-03 or 2024"


def _kind(row: Row) -> Part:
    return ("▲ in", "gain") if row.kind == "added" else ("▼ out", "loss")


def _ranks(row: Row) -> Part:
    return f"{text.count(row.rank_before)} → {text.count(row.rank_after)}", ""


def _caps(row: Row) -> Part:
    return f"{text.cap(row.market_cap_before_usd)} → {text.cap(row.market_cap_usd)}", ""


def _distance(row: Row) -> float | None:
    """How far the cap is from the cut, as a fraction of the cut."""
    if not row.cut_cap_usd or row.market_cap_usd is None:
        return None
    return row.market_cap_usd / row.cut_cap_usd - 1


def _distance_usd(row: Row) -> float | None:
    if row.cut_cap_usd is None or row.market_cap_usd is None:
        return None
    return row.market_cap_usd - row.cut_cap_usd


def _reason(row: Row) -> Part:
    return text.plain(row.reason), "" if row.reason == "rank" else "warn"


COLUMNS: Final[tuple[Column[Row], ...]] = (
    Column("session", "Session", 10, lambda r: (text.iso(r.session), ""), lambda r: r.session, need=0, right=False),
    Column("kind", "Change", 6, _kind, lambda r: r.kind, need=0, right=False, down=False),
    Column(
        "ticker", "Ticker", 6, lambda r: (text.plain(r.ticker), ""), lambda r: r.ticker, need=0, right=False, down=False
    ),
    Column(
        "name",
        "Company",
        13,
        lambda r: (text.plain(r.name), ""),
        lambda r: r.name.lower(),
        need=1,
        right=False,
        down=False,
        most=26,
    ),
    Column(
        "sector",
        "Sector",
        13,
        lambda r: (text.plain(r.sector), ""),
        lambda r: r.sector.lower(),
        need=8,
        right=False,
        down=False,
        most=22,
    ),
    Column("ranks", "Rank", 9, _ranks, lambda r: r.rank_after, need=2, down=False),
    Column("caps", "Cap", 17, _caps, lambda r: r.market_cap_usd, need=5),
    Column("cut", "To cut", 8, lambda r: (text.percent(_distance(r)), ""), _distance, need=3),
    Column("cut_usd", "To cut $", 8, lambda r: (text.cap(_distance_usd(r), signed=True), ""), _distance_usd, need=7),
    Column("days", "Days", 5, lambda r: (text.count(r.days or None), ""), lambda r: r.days, need=4),
    Column("reason", "Reason", 8, _reason, lambda r: r.reason, need=6, right=False, down=False, most=24),
)


class Changes(TableScreen):
    """The list of changes, with a summary and a timeline."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.CHANGES, keys.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.CHANGES)]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self._summary = Summary()
        self._table: RowTable[Row] = RowTable(COLUMNS, lambda r: (r.session, r.kind, r.ticker), _searched)
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
        if other is None:
            self.ask_first("changes", lambda engine: engine.changes(None, session), drawn=drawn)
        else:
            self.post_message(Say(f"Comparing with {text.iso(other)} …"))
            self.ask_first("changes", lambda engine: engine.compare(other, session), drawn=drawn)

    def answered(self, answer: Any) -> None:
        """Draw the changes, newest first."""
        self._view = view = answer
        if view.compared:
            self.post_message(Say(""))
        self._summary.show(view)
        newest_first = sorted(view.rows, key=lambda row: row.session, reverse=True)
        self._table.show([Group(newest_first)])

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


def _searched(row: Row) -> str:
    return f"{row.session} {row.kind} {row.ticker} {row.name} {row.sector} {row.reason}"


class Summary(LineWidget):
    """How many came and went, how much was traded, and when."""

    def __init__(self) -> None:
        super().__init__(classes="summary")
        self._view: ChangesView | None = None

    def show(self, view: ChangesView) -> None:
        """Show the sums of a view."""
        self._view = view
        self.refresh()

    def lines(self) -> list[list[Part]]:
        """Sums, then how many changed over time."""
        return [self._sums(self._view), self._timeline(self._view)] if self._view else []

    def _sums(self, view: ChangesView) -> list[Part]:
        kinds = Counter(row.kind for row in view.rows)
        title = "Compared" if view.compared else "Day by day"
        parts: list[Part] = [
            (f" {title} ", "strong"),
            (f"{text.iso(view.first)} → {text.iso(view.last)}", "accent" if view.compared else "muted"),
            (f"  ▲ {kinds['added']} in", "gain"),
            (f"  ▼ {kinds['removed']} out", "loss"),
            (f"  turnover {text.percent(view.turnover, 1, signed=False)}", ""),
        ]
        return spread(parts, [], self.size.width)

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
