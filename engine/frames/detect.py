"""Which kind of data a file holds: told by its columns, and by its name where they fit several kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.errors import DataError
from engine.frames.synonyms import KINDS, ImportKind, missing, places

PRICES_OR_BENCHMARKS: Final = frozenset({"prices", "benchmarks"})
BRINGS: Final = {"prices": "actions", "accepted-caps": "market-caps"}
"""Kinds that another one fits too: prices bring their actions with them, what is accepted shows its caps."""

SHOWN_COLUMNS: Final = 12
LONGEST_SHOWN: Final = 30


def detect_kind(header: Sequence[str], file_name: str) -> str:
    """The kind of a file with these headings and this name.

    Raises:
        DataError: If the columns fit no kind, or several and the name does not decide.
    """
    fitting = [kind for kind in KINDS.values() if not missing(kind, tuple(places(kind, header)))]
    for name, other in BRINGS.items():
        if KINDS[name] in fitting:
            fitting = [kind for kind in fitting if kind.name != other]
    if len(fitting) > 1:
        fitting = _told_by_name(fitting, file_name)
    if len(fitting) == 1:
        return fitting[0].name
    raise _undecided(header, fitting)


def _told_by_name(fitting: list[ImportKind], file_name: str) -> list[ImportKind]:
    stem = file_name.lower().replace("-", "_")
    named = [kind for kind in fitting if any(word in stem for word in kind.file_words)]
    if len(named) == 1:
        return named
    if {kind.name for kind in fitting} == PRICES_OR_BENCHMARKS:
        return [KINDS["prices"]]
    return fitting


def _undecided(header: Sequence[str], fitting: list[ImportKind]) -> DataError:
    names = [_shown(heading) for heading in header[:SHOWN_COLUMNS]]
    found = ", ".join(names) + (" …" if len(header) > SHOWN_COLUMNS else "")
    if fitting:
        kinds = [kind.name for kind in fitting]
        return DataError(
            f"The columns ({found}) fit {' and '.join(kinds)}.",
            hint=f"put the kind into the name of the file, or say it: flatcap import --kind {'|'.join(kinds)} PATH",
        )
    return DataError(
        f"The columns ({found}) fit no kind of file.",
        hint="the first line must name the columns; flatcap import --kind KIND PATH says which are missing for a kind",
    )


def _shown(heading: str) -> str:
    """A heading that may be anything, safe to show and not too long."""
    return "".join(sign if sign.isprintable() else "�" for sign in heading.strip())[:LONGEST_SHOWN]
