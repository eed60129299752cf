from __future__ import annotations

from datetime import date

import pytest

from tests.functional.fake_engine import FakeEngine, company, performance_view
from tests.functional.harness import Session, session
from tuiapp import keys
from tuiapp.screens import SCREENS
from tuiapp.screens.composition import Composition
from tuiapp.screens.palette import Palette
from tuiapp.screens.stock import Stock

TENTH = company(9)[0]


def entries(app: Session) -> list[str]:
    """What the palette lists."""
    return [line.strip() for line in app.lines[2:-1] if line.strip()]


async def test_both_keys_open_the_palette_and_esc_closes_it() -> None:
    async with session() as app:
        before = app.text
        for key in (":", "ctrl+p"):
            await app.press(key)
            assert isinstance(app.app.screen, Palette)
            assert app.lines[0].startswith(" >")
            await app.press("escape")
            assert app.text == before


async def test_what_is_typed_ahead_is_text_of_the_palette() -> None:
    async with session() as app:
        await app.pilot.press(*":quit")
        await app.settled()
        assert app.app.is_running
        assert app.lines[0].strip() == "> quit"
        assert entries(app)[0].split()[:2] == ["command", "quit"]


async def test_a_command_is_done() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("view")
        await app.press("enter")
        assert app.app.screen is app.app.screen_stack[0]
        assert "Drawdown" in app.text
        assert app.app.active.state()["pane"] == "drawdown"


async def test_keys_behind_enter_are_obeyed_where_it_leads() -> None:
    async with session() as app:
        await app.pilot.press(*":composition", "enter", "down", "down")
        await app.settled()
        assert app.app.spec.id == "composition"
        assert "row 3 of" in app.text


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.id)
async def test_every_view_of_every_screen_can_be_gone_to(spec: object) -> None:
    async with session() as app:
        for name, title in spec.panes:  # type: ignore[attr-defined]
            await app.press(":")
            await app.type(f"{spec.title}: {title}")  # type: ignore[attr-defined]
            await app.press("enter")
            assert (app.app.spec, app.app.active.state()["pane"]) == (spec, name)


async def test_a_range_is_taken_and_shown_on_the_screen_that_has_ranges() -> None:
    async with session() as app:
        await app.press("3", ":")
        await app.type("3M")
        assert entries(app)[0].split()[:3] == ["range", "range", "3M"]
        await app.press("enter")
        assert app.app.spec.id == "performance"
        assert app.app.active.period == "3M"  # type: ignore[attr-defined]


async def test_a_word_that_begins_several_commands_is_the_shortest_first() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("exp")
        assert [entry.split()[1] for entry in entries(app)[:2]] == ["export", "explain"]


async def test_a_table_is_sorted_by_two_words() -> None:
    async with session() as app:
        await app.press("2", ":")
        await app.type("sort cap")
        await app.press("enter")
        assert app.app.active.table.state()["sort"] == "cap"  # type: ignore[attr-defined]


async def test_contributions_take_the_range_themselves() -> None:
    async with session() as app:
        await app.press("2", "c", ":")
        await app.type("range ytd")
        await app.press("enter")
        assert isinstance(app.app.active, Composition)
        assert app.app.active.period == "YTD"


async def test_a_table_is_sorted_and_the_second_time_reversed() -> None:
    async with session() as app:
        await app.press("2")
        for down in (True, False):
            await app.press(":")
            await app.type("sort by cap")
            await app.press("enter")
            state = app.app.active.table.state()  # type: ignore[attr-defined]
            assert (state["sort"], state["down"]) == ("cap", down)


async def test_where_there_is_no_table_nothing_is_offered_to_sort_by() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("sort by")
        assert not [line for line in entries(app) if line.startswith("sort")]


async def test_a_company_leads_to_its_page_by_ticker_and_by_name() -> None:
    ticker, name, _ = company(9)
    for typed in (ticker.lower(), f"{ticker} "):
        async with session() as app:
            await app.press(":")
            await app.type(typed)
            assert entries(app)[0].split()[:2] == ["company", ticker]
            assert name in entries(app)[0]
            await app.press("enter")
            assert isinstance(app.app.screen, Stock)
            assert app.lines[0].split()[0] == ticker
            await app.press("escape")
            assert app.app.spec.id == "performance"


