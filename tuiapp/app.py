"""The app: it draws first from the last view that was kept, and asks the engine afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from textual import on
from textual.worker import Worker

from engine.errors import Cancelled
from engine.settings import Settings, default_state_dir
from engine.views.status import PerformanceView
from tuiapp import fetch_news, keys, questions
from tuiapp import format as text
from tuiapp.choosing import ELSEWHERE
from tuiapp.crash import AppFailed, newest
from tuiapp.desk import FETCH, Asked, Desk, EngineFactory
from tuiapp.fetch_news import NO_NEWS, News
from tuiapp.fetching import STALE, kept_view
from tuiapp.market import Market
from tuiapp.memory import FILE_NAME, Memory
from tuiapp.messages import Answered, Ask, Decide, Refused
from tuiapp.noise import routed
from tuiapp.screens import troubles
from tuiapp.themes import Terminal, as_chosen, terminal_of
from tuiapp.watching import Watching

if TYPE_CHECKING:
    from engine.reports import BuildReport, DecisionReport

OUTDATED: Final = {
    "data": "The data have changed since the index was built; {} builds it again",
    "settings": "The index was built with other settings; {} builds it again with those in force",
}


class FlatcapApp(Watching):
    """The frame, and the conversation with the engine.

    Args:
        settings: What a person has set.
        demo: Whether to make the synthetic market first.
        terminal: What the terminal can show.
        factory: Opens the engine; tests give their own.
        memory: What is remembered between runs; without one nothing is.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        demo: bool = False,
        terminal: Terminal | None = None,
        factory: EngineFactory | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.crash: AppFailed | None = None
        self._settings = settings
        self._factory = factory
        self._tickets = {}
        self._decided_now = ""
        market = Market(kept_view(settings))
        trouble = None if market.known else troubles.MAKING_DEMO if demo else troubles.LOADING
        memory = memory or Memory()
        memory.look_at(settings.data_dir)
        self._news = _of_last_run(memory)
        super().__init__(market, settings.index, terminal or Terminal(), trouble, memory)
        self._desk = Desk(self, settings, factory, demo=demo)

    def on_mount(self) -> None:
        """Draw what is known, and ask only when that is on the terminal."""
        self.follow()
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        self.ask("history", questions.history)
        self.call_after_refresh(self._desk.begin)

    def told_to_leave(self, code: int) -> None:
        """Leave because a signal came: the terminal is put in order, if there still is one."""
        from tuiapp import hangup

        if hangup.terminal_is_gone():
            hangup.let_go(code)
        self._leave(code)

    def _leave(self, code: int) -> None:
        self._desk.end()
        self.keep_at_the_end()
        self.exit(code, return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        """Remember the first error that nobody caught, and its details."""
        if self.crash is None:
            self.crash = AppFailed.of(error, self.keep(error, told=False))
            self.keep_after_crash()
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End after an error that nobody caught, without Textual's page of the values of all variables."""
        self._desk.end()
        self._close_messages_no_wait()

    async def action_quit(self) -> None:
        """Leave; work that can be stopped is stopped."""
        self._leave(0)

    def action_help_quit(self) -> None:
        """What Textual does for ctrl+c where nothing else takes it."""
        self._leave(0)

    # -- conversation

    @on(Ask)
    def take_question(self, question: Ask) -> None:
        """Pass a question on to the engine."""
        self._desk.take(question)

    @on(Worker.StateChanged)
    def worker_changed(self, event: Worker.StateChanged) -> None:
        """A worker is done."""
        self._desk.changed(event)
        if self._strip.topic not in self._desk.topics:
            self._strip.clear()

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """An answer to the app's own question."""
        if self.is_current(reply):
            self._answered(reply)
            take: dict[str, Callable[[Any], None]] = {
                "history": self._take_history,
                "build": self._built,
                "decide": self._decided,
                "reload": self._reloaded,
                "export": self._exported,
                "plan": self._planned,
                STALE: self._looked,
                "import": self._imported,
                FETCH: self._fetched,
                ELSEWHERE: self._heard,
            }
            take[reply.topic](reply.answer)

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Without a history there is nothing to draw; else what is drawn stays, and the line says what failed."""
        if not self.is_current(reply) or self._refused(reply):
            return
        if reply.topic in (FETCH, "import"):
            (self._not_fetched if reply.topic == FETCH else self._not_imported)(reply.error)
            return
        if reply.topic in ("history", "build", ELSEWHERE) and not self.market.known:
            self.say("")
            self.events.add(troubles.in_one_line(reply.error), "bad")
            self._set_trouble(troubles.failed(reply.error))
            return
        if reply.topic == "export":
            self._not_exported(reply.error)
            return
        decided = f"{self._decided_now} Building failed: " if reply.topic == "build" and self._decided_now else ""
        self._decided_now = ""
        tone = "warn" if isinstance(reply.error, Cancelled) else "bad"
        self.say(decided + troubles.in_one_line(reply.error), tone)

    def _take_history(self, answer: Any) -> None:
        if isinstance(answer, PerformanceView):
            wanted = self.market.wanted
            self.market.take(answer)
            is_bad = self._say_news()
            self._set_trouble(None)
            self.say_if_elsewhere(wanted)
            if answer.status.outdated and not is_bad and not self.is_fetching:
                self.say(OUTDATED[answer.status.outdated].format(keys.shown("app.reload")), "warn")
        elif self.is_fetching:
            self._say_news()
        elif self._is_gone(answer):
            self._say_news()
            self._keep_drawn(answer, asked=True)
        else:
            self.market.turn_to(None, self.market.wanted)
            self._stand(None)
            self._say_news()
            self._nothing_built(answer)

    # -- keys

    def action_reload(self) -> None:
        """Build an index where there is none or it is outdated, else fetch what is missing, else ask for all again."""
        if self.trouble is not None and self.trouble.kind == "unbuilt":
            self._set_trouble(troubles.BUILDING)
            self._build()
        elif self.market.known and not self.is_fetching:
            # Another session, or another process, may have changed what is stored.
            self.ask("reload", questions.history)
        else:
            self._look_for_more()

    def _reloaded(self, answer: Any) -> None:
        if not isinstance(answer, PerformanceView):
            self._take_history(answer)
        elif answer.status.outdated and self._elsewhere:
            self._say_who_fetches()
        elif answer.status.outdated and not self.is_fetching:
            self.say("Building the index …")
            self._build()
        else:
            if self.market.take(answer):
                self.follow()
            self._look_for_more()

    def _built(self, answer: tuple[tuple[BuildReport, ...], int]) -> None:
        reports, requests = answer
        report = reports[0]
        if self._decided_now:
            since = f" The index was built again from {report.first}." if report.first else ""
            self._news = News(f"{self._decided_now}{since}", "good")
        else:
            more = (
                f"; {keys.shown('app.reload')} fetches what is missing ({text.counted(requests, 'request')})"
                if requests
                else ""
            )
            said = fetch_news.built(reports)
            tone = "warn" if any(report.problem for report in reports) else "good"
            self._news = News(f"{said[0].upper()}{said[1:]}{more}", tone)
        self._decided_now = ""
        self._forget()
        self.ask("history", questions.history)

    # -- decisions about the data

    @on(Decide)
    def take_decision(self, event: Decide) -> None:
        """Store what a person has decided."""
        self.say("Taking it down …")
        self.ask("decide", partial(questions.decide, decision=event.decision, withdraw=event.withdraw))

    def _decided(self, report: DecisionReport) -> None:
        """Build the index again where there is one that the decision can change."""
        if report.earliest is not None and self.market.known:
            self._decided_now = report.text
            self.say(f"{report.text} Building …")
            self._build()
        else:
            self.say(report.text, "good")
            self._forget()
            self.follow()

    # -- what the app runs on

    @property
    def settings(self) -> Settings:
        """What a person has set, for the market that is looked at."""
        return self._settings

    @property
    def asked(self) -> Sequence[Asked]:
        """The last questions that the engine was asked, oldest first."""
        return self._desk.asked

    def action_diagnostics(self) -> None:
        """Show what the app runs on."""
        from tuiapp.screens.diagnostics import Diagnostics

        self.push_screen(Diagnostics(self))


def _of_last_run(memory: Memory) -> News:
    """What there is to say at the start: that nothing could be remembered, or that there was a bug."""
    if memory.problem:
        return News(memory.problem, "warn")
    found = newest(memory.path.parent) if memory.path is not None else ""
    if memory.path is None or found <= memory.crash:
        return NO_NEWS
    memory.crash = found
    return News(f"The last run ended by a bug: {memory.path.parent / found}", "warn")


def run_app(settings: Settings, *, demo: bool = False, factory: EngineFactory | None = None) -> int:
    """Run the app until it is left, and give its exit code. Standard input and error are a terminal.

    Raises:
        AppFailed: It ended because of an error that nobody expected.
    """
    terminal = terminal_of(os.environ, getattr(sys.__stderr__, "encoding", "") or "", os.uname().nodename)
    memory = Memory.load(default_state_dir() / FILE_NAME)
    terminal = as_chosen(terminal, settings, memory)
    app = FlatcapApp(settings, demo=demo, terminal=terminal, factory=factory, memory=memory)
    with routed(app.events, app.keep):
        app.run(mouse=terminal.mouse)
    if app.crash is not None:
        raise app.crash
    return app.return_code or 0
