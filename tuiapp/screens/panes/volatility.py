"""How much the returns of the last sessions varied, session by session."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import ClassVar

from engine.views.analysis import ReturnsView
from tuiapp import format as text
from tuiapp.screens.panes.base import WHOLE, Labelled, Scene
from tuiapp.screens.panes.plotted import PlottedPane
from tuiapp.widgets.line import Part
from tuiapp.widgets.plotting import Curve, Panel, Picture
from tuiapp.widgets.scale import in_percent


class VolatilityPane(PlottedPane):
    """Rolling volatility in the range; the returns before the range count where they are in the window."""

    SHEETS: ClassVar[tuple[str, ...]] = ("index_performance", "summary_metrics")
    WANTS: ClassVar[str] = WHOLE
    WHAT: ClassVar[str] = "volatility"

    def picture(self, scene: Scene) -> Picture | None:
        """The line."""
        if scene.tables is None:
            return None
        values = (nan if value is None else value for value in scene.tables.volatility[scene.drawn])
        panel = Panel((Curve(tuple(values), "second", scene.series),), in_percent)
        return Picture(scene.history.sessions[scene.drawn], panel)

    def heading(self, scene: Scene, curves: tuple[Curve, ...]) -> list[Part]:
        """The last, least and greatest value."""
        known, returns = curves[0].known, scene.returns
        if returns is None:
            return []
        if not known:
            return [(f" Rolling volatility needs {returns.window} returns; there are {scene.last}", "warn")]
        return [
            (f" Volatility {scene.series} of {returns.window} returns ", "strong"),
            (self.shown(curves[0].values[-1]), ""),
            _when(scene),
            (f"  least {self.shown(min(known))}  greatest {self.shown(max(known))}", "muted"),
        ]

    def shown(self, value: float) -> str:
        """A deviation a year."""
        return text.percent(value, signed=False) if value == value else text.NONE

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The last value first, then what every chart has."""
        others = super().subjects(scene)
        return [*_last(scene, scene.returns), *others] if scene.returns else others


def _when(scene: Scene) -> Part:
    if scene.window is None:
        return " now", ""
    first, last = (text.iso(scene.history.sessions[place]) for place in (scene.first, scene.last))
    return f" window {first} to {last}", "warn"


def _last(scene: Scene, view: ReturnsView) -> list[Labelled]:
    from tuiapp.screens.panes.subjects import of_stretch

    if scene.tables is None or scene.tables.volatility[-1] is None:
        return []
    first = view.sessions[-view.window]
    return [(f"Volatility {view.window}", of_stretch(scene, "volatility", first, scene.session))]
