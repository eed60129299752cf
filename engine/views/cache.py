"""Frozen views in memory, by question: those of other data than the present go, and then the least used ones."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

T = TypeVar("T")

BYTES_A_VALUE = 48
"""What one value of a view costs in memory, roughly: an object and the slot that points to it."""


@dataclass(frozen=True, slots=True)
class CacheStatus:
    """How full a cache is, and how often it helped.

    Attributes:
        views: Views kept.
        size_bytes: Their estimated size.
        limit_bytes: Bound on that.
        hits: Questions that a kept view answered.
        misses: Questions for which a view was made.
    """

    views: int
    size_bytes: int
    limit_bytes: int
    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Inside:
    """What an engine works on.

    Attributes:
        path: The store's file.
        size_bytes: Its size, 0 where there is none.
        schema: Number of the last change of the schema that this version knows; a store that is read has it.
        data_version: Number that grows with every change of the store (0: empty).
        cache: The views in memory.
    """

    path: Path
    size_bytes: int
    schema: int
    data_version: int
    cache: CacheStatus


class ViewCache:
    """Least recently used views within a bound.

    Args:
        limit_bytes: Bound on the estimated size of all views kept; 0 keeps none.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._edition: Hashable = None
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._hits = self._misses = 0
        self._lock = threading.Lock()

    def get(self, edition: Hashable, key: Hashable, make: Callable[[], T]) -> T:
        """The view of ``key``, made if it is not kept. Two threads may both make it: views are pure.

        Args:
            edition: Of which data; views of any other are never asked for again.
            key: The question.
            make: Makes the view.
        """
        with self._lock:
            self._turn_to(edition)
            if key in self._kept:
                self._hits += 1
                self._kept.move_to_end(key)
                return cast(T, self._kept[key][0])
            self._misses += 1
        view = make()
        self._keep(edition, key, view)
        return view

    def status(self) -> CacheStatus:
        """How full it is now."""
        with self._lock:
            return CacheStatus(len(self._kept), self._size, self._limit, self._hits, self._misses)

    def _turn_to(self, edition: Hashable) -> None:
        if edition != self._edition:
            self._edition, self._size = edition, 0
            self._kept.clear()

    def _keep(self, edition: Hashable, key: Hashable, view: object) -> None:
        size = estimated_bytes(view)
        with self._lock:
            if size > self._limit or edition != self._edition or key in self._kept:
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
