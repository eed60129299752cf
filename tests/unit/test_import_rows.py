"""What becomes of each row of a file: taken, changed to our ways of writing, or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from engine.frames.refused import DUPLICATE, REFUSED, ROW
from engine.frames.schemas import RAW_SCHEMAS
from engine.frames.validate import Validated, validated

TUESDAY, WEDNESDAY, SATURDAY = date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 6)
OFF_SESSION = "not an NYSE session (weekend or holiday)"


def weekday(day: date) -> bool:
    return day.weekday() < 5


def check(kind: str, today: date | None = None, /, **columns: Sequence[object]) -> Validated:
    table = pl.DataFrame(columns, strict=False)
    return validated(table.with_row_index(ROW, offset=2), kind, is_session=weekday, today=today)


def reasons(checked: Validated) -> dict[str, int]:
    return {refusal.reason: refusal.rows for refusal in checked.refused}


def one_price(**cells: object) -> Validated:
    row = {"date": "2024-01-02", "ticker": "AAPL", "close": "10", **cells}
    return check("prices", **{name: [cell] for name, cell in row.items()})


# -- dates


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-02",
        " 2024-01-02 ",
        "20240102",
        "2024-01-02T23:30:00",
        "2024-01-02 00:00:00",
        "2024-01-02 00:00:00-05:00",
        "2024-01-02T23:59:59.999Z",
        20240102,
        TUESDAY,
    ],
)
def test_a_date_is_read_as_written(written: object) -> None:
    assert one_price(date=written).frames["price"]["session"].to_list() == [TUESDAY]


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "tomorrow",
        "2024-13-01",
        "2024-02-30",
        "20240230",
        "2024-1-2x",
        "45293",
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_a_date_that_cannot_be_read_is_refused(written: str | None) -> None:
    assert reasons(one_price(date=written)) == {"unreadable date": 1}


def test_month_day_year_is_read_when_a_day_above_twelve_shows_it() -> None:
    checked = check("prices", date=["1/2/2024", "01/31/2024"], ticker=["A", "A"], close=["1", "2"])
    assert checked.frames["price"]["session"].to_list() == [TUESDAY, date(2024, 1, 31)]


@pytest.mark.parametrize("dates", [("1/2/2024", "3/4/2024"), ("31/01/2024", "1/2/2024"), ("1/31/2024", "31/1/2024")])
def test_slashed_dates_that_could_be_day_month_year_are_refused(dates: tuple[str, str]) -> None:
    checked = check("prices", date=list(dates), ticker=["A", "A"], close=["1", "2"])
    assert reasons(checked) == {"day and month cannot be told apart (write dates as YYYY-MM-DD)": 2}


@pytest.mark.parametrize("kind", ["prices", "market-caps", "accepted-caps", "final-prices"])
def test_observations_of_a_closed_day_are_refused(kind: str) -> None:
    values = {
        "prices": "close",
        "market-caps": "market_cap",
        "accepted-caps": "accepted",
        "final-prices": "final_price",
    }
    assert reasons(check(kind, date=[SATURDAY], ticker=["A"], **{values[kind]: [1.0]})) == {OFF_SESSION: 1}


def test_corporate_actions_of_a_closed_day_keep_their_own_date() -> None:
    actions = check("actions", date=[SATURDAY], ticker=["A"], dividend=[0.5], split=[2.0])
    shares = check("shares", date=[SATURDAY], ticker=["A"], shares_outstanding=[1e9])
    renames = check("renames", date=[SATURDAY], old_ticker=["A"], new_ticker=["B"])
    frames = {**actions.frames, **shares.frames, **renames.frames}
    assert set(frames) == {"split", "dividend", "shares", "rename"}
    assert all(frame["session"].to_list() == [SATURDAY] for frame in frames.values())


def test_a_price_of_the_future_is_refused_and_an_announced_split_is_not() -> None:
    prices = check("prices", TUESDAY, date=[TUESDAY, WEDNESDAY], ticker=["A", "A"], close=[1.0, 2.0])
    actions = check("actions", TUESDAY, date=[WEDNESDAY], ticker=["A"], split=[2.0])
    assert reasons(prices) == {"date is in the future": 1}
    assert reasons(actions) == {}


# -- tickers and names


@pytest.mark.parametrize("written", ["BRK-B", "brk.b", " BRK/B ", "Brk-B"])
def test_a_share_class_is_written_one_way(written: str) -> None:
    assert one_price(ticker=written).frames["price"]["ticker"].to_list() == ["BRK-B"]


@pytest.mark.parametrize("ticker", ["NA", "NAN", "TRUE", "NULL"])
def test_tickers_that_look_like_no_value_are_tickers(ticker: str) -> None:
    assert one_price(ticker=ticker).frames["price"]["ticker"].to_list() == [ticker]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no ticker"),
        ("   ", "no ticker"),
        (None, "no ticker"),
        ("A\x1b[31mB", "ticker has control characters"),
        ("A\u202eB", "ticker has control characters"),
        ("A\u200bB", "ticker has control characters"),
        ("A" * 21, "ticker is over 20 characters"),
    ],
)
def test_a_ticker_that_is_none_is_refused(written: str | None, reason: str) -> None:
    assert reasons(one_price(ticker=written)) == {reason: 1}


def test_names_lose_unseen_characters_and_have_a_bounded_length() -> None:
    names = ["Foo\x1b[31m [/] Inc", "A\u202eB\u2066C\u200bD\x9bE\x7fF", "Two\n\tlines ", "x" * 500]
    checked = check("securities", ticker=["A", "B", "C", "D"], name=names)
    assert checked.frames["security"]["name"].to_list() == [
        "Foo[31m [/] Inc",
        "ABCDEF",
        "Two lines",
        "x" * 200,
    ]


def test_a_security_without_a_name_is_refused_and_empty_labels_are_null() -> None:
    checked = check("securities", ticker=["A", "B"], name=["Alpha", "\x00 "], sector=[" ", "Energy"])
    assert reasons(checked) == {"no name": 1}
    assert checked.frames["security"].row(0) == ("A", "Alpha", None, None, None, None, None, None)


def test_an_index_among_prices_is_refused_and_named() -> None:
    checked = check("prices", date=[TUESDAY] * 3, ticker=["^gspc", " ^IRX", "RSP"], close=[4000, 4, 150])
    assert reasons(checked) == {"an index, not a stock: import closes of indices with --kind benchmarks": 2}
    assert checked.frames["price"]["ticker"].to_list() == ["RSP"]


def test_a_benchmark_symbol_keeps_its_signs() -> None:
    checked = check("benchmarks", date=[SATURDAY], symbol=["^gspc.x"], close=["4,000"])
    assert reasons(checked) == {"close is not a number": 1}
    checked = check("benchmarks", date=[SATURDAY], symbol=[" ^gspc.x"], close=["4000"])
    assert checked.frames["benchmark"].row(0) == (SATURDAY, "^GSPC.X", 4000.0)


@pytest.mark.parametrize("pair", ["EURUSD", "eur/usd", "EUR-USD", "EURUSD=X"])
def test_a_currency_pair_is_written_one_way(pair: str) -> None:
    checked = check("fx", date=[TUESDAY], pair=[pair], rate=[1.1])
    assert checked.frames["fx"].row(0) == (TUESDAY, "EURUSD", 1.1)


@pytest.mark.parametrize("pair", ["JPY=X", "", None, "EURUSDX"])
def test_a_pair_that_is_not_two_currencies_is_refused(pair: str | None) -> None:
    assert reasons(check("fx", date=[TUESDAY], pair=[pair], rate=[1.1])) == {
        "pair is not six letters such as EURUSD": 1
    }


# -- numbers

BAD_NUMBERS = [
    ("", "no {}"),
    (None, "no {}"),
    ("NaN", "no {}"),
    ("n/a", "no {}"),
    (float("nan"), "no {}"),
    ("1,234.5", "{} is not a number"),
    ("$10", "{} is not a number"),
    ("ten", "{} is not a number"),
    ("1_000", "{} is not a number"),
    ("inf", "{} is not finite"),
    ("1e999", "{} is not finite"),
    (float("inf"), "{} is not finite"),
    ("0", "{} is not positive"),
    ("-1", "{} is not positive"),
    (-1, "{} is not positive"),
]


@pytest.mark.parametrize(("written", "reason"), BAD_NUMBERS)
@pytest.mark.parametrize(
    ("kind", "column", "what"),
    [
        ("prices", "close", "close"),
        ("market-caps", "market_cap", "market cap"),
        ("shares", "shares_outstanding", "number of shares"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused(
    kind: str, column: str, what: str, written: object, reason: str
) -> None:
    checked = check(kind, date=[TUESDAY], ticker=["A"], **{column: [written]})
    assert reasons(checked) == {reason.format(what): 1}
    assert checked.frames == {}


@pytest.mark.parametrize("written", ["10.5", " 10.5 ", "1.05e1", "+10.5", 10.5])
def test_a_number_is_read_in_its_usual_ways_of_writing(written: object) -> None:
    assert one_price(close=written).frames["price"]["close"].to_list() == [10.5]


@pytest.mark.parametrize("bad", ["-1", "inf", "junk", "nan", "", None])
def test_bad_optional_prices_and_volumes_become_null(bad: str | None) -> None:
    checked = one_price(open=bad, high=bad, low=bad, volume=bad)
    assert checked.frames["price"].row(0) == (TUESDAY, "AAPL", None, None, None, 10.0, None)
    assert reasons(checked) == {}


def test_a_volume_of_zero_is_a_volume_and_an_open_of_zero_is_none() -> None:
    row = one_price(open="0", volume="0").frames["price"].row(0, named=True)
    assert row["open"] is None
    assert row["volume"] == 0.0


@pytest.mark.parametrize("none", ["0.0", "1", "", None, "NaN"])
def test_no_split_is_silent(none: str | None) -> None:
    checked = one_price(split=none)
    assert set(checked.frames) == {"price"}
    assert reasons(checked) == {}


@pytest.mark.parametrize(
    ("split", "reason"),
    [("-2", "split is not positive"), ("inf", "split is not finite"), ("2:1", "split is not a number")],
)
def test_a_split_that_cannot_be_used_refuses_its_row(split: str, reason: str) -> None:
    checked = one_price(split=split)
    assert reasons(checked) == {reason: 1}
    assert checked.frames == {}


@pytest.mark.parametrize(
    ("dividend", "reason"),
    [("-2", "dividend is negative"), ("inf", "dividend is not finite"), ("0,5", "dividend is not a number")],
)
def test_a_dividend_that_cannot_be_used_refuses_its_row(dividend: str, reason: str) -> None:
    assert reasons(check("actions", date=[TUESDAY], ticker=["A"], dividend=[dividend])) == {reason: 1}


def test_a_price_row_gives_its_split_and_dividend() -> None:
    frames = one_price(split="4", dividend="0.25").frames
    assert frames["split"].row(0) == (TUESDAY, "AAPL", 4.0)
    assert frames["dividend"].row(0) == (TUESDAY, "AAPL", 0.25)


def test_an_actions_file_may_have_both_on_rows_of_their_own() -> None:
    columns: dict[str, list[object]] = {
        "date": [TUESDAY] * 3,
        "ticker": ["A"] * 3,
        "split": [2.0, None, None],
        "dividend": [None, 0.5, 0.0],
    }
    checked = check("actions", **columns)
    assert checked.frames["split"].rows() == [(TUESDAY, "A", 2.0)]
    assert checked.frames["dividend"].rows() == [(TUESDAY, "A", 0.5)]
    assert reasons(checked) == {}


def test_a_rename_to_itself_is_refused() -> None:
    checked = check("renames", date=[TUESDAY] * 2, old_ticker=["fb", "BRK.B"], new_ticker=["META", "BRK-B"])
    assert reasons(checked) == {"old and new ticker are the same": 1}
    assert checked.frames["rename"].rows() == [(TUESDAY, "FB", "META")]


# -- keys


def test_the_last_of_two_rows_with_one_key_is_kept_and_the_other_reported() -> None:
    checked = check("prices", date=[TUESDAY] * 3, ticker=["B", "brk.b", "B"], close=[1.0, 5.0, 2.0])
    assert checked.frames["price"].select("ticker", "close").rows() == [("B", 2.0), ("BRK-B", 5.0)]
    assert reasons(checked) == {DUPLICATE: 1}
    assert checked.refused[0].examples == ("row 2: 2024-01-02, B, 1.0",)


def test_rows_that_say_the_same_are_one_row_and_nothing_to_report() -> None:
    checked = check("prices", date=[TUESDAY] * 2, ticker=["A", "a "], close=["1.0", "1"], volume=["", None])
    assert checked.frames["price"].height == 1
    assert checked.refused == ()


def test_of_three_rows_with_one_key_those_unlike_the_last_are_reported() -> None:
    checked = check("prices", date=[TUESDAY] * 3, ticker=["A"] * 3, close=[2.0, 1.0, 2.0])
    assert checked.frames["price"]["close"].to_list() == [2.0]
    assert checked.refused[0].examples == ("row 3: 2024-01-02, A, 1.0",)


def test_frames_are_on_their_schema_and_sorted_by_key() -> None:
    checked = check(
        "prices",
        date=[WEDNESDAY, TUESDAY, WEDNESDAY, TUESDAY],
        ticker=["A", "B", "B", "A"],
        close=[1, 2, 3, 4],
        split=[2, 3, 4, 5],
        dividend=[1, 1, 1, 1],
    )
    assert set(checked.frames) == {"price", "split", "dividend"}
    for table, frame in checked.frames.items():
        schema = RAW_SCHEMAS[table]
        assert dict(frame.schema) == schema.columns
        assert frame.equals(frame.sort(*schema.key))


# -- what a person has decided


@pytest.mark.parametrize("written", ["yes", "Yes", " TRUE ", "true", "1", 1, 1.0])
def test_an_accepted_cap_is_one_that_says_yes(written: object) -> None:
    checked = check("accepted-caps", date=[TUESDAY], ticker=["brk.b"], accepted=[written])
    assert checked.frames["accepted_cap"].rows() == [(TUESDAY, "BRK-B")]
    assert not checked.refused


@pytest.mark.parametrize("written", ["no", "false", "0", "", None, "maybe", "10"])
def test_anything_else_accepts_nothing(written: str | None) -> None:
    checked = check("accepted-caps", date=[TUESDAY], ticker=["A"], accepted=[written])
    assert reasons(checked) == {"accepted is not yes, true or 1": 1}
    assert not checked.frames


def test_accepting_twice_is_no_duplicate() -> None:
    checked = check("accepted-caps", date=[TUESDAY] * 2, ticker=["A"] * 2, accepted=["yes", "1"])
    assert checked.frames["accepted_cap"].rows() == [(TUESDAY, "A")]
    assert not checked.refused


@pytest.mark.parametrize(("written", "price"), [("0", 0.0), ("0.25", 0.25), (12.5, 12.5)])
def test_a_final_price_may_be_nothing(written: object, price: float) -> None:
    checked = check("final-prices", date=[TUESDAY], ticker=["A"], final_price=[written])
    assert checked.frames["final_price"].rows() == [(TUESDAY, "A", price)]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no final price"),
        ("-", "no final price"),
        ("-0.01", "final price is negative"),
        ("inf", "final price is not finite"),
        ("nothing", "final price is not a number"),
    ],
)
def test_a_final_price_that_is_none_is_refused(written: str, reason: str) -> None:
    assert reasons(check("final-prices", date=[TUESDAY], ticker=["A"], final_price=[written])) == {reason: 1}


# -- refused rows as data


def test_refused_rows_are_counted_by_reason_and_ticker_with_their_days() -> None:
    checked = check(
        "prices",
        date=[WEDNESDAY, TUESDAY, TUESDAY, SATURDAY, "soon", TUESDAY],
        ticker=["A", "A", "B", "A", "A", "C"],
        close=["x", "y", "z", "1", "1", "1"],
    )
    assert checked.lost.rows() == [
        ("close is not a number", "A", 2, TUESDAY, WEDNESDAY, "row 2: 2024-01-03, A, x"),
        ("close is not a number", "B", 1, TUESDAY, TUESDAY, "row 4: 2024-01-02, B, z"),
        (OFF_SESSION, "A", 1, SATURDAY, SATURDAY, "row 5: 2024-01-06, A, 1"),
        ("unreadable date", "A", 1, None, None, "row 6: soon, A, 1"),
    ]


def test_a_duplicate_is_a_refused_row_of_its_day() -> None:
    checked = check("prices", date=[TUESDAY] * 2, ticker=["A"] * 2, close=[2.0, 1.0])
    assert checked.lost.rows() == [(DUPLICATE, "A", 1, TUESDAY, TUESDAY, "row 2: 2024-01-02, A, 2.0")]


@pytest.mark.parametrize(
    ("kind", "column", "code"),
    [("benchmarks", "symbol", "^GSPC"), ("fx", "pair", "EURUSD"), ("renames", "old_ticker", "FB")],
)
def test_a_refused_row_is_about_what_its_kind_is_about(kind: str, column: str, code: str) -> None:
    values = {"benchmarks": {"close": ["x"]}, "fx": {"rate": ["x"]}, "renames": {"new_ticker": [""]}}[kind]
    lost = check(kind, date=[TUESDAY], **{column: [code]}, **values).lost
    assert lost["ticker"].to_list() == [code]


def test_of_refused_rows_that_name_no_ticker_nothing_but_the_reason_is_kept() -> None:
    lost = check("securities", ticker=["", "A\x1b"], name=["Nobody", "Somebody"]).lost
    assert lost.select("reason", "ticker", "rows", "first").rows() == [
        ("no ticker", "", 1, None),
        ("ticker has control characters", "", 1, None),
    ]


def test_a_clean_file_has_no_refused_rows() -> None:
    lost = one_price().lost
    assert (lost.height, dict(lost.schema)) == (0, REFUSED)


# -- the report


def test_a_row_is_refused_once_for_its_first_reason() -> None:
    assert reasons(one_price(date="?", ticker="", close="x")) == {"unreadable date": 1}


def test_refusals_are_counted_by_reason_with_the_first_three_as_examples() -> None:
    closes = ["x", "0", "0", "0", "0", "1"]
    checked = check("prices", date=[TUESDAY] * 6, ticker=list("ABCDEF"), close=closes)
    assert reasons(checked) == {"close is not positive": 4, "close is not a number": 1}
    assert checked.refused[0].examples == tuple(
        f"row {number}: 2024-01-02, {ticker}, 0" for number, ticker in ((3, "B"), (4, "C"), (5, "D"))
    )


def test_examples_are_safe_to_show_and_not_too_long() -> None:
    checked = one_price(ticker="\x1b]0;title\x07" + "A" * 500)
    assert all(example.isprintable() and len(example) <= 120 for example in checked.refused[0].examples)


# -- numbers and tickers that nothing has


@pytest.mark.parametrize(
    ("kind", "column", "number", "reason"),
    [
        ("prices", "close", "1e308", "close is outside 1e-9 to 1e12"),
        ("prices", "close", "5e-324", "close is outside 1e-9 to 1e12"),
        ("prices", "dividend", "1e13", "dividend is outside 1e-9 to 1e12"),
        ("prices", "split", "1e-300", "split is outside 1e-9 to 1e6"),
        ("shares", "shares_outstanding", "1.1e15", "number of shares is outside 1e-9 to 1e15"),
        ("market-caps", "market_cap", "1.1e18", "market cap is outside 1e-9 to 1e18"),
        ("final-prices", "final_price", "1e300", "final price is outside 1e-9 to 1e12"),
    ],
)
def test_a_number_that_would_overflow_is_refused(kind: str, column: str, number: str, reason: str) -> None:
    row = {"date": "2024-01-02", "ticker": "AAPL"} | ({"close": "10"} if kind == "prices" else {}) | {column: number}
    checked = check(kind, **{name: [cell] for name, cell in row.items()})
    assert (checked.frames, reasons(checked)) == ({}, {reason: 1})


@pytest.mark.parametrize("close", ["1e-9", "809350", "1e12"])
def test_the_least_and_the_largest_price_are_taken(close: str) -> None:
    assert one_price(close=close).frames["price"]["close"].to_list() == [float(close)]


@pytest.mark.parametrize("ticker", ["../../x", "..", "BRK_B", "A B", "'; DROP", "=A", "-A", "$AB", "A,B"])
def test_a_ticker_whose_signs_would_be_lost_is_refused(ticker: str) -> None:
    (reason,) = reasons(one_price(ticker=ticker))
    assert reason == "ticker has other signs than letters, digits and . - / ^ = after the first letter or digit"


@pytest.mark.parametrize("ticker", ["BRK.B", "BRK-B", " brk/b "])
def test_a_share_class_is_joined_however_it_is_written(ticker: str) -> None:
    assert one_price(ticker=ticker).frames["price"]["ticker"].to_list() == ["BRK-B"]


def test_a_row_that_is_there_again_is_counted() -> None:
    checked = check("prices", date=["2024-01-02"] * 4, ticker=["A", "A", "A", "B"], close=["1", "2", "2", "3"])
    assert (checked.frames["price"].height, reasons(checked), checked.repeated) == (2, {DUPLICATE: 1}, 1)
