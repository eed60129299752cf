"""Every key, declared once: what it is called, where it works and what it does.

No key here needs ctrl with m, h, j, i, b, a or s: terminals, tmux and screen keep those for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tuiapp.scopes import (
    CHANGES,
    CHART,
    COMPOSITION,
    CONTRIBUTIONS,
    DATA,
    DECISIONS,
    EVENTS,
    EVERYWHERE,
    EXPLANATION,
    FETCHES,
    FINDINGS,
    FIRST_RUN,
    MEMBERS,
    NAME,
    PAGE,
    PALETTE,
    PERFORMANCE,
    SESSIONS,
    TABLE,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a key does.

    Attributes:
        id: Stable name, ``scope.what``: a keymap of a person's own refers to it.
        keys: Names of the keys as Textual knows them, or the characters themselves.
        shown: How the keys are written for people.
        action: What is called on the widget, screen or app of ``scope``.
        text: One line that explains it.
        scope: Where it works: ``everywhere``, ``tables``, ``first run`` (where there is no index yet), or the name of a
            screen or of a view in it.
        hint: Word for the footer; empty for a key that is only in the help.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    action: str
    text: str
    scope: str
    hint: str = ""


KEYS: Final = (
    Key(
        "performance.pane",
        ("c",),
        "c",
        "pane(1)",
        "chart, drawdown, periods, months …: next",
        PERFORMANCE,
        "view",
    ),
    Key("performance.pane_back", ("C",), "C", "pane(-1)", "the one before", PERFORMANCE),
    Key("range.shorter", ("{",), "{", "step_range(-1)", "shorter range", PERFORMANCE),
    Key("range.longer", ("}",), "}", "step_range(1)", "longer range", PERFORMANCE, "range"),
    Key("performance.basis", ("t",), "t", "basis", "price return or total return", PERFORMANCE, "PR/TR"),
    Key("performance.benchmark", ("b",), "b", "benchmark", "next benchmark, or none", PERFORMANCE, "bench"),
    Key("chart.benchmarks", ("B",), "B", "all_benchmarks", "all benchmarks at once, or none", PERFORMANCE),
    Key(
        "chart.crosshair",
        ("x",),
        "x",
        "crosshair",
        "crosshair: ← → a session, H L ten, Enter as of, Esc ends",
        CHART,
        "cross",
    ),
    Key("chart.back", ("left", "h"), "← h", "step(-1)", "one session back: the crosshair, or all screens", CHART),
    Key("chart.on", ("right", "l"), "→ l", "step(1)", "one session forward likewise", CHART),
    Key("chart.ten_back", ("H", "shift+left"), "H", "step(-10)", "ten sessions back likewise", CHART),
    Key("chart.ten_on", ("L", "shift+right"), "L", "step(10)", "ten sessions forward likewise", CHART),
    Key(
        "chart.first", ("g", "home"), "g Home", "step_to('first')", "crosshair to the left end, or first session", CHART
    ),
    Key(
        "chart.last", ("G", "end"), "G End", "step_to('latest')", "crosshair to the right end, or latest session", CHART
    ),
    Key("chart.take", ("enter",), "Enter", "take_session", "all screens as of the session at the crosshair", CHART),
    Key("chart.zoom_in", ("z",), "z", "zoom(1)", "zoom in around the crosshair, or the end", CHART, "zoom"),
    Key("chart.zoom_out", ("Z",), "Z", "zoom(-1)", "zoom out", CHART),
    Key("chart.pan_back", ("(",), "(", "pan(-1)", "half a picture back", CHART),
    Key("chart.pan_on", (")",), ")", "pan(1)", "half a picture forward", CHART),
    Key("chart.whole", ("0",), "0", "whole", "the whole range again", CHART),
    Key("chart.log", ("v",), "v", "log", "logarithmic scale, or linear", CHART),
    Key("chart.copy", ("y",), "y", "copy", "copy date and values at the crosshair, or of the as-of session", CHART),
    Key("chart.copy_all", ("Y",), "Y", "copy_table", "copy all values that are drawn, with full precision", CHART),
    Key(
        "sessions.take",
        ("enter",),
        "Enter",
        "take_row",
        "all screens as of this day, trough, end of month",
        SESSIONS,
        "go to",
    ),
    Key("composition.pane", ("c",), "c", "pane(1)", "members, contributions, sectors: next", COMPOSITION, "view"),
    Key("composition.pane_back", ("C",), "C", "pane(-1)", "the one before", COMPOSITION),
    Key("members.cut", ("x",), "x", "cut", "to the last place above the cut, and back", MEMBERS, "cut"),
    Key("members.open", ("enter",), "Enter", "open", "everything about this company", MEMBERS, "more"),
    Key(
        "contributions.open",
        ("enter",),
        "Enter",
        "open",
        "everything about this company; of a sector, its companies",
        CONTRIBUTIONS,
        "more",
    ),
    Key("contributions.shorter", ("{",), "{", "step_range(-1)", "shorter range", CONTRIBUTIONS),
    Key("contributions.longer", ("}",), "}", "step_range(1)", "longer range", CONTRIBUTIONS, "range"),
    Key("contributions.basis", ("t",), "t", "basis", "price return or total return", CONTRIBUTIONS, "PR/TR"),
    Key("findings.open", ("enter",), "Enter", "open", "everything about this finding", FINDINGS, "more"),
    Key("findings.accept", ("v",), "v", "app.prompt('accept-cap')", "accept the market cap given", FINDINGS, "accept"),
    Key("findings.final", ("f",), "f", "app.prompt('final-price')", "give its final price", FINDINGS, "final price"),
    Key("decisions.withdraw", ("w",), "w", "app.prompt('withdraw')", "take the decision back", DECISIONS, "withdraw"),
    Key("fetches.open", ("enter",), "Enter", "open", "the whole text of this line", FETCHES, "more"),
    Key("first.fetch", ("enter",), "Enter", "app.fetch", "fetch what is missing, then build", FIRST_RUN, "fetch"),
    Key("first.demo", ("d",), "d", "app.demo", "look around in the synthetic demo market", FIRST_RUN, "demo market"),
    Key("first.import", ("i",), "i", "app.prompt('import')", "type the path of files of your own", FIRST_RUN, "import"),
    Key("data.pane", ("c",), "c", "pane(1)", "findings, stored data, decisions, fetches: next", DATA, "view"),
    Key("data.pane_back", ("C",), "C", "pane(-1)", "the one before", DATA),
    Key("data.rename", ("n",), "n", "app.prompt('rename')", "add a rename", DATA, "rename"),
    Key("data.issuer", ("o",), "o", "app.prompt('issuer')", "say who issued a security", DATA, "issuer"),
    Key(
        "changes.compare",
        ("d",),
        "d",
        "app.prompt('compare')",
        "compare with another date (Esc ends it)",
        CHANGES,
        "compare",
    ),
    Key("changes.open", ("enter",), "Enter", "open", "everything about this company", CHANGES, "more"),
    Key(
        "table.filter",
        ("/",),
        "/",
        "app.prompt('filter')",
        "rows with this text, !text without; or ret<-3 sector=tech rank>90",
        TABLE,
        "filter",
    ),
    Key(
        "table.sort",
        ("s",),
        "s",
        "sort",
        "sort by the column at the cursor; again: reverse; third: as before",
        TABLE,
        "sort",
    ),
    Key("table.reverse", ("S",), "S", "reverse", "sort the other way round", TABLE),
    Key("table.up", ("up", "k"), "↑ k", "move(-1)", "one row up", TABLE),
    Key("table.down", ("down", "j"), "↓ j", "move(1)", "one row down", TABLE),
    Key("table.half_up", ("ctrl+u",), "ctrl+u", "half(-1)", "half a page up", TABLE),
    Key("table.half_down", ("ctrl+d",), "ctrl+d", "half(1)", "half a page down", TABLE),
    Key("table.page_up", ("pageup",), "PgUp", "page(-1)", "a page up", TABLE),
    Key("table.page_down", ("pagedown",), "PgDn", "page(1)", "a page down", TABLE),
    Key("table.top", ("g", "home"), "g Home", "top", "first row", TABLE),
    Key("table.bottom", ("G", "end"), "G End", "bottom", "last row", TABLE),
    Key("table.left", ("left", "h"), "← h", "columns(-1)", "column cursor to the left", TABLE),
    Key(
        "table.right",
        ("right", "l"),
        "→ l",
        "columns(1)",
        "column cursor to the right; columns without room come into view",
        TABLE,
    ),
    Key("table.copy", ("y",), "y", "copy", "copy the cell at the cursor; y again: the row", TABLE, "copy"),
    Key("table.copy_all", ("Y",), "Y", "copy_table", "copy the whole table, with full precision", TABLE),
    Key(
        "app.explain",
        ("i",),
        "i",
        "explain",
        "what the numbers at the cursor are made of",
        EVERYWHERE,
        "explain",
    ),
    Key("session.back", ("[",), "[", "walk(-1)", "all screens one session back", EVERYWHERE),
    Key("session.on", ("]",), "]", "walk(1)", "all screens one session forward", EVERYWHERE, "session"),
    Key("session.first", ("<",), "<", "walk_to('first')", "first session", EVERYWHERE),
    Key("session.latest", (">",), ">", "walk_to('latest')", "latest session", EVERYWHERE),
    Key(
        "session.date",
        ("a",),
        "a",
        "prompt('as-of')",
        "type the as-of date: 2024-03-15, 2024-03, -1y, ytd",
        EVERYWHERE,
        "as of",
    ),
    Key("screen.performance", ("1",), "1", "show('performance')", "performance", EVERYWHERE),
    Key("screen.composition", ("2",), "2", "show('composition')", "composition", EVERYWHERE),
    Key("screen.changes", ("3",), "3", "show('changes')", "changes", EVERYWHERE),
    Key("screen.data", ("7",), "7", "show('data')", "data: what was found, what is stored", EVERYWHERE),
    Key("screen.last", ("-",), "-", "show_last", "the screen before this one", EVERYWHERE),
    Key("app.export", ("e",), "e", "export", "write the Excel workbook into the current folder", EVERYWHERE, "export"),
    Key(
        "view.undo",
        ("u",),
        "u",
        "undo",
        "take back the last change: sort, filter, range, date, screen",
        EVERYWHERE,
    ),
    Key("view.pin", ("space",), "Space", "pin", "pin the company at the cursor, or unpin it", EVERYWHERE),
    Key(
        "app.palette", (":", "ctrl+p"), ": ctrl+p", "palette", "go to a command, company, date, range", EVERYWHERE, "go"
    ),
    Key("app.events", ("@",), "@", "events", "everything that was said, newest first", EVERYWHERE),
    Key("app.diagnostics", ("f12",), "F12", "diagnostics", "versions, terminal, store, cache, settings", EVERYWHERE),
    Key("app.theme", ("T",), "T", "theme", "next theme", EVERYWHERE),
    Key("app.mouse", ("%",), "%", "mouse", "mouse on or off; off leaves selecting to the terminal", EVERYWHERE),
    Key(
        "app.reload",
        ("r",),
        "r",
        "reload",
        "build if outdated, else fetch what is missing, else ask again",
        EVERYWHERE,
    ),
    Key("app.force", ("R",), "R", "force", "fetch everything again, what is complete too", EVERYWHERE),
    Key("app.stop", ("X",), "X", "stop", "stop long work; what is finished is kept", EVERYWHERE),
    Key("app.redraw", ("ctrl+l",), "ctrl+l", "redraw", "draw everything again", EVERYWHERE),
    Key("app.back", ("escape",), "Esc", "back", "one level back", EVERYWHERE),
    Key("app.suspend", ("ctrl+z",), "ctrl+z", "suspend_process", "leave to the shell; fg comes back", EVERYWHERE),
    Key("app.help", ("?", "f1"), "? F1", "help", "this help", EVERYWHERE, "help"),
    Key("app.quit", ("q", "ctrl+c"), "q ctrl+c", "quit", "quit", EVERYWHERE, "quit"),
    Key("page.close", ("escape", "q"), "Esc q", "close", "close the page", PAGE, "close"),
    Key("page.down", ("down", "j"), "↓ j", "scroll(1)", "a line down", PAGE),
    Key("page.up", ("up", "k"), "↑ k", "scroll(-1)", "a line up", PAGE),
    Key("page.page_down", ("pagedown", "space"), "PgDn Space", "turn(1)", "a page down", PAGE),
    Key("page.page_up", ("pageup",), "PgUp", "turn(-1)", "a page up", PAGE),
    Key("page.half_down", ("ctrl+d",), "ctrl+d", "turn(0.5)", "half a page down", PAGE),
    Key("page.half_up", ("ctrl+u",), "ctrl+u", "turn(-0.5)", "half a page up", PAGE),
    Key("page.top", ("g", "home"), "g Home", "scroll(-100000)", "first line", PAGE),
    Key("page.bottom", ("G", "end"), "G End", "scroll(100000)", "last line", PAGE),
    Key("page.copy", ("y",), "y", "copy", "copy the text of the page", PAGE, "copy"),
    Key("page.help", ("?", "f1"), "? F1", "help", "the keys of the page", PAGE, "help"),
    Key("page.redraw", ("ctrl+l",), "ctrl+l", "app.redraw", "draw everything again", PAGE),
    Key("page.suspend", ("ctrl+z",), "ctrl+z", "app.suspend_process", "leave to the shell; fg comes back", PAGE),
    Key("page.quit", ("ctrl+c",), "ctrl+c", "app.quit", "quit", PAGE),
    Key("explanation.on", ("right", "l", "tab"), "→ l Tab", "step(1)", "the next number", EXPLANATION, "next number"),
    Key("explanation.back", ("left", "h", "shift+tab"), "← h", "step(-1)", "the number before", EXPLANATION),
    Key("explanation.close", ("i",), "i", "close", "close the page", EXPLANATION),
    Key("name.back", ("[",), "[", "app.walk(-1)", "one session back", NAME),
    Key("name.on", ("]",), "]", "app.walk(1)", "one session forward", NAME, "session"),
    Key("name.explain", ("i",), "i", "explain", "what its numbers are made of", NAME, "explain"),
    Key("name.pin", ("p",), "p", "pin", "pin the company, or unpin it", NAME, "pin"),
    Key("name.chart", ("c",), "c", "chart", "market cap, close, rank over time: next", NAME, "chart"),
    Key("name.shorter", ("{",), "{", "step_range(-1)", "shorter range", NAME),
    Key("name.longer", ("}",), "}", "step_range(1)", "longer range", NAME, "range"),
    Key("events.filter", ("/",), "/", "filter", "lines with this text", EVENTS, "filter"),
    Key("palette.take", ("enter",), "Enter", "take", "do what the cursor is on", PALETTE, "do it"),
    Key("palette.close", ("escape",), "Esc", "close", "close the palette", PALETTE, "close"),
    Key("palette.down", ("down", "ctrl+n"), "↓ ctrl+n", "move(1)", "next entry", PALETTE),
    Key("palette.up", ("up", "ctrl+p"), "↑ ctrl+p", "move(-1)", "entry before", PALETTE),
    Key("palette.page_down", ("pagedown",), "PgDn", "turn(1)", "a page down", PALETTE),
    Key("palette.page_up", ("pageup",), "PgUp", "turn(-1)", "a page up", PALETTE),
    Key("palette.complete", ("tab",), "Tab", "complete", "type the name of the entry at the cursor", PALETTE),
    Key("palette.rub", ("backspace",), "Backspace", "rub", "take back a character", PALETTE),
    Key("palette.rub_word", ("ctrl+w",), "ctrl+w", "rub_word", "take back a word", PALETTE),
    Key("palette.clear", ("ctrl+u",), "ctrl+u", "clear", "take back all that was typed", PALETTE),
    Key("palette.help", ("f1",), "F1", "help", "what can be typed, and the keys", PALETTE, "help"),
    Key("palette.redraw", ("ctrl+l",), "ctrl+l", "app.redraw", "draw everything again", PALETTE),
    Key("palette.suspend", ("ctrl+z",), "ctrl+z", "app.suspend_process", "leave to the shell; fg comes back", PALETTE),
    Key("palette.quit", ("ctrl+c",), "ctrl+c", "app.quit", "quit", PALETTE),
)
