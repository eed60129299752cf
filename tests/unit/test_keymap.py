from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engine.env_file import default_config_dir
from engine.errors import SettingsError
from engine.settings import Settings
from tuiapp import keymap, keynames, keys
from tuiapp.keylist import KEYS
from tuiapp.scopes import MET, SCOPES


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    yield
    keys.put_in_force({})


def load(folder: Path, text: str) -> keymap.Keys:
    path = folder / "keymap.toml"
    path.write_text(text, encoding="utf-8")
    return keymap.load(path)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    assert caught.value.hint == keymap.NEXT_STEP
    assert str(folder / "keymap.toml") in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("# nothing\n", {}),
        ('"app.export" = "ctrl+e"', {"app.export": ("ctrl+e",)}),
        ('app.export = "ctrl+e"', {"app.export": ("ctrl+e",)}),
        ('[app]\nexport = "ctrl+e"', {"app.export": ("ctrl+e",)}),
        ('"app.export" = ["W", "F5", "e"]', {"app.export": ("W", "f5", "e")}),
        ('"app.export" = ["e", "e"]', {"app.export": ("e",)}),
        ('"app.export" = ""', {"app.export": ()}),
        ('"app.export" = []', {"app.export": ()}),
        ('"app.export" = "Shift+W"', {"app.export": ("W",)}),
        ('"app.back" = ["Esc", "Backspace"]', {"app.back": ("escape", "backspace")}),
        ('"app.stop" = "PgDn"\n"table.page_down" = []', {"app.stop": ("pagedown",), "table.page_down": ()}),
        ('"app.export" = "r"\n"app.reload" = "e"', {"app.export": ("r",), "app.reload": ("e",)}),
        ('"app.export" = "ä"', {"app.export": ("ä",)}),
        ('"app.export" = "="', {"app.export": ("=",)}),
        ('"app.export" = "equals_sign"', {"app.export": ("=",)}),
        ('"app.export" = "alt+e"', {"app.export": ("alt+e",)}),
        ('"members.cut" = "t"', {"members.cut": ("t",)}),
    ],
)
def test_a_keymap_gives_the_keys_of_its_ids(tmp_path: Path, text: str, found: keymap.Keys) -> None:
    assert load(tmp_path, text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"app.exprot" = "E"', "line 1: 'app.exprot' is no id, is app.export meant?"),
        ('\n\n"nonsense" = "E"', "line 3: 'nonsense' is no id"),
        ('"app.export" = 7', "line 1: app.export wants a key between quotes, or a list of such keys"),
        ('"app.export" = [["e"]]', "app.export wants a key between quotes"),
        ('[app]\nexport = "bogus"', "line 2: app.export: 'bogus' is no key"),
        ('"app.export" = "e,E"', "'e,E' is no key"),
        ('"app.export" = "\\u001b"', "is no key"),
        ('"app.quit" = ""', "line 1: app.quit: it needs a key"),
        ('"app.help" = []', "app.help: it needs a key"),
        ('"app.back" = "backspace"', "app.back: Esc has to be among its keys"),
        ('"page.close" = "q"', "page.close: Esc has to be among its keys"),
        ('"palette.up" = "k"', "palette.up: 'k' is a character"),
        ('"app.export" = "q"', "line 1: 'q' of app.export is the key of app.quit (everywhere: quit)"),
        ('"app.export" = "j"', "'j' of app.export is the key of table.down (tables"),
        ('"table.sort" = "f"', "'f' of table.sort is the key of findings.final (findings"),
        ('"page.copy" = "tab"', "'tab' of page.copy is the key of explanation.on (explanation"),
        ('"app.export" = "escape"', "'escape' of app.export is the key of app.back"),
        ('"app.quit" = "i"', "'i' of app.quit is the key of app.explain (everywhere"),
        ('"first.demo" = "q"', "'q' of first.demo is the key of app.quit"),
        *((f'"app.export" = "ctrl+{letter}"', "cannot be used") for letter in "mhjibasq"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line_and_its_reason(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, '"app.exprot" = "E"\n"app.quit" = []\n"app.export" = "q"\n')
    assert re.findall(r"line (\d)", said) == ["1", "2", "3"]


def test_two_ids_of_a_keymap_may_not_have_one_key_where_both_work(tmp_path: Path) -> None:
    said = refused(tmp_path, '"app.export" = "ctrl+e"\n"app.theme" = "ctrl+e"\n')
    assert "'ctrl+e' of app.export is the key of app.theme" in said


@pytest.mark.parametrize("text", ['"app.export" = ', "[[[[", "app.export = e", '"a" = "b"\n"a" = "c"'])
def test_what_is_no_toml_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    assert re.search(r"is not TOML: .*(line \d|end of document)", refused(tmp_path, text))


def test_a_file_that_is_not_there_changes_nothing_unless_it_was_asked_for(tmp_path: Path) -> None:
    assert keymap.of_settings(Settings(tmp_path)) == {}
    with pytest.raises(SettingsError, match="cannot be read"):
        keymap.of_settings(Settings(tmp_path, keymap=tmp_path / "none.toml"))


def test_the_file_of_the_config_folder_is_read() -> None:
    path = default_config_dir() / "keymap.toml"
    path.parent.mkdir(parents=True)
    path.write_text('"app.export" = "ctrl+e"', encoding="utf-8")
    assert keymap.of_settings(Settings(Path("anywhere"))) == {"app.export": ("ctrl+e",)}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"#" * (keymap.LARGEST + 1), b"a=" + b"[" * 50_000])
