"""What is written to a terminal so that it copies: nothing of a text can break out, and nothing is too long."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp.clipboard import MOST, MOST_THROUGH_SCREEN, MOST_UNWRAPPED, sequences, size

OSC_52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\n\u202eNVDA"


def copied(plain: str) -> str:
    found = OSC_52.fullmatch(plain)
    assert found, plain
    return b64decode(found[1]).decode()


def unwrapped_by_screen(written: str) -> str:
    return "".join(re.findall(r"\x1bP([^\x1b]*(?:\x1b\][^\x1b]*)?)\x1b\\", written))


@given(st.text())
def test_any_text_arrives_as_it_is(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert copied(sequences(text, "")) == text


@given(st.text(st.characters(codec="utf-8"), max_size=5000))
def test_screen_passes_on_a_text_piece_by_piece(text: str) -> None:
    written = sequences(text, "screen")
    if written:
        assert copied(unwrapped_by_screen(written)) == text
        assert all(len(piece) <= 768 for piece in written.split("\x1b\\"))


def test_tmux_is_told_both_ways() -> None:
    plain, _, wrapped = sequences(HOSTILE, "tmux").partition("\x1bPtmux;")
    assert copied(plain) == HOSTILE
    assert wrapped.endswith("\x1b\\")
    assert copied(wrapped.removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b")) == HOSTILE


def test_what_may_be_tmux_or_screen_is_told_in_both_ways_if_it_is_short() -> None:
    written = sequences("NVDA", "either")
    assert copied(written[: written.index("\x07") + 1]) == "NVDA"
    assert copied(unwrapped_by_screen(written[written.index("\x07") + 1 :])) == "NVDA"
    assert not sequences("x" * MOST_UNWRAPPED, "either")


@pytest.mark.parametrize(("through", "most"), [("", MOST), ("tmux", MOST), ("screen", MOST_THROUGH_SCREEN)])
def test_a_text_that_terminals_would_cut_is_not_sent(through: str, most: int) -> None:
    longest = most // 4 * 3
    assert sequences("x" * longest, through)
    assert not sequences("x" * (longest + 3), through)


def test_a_terminal_without_clipboard_is_sent_nothing() -> None:
    assert not sequences("NVDA", "file")


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size("x"), size("é"), size("x" * 999), size("x" * 12_340)] == ["1 byte", "2 bytes", "999 bytes", "12.3 kB"]
