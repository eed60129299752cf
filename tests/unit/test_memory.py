"""What is remembered between two runs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp.memory import LARGEST, MOST_STORES, Memory, StoreMemory

STORE = Path("/data/one")
SEEN = StoreMemory("changes", {"changes": {"other": "2024-03-15", "table": {"filter": "ü"}}}, ["AAPL", "BRK-B"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "app.json"


def at_store(path: Path, folder: Path = STORE) -> Memory:
    memory = Memory.load(path)
    memory.look_at(folder)
    return memory


def kept(path: Path, seen: StoreMemory = SEEN, folder: Path = STORE, theme: str = "") -> None:
    memory = at_store(path, folder)
    memory.theme = theme or memory.theme
    memory.remember(seen)
    memory.save()
    assert not memory.problem


def test_what_was_kept_is_there_in_the_next_run(path: Path) -> None:
    kept(path, theme="light")
    found = at_store(path)
    assert (found.here, found.theme, found.mouse, found.problem) == (SEEN, "light", None, "")


def test_the_file_is_nobody_elses_business(path: Path) -> None:
    kept(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["app.json"]


def test_what_was_told_of_a_bug_is_remembered_as_the_newest_of_two_apps(path: Path) -> None:
    one, other = Memory.load(path), Memory.load(path)
    one.crash, other.crash = "crash-20260828-2.txt", "crash-20260828-1.txt"
    one.save()
    other.save()
    assert Memory.load(path).crash == "crash-20260828-2.txt"


def test_without_a_path_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory = Memory(theme="light")
    memory.remember(SEEN)
    memory.save()
    assert memory.is_kept
    assert not list(tmp_path.iterdir())


def test_each_store_is_remembered_for_itself(path: Path) -> None:
    kept(path)
    kept(path, StoreMemory("data"), Path("/data/two"))
    assert at_store(path).here == SEEN
    assert at_store(path, Path("/data/two")).here == StoreMemory("data")
    assert at_store(path, Path("/data/three")).here == StoreMemory()


def test_two_apps_at_once_keep_what_each_has_changed(path: Path) -> None:
    kept(path, StoreMemory("data"), Path("/data/two"), theme="light")
    first, second = at_store(path), at_store(path, Path("/data/two"))
    first.theme = "dark"
    first.remember(SEEN)
    second.mouse = False
    second.remember(StoreMemory("performance"))
    first.save()
    second.save()
    found = at_store(path)
    assert (found.theme, found.mouse, found.here) == ("dark", False, SEEN)
    assert at_store(path, Path("/data/two")).here.screen == "performance"


def test_a_store_that_was_only_looked_at_is_left_as_another_app_kept_it(path: Path) -> None:
    kept(path)
    idle = at_store(path)
    kept(path, StoreMemory("data"))
    idle.theme = "light"
    idle.save()
    assert at_store(path).here.screen == "data"


def test_nothing_is_written_while_nothing_changes(path: Path) -> None:
    kept(path)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    memory = at_store(path)
    memory.save()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    memory.mouse = True
    memory.save()
    assert path.stat().st_ino != before[1]


def test_it_is_known_whether_there_is_anything_to_write(path: Path) -> None:
    memory = at_store(path)
    steps = [memory.is_kept]
    memory.remember(SEEN)
    steps.append(memory.is_kept)
    memory.save()
    steps.append(memory.is_kept)
    assert steps == [True, False, True]


def test_only_the_stores_that_were_used_last_are_remembered(path: Path) -> None:
    for number in range(MOST_STORES + 3):
        kept(path, StoreMemory(f"s{number}"), Path(f"/data/{number}"))
    kept(path, SEEN, Path("/data/3"))
    stores = list(Memory.load(path).stores)
    assert len(stores) == MOST_STORES
    assert (stores[0], stores[-1]) == ("/data/4", "/data/3")


def test_a_zoom_counts_only_as_long_as_the_app_runs(path: Path) -> None:
    kept(path, StoreMemory("performance", {"performance": {"period": "1Y", "window": ["2024-01-02", "2024-02-01"]}}))
    assert at_store(path).here.screens == {"performance": {"period": "1Y"}}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "not what this program writes"),
        (b"\xff\xfe{", "no text in UTF-8"),
        (b"[" * 100_000, "not what this program writes"),
        (b'{"version": 1, "theme": NaN}', "not what this program writes"),
        (b'{"version": 2}', "not what this version writes"),
        (b"[]", "not what this version writes"),
        (b" " * (LARGEST + 1), "more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_as_good_as_none(path: Path, said: bytes, why: str) -> None:
    path.parent.mkdir()
    path.write_bytes(said)
    memory = at_store(path)
    assert why in memory.problem
    assert str(path) in memory.problem
    assert memory.stores == {}
    kept(path)
    assert at_store(path).here == SEEN


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert "not an ordinary file" in Memory.load(path).problem


def test_a_folder_that_cannot_be_written_to_is_no_error(path: Path) -> None:
    path.parent.write_text("no folder")
    memory = at_store(path)
    memory.remember(SEEN)
    memory.save()
    assert memory.problem.startswith("What was changed here is not remembered")
    assert not memory.is_kept
    path.parent.unlink()
    memory.save()
    assert (memory.problem, memory.is_kept, at_store(path).here) == ("", True, SEEN)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
near_misses = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={
        "theme": json_values,
        "mouse": json_values,
        "stores": json_values
        | st.dictionaries(
            st.just(str(STORE)) | st.text(max_size=4),
            json_values
            | st.fixed_dictionaries(
                {},
                optional={
                    "screen": json_values,
                    "screens": json_values | st.dictionaries(st.text(max_size=4), json_values, max_size=3),
                    "pins": json_values | st.lists(json_values, max_size=4),
                },
            ),
            max_size=3,
        ),
    },
)


@given(said=json_values | near_misses)
def test_whatever_stands_in_the_file_what_is_remembered_is_sound(
    said: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-app.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    memory = at_store(path)
    assert_sound(memory)
    memory.remember(memory.here)
    memory.save()
    again = at_store(path)
    assert_sound(again)
    assert (again.theme, again.mouse, again.here) == (memory.theme, memory.mouse, memory.here)


def assert_sound(memory: Memory) -> None:
    here = memory.here
    assert memory.mouse in (None, True, False)
    assert all(text.isprintable() for text in (memory.theme, here.screen, *here.pins))
    assert all(here.pins)
    assert all(isinstance(state, dict) for state in here.screens.values())
