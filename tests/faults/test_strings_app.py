"""Every hostile text that is pasted into the app is a text there, or refused in a sentence."""

from __future__ import annotations

from typing import Final

import pytest
from textual import events
from wcwidth import wcswidth

from engine.domain.texts import LONGEST_LINE
from tests.faults.hostile_store import OBEYED
from tests.functional.fake_engine import FakeEngine
from tests.functional.harness import Session, session
from tests.hostile_strings import ESCAPES, FORMULAS, LONG, MARKUP, SQL, UNDECODABLE

DOORS: Final = {
    "filter": ("2", "slash"),
    "date": ("a",),
    "palette": ("colon",),
    "days": ("7", "n"),
    "name of a file": ("E",),
}
SIZE: Final = (80, 24)


async def paste(app: Session, text: str) -> None:
    """Paste as a terminal tells it: to whatever takes keys."""
    app.app.post_message(events.Paste(text))
    await app.settled()


def harmless(app: Session) -> None:
    for strip in app.app.screen._compositor.render_strips():
        assert not OBEYED.search(strip.text), repr(strip.text)
        assert wcswidth(strip.text) == SIZE[0], repr(strip.text)


TEXTS: Final = (
    " ".join(MARKUP),
    "".join(ESCAPES).replace("\r", "").replace("\n", ""),
    " ".join(UNDECODABLE),
    " ".join((*SQL, *FORMULAS)),
    "~nobody-here/x.csv",
    "line\r\nline",
    LONG[1],
)
"""Every text, several of them in one line: the app takes one line of what is pasted."""


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_pasted_is_a_text(door: str) -> None:
    async with session(size=SIZE) as app:
        for text in TEXTS:
            await app.press(*DOORS[door])
            await paste(app, text)
            harmless(app)
            await app.press("enter")
            harmless(app)
            await app.press("escape", "escape")
        assert app.app.is_running
        for event in app.app.events:
            assert not OBEYED.search(event.text)
            assert len(event.text) <= LONGEST_LINE


@pytest.mark.parametrize("typed", ["~nobody-here/x.csv", "x" * 5_000])
async def test_a_path_that_cannot_be_one_is_refused(typed: str) -> None:
    async with session(FakeEngine(stored=False), size=SIZE) as app:
        await app.press("i")
        await paste(app, typed)
        await app.press("enter")
        harmless(app)
        assert "This cannot be the path of a file" in app.status
        assert not [question for question in app.engine.asked if question[0] == "import_files"]


async def test_the_palette_leads_to_no_company_before_there_is_an_index() -> None:
    async with session(FakeEngine(), size=SIZE) as app:
        await app.press("colon")
        await paste(app, FakeEngine().companies()[0][0])
        await app.press("enter")
        harmless(app)
        assert app.app.is_running
