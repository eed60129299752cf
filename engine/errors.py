"""Failures by name, each with a next step.

An expected failure is an ``EngineError``: one sentence that says what happened, a ``hint`` that says what to do,
and the exit code that the command line gives for it. Anything else that is raised is a bug and is shown whole.
"""

from __future__ import annotations

from typing import ClassVar


class EngineError(Exception):
    """An expected failure: a sentence, a hint and an exit code."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsError(EngineError):
    """A setting or an argument has a value that cannot be used."""

    exit_code = 2


class ProviderError(EngineError):
    """A data provider cannot be reached or refuses."""

    exit_code = 3


class StoreError(EngineError):
    """The store cannot be used."""

    exit_code = 4


class StoreLocked(StoreError):
    """Another process holds the store for longer than we wait."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of the program."""


class StoreDamaged(StoreError):
    """The store's file is not a store, or is damaged."""


class ClockBehind(StoreError):
    """The clock of this machine is behind what the store has recorded."""


class DataError(EngineError):
    """The data are not sufficient or not valid for what was asked."""

    exit_code = 5


class NoData(DataError):
    """There is nothing in the store yet, or no index has been built."""


class StoreGone(NoData):
    """The store is gone, and copies of it lie where it was."""


class ExportError(EngineError):
    """A file could not be written."""


class Cancelled(EngineError):
    """A person asked the work to stop."""

    exit_code = 130
