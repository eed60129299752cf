"""The page of the indices as text, compared with files that a person can read."""

from __future__ import annotations

import pytest

from tests.functional.harness import session
from tests.functional.test_indices import Defined, app_over
from tests.snapshots.test_screens import SIZES, same_as_kept


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_the_page_of_the_indices_looks_as_it_did(size: tuple[int, int]) -> None:
    async with app_over(Defined(), size=size) as app:
        await app.press("I", "j", "j")
        same_as_kept(f"indices-{size[0]}x{size[1]}", app.text)


@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]], ids=lambda size: "x".join(map(str, size)))
async def test_the_page_of_one_index_says_how_to_define_more(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nonexistent/config")
    async with session(size=size) as app:
        await app.press("I")
        same_as_kept(f"indices-one-{size[0]}x{size[1]}", app.text)
