"""The level as a line, beside benchmarks, above its falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tuiapp import format as text
from tuiapp.screens.panes.base import Scene
from tuiapp.screens.panes.plotted import PlottedPane, beside, fallen
from tuiapp.widgets.line import Part
from tuiapp.widgets.plotting import Curve, Panel, Picture
from tuiapp.widgets.scale import ends_in_percent


class ChartPane(PlottedPane):
    """Level of the range, benchmarks rebased at its start, and the drawdown where there is room."""

    SHEETS: ClassVar[tuple[str, ...]] = ("index_performance", "summary_metrics")
    BENCHMARK: ClassVar[bool] = True
    LOG: ClassVar[bool] = True
    WHAT: ClassVar[str] = "level"
    AGAINST: ClassVar[str] = "rebased"

    def picture(self, scene: Scene) -> Picture:
        """The curves, and below them how far the level stood below its highest."""
        own = Curve(scene.levels[scene.drawn], "gain", scene.series)
        others = beside(scene, scene.drawn, lambda closes, first: _rebased(scene, closes, first))
        panel = Panel((own, *others), log=scene.log)
        return Picture(scene.history.sessions[scene.drawn], panel, _strip(scene))

    def heading(self, scene: Scene, curves: tuple[Curve, ...]) -> list[Part]:
        """What the curves were worth, and since when."""
        name = " Total return " if scene.total else " Price return "
        others = [part for curve in curves[1:] for part in _worth(scene, curve)]
        return [(name, "strong"), _change(scene), *_stretch(scene), *_log(scene), *_net(scene), *others]

    def briefer(self, scene: Scene) -> list[list[Part]]:
        """What they were worth without to when; last of all without since when, which stands below the chart."""
        name = (" Window ", "warn") if scene.window else (f" {scene.series} ", "strong")
        parts = [_partly(curve) for curve in self.curves[1:]]
        marked = zip(self.curves[1:], parts, strict=True)
        others = [(f"  {curve.name} {text.percent(_growth(curve))}{'*' * part}", curve.tone) for curve, part in marked]
        rest = [*_log(scene), *others, *_net(scene), *[("  * not of all sessions", "warn")] * any(parts)]
        return [
            [(f" {scene.series} ", "strong"), _change(scene), *_stretch(scene), *rest],
            [name, _change(scene), *rest],
        ]

    def tail(self, scene: Scene) -> list[Part]:
        """The levels at both ends."""
        first, last = (text.level(scene.levels[place]) for place in (scene.first, scene.last))
        return [(f"  {first} → {last}", "")]

    def shown(self, value: float) -> str:
        """A level."""
        return text.level(value)

    def moved(self, scene: Scene, place: int) -> list[Part]:
        """The return of the session."""
        day = (scene.history.return_tr if scene.total else scene.history.return_pr)[place]
        return [(f" {text.arrow(day)} {text.percent(day)}", text.tone(day))]

    def noted(self, scene: Scene, place: int) -> list[Part]:
        """The return of the index since the first session that is drawn."""
        since = scene.levels[place] / scene.levels[scene.first] - 1
        return [
            (f"  {scene.series} {text.percent(since)} since {text.iso(scene.history.sessions[scene.first])}", "muted")
        ]


def _rebased(scene: Scene, closes: Sequence[float], first: int) -> list[float]:
    """Closes at the level of the index on the first session drawn that has one."""
    scale = scene.levels[scene.first + first] / closes[0]
    return [close * scale for close in closes]


def _strip(scene: Scene) -> Panel:
    falls = fallen(scene.levels[scene.start : scene.end + 1])[scene.in_range]
    title = f"drawdown {scene.series}, deepest {text.percent(min(falls))}"
    return Panel((Curve(tuple(falls), "loss", base=0.0),), ends_in_percent, most=0.0, title=title)


def _change(scene: Scene) -> Part:
    change = scene.levels[scene.last] / scene.levels[scene.first] - 1
    return f"{text.arrow(change)} {text.percent(change)}", text.tone(change)


def _stretch(scene: Scene) -> list[Part]:
    """From when: of a window both ends, so that nobody takes it for the range."""
    first, last = (text.iso(scene.history.sessions[place]) for place in (scene.first, scene.last))
    if scene.window:
        return [(f" window {first} to {last}", "warn")]
    return [(f" since {first}", "muted"), ("" if scene.complete else " (all there is)", "warn")]


def _log(scene: Scene) -> list[Part]:
    return [("  log scale", "warn")] if scene.log else []


def _net(scene: Scene) -> list[Part]:
    view = scene.history
    net = (view.net_tr if scene.total else view.net_pr)[scene.drawn]
    return [(f"  net of cost {text.percent(net[-1] / net[0] - 1)}", "")] if net else []


def _growth(curve: Curve) -> float:
    known = curve.known
    return known[-1] / known[0] - 1


def _partly(curve: Curve) -> bool:
    """Whether a benchmark begins later or ends sooner than the index."""
    return curve.values[0] != curve.values[0] or curve.values[-1] != curve.values[-1]


def _worth(scene: Scene, curve: Curve) -> list[Part]:
    """What a benchmark was worth, and from when to when where that is not all that is drawn."""
    known = [place for place, value in enumerate(curve.values) if value == value]
    first, last = (text.iso(scene.history.sessions[scene.first + known[end]]) for end in (0, -1))
    begins = f" from {first}" if known[0] else ""
    ends = f" to {last}" if known[-1] < len(curve.values) - 1 else ""
    return [(f"  {curve.name} {text.percent(_growth(curve))}{begins}{ends}", curve.tone)]
