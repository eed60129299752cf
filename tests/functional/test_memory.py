"""The app begins as it was left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from engine.views.snapshot import save_snapshot
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp.market import Market
from tuiapp.memory import Memory, StoreMemory
from tuiapp.screens import SCREENS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_snapshot(tmp_path, performance_view())
    return tmp_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "app.json"


WAYS = [
    "1c",
    "1C",
    "1{{",
    "1t",
    "1b",
    "1B",
    "1v",
    "1cccS",
    "1ccccc/2021\r",
    "2",
    "2c",
    "2cc",
    "2SS",
    "2c}}t",
    "2/en\r",
    "2/!en\r",
    "3/0\r",
    "3Sg",
    "3d2022-02\r",
    "7",
    "7c",
    "7ccc",
    "7S",
    "7c1c",
]


@pytest.mark.parametrize("way", WAYS)
async def test_the_next_run_begins_with_the_view_of_the_last(folder: Path, path: Path, way: str) -> None:
    async with session(folder=folder, memory=Memory.load(path), size=(120, 40)) as app:
        await app.press(*({"\r": "enter"}.get(key, key) for key in way))
        left = screens_of(app)
        await app.press("q")
    async with session(folder=folder, memory=Memory.load(path), size=(120, 40)) as app:
        assert app.app.view_state().screen == left[0]
        for screen in (*left[1], left[0]):
            await app.press(next(spec.key for spec in SCREENS if spec.id == screen))
        assert screens_of(app) == left


def screens_of(app: Session) -> tuple[str, dict[str, Any], list[str]]:
    view = app.app.view_state()
    return view.screen, view.screens, app.lines[:-2]


async def test_a_screen_that_was_not_shown_again_is_not_forgotten(folder: Path, path: Path) -> None:
    for keys in ("2cq", "1q", "2q"):
        async with session(folder=folder, memory=Memory.load(path)) as app:
            await app.press(*keys)
    async with session(folder=folder, memory=Memory.load(path)) as app:
        assert app.app.active.state()["pane"] == "contributions"


async def test_the_as_of_session_is_always_the_latest(folder: Path, path: Path) -> None:
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("[", "2", "q")
    async with session(folder=folder, memory=Memory.load(path)) as app:
        view = app.app.view_state()
        assert (view.screen, view.session) == ("composition", None)


async def test_pins_are_remembered(folder: Path, path: Path) -> None:
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("2", "space", "G", "space")
        pinned = list(app.app.market.pins)
        await app.press("q")
    assert len(pinned) == 2
    async with session(folder=folder, memory=Memory.load(path)) as app:
        assert list(app.app.market.pins) == pinned


async def test_the_header_is_about_the_series_that_was_looked_at(folder: Path, path: Path) -> None:
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("t", "2")
        header = app.header
        await app.press("q")
    async with session(folder=folder, memory=Memory.load(path)) as app:
        assert app.header == header


async def test_the_filter_is_said_from_the_beginning(folder: Path, path: Path) -> None:
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("2", "/", "e", "n", "enter", "q")
    async with session(folder=folder, memory=Memory.load(path)) as app:
        assert "Filter: en" in app.status
        await app.press("escape")
        assert "of 110" in app.status


async def test_each_store_is_left_as_it_was(folder: Path, path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    save_snapshot(other, performance_view())
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("2", "q")
    async with session(folder=other, memory=Memory.load(path)) as app:
        assert app.app.view_state().screen == "performance"


async def test_a_first_run_begins_on_the_first_screen(path: Path) -> None:
    memory = Memory.load(path)
    memory.look_at(Path("/nonexistent/flatcap"))
    memory.remember(StoreMemory("data"))
    async with session(FakeEngine(stored=False), memory=memory) as app:
        assert app.app.view_state().screen == "performance"
        assert "Enter" in app.footer
        await app.press("q")
    assert memory.here.screen == "data"


async def test_a_view_is_kept_while_the_app_runs(folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuiapp.remembering.BEFORE_KEEPING", 0.01)
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("2", "c")
        for _ in range(200):
            await app.pilot.pause(0.01)
            if path.exists() and "contributions" in path.read_text():
                break
        else:
            pytest.fail("nothing was kept")


async def test_nothing_is_kept_without_a_path(folder: Path) -> None:
    async with session(folder=folder, memory=Memory()) as app:
        await app.press("2", "q")
        assert app.app._keeping is None
    assert sorted(each.name for each in folder.iterdir()) == ["last-view.json"]


async def test_a_file_that_cannot_be_read_is_told_of_in_the_log_of_events(folder: Path, path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{")
    async with session(folder=folder, memory=Memory.load(path)) as app:
        assert any("could not be read" in event.text for event in app.app.events)


async def test_what_is_remembered_of_a_view_that_is_no_more_is_passed_over(folder: Path, path: Path) -> None:
    said = {"screen": "nowhere", "screens": {"composition": {"pane": "x", "tables": {"members": 1}}, "nowhere": {}}}
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 1, "stores": {str(folder): said}}))
    async with session(folder=folder, memory=Memory.load(path)) as app:
        assert app.app.view_state().screen == "performance"
        await app.press("2")
        assert "row 1 of 110" in app.status


KEYS = (
    *("pane", "tables", "table", "members", "contributions", "sectors", "findings", "stored", "fetches", "decisions"),
    *("period", "total", "benchmark", "benchmarks", "log", "window", "series", "other"),
    *("sort", "down", "filter", "column"),
)
WORDS = ("", "chart", "sectors", "1Y", "day", "TR", "rank", "ticker", "2022-02-01", "9999-12-31", "\x1b[2J", "ret<")
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
)
states = st.dictionaries(st.sampled_from(KEYS), values, max_size=6)


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
@given(state=states)
@limited(max_examples=40)
def test_no_state_is_too_strange_to_be_restored(spec: Any, state: dict[str, Any]) -> None:
    screen = spec.load()(Market(performance_view(30)), spec.id)
    screen.restore(state)
    sound = screen.state()
    json.dumps(sound)
    again = spec.load()(Market(performance_view(30)), spec.id)
    again.restore(sound)
    assert again.state() == sound


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
def test_a_state_is_restored_before_there_is_a_market(spec: Any) -> None:
    screen = spec.load()(Market(performance_view(30)), spec.id)
    blank = spec.load()(Market(), spec.id)
    blank.restore(screen.state())
    assert blank.state() == screen.state()


async def test_after_a_crash_the_next_run_does_not_begin_with_what_it_failed_on(folder: Path, path: Path) -> None:
    async with session(folder=folder, memory=Memory.load(path)) as app:
        await app.press("2", "c", "3", "s", "q")
    async with session(folder=folder, memory=Memory.load(path)) as app:
        app.app.keep_after_crash()
    memory = Memory.load(path)
    memory.look_at(folder)
    assert memory.here.screen == ""
    assert memory.here.screens.keys() == {"performance", "composition"}
