"""What all screens have in common: one question at a time, and something to say while there is no answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widget import Widget

from tuiapp.market import Market
from tuiapp.messages import Answered, Ask, Place, Question, Refused, Reply, Say
from tuiapp.screens.troubles import LOADING, Trouble, failed
from tuiapp.widgets.notice import Notice

if TYPE_CHECKING:
    from engine.views.explanation import Subject
    from tuiapp.widgets.prompt import Wanted

BEFORE_LOADING: Final = 0.2


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

    def typed(self, purpose: str, text: str) -> None:
        """The whole text that this screen asked for."""

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """The numbers at the cursor, the most useful first: what each is called, and what to ask about it."""
        return ()

    @property
    def explains(self) -> bool:
        """Whether there are numbers here that can be asked about."""
        return True

    @property
    def narrowed(self) -> str:
        """What narrows what is shown, in words; empty for nothing."""
        return ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of keys that mean something now."""
        return self.SCOPES

    def step_back(self) -> bool:
        """Undo one level of what was narrowed here; False if there is none."""
        return False

    def follow(self, trouble: Trouble | None) -> None:
        """Show the market as it stands now, or why there is none. Nothing is asked twice."""
        if trouble is not None:
            self._mark = -1
            self.show_notice(trouble)
        elif self._mark != self._market.mark:
            self._mark = self._market.mark
            self.follow_market()

    def forget(self) -> None:
        """What is shown is to be asked again."""
        self._mark = -1

    def look_again(self) -> None:
        """A fetch has come further: what is shown of it may have changed."""

    def show_notice(self, trouble: Trouble | None) -> None:
        """Put a notice in the place of the widgets, or take it away."""
        self._stop_clock()
        self.set_class(trouble is not None, "-notice")
        self.set_class(trouble is not None and trouble.first_run, "-first-run")
        if trouble is not None:
            tone = "bad" if trouble.kind == "failed" else ""
            lines = [*((line, "bad") for line in trouble.why), *((line, "") for line in trouble.lines)]
            self._notice.say((trouble.title, tone), lines, trouble.keys, trouble.details)

    @property
    def has_notice(self) -> bool:
        """Whether the notice is shown."""
        return self.has_class("-notice")

    def ask(self, topic: str, question: Question) -> None:
        """Ask, and remember that there is no answer yet."""
        self._unanswered.add(topic)
        super().ask(topic, question)

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
            if hidden and self.display:
                # A widget that was not there could not keep the keys.
                self.focus_first()

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Say what went wrong in the place of the widgets."""
        if self.is_current(reply):
            self._arrived(reply.topic)
            self._mark = -1
            self.show_notice(failed(reply.error))

    @on(Place)
    def keep_place(self, event: Place) -> None:
        """A screen that is not shown has no say about where one stands."""
        if not self.display:
            event.stop()
