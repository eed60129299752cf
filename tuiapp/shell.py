"""What lies around the screens: pages, palette, copies, pins, themes, mouse, and what is remembered and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tuiapp import format as text
from tuiapp import themes
from tuiapp.eventlog import EventLog
from tuiapp.memory import Memory
from tuiapp.messages import Copy, Failed, GoTo, Note, Pin, ShowName
from tuiapp.noise import one_line
from tuiapp.remembering import Remembering
from tuiapp.screens.pages import PageScreen

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.events import Resize

    from tuiapp.market import Market
    from tuiapp.screens.troubles import Trouble
    from tuiapp.themes import Terminal


class Shell(Remembering):
    """The frame, and what a person does to the app rather than to the index.

    Args:
        market: History and as-of session.
        index: Name of the index.
        terminal: What the terminal can show.
        trouble: Why there is nothing to draw, or None.
        memory: What is remembered between runs.
    """

    def __init__(
        self, market: Market, index: str, terminal: Terminal, trouble: Trouble | None, memory: Memory | None = None
    ) -> None:
        memory = memory or Memory()
        self.events = EventLog()
        self.terminal = terminal
        if terminal.remark:
            self.events.add(terminal.remark, "warn")
        super().__init__(market, index, terminal, trouble, memory)

    # -- what was said

    def say(self, what: str, tone: str = "") -> None:
        """Put a message into the status line, and take it down."""
        super().say(what, tone)
        if isinstance(self.screen, PageScreen):
            self.screen.say(text.plain(what), tone)
        if what:
            self.events.add(what, tone)

    def say_below(self, what: str, tone: str = "") -> None:
        """Put a message into the status line that keeps for when a page above it is closed: its foot has keys."""
        super().say(what, tone)
        self.events.add(what, tone)

    @on(Note)
    def take_note(self, event: Note) -> None:
        """Take down what stands elsewhere."""
        self.events.add(event.text, event.tone)

    @on(Failed)
    def take_failure(self, event: Failed) -> None:
        """Take down a bug, and keep its details."""
        self.events.add(f"A bug in flatcap: {one_line(event.error)}. {self.keep(event.error)}", "bad")

    def keep(self, error: BaseException, *, told: bool = True) -> str:
        """Keep the details of an error beside what is remembered, and say where. ``told``: that is told in this run."""
        from tuiapp import crash

        folder = self.memory.path.parent if self.memory.path is not None else None
        said = crash.keep(error, folder, self.events.now())
        if told:
            self.memory.crash = crash.newest(folder)
        return said

    def action_events(self) -> None:
        """Show everything that was said."""
        from tuiapp.screens.events import Events

        self.push_screen(Events(self.events))

    # -- companies

    def action_pin(self) -> None:
        """Pin the company at the cursor, or unpin it."""
        self.pin(self.active.company)

    def pin(self, ticker: str) -> None:
        """Pin a company, or unpin it, on all screens."""
        if not ticker:
            self.say("There is no company at the cursor to pin", "warn")
            return
        pinned = self.market.pins.toggle(ticker)
        self.say(f"{'Pinned' if pinned else 'Unpinned'} {ticker}", "good")
        for screen in self._shown.values():
            screen.pins_changed()
        self._follow_on_pages()

    @on(Pin)
    def take_pin(self, event: Pin) -> None:
        """Pin or unpin the company of a page."""
        self.pin(event.ticker)

    def follow(self) -> None:
        """Draw everything as the market stands now, pages too."""
        super().follow()
        self._follow_on_pages()

    def _follow_on_pages(self) -> None:
        for page in self.screen_stack:
            if isinstance(page, PageScreen):
                page.follow_market()

    @on(ShowName)
    def show_name(self, event: ShowName) -> None:
        """Show the page of a company."""
        from tuiapp.screens.stock import Stock

        self.push_screen(Stock(self.market, event.ticker))

    @on(GoTo)
    def go_to(self, event: GoTo) -> None:
        """Make a session the as-of session."""
        self._moved(self.market.go(event.session), "")

    # -- the terminal

    def get_driver_class(self) -> type[Driver]:
        """Ours, where Textual would take its own for a terminal."""
        found = super().get_driver_class()
        if found.__module__ != "textual.drivers.linux_driver":
            return found
        from tuiapp.driver import TerminalDriver

        return TerminalDriver

    def on_resize(self, event: Resize) -> None:  # noqa: ARG002 (Textual's signature)
        """A terminal of another size may have moved what stood on it."""
        self._forget_drawn()

    def action_redraw(self) -> None:
        """Draw everything again, whatever another program left on the terminal."""
        self._forget_drawn()
        super().action_redraw()
        self.screen.refresh()

    def _forget_drawn(self) -> None:
        if (forget := getattr(self._driver, "forget_drawn", None)) is not None:
            forget()

    @on(Copy)
    def copy(self, event: Copy) -> None:
        """Copy a text to the clipboard of the terminal, and say what came of it."""
        from tuiapp import clipboard

        self.say_of_key(*clipboard.copy(self, event.text, event.what))

    def action_mouse(self) -> None:
        """Turn the mouse on or off."""
        from tuiapp import mouse

        self.say(mouse.toggle(self))

    def action_theme(self) -> None:
        """The next theme."""
        self.say(self.take_theme(""))

    def take_theme(self, name: str) -> str:
        """Take a theme, the next one if none is named; what to say about it."""
        return themes.take(self, name)

    # -- going anywhere

    async def action_palette(self) -> None:
        """Go to a command, a company, a date or a range."""
        from tuiapp import going
        from tuiapp.screens.palette import Palette

        await self.close_prompt()
        self.push_screen(Palette(going.offers(self), self.market))
