"""The page on which a person chooses sheets, dates and file; Enter writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual import events
from textual.binding import BindingType

from engine.domain.sheets import SHEETS
from tuiapp import format as text
from tuiapp import keys
from tuiapp.completion import complete_path
from tuiapp.screens.exporting import chosen
from tuiapp.screens.exporting.chosen import Chosen, NotPossible, Taken
from tuiapp.screens.exporting.editing import Editing
from tuiapp.screens.pages import PageScreen
from tuiapp.widgets.line import Part, fit, fitting, spread, width_of
from tuiapp.widgets.page import FOOT, Page, wrapped

if TYPE_CHECKING:
    from tuiapp.exporting import Exporting
    from tuiapp.market import Market
    from tuiapp.screens.exporting.request import ExportRequest

Line = list[Part]
NAMES: Final = tuple(SHEETS)
NAME: Final = max(map(len, NAMES)) + 1
FIELDS: Final = ("From", "To", "File")
FILE: Final = len(FIELDS) - 1
LABEL: Final = 8
BELOW: Final = 2
"""Lines below the fields: what will be written, or what is wrong with it."""
ROOMY: Final = 3
"""Lines that are left blank where there is room for them."""
MOST_NAMES: Final = 200
"""Cells of completions at most; a wider terminal shows no more of them."""
HINTS: Final = ("export.write", "export.tick", "export.go_on", "export.close", "export.help")
ABOUT: Final = (
    "From and To are dates: 2024-03-15, 2024-03, 2024, -1y, -3m, -2w, -10d, ytd, first, latest. From counts from the "
    "end of the range; its session is the first whose return counts. The file is a workbook (.xlsx) of all sheets that "
    "are ticked, or one table: .csv, .json, .jsonl, .parquet. What is chosen is remembered."
)


class ExportPage(PageScreen[None], inherit_bindings=False):
    """The page of the export. Characters are text in its fields.

    Args:
        market: History and as-of session.
        state: What was chosen the last time.
    """

    SCOPES: ClassVar[tuple[str, ...]] = (keys.EXPORT,)
    TITLE_OF_COPY: ClassVar[str] = "the export"
    ABOUT: ClassVar[str] = ABOUT
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.EXPORT)]

    def __init__(self, market: Market, state: Mapping[str, Any]) -> None:
        self._form = ExportForm(market, state)
        super().__init__(self._form)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Its own keys alone: characters are text here."""
        return self.SCOPES

    def follow_market(self) -> None:
        """The history is another one: what will be written may be, too."""
        self._form.refresh()

    def put(self, character: str) -> None:
        """Take in a character that was typed."""
        self._form.put(character)

    def on_paste(self, event: events.Paste) -> None:
        """Take in the first line of what was pasted."""
        event.stop()
        self._form.paste(event.text.strip().partition("\n")[0])

    def action_move(self, steps: int) -> None:
        """Another line."""
        self._form.move(steps)

    def action_go_on(self) -> None:
        """Complete the path, or go on to the next part of the page."""
        self._form.go_on()

    def action_tick(self) -> None:
        """Tick the sheet at the cursor, or untick it."""
        self._form.tick(every=False)

    def action_tick_all(self) -> None:
        """Tick all sheets, or none."""
        self._form.tick(every=True)

    def action_cursor(self, steps: int) -> None:
        """The cursor to another place of the text."""
        self._form.edit(lambda line: line.move(steps))

    def action_rub(self) -> None:
        """Take back a character."""
        self._form.edit(Editing.rub)

    def action_rub_word(self) -> None:
        """Take back a word."""
        self._form.edit(Editing.rub_word)

    def action_clear(self) -> None:
        """Take back everything."""
        self._form.edit(Editing.clear)

    async def action_write(self) -> None:
        """Close the page and write, unless that cannot be."""
        app = cast("Exporting", self.app)
        if app.is_exporting:
            self._form.refuse(f"Another export is under way; Esc, then {keys.shown('app.stop')} stops it")
        elif (request := self._form.request()) is not None:
            app.keep_choice(self._form.to_remember())
            await app.pop_screen()
            app.export(request)


