"""Why a screen has nothing to draw: in words, with the next step."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import EngineError
from engine.settings import Settings
from tuiapp.format import plain

Keys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A title, some lines, and the keys or commands that help.

    Attributes:
        kind: ``loading``, ``empty``, ``unbuilt`` or ``failed``.
        title: One short sentence.
        lines: What else there is to say.
        keys: Keys or commands and what they do.
    """

    kind: str
    title: str
    lines: tuple[str, ...] = ()
    keys: Keys = field(default=())


LOADING = Trouble("loading", "Loading …")
MAKING_DEMO = Trouble(
    "loading",
    "Making the synthetic market …",
    ("160 fictional companies, five years of sessions; once, then it is kept.",),
)
BUILDING = Trouble("loading", "Building the index …")
UNBUILT = Trouble(
    "unbuilt",
    "There are data, but no index has been built from them.",
    keys=(
        ("r", "build it now"),
        ("7", "look at what is stored"),
        ("flatcap build", "builds it from the command line"),
        ("q", "quit"),
    ),
)


def empty(settings: Settings) -> Trouble:
    """Nothing was loaded yet."""
    return Trouble(
        "empty",
        "There are no data yet.",
        (f"The store would be in {plain(str(settings.data_dir))}",),
        (
            ("flatcap demo", "a synthetic market to look around in, offline"),
            ("flatcap import PATH...", "CSV or Parquet files of your own, then"),
            ("flatcap build", "the index from them"),
            ("r", "look again"),
            ("q", "quit"),
        ),
    )


def failed(error: BaseException) -> Trouble:
    """A question was refused. A bug is shown whole, by its type."""
    keys: Keys = (("r", "try again"), ("q", "quit"))
    if isinstance(error, EngineError):
        hint = (f"Next: {plain(error.hint)}",) if error.hint else ()
        return Trouble("failed", plain(error.message), hint, keys)
    return Trouble("failed", "This is a bug in flatcap.", (f"{type(error).__name__}: {plain(str(error))}",), keys)


def in_one_line(error: BaseException) -> str:
    """The same for the status line."""
    trouble = failed(error)
    return " ".join((trouble.title, *trouble.lines))
