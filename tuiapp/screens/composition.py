"""Composition: the members of a session, and what they and their sectors added to the return of a period."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import BindingType

from engine.views.analysis import ContributionRow, ContributionView, SectorContribution
from engine.views.types import CompositionRow, CompositionView
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import Question, Say, ShowName
from tuiapp.screens.composed import contributions, members
from tuiapp.screens.composed.pinned import pinned_first
from tuiapp.screens.paned import PanedScreen
from tuiapp.widgets.line import Part
from tuiapp.widgets.row_table import Group, RowTable
from tuiapp.widgets.tabs import choice

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.explanation import Subject
    from tuiapp.screens.exporting.request import ExportRequest

DAY: Final = "day"
RANGES: Final = (DAY, "1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
MEMBERS: Final = 0
COMPANIES: Final = 1
SECTORS: Final = 2
SERIES: Final = ("PR", "TR")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range as the engine is asked for it.

    Attributes:
        period: Its name.
        start: First session whose return counts.
        last: Last session.
        complete: Whether history reaches back as far as the range.
        series: ``PR`` or ``TR``.
    """

    period: str
    start: date
    last: date
    complete: bool
    series: str


@dataclass(frozen=True, slots=True)
class Added:
    """What was added to the return of a range."""

    stretch: Stretch
    view: ContributionView


def added(engine: Engine, stretch: Stretch) -> Added:
    """Ask for the contributions of a range."""
    return Added(stretch, engine.contributions(stretch.start, stretch.last, series=stretch.series))


