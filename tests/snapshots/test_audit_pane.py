"""The record of changes as text, compared with files that a person can read."""

from __future__ import annotations

import pytest

from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import session
from tests.snapshots.test_screens import SIZES, same_as_kept


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_the_record_of_changes_looks_as_it_did(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("7", "c", "c", "c")
        same_as_kept(f"data-audit-{size[0]}x{size[1]}", app.text)


async def test_a_record_without_a_change_looks_as_it_did() -> None:
    engine = FakeEngine(performance_view())
    engine.audited = ()
    async with session(engine) as app:
        await app.press("7", "c", "c", "c")
        same_as_kept("data-audit-empty-80x24", app.text)
