"""Where the palette leads: what it offers in the state that the app is in, and how that is done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tuiapp import dates, keys, keystrokes, themes
from tuiapp import format as text
from tuiapp.messages import GoTo, ShowName
from tuiapp.palette import Entry
from tuiapp.scopes import CONTRIBUTIONS, PERFORMANCE, TABLE
from tuiapp.screens import SCREENS
from tuiapp.screens.tables import TableScreen

if TYPE_CHECKING:
    from tuiapp.market import Market
    from tuiapp.shell import Shell
    from tuiapp.widgets.row_table import RowTable

RANGES: Final = ("day", "1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "all")
NOT_COMMANDS: Final = (
    *("move(", "half(", "page(", "columns(", "top", "bottom", "crosshair_by(", "step(", "step_to("),
    *("show(", "palette", "back", "walk_to("),
)
"""Beginnings of the actions that only move a cursor, or that the palette offers in other words."""
NEED_INDEX: Final = ("session.", "view.", "app.export", "app.explain")
"""Beginnings of the ids that mean nothing as long as there is no index."""


def offers(app: Shell) -> list[Entry]:
    """Everything that can be done now, but for companies and dates."""
    return [*_screens(app), *_commands(app), *_ranges(app), *_sorts(app), *_themes(app), *_indices(app)]


def companies(market: Market, known: Iterable[tuple[str, str]]) -> list[Entry]:
    """Companies by their tickers, the pinned ones first; none before there is an index that they stand in."""
    if not market.known:
        return []
    names = {ticker: text.plain(name) for ticker, name in known}
    pinned = [Entry("pinned", text.plain(ticker), names.get(ticker, ""), ticker) for ticker in market.pins]
    others = (item for item in names.items() if item[0] not in market.pins)
    return [*pinned, *(Entry("company", text.plain(ticker), name, ticker) for ticker, name in others)]


def row_of(market: Market, companies: Iterable[Entry], typed: str) -> list[Entry]:
    """The row in the ranking of the company whose ticker is typed."""
    wanted = typed.strip().casefold()
    found = (entry for entry in companies if market.known and entry.name.casefold() == wanted)
    return [Entry("row", entry.name, "its row among the members", entry.target) for entry in found]


def dated(market: Market, typed: str) -> list[Entry]:
    """The session that a typed date leads to, if it is one."""
    if not market.known:
        return []
    sessions = market.history.sessions
    day = dates.meant(typed, sessions, market.session)
    if day is None:
        return []
    found = sessions[max(0, bisect_right(sessions, day) - 1)]
    return [Entry("date", text.weekday(found), _about(day, found), found.isoformat())]


def _about(day: date, session: date) -> str:
    if day == session:
        return "as of, on all screens"
    return f"as of, the last session before {day}" if session < day else f"as of, the first session; {day} is earlier"


def _commands(app: Shell) -> Iterator[Entry]:
    useless = () if app.market.known else NEED_INDEX
    possible = {name for name in keystrokes.possible(app) if not name.startswith(useless)}
    for key in keys.in_scopes(*keys.SCOPES):
        if key.id in possible and not key.action.removeprefix("app.").startswith(NOT_COMMANDS):
            name = key.hint or key.id.rpartition(".")[2].replace("_", " ")
            words = (key.id.rpartition(".")[2].replace("_", " "), key.id)
            yield Entry("command", name, key.text, key.id, keys.shown(key.id) if key.keys else "", words)


def _screens(app: Shell) -> Iterator[Entry]:
    shown = app.spec
    for spec in SCREENS:
        yield Entry("screen", spec.title, spec.about, spec.id, keys.shown(f"screen.{spec.id}"))
        for pane, title in spec.panes if app.market.known or spec is shown else ():
            yield Entry("screen", f"{spec.title}: {title}", "", f"{spec.id}:{pane}", words=(title,))


def _ranges(app: Shell) -> Iterator[Entry]:
    if app.market.known:
        yield from (Entry("range", f"range {name}", "", name, words=(name,)) for name in RANGES[1:])


def _sorts(app: Shell) -> Iterator[Entry]:
    table = _table(app)
    for column in table.columns if table is not None else ():
        label = column.label.strip()
        yield Entry(
            "sort", f"sort by {label}", "", column.key, words=(label, column.key, f"sort {label}", f"sort {column.key}")
        )


def _table(app: Shell) -> RowTable[Any] | None:
    """The table that has the cursor, if one has."""
    screen = app.active
    if not isinstance(screen, TableScreen) or TABLE not in screen.scopes or screen.has_notice:
        return None
    return screen.table


def _themes(app: Shell) -> Iterator[Entry]:
    yield from (Entry("theme", f"theme {name}", "", name, words=(name,)) for name in themes.offered(app.terminal))


def _indices(app: Shell) -> Iterator[Entry]:
    for name, rules in app.indices.items():
        shown = ", shown now" if name == app.index else ""
        yield Entry("index", f"index {name}", f"{rules}{shown}", name, words=(name,))


async def go(app: Shell, entry: Entry) -> None:
    """Do what an entry stands for."""
    ways: dict[str, Callable[[Shell, str], Awaitable[None]]] = {
        "command": _run,
        "screen": _show,
        "range": _take_range,
        "sort": _sort,
        "theme": _take_theme,
        "index": _go_over,
        "company": _show_company,
        "pinned": _show_company,
        "row": _look_up,
        "date": _travel,
    }
    await ways[entry.kind](app, entry.target)


async def _run(app: Shell, target: str) -> None:
    await keystrokes.run(app, target)


async def _show(app: Shell, target: str) -> None:
    name, _, wanted = target.partition(":")
    await app.action_show(name)
    panes = [pane for pane, _ in app.spec.panes]
    now = app.active.state().get("pane")
    if wanted in panes and now in panes and (steps := panes.index(wanted) - panes.index(now)):
        await app.run_action(f"pane({steps})", app.active)


async def _take_range(app: Shell, target: str) -> None:
    if not {PERFORMANCE, CONTRIBUTIONS}.intersection(app.active.scopes):
        await app.action_show(SCREENS[0].id)
    now = getattr(app.active, "period", target)
    await app.run_action(f"step_range({RANGES.index(target) - RANGES.index(now)})", app.active)


async def _sort(app: Shell, target: str) -> None:
    """By this column in its own direction, or if the rows stand so already in the other one."""
    table = _table(app)
    column = next((column for column in table.columns if column.key == target), None) if table else None
    if table is not None and column is not None:
        now = table.state()
        down = column.down != ((now["sort"], now["down"]) == (target, column.down))
        table.restore({**now, "sort": target, "down": down})


async def _take_theme(app: Shell, target: str) -> None:
    app.say(app.take_theme(target))


async def _go_over(app: Shell, target: str) -> None:
    await app.go_over(target, app.market.wanted)


async def _travel(app: Shell, target: str) -> None:
    app.go_to(GoTo(date.fromisoformat(target)))


async def _show_company(app: Shell, target: str) -> None:
    app.show_name(ShowName(target))


async def _look_up(app: Shell, target: str) -> None:
    """To the row of a company in the ranking; to its page where it has none."""
    from tuiapp.screens.composition import Composition

    await _show(app, "composition:members")
    if isinstance(app.active, Composition):
        app.active.look_for(target)
