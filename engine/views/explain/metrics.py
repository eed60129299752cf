"""A metric of a period, explained: what it was measured on, and the measure of it with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from engine.calendar import sessions_between
from engine.errors import DataError
from engine.metrics import PERIODS, RELATIVE_METRICS, Series, custom_start, period_start
from engine.metrics.registry import Definition
from engine.views.explain.ground import Ground
from engine.views.explain.measured import WORKED
from engine.views.explain.parts import (
    Answer,
    Asked,
    Question,
    Told,
    as_series,
    computed,
    counted,
    dated,
    level,
    several,
    stored,
)
from engine.views.explain.samples import Sample, Worked
from engine.views.explanation import Input
from engine.views.metrics import metric_definitions, returns_from
from engine.views.types import Metric, PerformanceView, PeriodMetrics, RelativeMetrics

ALL: Final = "all"
LISTED: Final = 5


def tell(asked: Asked) -> Answer:
    """Explain a metric. Raises ``DataError`` for a period, a series or a benchmark that there is not."""
    view = asked.engine.performance(end=asked.subject.session)
    return view.status, _told(asked.at(view.status), view)


def _told(question: Question, view: PerformanceView) -> Told:
    subject = question.subject
    place, complete = start_of(view.sessions, subject.period, subject.start)
    definition = metric_definitions()[question.key]
    relative = question.key in RELATIVE_METRICS
    benchmark = _benchmark(view, subject.benchmark, question.field.label) if relative else ""
    found = _measured(question, view, place)
    metric = _metric(found, question.key, subject.series, benchmark)
    sample = sample_of(view, place, subject.series, benchmark, question.engine.settings.risk_free)
    worked = _worked(definition, metric, sample)
    against = f" against {benchmark}" if benchmark else ""
    return Told(
        name=f"{question.field.label}{against}, {as_series(subject.series)}, {_period(question)}",
        value=metric.value,
        formula=_formula(definition),
        worked=worked.text,
        inputs=(*worked.inputs, *_ends(sample), *_closes(question, sample)),
        gaps=tuple(_gaps(question, metric, definition, sample, complete=complete)),
        joint="to",
    )


def start_of(sessions: Sequence[date], period: str, start: date | None) -> tuple[int, bool]:
    """Place of the session whose close a period starts from, and whether history reaches back so far.

    Raises:
        DataError: If there is no such period.
    """
    if start is not None:
        found = custom_start(sessions, start)
        return min(found.index, len(sessions) - 1), found.complete
    if period and period not in PERIODS:
        raise DataError(f"There is no period {period!r}.", hint=f"there is: {', '.join(PERIODS)}, or a start")
    place = period_start(sessions, len(sessions) - 1, period or ALL)
    return place.index, place.complete


def _benchmark(view: PerformanceView, symbol: str, label: str) -> str:
    if symbol in view.benchmarks:
        return symbol
    known = ", ".join(sorted(view.benchmarks))
    if not known:
        raise DataError(f"{label} needs a benchmark, and the store has none.", hint="import a file of benchmarks")
    said = f"There is no benchmark {symbol!r}." if symbol else f"{label} is measured against a benchmark."
    raise DataError(said, hint=f"there is: {known}")


def _measured(question: Question, view: PerformanceView, place: int) -> PeriodMetrics:
    """The metrics of the period alone: those of all periods take several times as long."""
    if place + 1 < len(view.sessions):
        return question.engine.metrics(view.sessions[place + 1], question.subject.session).periods[0]
    return next(one for one in question.engine.metrics(end=question.subject.session).periods if one.period == ALL)


def _metric(found: PeriodMetrics, key: str, series: str, benchmark: str) -> Metric:
    of: PeriodMetrics | RelativeMetrics = found
    if benchmark:
        of = next(one for one in found.relative if one.benchmark == benchmark)
    metrics = of.total if series.upper() == "TR" else of.price
    return next(metric for metric in metrics if metric.key == key)


def sample_of(view: PerformanceView, place: int, series: str, benchmark: str, risk_free: float) -> Sample:
    """The returns that a metric is measured on, with their sessions and the levels at both ends."""
    total = series.upper() == "TR"
    levels = view.level_tr if total else view.level_pr
    returns = returns_from(view.return_tr if total else view.return_pr, place + 1)
    whole = Sample(
        published=view.sessions[place:],
        sessions=view.sessions[place + 1 :],
        returns=Series.of(returns),
        first=view.sessions[place],
        last=view.sessions[-1],
        level_first=levels[place],
        level_last=levels[-1],
        levels=levels[place:],
        turnover=tuple(returns_from(view.turnover, place + 1)),
        risk_free=risk_free,
    )
    return _common(whole, benchmark, view.benchmarks[benchmark][place:]) if benchmark else whole


def _common(whole: Sample, benchmark: str, closes: Sequence[float | None]) -> Sample:
    """The part of a sample that has a return of the benchmark too."""
    moves = [close / before - 1 if before and close is not None else None for before, close in pairwise(closes)]
    kept = [(place, move) for place, move in enumerate(moves) if move is not None]
    return replace(
        whole,
        sessions=tuple(whole.sessions[place] for place, _ in kept),
        returns=Series.of([whole.returns[place] for place, _ in kept]),
        other=Series.of([move for _, move in kept]),
        benchmark=benchmark,
        missing=len(moves) - len(kept),
    )


def _worked(definition: Definition, metric: Metric, sample: Sample) -> Worked:
    """The metric with its numbers; nothing to work out where there is no value."""
    if metric.value is None:
        return Worked("", ())
    return WORKED[definition.field.key](sample, metric.value)


def _formula(definition: Definition) -> str:
    missing = f" No value: {definition.missing}." if definition.missing else ""
    return f"{definition.formula}. Convention: {definition.source}.{missing}"


def _period(question: Question) -> str:
    subject = question.subject
    return f"from {subject.start}" if subject.start else subject.period or ALL


def _ends(sample: Sample) -> Iterator[Input]:
    noun = "Sessions with a return of both" if sample.benchmark else "Daily returns (n)"
    yield computed(counted(noun), len(sample.returns))
    yield computed(level("Level that the period starts from"), sample.level_first, sample.first)
    yield computed(level("Level at its end"), sample.level_last, sample.last)
    if sample.benchmark and sample.sessions:
        yield computed(dated("First session that counts"), sample.sessions[0])
        yield computed(dated("Last session that counts"), sample.sessions[-1])


def _closes(question: Question, sample: Sample) -> list[Input]:
    """Closes of the benchmark at both ends, with the file they came from."""
    if not sample.benchmark or not sample.sessions:
        return []
    before = sample.published[sample.published.index(sample.sessions[0]) - 1]
    facts = question.read(
        lambda session: Ground(session, question.index).benchmark(sample.benchmark, before, sample.sessions[-1])
    )
    return [stored(level(f"Close of {sample.benchmark}"), fact.value, fact.session, fact.origin) for fact in facts]


def _gaps(
    question: Question,
    metric: Metric,
    definition: Definition,
    sample: Sample,
    *,
    complete: bool,
) -> Iterator[str]:
    if metric.value is None:
        yield f"No value: {metric.note}." if metric.note else "No value."
    if metric.short_history:
        yield f"Short history: {several(len(sample.returns), 'observation')}, under {definition.short_under}."
    if not complete:
        yield f"The history is shorter than the period: it begins on {question.status.first_session}."
    if sample.missing:
        yield f"{sample.benchmark} has no return on {several(sample.missing, 'session')} of the period; left out."
    lost = sorted({*sessions_between(sample.first, sample.last)} - {*sample.published})
    if lost:
        listed = ", ".join(map(str, lost[:LISTED])) + (" ..." if len(lost) > LISTED else "")
        yield f"Without a level inside the period: {several(len(lost), 'session')} ({listed})."