class ExportForm(Page):
    """The lines of the page."""

    def __init__(self, market: Market, state: Mapping[str, Any]) -> None:
        super().__init__("export-form")
        self._market = market
        self._chosen = Chosen.remembered(state)
        self._end = self._chosen.end
        if market.chosen is not None:
            self._chosen.end = text.iso(market.session)
        self._as_of = self._chosen.end
        self._at = 0
        self._problem = self._found = self._over = ""
        self._editing = Editing("")

    # -- what is chosen

    def to_remember(self) -> dict[str, Any]:
        """The choice; an end that nobody typed is that of this time alone."""
        return self._chosen.to_remember(self._end if self._chosen.end == self._as_of else self._chosen.end)

    def request(self) -> ExportRequest | None:
        """What is to be written; None where that cannot be, which is said."""
        over, self._over = self._over, ""
        try:
            return self._chosen.request(self._market.history, force=over)
        except Taken as taken:
            self.refuse(f"{taken}; {keys.shown('export.write')} again writes over it")
            self._over = self._chosen.name(self._market.history)
        except NotPossible as problem:
            self.refuse(str(problem))
        return None

    def refuse(self, problem: str) -> None:
        """Say what is wrong; all that was typed stays to be mended."""
        self._said(problem=text.plain(problem))

    def _said(self, *, problem: str = "", found: str = "") -> None:
        """What is said below the fields from now on."""
        self.say("", "")
        self._problem, self._found, self._over = problem, found, ""
        self.refresh()

    # -- keys

    @property
    def _field(self) -> int | None:
        """Number of the field at the cursor, None where that is a sheet."""
        return self._at - len(NAMES) if self._at >= len(NAMES) else None

    def move(self, steps: int) -> None:
        """Another line; after the last one comes the first."""
        self._at = (self._at + steps) % (len(NAMES) + len(FIELDS))
        if self._field is not None:
            self._editing = Editing(self._text_of(self._field), chosen=self._field != FILE)
        self._said()

    def go_on(self) -> None:
        """Complete a path; from the sheets to the first field, from a date to the next one."""
        if self._field != FILE:
            self.move(1 if self._field is not None else len(NAMES) - self._at)
            return
        found = complete_path(self._editing.text)
        self._editing.take(found.text)
        self._take(found.text)
        self._said(found=text.plain("  ".join(found.candidates) or found.note)[:MOST_NAMES])

    def put(self, character: str) -> None:
        """A character of the text; on a sheet, what that key does there."""
        if self._field is not None:
            self.paste(character)
            return
        pressed = {" ": "space"}.get(character, character)
        meant = next((key.id for key in keys.in_scopes(keys.EXPORT) if pressed in key.keys), "")
        if meant in ("export.tick", "export.all"):
            self.tick(every=meant == "export.all")
        else:
            self._said(found=f"{keys.shown('export.go_on')} goes on to what can be typed")

    def paste(self, typed: str) -> None:
        """Put a text into the field."""
        self.edit(lambda line: line.put(typed))

    def edit(self, change: Any) -> None:
        """Change the text of the field; there is none on a sheet."""
        if self._field is not None:
            change(self._editing)
            if self._editing.text != self._text_of(self._field):
                self._take(self._editing.text)
        self._said()

    def tick(self, *, every: bool) -> None:
        """Tick the sheet at the cursor, or all of them."""
        if every:
            self._chosen.tick_all()
        elif self._field is None:
            self._chosen.tick(NAMES[self._at])
        self._said()

    def _text_of(self, number: int) -> str:
        return (self._chosen.start, self._chosen.end, self._chosen.name(self._market.history))[number]

    def _take(self, typed: str) -> None:
        if self._field == FILE:
            self._chosen.file = typed
        elif self._field:
            self._chosen.end = typed
        else:
            self._chosen.start = typed

    # -- drawing

    def made(self, width: int) -> list[Line]:
        """All lines at this width."""
        return [*self._all_lines(width, len(NAMES) + len(FIELDS) + BELOW + ROOMY + 1)]

    def parts_at(self, y: int) -> Line:
        """A line of those that there is room for, or that at the bottom."""
        width, height = self.size
        if y == height - FOOT:
            return self._foot()
        lines = [*self._all_lines(width, height - FOOT)]
        return lines[y] if y < len(lines) else []

    def _all_lines(self, width: int, height: int) -> Iterator[Line]:
        room = height - len(FIELDS) - BELOW
        # All sheets at once count for more than the title; the line below the fields says how many are ticked, too.
        title = [self._title(width)] if room > len(NAMES) else []
        room -= len(title)
        blank: list[Line] = [[]] if room >= len(NAMES) + ROOMY else []
        yield from title
        yield from blank
        yield from self._sheets(width, room)
        yield from blank
        yield from (self._line(number, width) for number in range(len(FIELDS)))
        yield from blank
        yield from self._below(width, BELOW + room - len(NAMES) - 3 * len(blank))

    def _title(self, width: int) -> Line:
        status = self._market.history.status
        counted = f"{len(self._chosen.ticked)} of {text.counted(len(NAMES), 'sheet')} "
        return spread([(f" Export {text.plain(status.index)} into a file", "strong")], [(counted, "muted")], width)

    def _sheets(self, width: int, room: int) -> Iterator[Line]:
        """The sheets around the cursor."""
        room = max(1, min(room, len(NAMES)))
        first = max(0, min(self._at - room + 1, len(NAMES) - room))
        for at, name in enumerate(NAMES[first : first + room], start=first):
            tick = f" [{'x' if name in self._chosen.ticked else ' '}] "
            about = fit(SHEETS[name], max(0, width - NAME - len(tick)))
            if at == self._at:
                yield [(fit(f"{tick}{name:{NAME}}{about}", width), "cursor")]
            else:
                yield [(tick, "accent"), (f"{name:{NAME}}", ""), (about, "muted")]

    def _line(self, number: int, width: int) -> Line:
        here = number == self._field
        label: Part = (f" {FIELDS[number]:{LABEL - 1}}", "accent" if here else "muted")
        room = max(1, width - LABEL - 1)
        value = self._editing.parts(room) if here else [(fit(text.plain(self._text_of(number)), room).rstrip(), "")]
        meant = self._meant(number)
        return [label, *value, *(meant if width_of([label, *value, *meant]) < width else [])]

    def _meant(self, number: int) -> Line:
        """The session that a date means."""
        if number == FILE:
            return []
        sessions = self._market.history.sessions
        try:
            span = self._chosen.span(sessions)
        except NotPossible:
            return []
        return [(f"  {text.weekday(sessions[span.last if number else span.first])}", "muted")]

    def _below(self, width: int, room: int) -> Iterator[Line]:
        """What is wrong with it, else what will be written, and how a path goes on or what the sheet holds."""
        if self._problem:
            yield from wrapped(self._problem, "warn", width)[:BELOW]
            return
        yield self._outlook(width)
        about = "" if self._field is not None else f"{NAMES[self._at]}: {SHEETS[NAMES[self._at]]}"
        whole = [] if self._found else wrapped(about, "muted", width)
        yield from (
            whole if len(whole) in range(2, room) else [[(fit(f" {self._found or about}", width).rstrip(), "muted")]]
        )

    def _outlook(self, width: int) -> Line:
        """How much will be written."""
        view = self._market.history
        try:
            span = self._chosen.span(view.sessions)
        except NotPossible:
            return []
        sheets = text.counted(len(self._chosen.ticked), "sheet")
        first, last = (text.iso(view.sessions[place]) for place in (span.first, span.last))
        sessions = text.counted(span.last - span.first + 1, "session")
        rows = chosen.rows(self._chosen.ticked, view, span)
        more = f", about {text.counted(rows, 'row')}" if rows else ""
        forms = (f"{sheets}, {sessions} {first} … {last}{more}", f"{sheets}, {sessions}{more}")
        return fitting([[(f" {form}", "muted")] for form in forms], width)

    def foot(self, *, more: bool) -> Line:  # noqa: ARG002 (all of it is seen)
        """The keys of the page, as many as there is room for."""
        parts: Line = []
        for name in HINTS:
            key, what = keys.hint(name)
            what = "complete" if name == "export.go_on" and self._field == FILE else what
            hint: Line = [(f" {key} ", "accent"), (f"{what} ", "muted")]
            if width_of([*parts, *hint]) <= self.size.width:
                parts += hint
        return parts
