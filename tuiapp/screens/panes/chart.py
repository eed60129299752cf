"""The level as a line, beside a benchmark."""

from __future__ import annotations

from math import nan
from typing import ClassVar

from tuiapp import format as text
from tuiapp.screens.panes.base import Pane, Scene
from tuiapp.widgets.line import Part
from tuiapp.widgets.line_chart import Curve, LineChart


class ChartPane(Pane):
    """Level of the range, and the benchmark rebased at its start."""

    BENCHMARK: ClassVar[bool] = True

    def __init__(self) -> None:
        self.widget: LineChart = LineChart()

    def show(self, scene: Scene) -> list[Part]:
        """Draw the lines; above them stands what they were worth."""
        curves = (Curve(scene.levels, "gain"), *_rebased(scene))
        self.widget.show(scene.history.sessions[scene.start : scene.end + 1], curves)
        return [*_change(scene), *_net(scene), *_beside(scene, curves[1:]), *_ends(scene)]


def _rebased(scene: Scene) -> list[Curve]:
    """The chosen benchmark, from its first close in the range, at the level of the index there, to its last."""
    closes = scene.history.benchmarks.get(scene.benchmark, ())[scene.start : scene.end + 1]
    known = [place for place, close in enumerate(closes) if close]
    if not known:
        return []
    scale = scene.levels[known[0]] / (closes[known[0]] or 1.0)
    values, last = [], nan
    for place, close in enumerate(closes[: known[-1] + 1]):
        last = close or last
        values.append(last * scale if place >= known[0] else nan)
    return [Curve((*values, *[nan] * (len(closes) - len(values))), "second", dotted=True)]


def _change(scene: Scene) -> list[Part]:
    change = scene.levels[-1] / scene.levels[0] - 1
    return [
        (" Total return " if scene.total else " Price return ", "strong"),
        (f"{text.arrow(change)} {text.percent(change)}", text.tone(change)),
        (f" since {text.iso(scene.history.sessions[scene.start])}", "muted"),
        ("" if scene.complete else " (all there is)", "warn"),
    ]


def _net(scene: Scene) -> list[Part]:
    view = scene.history
    net = (view.net_tr if scene.total else view.net_pr)[scene.start : scene.end + 1]
    return [(f"  net of cost {text.percent(net[-1] / net[0] - 1)}", "")] if net else []


def _beside(scene: Scene, curves: tuple[Curve, ...]) -> list[Part]:
    parts: list[Part] = []
    for curve in curves:
        known = [place for place, value in enumerate(curve.values) if value == value]
        rebased = curve.values[known[-1]] / curve.values[known[0]] - 1
        last = scene.history.sessions[scene.start + known[-1]]
        ends = "" if last == scene.session else f" to {text.iso(last)}"
        parts.append((f"  {text.plain(scene.benchmark)} {text.percent(rebased)}{ends}", curve.tone))
    return parts


def _ends(scene: Scene) -> list[Part]:
    return [(f"  {text.level(scene.levels[0])} → {text.level(scene.levels[-1])}", "")]
