"""Many sessions on one small server: all are served, none pays for what they share, and none keeps the others out."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.facade import Engine
from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app
from tests.perf.pty_harness import FLOOR, FLOOR_SHOWS, cost_of, in_ms, share_mb
from tests.perf.store_sessions import together

pytestmark = pytest.mark.slow

PEOPLE = 20
MOST = 2.0
"""How many times as long as twenty one-label apps."""
SHARE_MB = 40
PATIENCE = 120.0

LOAD_S = 30.0
SLOWEST_READ_S = 0.5
"""What nineteen of twenty views may take while others write: no more than a person notices as a wait."""


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


def test_people_read_on_while_a_fetch_and_a_build_run(made: Engine) -> None:
    """Three people look at another screen every second, a fetch commits twice a second, a build runs every five."""
    folder = made.settings.data_dir
    ticker = made.composition().rows[0].ticker
    for kinds in (("person",), ("person", "person", "person", "writer", "build")):
        found = together(folder, LOAD_S, kinds, ticker)
        print("\n" + "\n".join(waits.text for waits in found.values()))
        if kinds == ("person",) and found["person"].p95 > SLOWEST_READ_S:
            pytest.skip("this machine is busy with other things: one person alone waits too long")
    assert found["person"].p95 <= SLOWEST_READ_S
    assert min(len(waits.seconds) for waits in found.values()) >= 5


def test_a_writer_does_not_wait_long_behind_four_eager_readers(made: Engine) -> None:
    found = together(made.settings.data_dir, LOAD_S / 2, ("eager reader",) * 4 + ("writer",))
    print("\n" + "\n".join(waits.text for waits in found.values()))
    assert found["writer"].longest <= PATIENCE / 60
    assert len(found["eager reader"].seconds) > len(found["writer"].seconds)
