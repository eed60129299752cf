from __future__ import annotations

import pytest

from tests.functional.harness import Session, session
from tuiapp import keys
from tuiapp.screens.help import Help

PAGES = {
    "explanation": ("1", "i"),
    "company": ("2", "enter"),
    "events": ("@",),
    "diagnostics": ("f12",),
    "finding": ("7", "enter"),
}


async def read(app: Session) -> str:
    """The whole text of the help that is open."""
    assert isinstance(app.app.screen, Help)
    return app.app.screen._page.text_of_all()


@pytest.mark.parametrize("page", PAGES)
async def test_help_of_a_page_names_its_keys_and_leads_back_to_it(page: str) -> None:
    async with session() as app:
        await app.press(*PAGES[page])
        below = app.app.screen
        before = app.text
        for closing in ("?", "escape", "q"):
            await app.press("?")
            shown = await read(app)
            for key in keys.in_scopes(*below.SCOPES, keys.PAGE):  # type: ignore[attr-defined]
                assert key.shown in shown
            await app.press(closing)
            assert app.app.screen is below
            assert app.text == before


async def test_help_of_the_palette_says_what_can_be_typed() -> None:
    async with session() as app:
        await app.press(":", "f1")
        assert "2024-03-15" in await read(app)
        await app.press("f1")
        await app.type("x")
        assert app.lines[0].strip() == "> x"


@pytest.mark.parametrize("screen", ["1", "2", "3", "7"])
async def test_no_text_of_the_help_is_cut_at_60_columns(screen: str) -> None:
    async with session(size=(60, 18)) as app:
        await app.press(screen, "?")
        shown = await read(app)
        assert max(map(len, shown.splitlines())) <= 60
        words = " ".join(shown.split())
        for key in keys.in_scopes(*app.app.active.scopes, keys.EVERYWHERE):
            assert " ".join(key.text.split()) in words


async def test_the_keys_of_what_has_the_focus_come_first() -> None:
    async with session() as app:
        for screen, title in (("1", "In the chart"), ("2", "In the table")):
            await app.press(screen, "?")
            heads = [line.strip() for line in (await read(app)).splitlines() if line.strip() in TITLES]
            assert heads[0] == title
            assert heads[-1] == "Everywhere"
            await app.press("escape")


TITLES = ("In the chart", "In the table", "On this screen", "In this view", "Everywhere")


async def test_help_in_a_table_says_what_its_filter_understands() -> None:
    async with session() as app:
        await app.press("2", "?")
        shown = await read(app)
        assert "In its filter, behind /" in shown
        assert "ret<-3" in shown


async def test_every_example_of_a_filter_is_one() -> None:
    from tuiapp.pins import Pins
    from tuiapp.screens.composed import members
    from tuiapp.screens.help import FILTER
    from tuiapp.widgets.filtering import Problem, parse

    columns = members.columns(None, Pins())
    for example, _ in FILTER:
        found = parse(example.replace("a=", "sector=").replace("x<", "rank<"), columns, lambda row: row.name)
        assert not isinstance(found, Problem), found.text


async def test_help_shows_the_keys_of_a_keymap() -> None:
    keys.put_in_force({"app.export": ("ctrl+e",), "app.stop": ()})
    try:
        async with session() as app:
            await app.press("?")
            lines = (await read(app)).splitlines()
            assert next(line for line in lines if "workbook" in line).split()[0] == "ctrl+e"
            assert next(line for line in lines if "stop long work" in line).strip().startswith(keys.NO_KEY)
    finally:
        keys.put_in_force({})


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("screen", ["1", "2", "3", "7"])
async def test_the_footer_never_loses_help_quit_explain_and_the_palette(screen: str, width: int) -> None:
    async with session(size=(width, 24)) as app:
        await app.press(screen)
        assert app.footer.endswith("? help  q quit")
        assert ": go" in app.footer
        if app.app.active.explains:
            assert "i explain" in app.footer
