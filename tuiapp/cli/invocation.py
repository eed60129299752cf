"""What every command shares: the world it runs in, the global options, and the engine they lead to."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.env_file import read_env_file
from engine.events import CancelToken, EventSink
from engine.settings import Settings, demo_settings, load_settings, strays
from tuiapp import keymap, keys_in_force
from tuiapp.cli import diagnostics

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.types import IndexStatus

CHOICES: Final = {"data_dir": "--data-dir", "index": "--index", "provider": "--provider"}
"""Flags that say which index is meant; with another one, a command is about something else."""

DEMO: Final = "demo"

BACKFILLED: Final = "back-filled (survivorship-biased)"
"""What is said of sessions before the first snapshot of the universe: their names were only listed later."""

OUTDATED: Final = {
    "data": "The data have changed since the index was built",
    "settings": "The index was built with other settings than those in force",
}


def _open_engine(settings: Settings, *, events: EventSink) -> Engine:
    from engine.facade import open_engine

    return open_engine(settings, events=events)


def _run_app(settings: Settings, *, demo: bool) -> int:
    from tuiapp.app import run_app

    return run_app(settings, demo=demo)


def _environment() -> Mapping[str, str]:
    return os.environ


@dataclass(frozen=True)
class World:
    """What lies outside of the command line; tests hand in their own."""

    environment: Callable[[], Mapping[str, str]] = _environment
    interactive: Callable[[], bool] = diagnostics.interactive
    open_engine: Callable[..., Engine] = _open_engine
    run_app: Callable[..., int] = _run_app


@dataclass(frozen=True)
class Work:
    """An engine at work, and the token that stops it."""

    engine: Engine
    cancel: CancelToken


@dataclass
class Invocation:
    """One run of the command: its global options and its world. Nothing is read before it is asked for."""

    world: World
    flags: dict[str, str | None] = field(default_factory=dict)
    env_file: Path | None = None
    _strays_told: bool = field(default=False, init=False)

    def as_typed(self) -> Settings:
        """The settings, before the demo market is given its own store."""
        env = self.world.environment()
        settings = load_settings(self.flags, env, env_file=self.env_file)
        if not self._strays_told:
            self._tell_strays(env)
        return settings

    def _tell_strays(self, env: Mapping[str, str]) -> None:
        self._strays_told = True
        for name, near in strays(env, read_env_file(self.env_file, env)):
            diagnostics.note(
                f"flatcap: {name} is no setting of this version" + (f"; is {near} meant?" if near else ".")
            )

    def settings(self) -> Settings:
        """The settings of the market that is asked for."""
        settings = self.as_typed()
        return demo_settings(settings) if settings.provider == "demo" else settings

    def command(self, *words: str) -> str:
        """A command line to paste, about the same index: with the global options that this run was given."""
        given = [(option, self.flags.get(name)) for name, option in CHOICES.items()]
        given.append(("--env-file", str(self.env_file) if self.env_file else None))
        options = [word for option, value in given if value is not None for word in (option, value)]
        return shlex.join(["flatcap", *options, *words])

    def opening(self) -> str:
        """The command line that opens the app on the same index; the demo market has a verb of its own."""
        if self.flags.get("provider") != DEMO:
            return self.command()
        return replace(self, flags={**self.flags, "provider": None}).command(DEMO)

    def told(self, hint: str) -> str:
        """A hint, its commands with the global options that this run was given."""
        return re.sub(r"\bflatcap(?= [a-z])", lambda _: self.command(), hint)

    def note_next(self) -> None:
        """Say that what has changed awaits a build."""
        diagnostics.note(f"Next: {self.command('build')}")

    def note_status(self, status: IndexStatus, first: date | None = None) -> None:
        """Say what is to be known about an index that was shown.

        Args:
            status: Its header.
            first: First session that was shown, None where only the header's was.
        """
        before = status.backfilled_before
        if before is not None and (first or status.session) < before:
            diagnostics.note(f"{BACKFILLED} before {before}")
        if status.outdated:
            diagnostics.note(f"{OUTDATED[status.outdated]}; next: {self.command('build')}")

    @contextmanager
    def work(self) -> Iterator[Work]:
        """An engine over the store, narrating on stderr; the demo market is made if it is not there yet."""
        settings = self.settings()
        line = diagnostics.ProgressLine()
        diagnostics.start_log(settings.log_level, line)
        try:
            with diagnostics.stoppable(line) as cancel:
                engine = self.world.open_engine(settings, events=line)
                if settings.provider == "demo":
                    engine.load_demo()
                line.clear()
                yield Work(engine, cancel)
        finally:
            line.clear()

    def app(self) -> int:
        """Run the app until it is left."""
        settings = self.settings()
        keys_in_force.put_in_force(keymap.of_settings(settings))
        diagnostics.hush_log()
        return self.world.run_app(settings, demo=settings.provider == "demo")
