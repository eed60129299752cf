"""One company: where it stands at the as-of session, and how it came there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.binding import BindingType

from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.messages import Answered, Pin, Refused, Say
from tuiapp.screens.base import BEFORE_LOADING, Asker
from tuiapp.screens.explained import awaited, pending, refused
from tuiapp.screens.pages import PageScreen
from tuiapp.screens.stock_page import asking, facts, lists, pictures
from tuiapp.screens.stock_page.pictures import KINDS, RANGES, Look
from tuiapp.widgets.line import Part, width_of
from tuiapp.widgets.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.views.explanation import Subject
    from engine.views.types import PerformanceView
    from tuiapp.themes import Terminal

COMPANY: Final = "company"
STANDING: Final = "standing"
KNOWN: Final = "known"
FOOT: Final = ("page.close", "name.on", "name.explain", "name.pin", "name.chart", "name.longer", "page.copy")


class Stock(PageScreen[None]):
    """The page of a company; it follows the as-of session.

    Args:
        market: The as-of session, and what is pinned.
        ticker: Ticker that the company goes by at that session.
    """

    SCOPES: ClassVar[tuple[str, ...]] = (keys.NAME,)
    TITLE_OF_COPY: ClassVar[str] = "the page of the company"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.NAME)]

    def __init__(self, market: Market, ticker: str) -> None:
        self._stock = StockPage(market, ticker)
        super().__init__(self._stock)

    def follow_market(self) -> None:
        """The as-of session moved, the history is another one, or what is pinned."""
        self._stock.follow()

    def action_pin(self) -> None:
        """Pin the company, or unpin it."""
        self.post_message(Pin(self._stock.ticker))

    def action_chart(self) -> None:
        """Draw something else over time."""
        self._stock.draw_next()

    def action_step_range(self, steps: int) -> None:
        """The next shorter or longer range."""
        self._stock.step_range(steps)

    def action_explain(self) -> None:
        """Show what its numbers are made of."""
        subjects = self._stock.subjects()
        if not subjects:
            self.post_message(Say("There is no number of it to explain at this session", "warn"))
            return
        from tuiapp.screens.explain import Explain

        self.app.push_screen(Explain(subjects))


class StockPage(Asker, Page):
    """The lines of the page, as far as there are answers."""

    def __init__(self, market: Market, ticker: str) -> None:
        super().__init__("stock-page")
        self._tickets = {}
        self._market = market
        self._opened_as = ticker
        self._mark = -1
        self._look = Look()
        self._of: PerformanceView | None = None
        self._company: asking.Company | None = None
        self._standing: asking.Standing | None = None
        self._known: asking.Known | None = None
        self._error: BaseException | None = None
        self._late = False

    def on_mount(self) -> None:
        """Ask who it is."""
        self.set_timer(BEFORE_LOADING, self._say_it_is_loaded)
        terminal: Terminal | None = getattr(self.app, "terminal", None)
        self._look = replace(self._look, plain=terminal is not None and not terminal.unicode)
        self._ask_company()

    def _say_it_is_loaded(self) -> None:
        self._late = True
        if self._standing is None:
            self.draw_again()

    @property
    def ticker(self) -> str:
        """Its ticker at the as-of session."""
        return self._company.ticker_at(self._market.session) if self._company else self._opened_as

    def follow(self) -> None:
        """Ask where it stands now, and for all of it where the data are others; or only draw again what is pinned."""
        if self._company is None or (self._market.known and self._of is not self._market.history):
            self._ask_company()
        elif self._market.known and self._mark != self._market.mark:
            self._ask_standing()
        self.draw_again()

    def _ask_company(self) -> None:
        self._of, session = self._market.history, self._market.session
        self.ask(COMPANY, partial(asking.company, ticker=self.ticker, session=session))

    def _ask_standing(self) -> None:
        self._mark = self._market.mark
        self.ask(STANDING, partial(asking.standing, ticker=self.ticker, session=self._market.session))

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """Draw an answer; with the first one there is more to ask."""
        if not self.is_current(reply):
            return
        self._error = None
        take: dict[str, Callable[[Any], None]] = {
            COMPANY: self._take_company,
            STANDING: self._take_standing,
            KNOWN: self._take_known,
        }
        take[reply.topic](reply.answer)
        self.draw_again()

    def _take_company(self, answer: asking.Company) -> None:
        is_first, self._company = self._company is None, answer
        if is_first and self._market.known:
            sessions = self._market.history.sessions
            self._look = pictures.first_look(self._look, answer, sessions, self._market.place)
        self._ask_standing()
        self.ask(KNOWN, partial(asking.known, tickers=frozenset(answer.tickers)))

    def _take_standing(self, answer: asking.Standing) -> None:
        self._standing = answer

    def _take_known(self, answer: asking.Known) -> None:
        self._known = answer

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Say why there is nothing to show."""
        if self.is_current(reply):
            self._mark, self._error = -1, reply.error
            self.draw_again()

    # -- keys

    def draw_next(self) -> None:
        """Market cap, close, rank: the next one."""
        self._look = replace(self._look, kind=(self._look.kind + 1) % len(KINDS))
        self.draw_again()

    def step_range(self, steps: int) -> None:
        """The next shorter or longer range."""
        at = RANGES.index(self._look.period) + steps
        self._look = replace(self._look, period=RANGES[max(0, min(len(RANGES) - 1, at))])
        self.draw_again()

    def subjects(self) -> Sequence[tuple[str, Subject]]:
        """Its numbers, where it is a member or near the cut."""
        found = self._standing
        if found is None or found.row is None:
            return ()
        from tuiapp.screens.composed import subjects

        return subjects.of_member(found.row, found.status.session)

    # -- drawing

    def made(self, width: int) -> list[list[Part]]:
        """Who it is and where it stands, then how it came there."""
        label = text.plain(self._opened_as)
        if self._error is not None:
            return refused(label, self._error, width)
        if self._company is None or not self._market.known:
            return pending(label, late=self._late)
        return self._all_about(self._company, self._standing, width)

    def _all_about(self, company: asking.Company, standing: asking.Standing | None, width: int) -> list[list[Part]]:
        session = standing.status.session if standing else self._market.session
        sessions = self._market.history.sessions
        pinned = company.ticker_at(session) in self._market.pins
        place = max(0, bisect_right(sessions, session) - 1)
        pair = keys.hint("name.longer")[0]
        return [
            *facts.heading(company, session, width, pinned=pinned),
            [],
            *(facts.facts(company, standing, width) if standing else [awaited(late=self._late)]),
            [],
            *pictures.picture(company, sessions, place, self._look, (keys.hint("name.chart")[0], pair), width),
            *lists.spells(company, sessions, session),
            *lists.changes(company, session, width),
            *lists.last_sessions(company, session, width),
            *(lists.known(self._known, width) if self._known else ()),
        ]

    def foot(self, *, more: bool) -> list[Part]:
        """The keys of the page, as many as there is room for."""
        hints = [keys.hint(name) for name in FOOT]
        hints[1:1] = [("↓", "more")] if more else []
        parts: list[Part] = []
        for key, what in hints:
            hint: list[Part] = [(f" {key} ", "accent"), (f"{what} ", "muted")]
            if width_of([*parts, *hint]) <= self.size.width:
                parts += hint
        return parts
