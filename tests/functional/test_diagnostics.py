"""The diagnostics: there at once, whole when the engine has answered, and fit for a report."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from engine import __version__
from engine.errors import StoreDamaged
from engine.settings import SETTINGS, Settings
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp import facts
from tuiapp.facts import MASK, UNSET, of_settings, resident_bytes


def page(app: Session) -> str:
    """The whole page as it is copied."""
    return app.app.screen._page.text_of_all()  # type: ignore[attr-defined,no-any-return]


async def test_it_stands_there_before_the_engine_has_answered() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        engine.gate.clear()
        await app.pilot.press("f12")
        await app.shown("Diagnostics")
        assert f"flatcap              {__version__}" in app.text
        assert "Store                asking …" in page(app)
        engine.gate.set()
        await app.settled()
        assert "Store                52.4 MB" in page(app)


async def test_it_has_what_a_report_needs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "screen")
    monkeypatch.setenv("TMUX", "/tmp/tmux")
    monkeypatch.delenv("COLORTERM", raising=False)
    async with session(folder=tmp_path, size=(60, 18)) as app:
        await app.press("f12")
        text = page(app)
    for label, value in (
        ("textual", "8."),
        ("Size", "60x18"),
        ("TERM", "screen"),
        ("TMUX", "/tmp/tmux"),
        ("COLORTERM", UNSET),
        ("Folder", str(tmp_path)),
        ("Provider", "yahoo"),
        ("Schema", "6"),
        ("Data version", "7"),
        ("Index", "top100: 300 sessions, 2021-01-29 to 2022-03-24"),
        ("Cache", "12 views, 3.4 of 64 MB; 30 hits, 12 misses"),
        ("index_size", "100  (default)"),
        ("Memory", "nothing is remembered"),
    ):
        assert f"  {label:20} {value}" in text, label


async def test_the_last_questions_stand_newest_first_with_their_time_and_outcome() -> None:
    async with session() as app:
        app.engine.failure = StoreDamaged("The store is damaged.")
        await app.press("2")
        app.engine.failure = None
        await app.press("f12")
        lines = page(app).splitlines()
    first = lines.index(" Last questions") + 1
    asked = [(line.split()[0], line.split()[-1]) for line in lines[first : lines.index(" Settings") - 1]]
    assert asked[:2] == [("diagnostics", "answered"), ("composition", "refused")]
    assert asked[-1] == ("history", "answered")
    assert all(" ms  " in line for line in lines[first : first + 2])


async def test_a_store_that_cannot_be_read_is_said_to_be_so() -> None:
    async with session() as app:
        app.engine.failure = StoreDamaged("The store is damaged.")
        await app.press("f12")
        assert "Store                cannot be read: The store is damaged." in page(app)


async def test_all_of_it_can_be_read_on_the_smallest_terminal() -> None:
    async with session(size=(60, 18)) as app:
        await app.press("f12", "G")
        assert "Keymap" in app.text
        assert all(len(line) <= 60 for line in app.lines)
        await app.press("escape")
        assert "as of" in app.header


async def test_y_copies_the_page_with_each_fact_on_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 30)
    copied: list[tuple[str, str]] = []

    def copy(_: object, text: str, what: str) -> tuple[str, str]:
        copied.append((text, what))
        return "Copied", "good"

    monkeypatch.setattr("tuiapp.clipboard.copy", copy)
    async with session(folder=folder) as app:
        await app.press("f12", "y")
    ((text, what),) = copied
    assert what == "the diagnostics"
    assert f"  Folder               {folder}\n" in text


def test_every_setting_is_listed_with_its_origin() -> None:
    settings = Settings(data_dir=Path("/data"), buffer=3, fx_pairs=(), origins={"buffer": "flag"})
    found = dict(of_settings(settings))
    assert list(found) == [setting.name for setting in SETTINGS]
    assert found["buffer"] == "3  (flag)"
    assert found["fx_pairs"] == "none  (default)"
    assert found["min_cap_usd"] == "2e+10  (default)"


def test_what_may_be_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclasses.dataclass(frozen=True)
    class Secretive(Settings):
        api_key: str = "hunter2"
        proxy_password: str = "hunter2"

    secrets = tuple(dataclasses.replace(SETTINGS[1], name=name) for name in ("api_key", "proxy_password"))
    monkeypatch.setattr(facts, "SETTINGS", secrets)
    found = dict(of_settings(Secretive(data_dir=Path("/data"))))
    assert found == {"api_key": f"{MASK}  (default)", "proxy_password": f"{MASK}  (default)"}


def test_the_memory_of_the_process_is_known_without_proc_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resident_bytes() > 1_000_000
    monkeypatch.setattr(facts, "STATM", Path("/nonexistent/statm"))
    assert resident_bytes() > 1_000_000
