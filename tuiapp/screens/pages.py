"""What all pages above a screen have in common: they are opaque, scrolled, copied, and closed by Esc and q."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from tuiapp import keys
from tuiapp.messages import Copy
from tuiapp.widgets.page import Page

T = TypeVar("T")


class PageScreen(ModalScreen[T]):
    """An opaque page above the screen.

    Args:
        page: What stands on it.
    """

    SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scopes of the keys that this page has besides those of all pages."""
    TITLE_OF_COPY: ClassVar[str] = "the page"
    ABOUT: ClassVar[str] = ""
    """What its help says of it, besides its keys."""
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.PAGE)]

    def __init__(self, page: Page) -> None:
        super().__init__(classes="page-screen")
        self._page = page

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of all its keys."""
        return (*self.SCOPES, keys.PAGE)

    def compose(self) -> ComposeResult:
        """The page."""
        yield self._page

    async def action_close(self) -> None:
        """Back to what is below."""
        self.dismiss()

    def follow_market(self) -> None:
        """The as-of session moved, the history is another one, or what is pinned: a page that shows it draws it."""

    def say(self, what: str, tone: str) -> None:
        """Say at the foot of the page what cannot be seen in the status line below it."""
        self._page.say(what, tone)

    @property
    def said(self) -> str:
        """What is said at the foot of the page, empty for nothing."""
        return self._page.said

    def action_help(self) -> None:
        """Show the keys of the page."""
        from tuiapp.screens.help import Help, of_page

        self.app.push_screen(Help(of_page(self)))

    async def accept(self) -> None:
        """Enter was pressed in an input of the page."""

    def action_scroll(self, lines: int) -> None:
        """Some lines up or down."""
        self._page.scroll_lines(lines)

    def action_turn(self, pages: float) -> None:
        """Some pages up or down."""
        self._page.scroll_pages(pages)

    def action_copy(self) -> None:
        """Copy the text of the page, unwrapped only where the page says so."""
        self.app.post_message(Copy(self._page.text_of_all(), self.TITLE_OF_COPY))
