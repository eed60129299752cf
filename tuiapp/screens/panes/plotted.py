"""What panes with a chart have in common: its picture, what the crosshair reads, and what is copied."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import nan
from typing import ClassVar

from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, Pane, Scene
from tuiapp.widgets.line import Part
from tuiapp.widgets.line_chart import LineChart
from tuiapp.widgets.plotting import Curve, Picture

BESIDE = (("second", 2), ("third", 3), ("fourth", 4))
"""Tone of every curve beside the index, and how many columns apart its dots are."""


class PlottedPane(Pane):
    """A pane that is a chart."""

    WHAT: ClassVar[str] = ""
    """What is drawn of the index, as a column is called: the series is added."""
    AGAINST: ClassVar[str] = ""
    """What is drawn of a benchmark, likewise."""

    def __init__(self) -> None:
        self.widget: LineChart = LineChart()
        self._picture: Picture | None = None

    @abstractmethod
    def picture(self, scene: Scene) -> Picture | None:
        """What is drawn, None while it is on its way."""

    @abstractmethod
    def heading(self, scene: Scene, curves: tuple[Curve, ...]) -> list[Part]:
        """The line above the chart: what the curves come to."""

    @abstractmethod
    def shown(self, value: float) -> str:
        """A value as text."""

    def moved(self, scene: Scene, place: int) -> list[Part]:  # noqa: ARG002 (not every curve is of a day's change)
        """What the index did on the session under the crosshair: stands behind its own value, where there is room."""
        return []

    def noted(self, scene: Scene, place: int) -> list[Part]:  # noqa: ARG002 (a pane may have nothing to add)
        """What else there is to say of the session under the crosshair, where there is still room."""
        return []

    def show(self, scene: Scene) -> list[Part]:
        """Draw the curves; above them stands what they come to."""
        self._picture = self.picture(scene)
        if self._picture is None:
            return PENDING
        self.widget.show(self._picture, self._at(scene))
        return self.heading(scene, self._picture.panel.curves)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The curves that are drawn, none while they are on their way."""
        return self._picture.panel.curves if self._picture else ()

    def cross(self, scene: Scene) -> None:
        """Move the crosshair, or take it away."""
        self.widget.cross(self._at(scene))

    def _at(self, scene: Scene) -> int | None:
        """Place of the crosshair in the picture."""
        return None if scene.crosshair is None else scene.crosshair - scene.first

    def readout(self, scene: Scene, place: int) -> list[list[Part]]:
        """The line above while there is a crosshair: its session, and every curve there; the longest form first."""
        day = scene.history.sessions[place]
        values = [self._value(curve, place - scene.first) for curve in self.curves]
        weekday: Part = (f" {text.weekday(day)}", "strong")
        long = [weekday, *values[:1], *self.moved(scene, place), *values[1:]]
        short: list[Part] = [(f" {text.iso(day)}", "strong"), *values]
        return [[*long, *self.noted(scene, place)], long, [weekday, *values], short, values]

    def _value(self, curve: Curve, at: int) -> Part:
        value = curve.at(at)
        return f"  {curve.name} {self.shown(value) if value == value else text.NONE}", curve.tone

    # -- what is copied

    def session_text(self, scene: Scene, place: int) -> str:
        """Date and values of one session."""
        values = [self._value(curve, place - scene.first)[0] for curve in self.curves]
        return text.iso(scene.history.sessions[place]) + "".join(values)

    def table_text(self, scene: Scene) -> str:
        """All values that are drawn, a session a line, with tabs between them and in full precision."""
        head = [
            "session",
            f"{self.WHAT}_{scene.series.lower()}",
            *(f"{curve.name}_{self.AGAINST}" for curve in self.curves[1:]),
        ]
        days = scene.history.sessions[scene.drawn]
        rows = ([text.iso(day), *map(_exact, self._row(at))] for at, day in enumerate(days))
        return "\n".join("\t".join(row) for row in (head, *rows)) + "\n"

    def _row(self, at: int) -> Iterator[float]:
        return (curve.at(at) for curve in self.curves)


def _exact(value: float) -> str:
    return repr(value) if value == value else ""


WHOLE_SLICE = slice(None)


def fallen(values: Sequence[float]) -> list[float]:
    """Fall of each value from the highest so far."""
    return [value / highest - 1 for value, highest in zip(values, accumulate(values, max), strict=True)]


def beside(
    scene: Scene, over: slice, made: Callable[[Sequence[float], int], Sequence[float]], part: slice = WHOLE_SLICE
) -> Iterator[Curve]:
    """A curve of every benchmark: ``part`` of what is ``made`` of its closes in ``over``, from the place of the first.

    A session without a close is bridged by the last one, but between the first and the last close only.
    """
    for symbol, (tone, every) in zip(scene.benchmarks, BESIDE, strict=False):
        closes = scene.history.benchmarks[symbol][over]
        known = [place for place, close in enumerate(closes) if close]
        if not known:
            continue
        first, end = known[0], known[-1] + 1
        bridged = accumulate((close or nan for close in closes[first:end]), _bridge)
        values = [*[nan] * first, *made(list(bridged), first), *[nan] * (len(closes) - end)]
        exact = tuple(value if close else nan for value, close in zip(values, closes, strict=True))
        yield Curve(tuple(values[part]), tone, text.plain(symbol), every, exact=exact[part])


def _bridge(last: float, close: float) -> float:
    return close if close == close else last
