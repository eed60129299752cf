"""One way to run the command in this process, with an engine that answers from memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.facade import open_engine
from engine.settings import Settings, demo_settings
from tests.cli.fakes import THIRD, FakeEngine
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a run said: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """A fake engine behind the command, and the knobs of the world around it."""

    capsys: pytest.CaptureFixture[str]
    engine: FakeEngine = field(default_factory=FakeEngine)
    env: dict[str, str] = field(default_factory=dict)
    tty: bool = False
    today: date = THIRD
    apps: list[tuple[Settings, bool]] = field(default_factory=list)

    def run(self, *argv: str) -> Answer:
        opener: Callable[..., Any] = self.engine.open
        world = World(lambda: self.env, lambda: self.tty, opener, self._run_app, lambda: self.today)
        code = main(argv, world)
        out, err = self.capsys.readouterr()
        return Answer(code, out, err)

    def _run_app(self, settings: Settings, *, demo: bool) -> int:
        self.apps.append((settings, demo))
        return 0


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(capsys)


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo market in it, made once, to look at only."""
    folder = tmp_path_factory.mktemp("market")
    assert open_engine(demo_settings(Settings(folder))).load_demo()
    return folder
