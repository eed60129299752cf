"""Between screens and engine: the engine is opened and asked in worker threads, one question a topic at a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakSet

from textual.app import App
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState

from engine.errors import Cancelled, EngineError
from engine.events import CancelToken, EventSink, Progress, obeying
from engine.settings import Settings
from tuiapp.logfile import run_of_app
from tuiapp.messages import Answered, Ask, Failed, Note, Progressed, Refused
from tuiapp.screens.troubles import in_one_line

if TYPE_CHECKING:
    from engine.facade import Engine

BETWEEN_REPORTS: Final = 0.1
SHORT: Final = 0.5
"""Seconds that work may take without a word."""
FETCH: Final = "fetch"
"""The topic of a fetch, the only work that has threads of its own and is told of from its beginning."""
NOTHING_YET: Final = Progress("")
REMEMBERED: Final = 20
"""Questions that are remembered after they were answered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was worked on.

    Attributes:
        topic: Its topic.
        seconds: How long the work took.
        outcome: ``answered``, ``refused``, ``stopped``, or ``failed`` for an error that nobody expected.
    """

    topic: str
    seconds: float
    outcome: str


class EngineFactory(Protocol):
    """Opens an engine."""

    def __call__(self, settings: Settings, *, events: EventSink) -> Engine:
        """Open it."""
        ...


def open_real_engine(settings: Settings, *, events: EventSink) -> Engine:
    """Open the engine; what it needs is imported here, in a worker, and not before the first paint."""
    from engine.facade import open_engine

    return open_engine(settings, events=events, run=run_of_app())


class EngineRoom:
    """An engine that is opened when it is first asked, by whichever worker comes first."""

    def __init__(self, settings: Settings, factory: EngineFactory, events: EventSink, *, demo: bool) -> None:
        self._settings = settings
        self._factory = factory
        self._events = events
        self._demo = demo
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    @property
    def opened(self) -> Engine | None:
        """The engine if it is open; nobody waits for it."""
        return self._engine

    def engine(self) -> Engine:
        """The engine; for the demo with its market made."""
        with self._lock:
            if self._engine is None:
                engine = self._factory(self._settings, events=self._events)
                if self._demo:
                    engine.load_demo()
                self._engine = engine
            return self._engine


@dataclass(slots=True)
class _Told:
    """What has been told of the work on a topic."""

    started: float
    at: float = 0.0
    progress: Progress = NOTHING_YET

    def is_short(self, progress: Progress, now: float) -> bool:
        """Whether the work has not taken long yet, and waits for nobody: that nobody else can see."""
        return now - self.started < SHORT and not (progress.waiting_for or self.progress.waiting_for)

    def is_news(self, progress: Progress, now: float) -> bool:
        """Whether a report says more than the one before, or enough time has passed."""
        before = self.progress
        turned = _place_of(progress) != _place_of(before)
        return progress.built or turned or now - self.at >= BETWEEN_REPORTS


def _place_of(progress: Progress) -> tuple[str, bool, int, str]:
    return progress.stage, progress.paused > 0, progress.nth_try, progress.waiting_for


class Desk:
    """Takes questions and hands back replies.

    While a question of an asker's topic is being worked on, only the latest of those that come after it waits:
    a key that is held down leaves no queue behind.
    """

    def __init__(self, app: App[int], settings: Settings, factory: EngineFactory | None, *, demo: bool) -> None:
        self._app = app
        self._topics: dict[int, str] = {}
        self._told: dict[str, _Told] = {}
        self._factory = factory or open_real_engine
        self._room = EngineRoom(settings, self._factory, self._report, demo=demo)
        self._working: dict[Worker[None], Ask] = {}
        self._waiting: dict[tuple[MessagePump, str], Ask] = {}
        self._open = False
        self._asked: deque[Asked] = deque(maxlen=REMEMBERED)
        self._tokens: dict[str, WeakSet[CancelToken]] = {}
        self._end = CancelToken()

    def turn_to(self, settings: Settings) -> None:
        """Another index of the same store: what is asked from now on is about it. Work that goes on goes on."""
        self._room = EngineRoom(settings, self._factory, self._report, demo=False)
        self._waiting = {place: ask for place, ask in self._waiting.items() if ask.asker is self._app}

    @property
    def opened(self) -> Engine | None:
        """The engine if it is open, for what takes no time."""
        return self._room.opened

    @property
    def topics(self) -> frozenset[str]:
        """Topics that are being worked on."""
        return frozenset(ask.topic for ask in self._working.values())

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The last questions that were worked on, oldest first."""
        return tuple(self._asked)

    def token(self, topic: str) -> CancelToken:
        """A new token for long work on a topic. It counts as long as a question has it, whatever is asked after it."""
        token = CancelToken()
        self._tokens.setdefault(topic, WeakSet()).add(token)
        return token

    def can_stop(self, topic: str) -> bool:
        """Whether the work on a topic can be stopped."""
        return bool(self._tokens.get(topic))

    def stop(self, *topics: str) -> None:
        """Ask the work on these topics to stop."""
        for topic in topics:
            for token in self._tokens[topic]:
                token.cancel()

    def end(self) -> None:
        """Ask all work to stop, and no question to wait for the store any more."""
        self._end.cancel()
        self.stop(*self._tokens)

    def begin(self) -> None:
        """Begin to work. Nothing is asked before the first paint, which would have to share the processor."""
        self._open = True
        waiting, self._waiting = self._waiting, {}
        for ask in waiting.values():
            self.take(ask)

    def take(self, ask: Ask) -> None:
        """Work on a question now, or when the one before it is done."""
        if not self._open or any(_place(other) == _place(ask) for other in self._working.values()):
            self._waiting[_place(ask)] = ask
        else:
            self._start(ask)

    def changed(self, event: Worker.StateChanged) -> None:
        """A worker is done, or failed with an error that nobody expected: that is handed back too."""
        if event.state not in (WorkerState.SUCCESS, WorkerState.ERROR, WorkerState.CANCELLED):
            return
        ask = self._working.pop(event.worker, None)
        if ask is None:
            return
        if event.worker.error is not None:
            self._app.post_message(Failed(event.worker.error))
            ask.asker.post_message(Refused(ask.topic, ask.ticket, event.worker.error))
        if (waiting := self._waiting.pop(_place(ask), None)) is not None:
            self._start(waiting)

    def _start(self, ask: Ask) -> None:
        worker = self._app.run_worker(partial(self._work, ask, self._room), thread=True, exit_on_error=False)
        self._working[worker] = ask

    def _work(self, ask: Ask, room: EngineRoom) -> None:
        here = threading.get_ident()
        began, outcome = time.monotonic(), "failed"
        self._topics[here], self._told[ask.topic] = ask.topic, _Told(began)
        try:
            with obeying(self._end):
                answer = ask.question(room.engine())
        except EngineError as error:
            outcome = "stopped" if isinstance(error, Cancelled) else "refused"
            self._note(ask, error)
            ask.asker.post_message(Refused(ask.topic, ask.ticket, error))
        else:
            outcome = "answered"
            ask.asker.post_message(Answered(ask.topic, ask.ticket, answer))
        finally:
            self._asked.append(Asked(ask.topic, time.monotonic() - began, outcome))
            del self._topics[here]

    def _note(self, ask: Ask, error: EngineError) -> None:
        """A refusal that stands on a screen is taken down; the app says its own."""
        if ask.asker is not self._app:
            self._app.post_message(Note(in_one_line(error), "bad"))

    def _report(self, progress: Progress) -> None:
        """Pass on a report, some times a second at most and never of short work: called from workers."""
        topic = self._topics.get(threading.get_ident(), FETCH)
        told, now = self._told.get(topic), time.monotonic()
        if told is None or (topic != FETCH and told.is_short(progress, now)) or not told.is_news(progress, now):
            return
        told.at, told.progress = now, progress
        self._app.post_message(Progressed(topic, progress))


def _place(ask: Ask) -> tuple[MessagePump, str]:
    return ask.asker, ask.topic
