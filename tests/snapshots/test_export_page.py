"""The page of the export as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.harness import session
from tests.snapshots.test_screens import SIZES, same_as_kept

WAYS = {
    "sheets": ["E", "down", "space"],
    "dates": ["E", "tab", *"-1y"],
    "refused": ["E", "up", "ctrl+u", *"levels.csv", "enter"],
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("name", WAYS)
async def test_the_export_looks_as_it_did(
    name: str, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with session(size=size) as app:
        await app.press(*WAYS[name])
        same_as_kept(f"export-{name}-{size[0]}x{size[1]}", app.text)
