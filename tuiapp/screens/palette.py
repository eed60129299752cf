"""The palette: a text that is typed, what answers to it, and Enter does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.cells import cell_len
from textual import events, on
from textual.binding import BindingType

from tuiapp import format as text
from tuiapp import going, keys
from tuiapp.messages import Answered, Refused
from tuiapp.palette import Choice, Entry, TypedText, matching
from tuiapp.screens.base import Asker
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part, fit, width_of
from tuiapp.widgets.page import FOOT, Page, wrapped

if TYPE_CHECKING:
    from tuiapp.market import Market
    from tuiapp.shell import Shell

HEAD: Final = 2
KIND: Final = 9
NAME: Final = 26
KEY: Final = 7
KINDS: Final = "command, screen, range, company, date: -1y, ytd, 2024-03"
HOW_TO_TYPE: Final = (
    "A command (export), a screen or one of its views (sectors), a range (1Y), a column to sort by, a theme, a company "
    "by ticker or name, or a date: 2024-03-15, 2024-03, 2024, -1y, -3m, +2w, -10d, ytd, first, latest."
)


class Palette(PageScreen[None], inherit_bindings=False):
    """The page of the palette. Characters are text from the first one on, typed ahead or not.

    Args:
        offers: What can be done, but for companies and dates.
        market: History, as-of session and pins.
    """

    SCOPES: ClassVar[tuple[str, ...]] = (keys.PALETTE,)
    TITLE_OF_COPY: ClassVar[str] = "the palette"
    ABOUT: ClassVar[str] = HOW_TO_TYPE
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.PALETTE)]

    def __init__(self, offers: Sequence[Entry], market: Market) -> None:
        self._found = PaletteList(offers, market)
        super().__init__(self._found)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Its own keys alone: characters are text here."""
        return self.SCOPES

    def put(self, character: str) -> None:
        """Take in a character that was typed."""
        self._found.typed.put(character)
        self._found.search()

    def on_paste(self, event: events.Paste) -> None:
        """Take in the first line of what was pasted."""
        event.stop()
        self.put(event.text.partition("\n")[0])

    def action_rub(self) -> None:
        """Take back a character."""
        self._found.typed.rub()
        self._found.search()

    def action_rub_word(self) -> None:
        """Take back a word."""
        self._found.typed.rub_word()
        self._found.search()

    def action_clear(self) -> None:
        """Take back everything."""
        self._found.typed.clear()
        self._found.search()

    def action_complete(self) -> None:
        """Type the name of the entry at the cursor."""
        if (entry := self._found.choice.current) is not None:
            self._found.typed.clear()
            self.put(entry.name)

    def action_move(self, steps: int) -> None:
        """Another entry."""
        self._found.move(steps)

    def action_turn(self, pages: float) -> None:
        """Some pages of entries up or down."""
        self._found.move(round(pages * max(1, self._found.room)))

    async def action_take(self) -> None:
        """Close the palette, and do what the cursor is on before the next key is looked at."""
        if (entry := self._found.choice.current) is not None:
            app = cast("Shell", self.app)
            await app.pop_screen()
            await going.go(app, entry)


class PaletteList(Asker, Page):
    """The line that is typed into, and below it what answers to it."""

    def __init__(self, offers: Sequence[Entry], market: Market) -> None:
        super().__init__("palette-list")
        self._tickets = {}
        self.typed = TypedText()
        self.choice = Choice()
        self._offers = offers
        self._market = market
        self._companies: Sequence[Entry] = going.companies(market, ())
        self._top = self._name_width = 0
        self.search()

    def on_mount(self) -> None:
        """Ask for the companies there are."""
        self.ask("companies", lambda engine: engine.companies())

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """Offer them, too."""
        self._companies = going.companies(self._market, reply.answer)
        self.search(keep=True)

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Without an index there are none."""
        reply.stop()

    def search(self, *, keep: bool = False) -> None:
        """Find what answers to the text."""
        typed = self.typed.text
        rows = going.row_of(self._market, self._companies, typed)
        found = matching((*self._offers, *self._companies, *rows), typed)
        self.choice.take([*going.dated(self._market, typed), *found], keep=keep)
        self._name_width = min(NAME, max((cell_len(entry.name) for entry in self.choice.entries), default=0) + 1)
        self.move(0)

    def move(self, steps: int) -> None:
        """Choose another entry, and bring it into view."""
        self.choice.move(steps)
        at = self.choice.at
        self._top = max(0, min(max(self._top, at - self.room + 1), at))
        self.refresh()

    @property
    def room(self) -> int:
        """Entries that are seen at once."""
        return max(1, self.size.height - HEAD - FOOT)

    def on_resize(self) -> None:
        """Keep the choice in view."""
        self.move(0)

    def made(self, width: int) -> list[list[Part]]:
        """All lines at this width."""
        entries = self.choice.entries
        return [self._input(), self._counted(), *(self._entry(at, width) for at in range(len(entries)))]

    def parts_at(self, y: int) -> list[Part]:
        """A line of those that are seen; the others are not made."""
        width, height = self.size
        if y == height - FOOT:
            return self.foot(more=self._top + self.room < len(self.choice.entries))
        if y < HEAD:
            return self._counted() if y else self._input()
        at = self._top + y - HEAD
        if at < len(self.choice.entries):
            return self._entry(at, width)
        missing = [] if self.choice.entries else self._nothing(width)
        return missing[y - HEAD] if y - HEAD < len(missing) else []

    def _input(self) -> list[Part]:
        room = max(1, self.size.width - 5)
        return [(" > ", "accent"), (_end_of(self.typed.text, room), "strong"), (" ", "cursor")]

    def _counted(self) -> list[Part]:
        every = len(self._offers) + len(self._companies)
        counted = f"{len(self.choice.entries):,} of {every:,}"
        return [(f" {counted if self.typed.text else KINDS}", "muted")]

    def _nothing(self, width: int) -> list[list[Part]]:
        said = f"Nothing answers to “{text.plain(self.typed.text)}”. What can be typed:"
        return [*wrapped(said, "warn", width), *wrapped(HOW_TO_TYPE, "", width)]

    def _entry(self, at: int, width: int) -> list[Part]:
        entry, chosen = self.choice.entries[at], at == self.choice.at
        kind, key = fit(f" {entry.kind}", KIND + 1), fit(entry.key, KEY, right=True) + " "
        room = width - KIND - KEY - 2
        name = fit(entry.name, min(self._name_width, room)) + " " if entry.about else fit(entry.name, room)
        about = fit(entry.about, max(0, room - width_of([(name, "")]))) if entry.about else ""
        if chosen:
            return [(fit(f"{kind}{name}{about}{key}", width), "cursor")]
        return [(kind, "muted"), (name, ""), (about, "muted"), (key, "accent")]

    def foot(self, *, more: bool) -> list[Part]:
        """The keys of the page."""
        hints = [*keys.hints(keys.PALETTE), *([keys.hint("palette.down", "more")] if more else [])]
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _end_of(typed: str, room: int) -> str:
    """As much of the end of a text as there is room for."""
    shown = text.plain(typed)
    while width_of([(shown, "")]) > room:
        shown = shown[1:]
    return shown
