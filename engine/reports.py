"""What imports, fetches, builds and checks say they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from engine.fetching.asks import SCREEN, SECTORS
from engine.fetching.notes import FetchNote


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows of a file that were not taken, for one reason.

    Attributes:
        reason: One short phrase a person can read (``close is not a positive number``).
        rows: How many rows.
        examples: Up to three rows as text, the first ones in the file.
    """

    reason: str
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    path: Path
    kind: str
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    refused: tuple[Refusal, ...]
    first: date | None
    last: date | None

    @property
    def rows_refused(self) -> int:
        """Rows not taken, over all reasons."""
        return sum(refusal.rows for refusal in self.refused)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, file by file.

    Attributes:
        files: One report a file, in the order they were read.
        earliest: Earliest session whose stored data changed; None if nothing changed.
    """

    files: tuple[FileReport, ...]
    earliest: date | None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        index: Name of the index.
        first: First session computed, None if there was nothing to do.
        last: Last session of the index after the build.
        sessions_built: Sessions computed now.
        sessions_total: Published sessions in all.
        sessions_incomplete: Sessions of the history without a level, because too few prices are known.
        additions: Additions in the sessions computed now.
        deletions: Deletions in the sessions computed now.
        full: True when the history was computed from its start.
        members: Members decided at the last session.
        size: N.
        problem: Why it could not be built, one sentence; empty when it was.
        hint: What to do about that.
    """

    index: str
    first: date | None
    last: date | None
    sessions_built: int
    sessions_total: int
    sessions_incomplete: int
    additions: int
    deletions: int
    full: bool
    members: int
    size: int
    problem: str = ""
    hint: str = ""

    @classmethod
    def of_failure(cls, index: str, size: int, problem: str, hint: str) -> BuildReport:
        """An index that could not be built."""
        return cls(index, None, None, 0, 0, 0, 0, 0, False, 0, size, problem, hint)


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """What became of a decision about the data.

    Attributes:
        text: One sentence that says what is decided now, or was withdrawn.
        changed: False when it was so already.
        earliest: First session whose index it can change; None if none.
    """

    text: str
    changed: bool
    earliest: date | None


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What a fetch is asked for.

    Attributes:
        since: First session wanted, None for the setting ``history_years``.
        symbols: Only these, None or empty for the universe.
        full: Ask again for what is complete.
    """

    since: date | None = None
    symbols: tuple[str, ...] = ()
    full: bool = False


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One stage of a plan.

    Attributes:
        stage: What is asked for: a kind of ``engine.fetching.asks``.
        names: Names concerned, 0 where that is not known before the screen.
        requests: Requests.
        text: One phrase for a person: ``prices since 2021-11-22``.
    """

    stage: str
    names: int
    requests: int
    text: str


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """What a fetch would do.

    Attributes:
        provider: Name of the source.
        lines: Stages in their order.
        requests: Requests in all.
        seconds: How long they take at the pace that is set.
        since: First session wanted.
        through: Last closed session.
        complete: Names for which nothing is asked, because they are complete.
        dead: Names that are not asked for again today.
        estimated: True when the universe is not known yet, so that the numbers are of its size as set.
    """

    provider: str
    lines: tuple[PlanLine, ...]
    requests: int
    seconds: float
    since: date
    through: date
    complete: int = 0
    dead: int = 0
    estimated: bool = False


OF_ALL: Final = {SCREEN: "the universe's screen", SECTORS: "the screen of the sectors"}
"""What is asked for of all names at once, as people call it."""


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """A question without an answer that could be used; it is asked again next time.

    Attributes:
        kind: What was asked for: a kind of ``engine.fetching.asks``.
        symbol: Symbol, empty where all names were asked for at once.
        reason: One short phrase.
        gone: Whether there is no such symbol, by the source's own word.
    """

    kind: str
    symbol: str
    reason: str
    gone: bool = False

    @property
    def what(self) -> str:
        """The symbol, or what was asked for of all names."""
        return self.symbol or OF_ALL.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What a fetch did.

    Attributes:
        plan: What it set out to do, the universe known.
        outcome: ``done``, ``partial`` (some names failed), ``stopped`` (by a person, or by the vendor's limit).
        asked: Names asked for.
        failures: Questions that failed.
        requests: Requests made.
        seconds: How long it took.
        rows_new: Rows stored that were not there.
        rows_changed: Rows that were there and have changed.
        earliest: Earliest session whose stored data changed; None if nothing changed.
        through: Last session of the prices stored now, of most names.
        behind: NYSE sessions closed since ``through``; None without prices.
        remaining: Names of the plan that were not asked for.
        notes: What it found out.
        reason: Why it stopped; empty when it did not.
        hint: What to do about that.
        series: Benchmarks and pairs asked for.
    """

    plan: FetchPlan
    outcome: str
    asked: int
    failures: tuple[FetchFailure, ...]
    requests: int
    seconds: float
    rows_new: int
    rows_changed: int
    earliest: date | None
    through: date | None
    behind: int | None
    remaining: int = 0
    notes: tuple[FetchNote, ...] = ()
    reason: str = ""
    hint: str = ""
    series: int = 0


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """A fetch and the builds after it.

    Attributes:
        fetch: What the fetch did.
        build: What the build of the index in force did, None where there was nothing to build from.
        others: What those of the other indices did.
    """

    fetch: FetchReport
    build: BuildReport | None
    others: tuple[BuildReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What was looked at.
        state: ``good``, ``warn`` or ``bad``.
        text: One sentence: what was found.
        hint: What to do about it, empty when it is good.
    """

    name: str
    state: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A copy of the store.

    Attributes:
        path: Full path of the copy.
        size: Its bytes.
        sessions: Sessions with a price in it.
        last: The last of them, None without any.
    """

    path: Path
    size: int
    sessions: int
    last: date | None


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What a restore did.

    Attributes:
        path: The copy that is the store now.
        kept: Where the store that was there is kept, None where there was none.
        sessions: Sessions with a price in the store now.
        last: The last of them, None without any.
        lost: Sessions of prices that the former store had after the last one of the copy.
    """

    path: Path
    kept: Path | None
    sessions: int
    last: date | None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did.

    Attributes:
        backup: The copy that was made first, None where nothing in the store had to be changed.
        done: One sentence for everything that was mended.
        left: What is bad still.
        lost: One sentence for everything that is gone, exact in numbers; empty where nothing is.
    """

    backup: Path | None
    done: tuple[str, ...]
    left: tuple[Check, ...]
    lost: tuple[str, ...] = ()
