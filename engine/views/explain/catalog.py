"""Which numbers can be explained, view by view, in the order in which a person would want them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from engine.domain.fields import (
    BUBBLE_FIELDS,
    COMPOSITION_FIELDS,
    CONTRIBUTION_FIELDS,
    EFFECTIVE,
    NET_FIELDS,
    PERFORMANCE_FIELDS,
    SECTOR_FIELDS,
    WHY_FIELDS,
    Direction,
    Field,
    Unit,
)
from engine.errors import DataError

RETURN: Final = Field("return_pr", "Day", Unit.FRACTION, 2, Direction.UP, "Price return of the session.", signed=True)
CONTRIBUTION: Final = Field(
    "contribution", "Contribution", Unit.FRACTION, 4, Direction.UP, "What it added to the day's price return.",
    signed=True,
)  # fmt: skip
CAP_SOURCE: Final = Field(
    "cap_source", "Cap source", Unit.TEXT, text="How its market cap came about: given, shares, carried or quarantined."
)
STALE: Final = Field("stale", "Stale", Unit.COUNT, 0, text="Sessions since its last price; 0 when it was priced.")
CUT: Final = Field("cut_cap_usd", "Cut", Unit.USD, 0, text="Market cap of rank N: the last that gets in.")

INDEX_RETURN: Final = Field(
    "index_return", "Index return", Unit.FRACTION, 2, Direction.UP, "Return of the index over the period.", signed=True
)
CAP_WEIGHT_RETURN: Final = Field(
    "cap_weight_return", "Cap weight", Unit.FRACTION, 2, Direction.UP,
    "Return of the same members weighted by market cap.", signed=True,
)  # fmt: skip

OF_THE_INDEX: Final = ("effective", "cut_cap_usd", "index_return", "cap_weight_return")
"""Numbers of the views by company that are nobody's own: they need no ticker."""


def explainable(view: str) -> tuple[Field, ...]:
    """Fields of the numbers of a view that can be explained; of an unknown view there are none."""
    return _FIELDS[view]() if view in _FIELDS else ()


def field_of(view: str, key: str) -> Field:
    """The field of one number. Raises ``DataError`` for one that there is not."""
    if view not in _FIELDS:
        raise DataError(f"There is no view {view!r}.", hint=f"there is: {', '.join(_FIELDS)}")
    fields = {field.key: field for field in explainable(view)}
    if key not in fields:
        raise DataError(f"There is no number {key!r} in {view}.", hint=f"there is: {', '.join(fields)}")
    return fields[key]


def _performance() -> tuple[Field, ...]:
    return (*_without(PERFORMANCE_FIELDS, "session"), *NET_FIELDS)


@cache
def _metrics() -> tuple[Field, ...]:
    from engine.views.metrics import metric_fields, relative_fields

    return (*metric_fields(), *relative_fields())


def _composition() -> tuple[Field, ...]:
    order = ("market_cap_usd", "cap_source", "rank", "rank_before", "distance_usd", "distance", "weight", "close",
             "stale", "return_pr", "contribution", "since", "days", "ticker", "name", "sector")  # fmt: skip
    known = (*BUBBLE_FIELDS, *COMPOSITION_FIELDS, RETURN, CONTRIBUTION, CAP_SOURCE, STALE)
    fields = {field.key: field for field in known}
    return (*(fields[key] for key in order), CUT, EFFECTIVE)


def _changes() -> tuple[Field, ...]:
    return (*_without(WHY_FIELDS, "session", "kind", "ticker"), CONTRIBUTION)


def _contributions() -> tuple[Field, ...]:
    own = _without(CONTRIBUTION_FIELDS, "first", "last", "series", "ticker", "name", "sector")
    first = [field for field in own if field.key == "contribution"]
    return (*first, *(field for field in own if field not in first), INDEX_RETURN, CAP_WEIGHT_RETURN)


def _sectors() -> tuple[Field, ...]:
    """Of a sector: its name stands in the place of the ticker."""
    own = _without(SECTOR_FIELDS, "first", "last", "series", "sector")
    first = [field for field in own if field.key == "contribution"]
    return (*first, *(field for field in own if field not in first))


def _without(fields: Iterable[Field], *keys: str) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.key not in keys)


_FIELDS: Final[dict[str, Callable[[], tuple[Field, ...]]]] = {
    "performance": _performance,
    "metrics": _metrics,
    "composition": _composition,
    "changes": _changes,
    "contributions": _contributions,
    "sectors": _sectors,
}
