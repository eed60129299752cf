"""Every hostile text wherever a person gives one: it is taken as it is, or refused in a sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from engine.env_file import find_env_file
from engine.errors import SettingsError
from engine.indices import read_definitions
from engine.settings import SETTINGS, Settings, load_settings
from tests.cli.conftest import Desk, desk  # noqa: F401 (a fixture)
from tests.faults.hostile_store import harmless, run
from tests.hostile_strings import ALL, INVALID_UTF8, LONG, SHORT, UNDECODABLE
from tuiapp import keymap

ARGUMENTS: Final = tuple(text for text in (*SHORT, UNDECODABLE[1], "X" * 100_000, "=" * 100_000) if "\0" not in text)
"""What a system hands to a program: no NUL, and of bytes that are no UTF-8 halves of characters of one kind."""

WRITABLE: Final = tuple(text for text in ALL if text not in UNDECODABLE)
FLAGS: Final[dict[str, Callable[[str], tuple[str, ...]]]] = {
    "--index": lambda text: ("--index", text, "show", "coverage"),
    "--provider": lambda text: ("--provider", text, "show", "coverage"),
    "--env-file": lambda text: ("--env-file", text, "show", "coverage"),
    "a verb": lambda text: (text,),
    "a view": lambda text: ("show", text),
    "show stock": lambda text: ("show", "stock", text),
    "--sheets": lambda text: ("export", "--sheets", text),
    "--from": lambda text: ("show", "performance", "--from", text),
    "--to": lambda text: ("show", "performance", "--to", text),
    "--as-of": lambda text: ("show", "composition", "--as-of", text),
    "--format": lambda text: ("show", "composition", "--format", text),
    "--explain": lambda text: ("show", "composition", "--explain", text),
    "--symbols": lambda text: ("fetch", "--symbols", text),
    "import": lambda text: ("import", text),
    "--kind": lambda text: ("import", ".", "--kind", text),
    "restore": lambda text: ("restore", text),
    "export": lambda text: ("export", f"{text}.csv"),
    "backup": lambda text: ("backup", text),
    "completion": lambda text: ("completion", text),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder two levels down, in which the test stands."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("place", FLAGS)
def test_a_word_of_the_command_line_is_taken_or_refused(desk: Desk, tmp_path: Path, place: str) -> None:  # noqa: F811
    for text in ARGUMENTS:
        answer = desk.run(*FLAGS[place](text))
        assert answer.code in (0, 1, 2, 3, 5), text
        harmless(answer.err)
        assert answer.code == 0 or answer.err.startswith("flatcap: ")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("text", [text for text in (*ARGUMENTS, "\udcff\udcfe") if "/" not in text and len(text) < 200])
def test_a_file_is_written_under_the_name_that_was_given_and_nowhere_else(
    here: Path, tmp_path: Path, text: str
) -> None:
    from engine.export.delimited import write_table
    from tests.unit.test_delimited import FIELDS, ROWS

    name = f"{text}.csv"
    assert write_table(Path(name), FIELDS, ROWS) == here / name
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [here / name]


@pytest.mark.parametrize("text", ["\x1b[2J\x1b[H", "\x1b]52;c;cHduZWQ=\x07", "a\nb", "\u202ex", "\udcff"])
def test_a_path_goes_to_a_program_as_it_is_and_to_a_terminal_as_text(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    from tuiapp.cli import output

    class Stream(io.TextIOWrapper):
        is_terminal = False

        def isatty(self) -> bool:
            return self.is_terminal

    written: list[bytes] = []
    for is_terminal in (False, True):
        stream = Stream(io.BytesIO(), encoding="utf-8", write_through=True)
        stream.is_terminal = is_terminal
        monkeypatch.setattr(sys, "stdout", stream)
        output.path(Path(text))
        written.append(stream.buffer.getvalue())  # type: ignore[attr-defined]
    assert written[0] == os.fsencode(text) + b"\n"
    harmless(written[1].decode())


# -- settings


def taken(make: Callable[[], object]) -> bool:
    """Whether something came of it; otherwise it was refused with a next step."""
    try:
        make()
    except SettingsError as error:
        refused = error
    else:
        return True
    assert refused.message
    assert refused.hint
    return False


@pytest.mark.parametrize("name", [setting.variable for setting in SETTINGS])
def test_a_variable_is_taken_or_refused(name: str) -> None:
    for text in ALL:
        taken(lambda text=text: load_settings({}, {name: text}))  # type: ignore[misc]


def test_no_text_names_a_file_of_settings_that_is_not_there() -> None:
    for text in ALL:
        if text != "/etc/passwd":
            assert not taken(lambda text=text: load_settings({}, {"FLATCAP_ENV_FILE": text}))  # type: ignore[misc]


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_file_of_settings_is_taken_or_refused(tmp_path: Path, quote: str) -> None:
    path = tmp_path / "settings"
    for name in ("FLATCAP_DATA_DIR", "FLATCAP_INDEX", "FLATCAP_INDEX_SECTORS", "FLATCAP_WORKERS", "PYTHONPATH"):
        for text in WRITABLE:
            path.write_text(f"{name}={quote}{text}{quote}\n{text}\n", encoding="utf-8")
            taken(lambda: load_settings({}, {}, env_file=path))
    for raw in INVALID_UTF8:
        path.write_bytes(b"FLATCAP_THEME=" + raw)
        assert not taken(lambda: load_settings({}, {}, env_file=path))
    assert "PYTHONPATH" not in os.environ or os.environ["PYTHONPATH"] not in ALL


SAID: Final[dict[str, Callable[[Path, str], tuple[dict[str, str], tuple[str, ...]]]]] = {
    "environment": lambda path, text: ({"FLATCAP_WORKERS": text}, ()),
    ".env": lambda path, text: ({}, ("--env-file", _written(path, f"FLATCAP_WORKERS='{text}'"))),
    "indices.toml": lambda path, text: ({"FLATCAP_INDICES": _written(path, f"[{json.dumps(text)}]")}, ()),
    "keymap.toml": lambda path, text: ({"FLATCAP_KEYMAP": _written(path, f"{json.dumps(text)}=1")}, ()),
}


def _written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("place", SAID)
def test_what_is_refused_is_said_in_one_harmless_line(tmp_path: Path, place: str) -> None:
    for text in ("\x1b[2J\x1b[H", "\u202eesrever", "\x00nul", "x\ny", *LONG[1:]):
        env, flags = SAID[place](tmp_path / "file", text)
        said = run(*flags, "keys", env=env)
        assert (said.code, said.out) == (2, "")
        harmless(said.err)
        assert [line[:8] for line in said.err.splitlines()] == ["flatcap:", "  hint: "]


TABLES: Final = (
    "[top50]\ntitle={}\n", "[top50]\nsectors=[{}]\n", "[top50]\nexchanges=[{}]\n", "[top50]\nweighting={}\n",
    "[top50]\nbase_date={}\n", "[top50]\n{}=1\n", "[{}]\nsize=5\n", "{}=1\n",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_a_definition_of_an_index_is_taken_or_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "indices.toml"
    for text in WRITABLE:
        path.write_text(table.format(json.dumps(text)), encoding="utf-8")
        if taken(lambda: read_definitions(path)):
            for definition in read_definitions(path).values():
                harmless(definition.title)
                assert len(definition.title) <= 60
    for raw in (*INVALID_UTF8, b"[a]\ntitle='\x1b[2J'"):
        path.write_bytes(raw)
        assert not taken(lambda: read_definitions(path))


@pytest.mark.parametrize("table", ["{}=1\n", "quit={}\n", "quit=[{}]\n", "[{}]\nx='q'\n", "[app]\nquit={}\n"])
def test_a_keymap_is_taken_or_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "keymap.toml"
    settings = Settings(tmp_path, keymap=path)
    for text in WRITABLE:
        path.write_text(table.format(json.dumps(text)), encoding="utf-8")
        if text != ".":  # a key as well
            assert not taken(lambda: keymap.of_settings(settings)), text


# -- the places where settings are looked for


def _places(folder: Path) -> Iterator[Path]:
    yield folder / "a" / "b" / ".env"
    yield folder / "a" / ".env"
    yield folder / "home" / ".env"
    yield folder / "data" / ".env"
    yield Path(__file__).parents[2] / ".env.example"


def test_settings_are_read_from_the_documented_places_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    for path in list(_places(tmp_path))[:-1]:
        path.parent.mkdir(exist_ok=True)
        path.write_text("FLATCAP_THEME=dark\nFLATCAP_WORKERS=7\n", encoding="utf-8")
    settings = load_settings({}, {"FLATCAP_DATA_DIR": str(tmp_path / "data")})
    assert (settings.workers, settings.theme) == (3, "auto")
    documented = tmp_path / "home" / ".config" / "flatcap" / ".env"
    assert find_env_file(None, {}) == documented
    documented.parent.mkdir(parents=True)
    documented.write_text("FLATCAP_WORKERS=5\n", encoding="utf-8")
    assert load_settings({}, {}).workers == 5
    assert capsys.readouterr() == ("", "")
