"""What a shell completes a word with, where only the data know: silent, without making a store, and never for long."""

from __future__ import annotations

import contextlib
import re
import signal
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Final, NoReturn, TypeVar

import click
from click.shell_completion import CompletionItem

from engine.domain.sheets import SHEETS
from engine.errors import EngineError
from engine.events import silent
from engine.settings import PROVIDERS, SYMBOL, Settings, demo_settings, load_settings
from tuiapp.cli import diagnostics, output
from tuiapp.cli.invocation import Invocation, World
from tuiapp.cli.verbs import FLAGS, SHARED

LONGEST_S: Final = 1.0
"""A person who has pressed Tab waits no longer: for a store that is being written, say."""

Name = TypeVar("Name")


class TooLong(Exception):
    """What completes a word took longer than a person waits."""


def sheets(_context: click.Context, typed: str) -> list[CompletionItem]:
    """Names of sheets between commas; the last one is completed."""
    given, comma, word = typed.rpartition(",")
    chosen = given.split(",")
    return [
        CompletionItem(f"{given}{comma}{name}", help=text)
        for name, text in SHEETS.items()
        if name.startswith(word) and name not in chosen
    ]


def indices(context: click.Context, typed: str) -> list[CompletionItem]:
    """Names of the indices that are defined."""
    return [CompletionItem(name) for name in _quietly(lambda: _names(context)) if name.startswith(typed)]


def providers(_context: click.Context, typed: str) -> list[CompletionItem]:
    """Where data may come from."""
    return [CompletionItem(name) for name in PROVIDERS if name.startswith(typed)]


def tickers(context: click.Context, typed: str) -> list[CompletionItem]:
    """Tickers that are stored, with the names of their companies; none that a shell would take for more than a word."""
    found = _quietly(lambda: _companies(context))
    return [
        CompletionItem(ticker, help=output.plain(name))
        for ticker, name in found
        if ticker.startswith(typed.upper()) and re.fullmatch(SYMBOL, ticker)
    ]


def _names(context: click.Context) -> Iterable[str]:
    from engine.indices import names

    return names(_settings(context))


def _companies(context: click.Context) -> Iterable[tuple[str, str]]:
    world = _world(context)
    return world.open_engine(_settings(context), events=silent).companies()


def _world(context: click.Context) -> World:
    return context.ensure_object(Invocation).world


def _settings(context: click.Context) -> Settings:
    """The settings in force, by the words that are typed already."""
    world, root = _world(context), context.find_root()
    flags = {**{name: root.params.get(name) for name in SHARED}, **context.meta.get(FLAGS, {})}
    settings = load_settings(flags, world.environment(), env_file=root.params.get("env_file"))
    return demo_settings(settings) if settings.provider == "demo" else settings


def _quietly(names: Callable[[], Iterable[Name]]) -> tuple[Name, ...]:
    """The names; none where they cannot be had at once."""
    diagnostics.hush_log()
    with contextlib.suppress(EngineError, TooLong), _soon():
        return tuple(names())
    return ()


@contextlib.contextmanager
def _soon() -> Iterator[None]:
    """Give up what takes too long."""

    def give_up(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TooLong

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
