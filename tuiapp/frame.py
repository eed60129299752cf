"""The frame around the screens: header, status line, prompt and footer, and which screen is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Event, Key

from tuiapp import dates, keys, keystrokes
from tuiapp import format as text
from tuiapp.colours import THEMES
from tuiapp.market import Market
from tuiapp.messages import Arrived, HintsChanged, Place, Say
from tuiapp.screens import SCREENS, ScreenSpec
from tuiapp.screens.base import DataScreen
from tuiapp.screens.pages import PageScreen
from tuiapp.screens.troubles import Trouble
from tuiapp.themes import Terminal, filters_of, is_ansi
from tuiapp.typeahead import TypedAhead
from tuiapp.widgets.footer import Footer
from tuiapp.widgets.ground import Ground
from tuiapp.widgets.header import Header
from tuiapp.widgets.status_line import StatusLine, is_over
from tuiapp.widgets.strip import ProgressStrip
from tuiapp.widgets.too_small import HEIGHT, WIDTH, TooSmall

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.terminal_theme import TerminalTheme
    from textual.events import Resize
    from textual.filter import LineFilter

    from tuiapp.widgets.prompt import Prompt, Wanted

NO_INDEX: Final = "There is no index yet"
SPECS: Final = {spec.id: spec for spec in SCREENS}
DATES: Final = ("as-of", "compare")
"""What a date is asked for."""
PROMPT_HINTS: Final = [("Enter", "done"), ("Esc", "cancel"), ("ctrl+u", "clear")]
PROMPT_ALWAYS: Final = [("ctrl+c", "quit")]
"""Everything else is text there."""


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
        super().__init__(ansi_color=is_ansi(terminal.theme))
        self.market = market
        self.trouble = trouble
        self.index = index
        self._filters_of_ours = filters_of(terminal)
        self._shown: dict[str, DataScreen] = {}
        self._active, self._before = self.first_screen(), SCREENS[0].id
        screens = [(keys.shown(f"screen.{spec.id}"), spec.title) for spec in SCREENS]
        self._header = Header(market, screens, index, terminal.where, remote=terminal.remote)
        self._stage = Container(self._made(self._active), id="stage")
        self._status = StatusLine()
        self._strip = ProgressStrip()
        self._footer = Footer()
        self._prompt: Prompt | None = None
        self._ahead = TypedAhead()
        self._in_key = self._says_of_key = False
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

    def first_screen(self) -> str:
        """Id of the screen that is shown first."""
        return SCREENS[0].id

    def _made(self, name: str) -> DataScreen:
        if name not in self._shown:
            self._shown[name] = SPECS[name].load()(self.market, name)
        return self._shown[name]

    async def action_show(self, name: str) -> None:
        """Put another screen into the frame."""
        if name == self._active:
            return
        await self.close_prompt()
        # Else the empty stage would be drawn between the two.
        with self.batch_update():
            await self._put_on_stage(name)
        self.say("")
        self.follow()

    async def _put_on_stage(self, name: str) -> None:
        new = name not in self._shown
        self.active.display = False
        self._before, self._active = self._active, name
        screen = self._made(name)
        if new:
            await self._stage.mount(screen)
        screen.display = True

    async def action_show_last(self) -> None:
        """Put the screen before this one into the frame."""
        await self.action_show(self._before)

    @property
    def shown(self) -> dict[str, DataScreen]:
        """The screens that were shown so far, by their ids."""
        return self._shown

    def follow(self) -> None:
        """Draw header, active screen and footer as the market stands now."""
        self.active.follow(self.trouble)
        if self._prompt is None:
            self.active.give_keys()
        self.draw_frame()
        self.obey_what_waited()

    @on(HintsChanged)
    def draw_frame(self) -> None:
        """Draw header and footer again."""
        self._header.show(self.spec.title, total=self.is_total)
        self._footer.show(self._hints(), PROMPT_ALWAYS if self._prompt is not None else keys.always())

    @property
    def is_total(self) -> bool:
        """Whether total return is looked at in the place of price return."""
        return bool(getattr(self._shown.get(SCREENS[0].id), "total", False))

    def _hints(self) -> list[tuple[str, str]]:
        if self._prompt is not None:
            return [*PROMPT_HINTS, *([("Tab", "complete")] if self._prompt.complete else [])]
        if self.active.trouble is not None:
            return self.active.trouble.hints
        active = self.active
        return keys.hints(*active.scopes, keys.EVERYWHERE, explains=active.explains, idle=active.idle_keys)

    def action_help(self) -> None:
        """Show the help of this screen."""
        from tuiapp.screens.help import Help, of_first_run, of_screen

        first_run = self.active.has_notice and self.trouble is not None and self.trouble.first_run
        self.push_screen(Help(of_first_run(self.spec) if first_run else of_screen(self.spec, self.active.scopes)))

    def action_explain(self) -> None:
        """Show what the numbers at the cursor are made of."""
        subjects = () if self.trouble is not None or self.active.has_notice else self.active.subjects()
        if not subjects:
            loading = self.trouble.kind == "loading" if self.trouble else self.active.say_when_loaded()
            self.say("Still loading …" if loading else "There is no number at the cursor to explain", "warn")
            return
        from tuiapp.screens.explain import Explain

        self.say("")
        self.push_screen(Explain(subjects, self.active.number_at(subjects), self.market))

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
        if self.has_index():
            self._moved(self.market.walk(sessions), "There is no session " + ("later" if sessions > 0 else "earlier"))

    def action_walk_to(self, end: str) -> None:
        """All screens to the first or the latest session."""
        if self.has_index():
            moved = self.market.go(self.market.history.sessions[0 if end == "first" else -1])
            self._moved(moved, f"This is the {end} session")

    def has_index(self) -> bool:
        """Whether there is an index to look at; says so where there is none."""
        if not self.market.known:
            self.say(NO_INDEX, "warn")
        return self.market.known

    def _moved(self, moved: bool, else_say: str) -> None:
        self.say("" if moved else else_say)
        if moved:
            self.follow()

    def _go_to(self, typed: str) -> None:
        day = self._meant(typed)
        if day is None:
            self.say("")
            return
        moved = self.market.go(day)
        self._moved(moved, "")
        if day < (first := self.market.history.sessions[0]):
            self.say(f"The index begins on {text.weekday(first)}", "warn")
        elif len(typed.strip()) >= len("20240315") and day != self.market.session:
            self.say(f"{day} has no level; as of {text.weekday(self.market.session)}", "warn")

    def _meant(self, typed: str) -> date | None:
        return dates.meant(typed, self.market.history.sessions, self.market.session)

    # -- status line and prompt

    def say(self, what: str, tone: str = "") -> None:
        """Put a message into the status line; without one it says what narrows the screen.

        What is said of a key goes with the next one; what is said of longer work stays.
        """
        self._says_of_key = self._in_key and is_over(what)
        self._status.say(text.plain(what or self.active.narrowed), tone)

    def say_of_key(self, what: str, tone: str = "") -> None:
        """Say what came of a key a little later."""
        self.say(what, tone)
        self._says_of_key = is_over(what)

    @on(Say)
    def take_message(self, event: Say) -> None:
        """A screen has something to say."""
        self.say_of_key(event.text, event.tone)

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
            with self.batch_update():
                self._status.display = False
                await self.screen_stack[0].mount(self._prompt, before=self._strip)
            self.screen_stack[0].set_focus(self._prompt.field, scroll_visible=False)
            self.draw_frame()

    def wanted(self, purpose: str) -> Wanted | None:
        """The text that is asked for with a key, None if there is nothing to ask for now. What is loaded can wait."""
        awaited, is_date = self.active.is_awaited, purpose == "as-of"
        if not awaited and (not self.market.known if is_date else self.active.has_notice):
            self.say("There is nothing here to work on" if self.market.known else NO_INDEX, "warn")
            return None
        if not is_date:
            return self.active.wanted(purpose)
        from tuiapp.widgets.prompt import Wanted

        return Wanted(purpose, "as of:")

    async def on_event(self, event: Event) -> None:
        """Obey a key before the next one is looked at: keys typed ahead keep their order, whatever opens between."""
        if isinstance(event, Key) and not event.is_forwarded:
            self.hold_keys()
            if not self._ahead.keeps(self, event):
                await self._obey(event)
        else:
            await super().on_event(event)

    async def _obey(self, event: Key) -> None:
        if self._says_of_key and not self.is_covered:
            self._says_of_key = False
            self.say("")
        self._in_key = True
        try:
            taken = await keystrokes.obey(self, event)
        finally:
            self._in_key = False
        if not taken and not self.is_covered:
            self.active.pass_over(event.key)

    @property
    def is_covered(self) -> bool:
        """Whether keys are for something else than the screen: a prompt, or a page."""
        return self._prompt is not None or len(self.screen_stack) > 1

    def hold_keys(self) -> None:
        """Give the keys to the screen where nobody has them: Textual hears late that a widget was hidden."""
        if self.focused is None and not self.is_covered:
            self.active.give_keys()

    @on(Arrived)
    def obey_what_waited(self) -> None:
        """Obey the keys that were kept, once what has come is laid out."""
        self.call_after_refresh(self._ahead.obey, self)

    async def close_prompt(self) -> None:
        """Take the input away and give the keys back to the screen."""
        if self._prompt is None:
            return
        prompt, self._prompt = self._prompt, None
        with self.batch_update():
            await prompt.remove()
            self._status.display = True
        self.active.give_keys()
        self.draw_frame()
        self.obey_what_waited()

    def on_prompt_typed(self) -> None:
        """Hand on what has been typed so far."""
        prompt = self._prompt
        if prompt is None or prompt.field.value == prompt.refused:
            return
        if prompt.refused is not None:
            prompt.refuse("")
        self.active.typing(prompt.purpose, prompt.field.value)

    async def action_accept(self) -> None:
        """Hand on the whole text that was typed."""
        if isinstance(self.screen, PageScreen):
            await self.screen.accept()
        if self._prompt is None or self.screen.is_modal:
            return
        purpose, typed = self._prompt.purpose, self._prompt.field.value
        if refusal := self.refusal(purpose, typed):
            self._prompt.refuse(refusal)
            return
        await self.close_prompt()
        self.typed(purpose, typed)

    def refusal(self, purpose: str, typed: str) -> str:
        """Why a text cannot be taken, or not yet."""
        if purpose in DATES and not self.market.known:
            return "Still loading …" if self.active.is_awaited else NO_INDEX
        if purpose in DATES and typed.strip() and self._meant(typed) is None:
            return dates.no_date(typed)
        return self.active.refusal(purpose, typed)

    def typed(self, purpose: str, typed: str) -> None:
        """The whole text that was asked for."""
        if purpose == "as-of":
            self._go_to(typed)
        else:
            self.active.typed(purpose, typed)
