"""The page of a company: where it stands, how it came there, and that it follows the as-of session."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.errors import StoreLocked
from engine.views.quality import Decision
from engine.views.types import StockView
from tests.functional.fake_engine import FakeEngine, company, performance_view
from tests.functional.harness import Session, session
from tuiapp import format as text
from tuiapp.messages import ShowName
from tuiapp.screens.explain import Explain
from tuiapp.screens.stock import Stock
from tuiapp.themes import Terminal


async def open_page(app: Session, ticker: str) -> None:
    app.app.post_message(ShowName(ticker))
    await app.settled()
    assert isinstance(app.app.screen, Stock)


def fact(app: Session, label: str) -> str:
    """What stands behind a label of the facts."""
    line = next(line for line in app.lines[3:9] if f" {label} " in f" {line}")
    return line.split(label, 1)[1].split()[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 18)], ids=lambda size: "x".join(map(str, size)))
async def test_enter_on_a_member_shows_what_the_ranking_says_of_it(size: tuple[int, int]) -> None:
    async with session(size=size) as app:
        await app.press("2", "j", "enter")
        row = app.engine.composition(app.app.market.session).rows[1]
        assert app.lines[0].split()[0] == row.ticker
        assert fact(app, "Rank") == "2"
        assert fact(app, "Market cap") == text.cap(row.market_cap_usd)
        assert fact(app, "Close") == text.price(row.close)
        assert fact(app, "Contrib") == f"{text.basis_points(row.contribution)}bp"
        assert fact(app, "Sessions in") == text.count(row.days)
        assert fact(app, "In since") == text.iso(row.since)


async def test_enter_opens_the_page_from_contributions_and_changes_too() -> None:
    async with session() as app:
        await app.press("2", "c", "enter")
        company = app.app.active.company
        assert isinstance(app.app.screen, Stock)
        assert app.lines[0].split()[0] == company
        await app.press("escape", "3", "enter")
        assert isinstance(app.app.screen, Stock)
        assert app.lines[0].split()[0] == app.app.active.company


async def test_enter_on_a_sector_shows_its_companies() -> None:
    async with session() as app:
        await app.press("2", "c", "c")
        sector = app.lines[5].split("  ")[0].strip()
        await app.press("enter")
        rows = app.app.active.tables[1].rows  # type: ignore[attr-defined]
        assert rows
        assert {row.sector for row in rows} == {sector}


async def test_the_page_follows_the_as_of_session() -> None:
    async with session() as app:
        await app.press("2", "enter", "[", "[")
        session_then = app.app.market.history.sessions[-3]
        assert app.app.market.session == session_then
        assert f"as of {text.weekday(session_then)}" in app.lines[0]
        row = app.engine.composition(session_then).rows[0]
        assert fact(app, "Day").endswith(text.percent(row.return_pr))
        await app.press("escape")
        assert f"{session_then}" in app.header


async def test_the_chart_changes_with_a_key_and_its_range_with_two() -> None:
    async with session() as app:
        await app.press("2", "enter")
        assert "market cap in USD" in app.text
        await app.press("c")
        assert "market cap in USD" not in app.text
        await app.press("{", "{", "{", "{", "{", "{")
        one_month = app.text
        await app.press("}", "}", "}", "}", "}", "}", "}", "}")
        assert app.text != one_month
        await app.press("c", "c")
        assert "market cap in USD" in app.text


async def test_membership_is_told_as_it_was_known_then() -> None:
    async with session(size=(80, 60)) as app:
        await app.press("2", "enter")
        sessions = app.app.market.history.sessions
        spells = [line.split() for line in app.lines if " sessions" in line and "→" in line]
        assert spells == [
            [str(sessions[60]), "→", "still", "in", "240", "sessions"],
            [str(sessions[0]), "→", str(sessions[39]), "40", "sessions"],
        ]
        await app.press("escape", "a")
        await app.type(str(sessions[20]))
        await app.press("enter", "enter")
        spells = [line.split() for line in app.lines if " sessions" in line and "→" in line]
        assert spells == [[str(sessions[0]), "→", "still", "in", "21", "sessions"]]


async def test_a_pinned_company_is_marked_and_leads_its_table() -> None:
    async with session() as app:
        await app.press("2", "j", "j", "enter", "p")
        assert "• pinned" in app.lines[0]
        assert "Pinned EVIL" in app.lines[-1]
        await app.press("escape")
        assert list(app.app.market.pins) == ["EVIL"]
        assert "── pinned" in app.lines[5]
        assert "EVIL•" in app.lines[6].split()


async def test_i_explains_the_numbers_of_the_company() -> None:
    async with session() as app:
        await app.press("2", "j", "enter", "i")
        assert isinstance(app.app.screen, Explain)
        asked = [question[1] for question in app.engine.asked if question[0] == "explain"]
        assert asked[-1].ticker == app.app.active.company
        await app.press("escape")
        assert isinstance(app.app.screen, Stock)


async def test_a_company_that_is_not_ranked_says_so_and_has_nothing_to_explain() -> None:
    async with session() as app:
        await open_page(app, "GONE")
        assert "No price on 2022-03-24: the last one is of 2021-06-17." in app.text
        assert fact(app, "Last close") == "20.00"
        await app.press("i")
        assert isinstance(app.app.screen, Stock)
        assert "no number of it to explain" in app.lines[-1]
        await app.press("j")
        assert "Esc close" in app.lines[-1]


async def test_an_unknown_ticker_is_answered_with_those_that_are_like_it() -> None:
    async with session() as app:
        await open_page(app, "EVILL")
        assert "EVILL has no prices in the store." in app.text
        assert "did you mean EVIL" in app.text
        await app.press("[")
        await app.press("escape")
        assert not isinstance(app.app.screen, Stock)


async def test_findings_and_decisions_about_any_ticker_it_went_by_are_listed() -> None:
    engine = FakeEngine(performance_view())
    engine.findings = (replace(engine.findings[0], ticker="FORMER"), *engine.findings)
    engine.decisions = (Decision("issuer", "EVIL", text="Evil Holding"), Decision("issuer", "OTHER", text="Nobody"))
    async with session(engine, size=(80, 60)) as app:
        await open_page(app, "EVIL")
        assert "FORMER until 2021-03-11" in " ".join(app.lines[1:3])
        assert "high · quarantined-cap · 2021-09-02 to 2021-09-30" in app.text
        assert "issuer EVIL Evil Holding" in app.text
        assert "Nobody" not in app.text
        assert "TWTR" not in app.text


async def test_a_locked_store_is_told_in_words_with_the_next_step() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        await app.press("2")
        engine.failure = StoreLocked("Another flatcap is writing to the store.", hint="wait for it")
        await app.press("enter")
        assert "Another flatcap is writing to the store." in app.text
        assert "Next: wait for it" in app.text
        engine.failure = None
        await app.press("[", "]")
        assert "Market cap" in app.text


async def test_while_there_is_no_answer_the_page_has_its_title() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        await app.press("2")
        company = app.app.active.company
        engine.gate.clear()
        await app.pilot.press("enter")
        await app.pilot.pause()
        assert app.lines[0].strip() == company
        assert app.lines[1].strip() in ("…", "Loading …")
        await app.shown("Loading …")
        engine.gate.set()
        await app.shown("Market cap")
        assert "Loading" not in app.text


async def test_what_is_known_of_a_company_is_drawn_before_its_place_is() -> None:
    async with session(size=(80, 60)) as app:
        await app.press("2", "enter")
        page = app.app.screen._page  # type: ignore[attr-defined]
        page._standing = None
        page.draw_again()
        await app.settled()
        assert app.lines[0].split()[0] == app.app.active.company
        assert "Market cap" not in app.text
        for said in ("Cap  Close  Rank", "Membership", "Last sessions"):
            assert said in app.text


class TwoLines(FakeEngine):
    """A company of which the line SECOND has no place of its own."""

    def stock(self, ticker: str, start: date | None = None, end: date | None = None) -> StockView:
        if ticker != "SECOND":
            return super().stock(ticker, start, end)
        first = self.composition(end).rows[8].ticker
        found = super().stock(first, start, end)
        return replace(
            found, ticker="SECOND", lines=(first,), rows=tuple(replace(r, ticker="SECOND") for r in found.rows)
        )


def looked_at(app: Session) -> str:
    """The range of the chart."""
    page = app.app.screen
    assert isinstance(page, Stock)
    return page._stock._look.period


class Departed(FakeEngine):
    """The second company is gone for longer than a year."""

    def stock(self, ticker: str, start: date | None = None, end: date | None = None) -> StockView:
        found = super().stock(ticker, start, end)
        return replace(found, rows=found.rows[:20]) if ticker == company(1)[0] else found


@pytest.mark.parametrize("width", [60, 80])
async def test_a_line_without_a_place_names_the_one_that_has_it(width: int) -> None:
    async with session(TwoLines(performance_view()), size=(width, 24)) as app:
        await open_page(app, "SECOND")
        first = app.engine.composition(app.app.market.session).rows[8].ticker
        page = " ".join(app.text.split())
        assert f"{first} has the place of this company, rank 9: all lines of an issuer share one." in page
        assert "nor within ten ranks" not in page


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_what_is_drawn_is_said_in_its_unit_at_every_width(width: int) -> None:
    async with session(size=(width, 40)) as app:
        await app.press("2", "enter")
        for said in ("market cap in USD", "closes in USD, splits undone", "rank where it is a member or near the cut"):
            assert said in app.text
            await app.press("c")


async def test_a_long_line_of_what_a_company_is_breaks_and_is_not_cut() -> None:
    async with session(size=(60, 24)) as app:
        await open_page(app, "EVIL")
        said = " ".join(" ".join(app.lines[1:4]).split())
        assert "issuer Issuer & Sons · FORMER until 2021-03-11" in said


async def test_the_chart_of_a_company_that_is_gone_opens_where_there_is_something_to_see() -> None:
    async with session(Departed(performance_view())) as app:
        await open_page(app, "GONE")
        assert "closes in USD, splits undone" in app.text, "there are no market caps of it"
        assert "in these sessions" not in app.text
        await app.press("escape")
        await open_page(app, company(1)[0])
        assert looked_at(app) == "all"
        assert "market cap in USD" in app.text
        await app.press("escape")
        await open_page(app, company(0)[0])
        assert looked_at(app) == "1Y"
        assert "market cap in USD" in app.text


async def test_the_page_is_ascii_where_the_terminal_has_nothing_else() -> None:
    async with session(terminal=Terminal(unicode=False)) as app:
        await app.press("2", "enter", "p")
        assert app.text.isascii()


async def test_the_whole_page_is_copied() -> None:
    async with session() as app:
        await app.press("2", "enter")
        page = app.app.screen._page  # type: ignore[attr-defined]
        copied = page.text_of_all()
        assert copied.split()[0] == app.app.active.company
        assert "Last sessions" in copied
