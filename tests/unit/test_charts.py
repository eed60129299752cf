"""Charts without a widget: axes, marks, dates, curves, plain characters."""

from __future__ import annotations

from datetime import date, timedelta
from math import log10, nan
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp.widgets import blocks
from tuiapp.widgets.date_axis import column_of, date_axis
from tuiapp.widgets.plotting import Curve, Drawing, Panel, Picture, drawing_of
from tuiapp.widgets.scale import axis_of, between_ends, ends_in_percent, log_ticks, rounded

FIRST = date(2021, 1, 4)


def dates(count: int) -> list[date]:
    return [FIRST + timedelta(day) for day in range(count)]


def drawn(
    *curves: Curve, width: int = 80, height: int = 16, strip: Panel | None = None, plain: bool = False
) -> Drawing:
    return drawing_of(Picture(dates(len(curves[0].values)), Panel(curves), strip), width, height, plain=plain)


def lines(drawing: Drawing) -> list[str]:
    return ["".join(text for text, _ in line) for line in drawing.lines]


def chart(drawing: Drawing) -> list[str]:
    return lines(drawing)[: drawing.depth]


def labels(drawing: Drawing) -> list[str]:
    left = (line[: drawing.left - 1].strip() for line in chart(drawing))
    return [label for label in left if label]


def dots(text: str) -> int:
    return sum((ord(char) - 0x2800).bit_count() for char in text if 0x2800 < ord(char) < 0x2900)


def test_marks_of_a_logarithmic_axis_are_round_and_lie_where_their_logarithms_do() -> None:
    assert log_ticks(90, 11_000, 6) == [100, 300, 1000, 3000, 10_000]
    axis = axis_of([100.0, 10_000.0], 21, 7, log=True)
    assert axis.log
    assert axis.row(1000.0) == 10
    assert axis.low < log10(100)


def test_a_logarithmic_axis_of_a_small_span_has_linear_marks() -> None:
    assert log_ticks(1010, 1090, 4) == [1020, 1040, 1060, 1080]


def test_values_that_have_no_logarithm_stay_on_a_linear_axis() -> None:
    assert not axis_of([-0.2, 0.0], 10, 4, log=True).log


@given(low=st.floats(1e-3, 1e6), times=st.floats(1.0001, 1e4), most=st.integers(2, 12))
def test_logarithmic_marks_are_in_order_within_their_bounds_and_not_too_many(
    low: float, times: float, most: int
) -> None:
    marks = log_ticks(low, low * times, most)
    assert marks == sorted(set(marks))
    assert len(marks) <= most
    assert all(low * 0.999999 <= mark <= low * times * 1.000001 for mark in marks)


def test_marks_with_unequal_steps_have_the_decimals_of_the_least_step() -> None:
    assert [rounded(mark, (1.0, 1.5, 2.0)) for mark in (1.0, 1.5, 2.0)] == ["1.0", "1.5", "2.0"]


def test_a_series_of_one_value_has_one_mark_and_its_line_in_the_middle() -> None:
    flat = drawn(Curve((1234.5,) * 30, "gain"))
    assert labels(flat) == ["1,234.5"]
    (row,) = [
        y for y, line in enumerate(lines(flat)[: flat.depth]) if any(0x2800 < ord(char) < 0x2900 for char in line)
    ]
    assert row == flat.depth // 2 - 1 or row == flat.depth // 2


def test_one_session_is_a_dot_with_its_value_and_words() -> None:
    text = "\n".join(lines(drawn(Curve((1000.0,), "gain"))))
    assert "1,000 ┤•  A line needs two sessions." in text


def test_a_session_without_a_value_is_a_gap() -> None:
    values = (*[1.0] * 40, *[nan] * 20, *[2.0] * 40)
    shown = drawn(Curve(values, "gain"), width=106)
    columns = range(shown.left, shown.left + shown.columns)
    is_drawn = [any(dots(line[x]) for line in chart(shown)) for x in columns]
    first, last = is_drawn.index(False), len(is_drawn) - is_drawn[::-1].index(False)
    assert not any(is_drawn[first:last])
    assert all(is_drawn[:first])
    assert all(is_drawn[last:])


