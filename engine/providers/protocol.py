"""What a source of data is to the engine: a name, and batches of frames to store one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import polars as pl


class Batch(Protocol):
    """Frames that are stored together."""

    @property
    def detail(self) -> str:
        """Where they come from, for a person: a file's name, a vendor's call."""
        ...

    @property
    def frames(self) -> Mapping[str, pl.DataFrame]:
        """Name of a raw table to a frame on its schema, unique by key and sorted by it."""
        ...


class Provider(Protocol):
    """A source of raw data. It knows nothing of the store and decides nothing about the index."""

    @property
    def name(self) -> str:
        """The word under which its data are recorded (``import``, ``synthetic``)."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The data, what others need first. Each batch is valid and complete in itself.

        Raises:
            EngineError: If the data cannot be had or read.
        """
        ...
