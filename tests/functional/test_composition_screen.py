"""Composition: members and the cut, contributions of companies and sectors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from engine.errors import NoData
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp import format as text
from tuiapp.screens.composed import members
from tuiapp.screens.composition import Composition
from tuiapp.widgets.row_table import RowTable


def screen(app: Session) -> Composition:
    active = app.app.active
    assert isinstance(active, Composition)
    return active


def asked(app: Session) -> list[tuple[object, ...]]:
    return [question[1:] for question in app.engine.asked if question[0] == "contributions"]


# -- members


async def test_the_distance_to_the_cut_is_a_fraction_of_the_last_member_s_cap() -> None:
    async with session(size=(120, 40)) as app:
        await app.press("2")
        # A cap of 3.45T / rank ** 0.77 is (100 / rank) ** 0.77 of that of rank 100.
        assert "+3,367%" in app.lines[5].split()  # 100 ** 0.77 - 1 = 34.674 - 1
        assert "+488.84%" in app.lines[14].split()  # 10 ** 0.77 - 1 = 5.8884 - 1
        await app.press("G")
        assert "-7.08%" in app.lines[-3].split()  # (100 / 110) ** 0.77 - 1 = 0.92924 - 1


async def test_the_concentration_stands_beside_the_names_of_the_views() -> None:
    async with session() as app:
        await app.press("2")
        assert app.lines[2].endswith("effective 99.6 of 100")


async def test_a_key_goes_to_the_cut_and_back() -> None:
    async with session() as app:
        await app.press("2", "j", "j", "x")
        assert "row 100 of 110" in app.status
        assert "cut at rank 100" in app.text
        await app.press("x")
        assert "row 3 of 110" in app.status


async def test_the_cut_is_found_in_another_order_and_with_a_filter() -> None:
    async with session() as app:
        await app.press("2", "S", "x")
        assert "row 100 of 110" in app.status
        await app.press("/")
        await app.type("rail")
        await app.press("enter", "x")
        members = [row for row in screen(app).table.rows if row.since is not None]
        assert screen(app).table.current == members[-1]


async def test_the_cut_key_means_nothing_beside_the_members() -> None:
    async with session() as app:
        await app.press("2", "c")
        before = app.text
        await app.press("x")
        assert app.text == before
        assert "cut" not in app.footer


# -- contributions


async def test_the_day_is_asked_first_and_shown_in_basis_points() -> None:
    async with session() as app:
        await app.press("2", "c")
        last = app.app.market.session
        assert asked(app) == [(last, last, "PR")]
        view = app.engine.contributions(last, last)
        assert f"{1e4 * view.rows[0].contribution:+.1f}bp" in app.lines[5].split()
        assert screen(app).table.rows == list(view.rows)


async def test_the_summary_says_both_returns_and_the_gap_with_their_signs() -> None:
    async with session() as app:
        await app.press("2", "c", "}")
        last = app.app.market.session
        view = app.engine.contributions(date(2022, 2, 25), last)
        equal, by_cap = view.index_return or 0.0, view.cap_weight_return or 0.0
        assert f"Equal weight PR {text.percent(equal)}" in app.lines[3]
        assert f"cap weight {text.percent(by_cap)}" in app.lines[3]
        assert f"gap {text.percent(equal - by_cap)}" in app.lines[3]


async def test_the_parts_that_are_shown_sum_to_the_whole() -> None:
    async with session() as app:
        await app.press("2", "c", "}")
        shown = sum(round(row.contribution, 5) for row in screen(app).table.rows)
        whole = app.engine.contributions(date(2022, 2, 25), app.app.market.session).index_return
        assert shown == pytest.approx(whole, abs=100 * 0.000005)


@pytest.mark.parametrize(
    ("steps", "start"),
    [
        (1, date(2022, 2, 25)),  # 1M: from the close of 2022-02-24, a month before 2022-03-24
        (2, date(2021, 12, 27)),  # 3M: from the close of Friday 2021-12-24; the next session of this market is Monday
        (4, date(2022, 1, 3)),  # YTD: from the close of 2021-12-31
        (8, date(2021, 2, 1)),  # all: from the close of the first session, 2021-01-29
    ],
)
async def test_a_range_begins_with_the_first_session_whose_return_counts(steps: int, start: date) -> None:
    async with session() as app:
        await app.press("2", "c", *["}"] * steps)
        assert asked(app)[-1] == (start, date(2022, 3, 24), "PR")


async def test_a_range_longer_than_the_history_is_marked() -> None:
    async with session(size=(120, 24)) as app:
        await app.press("2", "c", *["}"] * 6)
        assert "(all there is)" in app.lines[3]
        await app.press("}", "}", "{", "{", "{")
        assert "(all there is)" not in app.lines[3]


async def test_a_long_range_is_shown_in_percent() -> None:
    async with session() as app:
        await app.press("2", "c", "}")
        view = app.engine.contributions(date(2022, 2, 25), app.app.market.session)
        assert f"{view.rows[0].contribution:+.3%}" in app.lines[5].split()


async def test_the_other_series_is_one_key_away() -> None:
    async with session() as app:
        await app.press("2", "c", "t")
        assert asked(app)[-1][-1] == "TR"
        assert "Equal weight TR" in app.lines[3]
        await app.press("t")
        assert "Equal weight PR" in app.lines[3]


async def test_another_range_begins_with_what_added_most() -> None:
    async with session() as app:
        await app.press("2", "c", "G")
        assert "row 100 of 100" in app.status
        await app.press("}")
        assert "row 1 of 100" in app.status


async def test_contributions_follow_the_as_of_session_and_the_members_when_they_come_back() -> None:
    async with session() as app:
        await app.press("2", "c", "[")
        assert asked(app)[-1][:2] == (date(2022, 3, 23), date(2022, 3, 23))
        await app.press("C")
        assert ("composition", date(2022, 3, 23)) in app.engine.asked


async def test_nothing_is_asked_twice_when_views_are_only_looked_at() -> None:
    async with session() as app:
        await app.press("2", "c", "c", "c", "c", "c", "c")
        questions = [question[0] for question in app.engine.asked if question[0] == "contributions"]
        assert len(questions) == 1


async def test_the_first_session_has_no_contributions() -> None:
    async with session() as app:
        await app.press("2", "<", "c")
        assert "the index begins here, and the first session has none" in app.text
        assert app.lines[3] == " Equal weight PR –  cap weight –  gap –  the first session has no return"
        assert "0.00%" not in app.text
        assert "no rows" in app.status


# -- sectors


async def test_sectors_have_bars_as_long_as_they_weigh_and_as_they_added() -> None:
    async with session() as app:
        await app.press("2", "c", "c")
        view = app.engine.contributions(app.app.market.session, app.app.market.session)
        lines = {
            one.sector: next(line for line in app.lines if line.startswith(f" {one.sector}")) for one in view.sectors
        }
        heaviest = max(view.sectors, key=lambda one: one.weight)
        strongest = max(view.sectors, key=lambda one: abs(one.contribution))
        assert " " + "▇" * 10 + " " in lines[heaviest.sector]
        for one in view.sectors:
            left, right = lines[one.sector].split("│")
            assert right.startswith("▇") is (one.contribution > 0)
            assert left.endswith("▇") is (one.contribution < 0)
        assert lines[strongest.sector].count("▇" * 6) >= 1


async def test_sectors_sum_to_the_same_whole() -> None:
    async with session() as app:
        await app.press("2", "c", "c")
        view = app.engine.contributions(app.app.market.session, app.app.market.session)
        assert sum(row.contribution for row in screen(app).table.rows) == pytest.approx(view.index_return, abs=1e-12)


# -- what all views share


async def test_escape_goes_back_to_the_members_and_then_to_the_first_screen() -> None:
    async with session() as app:
        await app.press("2", "c", "c", "escape")
        assert "Rank" in app.lines[4]
        await app.press("escape")
        assert "Price return" in app.text


async def test_the_status_line_tells_of_the_filter_of_the_view_that_is_shown() -> None:
    async with session() as app:
        await app.press("2", "c", "/")
        await app.type("rail")
        await app.press("enter")
        assert "Filter: rail" in app.status
        await app.press("c")
        assert "Filter" not in app.status
        await app.press("C")
        assert "Filter: rail" in app.status
        await app.press("[")
        assert "Filter: rail" in app.status
        await app.press("3")
        assert "Filter" not in app.status
        await app.press("2", "escape")
        assert "Filter" not in app.status
        assert screen(app).place == 1


async def test_a_filter_that_is_cancelled_leaves_the_view_where_it_was() -> None:
    async with session() as app:
        await app.press("2", "c", "/", "escape")
        assert screen(app).place == 1


async def test_a_message_does_not_outlive_its_view() -> None:
    async with session() as app:
        await app.press("2", "<", "c", "i")
        assert "no number at the cursor" in app.status
        await app.press("c")
        assert "no number" not in app.status


async def test_each_view_has_a_filter_of_its_own() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("rail")
        await app.press("enter", "c")
        assert len(screen(app).table.rows) == 100
        await app.press("C")
        assert {row.name.split()[-1] for row in screen(app).table.rows} == {"Rail"}


async def test_contributions_that_are_refused_leave_the_members_a_key_away() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        await app.press("2")
        engine.failure = NoData("The index was built by an older flatcap.", hint="build it again: flatcap build")
        await app.press("c")
        assert "The index was built by an older flatcap." in app.text
        engine.failure = None
        await app.press("c", "c")
        assert "Rank" in app.lines[4]


async def test_names_of_companies_are_no_escape_codes_in_contributions() -> None:
    async with session() as app:
        await app.press("2", "c", "/")
        await app.type("evil")
        assert "Foo [/b]" in app.text
        assert "\x1b" not in app.text


@pytest.mark.parametrize(
    ("keys", "view", "key", "period"),
    [
        ([], "composition", "market_cap_usd", ""),
        (["c"], "contributions", "contribution", "custom"),
        (["c", "}"], "contributions", "contribution", "1M"),
        (["c", "c", "}"], "sectors", "contribution", "1M"),
    ],
)
async def test_the_numbers_of_a_row_can_be_asked_about(keys: list[str], view: str, key: str, period: str) -> None:
    async with session() as app:
        await app.press("2", *keys)
        label, subject = screen(app).subjects()[0]
        assert (subject.view, subject.key, subject.period) == (view, key, period)
        assert subject.session == app.app.market.session
        assert label.startswith(subject.ticker)
        assert subject.start == (app.app.market.session if period == "custom" else None)


async def test_every_number_of_a_row_that_can_be_explained_is_offered() -> None:
    from engine.views.explain.catalog import explainable

    async with session() as app:
        await app.press("2", "j")
        row = screen(app).table.rows[1]
        offered = {subject.key: subject for _, subject in screen(app).subjects()}
        assert set(offered) == {field.key for field in explainable("composition")}
        assert offered["rank"].ticker == row.ticker
        assert offered["effective"].ticker == ""


async def test_a_sector_is_explained_by_its_own_numbers_and_then_by_its_companies() -> None:
    from engine.views.explain.catalog import explainable

    async with session() as app:
        await app.press("2", "c", "c")
        sector = screen(app).table.rows[0]
        view = app.engine.contributions(app.app.market.session, app.app.market.session)
        members = {row.ticker for row in view.rows if row.sector == sector.sector}
        subjects = [subject for _, subject in screen(app).subjects()]
        own = len(explainable("sectors"))
        assert {(s.view, s.ticker) for s in subjects[:own]} == {("sectors", sector.sector)}
        assert subjects[own:]
        assert {(s.view, s.ticker) for s in subjects[own:]} <= {("contributions", ticker) for ticker in members}


def test_a_table_without_rows_says_why() -> None:
    table: RowTable[int] = RowTable((), lambda row: row, str)
    table.say_when_empty("Nothing here")
    assert table.parts_at(1) == [("  …", "muted")]
    table.show([])
    assert table.parts_at(1) == [("  Nothing here", "muted")]


async def test_a_company_without_a_sector_is_found_under_unknown() -> None:
    from tuiapp.screens.composed.subjects import of_sector

    view = FakeEngine(performance_view()).contributions(date(2022, 3, 24), date(2022, 3, 24))
    nameless = replace(view, rows=(replace(view.rows[0], sector=""), *view.rows[1:]))
    found = of_sector("Unknown", nameless, "1M", None)
    assert [s.ticker for _, s in found if s.view == "contributions"] == [view.rows[0].ticker]


# -- pins, and what is remembered


async def test_a_pinned_company_stands_above_all_others_and_goes_back_when_it_is_unpinned() -> None:
    async with session() as app:
        await app.press("2", "j", "j", "space")
        assert list(app.app.market.pins) == ["EVIL"]
        assert app.lines[5].startswith("── pinned")
        assert "EVIL" in app.lines[6]
        assert app.lines[7].startswith("── members")
        assert screen(app).company == "EVIL"
        await app.press("space")
        assert "pinned" not in app.text.replace("Unpinned", "")
        assert "row 3 of 110" in app.status


async def test_pinned_companies_below_the_cut_stay_together_with_pinned_members() -> None:
    view = FakeEngine(performance_view()).composition()
    pins = (view.outside[0].ticker, view.rows[1].ticker, "NOBODY")
    # The companies of the tests come again with the same ticker: a pin holds for all of them.
    own = [row for row in (*view.rows, *view.outside) if row.ticker in pins]
    found = members.groups(view, pins)
    assert [row for group in found if group.divider != "members" for row in group.rows][: len(own)] == own
    assert found[0].divider == "pinned · not here: NOBODY"
    assert {row.ticker for group in found[-2:] for row in group.rows}.isdisjoint(pins)
    assert sum(len(group.rows) for group in found) == 110


async def test_without_a_pin_that_is_ranked_nothing_is_said_of_pins() -> None:
    view = FakeEngine(performance_view()).composition()
    assert members.groups(view, ("NOBODY",)) == members.groups(view)


async def test_contributions_have_the_pinned_ones_first_too() -> None:
    async with session() as app:
        await app.press("2", "c", "j", "space")
        assert app.lines[5].startswith("── pinned")
        assert app.app.active.company in app.lines[6]


async def test_view_range_and_series_are_taken_again() -> None:
    async with session() as app:
        await app.press("2", "c", "}", "}", "t")
        state = json.loads(json.dumps(screen(app).state()))
        await app.press("{", "t", "c")
        screen(app).restore(state)
        await app.settled()
        assert screen(app).state() == state
        assert asked(app)[-1] == (date(2021, 12, 27), date(2022, 3, 24), "TR")


@pytest.mark.parametrize("state", [{}, {"period": "2Y", "series": 7, "pane": []}, {"period": ["1Y"], "tables": "?"}])
async def test_what_makes_no_sense_is_passed_over(state: dict[str, object]) -> None:
    async with session() as app:
        await app.press("2", "c", "}")
        before = screen(app).state()
        screen(app).restore(state)
        await app.settled()
        assert screen(app).state() == before


async def test_a_sector_opens_its_companies_and_no_others() -> None:
    engine = FakeEngine(performance_view())
    asked = engine.contributions
    day = engine.performance().sessions[-1]
    first, second, third, *rest = asked(day, day).rows
    rows = (
        replace(first, sector="Technology"),
        replace(second, sector="Information Technology"),
        replace(third, sector=""),
        *(replace(row, sector="Energy") for row in rest),
    )
    sectors = asked(day, day).sectors
    named = tuple(
        replace(sectors[0], sector=name) for name in ("Technology", "Information Technology", "Unknown", "Energy")
    )
    engine.contributions = lambda *args, **kwargs: replace(asked(*args, **kwargs), rows=rows, sectors=named)  # type: ignore[method-assign]
    for steps, expected in enumerate(("Technology", "Information Technology", "")):
        async with session(engine) as app:
            await app.press("2", "c", "c", *["j"] * steps, "enter")
            assert {row.sector for row in screen(app).table.rows} == {expected}
