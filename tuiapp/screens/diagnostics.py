"""What the app runs on, on one page, to be copied into a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on

from tuiapp import facts, keys
from tuiapp.format import plain
from tuiapp.messages import Answered, Refused
from tuiapp.screens.base import Asker
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part, fit
from tuiapp.widgets.page import Page, wrapped

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.cache import Inside
    from tuiapp.app import FlatcapApp

LABEL: Final = 20
UNWRAPPED: Final = 100_000
TOPIC: Final = "diagnostics"


class Diagnostics(PageScreen[None]):
    """The page of the diagnostics.

    Args:
        app: What is looked at.
    """

    TITLE_OF_COPY: ClassVar[str] = "the diagnostics"

    def __init__(self, app: FlatcapApp) -> None:
        super().__init__(DiagnosticsPage(app))


class DiagnosticsPage(Asker, Page):
    """All facts: those of this process at once, those of the engine when it has answered."""

    def __init__(self, app: FlatcapApp) -> None:
        super().__init__("diagnostics-page")
        self._tickets = {}
        self._of = app
        self._inside: Inside | BaseException | None = None

    def on_mount(self) -> None:
        """Ask the engine about itself."""
        self.ask(TOPIC, _inside)

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """Add what the engine says."""
        self._fill(reply.answer)

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Say why the engine says nothing."""
        self._fill(reply.error)

    def _fill(self, found: Inside | BaseException) -> None:
        self._inside, self._made_for = found, None
        self.refresh()

    def made(self, width: int) -> list[list[Part]]:
        """Section by section."""
        lines: list[list[Part]] = [[(" Diagnostics", "strong")]]
        for section in facts.sections(self._of, self._inside):
            lines += [[], [(f" {section.title}", "head")]]
            for label, value in section.facts:
                lines += _fact(label, value, width)
        return lines

    def text_of_all(self) -> str:
        """The whole page as text, each fact on one line."""
        return "\n".join("".join(said for said, _ in line).rstrip() for line in self.made(UNWRAPPED))

    def foot(self, *, more: bool) -> list[Part]:
        """The keys of the page."""
        hints = [*keys.hints(keys.PAGE), *([("↓", "more")] if more else [])]
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _fact(label: str, value: str, width: int) -> list[list[Part]]:
    first, *others = wrapped(plain(value), "", width, rest=" " * (LABEL + 3))
    return [[(f"  {fit(plain(label), LABEL)} ", "muted"), first[1]], *others]


def _inside(engine: Engine) -> Inside:
    return engine.inside()
