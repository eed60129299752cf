"""The vendor's library is quiet, keeps its caches where it is told, and does without where it cannot."""

from __future__ import annotations

import logging
import os
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from yfinance import cache, config
from yfinance.data import YfData

from engine.providers import yahoo_setup

WRITABLE_BY_ALL = 0o777
READ_ONLY = 0o500


@pytest.fixture(autouse=True)
def closed_afterwards(tmp_path: Path) -> Iterator[None]:
    """Leave the library with closed caches, as a process finds it."""
    yield
    cache.set_cache_location(str(tmp_path / "nowhere"))
    cache._TzCacheManager._tz_cache = cache._CookieCacheManager._Cookie_cache = None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_failures_are_shown_to_us_and_hidden_from_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    yahoo_setup.load()
    yahoo_setup.load()
    assert config.debug.hide_exceptions is False
    assert config.network.retries == yahoo_setup.TRIES_MORE
    for name in ("yfinance.base", "yfinance", "curl_cffi.requests", "pandas.core"):
        warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module=name)
    logging.getLogger("yfinance").error("$ABC: possibly delisted")
    logging.getLogger("yfinance").debug("crumb = 'secret'")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("package", ["yfinance", "pandas", "curl_cffi"])
def test_a_warning_stays_hidden_whatever_other_threads_do_to_the_filters(
    package: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings(record=True) as seen:
        yahoo_setup.load()
        warnings.simplefilter("always")
        place = f"/usr/lib/python3/site-packages/{package}/utils.py"
        warnings.warn_explicit("old", DeprecationWarning, place, 604, module=f"{package}.utils")
    assert seen == []
    assert capfd.readouterr() == ("", "")


def test_a_warning_of_anybody_else_is_still_one() -> None:
    yahoo_setup.load()
    with pytest.warns(DeprecationWarning, match="old"):
        warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module="engine.facade")


def test_what_the_library_says_stands_in_our_log_once(caplog: pytest.LogCaptureFixture) -> None:
    yahoo_setup.load()
    yahoo_setup.load()
    with caplog.at_level(logging.DEBUG, logger="flatcap.yahoo"):
        logging.getLogger("yfinance").error("$%s: possibly delisted", "ABC")
    ours = [record for record in caplog.records if record.name == "flatcap.yahoo"]
    assert [(record.levelname, record.getMessage()) for record in ours] == [("DEBUG", "$ABC: possibly delisted")]
    assert not logging.getLogger("yfinance").propagate


def test_what_its_caches_store_is_told_to_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    yahoo_setup.load()
    with caplog.at_level(logging.DEBUG):
        yahoo_setup.open_caches(tmp_path)
        yahoo_setup.seed_time_zones(("AAPL",))
    assert [record for record in caplog.records if record.name.startswith("peewee")] == []


def test_caches_lie_in_a_folder_that_only_its_owner_sees(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "cache"
    yahoo_setup.open_caches(folder)
    assert mode(folder) == yahoo_setup.PRIVATE
    assert {"cookies.db", "tkr-tz.db"} <= {path.name for path in folder.iterdir()}


def test_a_folder_that_others_could_see_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(WRITABLE_BY_ALL)
    yahoo_setup.open_caches(tmp_path)
    assert mode(tmp_path) == yahoo_setup.PRIVATE


def test_time_zones_are_known_without_asking(tmp_path: Path) -> None:
    yahoo_setup.open_caches(tmp_path)
    for _ in range(2):
        yahoo_setup.seed_time_zones(("AAPL", "^GSPC", "EURUSD=X"))
    zones = cache.get_tz_cache()
    assert [zones.lookup(symbol) for symbol in ("AAPL", "^GSPC", "EURUSD=X", "MSFT")] == [
        "America/New_York",
        "America/New_York",
        "Europe/London",
        None,
    ]


def test_caches_move_with_the_folder_of_the_next_fetch(tmp_path: Path) -> None:
    for name in ("one", "two"):
        yahoo_setup.open_caches(tmp_path / name)
        assert cache.get_tz_cache().lookup("AAPL") is None
        yahoo_setup.seed_time_zones(("AAPL",))
        assert cache.get_tz_cache().lookup("AAPL") == "America/New_York"


@pytest.mark.skipif(os.geteuid() == 0, reason="everything can be written to")
def test_a_folder_that_cannot_be_written_to_is_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tmp_path.chmod(READ_ONLY)
    yahoo_setup.open_caches(tmp_path / "cache")
    assert "Permission denied" in caplog.text


@pytest.mark.parametrize("spoiled", ["a file in its place", "a damaged cache"])
def test_a_folder_that_cannot_be_used_is_done_without_and_says_so(
    tmp_path: Path, spoiled: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "cache"
    if spoiled == "a file in its place":
        folder.write_text("")
    else:
        folder.mkdir()
        (folder / "tkr-tz.db").write_bytes(b"no database" * 500)
    yahoo_setup.open_caches(folder)
    yahoo_setup.seed_time_zones(("AAPL",))
    place = Path(cache._TzDBManager.get_location())
    assert cache.get_tz_cache().lookup("AAPL") == "America/New_York"
    assert place != folder
    assert mode(place) == yahoo_setup.PRIVATE
    assert f"{folder} cannot hold the vendor's cookies" in caplog.text


def test_the_memory_of_answers_can_be_emptied() -> None:
    yahoo_setup.forget_answers()
    assert YfData.cache_get.cache_info().currsize == 0
