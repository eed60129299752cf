"""Which run of the program it is, and when: on every line of its log and every record of a change of data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program.

    Attributes:
        id: Eight hexadecimal digits, another one for every run.
        command: What was asked for, as a person types it without its arguments: ``import``, ``show composition``;
            ``app`` for the app.
    """

    id: str
    command: str


NO_RUN: Final = Run("00000000", "library")
"""Of an engine that no command has opened."""


def new_run(command: str) -> Run:
    """A run of this command."""
    return Run(os.urandom(4).hex(), command)


def utc_now() -> datetime:
    """The clock of every day; tests give their own."""
    return datetime.now(UTC)
