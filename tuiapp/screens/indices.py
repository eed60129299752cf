"""The indices that are defined: what makes each of them, where it stands, and Enter goes over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.cells import cell_len
from textual import on
from textual.binding import BindingType

from tuiapp import format as text
from tuiapp import index_rules, keys
from tuiapp.messages import Answered, Refused
from tuiapp.screens.base import Asker
from tuiapp.screens.pages import PageScreen
from tuiapp.screens.troubles import in_one_line
from tuiapp.widgets.line import Part, fit, width_of
from tuiapp.widgets.page import FOOT, Page, wrapped

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.settings import Settings
    from engine.views.indices import IndexRow
    from tuiapp.choosing import Choosing

Line = list[Part]
HEAD: Final = 2
NAME: Final = 32
LEAST_NAME: Final = 12
STATE: Final = 15
MARGIN: Final = 3
GAPS: Final = 6
LEVEL: Final = 10
DAY: Final = 8
LAST: Final = 10
LAST_FROM: Final = 76
DAY_FROM: Final = 96
"""From so many columns on it is shown which session the last one is, and what its return was."""
LABEL: Final = 10
WHOLE: Final = 200
"""Columns of a copy."""
TOPIC: Final = "indices"
MARK: Final = "•"
HOW_TO_DEFINE: Final = "flatcap config template --indices prints an example."


class Indices(PageScreen[None]):
    """The page of the indices.

    Args:
        index: The one that is shown.
        settings: What a person has set.
    """

    SCOPES: ClassVar[tuple[str, ...]] = (keys.INDICES,)
    TITLE_OF_COPY: ClassVar[str] = "the indices"
    ABOUT: ClassVar[str] = "The indices that are defined, and where they stand. Other ones are defined in a file."
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.INDICES)]

    def __init__(self, index: str, settings: Settings) -> None:
        self._list = IndexList(index, settings)
        super().__init__(self._list)

    def action_scroll(self, lines: int) -> None:
        """Another index."""
        self._list.move(lines)

    def action_turn(self, pages: float) -> None:
        """Some pages of them up or down."""
        self._list.move(round(pages * self._list.room))

    def action_build(self) -> None:
        """Build all of them."""
        cast("Choosing", self.app).build_all()

    async def action_take(self) -> None:
        """Close the page, and go over to the index at the cursor before the next key is looked at."""
        if (row := self._list.current) is not None:
            app = cast("Choosing", self.app)
            await app.pop_screen()
            await app.go_over(row.index, app.market.wanted)

    def follow_market(self) -> None:
        """Something was built: where they stand has changed."""
        self._list.look()


class IndexList(Asker, Page):
    """One line an index, and below them everything about the one at the cursor."""

    def __init__(self, index: str, settings: Settings) -> None:
        super().__init__("index-list")
        self._tickets = {}
        self._index = index
        self._settings = settings
        self._rows: Sequence[IndexRow] | None = None
        self._error: BaseException | None = None
        self._at = self._top = 0

    def on_mount(self) -> None:
        """Ask where they stand."""
        self.look()

    def look(self) -> None:
        """Ask again."""
        self.ask(TOPIC, _asked)

    @on(Answered)
    def take_answer(self, reply: Answered) -> None:
        """Show them; the cursor begins at the one that is shown."""
        if self.is_current(reply):
            first = self._rows is None
            self._rows, self._error = reply.answer, None
            if first:
                self._at = next((at for at, row in enumerate(reply.answer) if row.index == self._index), 0)
            self._into_view()

    @on(Refused)
    def take_refusal(self, reply: Refused) -> None:
        """Say why they are not known."""
        if self.is_current(reply):
            self._error = reply.error
            self._into_view()

    @property
    def current(self) -> IndexRow | None:
        """The index at the cursor."""
        return self._rows[self._at] if self._rows else None

    @property
    def room(self) -> int:
        """Indices that are seen at once: what is told of the one at the cursor stands below them."""
        below = len(self._about(self.size.width)) + FOOT
        return max(1, min(len(self._rows or ()), self.size.height - HEAD - below))

    def move(self, steps: int) -> None:
        """The cursor to another index, not beyond the ends."""
        self.say("", "")
        self._at += steps
        self._into_view()

    def _into_view(self) -> None:
        self._at = max(0, min(len(self._rows or ()) - 1, self._at))
        self._top = max(0, min(max(self._top, self._at - self.room + 1), self._at))
        self.draw_again()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._into_view()

    # -- what is drawn

    def made(self, width: int) -> list[Line]:
        """The lines that are seen at this width."""
        if self._rows is None:
            said = in_one_line(self._error) if self._error is not None else "Loading …"
            return [self._title(), [], *wrapped(said, "bad" if self._error is not None else "", width)]
        return self._listed(range(self._top, min(len(self._rows), self._top + self.room)), width)

    def _listed(self, shown: Iterable[int], width: int) -> list[Line]:
        return [self._title(), self._heading(width), *(self._row(at, width) for at in shown), *self._about(width)]

    def text_of_all(self) -> str:
        """All of them as text, those too for which there is no room."""
        lines = self._listed(range(len(self._rows or ())), WHOLE)
        return "\n".join("".join(said for said, _ in line).rstrip() for line in lines)

    def _title(self) -> Line:
        counted = f"  {len(self._rows)} defined" if self._rows else ""
        return [(" Indices", "strong"), (counted, "muted")]

    def _widths(self, width: int) -> tuple[int, int]:
        """Cells of the name and of the rules."""
        own = max((cell_len(text.plain(row.index)) for row in self._rows or ()), default=LEAST_NAME)
        beside = (DAY + 2) * (width >= DAY_FROM) + (LAST + 2) * (width >= LAST_FROM)
        free = max(LEAST_NAME, width - MARGIN - LEVEL - beside - STATE - GAPS)
        name = max(min(own, NAME, free // 2), min(LEAST_NAME, own))
        return name, free - name

    def _heading(self, width: int) -> Line:
        name, rules = self._widths(width)
        day = f"  {fit('Day', DAY, right=True)}" if width >= DAY_FROM else ""
        last = f"  {fit('Last', LAST)}" if width >= LAST_FROM else ""
        said = f"   {fit('Index', name)}  {fit('Rules', rules)}  {fit('Level', LEVEL, right=True)}{day}{last}  State"
        return [(fit(said, width), "head")]

    def _row(self, at: int, width: int) -> Line:
        assert self._rows is not None, "rows are drawn when they are there"
        row, (name, rules) = self._rows[at], self._widths(width)
        tone = "cursor" if at == self._at else ""
        mark = MARK if row.index == self._index else " "
        parts: Line = [
            (f" {mark} {fit(text.plain(row.index), name)}", tone or "strong"),
            (f"  {fit(text.plain(index_rules.in_words(row)), rules)}", tone),
            (f"  {fit(text.level(row.level_pr), LEVEL, right=True)}", tone),
        ]
        if width >= DAY_FROM:
            change = fit(text.percent(row.return_pr), DAY, right=True)
            parts.append((f"  {change}", tone or text.tone(row.return_pr)))
        if width >= LAST_FROM:
            parts.append((f"  {fit(text.iso(row.last_session), LAST)}", tone))
        state = index_rules.state(row)
        parts.append((f"  {state}", tone or ("muted" if state == index_rules.BUILT else "warn")))
        return [*parts, (" " * max(0, width - width_of(parts)), tone)]

    def _about(self, width: int) -> list[Line]:
        """Everything about the index at the cursor, and how to define another one."""
        row = self.current
        if row is None:
            return []
        lines: list[Line] = [[]]
        for label, value in _facts(row):
            first, *others = wrapped(text.plain(value), "", width, rest=" " * (LABEL + 3))
            lines += [[(f"  {fit(label, LABEL)} ", "muted"), first[1]], *others]
        if index_rules.state(row) != index_rules.BUILT:
            lines += wrapped(f"{keys.shown('indices.build')} builds it, and all others.", "warn", width)
        return [*lines, [], *self._how_to_define(width)]

    def _how_to_define(self, width: int) -> list[Line]:
        from engine.indices import definitions_path

        place = text.plain(str(definitions_path(self._settings)))
        if len(self._rows or ()) > 1:
            return wrapped(f"They are defined in {place}", "muted", width)
        return [*wrapped(f"More of them can be defined in {place}", "", width), *wrapped(HOW_TO_DEFINE, "", width)]

    def foot(self, *, more: bool) -> Line:
        """The keys of the page."""
        below = self._rows is not None and self._top + self.room < len(self._rows)
        hints = [*keys.hints(keys.INDICES, keys.PAGE), *([keys.hint("page.down", "more")] if more or below else [])]
        return [part for key, what in hints for part in ((f" {key} ", "accent"), (f"{what} ", "muted"))]


def _facts(row: IndexRow) -> Iterator[tuple[str, str]]:
    """What stands below the table: the rules in full, and the sessions there are."""
    if row.title:
        yield "Title", row.title
    yield "Rules", index_rules.in_words(row)
    yield "Base", f"{index_rules.base(row)}; cost {row.cost_bps:g} bp a side"
    if row.last_session is not None:
        yield "Sessions", f"{row.first_session} to {row.last_session}"
    yield "Defined", "by the settings" if row.origin == "settings" else f"in {row.origin}"


def _asked(engine: Engine) -> tuple[IndexRow, ...]:
    return engine.indices()
