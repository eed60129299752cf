"""Tables: a key costs the same however many rows there are."""

from __future__ import annotations

from time import perf_counter

import pytest

from tests.functional.harness import Session, session
from tuiapp.widgets.columns import Column
from tuiapp.widgets.row_table import Group, RowTable

KEYS = ("j", "pagedown", "k", "ctrl+d", "pageup", "G", "g", "l", "h")
ROUNDS = 6


def made() -> RowTable[int]:
    columns: list[Column[int]] = [
        Column(f"c{at}", f"C{at}", 9, lambda row: (f"{row:,}", ""), lambda row: row, need=at, unit="number")
        for at in range(8)
    ]
    return RowTable(columns, lambda row: row, str)


async def walked(app: Session, table: RowTable[int], size: int) -> float:
    """Seconds that a round of keys takes, the best of some."""
    table.show([Group(range(size // 10), "pinned"), Group(range(size // 10, size))])
    took = []
    for _ in range(ROUNDS):
        start = perf_counter()
        await app.pilot.press(*KEYS)
        await app.pilot.pause()
        took.append(perf_counter() - start)
    return min(took)


@pytest.mark.slow
async def test_a_key_costs_the_same_in_a_million_rows_as_in_a_thousand() -> None:
    table = made()
    async with session() as app:
        await app.app.active.mount(table)
        table.take_keys()
        few, many = await walked(app, table, 1_000), await walked(app, table, 1_000_000)
    print(f"a key among 1,000 rows {1e3 * few / len(KEYS):.1f} ms, among 1,000,000 {1e3 * many / len(KEYS):.1f} ms")
    assert many < 1.5 * few


@pytest.mark.slow
def test_a_million_rows_are_filtered_and_sorted_in_the_time_that_it_takes() -> None:
    table = made()
    table.show([Group(range(1_000_000))])
    start = perf_counter()
    plain = [row for row in range(1_000_000) if row >= 10]
    bare = perf_counter() - start
    start = perf_counter()
    table.narrow("c0>=10")
    took = perf_counter() - start
    print(f"filtering a million rows {took:.2f} s, {took / bare:.0f} times a bare comparison of each")
    assert table.rows == plain
    assert took < 40 * bare
