"""What takes its time is told in the log: what was done, how long it took, and its figures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

PREFIX: Final = "flatcap."
"""Begins the name of every log of ours."""


@contextmanager
def traced(work: str, phrase: str) -> Iterator[None]:
    """Tell who wants to know everything what was done, and how long it took."""
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    extra = {"figures": {"seconds": round(seconds, 4)}}
    logging.getLogger(PREFIX + work).debug("%s in %.3f s", phrase, seconds, extra=extra)


@contextmanager
def timed(work: str) -> Iterator[Callable[..., None]]:
    """Tell what was done when it is done, and how long it took; of work that fails, who reports the failure tells.

    Args:
        work: Name of the work: ``build``, ``import``.

    Yields:
        What takes a phrase for a person, and figures by name for a program.
    """
    told: list[tuple[str, dict[str, Any]]] = []
    began = time.monotonic()
    yield lambda phrase, **figures: told.append((phrase, figures))
    seconds = time.monotonic() - began
    for phrase, figures in told:
        extra = {"figures": {**figures, "seconds": round(seconds, 3)}}
        logging.getLogger(PREFIX + work).info("%s in %.1f s", phrase, seconds, extra=extra)
