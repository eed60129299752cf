"""How a metric is declared: its field, its formula in words, where it comes from and the function that measures it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from engine.domain.fields import Field
from engine.views.types import Metric

SESSIONS_A_YEAR: Final = 252
FEWEST_OBSERVATIONS: Final = 2
SHORT_HISTORY: Final = 20
"""Under this many observations a ratio, a slope or a tail says little, and is marked so."""

TOO_FEW: Final = "under two observations"

Measure = TypeVar("Measure", bound=Callable[..., float | None])


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric.

    Attributes:
        field: Key, label, unit, decimals, direction and a sentence that explains it.
        formula: How it is computed, in words and symbols.
        source: The convention it follows, and where it departs from it.
        measure: The function, which gives None where the metric has no value.
        undefined: Why there is no value although there are observations enough.
        short_under: Number of observations under which it is marked as of a short history.
        fewest: Number of observations under which it has no value.
        over_risk_free: Whether the measure takes an annual ``risk_free`` rate.
    """

    field: Field
    formula: str
    source: str
    measure: Callable[..., float | None]
    undefined: str = ""
    short_under: int = 0
    fewest: int = FEWEST_OBSERVATIONS
    over_risk_free: bool = False

    @property
    def missing(self) -> str:
        """When there is no value, in words."""
        reasons = [TOO_FEW] if self.fewest else []
        return "; ".join([*reasons, *filter(None, [self.undefined])])

    def of(self, *series: Sequence[float], risk_free: float = 0.0) -> Metric:
        """The metric of series of equal length, over an annual risk-free rate where that has a part in it."""
        observations = len(series[0])
        if observations < self.fewest:
            return Metric(self.field.key, None, note=TOO_FEW)
        options = {"risk_free": risk_free} if self.over_risk_free else {}
        value = self.measure(*series, **options)
        if value is None:
            return Metric(self.field.key, None, note=self.undefined)
        return Metric(self.field.key, value, short_history=observations < self.short_under)


class Registry(dict[str, Definition]):
    """Definitions by key, in the order in which they are shown."""

    def metric(
        self,
        field: Field,
        *,
        formula: str,
        source: str,
        undefined: str = "",
        short_under: int = 0,
        fewest: int = FEWEST_OBSERVATIONS,
        over_risk_free: bool = False,
    ) -> Callable[[Measure], Measure]:
        """Declare the decorated function as the measure of ``field``."""

        def declare(measure: Measure) -> Measure:
            self[field.key] = Definition(
                field, formula, source, measure, undefined, short_under, fewest, over_risk_free
            )
            return measure

        return declare
