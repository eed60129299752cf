"""Everything that was said while the app ran, the newest line first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import BindingType
from textual.message import Message

from tuiapp import format as text
from tuiapp import keys
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part, spread, width_of
from tuiapp.widgets.page import Page, wrapped

if TYPE_CHECKING:
    from tuiapp.eventlog import Event, EventLog
    from tuiapp.widgets.prompt import Prompt

Line = list[Part]
MARKS: Final = {"good": "+", "warn": "!", "bad": "x"}
LEGEND: Final = "+ done  ! look at it  x failed "
WHILE_ASKING: Final = [("Enter", "done"), ("Esc", "all lines")]
EMPTY: Final = "Nothing was said yet. What is done, what fails and what libraries warn of is kept here until you quit."


class LogChanged(Message, bubble=False):
    """There is another line, or one more of the same."""


class Events(PageScreen[None]):
    """The page of the event log. It follows what is said while it is open.

    Args:
        log: What was said.
    """

    SCOPES: ClassVar[tuple[str, ...]] = (keys.EVENTS,)
    TITLE_OF_COPY = "the event log"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.EVENTS)]

    def __init__(self, log: EventLog) -> None:
        self._lines = EventsPage(log)
        super().__init__(self._lines)
        self._log = log
        self._prompt: Prompt | None = None

    def on_mount(self) -> None:
        """Follow the log, from what was said while this was made."""
        self._log.on_change = self._changed
        self._lines.turn_over()

    def on_unmount(self) -> None:
        """Let it go."""
        self._log.on_change = None

    def _changed(self) -> None:
        """Called in whichever thread said something."""
        self.post_message(LogChanged())

    @on(LogChanged)
    def follow(self) -> None:
        """Draw what has come."""
        self._lines.follow()

    async def action_filter(self) -> None:
        """Type what the lines are to have in them."""
        from tuiapp.widgets.prompt import Prompt, Wanted

        if self._prompt is None:
            self._prompt = Prompt(Wanted("filter", "/", self._lines.wanted))
            self._lines.asking(True)
            await self.mount(self._prompt)
            self.set_focus(self._prompt.field, scroll_visible=False)

    def on_prompt_typed(self) -> None:
        """Narrow the lines as it is typed."""
        if self._prompt is not None:
            self._lines.narrow(self._prompt.field.value)

    async def accept(self) -> None:
        """Keep the lines as narrow as they are."""
        if self._prompt is not None:
            prompt, self._prompt = self._prompt, None
            self._lines.asking(False)
            await prompt.remove()

    async def action_close(self) -> None:
        """One level back: the input, what it narrowed, the page."""
        if self._prompt is not None or self._lines.wanted:
            await self.accept()
            self._lines.narrow("")
        else:
            self.dismiss()


class EventsPage(Page):
    """The lines, those of other days below their date."""

    def __init__(self, log: EventLog) -> None:
        super().__init__("events-page")
        self._log = log
        self.wanted = ""
        self._asking = False

    def asking(self, asking: bool) -> None:
        """Whether the text of the lines is asked for: the keys are others then."""
        self._asking = asking
        self.refresh()

    def narrow(self, wanted: str) -> None:
        """Show only lines with this text."""
        if wanted != self.wanted:
            self.wanted = wanted
            self.turn_over()

    def follow(self) -> None:
        """Draw again; what is read stays where it is, below the top."""
        before, self._made_for = len(self._all), None
        if self._first:
            self._first += len(self._all) - before
        self.refresh()

    def _found(self) -> list[Event]:
        wanted = self.wanted.casefold()
        return [event for event in reversed(list(self._log)) if wanted in event.text.casefold()]

    def made(self, width: int) -> list[Line]:
        """All lines at this width."""
        found = self._found()
        title = [(" Event log  ", "strong"), (f"{self._counted(len(found))}  ", "muted")]
        lines = [spread(title, [(LEGEND, "muted")] if width_of(title) + len(LEGEND) <= width else [], width)]
        if not len(self._log):
            return [*lines, [], *wrapped(EMPTY, "", width)]
        day = self._log.now().date()
        for event in found:
            if event.moment.date() != day:
                day = event.moment.date()
                lines += [[], [(f" {text.weekday(day)}", "head")]]
            lines += _said(event, width)
        return lines

    def _counted(self, found: int) -> str:
        if self.wanted:
            return f"{found:,} of {text.counted(len(self._log), 'line')} with “{text.plain(self.wanted)}”"
        return f"{text.counted(found, 'line')}, newest first"

    def text_of_all(self) -> str:
        """The lines that are shown as text, each with its date."""
        return "\n".join(f"{event.moment:%Y-%m-%d %H:%M:%S} {_mark(event)} {_text(event)}" for event in self._found())

    def foot(self, *, more: bool) -> Line:
        """The keys of the page."""
        own = WHILE_ASKING if self._asking else keys.hints(keys.EVENTS, keys.PAGE)
        hints = [*own, *([("↓", "more")] if more else [])]
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _said(event: Event, width: int) -> list[Line]:
    """One event: when, how it was meant, what was said, and how often."""
    tone = event.tone
    first, *others = wrapped(_text(event), "" if tone == "good" else tone, width, rest=" " * 12)
    return [[(f" {event.moment:%H:%M:%S} ", "muted"), (f"{_mark(event)} ", tone), first[1]], *others]


def _mark(event: Event) -> str:
    return MARKS.get(event.tone, " ")


def _text(event: Event) -> str:
    return f"{event.text} ({event.count:,} times)" if event.count > 1 else event.text
