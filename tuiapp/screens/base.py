"""What all screens have in common: one question at a time, and something to say while there is no answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widget import Widget

from engine.errors import NoData
from tuiapp.keystrokes import Typing
from tuiapp.market import Market
from tuiapp.messages import Answered, Arrived, Ask, HintsChanged, Place, Question, Refused, Reply, Say
from tuiapp.screens.troubles import LOADING, Trouble, failed, gone, waiting
from tuiapp.widgets.notice import Notice

if TYPE_CHECKING:
    from engine.views.explanation import Subject
    from tuiapp.screens.exporting.request import ExportRequest
    from tuiapp.widgets.prompt import Wanted

BEFORE_LOADING: Final = 0.2
ASIDE: Final = "-aside"
"""Class of a widget in whose place another one is shown. Its own style would win over the notice's, if it had one."""


class Asker(MessagePump):
    """Asks the engine, and knows an answer that has been superseded by its ticket."""

    _tickets: dict[str, int]

    def ask(self, topic: str, question: Question) -> None:
        """Ask; an earlier question of this topic that is still open counts no more."""
        ticket = self._tickets[topic] = self._tickets.get(topic, 0) + 1
        self.post_message(Ask(self, topic, ticket, question))

    def is_current(self, reply: Reply) -> bool:
        """Whether a reply is to the last question of its topic."""
        return self._tickets.get(reply.topic) == reply.ticket


