"""Command lines of ours in a hint, as they have to be typed to be about the store that the app is looking at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

Flags = Mapping[str, str | None]


class Told(Protocol):
    """Gives a hint with the global options that this run was given, and with those that count in their place by now."""

    def __call__(self, hint: str, by_now: Flags) -> str:
        """The hint."""
        ...


def _as_it_is(hint: str, by_now: Flags) -> str:  # noqa: ARG001 (nothing was given)
    return hint


_told: Told = _as_it_is
_by_now: Final[dict[str, str | None]] = {}


def put_in_force(told: Told = _as_it_is) -> None:
    """Let hints be told like this from now on; without one, as the engine gives them."""
    global _told
    _told = told
    _by_now.clear()


def turn_to(**options: str) -> None:
    """Another index or provider is looked at: setting to the text of its flag."""
    _by_now.update(options)


def told(hint: str) -> str:
    """A hint, its commands with the global options that make them be about what is looked at."""
    return _told(hint, _by_now)
