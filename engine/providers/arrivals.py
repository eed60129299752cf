"""Where workers lay down what they have, for one who takes it away: little room, so that memory stays flat."""

from __future__ import annotations

from collections import deque
from threading import Condition

from engine.fetching.asks import Fetched


class Arrivals:
    """Batches in the order of arrival.

    Args:
        room: So many batches wait; then those who bring more do.
        workers: How many bring some.
    """

    def __init__(self, room: int, workers: int) -> None:
        self._room = room
        self._workers = workers
        self._batches: deque[Fetched] = deque()
        self._nudged = False
        self._closed = False
        self._change = Condition()

    def __len__(self) -> int:
        """Batches that can be had without a wait."""
        return len(self._batches)

    @property
    def over(self) -> bool:
        """Whether nothing is here and nobody will bring any more."""
        with self._change:
            return not self._batches and not self._workers

    def put(self, batch: Fetched) -> None:
        """Bring a batch, when there is room for it; after ``close`` it is dropped."""
        with self._change:
            self._change.wait_for(lambda: self._closed or len(self._batches) < self._room)
            if not self._closed:
                self._batches.append(batch)
                self._change.notify_all()

    def get(self, seconds: float | None) -> Fetched | None:
        """The next batch; None after so many seconds, after a nudge, and when the last worker has left."""
        with self._change:
            self._change.wait_for(lambda: self._batches or self._nudged or not self._workers, seconds)
            self._nudged = False
            self._change.notify_all()
            return self._batches.popleft() if self._batches else None

    def nudge(self) -> None:
        """Let the one who waits look up."""
        with self._change:
            self._nudged = True
            self._change.notify_all()

    def leave(self) -> None:
        """A worker brings no more."""
        with self._change:
            self._workers -= 1
            self._change.notify_all()

    def close(self) -> None:
        """Nothing is taken away any more: let nobody wait for room."""
        with self._change:
            self._closed = True
            self._change.notify_all()
