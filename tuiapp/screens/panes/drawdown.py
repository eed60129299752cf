"""How far below its highest level the index stood."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING, ClassVar

from tuiapp import format as text
from tuiapp.screens.panes.base import Labelled, Scene
from tuiapp.screens.panes.plotted import PlottedPane, beside, fallen
from tuiapp.widgets.line import Part
from tuiapp.widgets.plotting import Curve, Panel, Picture
from tuiapp.widgets.scale import in_percent

if TYPE_CHECKING:
    from engine.views.analysis import SeriesTables


class DrawdownPane(PlottedPane):
    """Falls from the highest level of the range so far, as an area; beside those of benchmarks, as a line."""

    SHEETS: ClassVar[tuple[str, ...]] = ("index_performance", "drawdowns")
    WANTS: ClassVar[str] = "range"
    BENCHMARK: ClassVar[bool] = True
    WHAT: ClassVar[str] = "drawdown"
    AGAINST: ClassVar[str] = "drawdown"

    def picture(self, scene: Scene) -> Picture | None:
        """The curves."""
        if scene.tables is None:
            return None
        others = tuple(
            beside(scene, slice(scene.start, scene.end + 1), lambda closes, _: fallen(closes), scene.in_range)
        )
        falls = scene.tables.drawdown[scene.in_range]
        own = Curve(falls, "loss", scene.series, base=nan if others else 0.0)
        return Picture(scene.history.sessions[scene.drawn], Panel((own, *others), in_percent, most=0.0))

    def heading(self, scene: Scene, curves: tuple[Curve, ...]) -> list[Part]:
        """Where the index is now and how deep it fell; of a window, where it stood at its end."""
        tables = scene.tables
        if tables is None:
            return []
        if scene.window:
            return [*_of_window(scene, curves[0]), *_beside(curves[1:])]
        return [*_sums(scene, tables), *(_beside(curves[1:]) or _back(tables))]

    def shown(self, value: float) -> str:
        """A fall."""
        return text.percent(value)

    def subjects(self, scene: Scene) -> Sequence[Labelled]:
        """The depth first, then what every chart has."""
        others = super().subjects(scene)
        return sorted(others, key=lambda each: each[1].key != "max_drawdown")


def _sums(scene: Scene, tables: SeriesTables) -> list[Part]:
    parts: list[Part] = [*_title(scene), _share(tables.drawdown[-1]), (" now", "muted")]
    if tables.drawdowns:
        worst = tables.drawdowns[0]
        parts += [("  deepest ", "muted"), _share(worst.depth), (f" {worst.trough}", "")]
    return parts


def _of_window(scene: Scene, own: Curve) -> list[Part]:
    days = scene.history.sessions[scene.drawn]
    depth = min(own.values)
    return [
        *_title(scene),
        (f"window {days[0]} to {days[-1]}", "warn"),
        ("  deepest ", "muted"),
        _share(depth),
        (f" {days[own.values.index(depth)]}", ""),
    ]


def _title(scene: Scene) -> list[Part]:
    return [(f" Drawdown {scene.series} ", "strong")]


def _back(tables: SeriesTables) -> list[Part]:
    back = [row.recovery for row in tables.drawdowns[:1]]
    return [(f", back {day}" if day else ", not back yet", "muted") for day in back]


def _share(value: float) -> Part:
    return f"{text.arrow(value)} {text.percent(value)}", text.tone(value)


def _beside(curves: Sequence[Curve]) -> list[Part]:
    return [(f"  {curve.name} {text.percent(min(curve.known))}", curve.tone) for curve in curves]
