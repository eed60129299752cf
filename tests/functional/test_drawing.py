"""The arithmetic of drawing: text, dots, columns, colours."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from engine.metrics import METRICS
from tests.functional.fake_engine import performance_view
from tuiapp import format as text
from tuiapp.line_filters import AsciiFilter, PlainFilter
from tuiapp.market import Market
from tuiapp.themes import terminal_of
from tuiapp.widgets.braille import plot
from tuiapp.widgets.columns import Column, in_order, place
from tuiapp.widgets.date_axis import date_axis
from tuiapp.widgets.line import fit, spread
from tuiapp.widgets.plotting import Curve, Panel, Picture, drawing_of
from tuiapp.widgets.scale import in_percent, ticks
from tuiapp.widgets.tabs import choice

BLACK = Color(0, 0, 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.449e12, "3.45T"), (8.123e11, "812.3B"), (9.87e10, "98.70B"), (4.5e7, "45.00M"), (950.0, "950"), (None, "–")],
)
def test_caps_are_short(value: float | None, shown: str) -> None:
    assert text.cap(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0042, "+0.42%"), (-0.5, "-50.00%"), (-0.000001, "0.00%"), (0.0, "0.00%"), (12.5, "+1,250.00%"), (None, "–")],
)
def test_percents_have_a_sign_unless_they_are_shown_as_zero(value: float | None, shown: str) -> None:
    assert text.percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(1.07, "+1.07"), (-0.37, "-0.37"), (-0.0037, "0.00"), (0.0, "0.00"), (None, "–")]
)
def test_a_ratio_has_a_sign_unless_it_is_shown_as_zero(value: float | None, shown: str) -> None:
    assert text.ratio(value) == shown
    assert text.by_field(METRICS["calmar"].field, value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.2, "1 s"),
        (42.4, "43 s"),
        (89.9, "90 s"),
        (90.0, "2 min"),
        (337.0, "6 min"),
        (5399.0, "90 min"),
        (5400.0, "1.5 h"),
        (12345.0, "3.4 h"),
    ],
)
def test_how_long_something_takes_is_told_as_finely_as_a_person_waits(seconds: float, shown: str) -> None:
    assert text.duration(seconds) == shown


@pytest.mark.parametrize(("value", "arrow"), [(0.01, "▲"), (-0.01, "▼"), (0.0, "="), (-0.00001, "="), (None, " ")])
def test_an_arrow_agrees_with_the_figure_beside_it(value: float | None, arrow: str) -> None:
    assert text.arrow(value) == arrow


@pytest.mark.parametrize(
    "hostile", ["a\x1b[31mb", "a\x9b31mb", "a\x07b", "a\x7fb", "a\u202eb", "a\u2066b", "a\nb", "a\u200bb"]
)
def test_control_characters_are_taken_out_of_names(hostile: str) -> None:
    assert text.plain(hostile).replace("[31m", "").replace("31m", "") == "ab"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024-03-15", date(2024, 3, 15)),
        (" 20240315 ", date(2024, 3, 15)),
        ("2024-02", date(2024, 2, 29)),
        ("2024", date(2024, 12, 31)),
        ("2024-02-30", None),
        ("2024-13", None),
        ("0000", None),
        ("٢٠٢٤", None),
        ("", None),
    ],
)
def test_a_typed_date_is_the_last_day_it_can_mean(typed: str, day: date | None) -> None:
    assert text.typed_date(typed) == day


def test_a_sparkline_ends_with_the_last_value() -> None:
    assert text.spark([1, 2, 3, 9], 2) == "▁▇"
    assert text.spark([5, 5, 5], 10) == "▄▄▄"
    assert text.spark([], 10) == ""


@pytest.mark.parametrize(
    ("name", "shown"), [("Acme", "Acme  "), ("Long name", "Long …"), ("日本株式会社", "日本 …"), ("", "      ")]
)
def test_a_text_takes_exactly_its_cells(name: str, shown: str) -> None:
    assert fit(name, 6) == shown


def test_what_stands_at_the_right_end_of_a_line_stays() -> None:
    parts = spread([("index", ""), (" much more", "")], [("END", "")], 12)
    assert "".join(piece for piece, _ in parts) == "index    END"


def test_a_line_of_dots_reaches_from_the_least_to_the_greatest_value_of_each_column() -> None:
    values = [0.0] * 500
    values[123] = 1.0
    cells = plot(values, 10, 2, 0.0, 1.0)
    assert sum(bool(cell) for cell in cells[0]) == 1
    assert all(cells[1])


def test_few_values_are_joined_by_a_line_without_gaps() -> None:
    cells = plot([0.0, 1.0], 20, 5, 0.0, 1.0)
    assert all(any(row[x] for row in cells) for x in range(20))


def test_an_area_reaches_from_its_line_to_its_base() -> None:
    line = plot([-1.0, -1.0], 4, 3, -1.0, 0.0)
    area = plot([-1.0, -1.0], 4, 3, -1.0, 0.0, base=0.0)
    assert [any(row) for row in line] == [False, False, True]
    assert all(cell == 0xFF for row in area for cell in row)


@pytest.mark.parametrize(
    ("mark", "marks", "label"),
    [(-0.1, [-0.2, -0.1, 0.0], "-10%"), (0.175, [0.15, 0.175], "17.5%"), (0.0, [-0.0025, 0.0], "0.00%")],
)
def test_a_tick_in_percent_has_the_decimals_it_needs(mark: float, marks: list[float], label: str) -> None:
    assert in_percent(mark, marks) == label


def test_a_chart_of_no_values_says_so_and_does_not_crash() -> None:
    nothing = Panel((Curve((float("nan"),) * 2, "gain"),))
    drawn = drawing_of(Picture([date(2022, 1, 3), date(2022, 1, 4)], nothing), 80, 10)
    assert drawn.lines[1] == [("  A line needs two sessions.", "muted")]


@pytest.mark.parametrize(("room", "shown"), [(40, "{ 1M  3M  6M }"), (7, "{ 3M }"), (5, "")])
def test_a_choice_shows_all_that_has_room_or_only_what_is_chosen(room: int, shown: str) -> None:
    assert "".join(piece for piece, _ in choice(["1M", "3M", "6M"], "3M", "{ }", room)) == shown


def test_a_flat_range_draws_nothing_and_divides_by_nothing() -> None:
    assert not any(any(row) for row in plot([1.0, 1.0], 4, 2, 1.0, 1.0))
    assert ticks(1.0, 1.0, 4) == []


@pytest.mark.parametrize(
    ("low", "high", "most", "marks"),
    [(980, 1490, 4, [1000, 1200, 1400]), (0.2, 0.9, 4, [0.2, 0.4, 0.6, 0.8]), (-3, 3, 3, [-2, 0, 2])],
)
def test_ticks_are_round(low: float, high: float, most: int, marks: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(marks)


@pytest.mark.parametrize("days", [3, 30, 100, 365, 1400, 9000])
@pytest.mark.parametrize("columns", [40, 70, 160])
def test_dates_under_a_chart_never_run_into_each_other(days: int, columns: int) -> None:
    dates = [date(2021, 1, 29) + timedelta(day) for day in range(days)]
    axis, labels = ("".join(piece for piece, _ in line) for line in date_axis(dates, 8, columns))
    assert len(axis) == 8 + 1 + columns
    assert axis.count("┬") == len(re.split(" {2,}", labels.strip()))


def numbers(key: str, need: int, *, width: int = 9, most: int = 0) -> Column[float | None]:
    return Column(key, "", width, lambda _: ("", ""), lambda row: row, need=need, most=most)


def test_columns_leave_in_the_order_of_their_need() -> None:
    columns = [numbers(str(need), need) for need in (0, 3, 1, 2)]
    shown = [[p.column.key for p in place(columns, width)] for width in (45, 35, 25, 15)]
    assert shown == [["0", "3", "1", "2"], ["0", "1", "2"], ["0", "1"], ["0"]]


def test_room_that_is_left_goes_to_the_column_that_may_grow() -> None:
    column = numbers("name", 1, width=5, most=12)
    assert [place([column], width)[0].width for width in (7, 10, 40)] == [5, 8, 12]


def test_rows_without_a_value_are_sorted_last() -> None:
    column = numbers("x", 1)
    assert in_order([2.0, None, 3.0], column, down=True) == [3.0, 2.0, None]
    assert in_order([2.0, None, 3.0], column, down=False) == [2.0, 3.0, None]


def test_the_encoding_decides_the_glyphs() -> None:
    assert terminal_of({"TERM": "xterm"}, "UTF-8").unicode
    assert not terminal_of({"TERM": "xterm"}, "iso8859-1").unicode
    assert not terminal_of({"TERM": "linux"}, "utf-8").unicode


def test_without_unicode_every_cell_is_one_of_ascii() -> None:
    line = "▲ +1.00% – ▁▄▇ ⣿⠁⡀⠒ ─┈│└┬┤ é 日 “x”"
    (drawn,) = AsciiFilter().apply([Segment(line)], BLACK)
    assert drawn.text.isascii()
    assert drawn.text.startswith("^ +1.00% - ")
    assert drawn.cell_length == Segment(line).cell_length


def test_without_unicode_letters_lose_their_accents_and_marks_keep_their_meaning() -> None:
    (drawn,) = AsciiFilter().apply([Segment("Café Øst • ● σ² “x” 日本 e\u0301")], BLACK)
    assert drawn.text == 'Cafe ?st * o ?2 "x" ???? e'


def test_without_colour_only_attributes_are_left() -> None:
    style = Style.parse("bold reverse #ff0000 on blue")
    (drawn,) = PlainFilter().apply([Segment("x", style)], BLACK)
    assert drawn.style == Style(bold=True, reverse=True)


def test_a_new_history_keeps_the_date_that_was_chosen() -> None:
    market = Market(performance_view(100))
    market.walk(-10)
    chosen = market.session
    market.take(performance_view(120))
    assert market.session == chosen
    assert market.before_latest == 30


def test_a_new_history_takes_along_who_stood_at_the_end() -> None:
    market = Market(performance_view(100))
    market.take(performance_view(120))
    assert market.before_latest == 0


def test_the_same_history_again_is_no_change() -> None:
    market = Market(performance_view(100))
    mark = market.mark
    assert not market.take(performance_view(100))
    assert market.mark == mark


def test_nothing_is_drawn_where_a_line_has_no_value() -> None:
    nan = float("nan")
    cells = plot([nan, nan, 1.0, 2.0, nan, nan], 6, 2, 0.0, 3.0)
    drawn = [any(row[column] for row in cells) for column in range(6)]
    assert drawn[0] is False
    assert drawn[-1] is False
    assert any(drawn)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, "+50.00%"), (-0.07, "-7.00%"), (13.7112, "+1,371%"), (9.9949, "+999.49%"), (1234.5, "+123k%"), (None, "–")],
)
def test_a_distance_of_many_times_drops_its_decimals(value: float | None, shown: str) -> None:
    assert text.distance(value) == shown


@pytest.mark.parametrize(
    ("number", "width", "shown"),
    [
        ("+123.456%", 9, "+123.456%"),
        ("+123.456%", 8, "+123.46%"),
        ("-1,234.56%", 8, "-1,235%"),
        ("+100.0bp", 7, "+100bp"),
        ("▲+199.99%", 8, "▲+200.0%"),
        ("98.70B → 97.10B", 8, "98.70B → 97.10B"),
        ("2024-03-15", 8, "2024-03-15"),
    ],
)
def test_a_number_without_room_loses_decimals_and_no_digit(number: str, width: int, shown: str) -> None:
    assert text.shorter(number, width) == shown


def test_a_flat_drawdown_has_no_tick_above_zero() -> None:
    flat = Panel((Curve((0.0, 0.0, 0.0), "loss", base=0.0),), in_percent, most=0.0)
    drawn = drawing_of(Picture([date(2024, 1, day) for day in (2, 3, 4)], flat), 60, 16)
    ticks_shown = [float(line[0][0].strip(" %")) for line in drawn.lines[:-2] if line[0][0].strip()]
    assert max(ticks_shown) == 0.0
    assert min(ticks_shown) < 0.0
