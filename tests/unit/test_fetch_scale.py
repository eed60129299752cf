"""Reported shares on the basis of the whole company, with the arithmetic written out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from engine.fetching.scale import reports_from, scaled_shares
from engine.fetching.state import Listed
from engine.frames.schemas import RAW_SCHEMAS
from tests.vendor_replies import TICKER, event_frame

REPORTED, LATER, SNAPSHOT = date(2024, 2, 1), date(2024, 5, 1), date(2024, 6, 3)
BETWEEN = date(2024, 5, 10)
NO_SPLIT = event_frame("split", {})


def reports(*values: tuple[date, float]) -> pl.DataFrame:
    rows = [(day, TICKER, shares) for day, shares in values]
    return pl.DataFrame(rows, schema=RAW_SCHEMAS["shares"].columns, orient="row")


def company(shares: float, price: float = 50.0) -> Listed:
    """A company of so many shares by its market cap and price."""
    return Listed(TICKER, "Acme", shares * price, price)


def test_reports_of_the_whole_company_are_stored_as_they_are_and_the_scale_is_fixed_at_one() -> None:
    found = scaled_shares(
        TICKER, reports((REPORTED, 990.0), (LATER, 1000.0)), NO_SPLIT, company(1010.0), SNAPSHOT, None
    )
    assert found.frames["shares"]["shares_outstanding"].to_list() == [990.0, 1000.0]
    assert found.frames["share_scale"].rows() == [(TICKER, SNAPSHOT, 1.0)]
    assert found.frames["share_scale"].schema == RAW_SCHEMAS["share_scale"].columns
    assert found.notes == ()


def test_reports_of_one_class_are_scaled_to_the_company() -> None:
    # 12,000 by cap and price, 5,000 reported last: every report times 2.4.
    found = scaled_shares(
        TICKER, reports((REPORTED, 5100.0), (LATER, 5000.0)), NO_SPLIT, company(12_000.0), SNAPSHOT, None
    )
    assert found.frames["shares"]["shares_outstanding"].to_list() == pytest.approx([12_240.0, 12_000.0], rel=1e-12)
    assert found.frames["share_scale"].rows() == [(TICKER, SNAPSHOT, pytest.approx(2.4))]
    assert [note.text for note in found.notes] == [
        f"Reported shares of ACME are those of one class: scaled by 2.4 to the market cap of {SNAPSHOT}."
    ]


@pytest.mark.parametrize(("shares", "scale"), [(951.0, 1.0), (949.0, 1000 / 949), (1049.0, 1.0), (1051.0, 1000 / 1051)])
def test_five_percent_is_the_most_that_a_stale_report_may_miss(shares: float, scale: float) -> None:
    found = scaled_shares(TICKER, reports((LATER, shares)), NO_SPLIT, company(1000.0), SNAPSHOT, None)
    assert found.frames["share_scale"]["scale"].to_list() == pytest.approx([scale])
    assert found.frames["shares"]["shares_outstanding"].to_list() == pytest.approx([shares * scale])


@pytest.mark.parametrize(("ratio", "now"), [(4.0, 4000.0), (0.125, 125.0)])
def test_a_report_is_carried_through_the_split_after_it(ratio: float, now: float) -> None:
    splits = event_frame("split", {date(2024, 1, 15): 7.0, BETWEEN: ratio, date(2024, 7, 1): 3.0})
    found = scaled_shares(TICKER, reports((REPORTED, 1000.0)), splits, company(now), SNAPSHOT, None)
    assert found.frames["share_scale"]["scale"].to_list() == [1.0]
    assert found.frames["shares"]["shares_outstanding"].to_list() == [1000.0], (
        "stored as reported, on its own day's basis"
    )


def test_a_split_on_the_day_of_a_report_is_in_it() -> None:
    found = scaled_shares(
        TICKER, reports((BETWEEN, 4000.0)), event_frame("split", {BETWEEN: 4.0}), company(4000.0), SNAPSHOT, None
    )
    assert found.frames["share_scale"]["scale"].to_list() == [1.0]


def test_the_last_report_up_to_the_snapshot_counts() -> None:
    after = date(2024, 6, 20)
    found = scaled_shares(TICKER, reports((LATER, 1000.0), (after, 3000.0)), NO_SPLIT, company(2000.0), SNAPSHOT, None)
    assert found.frames["shares"]["shares_outstanding"].to_list() == [2000.0, 6000.0]


@pytest.mark.parametrize(
    ("listed", "snapshot"),
    [
        (None, SNAPSHOT),
        (company(5000.0), None),
        (Listed(TICKER, "Acme", None, 50.0), SNAPSHOT),
        (Listed(TICKER, "Acme", 1e9, None), SNAPSHOT),
        (company(5000.0), date(2024, 1, 2)),
    ],
)
def test_without_something_to_compare_with_no_scale_is_fixed(listed: Listed | None, snapshot: date | None) -> None:
    found = scaled_shares(TICKER, reports((REPORTED, 1000.0)), NO_SPLIT, listed, snapshot, None)
    assert list(found.frames) == ["shares"]
    assert found.frames["shares"]["shares_outstanding"].to_list() == [1000.0]
    assert found.notes == ()
    assert found.settled


def test_without_a_report_there_is_nothing_to_scale() -> None:
    found = scaled_shares(TICKER, reports(), NO_SPLIT, company(1000.0), SNAPSHOT, None)
    assert found.frames["shares"].is_empty()
    assert "share_scale" not in found.frames


def test_a_scale_that_is_fixed_stays_and_a_later_miss_is_a_note() -> None:
    found = scaled_shares(TICKER, reports((LATER, 5000.0)), NO_SPLIT, company(11_000.0), SNAPSHOT, 2.4)
    assert list(found.frames) == ["shares"]
    assert found.frames["shares"]["shares_outstanding"].to_list() == [12_000.0]
    assert [(note.kind, note.session) for note in found.notes] == [("share-off", SNAPSHOT)]
    assert found.notes[0].text == (
        f"Shares of ACME on {SNAPSHOT} are 12,000, +9.1% from the 11,000 of market cap and price; nothing was changed."
    )


def test_a_scale_that_is_fixed_and_near_gives_no_note() -> None:
    found = scaled_shares(TICKER, reports((LATER, 5000.0)), NO_SPLIT, company(11_900.0), SNAPSHOT, 2.4)
    assert found.notes == ()


@pytest.mark.parametrize(("ratio", "implied"), [(4.0, 1000.0), (4.0, 16_000.0), (0.1, 1000.0)])
def test_the_ratio_of_a_split_a_few_days_ago_is_not_taken_for_a_scale(ratio: float, implied: float) -> None:
    splits = event_frame("split", {date(2024, 5, 31): ratio})
    found = scaled_shares(TICKER, reports((LATER, 1000.0)), splits, company(implied), SNAPSHOT, None)
    assert list(found.frames) == ["shares"]
    assert found.frames["shares"]["shares_outstanding"].to_list() == [1000.0]
    assert [note.kind for note in found.notes] == ["share-off"]
    assert not found.settled
    long_after = scaled_shares(TICKER, reports((LATER, 1000.0)), splits, company(implied), date(2024, 8, 1), None)
    assert long_after.settled


WANTED = date(2024, 3, 1)


def kept(
    given: pl.DataFrame, splits: pl.DataFrame = NO_SPLIT, since: date = WANTED, listed: Listed | None = None
) -> tuple[int, bool]:
    """How many of the reports are kept, the last ones, and whether a factor may be fixed by them."""
    found, is_sure = reports_from(given, splits, since, listed, None)
    assert found.rows() == given.rows()[given.height - found.height :]
    return found.height, is_sure


def test_the_last_report_before_the_first_day_wanted_holds_on_it() -> None:
    given = reports((date(2023, 11, 1), 900.0), (REPORTED, 1100.0), (LATER, 1000.0))
    assert kept(given) == (2, True)
    assert kept(given, since=REPORTED) == (2, True)
    assert kept(given, since=date(2023, 1, 1)) == (3, True)


def test_a_report_before_is_carried_through_the_splits_that_are_known() -> None:
    given = reports((REPORTED, 250.0), (LATER, 1000.0))
    assert kept(given, event_frame("split", {date(2024, 4, 1): 4.0})) == (2, True)
    assert kept(given, event_frame("split", {BETWEEN: 4.0})) == (1, True)


@pytest.mark.parametrize("ratio", [1.5, 4.0, 0.125])
def test_a_report_is_left_out_where_a_split_before_the_first_day_may_lie_between(ratio: float) -> None:
    assert kept(reports((REPORTED, 1000.0), (LATER, 1000.0 * ratio))) == (1, True)


def test_without_a_later_report_the_market_cap_tells_whether_a_factor_can_be_fixed() -> None:
    given = reports((REPORTED, 1000.0))
    assert kept(given, listed=company(1100.0)) == (1, True)
    assert kept(given, listed=company(4000.0)) == (1, False)
    assert kept(given) == (0, True)


def test_without_a_later_report_a_factor_that_is_fixed_has_to_fit() -> None:
    given = reports((REPORTED, 1000.0))
    assert reports_from(given, NO_SPLIT, WANTED, company(4000.0), 4.0)[0].height == 1
    assert reports_from(given, NO_SPLIT, WANTED, company(4000.0), 1.0)[0].is_empty()
