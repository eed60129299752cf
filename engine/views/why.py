"""Changes as rows of values: with their distance to the cut, which follows from what a change holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.domain.fields import Field
from engine.views.types import ChangeRow


def change_rows(changes: Iterable[ChangeRow], fields: Sequence[Field]) -> Iterator[tuple[Any, ...]]:
    """A row for each change, by the keys of the fields, which are some of ``WHY_FIELDS``."""
    for change in changes:
        computed = {"distance_usd": distance_usd(change), "distance": distance(change)}
        yield tuple(computed[f.key] if f.key in computed else getattr(change, f.key) for f in fields)


def distance_usd(change: ChangeRow) -> float | None:
    """Market cap less that of rank N; None where there is no cap or no cut."""
    cap, cut = change.market_cap_usd, change.cut_cap_usd
    return None if cap is None or cut is None else cap - cut


def distance(change: ChangeRow) -> float | None:
    """The same over the cap of rank N (fraction)."""
    away = distance_usd(change)
    return away / change.cut_cap_usd if away is not None and change.cut_cap_usd else None
