"""What a number is made of: its formula, what went into it, and where that came from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.timer import Timer

from tuiapp import keys
from tuiapp.format import plain
from tuiapp.messages import Answered, Refused
from tuiapp.screens.base import BEFORE_LOADING, Asker
from tuiapp.screens.explained import explained, pending, refused
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part, fit, width_of
from tuiapp.widgets.page import Page

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.explanation import Explanation, Subject
    from tuiapp.market import Market

Subjects = Sequence[tuple[str, "Subject"]]
WIDE = 110
LIST = 26


class Explain(PageScreen[None]):
    """The page of one number after the other.

    Args:
        subjects: The numbers, with what they are called.
        at: Place of the one that is shown first.
        market: The history that they belong to, None where it stays what it is.
    """

    SCOPES: ClassVar[tuple[str, ...]] = (keys.EXPLANATION,)
    TITLE_OF_COPY: ClassVar[str] = "the explanation"
    ABOUT: ClassVar[str] = "What a number is made of: its formula, what went into it, and where that came from."
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.EXPLANATION)]

    def __init__(self, subjects: Subjects, at: int = 0, market: Market | None = None) -> None:
        self._numbers = ExplainPage(subjects, at)
        self._market = market
        self._history = market.history if market is not None and market.known else None
        super().__init__(self._numbers)

    def action_step(self, steps: int) -> None:
        """Another number; after the last one comes the first."""
        self._numbers.step(steps)

    def follow_market(self) -> None:
        """Another history: the numbers may be others. What was asked about, and its session, stay."""
        if self._market is not None and self._market.known and self._market.history is not self._history:
            self._history = self._market.history
            self._numbers.ask_anew()


class ExplainPage(Asker, Page):
    """The numbers there are, beside or above the explanation of one of them."""

    def __init__(self, subjects: Subjects, at: int) -> None:
        super().__init__("explain-page")
        self._tickets = {}
        self._labels = [plain(label) for label, _ in subjects]
        self._subjects = [subject for _, subject in subjects]
        self._chosen = self._shown = at
        self._patience: Timer | None = None
        self._known: dict[int, Explanation] = {}
        self._stale: set[int] = set()
        self._error: BaseException | None = None

    def on_mount(self) -> None:
        """Ask about the number that is shown first."""
        self.step(0)

    def step(self, steps: int) -> None:
        """Another number; it is asked about once. What is shown stays until there is an answer, or none in time."""
        self._chosen = place = (self._chosen + steps) % len(self._subjects)
        if self._patience is not None:
            self._patience.stop()
        is_known = place in self._known
        if is_known and steps:
            self._reveal(None)
        if not is_known or place in self._stale:
            self.ask("explain", partial(_asked, place=place, subject=self._subjects[place]))
        if not is_known:
            self._patience = self.set_timer(BEFORE_LOADING, lambda: self._reveal(None))

    def ask_anew(self) -> None:
        """What was told may be so no more; it stays until there is another answer."""
        self._stale |= self._known.keys()
        self.step(0)

    def _reveal(self, error: BaseException | None) -> None:
        """Show the chosen number, as far as it is known."""
        if self._patience is not None:
            self._patience.stop()
        self._shown, self._error = self._chosen, error
        self.turn_over()

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """Keep an explanation, and draw it if it is of the number that is chosen."""
        place, found = reply.answer
        is_other = self._known.get(place) != found
        self._stale.discard(place)
        self._known[place] = found
        if place == self._chosen and (is_other or self._error is not None):
            self._reveal(None)

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Say why there is no explanation."""
        if self.is_current(reply) and self._chosen not in self._known:
            self._reveal(reply.error)

    def _beside(self, width: int) -> bool:
        return width >= WIDE and len(self._labels) > 1

    def made(self, width: int) -> list[list[Part]]:
        """The explanation, below the line of the numbers unless those stand beside it."""
        if self._beside(width):
            return self._told(width - LIST)
        return [self._strip(width), [], *self._told(width)]

    def _told(self, width: int) -> list[list[Part]]:
        if self._error is not None:
            return refused(self._labels[self._shown], self._error, width)
        found = self._known.get(self._shown)
        return explained(found, width) if found else pending(self._labels[self._shown])

    def parts_at(self, y: int) -> list[Part]:
        """A line of the page, behind one of the list where that stands beside it."""
        found = super().parts_at(y)
        if not self._beside(self.size.width) or y == self.size.height - 1:
            return found
        return [self._listed(y), ("│", "faint"), *found]

    def _listed(self, y: int) -> Part:
        rows = self.size.height - 1
        at = max(0, min(self._shown - rows // 2, len(self._labels) - rows)) + y
        label = self._labels[at] if at < len(self._labels) else ""
        return fit(f" {label}", LIST - 1), "cursor" if at == self._shown else "muted"

    def _strip(self, width: int) -> list[Part]:
        """The chosen number and as many of its neighbours as there is room for."""
        count: Part = (f" {self._shown + 1}/{len(self._labels)} ", "accent")
        room = width - width_of([count]) - 1
        first = last = self._shown
        while (first > 0 or last < len(self._labels) - 1) and room:
            wider = [(first - 1, last), (first, last + 1)]
            fitting = [
                (a, b) for a, b in wider if a >= 0 and b < len(self._labels) and width_of(self._tabs(a, b)) <= room
            ]
            if not fitting:
                break
            first, last = fitting[-1] if last - self._shown <= self._shown - first else fitting[0]
        return [count, *self._tabs(first, last)]

    def _tabs(self, first: int, last: int) -> list[Part]:
        return [(f" {self._labels[at]} ", "cursor" if at == self._shown else "muted") for at in range(first, last + 1)]

    def foot(self, *, more: bool) -> list[Part]:
        """The keys of the page."""
        hints = [keys.hint("page.close")]
        hints += [keys.hint("explanation.on", "other numbers")] if len(self._labels) > 1 else []
        hints += [keys.hint("page.down", "more")] if more else []
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _asked(engine: Engine, place: int, subject: Subject) -> tuple[int, Explanation]:
    return place, engine.explain(subject)