async def test_a_ticker_that_is_typed_leads_to_its_row_too() -> None:
    async with session() as app:
        await app.press(":")
        await app.type(TENTH.lower())
        assert entries(app)[1].split()[:2] == ["row", TENTH]
        await app.press("down", "enter")
        assert app.app.spec.id == "composition"
        assert app.app.active.company == TENTH
        assert "row 10 of" in app.text


async def test_a_filter_that_hides_the_company_is_taken_back() -> None:
    async with session() as app:
        await app.press("2", "/")
        await app.type("evil")
        await app.press("enter", ":")
        await app.type(TENTH)
        await app.press("down", "enter")
        assert app.app.active.company == TENTH


async def test_pinned_companies_come_before_the_others() -> None:
    async with session() as app:
        app.app.market.pins.toggle(TENTH)
        await app.press(":")
        await app.type(TENTH[0])
        first = next(line for line in entries(app) if line.startswith(("pinned", "company")))
        assert first.split()[:2] == ["pinned", TENTH]


async def test_a_date_is_gone_to_whole_in_part_and_as_a_distance() -> None:
    view = performance_view()
    for typed, day in (
        (view.sessions[100].isoformat(), view.sessions[100]),
        ("first", view.sessions[0]),
        ("-1m", max(each for each in view.sessions if each <= date(2022, 2, 24))),
    ):
        async with session(FakeEngine(view)) as app:
            assert app.app.market.session == date(2022, 3, 24)
            await app.press(":")
            await app.type(typed)
            assert entries(app)[0].startswith("date")
            assert day.isoformat() in entries(app)[0]
            await app.press("enter")
            assert app.app.market.session == day


async def test_a_theme_is_chosen() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("light")
        await app.press("enter")
        assert app.app.theme == "light"


async def test_what_nothing_answers_to_is_said_with_what_can_be_typed() -> None:
    async with session(size=(60, 18)) as app:
        await app.press(":")
        await app.type("qqqqq")
        assert "Nothing answers to “qqqqq”" in app.text
        assert "2024-03-15" in app.text
        await app.press("enter")
        assert isinstance(app.app.screen, Palette)


async def test_text_is_taken_back_by_character_word_and_whole() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("sort by cap")
        for key, left in (("backspace", "sort by ca"), ("ctrl+w", "sort by"), ("ctrl+u", "")):
            await app.press(key)
            assert app.lines[0].strip() == f"> {left}".strip()


async def test_tab_types_the_entry_at_the_cursor() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("3m")
        await app.press("tab")
        assert app.lines[0].strip() == "> range 3M"


async def test_the_cursor_stays_on_its_entry_and_in_view() -> None:
    async with session() as app:
        await app.press(":", *["down"] * 3)
        fourth = entries(app)[3]
        assert app.app.screen._found.choice.at == 3  # type: ignore[attr-defined]
        await app.press(*["pagedown"] * 30)
        assert fourth not in app.text
        await app.press(*["pageup"] * 30)
        assert fourth in app.text


async def test_pasted_text_is_typed() -> None:
    from textual.events import Paste

    async with session() as app:
        await app.press(":")
        app.app.screen.post_message(Paste("export\nrm -rf"))
        await app.settled()
        assert app.lines[0].strip() == "> export"


async def test_without_an_index_companies_dates_and_ranges_are_not_offered() -> None:
    async with session(FakeEngine(stored=False)) as app:
        await app.press(":")
        kinds = {line.split()[0] for line in entries(app)}
        assert kinds == {"screen", "command"}
        await app.type("2024")
        assert "Nothing answers" in app.text


async def test_names_of_companies_are_no_markup() -> None:
    async with session() as app:
        await app.press(":")
        await app.type("EVIL")
        assert "Foo [/b] [@click=app.quit]Inc[31m" in app.text


async def test_keys_of_a_keymap_are_shown() -> None:
    keys.put_in_force({"app.export": ("ctrl+e",)})
    try:
        async with session() as app:
            await app.press(":")
            await app.type("export")
            assert entries(app)[0].endswith("ctrl+e")
    finally:
        keys.put_in_force({})
