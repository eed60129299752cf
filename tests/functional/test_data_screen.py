"""Data: findings, what is stored, and decisions that build the index again."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.decisions import DECISIONS
from engine.errors import DataError, StoreLocked
from engine.views.quality import Decision
from tests.functional.fake_analysis import ENDED, QUARANTINED
from tests.functional.fake_engine import FakeEngine, performance_view
from tests.functional.harness import Session, session
from tuiapp.screens import deciding
from tuiapp.screens.data import Data
from tuiapp.screens.explain import Explain

ACCEPTED = Decision("accept-cap", "ILMN", date(2021, 9, 2))


def screen(app: Session) -> Data:
    active = app.app.active
    assert isinstance(active, Data)
    return active


def asked(app: Session, *topics: str) -> list[tuple[object, ...]]:
    return [question for question in app.engine.asked if question[0] in topics]


def said(app: Session) -> str:
    """The message of the status line, however many lines it takes."""
    return app.app._status.text


# -- findings


async def test_findings_are_listed_with_the_most_severe_first() -> None:
    async with session() as app:
        await app.press("7")
        assert "13 findings:  1 high  3 medium  9 low" in app.lines[3]
        assert app.lines[5].split()[:5] == ["high", "quarantined-cap", "ILMN", "2021-09-02", "20"]


async def test_findings_are_filtered_and_sorted_like_every_table() -> None:
    async with session() as app:
        await app.press("7", "/")
        await app.type("dividend")
        assert [row.ticker for row in screen(app).table.rows] == ["FB"]
        await app.press("escape", "h", "h", "s", "S")
        assert app.lines[5].split()[0] == "low"


async def test_a_wide_screen_says_what_a_finding_did_to_the_index() -> None:
    async with session(size=(120, 40)) as app:
        await app.press("7")
        assert "kept it out of" in app.row("ILMN")


async def test_the_list_shortens_large_amounts_that_the_page_has_in_full() -> None:
    async with session(size=(200, 40)) as app:
        await app.press("7")
        assert "2.06 times the carried cap: 142.3B USD given" in app.row("ILMN")
        await app.press("enter")
        assert "142,300,000,000 USD" in app.text


async def test_a_page_says_everything_about_a_finding() -> None:
    async with session() as app:
        await app.press("7", "enter")
        page = " ".join(app.text.split())
        assert "quarantined-cap ILMN high severity" in page
        assert "outside of the plausibility band" in page
        assert QUARANTINED.detail in page
        assert "2021-09-02 to 2021-09-30, 20 in all" in page
        assert QUARANTINED.effect in page
        assert "accept the given cap if it is right" in page
        assert DECISIONS["accept-cap"].text in page
        assert app.footer.startswith(" v accept the market cap given  i explain  Esc close")
        await app.press("escape")
        assert "13 findings" in app.lines[3]


async def test_a_key_on_the_page_decides() -> None:
    async with session() as app:
        await app.press("7", "enter", "v")
        assert "accept the cap of ILMN given for 2021-09-02? y:" in app.status
        await app.press("y", "enter")
        assert asked(app, "decide") == [("decide", ACCEPTED)]


async def test_the_page_of_refused_rows_names_their_file() -> None:
    async with session() as app:
        await app.press("7", "/")
        await app.type("refused")
        await app.press("enter", "enter")
        page = " ".join(app.text.split())
        assert "17 rows" in page
        assert "from prices.csv" in page


async def test_details_are_neither_markup_nor_escape_codes() -> None:
    async with session(size=(120, 40)) as app:
        await app.press("7")
        assert "without a split [/b]" in app.text
        await app.press("/")
        await app.type("jump")
        await app.press("enter", "enter")
        assert "without a split [/b]" in " ".join(app.text.split())
        assert "\x1b" not in app.text


async def test_without_findings_it_says_what_to_do_next() -> None:
    engine = FakeEngine(performance_view())
    engine.findings = ()
    async with session(engine) as app:
        await app.press("7")
        assert "Nothing was found in the data" in app.lines[3]
        assert "explain" not in app.footer
        assert "c shows what is stored" in app.text


async def test_the_number_behind_a_finding_can_be_asked_about() -> None:
    async with session() as app:
        await app.press("7")
        ((_, subject),) = screen(app).subjects()
        assert (subject.view, subject.key, subject.ticker) == ("composition", "market_cap_usd", "ILMN")
        assert subject.session == date(2021, 9, 30)
        await app.press("j")
        assert not screen(app).subjects()


async def test_while_it_is_loading_it_does_not_say_that_nothing_was_found_and_explains_when_it_is_there() -> None:
    async with session() as app:
        app.engine.gate.clear()
        await app.pilot.press("7", "i")
        await app.pilot.pause()
        assert "Nothing was found" not in app.text
        assert "There is no number" not in app.text
        app.engine.gate.set()
        await app.settled()
        assert isinstance(app.app.screen, Explain)
        await app.press("escape")
        assert "13 findings" in app.lines[3]


async def test_the_footer_offers_only_what_the_view_can_do() -> None:
    async with session(size=(160, 24)) as app:
        await app.press("7")
        assert "v accept" in app.footer
        assert "i explain" in app.footer
        for _ in range(2):
            await app.press("c")
            assert "v accept" not in app.footer
            assert "i explain" not in app.footer
        assert "Nothing has been decided. n adds a rename, o an issuer" in app.text


async def test_the_footer_offers_a_decision_only_where_the_finding_is_about_it() -> None:
    async with session(size=(160, 24)) as app:
        await app.press("7")
        assert "v accept" in app.footer
        assert "f final price" not in app.footer
        await app.press("j")
        assert "v accept" not in app.footer
        assert "f final price" in app.footer
        await app.press("j")
        assert "v accept" not in app.footer
        assert "f final price" not in app.footer
        assert "n rename" in app.footer
        await app.press("v")
        assert "v works on findings about a cap" in said(app)


async def test_without_a_decision_the_footer_does_not_offer_to_withdraw_one() -> None:
    async with session(size=(160, 24)) as app:
        await app.press("7", "c", "c")
        assert "w withdraw" not in app.footer
    engine = FakeEngine(performance_view())
    engine.decisions = (ACCEPTED,)
    async with session(engine, size=(160, 24)) as app:
        await app.press("7", "c", "c")
        assert "w withdraw" in app.footer


# -- what is stored


async def test_stored_data_and_their_sources_are_counted() -> None:
    async with session() as app:
        await app.press("7", "c")
        assert "48.3 MB" in app.lines[3]
        assert "2,215,320" in app.row("prices")
        assert "2022-03-25 06:30" in next(line for line in app.lines if line.startswith(" import"))


async def test_the_as_of_session_asks_for_no_data_again() -> None:
    async with session() as app:
        await app.press("7", "[", "[", "]")
        assert len(asked(app, "coverage")) == 1
        assert "◂1" in app.header


async def test_it_works_before_the_first_build() -> None:
    async with session(FakeEngine(stored=True)) as app:
        await app.press("7")
        assert "13 findings" in app.lines[3]
        await app.press("c")
        assert "no index has been built yet: r builds it" in app.lines[3]
        await app.press("r")
        assert "index from 2021-01-29 to 2022-03-24" in app.lines[3]


async def test_a_decision_before_the_first_build_is_kept_for_it() -> None:
    async with session(FakeEngine(stored=True)) as app:
        await app.press("7", "v", "y", "enter")
        assert app.engine.decisions == (ACCEPTED,)
        assert not asked(app, "build")
        assert "Decided accept-cap of ILMN." in said(app)
        await app.press("c", "c")
        assert "the cap given for ILMN is right" in app.text


# -- deciding


async def test_a_decision_builds_the_index_again_and_everything_follows() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        await app.press("2", "7")
        engine.built = performance_view(310)
        engine.findings = engine.findings[1:]
        await app.press("v", "y", "enter")
        assert asked(app, "decide", "build") == [("decide", ACCEPTED), ("build", False)]
        assert "Decided accept-cap of ILMN. The index was built again from 2021-01-29." in said(app)
        assert "12 findings" in app.lines[3]
        assert "as of Thu 2022-04-07" in app.header
        await app.press("2")
        assert engine.asked[-1] == ("composition", date(2022, 4, 7))


@pytest.mark.parametrize("answer", [["enter"], ["n", "enter"], ["escape"]])
async def test_without_a_yes_nothing_is_decided(answer: list[str]) -> None:
    async with session() as app:
        await app.press("7", "v", *answer)
        assert not asked(app, "decide")


async def test_a_final_price_without_a_date_is_of_the_date_that_was_offered() -> None:
    async with session() as app:
        await app.press("7", "j", "f")
        assert "TWTR final date and price: 2022-01-07" in app.status
        await app.type("0")
        await app.press("enter")
        assert asked(app, "decide") == [("decide", Decision("final-price", ENDED.ticker, date(2022, 1, 7), 0.0))]


async def test_a_date_that_is_typed_takes_the_place_of_the_one_that_was_offered() -> None:
    async with session() as app:
        await app.press("7", "j", "f")
        assert "ctrl+u clear" in app.footer
        await app.type("2022-01-06 0")
        assert app.status.endswith("final date and price: 2022-01-06 0")
        await app.press("enter")
        assert asked(app, "decide") == [("decide", Decision("final-price", ENDED.ticker, date(2022, 1, 6), 0.0))]


async def test_end_keeps_what_was_offered() -> None:
    async with session() as app:
        await app.press("7", "j", "f", "end")
        await app.type("12")
        assert app.status.endswith("2022-01-07 12")
        await app.press("ctrl+u")
        assert app.status.endswith("price:")


async def test_a_new_ticker_alone_renames_the_one_of_the_finding() -> None:
    async with session() as app:
        await app.press("7", "j", "j", "n")
        assert "2022-01-20 FB" in app.status
        await app.type("meta")
        await app.press("enter")
        assert asked(app, "decide") == [("decide", Decision("rename", "FB", date(2022, 1, 20), text="META"))]


async def test_an_issuer_may_have_blanks_in_its_name() -> None:
    async with session() as app:
        await app.press("7", "c", "o")
        await app.type("goog Alphabet Inc.")
        await app.press("enter")
        assert asked(app, "decide") == [("decide", Decision("issuer", "GOOG", text="Alphabet Inc."))]


async def test_a_refused_decision_says_why_and_loses_nothing_that_was_typed() -> None:
    async with session() as app:
        app.engine.decision_failure = DataError(
            "TWTR has no price near 2022-01-07.", hint="between 2021-12-30 and 2022-01-06"
        )
        await app.press("7", "j", "f", "end")
        await app.type("53.70")
        await app.press("enter")
        assert "TWTR has no price near 2022-01-07. Next: between 2021-12-30 and 2022-01-06" in said(app)
        assert not asked(app, "build")
        await app.press("f")
        assert "2022-01-07 53.70" in app.status


async def test_what_is_not_understood_says_how_to_type_it_and_stays() -> None:
    async with session() as app:
        await app.press("7", "j", "f", "end")
        await app.type("cheap")
        await app.press("enter")
        assert "is no price" in said(app)
        await app.press("f")
        assert "2022-01-07 cheap" in app.status


async def test_a_build_that_fails_after_a_decision_says_that_it_was_decided() -> None:
    engine = FakeEngine(performance_view())
    async with session(engine) as app:
        await app.press("7")
        engine.build_failure = StoreLocked("The store is locked.")
        await app.press("v", "y", "enter")
        assert "Decided accept-cap of ILMN. Building failed: The store is locked." in said(app)
        assert "1,366.16" in app.header


async def test_a_decision_that_was_made_already_builds_nothing() -> None:
    engine = FakeEngine(performance_view())
    engine.decisions = (ACCEPTED,)
    async with session(engine) as app:
        await app.press("7", "v", "y", "enter")
        assert asked(app, "decide")
        assert not asked(app, "build")


@pytest.mark.parametrize(("key", "row"), [("v", 1), ("f", 0), ("w", 0)])
async def test_a_key_that_does_not_fit_the_row_says_where_it_does(key: str, row: int) -> None:
    async with session() as app:
        await app.press("7", *["j"] * row, key)
        assert said(app).startswith(f"{key} ")
        assert not asked(app, "decide", "withdraw")


async def test_a_decision_is_taken_back_after_a_question() -> None:
    engine = FakeEngine(performance_view())
    engine.decisions = (ACCEPTED,)
    async with session(engine) as app:
        await app.press("7", "c", "c")
        assert "the cap given for ILMN is right" in app.row("ILMN")
        await app.press("w")
        assert "withdraw accept-cap ILMN 2021-09-02? y:" in app.status
        await app.press("enter")
        assert not asked(app, "withdraw")
        await app.press("w", "y", "enter")
        assert asked(app, "withdraw", "build") == [("withdraw", ACCEPTED), ("build", False)]
        assert "Nothing has been decided" in app.text


# -- what was typed


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("final-price", "2022-01-07"),
        ("final-price", "2022-01-07 53.70 USD"),
        ("final-price", "2022-02-30 1"),
        ("rename", "2022-06-09 FB"),
        ("rename", "FB META"),
        ("rename", "2022 FB META"),
        ("issuer", "GOOG"),
        ("issuer", "GOOG   "),
    ],
)
def test_half_of_a_decision_is_no_decision(kind: str, typed: str) -> None:
    with pytest.raises(deciding.NotUnderstood):
        deciding.understood(kind, typed, ENDED)


@pytest.mark.parametrize("typed", ["2022-06-09 FB META", "FB META 2022-06-09", "fb 2022-06-09 meta"])
def test_a_rename_may_have_its_date_anywhere(typed: str) -> None:
    assert deciding.understood("rename", typed, None) == Decision("rename", "FB", date(2022, 6, 9), text="META")


def test_tickers_are_written_as_the_store_has_them() -> None:
    assert deciding.understood("rename", "2022-06-09 brk.b brk/c", None) == Decision(
        "rename", "BRK-B", date(2022, 6, 9), text="BRK-C"
    )


@pytest.mark.parametrize(("typed", "price"), [("2022-01-07 1,234.5", 1234.5), ("0.001 2022-01-07", 0.001)])
def test_a_final_price_may_have_separators_and_stand_first(typed: str, price: float) -> None:
    assert deciding.understood("final-price", typed, ENDED) == Decision("final-price", "TWTR", date(2022, 1, 7), price)
