"""What the workers themselves cost, when vendor and pace cost nothing."""

from __future__ import annotations

import time
from typing import Final

import pytest

from engine.events import CancelToken
from engine.fetching.asks import DONE, PRICES, SHARES, Answer, Ask, Job
from engine.providers.gathering import Gathering
from engine.providers.throttle import Throttle

pytestmark = pytest.mark.slow

NAMES: Final = 300
WORKERS: Final = 4
A_JOB_MS: Final = 1.0


class Silent:
    """Answers at once, and nothing."""

    name = "silent"

    def prepare(self, symbols: tuple[str, ...]) -> None:
        """Nothing to load."""

    def ask(self, ask: Ask) -> Answer:
        return Answer(ask, DONE)


def test_a_job_costs_less_than_a_millisecond_beside_the_vendor() -> None:
    jobs = [Job(f"N{name}", (Ask(PRICES, f"N{name}"), Ask(SHARES, f"N{name}"))) for name in range(NAMES)]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work = Gathering(Silent(), jobs, Throttle(0), workers=WORKERS, cancel=CancelToken())
        assert sum(1 for _ in work.batches()) == NAMES
        times.append((time.perf_counter() - start) / NAMES * 1000)
    print(f"\na job through {WORKERS} workers: {min(times):.3f} to {max(times):.3f} ms")
    assert min(times) < A_JOB_MS
