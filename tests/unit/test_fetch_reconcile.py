"""An answer beside what is stored: only what is new or really differs is taken, and never on a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import sessions_between
from engine.fetching.asks import BENCHMARK, DONE, FX, GONE, PRICES, Answer, Ask
from engine.fetching.reconcile import Stored, reconcile, reconcile_series
from engine.frames.schemas import RAW_SCHEMAS
from tests.vendor_replies import (
    TICKER,
    History,
    closes_of,
    event_frame,
    kinds,
    merged,
    price_frame,
    stored_from,
)

DAYS = sessions_between(date(2024, 3, 1), date(2024, 4, 30))
START = DAYS[0]
DRIFT = 1.004


def history(**events: dict[date, float]) -> History:
    """A stock that rises by 0.4 % a session from 100, on the basis of each day's shares."""
    splits = events.get("splits", {})
    close, closes = 100.0, {}
    for day in DAYS:
        close = close * DRIFT / splits.get(day, 1.0)
        closes[day] = round(close, 4)
    return History(closes, splits, events.get("dividends", {}))


def known_at(truth: History, last: date, *, since: date = START) -> dict[str, pl.DataFrame]:
    """What is stored after a fetch at the close of ``last``."""
    return truth.frames(since, last)


# -- nothing to do


def test_the_same_prices_through_single_precision_change_nothing() -> None:
    truth = history(dividends={DAYS[5]: 0.25})
    found = reconcile(TICKER, truth.reply(START, DAYS[-1]), stored_from(known_at(truth, DAYS[-1]), START))
    assert found.frames == {}
    assert found.notes == ()


