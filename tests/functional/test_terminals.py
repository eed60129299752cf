"""In whatever terminal it is started, the app shows what that one can show, obeys, and leaves it as it was."""

from __future__ import annotations

import itertools
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import performance_view
from tests.functional.terminal import PseudoTerminal, fake_app

QUIET = 0.15
F12 = "\x1b[24~"
LATIN = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
RICH = ("xterm-256color", "screen-256color", "tmux-256color", "xterm-kitty")
SIXTEEN = ("xterm", "screen", "linux", "vt100")
TERMS = (*RICH, *SIXTEEN)
ONE_BY_ONE = (
    *((term, False, False) for term in TERMS),
    *((term, True, False) for term in ("xterm-256color", "linux")),
    *((term, False, True) for term in ("xterm-256color", "screen")),
    ("vt100", True, True),
)
TOGETHER = tuple(case for case in itertools.product(TERMS, (False, True), (False, True)) if case not in ONE_BY_ONE)
BRAILLE = frozenset(map(chr, range(0x2801, 0x2900)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_snapshot(tmp_path, performance_view(1397))
    return tmp_path


@contextmanager
def opened(folder: Path, market: str = "", env: Mapping[str, str] | None = None) -> Iterator[PseudoTerminal]:
    """The app, ready."""
    with PseudoTerminal(fake_app(folder, *filter(None, [market])), env=env) as terminal:
        terminal.wait_for("q quit")
        if not market:
            terminal.wait_for("+18.17%")
        terminal.rest(QUIET)
        yield terminal


def walks_through(folder: Path, term: str, *, plain: bool, latin: bool) -> None:
    """Start, look at a table and at a page, and leave; on the way nothing is shown that this terminal cannot show."""
    env: Mapping[str, str] = {"TERM": term, **({"NO_COLOR": "1"} if plain else {}), **(LATIN if latin else {})}
    with opened(folder, env=env) as terminal:
        chart = terminal.text
        terminal.send("2")
        terminal.wait_for("row 1 of 110")
        terminal.send("j")
        terminal.wait_for("row 2 of 110")
        terminal.send("i")
        terminal.wait_for("Market cap")
        terminal.rest(QUIET)
        terminal.send("\x1b")
        terminal.wait_for("row 2 of 110")
        terminal.send("q")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on
        assert not terminal.foreign
        assert bool(BRAILLE & set(chart)) == (not latin and term != "linux")
        assert not latin or terminal.raw.isascii()
        assert terminal.colours == set() if plain else terminal.colours
        assert plain or bool({b"38", b"48"} & terminal.colours) == (term in RICH)


@pytest.mark.parametrize(("term", "plain", "latin"), ONE_BY_ONE)
def test_a_terminal_is_told_only_what_it_can_show(folder: Path, term: str, plain: bool, latin: bool) -> None:
    walks_through(folder, term, plain=plain, latin=latin)


@pytest.mark.slow
@pytest.mark.parametrize(("term", "plain", "latin"), TOGETHER)
def test_a_terminal_is_told_only_what_it_can_show_whatever_is_set(
    folder: Path, term: str, plain: bool, latin: bool
) -> None:
    walks_through(folder, term, plain=plain, latin=latin)


def command(folder: Path) -> list[str]:
    return [sys.executable, "-m", "tuiapp", "--provider", "import", "--data-dir", str(folder)]


@pytest.mark.parametrize(
    "how",
    [
        {"env": {"TERM": "dumb"}},
        {"without": ("TERM",)},
        {"aside": "stdin"},
        {"aside": "stdout"},
        {"aside": "stderr"},
    ],
    ids=["dumb", "unset", "no-stdin", "no-stdout", "no-stderr"],
)
def test_where_the_app_cannot_be_drawn_there_is_text_without_codes(folder: Path, how: dict[str, object]) -> None:
    with PseudoTerminal(command(folder), **how) as terminal:  # type: ignore[arg-type]
        terminal.leave()
        written = terminal.raw + terminal.written_aside
        assert b"import" in written
        assert b"\x1b" not in written


SMALL = "need 60x18"


@pytest.mark.parametrize("size", [(59, 18), (60, 17)])
def test_a_terminal_that_is_too_small_says_so_until_it_grows(folder: Path, size: tuple[int, int]) -> None:
    with PseudoTerminal(fake_app(folder), size=size) as terminal:
        terminal.wait_for(SMALL)
        assert f"{size[0]}x{size[1]}" in terminal.text
        terminal.resize(80, 24)
        terminal.wait_for("+18.17%")
        assert SMALL not in terminal.text
        terminal.send("q")
        assert terminal.leave() == 0


def test_a_storm_of_sizes_ends_in_the_picture_of_the_last_one(folder: Path) -> None:
    with opened(folder) as terminal:
        terminal.send("2")
        terminal.wait_for("row 1 of 110")
        terminal.rest(QUIET)
        wanted = terminal.rows
        for step in range(50):
            terminal.resize(40 + 3 * step, 10 + step % 30)
            terminal.read(0.005)
        terminal.resize(80, 24)
        terminal.wait_for("row 1 of 110")
        terminal.rest()
        assert terminal.rows == wanted
        assert not terminal.foreign


STATES = {
    "prompt": ("", ("2", "/"), "Esc cancel"),
    "page": ("", ("i",), "Provenance"),
    "help": ("", ("?",), "Esc close"),
    "palette": ("", (":",), "Esc"),
    "events": ("", ("@",), "Esc"),
    "diagnostics": ("", (F12,), "Python"),
    "company": ("", ("2", "\r"), "Esc"),
    "crosshair": ("", ("x",), "Esc"),
    "first-run": ("empty", (), "no data yet"),
    "work": ("busy", ("e",), "Writing Chart"),
}
"""What can be open: in which market, after which keys, and by which words it is known."""
ENDS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}
CASES = tuple(itertools.product(STATES, ENDS))
IN_TURN = tuple(zip(STATES, itertools.cycle(ENDS), strict=False))


@contextmanager
def brought_to(folder: Path, state: str) -> Iterator[PseudoTerminal]:
    market, typed, shown = STATES[state]
    with opened(folder, market) as terminal:
        for key in typed:
            terminal.send(key)
            terminal.rest(QUIET)
        terminal.wait_for(shown)
        yield terminal


def ends_clean(folder: Path, state: str, number: signal.Signals) -> None:
    with brought_to(folder, state) as terminal:
        terminal.process.send_signal(number)
        assert terminal.leave() == ENDS[number]
        assert not terminal.modes_left_on
        assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize(("state", "number"), IN_TURN)
def test_a_signal_leaves_a_clean_terminal_whatever_is_open(folder: Path, state: str, number: signal.Signals) -> None:
    ends_clean(folder, state, number)


@pytest.mark.slow
@pytest.mark.parametrize(("state", "number"), [case for case in CASES if case not in IN_TURN])
def test_any_signal_leaves_a_clean_terminal_whatever_is_open(folder: Path, state: str, number: signal.Signals) -> None:
    ends_clean(folder, state, number)


@pytest.mark.parametrize("state", STATES)
def test_ctrl_c_leaves_a_clean_terminal_whatever_is_open(folder: Path, state: str) -> None:
    with brought_to(folder, state) as terminal:
        terminal.send("\x03")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2, 0.4])
def test_a_signal_while_it_starts_leaves_a_clean_terminal(folder: Path, after: float) -> None:
    with PseudoTerminal(fake_app(folder)) as terminal:
        terminal.read(10.0)
        terminal.rest_for(after)
        terminal.process.send_signal(signal.SIGTERM)
        terminal.leave()
        assert not terminal.modes_left_on
        assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize("state", ["chart", "prompt", "page", "palette"])
def test_the_app_is_left_to_the_shell_and_drawn_again(folder: Path, state: str) -> None:
    _, typed, shown = STATES.get(state, ("", (), "Price return"))
    job = [sys.executable, "-m", "tests.functional.job", *fake_app(folder)]
    with PseudoTerminal(job) as terminal:
        terminal.wait_for("+18.17%")
        for key in typed:
            terminal.send(key)
            terminal.rest(QUIET)
        terminal.wait_for(shown)
        before = terminal.rows
        terminal.send("\x1a")
        terminal.wait_for("stopped")
        assert not terminal.modes_left_on
        terminal.send("\n")
        terminal.wait_for(before[0].strip())
        terminal.rest()
        assert terminal.rows == before
        terminal.send("\x03")
        assert terminal.leave() == 0
        assert not terminal.modes_left_on
