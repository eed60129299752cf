"""What every command shares: the world it runs in, the global options, and the engine they lead to."""

from __future__ import annotations

import logging
import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from engine.env_file import read_env_file
from engine.events import CancelToken, EventSink
from engine.run import NO_RUN, Run, new_run
from engine.settings import Settings, demo_settings, load_settings, strays
from tuiapp import command_lines, keymap, keys_in_force
from tuiapp.cli import diagnostics
from tuiapp.cli.verbs import VERBS
from tuiapp.logfile import RunLog, run_of_app

if TYPE_CHECKING:
    from engine.facade import Engine
    from engine.views.types import IndexStatus

CHOICES: Final = {"data_dir": "--data-dir", "index": "--index", "provider": "--provider"}
"""Flags that say which index is meant; with another one, a command is about something else."""

DEMO: Final = "demo"

COMMAND: Final = re.compile(rf"(?<![\w/.-])flatcap(?: --index (\S+))?(?= ({'|'.join(VERBS)})\b)")
"""A command line of ours in a sentence: the index that it names, and its verb."""

TOLD: Final = (logging.WARNING, logging.INFO, logging.DEBUG)
"""From which level on the log speaks on stderr, by how often -v was given."""

BACKFILLED: Final = "back-filled (survivorship-biased)"
"""What is said of sessions before the first snapshot of the universe: their names were only listed later."""

OUTDATED: Final = {
    "data": "The data have changed since the index was built",
    "settings": "The index was built with other settings than those in force",
}


def _open_engine(settings: Settings, *, events: EventSink, run: Run = NO_RUN) -> Engine:
    from engine.facade import open_engine

    return open_engine(settings, events=events, run=run)


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
    today: Callable[[], date] = date.today
    log: RunLog = field(default_factory=RunLog)


@dataclass(frozen=True)
class Work:
    """An engine at work, and the token that stops it."""

    engine: Engine
    cancel: CancelToken


def _verb() -> str:
    """The verb that runs, with the verb below it: ``show composition``."""
    context = click.get_current_context(silent=True)
    words = context.command_path.split()[1:] if context else []
    return " ".join(words) or "summary"


@dataclass
class Invocation:
    """One run of the command: its global options and its world. Nothing is read before it is asked for."""

    world: World = field(default_factory=World)
    flags: dict[str, str | None] = field(default_factory=dict)
    env_file: Path | None = None
    verbose: int = 0
    _strays_told: bool = field(default=False, init=False)
    _used: str = field(default="", init=False)
    _stopped_by: int = field(default=0, init=False)

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

    def told(self, hint: str, by_now: Mapping[str, str | None] | None = None) -> str:
        """A hint, its commands with the global options that this run was given.

        Args:
            hint: The hint.
            by_now: Options that count in the place of those.
        """
        run = replace(self, flags={**self.flags, **by_now}) if by_now else self
        return COMMAND.sub(lambda found: run._as_given(*found.groups()), hint)

    def _as_given(self, index: str | None, verb: str) -> str:
        """The beginning of a command line; an index that it names itself stays, and the demo is its own provider."""
        own = {**({"index": index} if index else {}), **({"provider": None} if verb == DEMO else {})}
        return replace(self, flags={**self.flags, **own}).command()

    def _stop(self, number: int) -> None:
        self._stopped_by = number

    def exit_code(self, code: int) -> int:
        """The exit code; of a run that a signal has stopped, that of the signal."""
        if code == diagnostics.INTERRUPTED and self._stopped_by:
            return diagnostics.OF_SIGNALS + self._stopped_by
        return code

    def note_end(self) -> None:
        """Say, where that is asked for, what the run was about and how long it took."""
        if self.verbose and self._used:
            diagnostics.note(f"flatcap: info: run: {self._used}; {self.world.log.seconds():.2f} s in all")

    def note_next(self) -> None:
        """Say that what has changed awaits a build."""
        diagnostics.note(f"Next: {self.command('build')}")

    def note_status(self, status: IndexStatus, first: date | None = None) -> None:
        """Say what is to be known about an index that was shown.

        Args:
            status: Its header.
            first: First session that was shown, None where only the header's was.
        """
        if status.clock:
            diagnostics.note(status.clock)
        before = status.backfilled_before
        if before is not None and (first or status.session) < before:
            diagnostics.note(f"{BACKFILLED} before {before}")
        if status.outdated:
            diagnostics.note(f"{OUTDATED[status.outdated]}; next: {self.command('build')}")

    @contextmanager
    def work(self, *, made: bool = True) -> Iterator[Work]:
        """An engine over the store, narrating on stderr; the demo market is made if it is not there yet.

        Args:
            made: Whether the demo market is wanted; who looks at a store, or replaces it, takes it as it is.
        """
        settings = self.settings()
        line = diagnostics.ProgressLine()
        told = TOLD[min(self.verbose, 2)]
        diagnostics.start_log(told, line)
        run = new_run(_verb())
        self._used = f"{run.command}, index {settings.index} in {settings.data_dir}"
        if problem := self.world.log.begin(run, settings.log_level, told=told):
            diagnostics.note(f"flatcap: {problem}")
        try:
            with diagnostics.stoppable(line, self._stop) as cancel:
                engine = self.world.open_engine(settings, events=line, run=run)
                if made and settings.provider == "demo":
                    engine.load_demo()
                line.clear()
                yield Work(engine, cancel)
        finally:
            line.clear()

    def app(self) -> int:
        """Run the app until it is left."""
        settings = self.settings()
        keys_in_force.put_in_force(keymap.of_settings(settings))
        command_lines.put_in_force(self.told)
        diagnostics.hush_log()
        self.world.log.begin(run_of_app(), settings.log_level)
        return self.world.run_app(settings, demo=settings.provider == "demo")