def test_a_new_session_is_all_that_an_answer_adds() -> None:
    truth = history()
    found = reconcile(TICKER, truth.reply(DAYS[9], DAYS[20]), stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert list(found.frames) == ["price"]
    assert found.frames["price"]["session"].to_list() == [DAYS[20]]
    assert found.frames["price"].schema == RAW_SCHEMAS["price"].columns
    assert found.notes == ()


def test_the_first_answer_is_taken_whole_without_a_word() -> None:
    truth = history(splits={DAYS[5]: 4.0}, dividends={DAYS[7]: 0.5})
    answer = truth.reply(START, DAYS[-1])
    nothing = {table: frame.clear() for table, frame in answer.frames.items()}
    found = reconcile(TICKER, answer, stored_from(nothing, START))
    assert {table: frame.height for table, frame in found.frames.items()} == {
        "price": len(DAYS),
        "split": 1,
        "dividend": 1,
    }
    assert found.notes == ()


def test_no_answer_changes_nothing() -> None:
    truth = history()
    gone = Answer(Ask(PRICES, TICKER, START), GONE, reason="unknown symbol")
    assert reconcile(TICKER, gone, stored_from(known_at(truth, DAYS[-1]), START)).frames == {}


# -- corrections


def test_one_corrected_close_gives_one_row_and_one_note() -> None:
    truth = history()
    before = known_at(truth, DAYS[20])
    corrected = History({**truth.closes, DAYS[17]: 101.5})
    found = reconcile(TICKER, corrected.reply(DAYS[10], DAYS[20]), stored_from(before, DAYS[10]))
    assert found.frames["price"]["session"].to_list() == [DAYS[17]]
    assert found.frames["price"]["close"].to_list() == pytest.approx([101.5], rel=1e-7)
    assert kinds(found) == ["correction"]
    assert found.notes[0].session == DAYS[17]
    assert found.notes[0].text == f"The close of ACME on {DAYS[17]} is 101.5, not {truth.closes[DAYS[17]]:.10g}."


def test_many_corrections_are_told_in_one_sentence() -> None:
    truth = history()
    off = {
        day: truth.closes[day] * factor for day, factor in zip(DAYS[11:16], (1.01, 0.98, 1.02, 0.97, 1.03), strict=True)
    }
    found = reconcile(
        TICKER, History({**truth.closes, **off}).reply(START, DAYS[20]), stored_from(known_at(truth, DAYS[20]), START)
    )
    assert found.frames["price"]["session"].to_list() == DAYS[11:16]
    assert [note.text for note in found.notes] == [
        f"ACME: 5 of its close values from {DAYS[11]} to {DAYS[15]} have changed, by up to 3.00%."
    ]


def test_a_corrected_volume_is_taken_without_a_note() -> None:
    truth = history()
    before = known_at(truth, DAYS[20])
    later = History(truth.closes, volume=1_050_000.0)
    found = reconcile(TICKER, later.reply(DAYS[18], DAYS[20]), stored_from(before, DAYS[18]))
    assert found.frames["price"]["volume"].to_list() == [1_050_000.0] * 3
    stored = before["price"].filter(pl.col("session") >= DAYS[18])
    assert found.frames["price"].drop("volume").equals(stored.drop("volume")), "the noise of prices is not taken along"
    assert found.notes == ()


def test_a_value_that_the_vendor_does_not_have_keeps_the_stored_one() -> None:
    truth = history()
    answer = truth.reply(START, DAYS[-1])
    bare = answer.frames["price"].with_columns(volume=pl.lit(None, pl.Float64))
    answer = Answer(answer.ask, DONE, {**answer.frames, "price": bare})
    assert reconcile(TICKER, answer, stored_from(known_at(truth, DAYS[-1]), START)).frames == {}


def test_a_corrected_dividend_is_taken_and_a_withdrawn_one_is_kept() -> None:
    truth = history(dividends={DAYS[5]: 0.25, DAYS[12]: 0.30})
    before = known_at(truth, DAYS[20])
    now = History(truth.closes, {}, {DAYS[5]: 0.26})
    found = reconcile(TICKER, now.reply(START, DAYS[20]), stored_from(before, START))
    assert found.frames["dividend"].rows() == [(DAYS[5], TICKER, 0.26)]
    assert [note.text for note in found.notes] == [
        f"The dividend of ACME on {DAYS[5]} is 0.26, not 0.25.",
        f"The dividend of 0.3 of ACME on {DAYS[12]} is not listed there any more; it is kept.",
    ]


def test_a_dividend_that_moves_by_a_day_is_not_counted_twice() -> None:
    truth = history(dividends={DAYS[5]: 0.25})
    now = History(truth.closes, {}, {DAYS[6]: 0.25})
    found = reconcile(TICKER, now.reply(START, DAYS[20]), stored_from(known_at(truth, DAYS[20]), START))
    assert found.frames == {}
    assert kinds(found) == ["correction"]


def test_rows_that_came_by_import_are_neither_changed_nor_corrected() -> None:
    truth = history()
    before = known_at(truth, DAYS[20])
    corrected = History({**truth.closes, DAYS[17]: 101.5, DAYS[18]: 99.5})
    stored = replace(stored_from(before, START), imported={"price": {DAYS[17]}})
    found = reconcile(TICKER, corrected.reply(START, DAYS[20]), stored)
    assert found.frames["price"]["session"].to_list() == [DAYS[18]]
    assert [note.session for note in found.notes] == [DAYS[18]]


# -- splits


@pytest.mark.parametrize(
    ("ratio", "terms"),
    [
        (2.0, "2 new shares for one"),
        (20.0, "20 new shares for one"),
        (1.5, "1.5 new shares for one"),
        (0.125, "1 new share for 8"),
        (0.1, "1 new share for 10"),
    ],
)
def test_a_split_overnight_adds_its_row_and_its_session_and_restates_nothing(ratio: float, terms: str) -> None:
    truth = history(splits={DAYS[20]: ratio})
    found = reconcile(TICKER, truth.reply(DAYS[9], DAYS[20]), stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert found.frames["split"].rows() == [(DAYS[20], TICKER, ratio)]
    assert closes_of(found.frames["price"]) == {DAYS[20]: pytest.approx(truth.closes[DAYS[20]], rel=1e-6)}
    assert kinds(found) == ["split"]
    assert found.notes[0].text == f"ACME has a split of {terms} on {DAYS[20]}."


def test_two_splits_in_one_window_leave_the_past_alone() -> None:
    truth = history(splits={DAYS[12]: 3.0, DAYS[16]: 0.5})
    found = reconcile(TICKER, truth.reply(DAYS[1], DAYS[20]), stored_from(known_at(truth, DAYS[10]), DAYS[1]))
    assert found.frames["split"]["ratio"].to_list() == [3.0, 0.5]
    assert closes_of(found.frames["price"]) == {day: pytest.approx(truth.closes[day], rel=1e-6) for day in DAYS[11:21]}


@pytest.mark.parametrize("ratio", [4.0, 1.5, 0.125])
def test_a_split_that_is_listed_before_prices_reflect_it_is_seen_through(ratio: float) -> None:
    truth = history(splits={DAYS[20]: ratio}, dividends={DAYS[14]: 0.25})
    answer = truth.reply(DAYS[9], DAYS[21], unreflected=[DAYS[20]])
    found = reconcile(TICKER, answer, stored_from(known_at(truth, DAYS[18]), DAYS[9]))
    assert found.frames["split"].rows() == [(DAYS[20], TICKER, ratio)]
    assert closes_of(found.frames["price"]) == {day: pytest.approx(truth.closes[day], rel=1e-6) for day in DAYS[19:22]}
    assert kinds(found) == ["split"]


def test_a_dividend_before_a_split_that_prices_do_not_reflect_waits_until_they_do() -> None:
    truth = history(splits={DAYS[20]: 4.0}, dividends={DAYS[19]: 0.25, DAYS[21]: 0.07})
    before = known_at(truth, DAYS[18])
    half = truth.reply(DAYS[9], DAYS[21], unreflected=[DAYS[20]])
    found = reconcile(TICKER, half, stored_from(before, DAYS[9]))
    assert found.frames["dividend"].rows() == [(DAYS[21], TICKER, 0.07)]
    after = merged(before, found)
    later = reconcile(TICKER, truth.reply(DAYS[9], DAYS[21]), stored_from(after, DAYS[9]))
    assert {table: frame.rows() for table, frame in later.frames.items()} == {"dividend": [(DAYS[19], TICKER, 0.25)]}


def test_a_split_of_tomorrow_waits_for_a_price_of_its_day() -> None:
    truth = history(splits={DAYS[20]: 4.0})
    stored = stored_from(known_at(truth, DAYS[18]), DAYS[9])
    for late in ((), (DAYS[20],)):
        whole = truth.reply(DAYS[9], DAYS[20], unreflected=late)
        answer = Answer(
            whole.ask, DONE, {**whole.frames, "price": whole.frames["price"].filter(pl.col("session") < DAYS[20])}
        )
        found = reconcile(TICKER, answer, stored)
        assert closes_of(found.frames["price"]) == {DAYS[19]: pytest.approx(truth.closes[DAYS[19]], rel=1e-6)}
        assert "split" not in found.frames


@pytest.mark.parametrize("ratio", [4.0, 0.125])
def test_prices_that_reflect_a_split_which_is_not_listed_any_more_are_seen_through(ratio: float) -> None:
    truth = history(splits={DAYS[20]: ratio})
    answer = truth.reply(DAYS[9], DAYS[22], unlisted=[DAYS[20]])
    found = reconcile(TICKER, answer, stored_from(known_at(truth, DAYS[21]), DAYS[9]))
    assert closes_of(found.frames["price"]) == {DAYS[22]: pytest.approx(truth.closes[DAYS[22]], rel=1e-6)}
    assert kinds(found) == ["correction"]
    assert "not listed there any more" in found.notes[0].text


def test_a_factor_without_a_split_on_record_takes_nothing() -> None:
    truth = history(splits={DAYS[20]: 4.0})
    answer = truth.reply(DAYS[9], DAYS[20], unlisted=[DAYS[20]])
    found = reconcile(TICKER, answer, stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert found.frames == {}
    assert kinds(found) == ["restated"]
    assert found.notes[0].text == (
        f"ACME was not taken: up to {DAYS[19]} it is 0.25 times what is stored, and no split is on record."
    )


def test_a_small_split_that_prices_may_not_reflect_is_not_guessed() -> None:
    truth = history(splits={DAYS[20]: 1.05})
    answer = truth.reply(DAYS[9], DAYS[20], unreflected=[DAYS[20]])
    found = reconcile(TICKER, answer, stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert found.frames == {}
    assert kinds(found) == ["restated"]


def test_of_two_like_splits_nobody_can_tell_which_one_prices_reflect() -> None:
    truth = history(splits={DAYS[18]: 2.0, DAYS[20]: 2.0})
    stored = stored_from(known_at(truth, DAYS[16]), DAYS[6])
    found = reconcile(TICKER, truth.reply(DAYS[6], DAYS[21], unreflected=[DAYS[20]]), stored)
    assert found.frames == {}
    assert kinds(found) == ["restated"]
    neither = reconcile(TICKER, truth.reply(DAYS[6], DAYS[21], unreflected=[DAYS[18], DAYS[20]]), stored)
    expected = {day: pytest.approx(truth.closes[day], rel=1e-6) for day in DAYS[17:22]}
    assert closes_of(neither.frames["price"]) == expected


def test_stored_prices_on_the_wrong_side_of_a_split_are_not_carried_on() -> None:
    # Stored when prices reflected the split and nothing listed it: now the answer is right, and 4 times what is stored.
    truth = history(splits={DAYS[20]: 4.0})
    wrong = {day: truth.closes[day] / 4 for day in DAYS[:20]}
    stored = Stored(price_frame(wrong), event_frame("split", {}), event_frame("dividend", {}))
    found = reconcile(TICKER, truth.reply(START, DAYS[21]), stored)
    assert found.frames == {}
    assert kinds(found) == ["restated"]


def test_a_new_name_is_not_taken_on_a_half_adjusted_basis() -> None:
    truth = history(splits={DAYS[20]: 4.0})
    empty = stored_from({name: frame.clear() for name, frame in known_at(truth, START).items()}, START)
    found = reconcile(TICKER, truth.reply(START, DAYS[21], unreflected=[DAYS[20]]), empty)
    assert found.frames == {}
    assert kinds(found) == ["restated"]
    assert reconcile(TICKER, truth.reply(START, DAYS[22]), empty).frames["price"].height == 23


def test_a_split_whose_day_moves_is_not_counted_twice() -> None:
    truth = history(splits={DAYS[15]: 4.0})
    moved = History(truth.closes, {DAYS[16]: 4.0})
    answer = moved.reply(DAYS[9], DAYS[20])
    consistent = Answer(
        answer.ask,
        DONE,
        {
            **answer.frames,
            "price": truth.reply(DAYS[9], DAYS[20])
            .frames["price"]
            .with_columns(
                pl.when(pl.col("session") == DAYS[15])
                .then(pl.col("close") * 4)
                .otherwise(pl.col("close"))
                .alias("close"),
                pl.when(pl.col("session") == DAYS[15]).then(pl.col("open") * 4).otherwise(pl.col("open")).alias("open"),
                pl.when(pl.col("session") == DAYS[15]).then(pl.col("high") * 4).otherwise(pl.col("high")).alias("high"),
                pl.when(pl.col("session") == DAYS[15]).then(pl.col("low") * 4).otherwise(pl.col("low")).alias("low"),
                pl.when(pl.col("session") == DAYS[15])
                .then(pl.col("volume") / 4)
                .otherwise(pl.col("volume"))
                .alias("volume"),
            ),
        },
    )
    found = reconcile(TICKER, consistent, stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert list(found.frames) == ["price"]
    assert closes_of(found.frames["price"]) == {DAYS[20]: pytest.approx(truth.closes[DAYS[20]], rel=1e-6)}
    assert kinds(found) == ["correction"]


def test_a_split_that_was_missing_in_the_past_is_added_and_changes_no_price() -> None:
    truth = history(splits={DAYS[15]: 4.0})
    before = {**known_at(truth, DAYS[20]), "split": event_frame("split", {})}
    found = reconcile(TICKER, truth.reply(DAYS[9], DAYS[20]), stored_from(before, DAYS[9]))
    assert {table: frame.rows() for table, frame in found.frames.items()} == {"split": [(DAYS[15], TICKER, 4.0)]}
    assert kinds(found) == ["split"]


# -- sessions


def test_a_lost_session_is_kept_and_told() -> None:
    truth = history()
    found = reconcile(
        TICKER, truth.reply(DAYS[9], DAYS[20], without=[DAYS[15]]), stored_from(known_at(truth, DAYS[19]), DAYS[9])
    )
    assert found.frames["price"]["session"].to_list() == [DAYS[20]]
    assert [(note.kind, note.session) for note in found.notes] == [("lost-session", DAYS[15])]


def test_a_feed_that_ends_before_what_is_stored_loses_its_last_session() -> None:
    truth = history()
    found = reconcile(TICKER, truth.reply(DAYS[9], DAYS[18]), stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert found.frames == {}
    assert [(note.kind, note.session) for note in found.notes] == [("lost-session", DAYS[19])]


def test_an_event_after_the_end_of_a_stale_feed_is_not_withdrawn() -> None:
    truth = history(dividends={DAYS[19]: 0.25})
    found = reconcile(TICKER, truth.reply(DAYS[9], DAYS[18]), stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert kinds(found) == ["lost-session"]


def test_sessions_before_those_that_were_asked_for_are_not_looked_at() -> None:
    truth = history()
    whole = truth.reply(START, DAYS[20])
    answer = replace(whole, ask=Ask(PRICES, TICKER, DAYS[9]))
    found = reconcile(TICKER, answer, stored_from(known_at(truth, DAYS[19]), DAYS[9]))
    assert found.frames["price"]["session"].to_list() == [DAYS[20]]


def test_a_session_that_comes_late_is_taken_and_told() -> None:
    truth = history()
    before = known_at(truth, DAYS[19])
    before["price"] = before["price"].filter(pl.col("session") != DAYS[15])
    found = reconcile(TICKER, truth.reply(DAYS[9], DAYS[20]), stored_from(before, DAYS[9]))
    assert found.frames["price"]["session"].to_list() == [DAYS[15], DAYS[20]]
    assert [(note.kind, note.session) for note in found.notes] == [("late-session", DAYS[15])]


# -- every market


@st.composite
def markets(draw: st.DrawFn) -> tuple[History, int, int]:
    """A history with up to three splits and some dividends, and the two days on which it is asked."""
    first = draw(st.integers(5, 30))
    second = draw(st.integers(first, len(DAYS) - 1))
    ratios = st.sampled_from([2.0, 3.0, 1.5, 1.25, 7.0, 20.0, 0.5, 0.1, 1.046])
    splits = draw(st.dictionaries(st.sampled_from(DAYS), ratios, max_size=3))
    paid = st.floats(0.01, 5.0).map(lambda amount: round(amount, 3))
    dividends = draw(st.dictionaries(st.sampled_from(DAYS), paid, max_size=4))
    moves = draw(st.lists(st.floats(-0.05, 0.05), min_size=len(DAYS), max_size=len(DAYS)))
    close, closes = draw(st.floats(5.0, 900.0)), {}
    for day, move in zip(DAYS, moves, strict=True):
        close = close * (1 + move) / splits.get(day, 1.0)
        closes[day] = close
    return History(closes, splits, dividends), first, second


def asked_again(truth: History, last: int, second: int) -> tuple[dict[str, pl.DataFrame], Answer, date]:
    """What is stored after a first fetch, and the answer to the second."""
    nothing = {name: frame.clear() for name, frame in truth.frames(START, START).items()}
    first = reconcile(TICKER, truth.reply(START, DAYS[last]), stored_from(nothing, START))
    since = DAYS[max(last - 10, 0)]
    return merged(nothing, first), truth.reply(since, DAYS[second]), since


@settings(max_examples=150, deadline=None)
@given(markets())
def test_two_fetches_of_any_market_give_the_truth(market: tuple[History, int, int]) -> None:
    truth, last, second = market
    stored, answer, since = asked_again(truth, last, second)
    before = stored["price"]
    after = merged(stored, reconcile(TICKER, answer, stored_from(stored, since)))
    assert closes_of(after["price"]) == pytest.approx({day: truth.closes[day] for day in DAYS[: second + 1]}, rel=1e-6)
    expected = truth.frames(START, DAYS[second])
    assert after["split"].equals(expected["split"])
    assert after["dividend"].equals(expected["dividend"])
    assert after["price"].head(before.height).equals(before), "nothing that was stored has changed"


@settings(max_examples=100, deadline=None)
@given(markets(), st.booleans(), st.data())
def test_what_is_taken_in_any_half_adjusted_state_is_true_and_asking_later_gives_the_rest(
    market: tuple[History, int, int], listed_first: bool, data: st.DataObject
) -> None:
    truth, last, second = market
    stored, _, since = asked_again(truth, last, second)
    half = data.draw(st.lists(st.sampled_from(DAYS[last + 1 :] or [DAYS[-1]]), max_size=1))
    states = {"unreflected": half} if listed_first else {"unlisted": half}
    answer = truth.reply(since, DAYS[second], **states)
    between = merged(stored, reconcile(TICKER, answer, stored_from(stored, since)))
    for day, close in closes_of(between["price"]).items():
        assert close == pytest.approx(truth.closes[day], rel=1e-6), "nothing false is ever stored"
    assert between["price"]["volume"].to_list() == pytest.approx([truth.volume] * between["price"].height)
    assert (
        between["dividend"]
        .join(truth.frames(START, DAYS[-1])["dividend"], on=["session", "amount"], how="anti")
        .is_empty()
    )
    known = dict(zip(between["split"]["session"], between["split"]["ratio"], strict=True))
    assert all(truth.splits.get(day) == ratio for day, ratio in known.items())
    after = merged(between, reconcile(TICKER, truth.reply(since, DAYS[second]), stored_from(between, since)))
    assert closes_of(after["price"]) == pytest.approx({day: truth.closes[day] for day in DAYS[: second + 1]}, rel=1e-6)
    assert after["split"].equals(truth.frames(START, DAYS[second])["split"])


@settings(max_examples=80, deadline=None)
@given(markets(), st.data())
def test_an_answer_whose_result_is_stored_gives_no_row_again(
    market: tuple[History, int, int], data: st.DataObject
) -> None:
    truth, last, second = market
    stored, _, since = asked_again(truth, last, second)
    lost = data.draw(st.lists(st.sampled_from(DAYS[1:second]), max_size=3))
    wrong = data.draw(st.dictionaries(st.sampled_from(DAYS[:second]), st.floats(0.9, 1.1), max_size=2))
    vendor = History(
        {day: close * wrong.get(day, 1.0) for day, close in truth.closes.items()}, truth.splits, truth.dividends
    )
    answer = vendor.reply(since, DAYS[second], without=lost)
    after = merged(stored, reconcile(TICKER, answer, stored_from(stored, since)))
    assert reconcile(TICKER, answer, stored_from(after, since)).frames == {}


# -- benchmarks and pairs


def series(table: str, values: dict[date, float]) -> pl.DataFrame:
    rows = [(day, "RSP" if table == "benchmark" else "EURUSD", value) for day, value in sorted(values.items())]
    return pl.DataFrame(rows, schema=RAW_SCHEMAS[table].columns, orient="row")


def asked_series(kind: str, values: dict[date, float]) -> Answer:
    table = {BENCHMARK: "benchmark", FX: "fx"}[kind]
    return Answer(Ask(kind, "RSP", START), DONE, {table: series(table, values)}, through=max(values))


LEVELS = {day: 150.0 + position for position, day in enumerate(DAYS[:12])}


def test_a_benchmark_gives_its_new_and_its_corrected_closes() -> None:
    known = series("benchmark", {day: LEVELS[day] for day in DAYS[:11]})
    found = reconcile_series(asked_series(BENCHMARK, {**LEVELS, DAYS[4]: 200.0}), known)
    assert found is not None
    assert found.frames["benchmark"].rows() == [(DAYS[4], "RSP", 200.0), (DAYS[11], "RSP", LEVELS[DAYS[11]])]
    assert [note.text for note in found.notes] == [f"The close of RSP on {DAYS[4]} is 200, not 154."]


def test_a_fund_that_was_split_has_to_be_asked_for_whole() -> None:
    answer = asked_series(BENCHMARK, {day: level / 5 for day, level in LEVELS.items()})
    assert reconcile_series(answer, series("benchmark", {day: LEVELS[day] for day in DAYS[:11]})) is None


def test_a_revised_rate_of_a_currency_is_taken_without_a_note() -> None:
    found = reconcile_series(
        asked_series(FX, {DAYS[0]: 1.1, DAYS[1]: 1.2}), series("fx", {DAYS[0]: 1.1, DAYS[1]: 1.19})
    )
    assert found is not None
    assert found.frames["fx"].rows() == [(DAYS[1], "EURUSD", 1.2)]
    assert found.notes == ()


def test_a_benchmark_that_loses_a_session_keeps_it() -> None:
    found = reconcile_series(
        asked_series(BENCHMARK, {day: LEVELS[day] for day in DAYS[:12] if day != DAYS[3]}), series("benchmark", LEVELS)
    )
    assert found is not None
    assert found.frames == {}
    assert [(note.kind, note.ticker, note.session) for note in found.notes] == [("lost-session", "RSP", DAYS[3])]
