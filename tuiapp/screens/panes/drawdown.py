"""How far below its highest level the index stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from typing import TYPE_CHECKING, ClassVar

from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, Labelled, Pane, Scene
from tuiapp.widgets.line import Part
from tuiapp.widgets.line_chart import Curve, LineChart, in_percent

if TYPE_CHECKING:
    from engine.views.analysis import SeriesTables


class DrawdownPane(Pane):
    """Falls from the highest level of the range so far, as an area; beside a benchmark's, as a line."""

    WANTS: ClassVar[str] = "range"
    BENCHMARK: ClassVar[bool] = True

    def __init__(self) -> None:
        self.widget: LineChart = LineChart()

    def show(self, scene: Scene) -> list[Part]:
        """Draw the area; above it stands where the index is now and how deep it fell."""
        if scene.tables is None or scene.returns is None:
            return PENDING
        beside = _of_benchmark(scene)
        own = Curve(scene.tables.drawdown, "loss", base=nan if beside else 0.0)
        self.widget.show(scene.returns.sessions, (own, *beside), in_percent, most=0.0)
        return [*_sums(scene, scene.tables), *(_beside(scene, beside) if beside else _back(scene.tables))]

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The depth first, then what every chart has."""
        others = super().subjects(scene)
        return sorted(others, key=lambda each: each[1].key != "max_drawdown")


def _of_benchmark(scene: Scene) -> list[Curve]:
    closes = scene.history.benchmarks.get(scene.benchmark, ())[scene.start : scene.end + 1]
    known = [place for place, close in enumerate(closes) if close]
    if not known:
        return []
    fallen = [*_fallen(closes[: known[-1] + 1]), *[nan] * (len(closes) - known[-1] - 1)]
    return [Curve(tuple(fallen), "second", dotted=True)]


def _fallen(closes: Sequence[float | None]) -> Iterator[float]:
    """Fall of each close from the highest so far; the last known one stands in for one that is missing."""
    last = highest = nan
    for close in closes:
        last = close or last
        highest = last if not last <= highest else highest
        yield last / highest - 1


def _sums(scene: Scene, tables: SeriesTables) -> list[Part]:
    now = tables.drawdown[-1]
    parts: list[Part] = [(f" Drawdown {scene.series} ", "strong"), _share(now), (" now", "muted")]
    if tables.drawdowns:
        worst = tables.drawdowns[0]
        parts += [("  deepest ", "muted"), _share(worst.depth), (f" {worst.trough}", "")]
    return parts


def _back(tables: SeriesTables) -> list[Part]:
    back = [row.recovery for row in tables.drawdowns[:1]]
    return [(f", back {day}" if day else ", not back yet", "muted") for day in back]


def _share(value: float) -> Part:
    return f"{text.arrow(value)} {text.percent(value)}", text.tone(value)


def _beside(scene: Scene, curves: list[Curve]) -> list[Part]:
    return [
        (f"  {text.plain(scene.benchmark)} {text.percent(min(v for v in curve.values if v == v))}", curve.tone)
        for curve in curves
    ]
