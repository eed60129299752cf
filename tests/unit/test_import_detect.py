"""Which kind a file is, told by its columns and its name."""

from __future__ import annotations

import pytest

from engine.errors import DataError, SettingsError
from engine.frames.detect import detect_kind
from engine.frames.synonyms import KINDS, kind_named, places, plain_name
from engine.frames.validate import TARGETS


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("date,ticker,close", "prices"),
        ("Date,Symbol,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits", "prices"),
        ("date,ticker,shares_outstanding", "shares"),
        ("session,symbol,shares", "shares"),
        ("date,ticker,market_cap", "market-caps"),
        ("day,ticker,MarketCap", "market-caps"),
        ("ticker,name,sector,industry,exchange,issuer", "securities"),
        ("Symbol,Company Name,Type", "securities"),
        ("date,ticker,dividend", "actions"),
        ("date,ticker,split", "actions"),
        ("ex_date,ticker,amount", "actions"),
        ("date,old_ticker,new_ticker", "renames"),
        ("date,pair,rate", "fx"),
        ("date,benchmark,close", "benchmarks"),
        ("date,ticker,accepted", "accepted-caps"),
        ("date,ticker,market_cap,accepted", "accepted-caps"),
        ("date,ticker,final_price", "final-prices"),
        ("Date,Symbol,Delisting Price", "final-prices"),
    ],
)
def test_columns_tell_the_kind(header: str, kind: str) -> None:
    assert detect_kind(header.split(","), "data.csv") == kind


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [
        ("benchmarks.csv", "benchmarks"),
        ("my-benchmark-2024.csv", "benchmarks"),
        ("prices.csv", "prices"),
        ("x.csv", "prices"),
    ],
)
def test_a_symbol_with_a_close_is_a_price_unless_the_file_is_called_a_benchmark(file_name: str, kind: str) -> None:
    assert detect_kind(["symbol", "close", "date"], file_name) == kind


def test_prices_and_caps_in_one_file_are_told_by_its_name() -> None:
    header = ["date", "ticker", "close", "market_cap"]
    assert detect_kind(header, "market_caps.parquet") == "market-caps"
    assert detect_kind(header, "daily_prices.csv") == "prices"


@pytest.mark.parametrize("column", ["last_price", "final"])
def test_a_column_that_may_be_any_close_is_no_final_price(column: str) -> None:
    with pytest.raises(DataError, match="fit no kind"):
        detect_kind(["date", "ticker", column], "final.csv")


def test_columns_of_two_kinds_under_a_name_that_tells_nothing_ask_for_the_kind() -> None:
    with pytest.raises(DataError, match="date, ticker, close, market_cap") as caught:
        detect_kind(["date", "ticker", "close", "market_cap"], "dump.csv")
    assert "flatcap import --kind" in caught.value.hint
    assert "name of the file" in caught.value.hint
    assert "market-caps" in caught.value.hint


def test_columns_of_no_kind_are_named_in_the_error() -> None:
    with pytest.raises(DataError, match="a, b") as caught:
        detect_kind(["a", "b"], "x.csv")
    assert "flatcap import --kind KIND PATH" in caught.value.hint


def test_an_error_shows_no_control_characters_of_the_file() -> None:
    with pytest.raises(DataError) as caught:
        detect_kind(["\x1b]0;hello\x07" + "x" * 500] * 50, "x.csv")
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 600


def test_the_name_of_a_column_wins_over_its_synonyms() -> None:
    assert places(KINDS["prices"], ["price", "Close", "date", "ticker"])["close"] == 1


def test_an_adjusted_close_is_never_taken_for_the_close() -> None:
    with pytest.raises(DataError):
        detect_kind(["date", "ticker", "Adj Close"], "prices.csv")


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(DataError, match="twice"):
        places(KINDS["prices"], ["date", "ticker", "close", "Close"])


def test_headings_are_compared_without_case_blanks_and_signs() -> None:
    assert plain_name(" Market Cap ($) ") == "market_cap"
    assert plain_name("Ex-Date") == "ex_date"


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        kind_named("bonds")
    assert all(name in caught.value.hint for name in KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_no_synonym_of_a_kind_means_two_columns_and_every_one_is_plain(kind: object) -> None:
    columns = next(known.columns for known in KINDS.values() if known is kind)
    names = [name for column in columns for name in (column.name, *column.synonyms)]
    assert len(names) == len(set(names))
    assert all(plain_name(name) == name for name in names)


def test_every_kind_feeds_a_table_with_all_that_the_table_requires() -> None:
    for kind in KINDS.values():
        columns = {column.name for column in kind.columns}
        for target in TARGETS[kind.name]:
            assert {target.renamed.get(name, name) for name in target.schema.required} <= columns