def test_a_line_of_marks_lies_in_the_row_of_its_value() -> None:
    shown = drawn(Curve((0.0, 100.0), "gain"))
    assert shown.axis is not None
    for mark in shown.axis.marks:
        assert rounded(mark, shown.axis.marks) in lines(shown)[shown.axis.row(mark)]


def test_several_curves_have_their_names_at_their_ends_and_each_a_line_of_its_own() -> None:
    ends = [
        Curve((100.0, last), "gain", name, every=1 + n)
        for n, (name, last) in enumerate((("PR", 120.0), ("SPY", 119.9)))
    ]
    tagged = [line for line in lines(drawn(*ends)) if line.endswith((" PR", " SPY"))]
    assert len(tagged) == 2


def test_curves_are_told_apart_by_how_often_they_are_dotted() -> None:
    shown = [drawn(Curve((1.0, 1.0), "gain", every=every)) for every in (1, 2, 3, 4)]
    counted = [sum(map(dots, lines(each))) for each in shown]
    assert counted == sorted(set(counted), reverse=True)


def test_plain_characters_are_ascii_and_no_extreme_is_lost() -> None:
    values = [0.0] * 500
    values[123] = 1.0
    cells = blocks.plot(values, 10, 4, 0.0, 1.0)
    assert sum(bool(cell) for cell in cells[0]) == 1
    assert all(cells[3])
    assert "".join(cell for row in cells for cell in row).isascii()


def test_plain_curves_have_a_character_each() -> None:
    shown = drawn(Curve((1.0, 1.0), "gain", "PR"), Curve((3.0, 3.0), "second", "SPY", every=2), plain=True)
    assert "ooooo" in "\n".join(lines(shown))
    assert all("┈" not in line for line in lines(shown))


def test_the_strip_below_is_drawn_where_there_is_room() -> None:
    falls = Panel((Curve((0.0, -0.25, -0.1), "loss", base=0.0),), ends_in_percent, most=0.0, title="drawdown")
    curve = Curve((100.0, 75.0, 90.0), "gain")
    assert not any("drawdown" in line for line in lines(drawn(curve, height=21, strip=falls)))
    tall = drawn(curve, height=22, strip=falls)
    assert "drawdown" in "\n".join(lines(tall))
    assert labels(tall)[-2:] == ["0%", "-25.0%"]
    assert tall.depth == 20


def test_the_strip_of_a_level_that_never_fell_divides_by_nothing() -> None:
    axis = between_ends([0.0, 0.0], 5)
    assert axis.marks == (-0.01, 0.0)


def test_the_ends_are_dated_where_no_period_begins() -> None:
    axis, text = ("".join(piece for piece, _ in line) for line in date_axis(dates(2), 4, 60))
    assert text.split() == ["2021-01-04", "2021-01-05"]
    assert axis.endswith("┬")


@pytest.mark.parametrize("columns", [52, 72, 112, 192])
@pytest.mark.parametrize("days", [5, 21, 63, 126, 252, 756, 1260, 7500])
def test_the_axis_of_dates_is_never_empty_and_its_labels_never_touch(days: int, columns: int) -> None:
    text = "".join(piece for piece, _ in date_axis(dates(days), 8, columns)[1])
    assert text.strip()
    assert len(text) == 8 + 1 + columns + 1


@given(count=st.integers(2, 3000), columns=st.integers(10, 200))
def test_every_session_has_a_column_and_later_ones_lie_no_further_left(count: int, columns: int) -> None:
    places = [column_of(place, count, columns) for place in range(count)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, columns - 1)


def test_thirty_years_cost_little() -> None:
    values = tuple(1000.0 + place % 97 for place in range(7500))
    quick = min(_seconds(values) for _ in range(5))
    assert quick < 0.1, f"{quick * 1000:.1f} ms"


def _seconds(values: tuple[float, ...]) -> float:
    start = process_time()
    drawn(Curve(values, "gain"))
    return process_time() - start
