"""What indices of one store have in common when they are built together: raw rows, prices and caps of a block."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.index.build import Priced
    from engine.index.inputs import RawData


@dataclass(frozen=True, slots=True)
class BlockInputs:
    """Raw rows of a block, and the prices and caps that come of them."""

    raw: RawData
    priced: Priced


class SharedBlock:
    """Keeps the first block of one index for the next one, which begins with the same if its cap band is the same."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._kept: BlockInputs | None = None

    def get(self, key: Hashable, make: Callable[[], BlockInputs]) -> BlockInputs:
        """The inputs of this key, made if they are not kept."""
        if self._kept is None or key != self._key:
            self._kept = None  # as large as all prices: the old one goes before the new one comes
            self._key, self._kept = key, make()
        return self._kept
