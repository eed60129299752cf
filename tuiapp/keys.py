"""Every key, declared once: bindings, footer, help and the README's table are made from ``KEYS``.

No key here needs ctrl with m, h, j, i, b, a or s: terminals, tmux and screen keep those for themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.binding import Binding

EVERYWHERE: Final = "everywhere"
TABLE: Final = "tables"
PERFORMANCE: Final = "performance"
COMPOSITION: Final = "composition"
MEMBERS: Final = "members"
CONTRIBUTIONS: Final = "contributions"
CHANGES: Final = "changes"
DATA: Final = "data"
FINDINGS: Final = "findings"
DECISIONS: Final = "decisions"
FETCHES: Final = "fetches"
FIRST_RUN: Final = "first run"


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
    Key("performance.back", ("left", "h"), "← h", "app.walk(-1)", "one session back, beside a chart", PERFORMANCE),
    Key("performance.on", ("right", "l"), "→ l", "app.walk(1)", "one session forward, beside a chart", PERFORMANCE),
    Key("composition.pane", ("c",), "c", "pane(1)", "members, contributions, sectors: next", COMPOSITION, "view"),
    Key("composition.pane_back", ("C",), "C", "pane(-1)", "the one before", COMPOSITION),
    Key("members.cut", ("x",), "x", "cut", "to the last place above the cut, and back", MEMBERS, "cut"),
    Key("contributions.shorter", ("{",), "{", "step_range(-1)", "shorter range", CONTRIBUTIONS),
    Key("contributions.longer", ("}",), "}", "step_range(1)", "longer range", CONTRIBUTIONS, "range"),
    Key("contributions.basis", ("t",), "t", "basis", "price return or total return", CONTRIBUTIONS, "PR/TR"),
    Key("findings.open", ("enter",), "Enter", "open", "everything about this finding", FINDINGS, "more"),
    Key("findings.accept", ("v",), "v", "app.prompt('accept-cap')", "accept the cap held back", FINDINGS, "accept"),
    Key("findings.final", ("f",), "f", "app.prompt('final-price')", "give its final price", FINDINGS, "final price"),
    Key("decisions.withdraw", ("u",), "u", "app.prompt('withdraw')", "take the decision back", DECISIONS, "withdraw"),
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
    Key(
        "table.filter",
        ("/",),
        "/",
        "app.prompt('filter')",
        "show rows with this text; !text hides them",
        TABLE,
        "filter",
    ),
    Key("table.sort", ("s",), "s", "sort", "sort by the next column", TABLE, "sort"),
    Key("table.reverse", ("S",), "S", "reverse", "sort the other way round", TABLE),
    Key("table.up", ("up", "k"), "↑ k", "move(-1)", "one row up", TABLE),
    Key("table.down", ("down", "j"), "↓ j", "move(1)", "one row down", TABLE),
    Key("table.half_up", ("ctrl+u",), "ctrl+u", "half(-1)", "half a page up", TABLE),
    Key("table.half_down", ("ctrl+d",), "ctrl+d", "half(1)", "half a page down", TABLE),
    Key("table.page_up", ("pageup",), "PgUp", "page(-1)", "a page up", TABLE),
    Key("table.page_down", ("pagedown",), "PgDn", "page(1)", "a page down", TABLE),
    Key("table.top", ("g", "home"), "g Home", "top", "first row", TABLE),
    Key("table.bottom", ("G", "end"), "G End", "bottom", "last row", TABLE),
    Key("table.left", ("left", "h"), "← h", "columns(-1)", "columns further left", TABLE),
    Key("table.right", ("right", "l"), "→ l", "columns(1)", "columns that had no room", TABLE),
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
        "type the as-of date: 2024-03-15, 2024-03 or 2024",
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
)

ALWAYS_SHOWN: Final = ("app.help", "app.quit")
NEXT_TO_OWN: Final = "app.explain"
PAIRED: Final = {
    "range.longer": "{ }",
    "contributions.longer": "{ }",
    "session.on": "[ ]",
    "app.help": "?",
    "app.quit": "q",
}


def bindings(scope: str) -> list[Binding]:
    """The bindings of one scope, for the ``BINDINGS`` of its widget, screen or app."""
    from textual.binding import Binding

    return [
        Binding(",".join(key.keys), key.action, key.text, id=key.id, show=bool(key.hint))
        for key in KEYS
        if key.scope == scope
    ]


def in_scopes(*scopes: str) -> Iterator[Key]:
    """The keys of these scopes, the nearest scope first."""
    for scope in scopes:
        yield from (key for key in KEYS if key.scope == scope)


def hints(*scopes: str, explains: bool = True) -> list[tuple[str, str]]:
    """Keys and words of the footer, without those that are always shown; the screen's own ones come first."""
    left_out = ALWAYS_SHOWN if explains else (*ALWAYS_SHOWN, NEXT_TO_OWN)
    hinted = (key for key in in_scopes(*scopes) if key.hint and key.id not in left_out)
    keys = sorted(hinted, key=lambda key: key.scope in (TABLE, EVERYWHERE) and key.id != NEXT_TO_OWN)
    return [(PAIRED.get(key.id, key.shown), key.hint) for key in keys]


def always() -> list[tuple[str, str]]:
    """Keys and words that the footer never loses."""
    return [(PAIRED[key.id], key.hint) for key in KEYS if key.id in ALWAYS_SHOWN]


def key_table() -> list[tuple[str, str, str]]:
    """Keys, where they work and what they do, one row a key: the table of the README."""
    order = (
        EVERYWHERE,
        FIRST_RUN,
        PERFORMANCE,
        TABLE,
        COMPOSITION,
        MEMBERS,
        CONTRIBUTIONS,
        CHANGES,
        DATA,
        FINDINGS,
        DECISIONS,
        FETCHES,
    )
    return [(key.shown, key.scope, key.text) for key in in_scopes(*order)]
