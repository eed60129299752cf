"""Twenty people on one small server: all are served, and none pays for what they share."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app
from tests.perf.pty_harness import FLOOR, FLOOR_SHOWS, cost_of, in_ms, share_mb

pytestmark = pytest.mark.slow

PEOPLE = 20
MOST = 2.0
"""How many times as long as twenty one-label apps."""
SHARE_MB = 40
PATIENCE = 120.0


def seconds_for_all(argv: list[str], text: str, people: list[PseudoTerminal], stack: ExitStack) -> float:
    """Start them all, and read from all of them until the last one shows a text."""
    start = time.perf_counter()
    people += [stack.enter_context(PseudoTerminal(argv)) for _ in range(PEOPLE)]
    waiting = people
    while waiting:
        assert time.perf_counter() - start < PATIENCE, f"{len(waiting)} of {PEOPLE} show nothing"
        written = [terminal.read(0) for terminal in waiting]
        if not any(written):
            time.sleep(0.005)
        waiting = [terminal for terminal in waiting if text not in terminal.text]
    return time.perf_counter() - start


def test_twenty_sessions_at_once_are_served(tmp_path: Path) -> None:
    save_snapshot(tmp_path, performance_view(1397))
    with ExitStack() as stack:
        floor = seconds_for_all(FLOOR, FLOOR_SHOWS, [], stack)
    with ExitStack() as stack:
        people: list[PseudoTerminal] = []
        ours = seconds_for_all(fake_app(tmp_path), "as of Mon 2026-06-08", people, stack)
        for terminal in people:
            terminal.wait_for("+18.17%")
            terminal.rest(0.3)
        share = statistics.median(share_mb(terminal.process.pid) for terminal in people)
        costs = [cost_of(terminal, "2").last for terminal in people]
    print(f"\n{PEOPLE} sessions painted in {ours:.1f} s, as many labels in {floor:.1f} s; {share:.0f} MB each")
    print(f"a screen with all of them open: {in_ms(costs)}")
    assert ours <= MOST * floor
    assert share <= SHARE_MB
