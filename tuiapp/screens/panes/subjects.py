"""Which numbers can be asked about: those of a session, of a period, of a stretch of sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.domain.fields import PERFORMANCE_FIELDS
from engine.views.explanation import Subject
from tuiapp import format as text
from tuiapp.screens.panes.base import Labelled, Scene

FIRST = {"PR": ("level_pr", "return_pr"), "TR": ("level_tr", "return_tr")}


def of_range(scene: Scene) -> list[Labelled]:
    """Level and return of the as-of session, figures of the range, and what else there is of the session."""
    session = of_day(scene, scene.session)
    first = FIRST[scene.series]
    return [*session[: len(first)], *_net(scene), *_metrics(scene), *_relative(scene), *session[len(first) :]]


def of_day(scene: Scene, day: date) -> list[Labelled]:
    """All there is of one session, its level and return first."""
    first = FIRST[scene.series]
    fields = [field for field in PERFORMANCE_FIELDS if field.key != "session"]
    return [
        (field.label, Subject("performance", field.key, day, series=scene.series))
        for field in sorted(fields, key=lambda field: field.key not in first)
    ]


def _net(scene: Scene) -> Iterator[Labelled]:
    """The level after the cost of trading, where a cost is set."""
    if scene.history.cost_bps:
        key = f"net_{scene.series.lower()}"
        yield f"Net {scene.series}", Subject("performance", key, scene.session, series=scene.series)


def _metrics(scene: Scene) -> Iterator[Labelled]:
    from engine.views.metrics import metric_fields

    for field in metric_fields():
        yield f"{field.label} {scene.period}", of_period(scene, field.key, scene.period)


def _relative(scene: Scene) -> Iterator[Labelled]:
    from engine.views.metrics import relative_fields

    several = len(scene.benchmarks) > 1
    for benchmark in scene.benchmarks:
        against = f" against {text.plain(benchmark)}" if several else ""
        for field in relative_fields():
            yield f"{field.label} {scene.period}{against}", of_period(scene, field.key, scene.period, benchmark)


def of_period(scene: Scene, key: str, period: str, benchmark: str = "") -> Subject:
    """A metric of a standard period."""
    return Subject("metrics", key, scene.session, period=period, series=scene.series, benchmark=benchmark)


def of_stretch(scene: Scene, key: str, first: date, last: date) -> Subject:
    """A metric of the sessions from ``first``, the first whose return counts, to ``last``."""
    return Subject("metrics", key, last, period="custom", series=scene.series, start=first)


def of_return(scene: Scene, session: date) -> Subject:
    """The return of one session."""
    return Subject("performance", FIRST[scene.series][1], session, series=scene.series)
