"""Texts of others are shown harmlessly wherever they come to stand: as they are read, never obeyed."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from wcwidth import wcswidth, wcwidth

from engine.views.snapshot import save_snapshot
from tests.functional.harness import Session, session
from tests.functional.hostile import NASTY_FOLDER, HostileEngine
from tests.functional.places import VIEWS, walk
from tests.functional.terminal import FOREIGN, PseudoTerminal, fake_app

SIZES = ((80, 24), (60, 18))
TYPED = "[b]x[/] \x9b31m\x07株e\u0301\u202e😀"
COPIES = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def harmless(app: Session, width: int) -> None:
    """Every line fills the screen exactly, by either way of counting cells, and holds nothing that is obeyed."""
    for strip in app.app.screen._compositor.render_strips():
        assert not FOREIGN.search(strip.text), repr(strip.text)
        assert strip.cell_length == width
        assert wcswidth(strip.text) == width, repr(strip.text)
        assert sum(map(wcwidth, strip.text)) == width, repr(strip.text)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_texts_of_others_stay_in_their_cells(size: tuple[int, int]) -> None:
    async with session(HostileEngine(), size=size, folder=NASTY_FOLDER) as app:
        for place, keys in walk():
            for key in keys:
                await app.press(key)
                harmless(app, size[0])
            if place not in VIEWS:
                await app.press("escape")


@pytest.fixture
def terminal(tmp_path: Path) -> PseudoTerminal:
    """The app over the hostile market, ready."""
    save_snapshot(tmp_path, HostileEngine().performance())
    running = PseudoTerminal(fake_app(tmp_path, "hostile"))
    running.wait_for("q quit")
    running.wait_for("+18.17%")
    return running


NAMES = {"enter": "\r", "escape": "\x1b", "f12": "\x1b[24~"}


def press(terminal: PseudoTerminal, *keys: str) -> None:
    for key in keys:
        terminal.send(NAMES.get(key, key))
        terminal.rest(0.1)
        assert terminal.process.poll() is None, terminal.text


def test_no_text_of_others_reaches_the_terminal_as_anything_but_text(terminal: PseudoTerminal) -> None:
    with terminal:
        for place, keys in walk():
            press(terminal, *keys, *(("escape",) if place not in VIEWS else ()))
        terminal.send("\x03")
        assert terminal.leave() == 0
        assert not terminal.foreign
        assert not terminal.modes_left_on


@pytest.mark.parametrize("keys", [("2", "/"), ("a",), (":",), ("3", "d"), ("7", "n")], ids="-".join)
def test_what_is_pasted_is_text_where_it_is_typed_and_where_it_is_refused(
    terminal: PseudoTerminal, keys: tuple[str, ...]
) -> None:
    with terminal:
        press(terminal, *keys, f"\x1b[200~{TYPED}\x1b[201~", "enter", "@", "escape", "escape")
        terminal.send("\x03")
        assert terminal.leave() == 0
        assert not terminal.foreign


def test_a_copy_is_letters_and_digits_on_the_wire_whatever_is_in_it(terminal: PseudoTerminal) -> None:
    with terminal:
        press(terminal, "2", *"jjyyllyYiy")
        sent = COPIES.findall(terminal.raw)
        assert sent
        for wire in sent:
            assert not FOREIGN.search(
                base64.b64decode(wire, validate=True).decode().replace("\t", "").replace("\n", "")
            )
        terminal.raw = COPIES.sub(b"", terminal.raw)
        assert not terminal.foreign
