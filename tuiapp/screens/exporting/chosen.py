"""What a person has chosen to be written, and whether that can be. Nothing is drawn or written here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.domain.sheets import SHEETS
from tuiapp import dates
from tuiapp import format as text
from tuiapp.screens.exporting.request import SOURCES, ExportRequest

if TYPE_CHECKING:
    from engine.views.status import PerformanceView

WORKBOOK: Final = ".xlsx"
SUFFIXES: Final = (WORKBOOK, ".csv", ".json", ".jsonl", ".parquet")
"""How the name of a file may end, and so what is written."""
FIRST: Final = "first"
LATEST: Final = "latest"


class NotPossible(Exception):
    """Nothing can be written like that; the text says why."""


class Taken(NotPossible):
    """There is a file of this name already."""


@dataclass(frozen=True, slots=True)
class Span:
    """Places of the first and the last session of a range."""

    first: int
    last: int


@dataclass(slots=True)
class Chosen:
    """Sheets, dates and file.

    Attributes:
        ticked: Names of the sheets.
        start: From when, as it was typed; empty for the first session.
        end: Until when, likewise; empty for the latest one.
        file: The file, as it was typed; None while it has the name that we give it.
        folder: Where that is, as it was typed the last time; empty for the current folder.
        suffix: How that name ends.
    """

    ticked: set[str] = field(default_factory=lambda: set(SHEETS))
    start: str = FIRST
    end: str = LATEST
    file: str | None = None
    folder: str = ""
    suffix: str = WORKBOOK

    @classmethod
    def remembered(cls, state: Mapping[str, Any]) -> Chosen:
        """What was chosen the last time; what makes no sense now is passed over."""
        new = cls()
        sheets, suffix = state.get("sheets"), state.get("suffix")
        ticked = {name for name in SHEETS if name in sheets} if isinstance(sheets, list) else set()
        return cls(
            ticked=ticked or new.ticked,
            start=_short(state.get("from")) or new.start,
            end=_short(state.get("to")) or new.end,
            folder=_short(state.get("folder")),
            suffix=next((known for known in SUFFIXES if known == suffix), new.suffix),
        )

    def to_remember(self, end: str) -> dict[str, Any]:
        """The choice as JSON knows it, with another end, which may not have been typed. A name goes with its day."""
        folder, suffix = self.folder, self.suffix
        if self.file is not None:
            typed = Path(self.file)
            folder, suffix = str(typed.parent) if typed.parent != Path() else "", typed.suffix.lower()
        sheets = [name for name in SHEETS if name in self.ticked]
        return {"sheets": sheets, "from": self.start, "to": end, "folder": folder, "suffix": suffix}

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets in the order of the workbook."""
        return tuple(name for name in SHEETS if name in self.ticked)

    def tick(self, name: str) -> None:
        """Tick a sheet, or untick it."""
        self.ticked ^= {name}

    def tick_all(self) -> None:
        """Tick all sheets; where all are ticked, none."""
        self.ticked = set() if len(self.ticked) == len(SHEETS) else set(SHEETS)

    def last_place(self, sessions: Sequence[date]) -> int:
        """Place of the last session. Raises ``NotPossible``."""
        typed = dates.closing(self.end.strip() or LATEST)
        if typed is None:
            raise NotPossible(_no_date(self.end))
        day = typed.closes(sessions[-1], sessions[0]) if isinstance(typed, dates.Counted) else typed
        return bisect_right(sessions, day) - 1

    def span(self, sessions: Sequence[date]) -> Span:
        """The sessions of the range. Raises ``NotPossible`` where a date is none, or there is no session."""
        last = self.last_place(sessions)
        if last < 0:
            raise NotPossible(f"The index begins on {text.iso(sessions[0])}, after what is typed behind To")
        typed = dates.opening(self.start.strip() or FIRST)
        if typed is None:
            raise NotPossible(_no_date(self.start))
        day = typed.opens(sessions[last], sessions[0]) if isinstance(typed, dates.Counted) else typed
        first = bisect_left(sessions, day)
        if first > last:
            raise NotPossible(f"There is no session from {text.iso(day)} to {text.iso(sessions[last])}")
        return Span(first, last)

    def name(self, view: PerformanceView) -> str:
        """The file as it is called now: as it was typed, else by what it holds, numbered if that is taken."""
        if self.file is not None:
            return self.file
        try:
            session = view.sessions[max(0, self.last_place(view.sessions))]
        except NotPossible:
            session = view.sessions[-1]
        folder = Path(self.folder)
        return str(folder / self._own_name(folder, text.plain(view.status.index), session))

    def _own_name(self, folder: Path, index: str, session: date) -> str:
        tables = [name for name in self.sheets if name != SOURCES]
        about = tables[0].replace("_", "-") if len(tables) == 1 else ""
        stem = "-".join(filter(None, ("flatcap", index, about, text.iso(session))))
        number = 1
        while _seems_taken(folder / (name := f"{stem}{'' if number == 1 else f'-{number}'}{self.suffix}")):
            number += 1
        return name

    def request(self, view: PerformanceView, *, force: str = "") -> ExportRequest:
        """What is to be written.

        Args:
            view: All sessions.
            force: A file that may be written over, as it is typed.

        Raises:
            NotPossible: It cannot be, for a reason that a person can mend.
        """
        if not self.ticked:
            raise NotPossible("No sheet is ticked")
        span = self.span(view.sessions)
        path = self._path(view, span)
        force_it = bool(force) and force == self.name(view)
        if not force_it and _is_there(path):
            raise Taken(f"{path.name} is there already")
        first, last = view.sessions[span.first], view.sessions[span.last]
        what = f"{text.counted(len(self.sheets), 'sheet')}, {text.iso(first)} … {text.iso(last)}"
        return ExportRequest(self.sheets, what, first if span.first else None, last, path=path, force=force_it)

    def _path(self, view: PerformanceView, span: Span) -> Path:
        typed = self.name(view).strip()
        try:
            path = Path(typed).expanduser()
        except RuntimeError:
            raise NotPossible(f"There is no home folder of {text.plain(typed.partition('/')[0])}") from None
        if not typed or typed.endswith("/") or (_is_there(path) and path.is_dir()):
            path /= self._own_name(path, view.status.index, view.sessions[span.last])
        self._refuse_bad(path)
        return path

    def _refuse_bad(self, path: Path) -> None:
        suffix, several = path.suffix.lower(), len(self.ticked) > 1
        if suffix not in SUFFIXES:
            raise NotPossible(f"The name of a file ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
        if suffix != WORKBOOK and several:
            raise NotPossible(f"A {suffix} file holds one table: tick one sheet, not {len(self.ticked)}")
        if not _is_there(path.parent):
            raise NotPossible(f"There is no folder {text.plain(str(path.parent))}")


def rows(chosen: Iterable[str], view: PerformanceView, span: Span) -> int:
    """About how many rows the long sheets among these have."""
    part = slice(span.first, span.last + 1)
    sizes = {"index_performance": len(view.sessions[part]), "daily_composition": sum(view.members[part])}
    return sum(sizes.get(name, 0) for name in chosen)


def _is_there(path: Path) -> bool:
    """Whether there is such a file or folder. Raises ``NotPossible`` where nobody can tell."""
    try:
        return path.exists()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "This cannot be the name of a file"
        raise NotPossible(f"{why}: {text.plain(path.name)}") from None


def _seems_taken(path: Path) -> bool:
    """Likewise for a name of ours, which nobody has asked for yet."""
    try:
        return _is_there(path.expanduser())
    except (NotPossible, RuntimeError):
        return False


def _no_date(typed: str) -> str:
    return f"“{text.plain(typed)}” is no date; {dates.HOW_TO_WRITE}"


def _short(value: object) -> str:
    """What was remembered, if it is a text that can be shown."""
    return value if isinstance(value, str) and value.isprintable() else ""
