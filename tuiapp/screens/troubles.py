"""Why a screen has nothing to draw: in words, with the next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.errors import (
    ClockBehind,
    EngineError,
    ProviderError,
    StoreDamaged,
    StoreError,
    StoreGone,
    StoreLocked,
    StoreTooNew,
)
from engine.settings import Settings
from tuiapp import format as text
from tuiapp import keys
from tuiapp.command_lines import told
from tuiapp.format import plain
from tuiapp.widgets.strip import Standing

if TYPE_CHECKING:
    from engine.reports import FetchPlan

Keys = tuple[tuple[str, str], ...]

BUG: Final = "This is a bug in flatcap."
"""The title where a failure is nobody's but ours."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A title, some lines, and the keys or commands that help.

    Attributes:
        kind: ``loading``, ``fetching``, ``empty``, ``unbuilt`` or ``failed``.
        title: One short sentence.
        lines: What else there is to say.
        keys: Keys or commands and what they do.
        details: What else there is to say where there is room for it.
        why: What went wrong, in lines that stand before the others.
        tried: Whether there was a fetch that brought nothing.
    """

    kind: str
    title: str
    lines: tuple[str, ...] = ()
    keys: Keys = field(default=())
    details: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    tried: bool = False

    @property
    def has_records(self) -> bool:
        """Whether there is something to look at on the screen of the data all the same."""
        return self.tried or self.kind in ("unbuilt", "fetching")

    @property
    def first_run(self) -> bool:
        """Whether the keys of a first run mean something."""
        return self.kind in ("empty", "unbuilt")

    @property
    def hints(self) -> list[tuple[str, str]]:
        """Its keys for the footer, those of a first run in few words."""
        short = dict(keys.hints(keys.FIRST_RUN))
        told = {*short, keys.shown("app.reload")}
        return [(key, short.get(key, what)) for key, what in self.keys if key in told]


LOADING = Trouble("loading", "Loading …")
MAKING_DEMO = Trouble(
    "loading",
    "Making the synthetic market …",
    ("160 fictional companies, five years of sessions; once, then it is kept.",),
)
BUILDING = Trouble("loading", "Building the index …")


def unbuilt(settings: Settings) -> Trouble:
    """There are data without an index."""
    fetch: Keys = (
        ((keys.shown("first.fetch"), f"fetch what is missing from {vendor(settings)}, then build"),)
        if fetches(settings)
        else ()
    )
    missing = f"the index {plain(settings.index)} has not" if settings.definitions else "no index has"
    return Trouble(
        "unbuilt",
        f"There are data, but {missing} been built from them.",
        keys=(
            (keys.shown("app.reload"), "build it now"),
            *fetch,
            (keys.shown("screen.data"), "look at what is stored"),
            (keys.shown("app.quit"), "quit"),
        ),
        lines=(f"{plain(told('flatcap build'))} builds it from the command line.",),
    )


def waiting(who: str) -> Trouble:
    """What is to be drawn waits until another process lets go of the store."""
    lines = (f"It waits for {plain(who)}.", "It goes on by itself as soon as the store is free.")
    return Trouble("loading", LOADING.title, lines, ((keys.shown("app.quit"), "quit"),))


def fetches(settings: Settings) -> bool:
    """Whether data are ever fetched."""
    return settings.provider not in ("import", "demo")


def vendor(settings: Settings) -> str:
    """Name of the source that is fetched from."""
    return settings.provider.capitalize()


def fetching(settings: Settings, elsewhere: str = "") -> Trouble:
    """A fetch is under way, here or in another process, and there is no index yet."""
    stop: Keys = ((keys.shown("app.stop"), "stop; what was fetched is kept, and is not asked for again"),)
    return Trouble(
        "fetching",
        f"Fetching from {vendor(settings)} …",
        (
            *((f"It is done by {plain(elsewhere)}.",) if elsewhere else ()),
            "The largest companies come first: the index is shown as soon as they are there, while the fetch goes on.",
            f"The store is in {plain(str(settings.data_dir))}",
        ),
        (
            *(() if elsewhere else stop),
            (keys.shown("screen.data"), "look at what is stored so far"),
            (keys.shown("app.quit"), "quit; the fetch goes on" if elsewhere else "stop and quit"),
        ),
    )


def empty(
    settings: Settings,
    plan: FetchPlan | None = None,
    error: BaseException | None = None,
    *,
    tried: bool = False,
    gone: StoreGone | None = None,
) -> Trouble:
    """Nothing was loaded yet: what a fetch would do, what else there is, and why the last attempt failed.

    Where the store is ``gone``, that goes first, with what puts a copy back.
    """
    fetch: Keys = ((keys.shown("first.fetch"), f"fetch this from {vendor(settings)}"),) if fetches(settings) else ()
    folder = plain(str(settings.data_dir))
    return Trouble(
        "empty",
        plain(gone.message) if gone else "There are no data yet.",
        (
            *((_next(gone),) if gone else ()),
            *_advice(error, settings),
            *_planned(plan, settings),
            *(() if tried or gone else (f"The store would be in {folder}",)),
        ),
        (
            *fetch,
            *(((keys.shown("screen.data"), "what came of the last fetch"),) if tried else ()),
            (keys.shown("first.demo"), f"the demo market: synthetic, offline ({plain(told('flatcap demo'))})"),
            (keys.shown("first.import"), f"CSV or Parquet files of your own ({plain(told('flatcap import PATH'))})"),
            *(() if fetches(settings) else ((keys.shown("app.reload"), "look again"),)),
            (keys.shown("app.quit"), "quit"),
        ),
        (*(_stages(plan) if plan else ()), *((f"The store is in {folder}",) if tried else ())),
        (_why(error),) if error else (),
        tried,
    )


def _why(error: BaseException) -> str:
    """Why a first fetch failed: there is nothing yet that it could have left as it was."""
    return plain(error.message) if isinstance(error, ProviderError) else in_one_line(error)


def _advice(error: BaseException | None, settings: Settings) -> tuple[str, ...]:
    unheard = isinstance(error, ProviderError)
    doctor = plain(told("flatcap doctor --online"))
    return (f"{doctor} looks at each host of {vendor(settings)}.",) if unheard else ()


def _planned(plan: FetchPlan | None, settings: Settings) -> tuple[str, ...]:
    """What a fetch would ask for."""
    if plan is None:
        return () if fetches(settings) else (f"Nothing is fetched with provider {settings.provider}.",)
    about = "about " if plan.estimated else ""
    requests = f"{about}{text.counted(plan.requests, 'request')}"
    took = f" and take about {text.duration(plan.seconds)}" if plan.seconds else ""
    return (f"A fetch from {vendor(settings)} would make {requests}{took}.",)


def _stages(plan: FetchPlan) -> tuple[str, ...]:
    """The same, stage by stage."""
    return tuple(f"{text.counted(line.requests, 'request'):>14}  {plain(line.text)}" for line in plan.lines)


def failed(error: BaseException) -> Trouble:
    """A question was refused. A bug is shown whole, by its type."""
    if isinstance(error, EngineError):
        hint = (_next(error),) if error.hint else ()
        return Trouble("failed", plain(error.message), hint, _ways("app.diagnostics", "the store, versions, settings"))
    said = f"{type(error).__name__}: {plain(str(error))}"
    return Trouble("failed", BUG, (said,), _ways("app.events", "everything that was said"))


def _next(error: EngineError) -> str:
    """The next step, its commands as they have to be typed."""
    return f"Next: {plain(told(error.hint))}"


def gone(error: EngineError) -> Trouble:
    """What is drawn elsewhere is not in the store any more: a screen that was not drawn yet has nothing to show."""
    back = (_next(error),) if isinstance(error, StoreGone) else ()
    lines = (plain(error.message), *back, "What was drawn before stays where it is; this was not read yet.")
    return Trouble("failed", f"{GONE}.", lines, _ways("app.diagnostics", "the store, versions, settings"))


def _ways(more: str, what: str) -> Keys:
    """The keys of a failure: to try again, to see more, to leave."""
    first, last = (keys.shown("app.reload"), "try again"), (keys.shown("app.quit"), "quit")
    return first, (keys.shown(more), what), last


def in_one_line(error: BaseException) -> str:
    """The same for the status line."""
    trouble = failed(error)
    return " ".join((trouble.title, *trouble.lines))


# -- what lasts, while what was drawn before stays where it is

SHOWN: Final = "shown is what was read before"
GONE: Final = "The store is gone"
UNUSABLE: Final = "The store cannot be used"
UNBUILT: Final = "The store has no index any more"
NOTHING_WRITTEN: Final = "nothing is fetched or built"
TITLES: Final[dict[type[StoreError], str]] = {
    StoreTooNew: "A newer flatcap changed the store",
    StoreDamaged: "The store cannot be read",
    StoreLocked: "The store is held by others",
    ClockBehind: "The clock is behind",
}


def standing(error: StoreError) -> Standing:
    """What is the matter with a store that was well before, as long as it lasts. The sentence says it in full."""
    title = next((title for kind, title in TITLES.items() if isinstance(error, kind)), "")
    if isinstance(error, ClockBehind):
        return _standing(title, NOTHING_WRITTEN)
    return _standing(title, SHOWN) if title else _standing(plain(error.message).rstrip("."), SHOWN, UNUSABLE)


def without(title: str) -> Standing:
    """What was drawn is not there any more."""
    return _standing(title, SHOWN)


def sentence_without(title: str, settings: Settings, gone: StoreGone | None = None) -> str:
    """The same with the folder, and what can be done about it."""
    if gone is not None:
        return in_one_line(gone)
    back = "put it back, or restore a copy" if title == GONE else f"{keys.shown('app.reload')} says how to build one"
    return f"{title}: {plain(str(settings.data_dir))}. Next: {back}"


def _standing(title: str, rest: str, short: str = "") -> Standing:
    wordings = (f"{title}: {rest}", title, *((f"{short}: {rest}", short) if short else ()))
    return Standing(wordings, "bad", keys.shown("app.reload"), "look again")


def elsewhere(who: str) -> Standing:
    """Another process fetches into the store."""
    wordings = (f"Fetching: {who}", f"Fetching: {who.partition(' (')[0]}")
    return Standing(wordings, "accent", keys.shown("screen.data"), "look")
