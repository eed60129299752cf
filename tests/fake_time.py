"""A clock without time."""

from __future__ import annotations

import threading

from engine.events import CancelToken


class FakeTime(CancelToken):
    """A clock that only sleeping moves, and the token that sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.check()
        with self._lock:
            self.now += seconds