class DataScreen(Asker, Widget):
    """One screen: its widgets, or a notice in their place."""

    SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scopes of keys that mean something here, the nearest first."""

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(id=screen_id, classes="screen")
        self._tickets = {}
        self._market = market
        self._mark = -1
        self._notice = Notice()
        self._trouble: Trouble | None = None
        self._before_waiting: Trouble | None = None
        self._loading: Timer | None = None
        self._unanswered: set[str] = set()
        self._told_to_wait = False

    def compose(self) -> ComposeResult:
        """The notice and the screen's own widgets."""
        yield self._notice
        yield from self.body()

    @abstractmethod
    def body(self) -> ComposeResult:
        """The screen's own widgets."""

    @abstractmethod
    def follow_market(self) -> None:
        """The as-of session or the history changed: draw, or ask."""

    @abstractmethod
    def answered(self, answer: Any) -> None:
        """Draw an answer."""

    @abstractmethod
    def focus_first(self) -> None:
        """Give the keys to the most useful widget, and say where its cursor stands."""

    def give_keys(self) -> None:
        """Give the keys to the notice where it takes any, else to the most useful widget."""
        if self.has_class("-first-run"):
            self._notice.take_keys()
            self.post_message(Place(""))
        else:
            self.focus_first()

    def wanted(self, purpose: str) -> Wanted | None:
        """The text that this screen asks for with a key, None if it asks for none."""

    def typing(self, purpose: str, text: str) -> None:
        """A text that this screen asked for, as far as it has been typed."""

    def pass_over(self, pressed: str) -> None:
        """A key was pressed that means nothing here."""

    def refusal(self, purpose: str, text: str) -> str:  # noqa: ARG002 (screens refuse what they ask for)
        """Why the whole text that was typed cannot be taken, so that it is still there to be mended."""
        return ""

    def typed(self, purpose: str, text: str) -> None:
        """The whole text that this screen asked for."""

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The numbers at the cursor, the most useful first: what each is called, and what to ask about it."""
        return ()

    def number_at(self, subjects: Sequence[tuple[str, Subject]]) -> int:  # noqa: ARG002 (most have no cursor among them)
        """Place of the one that the cursor is on."""
        return 0

    def export_request(self) -> ExportRequest:
        """What of the index stands for what is shown here: where no sheet does, what was found in its data."""
        from tuiapp.screens.exporting.request import of_view

        return of_view(("data_quality",), "what was found in the data", None, None, about="data")

    @property
    def explains(self) -> bool:
        """Whether there are numbers here that can be asked about."""
        return True

    @property
    def idle_keys(self) -> frozenset[str]:
        """Ids of keys that have nothing to work on where the cursor is: the footer leaves them out."""
        return frozenset()

    @property
    def narrowed(self) -> str:
        """What narrows what is shown, in words; empty for nothing."""
        return ""

    @property
    def is_sorted(self) -> bool:
        """Whether a table is in another order than its own."""
        return False

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of keys that mean something now."""
        return self.SCOPES

    def step_back(self) -> bool:
        """Undo one level of what was narrowed here; False if there is none."""
        return False

    # -- what is remembered and taken back

    def state(self) -> dict[str, Any]:
        """How this screen is looked at, as JSON knows it: pane, range, order, filter. Never where a cursor stands."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look at it like that again. What is unknown or makes no sense now is passed over. Draws what it can."""

    @property
    def company(self) -> str:
        """Ticker of the company at the cursor, empty if there is none."""
        return ""

    def pins_changed(self) -> None:
        """A company was pinned or unpinned: draw again what shows it."""

    def follow(self, trouble: Trouble | None) -> None:
        """Show the market as it stands now, or why there is none. Nothing is asked twice."""
        if trouble is not None:
            self.forget()
            self._ask_no_more()
            self.show_notice(trouble)
        elif self._mark != self._market.mark:
            self._mark = self._market.mark
            self.follow_market()

    def _ask_no_more(self) -> None:
        """Whatever is answered still is of a market that is gone: it must not stand in the place of the trouble."""
        self._tickets = {topic: ticket + 1 for topic, ticket in self._tickets.items()}
        self._unanswered.clear()

    def forget(self) -> None:
        """What is shown is to be asked again."""
        self._mark = -1

    def look_again(self) -> None:
        """A fetch has come further: what is shown of it may have changed."""

    def show_notice(self, trouble: Trouble | None) -> None:
        """Put a notice in the place of the widgets, or take it away."""
        self._stop_clock()
        if trouble is not self._trouble:
            self._trouble = trouble
            self.post_message(HintsChanged())
        self.set_class(trouble is not None, "-notice")
        self.set_class(trouble is not None and trouble.first_run, "-first-run")
        if trouble is not None:
            tone = "bad" if trouble.kind == "failed" else ""
            lines = [*((line, "bad") for line in trouble.why), *((line, "") for line in trouble.lines)]
            self._notice.say((trouble.title, tone), lines, trouble.keys, trouble.details)
            self.post_message(Place(""))

    @property
    def trouble(self) -> Trouble | None:
        """What the notice says, None where the widgets are shown."""
        return self._trouble

    @property
    def has_notice(self) -> bool:
        """Whether the notice is shown."""
        return self.has_class("-notice")

    def ask(self, topic: str, question: Question) -> None:
        """Ask, and remember that there is no answer yet."""
        self._unanswered.add(topic)
        super().ask(topic, question)

    @property
    def is_awaited(self) -> bool:
        """Whether what its keys are for is on its way: they are kept until it is there."""
        return self._trouble is not None and self._trouble.kind == "loading"

    def say_when_loaded(self) -> bool:
        """Whether an answer is on its way; with it goes the line that says so."""
        self._told_to_wait = bool(self._unanswered)
        return self._told_to_wait

    def _arrived(self, topic: str) -> None:
        self._unanswered.discard(topic)
        if self._told_to_wait and not self._unanswered:
            self._told_to_wait = False
            self.post_message(Say(""))

    def ask_first(self, topic: str, question: Question, *, drawn: bool) -> None:
        """Ask, and if nothing has been drawn yet and the answer takes its time, say that it is being loaded."""
        self.ask(topic, question)
        if not drawn:
            self._stop_clock()
            self._loading = self.set_timer(BEFORE_LOADING, partial(self._say_it_is_loaded, topic))

    def wait_for(self, who: str) -> None:
        """Say for whom the work waits, where nothing is drawn yet; an empty ``who``: it waits no more."""
        if who and self.is_awaited:
            self._before_waiting = self._before_waiting or self._trouble
            self.show_notice(waiting(who))
        elif self._before_waiting is not None and not who:
            before, self._before_waiting = self._before_waiting, None
            if self.is_awaited:
                self.show_notice(before)

    def _stop_clock(self) -> None:
        if self._loading is not None:
            self._loading.stop()

    def _say_it_is_loaded(self, topic: str) -> None:
        if topic in self._unanswered:
            self.show_notice(LOADING)

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """Draw an answer, unless a later question has superseded it."""
        if self.is_current(reply):
            self._arrived(reply.topic)
            hidden = self.has_notice
            self.show_notice(None)
            self.answered(reply.answer)
            if hidden and self.display and not isinstance(self.screen.focused, Typing):
                # A widget that was not there could not keep the keys.
                self.focus_first()
            self.post_message(Arrived())

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Say what went wrong in the place of the widgets."""
        if self.is_current(reply):
            self._arrived(reply.topic)
            self.forget()
            error = reply.error
            self.show_notice(gone(error) if isinstance(error, NoData) and self._market.known else failed(error))
            self.post_message(Arrived())

    @on(Place)
    def keep_place(self, event: Place) -> None:
        """What is not shown has no say about where one stands."""
        sender = event._sender
        aside = isinstance(sender, Widget) and sender.has_class(ASIDE)
        if not self.display or aside or (self.has_notice and event.text):
            event.stop()
