"""What every explanation is put together from: the question, inputs, and numbers as a calculator takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import floor, log10
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from engine.domain.fields import Field, Unit
from engine.indices import rules_of
from engine.views.explanation import Input, Subject, Value
from engine.views.types import IndexStatus

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.index.rules import Rules
    from engine.store.database import Session

T = TypeVar("T")
DIGITS: Final = 10
"""Significant digits of a number in a worked formula."""

MOST_INPUTS: Final = 40


class Read(Protocol):
    """Runs a function on an open session of the store."""

    def __call__(self, work: Callable[[Session], T]) -> T:
        """Give what the function gives."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A number to explain, and whom to ask about it.

    Attributes:
        engine: Its public views.
        read: Way to the stored rows.
        subject: The number.
        field: Its label, unit and decimals.
    """

    engine: Engine
    read: Read
    subject: Subject
    field: Field

    @property
    def key(self) -> str:
        """Key of the number."""
        return self.subject.key

    @property
    def ticker(self) -> str:
        """The ticker asked about as the store writes it."""
        return self.subject.ticker.strip().upper().replace(".", "-").replace("/", "-")

    @property
    def index(self) -> str:
        """Name of the index."""
        return self.engine.settings.index

    @property
    def rules(self) -> Rules:
        """The rules of the index."""
        return rules_of(self.engine.settings)

    def at(self, status: IndexStatus) -> Question:
        """The same at the published session of a header."""
        return Question(self.engine, self.read, self.subject, self.field, status)


@dataclass(frozen=True, slots=True)
class Question(Asked):
    """A number to explain at a session: ``status`` is the header there."""

    status: IndexStatus

    @property
    def session(self) -> date:
        """The published session that the number stands at."""
        return self.status.session


@dataclass(frozen=True, slots=True)
class Told:
    """What an explainer says about a number; the rest of an explanation is the same for all.

    Attributes:
        name: The number in words, without its session.
        value: Its value.
        formula: How it is computed.
        worked: The formula with the numbers in it.
        inputs: What went into it.
        gaps: What was stale, missing, held back or short of history.
        joint: What joins the name to the session: ``at``, or ``to`` for the end of a period.
    """

    name: str
    value: Value
    formula: str
    worked: str = ""
    inputs: tuple[Input, ...] = ()
    gaps: tuple[str, ...] = ()
    joint: str = "at"


Answer = tuple[IndexStatus, Told]
"""The header at the session of a number, and what is told about the number."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The batch that a stored row came with."""

    source: str = ""
    detail: str = ""
    fetched_at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.source} {self.detail}".strip()


# -- inputs


def level(label: str) -> Field:
    """A level among the inputs."""
    return Field("level", label, Unit.LEVEL, 4)


def fraction(label: str, *, signed: bool = True) -> Field:
    """A return or a weight among the inputs."""
    return Field("fraction", label, Unit.FRACTION, 4, signed=signed)


def weight(label: str) -> Field:
    """A weight among the inputs."""
    return fraction(label, signed=False)


def ratio(label: str, decimals: int = 6) -> Field:
    """A plain ratio among the inputs."""
    return Field("ratio", label, Unit.RATIO, decimals)


def dollars(label: str) -> Field:
    """An amount among the inputs, to the cent."""
    return Field("usd", label, Unit.USD, 2)


def counted(label: str) -> Field:
    """A whole number among the inputs."""
    return Field("count", label, Unit.COUNT, 0)


def dated(label: str) -> Field:
    """A session among the inputs."""
    return Field("session", label, Unit.DATE)


def worded(label: str) -> Field:
    """Words among the inputs."""
    return Field("text", label, Unit.TEXT)


def computed(field: Field, value: Value, session: date | None = None, note: str = "") -> Input:
    """An input that was itself computed."""
    return Input(field, value, session, "computed", note=note)


def setting(label: str, value: Value, note: str = "") -> Input:
    """A rule that a person can set."""
    unit = Unit.TEXT if isinstance(value, str) else Unit.COUNT if isinstance(value, int) else Unit.RATIO
    return Input(Field("setting", label, unit, 0 if unit is Unit.COUNT else 4), value, None, "setting", note=note)


def stored(
    field: Field, value: Value, session: date | None, origin: Origin, provenance: str = "given", note: str = ""
) -> Input:
    """An input as it came into the store; what a person has decided says so."""
    decided = origin.source == "decision"
    return Input(field, value, session, "decided" if decided else provenance, str(origin), origin.fetched_at, note)


def noted(one: Input, note: str) -> Input:
    """The same input with something more to be known of it."""
    return replace(one, note="; ".join(filter(None, [one.note, note])))


# -- numbers as text


def number(value: float | int) -> str:
    """Ten significant digits, never an exponent: ``1,893.214523``, ``0.001987654321``."""
    if isinstance(value, int):
        return f"{value:,}"
    if not value:
        return "0"
    decimals = min(max(DIGITS - 1 - floor(log10(abs(value))), 2), 16)
    whole, _, digits = f"{value:,.{decimals}f}".partition(".")
    digits = digits.rstrip("0")
    return f"{whole}.{digits}" if digits else whole


def plus(value: float) -> str:
    """A number to be added: ``+ 0.0019`` or ``- 0.0019``."""
    return f"{'-' if value < 0 else '+'} {number(abs(value))}"


def grouped(value: float) -> str:
    """A number that may be negative, fit to be a factor."""
    return f"({number(value)})" if value < 0 else number(value)


def percent(value: float) -> str:
    """A fraction as percent in a sentence."""
    return f"{100 * value:+.2f} %"


def amount(value: float) -> str:
    """A market cap in a sentence or a worked formula."""
    return number(float(value))


def several(count: int, noun: str) -> str:
    """A number of things: ``1 session``, ``2 sessions``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def as_series(series: str) -> str:
    """``price return`` or ``total return``."""
    return "total return" if series.upper() == "TR" else "price return"
