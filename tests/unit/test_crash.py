from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tuiapp.crash import KEPT, AppFailed, keep

NOW = datetime(2026, 8, 28, 12, 0, tzinfo=UTC)


def raised(error: Exception) -> Exception:
    value = "hunter" + str(len("ab"))
    try:
        raise error
    except type(error) as caught:
        return caught if value else error


def test_the_details_are_in_a_file_of_the_owner_alone(tmp_path: Path) -> None:
    said = keep(raised(ValueError("odd")), tmp_path / "state", NOW)
    (path,) = (tmp_path / "state").iterdir()
    assert said == f"The details are in {path}."
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="utf-8")
    assert "ValueError: odd" in text
    assert "in raised" in text
    assert "2026-08-28 12:00:00" in text


def test_the_details_have_no_values_of_variables_and_no_control_characters(tmp_path: Path) -> None:
    keep(raised(ValueError("\x1b]0;title\x07 \ud800")), tmp_path, NOW)
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8")
    assert "ValueError: ]0;title" in text
    assert "hunter2" not in text
    assert "\x1b" not in text


def test_only_the_last_few_are_kept(tmp_path: Path) -> None:
    for day in range(KEPT + 3):
        keep(raised(ValueError(str(day))), tmp_path, NOW + timedelta(days=day))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == KEPT
    assert names[-1].startswith("crash-20260904")


@pytest.mark.parametrize("folder", [None, Path("/dev/null/state")])
def test_where_no_file_can_be_written_nothing_is_said(folder: Path | None) -> None:
    assert keep(raised(ValueError("odd")), folder, NOW) == ""


def test_what_is_said_is_one_sentence_and_the_next_step() -> None:
    failed = AppFailed.of(KeyError("rank"), "The details are in /var/state/crash-1.txt.")
    assert failed.message == "The app ended: an error nobody expected (KeyError: 'rank')."
    assert failed.hint == "what is stored is safe: start it again; the details are in /var/state/crash-1.txt"
    assert failed.exit_code == 1


def test_without_details_it_does_not_speak_of_any() -> None:
    assert AppFailed.of(KeyError("rank"), "").hint == "what is stored is safe: start it again"
