"""Data: what was found, what is stored, what a person has decided, who changed what, and what was fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.binding import BindingType

from engine.views.audit import AuditRow
from engine.views.fetching import FetchView
from engine.views.quality import Decision, Finding
from engine.views.types import CoverageView
from tuiapp import keys, questions
from tuiapp.market import Market
from tuiapp.messages import Decide, HintsChanged, Place, Say
from tuiapp.questions import NothingFetched
from tuiapp.screens import audit_columns, deciding, fetch_columns, finding_columns
from tuiapp.screens.finding_columns import DECIDED, EXPLAINED, FOUND, STORED, Stored
from tuiapp.screens.paned import PanedScreen
from tuiapp.screens.troubles import Trouble
from tuiapp.widgets.prompt import Wanted
from tuiapp.widgets.row_table import Group, RowTable

if TYPE_CHECKING:
    from engine.views.explanation import Subject

FINDINGS: Final = 0
DECISIONS: Final = 2
AUDIT: Final = 3
FETCHES: Final = 4
NOTHING_KNOWN: Final = -1


class Data(PanedScreen):
    """Findings, stored data, decisions, the record of changes, fetches."""

    TITLES: ClassVar[tuple[str, ...]] = ("Findings", "Stored", "Decisions", "Audit", "Fetches")
    SCOPES: ClassVar[tuple[str, ...]] = (keys.DATA, keys.TABLE)
    PANE_SCOPES: ClassVar[tuple[str, ...]] = (keys.FINDINGS, keys.DATA, keys.DECISIONS, keys.AUDIT, keys.FETCHES)
    ONLY: ClassVar[dict[str, tuple[int, ...]]] = {"open": (FINDINGS, AUDIT, FETCHES)}
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(keys.DATA),
        *keys.bindings(keys.FINDINGS),
        *keys.bindings(keys.DECISIONS),
    ]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self._found: RowTable[Finding] = RowTable(
            FOUND, lambda r: (r.kind, r.ticker, r.first, r.detail), finding_columns.found_searched, holds_top=True
        )
        self._stored: RowTable[Stored] = RowTable(STORED, lambda r: (r.name, r.batches is None), lambda r: r.name)
        self._decided: RowTable[Decision] = RowTable(DECIDED, lambda r: r, finding_columns.decided_searched)
        self._lines: RowTable[fetch_columns.Line] = RowTable(
            fetch_columns.COLUMNS, lambda r: r, fetch_columns.searched, holds_top=True
        )
        self._audited: RowTable[AuditRow] = RowTable(
            audit_columns.COLUMNS, lambda r: r, audit_columns.searched, holds_top=True
        )
        self._view: CoverageView | None = None
        self._changes: tuple[AuditRow, ...] | None = None
        self._changes_known = False
        self._fetched: FetchView | NothingFetched | None = None
        self._fetched_version: int | None = None
        self._version: int | None = None
        self._about: Finding | Decision | None = None
        self._drafts: dict[tuple[str, object], str] = {}
        self._idle: frozenset[str] = frozenset()
        self._found.say_when_empty("Nothing was found in the data. c shows what is stored")
        self._stored.say_when_empty("Nothing is stored: flatcap import PATH... takes files in")
        self._lines.say_when_empty("Nothing was fetched yet")
        self._audited.say_when_empty(audit_columns.NOTHING)
        self._decided.say_when_empty("Nothing has been decided. n adds a rename, o an issuer; c goes to the findings")

    @property
    def tables(self) -> tuple[RowTable[Any], ...]:
        """Findings, stored data, decisions, the record of changes, fetches."""
        return self._found, self._stored, self._decided, self._audited, self._lines

    @property
    def scopes(self) -> tuple[str, ...]:
        """The keys of the view come first."""
        return tuple(dict.fromkeys(super().scopes))

    @property
    def explains(self) -> bool:
        """Only findings are about numbers of the index."""
        found = self._view.findings if self._view is not None else ()
        return self.place == FINDINGS and any(each.kind in EXPLAINED for each in found)

    @property
    def idle_keys(self) -> frozenset[str]:
        """Decisions that are not about the row under the cursor."""
        return deciding.idle(self._found.current, self._decided.current)

    @on(Place)
    def hint_at_row(self) -> None:
        """Another row may be for other keys."""
        if self.idle_keys != self._idle:
            self._idle = self.idle_keys
            self.post_message(HintsChanged())

    # -- asking

    @property
    def can_draw(self) -> bool:
        """What is stored can be looked at before there is an index."""
        return not self._in_trouble

    def follow(self, trouble: Trouble | None) -> None:
        """What is stored, and what was fetched, can be looked at before there is an index."""
        super().follow(None if trouble is not None and trouble.has_records else trouble)

    def follow_market(self) -> None:
        """Ask what is stored, unless only the as-of session has changed."""
        version = self._market.history.status.data_version if self._market.known else NOTHING_KNOWN
        if version != self._version:
            self._version = version
            self._changes_known = False
            self.ask_first("coverage", lambda engine: engine.coverage(), drawn=self._view is not None)
        if self.place in (AUDIT, FETCHES):
            self.draw()

    def forget(self) -> None:
        """What is shown is to be asked again."""
        super().forget()
        self._version = self._fetched_version = None
        self._changes_known = False

    def answered(self, answer: Any) -> None:
        """Draw what is stored, or what was fetched; drafts of decisions were about what was shown before."""
        if isinstance(answer, CoverageView):
            self._view = answer
            self._drafts.clear()
        elif isinstance(answer, tuple):
            self._changes = answer
        elif answer == self._fetched:
            return
        else:
            self._fetched = answer
        self.draw()
        self.post_message(HintsChanged())

    def draw(self) -> None:
        """Draw the view that is shown."""
        if self.place == FETCHES:
            self._draw_fetches()
        elif self.place == AUDIT:
            self._draw_changes()
        elif self._view is not None:
            self._draw_stored(self._view)
        elif self._version is None:
            self.follow_market()

    def turn_to(self, place: int) -> None:
        """Put another view into sight; what was fetched or changed is asked for again: others may do so, too."""
        if place == FETCHES:
            self._fetched_version = None
        self._changes_known = self._changes_known and place != AUDIT
        super().turn_to(place)

    def on_show(self) -> None:
        """The screen comes back: see likewise what others have fetched or changed."""
        if self.place in (AUDIT, FETCHES) and not self.has_notice:
            self.look_again()

    def look_again(self) -> None:
        """A fetch may have come further, and data may have changed, here or elsewhere."""
        self._fetched_version, self._changes_known = None, False
        if self.place in (AUDIT, FETCHES) and self.display:
            self.draw()

    def _draw_fetches(self) -> None:
        """Ask what was fetched, unless that is known; a fetch that ends makes it unknown again."""
        if self._fetched_version != self._version:
            self._fetched_version = self._version
            self.ask_first("fetching", questions.fetching, drawn=self._fetched is not None)
        if isinstance(self._fetched, FetchView):
            view = self._fetched
            self.show_head(partial(fetch_columns.following, view), partial(fetch_columns.fresh, view))
            self._lines.show(fetch_columns.groups(view))
        elif self._fetched is not None:
            self.show_head()
            self._lines.say_when_empty(self._fetched.why)
            self._lines.show([])
        else:
            self.show_head()

    def _draw_changes(self) -> None:
        """Ask who changed what, unless that is known."""
        if not self._changes_known:
            self._changes_known = True
            self.ask_first("audit", lambda engine: engine.audit(audit_columns.ASKED), drawn=self._changes is not None)
        if self._changes is None:
            self.show_head()
            return
        self.show_head(below=partial(audit_columns.summary, self._changes))
        self._audited.show([Group(self._changes)])

    def _draw_stored(self, view: CoverageView) -> None:
        summary = (
            finding_columns.found_summary,
            finding_columns.stored_summary,
            finding_columns.decided_summary,
        )[self.place]
        self.show_head(below=partial(summary, view))
        groups: Sequence[Group[Any]] = [Group(view.findings if self.place == FINDINGS else view.decisions)]
        self.table.show(groups if self.place in (FINDINGS, DECISIONS) else finding_columns.stored_groups(view))

    # -- one finding

    def action_open(self) -> None:
        """Everything about the finding under the cursor, or the whole text of a change or of a line about a fetch."""
        if self.place == AUDIT:
            if (change := self._audited.current) is not None:
                self.post_message(Say(audit_columns.said_of(change)))
            return
        if self.place == FETCHES:
            if (line := self._lines.current) is not None:
                self.post_message(Say(line.said))
            return
        if (found := self._found.current) is not None and not self.has_notice:
            from tuiapp.screens.found import Found

            self.app.push_screen(Found(found, explainable=bool(self.subjects())), self._chosen)

    def _chosen(self, action: str | None) -> None:
        if action:
            self.call_later(self.app.run_action, action)

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The number that the finding under the cursor is about."""
        from engine.views.explanation import Subject

        found = self._found.current if self.place == FINDINGS else None
        if found is None or found.kind not in EXPLAINED or self._view is None or self._view.status is None:
            return ()
        key = EXPLAINED[found.kind]
        return [(f"{found.ticker} at {found.last}", Subject("composition", key, found.last, found.ticker))]

    # -- deciding

    def wanted(self, purpose: str) -> Wanted | None:
        """What to type for a decision, with what was typed and refused before."""
        if purpose not in (*deciding.KINDS, deciding.WITHDRAW):
            return super().wanted(purpose)
        self._about = self._subject_of(purpose)
        asked = self._asked(purpose)
        if asked is None:
            self.post_message(Say(deciding.needs(purpose, self.TITLES[self.place]), "warn"))
            return None
        return replace(asked, value=self._drafts.get((purpose, self._about), asked.value))

    def _subject_of(self, purpose: str) -> Finding | Decision | None:
        """The row under the cursor that a decision would be about."""
        if purpose == deciding.WITHDRAW:
            return self._decided.current if self.place == DECISIONS else None
        return self._found.current if self.place == FINDINGS else None

    def _asked(self, purpose: str) -> Wanted | None:
        if isinstance(self._about, Decision):
            return deciding.take_back(self._about)
        return None if purpose == deciding.WITHDRAW else deciding.question(purpose, self._about)

    def typed(self, purpose: str, typed: str) -> None:
        """Hand on a decision; what is not understood stays for the next time."""
        if purpose not in (*deciding.KINDS, deciding.WITHDRAW):
            super().typed(purpose, typed)
            return
        self._drafts[purpose, self._about] = typed
        about, withdraw = self._about, purpose == deciding.WITHDRAW
        try:
            decision = self._withdrawn(typed) if withdraw else deciding.understood(purpose, typed, _finding(about))
        except deciding.NotUnderstood as error:
            self.post_message(Say(str(error), "warn"))
            return
        if decision is None:
            self._drafts.pop((purpose, self._about))
            self.post_message(Say("Nothing was decided"))
        else:
            self.post_message(Decide(decision, withdraw=withdraw))

    def _withdrawn(self, typed: str) -> Decision | None:
        return self._about if isinstance(self._about, Decision) and deciding.is_yes(typed) else None


def _finding(about: Finding | Decision | None) -> Finding | None:
    return about if isinstance(about, Finding) else None
