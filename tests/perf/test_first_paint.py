"""How long it takes until there are data on the screen, against the least that Textual needs for one label."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app

pytestmark = pytest.mark.slow

ROUNDS = 9
MOST = 1.6
FLOOR = """
from textual.app import App
from textual.widgets import Label
class Floor(App):
    def compose(self):
        yield Label("one label and nothing else")
Floor().run()
"""


def seconds_until(argv: Sequence[str], text: str) -> float:
    """From the start of a program until a text stands on its screen."""
    start = time.perf_counter()
    with PseudoTerminal(argv) as terminal:
        terminal.wait_for(text)
        return time.perf_counter() - start


def test_the_first_screen_has_data_soon_after_textual_can_draw(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view(1397))
    floors, ours = [], []
    for _ in range(ROUNDS):
        floors.append(seconds_until([sys.executable, "-c", FLOOR], "one label"))
        ours.append(seconds_until(fake_app(tmp_path), "as of Mon 2026-06-08"))
    ratio = statistics.median(ours) / statistics.median(floors)
    assert ratio <= MOST, f"{statistics.median(ours):.3f} s against {statistics.median(floors):.3f} s"
