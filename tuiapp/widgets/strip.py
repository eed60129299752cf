"""One line above the footer while long work is under way: how far it is, and the key that stops it.

Where there is none, it may say for as long as it lasts what is the matter with the store, and the key that helps.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

from textual.timer import Timer

from engine.events import Progress
from tuiapp import format as text
from tuiapp import keys
from tuiapp.widgets.line import LineWidget, Part, fit, spread, width_of

WIDEST_BAR: Final = 24
LEAST_BAR: Final = 6
GAP: Final = "  "
ORDINALS: Final = ("", "first", "second", "third", "fourth")
STOP: Final[list[Part]] = [("  X ", "accent"), ("stop ", "muted")]


NOTHING: Final = Progress("")


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that lasts.

    Attributes:
        wordings: What there is to say, in fewer and fewer words.
        tone: How.
        key: The key that helps.
        does: What it does.
    """

    wordings: tuple[str, ...]
    tone: str
    key: str
    does: str


class ProgressStrip(LineWidget):
    """What long work reports. Not there while nothing is under way, so that nothing is written then."""

    def __init__(self) -> None:
        super().__init__(id="strip")
        self.display = False
        self.topic = ""
        self._progress = NOTHING
        self._waiting_for = ""
        self._standing: Standing | None = None
        self._stoppable = False
        self._vendor = ""
        self._until = 0.0
        self._clock: Timer | None = None

    def show(self, topic: str, progress: Progress, *, stoppable: bool, vendor: str) -> None:
        """Show a report of the work on a topic; while it waits for a vendor, seconds are counted down.

        Answers to what was asked before the wait come in during it, and do not end it.
        """
        if topic != self.topic:
            self._until, self._progress = 0.0, NOTHING
        self.topic, self._stoppable, self._vendor = topic, stoppable, vendor
        self._waiting_for = progress.waiting_for
        if progress.stage and not progress.waiting_for:
            self._progress = progress
        if progress.paused:
            self._until = time.monotonic() + progress.paused
            self._clock = self._clock or self.set_interval(1.0, self._tick)
        self._show()

    def clear(self) -> None:
        """The work has ended: go away, unless something lasts."""
        self.topic, self._until, self._progress, self._waiting_for = "", 0.0, NOTHING, ""
        self._tick()
        self._show()

    def stand(self, standing: Standing | None) -> None:
        """Say this whenever no work is under way, until it is taken back with None."""
        if standing != self._standing:
            self._standing = standing
            self._show()

    @property
    def _is_told(self) -> bool:
        return bool(self._progress.stage or self._waiting_for)

    def _show(self) -> None:
        """Be there only while there is something to say."""
        self.display = self._is_told or self._standing is not None
        self.refresh()

    def _tick(self) -> None:
        self.refresh()
        if self._clock is not None and self._until <= time.monotonic():
            self._clock.stop()
            self._clock = None

    def lines(self) -> list[list[Part]]:
        """The report, or what lasts, as much of it as there is room for."""
        if not self._is_told and self._standing is not None:
            return [_standing_parts(self._standing, self.size.width)]
        wait = ceil(max(0.0, self._until - time.monotonic()))
        right = STOP if self._stoppable else []
        room = self.size.width - width_of(right)
        if self._waiting_for:
            right = right or [(f"  {keys.shown('app.quit')} ", "accent"), ("quit ", "muted")]
            room = self.size.width - width_of(right)
            return [spread(waiting_parts(self._progress, self._waiting_for, room), right, self.size.width)]
        return [spread(strip_parts(self._progress, self._vendor, wait, room), right, self.size.width)]


def strip_parts(progress: Progress, vendor: str, wait: int, room: int) -> list[Part]:
    """Stage, bar, count, failures, and how long it takes or waits: in the longest words for which there is room."""
    said: list[Part] = []
    for said in _wordings(progress, vendor, wait):
        bar = min(WIDEST_BAR, room - width_of(said) - len(GAP))
        if progress.total and bar >= LEAST_BAR:
            return [said[0], (GAP, ""), *_bar(progress, bar), *said[1:]]
        if width_of(said) <= room and not progress.total:
            return said
    while len(said) > 1 and width_of(said) > room:
        del said[-1]
    return said


def waiting_parts(progress: Progress, waiting_for: str, room: int) -> list[Part]:
    """For whom the work waits, behind its stage where there is room for that."""
    waits = f"waits for {text.plain(waiting_for)}"
    stage: Part = (f" {text.plain(progress.stage)}{GAP}" if progress.stage else " ", "strong")
    if width_of([stage, (waits, "")]) > room:
        stage = (" ", "")
    return [stage, (_fitting((waits,), room - width_of([stage])), "warn")]


def _standing_parts(standing: Standing, width: int) -> list[Part]:
    right: list[Part] = [(f"  {standing.key} ", "accent"), (f"{standing.does} ", "muted")]
    said = _fitting(tuple(map(text.plain, standing.wordings)), width - width_of(right) - 1)
    return spread([(f" {said}", standing.tone)], right, width)


def _fitting(wordings: tuple[str, ...], room: int) -> str:
    """The longest of these for which there is room, or as much of the shortest."""
    whole = (said for said in wordings if width_of([(said, "")]) <= room)
    return next(whole, "") or fit(wordings[-1], room)


def _wordings(progress: Progress, vendor: str, wait: int) -> Iterator[list[Part]]:
    """All that there is to say, then with fewer words."""
    stage = f" {text.plain(progress.stage)}"
    count = f"{GAP}{progress.done:,}/{progress.total:,}" if progress.total else ""
    unit = f" {progress.unit}" if count and progress.unit else ""
    failed: Part = (f"{GAP}{progress.failed:,} failed" if progress.failed else "", "warn")
    left, lefts = _time(progress, vendor, wait)
    yield [(stage, "strong"), (count + unit, ""), failed, left]
    yield [(stage, "strong"), (count, ""), failed, left]
    yield [(stage, "strong"), (count, ""), failed, lefts]


def _time(progress: Progress, vendor: str, wait: int) -> tuple[Part, Part]:
    """How long it will take, the wait that the vendor asks for, or the try: at length, and in short."""
    if wait:
        return (f"{GAP}{vendor} asks us to wait {wait} s", "warn"), (f"{GAP}waits {wait} s", "warn")
    if progress.nth_try:
        nth = ORDINALS[progress.nth_try] if progress.nth_try < len(ORDINALS) else f"{progress.nth_try}th"
        return (f"{GAP}no answer: {nth} try of {progress.tries}", "warn"), (f"{GAP}{nth} try", "warn")
    if progress.seconds_left is None:
        return ("", ""), ("", "")
    left = text.duration(progress.seconds_left)
    return (f"{GAP}about {left} left", "muted"), (f"{GAP}{left}", "muted")


def _bar(progress: Progress, width: int) -> list[Part]:
    """How much is done; the weight of the line tells it as well as the colour."""
    done = width * min(progress.done, progress.total) // progress.total
    return [("━" * done, "accent"), ("─" * (width - done), "faint")]
