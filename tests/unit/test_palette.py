from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp.dates import meant
from tuiapp.palette import Choice, Entry, TypedText, matching

EXPORT = Entry("command", "export", "write the Excel workbook", "app.export", "e", ("export", "app.export"))
EXPLAIN = Entry("command", "explain", "what the numbers are made of", "app.explain", "i")
EXPE = Entry("company", "EXPE", "Expedia Group", "EXPE")
EX = Entry("company", "EX", "Exelon", "EX")
REX = Entry("company", "REX", "Rex Minerals", "REX")
SECTORS = Entry("screen", "Composition: Sectors", words=("Sectors",))
ALL = (EXPORT, EXPLAIN, EXPE, EX, REX, SECTORS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", list(ALL)),
        ("ex", [EX, EXPORT, EXPLAIN, EXPE, REX]),
        ("EXPE", [EXPE]),
        ("expedia", [EXPE]),
        ("sect", [SECTORS]),
        ("sectors", [SECTORS]),
        ("workbook", [EXPORT]),
        ("  group ", [EXPE]),
        ("xprt", [EXPORT]),
        ("cosec", [SECTORS]),
        ("zzz", []),
    ],
)
def test_the_closest_comes_first_and_what_is_as_close_keeps_its_order(typed: str, found: list[Entry]) -> None:
    assert matching(ALL, typed) == found


@given(st.text(max_size=20))
def test_what_answers_is_part_of_what_there_is(typed: str) -> None:
    found = matching(ALL, typed)
    assert len(set(found)) == len(found)
    assert set(found) <= set(ALL)


def test_the_choice_stays_on_its_entry_where_it_is_asked_to() -> None:
    choice = Choice()
    choice.take(ALL, keep=False)
    choice.move(2)
    assert choice.current is EXPE
    choice.take((EX, EXPE), keep=True)
    assert (choice.at, choice.current) == (1, EXPE)
    choice.take((EX, EXPE), keep=False)
    assert choice.current is EX


def test_nothing_is_chosen_where_nothing_answers() -> None:
    choice = Choice()
    choice.take((), keep=True)
    choice.move(1)
    assert (choice.at, choice.current) == (0, None)


def test_text_is_typed_and_taken_back() -> None:
    text = TypedText()
    text.put("sort by\tca\x1b[31mp")
    assert text.text == "sort byca[31mp"
    text.rub_word()
    assert text.text == "sort "
    text.rub()
    text.rub_word()
    assert text.text == ""
    text.rub()
    text.rub_word()
    assert text.text == ""


SESSIONS = (date(2022, 6, 1), date(2023, 12, 29), date(2024, 2, 29), date(2024, 3, 15))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024-03-15", date(2024, 3, 15)),
        (" 2024-02 ", date(2024, 2, 29)),
        ("2023", date(2023, 12, 31)),
        ("latest", date(2024, 3, 15)),
        ("Today", date(2024, 3, 15)),
        ("first", date(2022, 6, 1)),
        ("ytd", date(2023, 12, 31)),
        ("-1y", date(2023, 2, 28)),
        ("-1m", date(2024, 1, 29)),
        ("+1m", date(2024, 3, 29)),
        ("-2w", date(2024, 2, 15)),
        ("-10d", date(2024, 2, 19)),
        ("-14m", date(2022, 12, 29)),
        ("-3000y", None),
        ("-9999d", None),
        ("1y", None),
        ("soon", None),
        ("", None),
        ("2024-13", None),
        ("2024-00", None),
        ("2024-03-00", None),
        ("0000", None),
    ],
)
def test_a_typed_date_means_a_day(typed: str, day: date | None) -> None:
    assert meant(typed, SESSIONS, date(2024, 2, 29)) == day


@given(st.text(max_size=12) | st.from_regex(r"[+-]\d{1,6}[ymwd]", fullmatch=True))
def test_any_text_means_a_day_or_none(typed: str) -> None:
    found = meant(typed, SESSIONS, SESSIONS[-1])
    assert found is None or isinstance(found, date)
