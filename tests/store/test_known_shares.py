"""Which shares a session is ranked by when no market cap is given for it: reports, and what closing snapshots say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.store.test_fetch_store import frame, put, rows

KNOWN = "select session, shares_outstanding from known_shares order by session"

NEW_YEAR, MONDAY, TUESDAY = date(2026, 1, 2), date(2026, 1, 12), date(2026, 1, 13)


def snapshot(folder: Path, day: date, cap: float, close: float, *, final: bool = True) -> None:
    frames = {"universe_snapshot": frame("universe_snapshot", (day, "AA", "Aa", "NYQ", cap, close, final))}
    if final:
        frames["market_cap"] = frame("market_cap", (day, "AA", cap))
    put(folder, "yahoo", **frames)


def reported(folder: Path, *reports: tuple[date, float], source: str = "yahoo") -> None:
    put(folder, source, shares=frame("shares", *((day, "AA", shares) for day, shares in reports)))


def test_from_the_day_after_a_closing_snapshot_on_its_cap_and_price_say_the_shares(tmp_path: Path) -> None:
    reported(tmp_path, (NEW_YEAR, 100.0))
    snapshot(tmp_path, MONDAY, cap=2_100.0, close=20.0)
    assert rows(tmp_path, KNOWN) == [(NEW_YEAR, 100.0), (TUESDAY, 105.0)]


def test_a_snapshot_of_a_session_that_goes_on_says_nothing_of_shares(tmp_path: Path) -> None:
    reported(tmp_path, (NEW_YEAR, 100.0))
    snapshot(tmp_path, MONDAY, cap=2_100.0, close=20.0, final=False)
    assert rows(tmp_path, KNOWN) == [(NEW_YEAR, 100.0)]


@pytest.mark.parametrize(("cap", "believed"), [(2_500.0, True), (2_501.0, False), (1_499.0, False), (48_000.0, False)])
def test_a_cap_that_misses_the_last_report_by_more_than_a_quarter_says_nothing(
    tmp_path: Path, cap: float, believed: bool
) -> None:
    reported(tmp_path, (NEW_YEAR, 100.0))
    snapshot(tmp_path, MONDAY, cap=cap, close=20.0)
    assert (len(rows(tmp_path, KNOWN)) == 2) is believed


def test_the_report_is_compared_on_the_share_basis_of_the_snapshot(tmp_path: Path) -> None:
    reported(tmp_path, (NEW_YEAR, 100.0))
    put(tmp_path, "yahoo", split=frame("split", (date(2026, 1, 7), "AA", 4.0), (TUESDAY, "AA", 2.0)))
    snapshot(tmp_path, MONDAY, cap=2_050.0, close=5.0)  # 410 shares against 100 x 4; the split of Tuesday is later
    assert rows(tmp_path, KNOWN) == [(NEW_YEAR, 100.0), (TUESDAY, 410.0)]


def test_without_a_report_to_compare_with_a_snapshot_says_nothing(tmp_path: Path) -> None:
    snapshot(tmp_path, MONDAY, cap=2_050.0, close=5.0)
    assert rows(tmp_path, KNOWN) == []


def test_what_a_vendor_dates_within_two_weeks_after_a_snapshot_does_not_replace_it(tmp_path: Path) -> None:
    reported(tmp_path, (NEW_YEAR, 100.0), (date(2026, 1, 20), 99.0), (date(2026, 1, 28), 98.0))
    snapshot(tmp_path, MONDAY, cap=2_100.0, close=20.0)
    assert rows(tmp_path, KNOWN) == [(NEW_YEAR, 100.0), (TUESDAY, 105.0), (date(2026, 1, 28), 98.0)]


def test_reports_of_a_person_stand(tmp_path: Path) -> None:
    reported(tmp_path, (NEW_YEAR, 100.0), (TUESDAY, 104.0), (date(2026, 1, 20), 103.0), source="import")
    snapshot(tmp_path, MONDAY, cap=2_100.0, close=20.0)
    assert rows(tmp_path, KNOWN) == [(NEW_YEAR, 100.0), (TUESDAY, 104.0), (date(2026, 1, 20), 103.0)]
