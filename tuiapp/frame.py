"""The frame around the screens: header, status line, prompt and footer, and which screen is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Event, Key

from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import HintsChanged, Place, Say
from tuiapp.screens import SCREENS, ScreenSpec
from tuiapp.screens.base import DataScreen
from tuiapp.screens.troubles import Trouble
from tuiapp.themes import THEMES, Terminal, filters_of
from tuiapp.widgets.footer import Footer
from tuiapp.widgets.ground import Ground
from tuiapp.widgets.header import Header
from tuiapp.widgets.status_line import StatusLine
from tuiapp.widgets.strip import ProgressStrip
from tuiapp.widgets.too_small import HEIGHT, WIDTH, TooSmall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.terminal_theme import TerminalTheme
    from textual.events import Resize
    from textual.filter import LineFilter

    from tuiapp.widgets.prompt import Prompt, Wanted

SPECS: Final = {spec.id: spec for spec in SCREENS}
HOW_TO_TYPE: Final = "A date is 2024-03-15, 2024-03 or 2024"
PROMPT_HINTS: Final = [("Enter", "done"), ("Esc", "cancel"), ("ctrl+u", "clear")]


class Frame(App[int]):
    """What is drawn around the screens, and the one as-of session that they follow.

    Args:
        market: History and as-of session.
        index: Name of the index, for the header before there is a history.
        terminal: What the terminal can show.
        trouble: Why there is nothing to draw, or None.
    """

    CSS_PATH = "tuiapp.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.EVERYWHERE)]

    def __init__(self, market: Market, index: str, terminal: Terminal, trouble: Trouble | None) -> None:
        super().__init__(ansi_color=terminal.theme != THEMES[0].name)
        self.market = market
        self.trouble = trouble
        self._filters_of_ours = filters_of(terminal)
        self._shown: dict[str, DataScreen] = {}
        self._active = self._before = SCREENS[0].id
        self._header = Header(market, [(spec.key, spec.title) for spec in SCREENS], index)
        self._stage = Container(self._made(self._active), id="stage")
        self._status = StatusLine()
        self._strip = ProgressStrip()
        self._footer = Footer(keys.always())
        self._prompt: Prompt | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = terminal.theme

    @property
    def ansi_theme(self) -> TerminalTheme:
        """Colours for ANSI names. Textual looks them up for every line it draws; all our themes have the same."""
        return self.ansi_theme_dark

    def get_default_screen(self) -> Ground:
        """The ground that everything stands on."""
        return Ground(id="_default")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, then those that this terminal needs."""
        return [*super().get_line_filters(), *self._filters_of_ours]

    def compose(self) -> ComposeResult:
        """Everything but the screens that nobody has looked at yet."""
        yield self._header
        yield self._stage
        yield self._status
        yield self._strip
        yield self._footer
        yield TooSmall()

    def on_resize(self, event: Resize) -> None:
        """On a terminal that is too small, say so."""
        self.screen_stack[0].set_class(event.size.width < WIDTH or event.size.height < HEIGHT, "-small")

    # -- screens

    @property
    def active(self) -> DataScreen:
        """The screen that is looked at."""
        return self._shown[self._active]

    @property
    def spec(self) -> ScreenSpec:
        """Its declaration."""
        return SPECS[self._active]

    def _made(self, name: str) -> DataScreen:
        if name not in self._shown:
            self._shown[name] = SPECS[name].load()(self.market, name)
        return self._shown[name]

    async def action_show(self, name: str) -> None:
        """Put another screen into the frame."""
        if name == self._active:
            return
        await self.close_prompt()
        new = name not in self._shown
        self.active.display = False
        self._before, self._active = self._active, name
        screen = self._made(name)
        if new:
            await self._stage.mount(screen)
        screen.display = True
        self.say("")
        self.follow()

    async def action_show_last(self) -> None:
        """Put the screen before this one into the frame."""
        await self.action_show(self._before)

    def follow(self) -> None:
        """Draw header, active screen and footer as the market stands now."""
        self.active.follow(self.trouble)
        if self._prompt is None:
            self.active.give_keys()
        self.draw_frame()

    @on(HintsChanged)
    def draw_frame(self) -> None:
        """Draw header and footer again."""
        self._header.show(self.spec.title, total=bool(getattr(self._shown[SCREENS[0].id], "total", False)))
        self._footer.show(self._hints())

    def _hints(self) -> list[tuple[str, str]]:
        if self._prompt is not None:
            return PROMPT_HINTS
        if self.trouble is not None and self.active.has_notice:
            return self.trouble.hints
        return keys.hints(*self.active.scopes, keys.EVERYWHERE, explains=self.active.explains)

    def action_help(self) -> None:
        """Show the help of this screen."""
        from tuiapp.screens.help import Help

        first = (keys.FIRST_RUN,) if self.trouble is not None and self.trouble.first_run else ()
        self.push_screen(Help(self.spec, (*first, *self.active.scopes)))

    def action_explain(self) -> None:
        """Show what the numbers at the cursor are made of."""
        subjects = () if self.trouble is not None or self.active.has_notice else self.active.subjects()
        if not subjects:
            loading = self.trouble.kind == "loading" if self.trouble else self.active.say_when_loaded()
            self.say("Still loading …" if loading else "There is no number at the cursor to explain", "warn")
            return
        from tuiapp.screens.explain import Explain

        self.say("")
        self.push_screen(Explain(subjects))

    def action_redraw(self) -> None:
        """Draw everything again, whatever another program left on the terminal."""
        self.refresh(layout=True)

    async def action_back(self) -> None:
        """One level back: the prompt, what was narrowed, the screen."""
        if self._prompt is not None:
            purpose = self._prompt.purpose
            await self.close_prompt()
            if purpose == "filter":
                self.active.typed(purpose, "")
        elif self.active.step_back():
            self.say("")
        elif self._active != SCREENS[0].id:
            await self.action_show(SCREENS[0].id)

    # -- the as-of session

    def action_walk(self, sessions: int) -> None:
        """All screens some sessions forward or back."""
        if self.market.known:
            self._moved(self.market.walk(sessions), "There is no session " + ("later" if sessions > 0 else "earlier"))

    def action_walk_to(self, end: str) -> None:
        """All screens to the first or the latest session."""
        if self.market.known:
            moved = self.market.go(self.market.history.sessions[0 if end == "first" else -1])
            self._moved(moved, f"This is the {end} session")

    def _moved(self, moved: bool, else_say: str) -> None:
        self.say("" if moved else else_say)
        if moved:
            self.follow()

    def _go_to(self, typed: str) -> None:
        day = text.typed_date(typed)
        if day is None:
            self.say(f"“{text.plain(typed)}” is no date. {HOW_TO_TYPE}" if typed.strip() else "", "warn")
            return
        moved = self.market.go(day)
        self._moved(moved, "")
        if len(typed.strip()) >= len("20240315") and day != self.market.session:
            self.say(f"{day} has no level; as of {text.weekday(self.market.session)}", "warn")

    # -- status line and prompt

    def say(self, what: str, tone: str = "") -> None:
        """Put a message into the status line; without one it says what narrows the screen."""
        self._status.say(text.plain(what or self.active.narrowed), tone)

    @on(Say)
    def take_message(self, event: Say) -> None:
        """A screen has something to say."""
        self.say(event.text, event.tone)

    @on(Place)
    def take_place(self, event: Place) -> None:
        """A screen says where its cursor stands."""
        self._status.put_place(event.text)

    async def action_prompt(self, purpose: str) -> None:
        """Put an input in the place of the status line. The next key is taken only when it is there."""
        from tuiapp.widgets.prompt import Prompt

        await self.close_prompt()
        wanted = self.wanted(purpose)
        if wanted is not None:
            self._prompt = Prompt(wanted)
            self._status.display = False
            await self.screen_stack[0].mount(self._prompt, before=self._strip)
            self.screen_stack[0].set_focus(self._prompt.field, scroll_visible=False)
            self.draw_frame()

    def wanted(self, purpose: str) -> Wanted | None:
        """The text that is asked for with a key, None if there is nothing to ask for now."""
        if self.active.has_notice:
            return None
        if purpose != "as-of":
            return self.active.wanted(purpose)
        from tuiapp.widgets.prompt import Wanted

        return Wanted(purpose, "as of:") if self.market.known else None

    async def on_event(self, event: Event) -> None:
        """Obey a key before the next one is looked at: keys typed ahead keep their order, whatever opens between."""
        if not isinstance(event, Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._prompt is not None and self.focused is self._prompt.field and event.is_printable:
            self._prompt.field.put(event.character or "")
        elif not await self._check_bindings(event.key, priority=True):
            await self._check_bindings(event.key)

    async def close_prompt(self) -> None:
        """Take the input away and give the keys back to the screen."""
        if self._prompt is None:
            return
        prompt, self._prompt = self._prompt, None
        await prompt.remove()
        self._status.display = True
        self.active.give_keys()
        self.draw_frame()

    def on_prompt_typed(self) -> None:
        """Hand on what has been typed so far."""
        if self._prompt is not None:
            self.active.typing(self._prompt.purpose, self._prompt.field.value)

    async def action_accept(self) -> None:
        """Hand on the whole text that was typed."""
        if self._prompt is None:
            return
        purpose, typed = self._prompt.purpose, self._prompt.field.value
        await self.close_prompt()
        self.typed(purpose, typed)

    def typed(self, purpose: str, typed: str) -> None:
        """The whole text that was asked for."""
        if purpose == "as-of":
            self._go_to(typed)
        else:
            self.active.typed(purpose, typed)
