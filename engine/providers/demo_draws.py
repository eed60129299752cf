"""Random arrays that are the same for ever: splitmix64 over a counter, in integer arithmetic."""

from __future__ import annotations

from itertools import count

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]


class Draws:
    """A sequence of independent random arrays from one seed."""

    def __init__(self, seed: int) -> None:
        self._streams = count(seed)

    def words(self, *shape: int) -> Words:
        """Uniform 64-bit words."""
        first = np.uint64(next(self._streams)) << np.uint64(32)
        word = (first + np.arange(int(np.prod(shape)), dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (word ^ (word >> np.uint64(31))).reshape(shape)

    def uniform(self, low: float, high: float, *shape: int) -> Reals:
        """Numbers from ``low`` up to, and not including, ``high``."""
        return low + (high - low) * ((self.words(*shape) >> np.uint64(11)).astype(np.float64) / 2**53)

    def normal(self, *shape: int) -> Reals:
        """Nearly normal numbers, mean 0 and deviation 1: a sum of eight 16-bit uniforms, scaled."""
        total = np.zeros(shape, dtype=np.int64)
        for word in (self.words(*shape), self.words(*shape)):
            for shift in (0, 16, 32, 48):
                total += ((word >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.int64)
        return (total - 8 * 65_535 // 2) / 53_509.91992145008
