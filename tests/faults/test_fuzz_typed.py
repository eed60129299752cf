"""Whatever is typed, or written into a file of settings, means something or is told of in one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.env_file import read_env_file
from engine.errors import EngineError, SettingsError
from engine.indices import KEYS, read_definitions
from engine.setting import Setting
from engine.settings import SETTINGS, load_settings
from tests.hostile_strings import SHORT
from tests.unit.test_filtering import COLUMNS, EMPTY, Row, searched
from tuiapp import dates
from tuiapp.keylist import KEYS as KEY_LIST
from tuiapp.keymap import load
from tuiapp.widgets.filtering import Filter, Problem, parse

FEW, MANY = 100, 5_000

TEXT = st.text(max_size=40)
HOSTILE = st.sampled_from(SHORT)


def scraps(*words: str) -> st.SearchStrategy[str]:
    """Texts of words that mean something, in an order that may mean nothing."""
    return st.lists(st.sampled_from(words) | st.text(max_size=3) | HOSTILE, max_size=12).map("".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("typed")


@contextmanager
def refused_well() -> Iterator[None]:
    """Only a mistake of use may come out, with a sentence, a next step and exit code 2."""
    refused: EngineError | None = None
    try:
        yield
    except EngineError as error:
        refused = error
    if refused is not None:
        assert (type(refused), refused.exit_code, bool(refused.hint)) == (SettingsError, 2, True)
        assert refused.message.strip()


# -- filters

FILTERS = (
    scraps(
        "rank",
        "day",
        "cap",
        "since",
        "ticker",
        '"',
        "!",
        "<=",
        "=",
        "!=",
        "~",
        "!~",
        ">",
        " ",
        "5",
        "-3",
        "1.2t",
        "2024-03",
        "inf",
        "nan",
        "1e999",
    )
    | TEXT
)
ROWS = (Row(), EMPTY, Row("'; drop", "=1+1", "\x1b[2J", 0, float("inf"), float("nan"), -1e300, date.max))


def check_filter(typed: str) -> None:
    found = parse(typed, COLUMNS, searched)
    if isinstance(found, Problem):
        assert found.text
        return
    assert isinstance(found, Filter)
    assert all(type(found.passes(row)) is bool for row in ROWS)


@given(typed=FILTERS)
@settings(max_examples=FEW)
def test_a_filter_is_one_or_says_why_not(typed: str) -> None:
    check_filter(typed)


# -- settings

VALUES = (
    scraps("1", "100", "-1", "1e9", "nan", "inf", "none", ",", ".", "2024-01-02", "true", " ", "~", "/", "株", "１")
    | TEXT
)
SETTING = st.sampled_from(SETTINGS)


def check_setting(setting: Setting, raw: str) -> None:
    """A value that is taken is one that is allowed: written down again it is the same."""
    with refused_well():
        found = load_settings({}, {setting.variable: raw})
        value = getattr(found, setting.name)
        assert not isinstance(value, float) or math.isfinite(value)


@given(setting=SETTING, raw=VALUES)
@settings(max_examples=FEW)
def test_a_setting_is_taken_or_refused_with_what_is_allowed(setting: Setting, raw: str) -> None:
    check_setting(setting, raw.replace("\0", ""))


LINES = scraps(
    "FLATCAP_INDEX_SIZE", "FLATCAP_DATA_DIR", "=", "50", "'", '"', "\n", "#", "export ", "${HOME}", "\\", " "
)


def check_env_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with refused_well():
        found: Mapping[str, object] = read_env_file(path, {})
        assert all(isinstance(value, str) for value in found.values())


@given(content=LINES.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60))
@settings(max_examples=FEW)
def test_a_file_of_settings_is_read_or_refused(folder: Path, content: bytes) -> None:
    check_env_file(folder / ".env", content)


# -- definitions of indices, and keys

TABLES = scraps(
    "[top50]\n",
    "[",
    "]",
    *(f"{key} = " for key in KEYS),
    "50\n",
    "nan\n",
    "inf\n",
    '"equal"\n',
    "[1]\n",
    "1e999\n",
    "2024-01-02\n",
    "\n",
    "{",
    "}",
    '"',
)
KEYMAPS = scraps(
    *(f'"{key.id}"' for key in KEY_LIST[:8]),
    " = ",
    '"ctrl+e"\n',
    '"q"\n',
    '["a", "b"]\n',
    "[app]\n",
    "1\n",
    "\n",
    "[",
    "]",
    '"',
)


def check_definitions(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with refused_well():
        for name, definition in read_definitions(path).items():
            assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name)
            assert definition.title.isprintable()


def check_keymap(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with refused_well():
        assert set(load(path, named=True)) <= {key.id for key in KEY_LIST}


def encoded(texts: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60)


@given(content=encoded(TABLES))
@settings(max_examples=FEW)
def test_definitions_of_indices_are_read_or_refused(folder: Path, content: bytes) -> None:
    check_definitions(folder / "indices.toml", content)


@given(content=encoded(KEYMAPS))
@settings(max_examples=FEW)
def test_a_keymap_is_read_or_refused(folder: Path, content: bytes) -> None:
    check_keymap(folder / "keymap.toml", content)


@pytest.mark.parametrize("opening", ["[", "{a="])
def test_a_file_nested_without_end_is_refused(folder: Path, opening: str) -> None:
    content = b"a = " + opening.encode() * 20_000
    check_definitions(folder / "indices.toml", content)
    check_keymap(folder / "keymap.toml", content)


# -- dates and ranges

DATES = scraps("2024", "-", "02", "30", "0000", "9999", "1y", "9999y", "ytd", "first", "latest", "+", "３", " ") | TEXT
DAYS = st.dates()
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]")


def check_date(typed: str, day: date) -> None:
    """A date means a day that there is, or none."""
    for read in (dates.opening, dates.closing):
        meant = read(typed)
        if isinstance(meant, dates.Counted):
            assert type(meant.opens(day, day)) is date
            assert type(meant.closes(day, day)) is date
        else:
            assert meant is None or type(meant) is date
    found = dates.meant(typed, [day], day)
    assert found is None or type(found) is date
    assert not CONTROLS.search(dates.no_date(typed))


@given(typed=DATES, day=DAYS)
@settings(max_examples=FEW)
def test_a_date_means_a_day_or_none(typed: str, day: date) -> None:
    check_date(typed, day)


# -- many more of all


@pytest.mark.slow
@given(typed=FILTERS)
@settings(max_examples=MANY)
def test_many_filters(typed: str) -> None:
    check_filter(typed)


@pytest.mark.slow
@given(setting=SETTING, raw=VALUES)
@settings(max_examples=MANY)
def test_many_settings(setting: Setting, raw: str) -> None:
    check_setting(setting, raw.replace("\0", ""))


@pytest.mark.slow
@given(lines=encoded(LINES), tables=encoded(TABLES), keymap=encoded(KEYMAPS))
@settings(max_examples=MANY)
def test_many_files_of_settings(folder: Path, lines: bytes, tables: bytes, keymap: bytes) -> None:
    check_env_file(folder / ".env", lines)
    check_definitions(folder / "indices.toml", tables)
    check_keymap(folder / "keymap.toml", keymap)


@pytest.mark.slow
@given(typed=DATES, day=DAYS)
@settings(max_examples=MANY)
def test_many_dates(typed: str, day: date) -> None:
    check_date(typed, day)