class Composition(PanedScreen):
    """The ranking with its cut, contributions of companies, contributions of sectors."""

    TITLES: ClassVar[tuple[str, ...]] = ("Members", "Contributions", "Sectors")
    SCOPES: ClassVar[tuple[str, ...]] = (keys.COMPOSITION, keys.TABLE)
    PANE_SCOPES: ClassVar[tuple[str, ...]] = (keys.MEMBERS, keys.CONTRIBUTIONS, keys.CONTRIBUTIONS)
    ONLY: ClassVar[dict[str, tuple[int, ...]]] = {"cut": (0,), "step_range": (1, 2), "basis": (1, 2)}
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(keys.COMPOSITION),
        *keys.bindings(keys.MEMBERS),
        *keys.bindings(keys.CONTRIBUTIONS),
    ]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self.period = DAY
        self.series = "PR"
        self._members: RowTable[CompositionRow] = RowTable(
            members.columns(None, market.pins), lambda r: (r.ticker, r.name), members.searched
        )
        self._companies: RowTable[ContributionRow] = RowTable(
            contributions.company_columns(day=True, pins=market.pins),
            lambda r: (r.ticker, r.name),
            contributions.searched,
        )
        self._sectors: RowTable[SectorContribution] = RowTable(
            contributions.sector_columns((), day=True), lambda r: r.sector, lambda r: r.sector
        )
        self._ranking: CompositionView | None = None
        self._added: Added | None = None
        self._asked: dict[str, tuple[int, Hashable]] = {}
        self._drawn_ranges: dict[int, tuple[str, str]] = {}
        self._before_cut: CompositionRow | None = None
        self._sought = ""
        self._companies.say_when_empty("No company had a return: the index begins here, and the first session has none")
        self._sectors.say_when_empty("No sector had a return: the index begins here, and the first session has none")

    @property
    def tables(self) -> tuple[RowTable[Any], ...]:
        """Ranking, companies, sectors."""
        return self._members, self._companies, self._sectors

    # -- asking

    def follow_market(self) -> None:
        """Ask for what the view shows at the as-of session."""
        self.draw()

    def forget(self) -> None:
        """What is shown is to be asked again."""
        super().forget()
        self._asked.clear()

    def draw(self) -> None:
        """Draw what is known of the view, and ask for it unless that is what is known."""
        if self.place == MEMBERS:
            session = self._market.session
            self._ask_once("composition", session, self._ranking, lambda engine: engine.composition(session))
            self._draw_members()
        else:
            stretch = self._stretch()
            self._ask_once("contributions", stretch, self._added, partial(added, stretch=stretch))
            self._draw_contributions()

    def _ask_once(self, topic: str, wanted: Hashable, drawn: object, question: Question) -> None:
        known = (self._market.mark, wanted)
        if self._asked.get(topic) != known:
            self._asked[topic] = known
            self.ask_first(topic, question, drawn=drawn is not None)

    def _stretch(self) -> Stretch:
        sessions, end = self._market.history.sessions, self._market.place
        start, complete = end, True
        if self.period != DAY:
            from engine.metrics.periods import period_start

            found = period_start(sessions, end, self.period)
            start, complete = min(found.index + 1, end), found.complete
        return Stretch(self.period, sessions[start], sessions[end], complete, self.series)

    def answered(self, answer: Any) -> None:
        """Keep the answer; draw it if its view is shown."""
        if isinstance(answer, CompositionView):
            self._ranking = answer
        else:
            self._added = answer
        self.draw()

    # -- drawing

    def _draw_members(self) -> None:
        if (view := self._ranking) is not None:
            by_cap = view.status.weighting == "cap"
            self._members.take_columns(members.columns(view.cut_cap_usd, self._market.pins, by_cap=by_cap))
            self.show_head(partial(members.effective, view), partial(members.sectors, view))
            self._members.show(members.groups(view, self._market.pins))
            self._find_sought(view)

    def look_for(self, ticker: str) -> None:
        """Put the cursor on a company once the ranking is there; where it is not ranked, show its page."""
        self._sought = ticker
        self.draw()

    def _find_sought(self, view: CompositionView) -> None:
        ticker = self._sought
        if not ticker or view.status.session != self._market.session:
            return
        self._sought = ""
        row = next((row for row in (*view.rows, *view.outside) if row.ticker == ticker), None)
        if row is None:
            self.post_message(ShowName(ticker))
            return
        if row not in self._members.rows:
            self._members.narrow("")
        self._members.seek(row)

    def _draw_contributions(self) -> None:
        self.show_head(self._ranges, self._summary)
        if self._added is None:
            return
        view, day = self._added.view, self._added.stretch.period == DAY
        if self.place == SECTORS:
            self._sectors.take_columns(contributions.sector_columns(view.sectors, day=day))
            self._sectors.show([Group(view.sectors)])
        else:
            pins = self._market.pins
            self._companies.take_columns(contributions.company_columns(day=day, pins=pins))
            self._companies.show(pinned_first([Group(view.rows)], pins, "not pinned"))
        self._begin_with_the_first(self._added.stretch)

    def _begin_with_the_first(self, stretch: Stretch) -> None:
        """Another range begins with what added most; another session leaves the cursor on its row."""
        drawn = stretch.period, stretch.series
        if self._drawn_ranges.get(self.place, drawn) != drawn:
            self.table.action_top()
        self._drawn_ranges[self.place] = drawn

    def _ranges(self, room: int) -> list[Part]:
        return choice(RANGES, self.period, "{ }", room)

    def _summary(self, width: int) -> list[Part]:
        if self._added is None:
            return [(" …", "muted")]
        return contributions.summary(self._added.view, width, complete=self._added.stretch.complete)

    @property
    def company(self) -> str:
        """Ticker of the company under the cursor."""
        row = self.table.current if self.place != SECTORS else None
        return row.ticker if row is not None else ""

    def pins_changed(self) -> None:
        """Draw the group of the pinned ones again, and the marks."""
        if self.can_draw:
            self.draw()

    def export_request(self) -> ExportRequest:
        """The members of the session, or what was added in the range."""
        from tuiapp.screens.composed import exported

        if self.place == MEMBERS:
            return exported.of_members(self._market.session)
        return (exported.of_sectors if self.place == SECTORS else exported.of_companies)(self._stretch())

    # -- what is remembered and taken back

    def state(self) -> dict[str, Any]:
        """View and tables, range and series of the contributions."""
        return {**super().state(), "period": self.period, "series": self.series}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at it like that again."""
        period, series = state.get("period"), state.get("series")
        self.period = period if period in RANGES else self.period
        self.series = series if series in SERIES else self.series
        super().restore(state)

    # -- keys

    def action_open(self) -> None:
        """Everything about the company under the cursor, or the companies of the sector."""
        if self.place == SECTORS:
            self._open_sector()
        elif self.company:
            self.post_message(ShowName(self.company))
        else:
            self.post_message(Say("There is no company at the cursor", "warn"))

    def _open_sector(self) -> None:
        from tuiapp.screens.composed.subjects import UNKNOWN

        sector = self._sectors.current
        if sector is not None:
            self.show_pane(COMPANIES)
            named = "" if sector.sector == UNKNOWN else sector.sector
            self._companies.narrow(f'sector="{named}"')
            self.post_message(Say(""))

    def action_step_range(self, steps: int) -> None:
        """The next shorter or longer range."""
        at = max(0, min(len(RANGES) - 1, RANGES.index(self.period) + steps))
        if RANGES[at] == self.period:
            self.post_message(Say(f"This is the {'shortest' if steps < 0 else 'longest'} range"))
            return
        self.period = RANGES[at]
        self.draw()

    def action_basis(self) -> None:
        """Price return or total return."""
        self.series = "TR" if self.series == "PR" else "PR"
        self.draw()

    def action_cut(self) -> None:
        """The cursor to the last row above the cut; from there back to where it was."""
        inside = [row for row in self._members.rows if row.since is not None]
        if not inside:
            self.post_message(Say("No member is left above the cut", "warn"))
            return
        if self._members.current is inside[-1] and self._before_cut is not None:
            self._members.seek(self._before_cut)
        else:
            self._before_cut = self._members.current
            self._members.seek(inside[-1])

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The numbers of the row under the cursor, or the companies that a sector's are the sum of."""
        from tuiapp.screens.composed import subjects

        if self.place == MEMBERS:
            member = self._members.current
            return subjects.of_member(member, self._ranking.status.session) if member and self._ranking else ()
        if self._added is None:
            return ()
        stretch, view = self._added.stretch, self._added.view
        period, start = ("custom", stretch.start) if stretch.period == DAY else (stretch.period, None)
        if self.place == SECTORS:
            sector = self._sectors.current
            return subjects.of_sector(sector.sector, view, period, start) if sector else ()
        company = self._companies.current
        return subjects.of_contribution(company, view, period, start) if company else ()