def test_what_is_no_text_or_far_too_much_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keymap.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError):
        keymap.load(path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        keymap.load(tmp_path)


IDS = st.sampled_from([key.id for key in KEYS]) | st.text(max_size=12)
PRESSED = st.sampled_from([*keynames.SHOWN, *keynames.TAKEN, "ctrl+e", "E", "shift+tab"]) | st.text(max_size=4)
LINES = st.lists(st.tuples(IDS, PRESSED | st.lists(PRESSED, max_size=3)), max_size=4)


def _toml(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    escaped = "".join(f"\\U{ord(each):08X}" if each in '"\\' or not each.isprintable() else each for each in value)
    return f'"{escaped}"'


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_a_keymap_is_loaded_without_a_clash_or_refused(
    tmp_path: Path, lines: list[tuple[str, str | list[str]]]
) -> None:
    text = "\n".join(f"{_toml(name)} = {_toml(value)}" for name, value in lines)
    try:
        found = load(tmp_path, text)
    except SettingsError:
        return
    effective = [replace(key, keys=found.get(key.id, key.keys)) for key in KEYS]
    for scopes in MET:
        for one, other in combinations([key for key in effective if key.scope in scopes], 2):
            if one.id in found or other.id in found:
                assert not set(one.keys) & set(other.keys) - _shared_as_declared(one.id, other.id)


def _shared_as_declared(*names: str) -> set[str]:
    one, other = (next(key for key in KEYS if key.id == name) for name in names)
    return set(one.keys) & set(other.keys)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_file_is_a_keymap_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keymap.toml"
    path.write_bytes(content)
    with suppress(SettingsError):
        assert isinstance(keymap.load(path), dict)


def test_every_scope_meets_others_and_is_listed() -> None:
    assert {key.scope for key in KEYS} == set(SCOPES)
    assert set().union(*MET) == set(SCOPES)


def test_as_declared_no_two_keys_clash_but_for_those_of_a_first_run() -> None:
    for scopes in MET:
        for one, other in combinations([key for key in KEYS if key.scope in scopes], 2):
            if keys.FIRST_RUN not in (one.scope, other.scope):
                assert not set(one.keys) & set(other.keys), (one.id, other.id)


def test_every_declared_key_is_a_key_that_a_keymap_may_use() -> None:
    for key in KEYS:
        for each in key.keys:
            assert keynames.canonical(each) == each
            assert each not in keynames.TAKEN


def test_keys_are_called_as_textual_calls_them() -> None:
    from textual.keys import _character_to_key

    for code in range(33, 0x180):
        if (character := chr(code)).isprintable():
            assert keynames.textual_name(character) == _character_to_key(character)
            if code < 127:
                assert keynames.canonical(_character_to_key(character)) == character


@pytest.mark.parametrize(
    ("key", "shown"),
    [("escape", "Esc"), ("ctrl+x", "ctrl+x"), ("f12", "F12"), ("shift+left", "shift+←"), ("?", "?"), ("+", "+")],
)
def test_a_key_is_shown_as_people_read_it(key: str, shown: str) -> None:
    assert keynames.shown(key) == shown


def test_a_sentence_names_the_key_in_force() -> None:
    assert keys.shown("app.reload") == "r"
    keys.put_in_force({"app.reload": ("f5", "r"), "app.stop": ()})
    assert (keys.shown("app.reload"), keys.shown("app.stop")) == ("F5", keys.NO_KEY)


def test_hints_of_pairs_name_both_keys_in_force() -> None:
    keys.put_in_force({"range.longer": (">",), "session.latest": ()})
    assert ("{ >", "range") in keys.hints(keys.PERFORMANCE, keys.EVERYWHERE)
