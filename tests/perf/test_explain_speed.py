"""How long an explanation takes beside opening the store and reading its header: ``pytest -m slow -s``.

``MARKET_DATA`` may name a folder of real files; the made market is measured always.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import pytest

from engine.facade import Engine, open_engine
from engine.store.database import Database
from engine.views.assembly import Reader
from engine.views.explain.catalog import explainable
from engine.views.explanation import Subject

pytestmark = pytest.mark.slow

MOST: dict[str, float] = {"performance": 6, "metrics": 8, "composition": 8, "changes": 8, "contributions": 12}
"""Times an opening of the store with its header: that takes 12 to 15 ms on a quiet machine."""


def beside(work: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of the work and of the floor, taken in turns."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(3):
        for times, run in zip(found, (work, floor), strict=True):
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1e3)
    return median(found[0]), median(found[1])


@pytest.mark.parametrize("market", ["made", "real"])
@pytest.mark.parametrize("view", list(MOST))
def test_an_explanation_takes_a_few_openings_of_the_store(
    market: str, view: str, request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(market)
    settings, database = engine.settings, Database(engine.settings.data_dir)
    benchmark = min(engine.performance().benchmarks, default="")
    change = engine.changes().rows[-1]
    session, ticker = (
        (change.session, change.ticker) if view == "changes" else (None, engine.composition().rows[0].ticker)
    )

    def floor() -> object:
        return database.read(lambda opened: Reader(opened, settings.index).status(None))

    for field in explainable(view):
        if (
            market == "made"
            and view == "metrics"
            and field.key not in {one.key for one in engine.metrics().periods[0].price}
        ):
            continue
        subject = Subject(view, field.key, session, ticker, "5Y", "TR", benchmark)
        spent, opening = beside(lambda subject=subject: open_engine(settings).explain(subject), floor)  # type: ignore[misc]
        print(
            f"\n{market} {view} {field.key}: {spent:.0f} ms, opening {opening:.0f} ms, ratio {spent / opening:.1f}",
            end="",
        )
        assert spent < MOST[view] * opening
