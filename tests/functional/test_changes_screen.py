"""Changes: day by day and between two dates."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from engine.errors import DataError
from engine.views.types import ChangeRow
from tests.functional.harness import Session, session
from tuiapp.screens.changes import Changes
from tuiapp.widgets.row_table import Group, RowTable


def table(app: Session) -> RowTable[ChangeRow]:
    active = app.app.active
    assert isinstance(active, Changes)
    return active.table


async def test_changes_are_listed_newest_first() -> None:
    async with session() as app:
        await app.press("3")
        sessions = [line.split()[0] for line in app.lines[5:-2]]
        assert sessions == sorted(sessions, reverse=True)
        assert "Day by day 2021-01-29 → 2022-03-24" in app.lines[2]


async def test_the_timeline_and_the_sums_stand_above() -> None:
    async with session() as app:
        await app.press("3")
        assert "▲ 100 in  ▼ 100 out" in app.lines[2]
        assert "a month" in app.lines[3]


async def test_a_typed_date_compares_it_with_the_as_of_session() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        assert ("compare", date(2021, 8, 31), date(2022, 3, 24)) in app.engine.asked
        assert "Compared 2021-08-31 → 2022-03-24" in app.lines[2]
        assert "turnover 21.0% in all" in app.lines[2]


async def test_the_comparison_follows_the_as_of_session_and_ends_with_escape() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter", "[")
        assert "Compared 2021-08-31 → 2022-03-23" in app.lines[2]
        await app.press("escape")
        assert "Day by day" in app.lines[2]


async def test_a_date_before_the_index_is_refused() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("1999")
        await app.press("enter")
        assert "The index begins on 2021-01-29" in app.status
        assert "Day by day" in app.lines[2]


async def test_a_refused_question_leaves_a_notice_that_a_key_undoes() -> None:
    async with session() as app:
        await app.press("3")
        app.engine.failure = DataError("There is no such session.", hint="choose another date")
        await app.press("[")
        assert "There is no such session." in app.text
        app.engine.failure = None
        await app.press("r")
        assert "Day by day" in app.lines[2]


# -- what a change did


async def test_the_effect_on_the_next_session_stands_in_basis_points_at_80_columns() -> None:
    async with session() as app:
        await app.press("3")
        assert app.lines[4].split() == ["Session", "Change", "Ticker", "Company", "Rank", "To", "cut", "Days", "Effect"]
        row = table(app).rows[0]
        assert app.lines[5].split()[-1] == f"{1e4 * (row.effect_pr or 0.0):+.1f}bp"


async def test_a_change_of_the_last_session_has_no_effect_yet() -> None:
    async with session() as app:
        await app.press("3", "<", "]", "]")
        assert [row.effect_pr for row in table(app).rows] == [None, None]
        assert app.lines[5].split()[-1] == "–"


async def test_a_wide_terminal_shows_the_share_of_the_turnover_and_both_effects() -> None:
    async with session(size=(200, 40)) as app:
        await app.press("3")
        assert {"turnover", "effect", "effect_tr", "reason", "caps"} <= set(table(app).shown_columns)
        assert "0.500%" in app.lines[5].split()


async def test_a_comparison_shows_what_a_company_added_in_place_of_the_effect() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        assert "contribution" in table(app).shown_columns
        assert not {"effect", "effect_tr", "turnover"} & set(table(app).shown_columns)
        assert f"{table(app).rows[0].contribution:+.3%}" in app.lines[5].split()
        await app.press("escape")
        assert "effect" in table(app).shown_columns


async def test_the_numbers_of_a_change_can_be_asked_about() -> None:
    async with session() as app:
        await app.press("3", "j")
        row = table(app).rows[1]
        subjects = [subject for _, subject in app.app.active.subjects()]
        assert {(subject.view, subject.session, subject.ticker) for subject in subjects} == {
            ("changes", row.session, row.ticker)
        }
        assert {"rank_after", "distance", "turnover", "effect_pr", "effect_tr"} <= {s.key for s in subjects}


async def test_in_a_comparison_the_stretch_between_the_dates_is_asked_about() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        label, subject = app.app.active.subjects()[0]
        assert label.endswith("Contribution")
        assert (subject.view, subject.period, subject.start) == ("contributions", "custom", date(2021, 9, 1))
        assert subject.session == date(2022, 3, 24)


async def test_while_another_comparison_is_awaited_the_rows_are_said_to_be_those_before() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        app.engine.gate.clear()
        await app.pilot.press("[")
        await app.pilot.pause()
        assert app.lines[2] == " Comparing 2021-08-31 → 2022-03-23 …"
        assert app.lines[3] == " the rows below are still those of 2021-08-31 → 2022-03-24"
        app.engine.gate.set()
        await app.settled()
        assert "Compared 2021-08-31 → 2022-03-23" in app.lines[2]
        assert "still" not in app.text


async def test_the_date_of_the_comparison_before_is_typed_over() -> None:
    async with session() as app:
        for typed in ("2021-08", "2021-10"):
            await app.press("3", "d")
            await app.type(typed)
            await app.press("enter")
        assert "Compared 2021-10-29 → 2022-03-24" in app.lines[2]


async def test_a_company_of_many_times_the_cut_has_its_distance_uncut() -> None:
    async with session() as app:
        await app.press("3")
        view = app.engine.changes()
        row = replace(view.rows[0], market_cap_usd=14.7112e12, cut_cap_usd=1e12)
        table(app).show([Group([row])])
        await app.settled()
        assert "+1,371%" in app.lines[5].split()  # 14.7112 / 1 - 1 = 1371.12 %


async def test_a_turnover_of_many_times_the_index_still_has_room() -> None:
    async with session() as app:
        await app.press("3")
        view = app.engine.changes()
        app.app.active.answered(replace(view, rows=view.rows * 11, turnover=19.044))
        await app.settled()
        assert app.lines[2].startswith(" Daily 2021-01-29 → 2022-03-24  ▲ 1,100 in  ▼ 1,100 out")
        assert app.lines[2].endswith("turnover 1,904% in all")


async def test_the_first_session_has_no_changes_and_says_where_there_are_some() -> None:
    async with session() as app:
        await app.press("3", "<")
        assert "No changes up to here. > goes to the latest session" in app.text


async def test_the_date_that_is_compared_with_is_taken_again() -> None:
    async with session() as app:
        await app.press("3", "d")
        await app.type("2021-08")
        await app.press("enter")
        state = json.loads(json.dumps(app.app.active.state()))
        await app.press("escape")
        assert "Day by day" in app.lines[2]
        app.app.active.restore(state)
        await app.settled()
        assert "Compared 2021-08-31 → 2022-03-24" in app.lines[2]


async def test_a_remembered_date_before_the_index_is_forgotten() -> None:
    async with session() as app:
        await app.press("3")
        app.app.active.restore({"other": "1999-01-04"})
        await app.settled()
        assert "Day by day" in app.lines[2]
        assert app.app.active.state()["other"] == ""


async def test_a_pin_is_marked_in_the_list_of_changes() -> None:
    async with session() as app:
        await app.press("3")
        ticker = app.app.active.company
        await app.press("space")
        assert f"{ticker}•" in app.lines[5]
        await app.press("space")
        assert f"{ticker}•" not in app.text


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("change=in", "added"), ("change=added", "added"), ("change=out", "removed"), ("!change=in", "removed")],
)
async def test_changes_are_filtered_by_what_is_shown_and_by_what_is_meant(typed: str, kind: str) -> None:
    async with session() as app:
        await app.press("3", "/")
        await app.type(typed)
        await app.press("enter")
        screen = app.app.active
        assert isinstance(screen, Changes)
        assert {row.kind for row in screen.table.rows} == {kind}


@pytest.mark.parametrize("typed", ["rank<=100", "rank_after<=100", '"Rank"<=100'])
async def test_the_rank_of_a_change_is_the_one_after_it(typed: str) -> None:
    async with session() as app:
        await app.press("3", "/")
        await app.type(typed)
        screen = app.app.active
        assert isinstance(screen, Changes)
        assert screen.table.rows
        assert all(row.rank_after is not None and row.rank_after <= 100 for row in screen.table.rows)


async def test_two_distances_to_the_cut_are_told_apart_as_they_are_printed() -> None:
    async with session() as app:
        await app.press("3", "/")
        await app.type('"To cut $">-9t tocut>-99')
        screen = app.app.active
        assert isinstance(screen, Changes)
        assert "could be" not in app.text
        assert screen.table.rows
