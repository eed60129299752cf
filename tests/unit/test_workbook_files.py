"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import Cancelled, ExportError, SettingsError
from engine.events import CancelToken, Progress
from engine.export.atomic import replacing
from engine.export.content import Rows
from engine.export.files import SUFFIXES, check_request, write_file
from tests.unit.export_content import content

every_suffix = pytest.mark.parametrize("suffix", SUFFIXES)


@every_suffix
def test_a_file_is_private_and_its_full_path_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "below").mkdir()
    path = write_file(Path(f"below/../index{suffix}"), content())
    assert path == tmp_path / f"index{suffix}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {found.name for found in tmp_path.iterdir()} == {path.name, "below"}


@every_suffix
def test_a_file_that_exists_is_not_touched_without_force_and_replaced_with_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"index{suffix}"
    path.write_text("mine")
    with pytest.raises(ExportError, match="exists already") as refused:
        write_file(path, content())
    assert "--force" in refused.value.hint
    assert path.read_text() == "mine"
    write_file(path, content(), force=True)
    assert path.stat().st_size > 100
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_appears_while_we_write_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "index.csv"

    def write_late() -> None:
        with replacing(path, force=False) as file:
            file.write(b"ours")
            path.write_text("theirs")

    with pytest.raises(ExportError, match="exists already"):
        write_late()
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_without_hard_links_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", _failing(errno.EPERM))
    with replacing(tmp_path / "index.csv", force=False) as file:
        file.write(b"ours")
    assert (tmp_path / "index.csv").read_bytes() == b"ours"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    assert write_file(link, content(), force=True) == link
    assert link.is_symlink()
    assert target.read_text().startswith("session,")


def test_a_link_that_leads_nowhere_is_a_name_that_is_taken(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    with pytest.raises(ExportError, match=r"link\.csv exists already and was not touched\."):
        write_file(link, content())
    assert not target.exists()
    assert write_file(link, content(), force=True) == link
    assert target.read_text().startswith("session,")


@every_suffix
def test_a_missing_folder_is_named(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ExportError, match=f"there is no folder {tmp_path / 'absent'}"):
        write_file(tmp_path / "absent" / f"index{suffix}", content())


def test_a_folder_is_refused_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "index.xlsx").mkdir()
    with pytest.raises(ExportError, match="it is a folder"):
        write_file(tmp_path / "index.xlsx", content(), force=True)


def test_what_is_not_an_ordinary_file_is_refused_even_with_force(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "index.csv")
    with pytest.raises(ExportError, match="not an ordinary file"):
        write_file(tmp_path / "index.csv", content(), force=True)
    assert stat.S_ISFIFO((tmp_path / "index.csv").stat().st_mode)


def test_a_name_that_is_too_long_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="the name is too long"):
        write_file(tmp_path / f"{'x' * 300}.csv", content())


def _failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "no space left on the disk"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "Input/output error"),
    ],
)
@every_suffix
def test_a_failing_disk_is_one_clear_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str, suffix: str
) -> None:
    monkeypatch.setattr(os, "fsync", _failing(number))
    with pytest.raises(ExportError, match=sentence) as failed:
        write_file(tmp_path / f"index{suffix}", content())
    assert failed.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.export.atomic.new_part", _failing(errno.EACCES))
    with pytest.raises(ExportError, match="no permission"):
        write_file(tmp_path / "index.csv", content())


@contextmanager
def files_of_at_most_16_kib() -> Iterator[None]:
    """Around our write alone: the report of the tests goes to a file too, and may be larger already."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@every_suffix
def test_a_write_that_stops_half_way_leaves_nothing_and_keeps_the_old_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"index{suffix}"
    path.write_text("old")
    with files_of_at_most_16_kib(), pytest.raises(ExportError, match="larger than the system allows"):
        write_file(path, content(4000), force=True)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@every_suffix
def test_a_cancelled_export_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    token = CancelToken()

    def stop(step: Progress) -> None:
        if step.stage == "write daily_composition" or suffix != ".xlsx":
            token.cancel()

    sheets = None if suffix == ".xlsx" else ["daily_composition"]
    with pytest.raises(Cancelled):
        write_file(tmp_path / f"index{suffix}", content(600), sheets=sheets, events=stop, cancel=token)
    assert list(tmp_path.iterdir()) == []


def test_rows_that_do_not_number_what_was_said_are_a_fault_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="said to have 3 rows and has 0"):
        write_file(tmp_path / "index.xlsx", replace(content(), changes=Rows(3, ())))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["index.xls", "index", "index.ods"])
def test_an_unknown_suffix_is_refused_with_those_there_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        write_file(tmp_path / name, content())
    assert refused.value.hint == "end the name in .xlsx, .csv, .json, .jsonl, .parquet"


def test_a_file_of_one_table_takes_one_sheet(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="one table"):
        check_request(tmp_path / "index.csv", ["index_performance", "provenance"])
    check_request(tmp_path / "index.csv", ["provenance"])
    check_request(tmp_path / "index.XLSX", ["index_performance", "provenance"])
