"""How much the returns of the last sessions varied, session by session."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import ClassVar

from engine.views.analysis import ReturnsView
from tuiapp import format as text
from tuiapp.screens.panes.base import PENDING, WHOLE, Labelled, Pane, Scene
from tuiapp.widgets.line import Part
from tuiapp.widgets.line_chart import Curve, LineChart, in_percent


class VolatilityPane(Pane):
    """Rolling volatility in the range; the returns before the range count where they are in the window."""

    WANTS: ClassVar[str] = WHOLE

    def __init__(self) -> None:
        self.widget: LineChart = LineChart()

    def show(self, scene: Scene) -> list[Part]:
        """Draw the line; above it stand its last, least and greatest value."""
        if scene.tables is None or scene.returns is None:
            return PENDING
        window = scene.returns.window
        values = scene.tables.volatility[scene.start : scene.end + 1]
        known = [value for value in values if value is not None]
        curve = Curve(tuple(nan if value is None else value for value in values), "second")
        self.widget.show(scene.history.sessions[scene.start : scene.end + 1], (curve,), in_percent)
        if not known:
            return [(f" Rolling volatility needs {window} returns; there are {scene.end}", "warn")]
        return [
            (f" Volatility {scene.series} of {window} returns ", "strong"),
            (f"{_share(values[-1])} now", ""),
            (f"  least {_share(min(known))}  greatest {_share(max(known))}", "muted"),
        ]

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The last value first, then what every chart has."""
        others = super().subjects(scene)
        return [*_last(scene, scene.returns), *others] if scene.returns else others


def _last(scene: Scene, view: ReturnsView) -> list[Labelled]:
    from tuiapp.screens.panes.subjects import of_stretch

    if scene.tables is None or scene.tables.volatility[-1] is None:
        return []
    first = view.sessions[-view.window]
    return [(f"Volatility {view.window}", of_stretch(scene, "volatility", first, scene.session))]


def _share(value: float | None) -> str:
    return text.percent(value, signed=False)
