"""What the parts of the app say to each other. Workers post; handlers draw."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.message_pump import MessagePump

from engine.events import Progress

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.quality import Decision

Question = Callable[["Engine"], Any]


class Ask(Message):
    """A question for the engine, on its way to the app."""

    def __init__(self, asker: MessagePump, topic: str, ticket: int, question: Question) -> None:
        super().__init__()
        self.asker = asker
        self.topic = topic
        self.ticket = ticket
        self.question = question


class Reply(Message, bubble=False):
    """What came of a question; ``ticket`` says of which."""

    def __init__(self, topic: str, ticket: int) -> None:
        super().__init__()
        self.topic = topic
        self.ticket = ticket


class Answered(Reply, bubble=False):
    """The answer of the engine."""

    def __init__(self, topic: str, ticket: int, answer: Any) -> None:
        super().__init__(topic, ticket)
        self.answer = answer


class Refused(Reply, bubble=False):
    """The engine gave no answer: an ``EngineError``, or a bug."""

    def __init__(self, topic: str, ticket: int, error: BaseException) -> None:
        super().__init__(topic, ticket)
        self.error = error


class Arrived(Message):
    """What a screen waited for is there, or will not come."""


class Progressed(Message, bubble=False):
    """Long work reports where it is.

    Args:
        topic: Topic of the question that is worked on.
        progress: How far it is.
    """

    def __init__(self, topic: str, progress: Progress) -> None:
        super().__init__()
        self.topic = topic
        self.progress = progress


class Decide(Message):
    """A person has decided something about the data, or takes that back."""

    def __init__(self, decision: Decision, *, withdraw: bool = False) -> None:
        super().__init__()
        self.decision = decision
        self.withdraw = withdraw


class Say(Message):
    """A line for the status line. ``tone``: an empty string, ``good``, ``warn`` or ``bad``."""

    def __init__(self, text: str, tone: str = "") -> None:
        super().__init__()
        self.text = text
        self.tone = tone


class Note(Message):
    """A line for the event log alone: what was said of it stands elsewhere. ``tone`` as in ``Say``."""

    def __init__(self, text: str, tone: str = "") -> None:
        super().__init__()
        self.text = text
        self.tone = tone


class Failed(Message):
    """Work in a thread ended with an error that nobody expected."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class Place(Message):
    """Where a screen stands (``row 12 of 100``), for the end of the status line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Copy(Message):
    """A text for the clipboard of the terminal.

    Args:
        text: What to copy.
        what: What a person calls it: ``the cell``, ``the table of 100 rows``.
    """

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what


class ShowName(Message):
    """Show the page of a company."""

    def __init__(self, ticker: str) -> None:
        super().__init__()
        self.ticker = ticker


class Pin(Message):
    """Pin a company, or unpin it."""

    def __init__(self, ticker: str) -> None:
        super().__init__()
        self.ticker = ticker


class GoTo(Message):
    """Make a session the as-of session of all screens."""

    def __init__(self, session: date) -> None:
        super().__init__()
        self.session = session


class HintsChanged(Message):
    """The footer and the header have to be drawn again."""
