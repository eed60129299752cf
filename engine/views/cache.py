"""Frozen views in memory, keyed by data version and question: nothing is ever invalidated, old ones fall out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")

BYTES_A_VALUE = 48
"""What one value of a view costs in memory, roughly: an object and the slot that points to it."""


class ViewCache:
    """Least recently used views within a bound.

    Args:
        limit_bytes: Bound on the estimated size of all views kept; 0 keeps none.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The view of ``key``, made if it is not kept. Two threads may both make it: views are pure."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
        view = make()
        self._keep(key, view)
        return view

    def _keep(self, key: Hashable, view: object) -> None:
        size = estimated_bytes(view)
        with self._lock:
            if size > self._limit or key in self._kept:
                return
            self._kept[key] = (view, size)
            self._size += size
            while self._size > self._limit:
                _, (_, freed) = self._kept.popitem(last=False)
                self._size -= freed


def estimated_bytes(value: object) -> int:
    """Rough size of a frozen view: its values, counted."""
    if is_dataclass(value) and not isinstance(value, type):
        return BYTES_A_VALUE + sum(estimated_bytes(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return BYTES_A_VALUE + sum(estimated_bytes(item) for item in value.values())
    if isinstance(value, tuple):
        if value and isinstance(value[0], int | float | str):
            return BYTES_A_VALUE * (1 + len(value))
        return BYTES_A_VALUE + sum(estimated_bytes(item) for item in value)
    return BYTES_A_VALUE
