"""How a metric is declared: its field, its formula in words and the function that measures it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from engine.domain.fields import Field
from engine.views.types import Metric

SESSIONS_A_YEAR: Final = 252
FEWEST_OBSERVATIONS: Final = 2
SHORT_HISTORY: Final = 20
"""Under this many observations a Sharpe ratio or a beta says little, and is marked so."""

TOO_FEW: Final = "under two observations"

Measure = TypeVar("Measure", bound=Callable[..., float | None])


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric.

    Attributes:
        field: Key, label, unit, decimals, direction and a sentence that explains it.
        formula: How it is computed, in words and symbols.
        measure: The function, which gives None where the metric has no value.
        undefined: Why there is no value although there are observations enough.
        short_under: Number of observations under which it is marked as of a short history.
    """

    field: Field
    formula: str
    measure: Callable[..., float | None]
    undefined: str
    short_under: int

    def of(self, *series: Sequence[float]) -> Metric:
        """The metric of return series of equal length."""
        observations = len(series[0])
        if observations < FEWEST_OBSERVATIONS:
            return Metric(self.field.key, None, note=TOO_FEW)
        value = self.measure(*series)
        if value is None:
            return Metric(self.field.key, None, note=self.undefined)
        return Metric(self.field.key, value, short_history=observations < self.short_under)


class Registry(dict[str, Definition]):
    """Definitions by key, in the order in which they are shown."""

    def metric(
        self, field: Field, *, formula: str, undefined: str = "", short_under: int = 0
    ) -> Callable[[Measure], Measure]:
        """Declare the decorated function as the measure of ``field``."""

        def declare(measure: Measure) -> Measure:
            self[field.key] = Definition(field, formula, measure, undefined, short_under)
            return measure

        return declare
