"""Filters of tables: what a typed text means, and what it lets pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuiapp import format as text
from tuiapp.widgets.columns import Column
from tuiapp.widgets.filtering import Problem, parse


@dataclass(frozen=True)
class Row:
    ticker: str = "AAA"
    name: str = "Alpha Micro Devices"
    sector: str = "Information Technology"
    rank: int | None = 9
    cap: float | None = 812.3e9
    day: float | None = -0.0325
    added: float | None = 0.00012
    since: date | None = date(2024, 3, 15)


COLUMNS: Final[tuple[Column[Row], ...]] = (
    Column("rank", "Rank", 4, lambda r: (text.count(r.rank), ""), lambda r: r.rank, unit="number"),
    Column("ticker", "Ticker", 6, lambda r: (r.ticker, ""), lambda r: r.ticker, unit="ticker"),
    Column("name", "Company", 9, lambda r: (r.name, ""), lambda r: r.name.lower(), unit="text", value=lambda r: r.name),
    Column("sector", "Sector", 9, lambda r: (r.sector, ""), lambda r: r.sector.lower(), unit="text"),
    Column("cap", "Cap", 7, lambda r: (text.cap(r.cap), ""), lambda r: r.cap, unit="usd", aliases=("market_cap",)),
    Column(
        "day",
        "Day",
        8,
        lambda r: (f"{text.arrow(r.day)}{text.percent(r.day)}", ""),
        lambda r: r.day,
        unit="percent",
        aliases=("ret",),
    ),
    Column("added_bp", "To cut $", 6, lambda r: (text.basis_points(r.added), ""), lambda r: r.added, unit="bp"),
    Column("since", "Since", 10, lambda r: (text.iso(r.since), ""), lambda r: r.since, unit="date"),
    Column("spark", "30 sessions", 15, lambda r: ("", ""), lambda r: None),
)
EMPTY: Final = Row(sector="", rank=None, cap=None, day=None, added=None, since=None)


def searched(row: Row) -> str:
    return f"{row.ticker} {row.name} {row.sector}"


def passes(typed: str, row: Row = Row()) -> bool:
    found = parse(typed, COLUMNS, searched)
    assert not isinstance(found, Problem), found.text
    return found.passes(row)


def problem(typed: str) -> str:
    found = parse(typed, COLUMNS, searched)
    assert isinstance(found, Problem), typed
    return found.text


@pytest.mark.parametrize(
    ("typed", "passing"),
    [
        ("", True),
        ("  ", True),
        ("micro", True),
        ("MICRO dev", True),
        ("micro  dev", False),
        ("dev micro", False),
        ("!micro", False),
        ("! nothing like it", True),
        ("!", True),
        ('"alpha micro"', True),
        ('!"alpha micro"', False),
        ('"alpha', True),
    ],
)
def test_words_are_one_text_that_a_row_contains_or_must_not(typed: str, passing: bool) -> None:
    assert passes(typed) is passing


@pytest.mark.parametrize(
    ("typed", "passing"),
    [
        ("rank=9", True),
        ("rank<9", False),
        ("rank<=9", True),
        ("rank>=9", True),
        ("rank>8", True),
        ("rank!=9", False),
        ("!rank=9", False),
        ("!rank!=9", True),
        ("rank > 8", True),
        ("RANK>8", True),
        ("cap>=812.3b", True),
        ("cap<812,300,000,000", False),
        ("cap>$0.8t", True),
        ("cap=812B", True),
        ("cap=812.4b", False),
        ("cap>900000m", False),
        ("ret<-3", True),
        ("ret<-3%", True),
        ("ret<-3.25", False),
        ("ret<=-3.25", True),
        ("ret=-3.1", False),
        ("ret=-3", True),
        ("added>1bp", True),
        ("added=1.2", True),
        ("added>1.2", False),
        ("since>2024-01", True),
        ("since>2024", False),
        ("since>=2024", True),
        ("since<2024", False),
        ("since<=2024", True),
        ("since=2024", True),
        ("since=2024-3", True),
        ("since=2024-04", False),
        ("since=2024-03-15", True),
        ("since<2024-03-15", False),
        ("sector=tech", True),
        ("sector=information", True),
        ("sector=ology", False),
        ("sector~ology", True),
        ("sector!~ology", False),
        ("sector!=energy", True),
        ("name~micro", True),
        ("name>b", False),
        ("name<b", True),
        ('name="alpha micro devices"', True),
        ('name="alpha micro"', False),
        ('name~"alpha micro"', True),
        ('sector="technology"', False),
        ('sector="Information technology"', True),
        ('name=""', False),
        ("ticker=aaa", True),
        ("ticker=aa", False),
        ("ticker~aa", True),
        ("since~2024-03", True),
        ("cap~812", True),
    ],
)
def test_a_term_compares_a_column_in_the_unit_in_which_it_is_shown(typed: str, passing: bool) -> None:
    assert passes(typed) is passing


@pytest.mark.parametrize(
    ("typed", "passing"),
    [
        ("tech rank<10", True),
        ("energy rank<10", False),
        ("rank<10 tech", True),
        ("alpha micro rank<10 ret<-3", True),
        ("alpha devices rank<10", False),
        ("alpha rank<10 devices", True),
        ("!energy rank<10", True),
        ("alpha !energy rank<10", True),
        ("alpha !tech rank<10", False),
        ('"alpha micro" "devices"', True),
        ("rank<10 !sector=tech", False),
    ],
)
def test_terms_and_texts_have_to_pass_together(typed: str, passing: bool) -> None:
    assert passes(typed) is passing


@pytest.mark.parametrize("term", ["rank>0", "cap<9t", "day>-99", "since>1900", "sector=tech", "rank=0", "since=2024"])
def test_a_row_without_a_value_passes_nothing_but_unequal(term: str) -> None:
    assert not passes(term, EMPTY)
    assert passes(f"!{term}", EMPTY)


@pytest.mark.parametrize("column", ["rank", "cap", "day", "since"])
def test_a_row_without_a_value_is_asked_for_as_none(column: str) -> None:
    assert passes(f"{column}=none", EMPTY)
    assert passes(f"{column}=–", EMPTY)
    assert not passes(f"{column}=none")
    assert passes(f"{column}!=none")


def test_a_text_that_is_empty_is_asked_for_in_quotes() -> None:
    assert passes('sector=""', EMPTY)
    assert not passes('sector!=""', EMPTY)


@pytest.mark.parametrize("typed", ["rank>", "rank >", "ret<-", "cap>$", "sector=", "since>"])
def test_a_term_that_is_only_begun_lets_pass_what_it_will(typed: str) -> None:
    assert passes(typed)
    assert passes(f"micro {typed}")
    assert not passes(f"macro {typed}")


@pytest.mark.parametrize("name", ["market_cap", "marketcap", "CAP", "Day", "comp", "tick", "tocut", "added_bp"])
def test_a_column_goes_by_its_key_its_heading_its_other_names_and_their_beginnings(name: str) -> None:
    assert passes(f"{name}!=none")


@pytest.mark.parametrize("typed", ['"Company"=alpha', '"to cut $">1', '"market cap"=812.3b', '!"Rank">9', '"#"=1'])
def test_a_heading_with_blanks_or_signs_goes_into_quotes(typed: str) -> None:
    numbered: Column[Row] = Column("place", "#", 2, lambda r: ("1", ""), lambda r: 1, unit="number")
    found = parse(typed, [*COLUMNS, numbered], searched)
    assert not isinstance(found, Problem)
    assert found.passes(Row())


def test_a_column_that_only_draws_is_said_to_be_beyond_comparing() -> None:
    assert problem('"30 sessions">1').startswith("“30 sessions” cannot be compared; what can is rank, ticker")


def test_two_headings_that_differ_in_a_sign_are_two_columns() -> None:
    cut: Column[Row] = Column("cut", "To cut", 6, lambda r: ("5%", ""), lambda r: 0.05, unit="percent")
    found = parse("tocut>4", [*COLUMNS, cut], searched)
    assert not isinstance(found, Problem)
    assert found.passes(Row())


@pytest.mark.parametrize(
    "typed", ["change=in", "change=added", 'change="▲ in"', "change~in", "change=IN", '"Change"="in"']
)
def test_what_a_cell_shows_counts_besides_what_it_holds(typed: str) -> None:
    kind: Column[str] = Column(
        "kind", "Change", 6, lambda r: ("▲ in" if r == "added" else "▼ out", ""), lambda r: r, unit="text"
    )
    found = parse(typed, [kind], str)
    assert not isinstance(found, Problem)
    assert found.passes("added")
    assert not found.passes("removed")


def test_a_word_that_stands_in_the_place_of_a_value_is_asked_for_by_its_name() -> None:
    moved: Column[int | None] = Column(
        "move", "Move", 5, lambda r: ("new" if r is None else str(r), ""), lambda r: r, unit="number", words=("new",)
    )
    found, other = parse("move=new", [moved], str), parse("move!=new", [moved], str)
    assert not isinstance(found, Problem)
    assert not isinstance(other, Problem)
    assert [found.passes(row) for row in (None, 3)] == [True, False]
    assert [other.passes(row) for row in (None, 3)] == [False, True]
    assert isinstance(parse("move>new", [moved], str), Problem)


def test_an_unknown_column_is_answered_with_those_there_are() -> None:
    said = problem("foo>3")
    assert "“foo”" in said
    assert "rank, ticker, company, sector, cap, day, added_bp, since" in said
    assert "spark" not in said
    for name in said.partition("there are ")[2].split(", "):
        assert passes(f"{name}!=none")


def test_a_beginning_of_several_columns_is_answered_with_those() -> None:
    assert problem("s>3") == "“s” could be sector, since"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rank>x", "“x” is no number; rank is asked for"),
        ("ret>x", "percent"),
        ("added>x", "basis points"),
        ("cap>5q", "amount"),
        ("since>tomorrow", "2024-03"),
        ("since>2024-13", "2024-03"),
        ("since>2024-02-30", "2024-03"),
        ("rank>1" + "0" * 60, "no number"),
        ("rank>1 ret>x cap>y", "“x”"),
    ],
)
def test_a_value_that_is_none_is_said(typed: str, said: str) -> None:
    assert said in problem(typed)


def test_the_moment_of_a_day_counts_as_the_day() -> None:
    column: Column[datetime] = Column(
        "when", "When", 16, lambda r: (str(r), ""), lambda r: r.isoformat(), unit="date", value=lambda moment: moment
    )
    found = parse("when=2024-03-15", [column], str)
    assert not isinstance(found, Problem)
    assert found.passes(datetime(2024, 3, 15, 23, 59))
    assert not found.passes(datetime(2024, 3, 16))


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_answered(typed: str) -> None:
    found = parse(typed, COLUMNS, searched)
    if isinstance(found, Problem):
        assert found.text
    else:
        assert found.passes(Row()) in (True, False)
        assert found.passes(EMPTY) in (True, False)


terms = st.tuples(
    st.sampled_from(["rank", "ticker", "cap", "ret", "since", "sector", "name", "foo", "s"]),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "~", "!~"]),
    st.one_of(st.text(max_size=8), st.from_regex(r"[-+$]?[0-9,.]{0,6}[kmbt%]?", fullmatch=True)),
).map("".join)


@given(st.lists(terms, max_size=4).map(" ".join))
def test_no_term_is_too_odd_to_be_answered(typed: str) -> None:
    found = parse(typed, COLUMNS, searched)
    if not isinstance(found, Problem):
        assert found.passes(Row()) in (True, False)
        assert found.passes(EMPTY) in (True, False)


rows = st.builds(
    Row,
    ticker=st.from_regex(r"[A-Z]{1,5}(-[A-Z])?", fullmatch=True),
    name=st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8}){0,2}", fullmatch=True),
    rank=st.one_of(st.none(), st.integers(1, 20_000)),
    cap=st.one_of(st.none(), st.floats(1, 9e12)),
    day=st.one_of(st.none(), st.floats(-0.99, 9)),
    added=st.one_of(st.none(), st.floats(-0.1, 0.1)),
    since=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2090, 1, 1))),
)


@given(rows, st.sampled_from(COLUMNS[:-1]))
def test_what_a_cell_shows_finds_its_row(row: Row, column: Column[Row]) -> None:
    shown = column.cell(row)[0].strip()
    assert passes(f'{column.key}="{shown}"', row)
    assert passes(f'{column.key}~"{shown}"', row)
    assert not passes(f'{column.key}!="{shown}"', row)
    assert not passes(f'!{column.key}="{shown}"', row)


@given(rows, st.integers(-300, 900))
def test_less_and_not_less_divide_all_rows_that_have_a_value(row: Row, percent: int) -> None:
    below, above = passes(f"day<{percent}", row), passes(f"day>={percent}", row)
    assert (below is not above) if row.day is not None else not (below or above)
    if row.day is not None:
        assert below is (row.day < percent / 100)


@given(rows, st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.sampled_from([4, 7, 10]))
def test_before_within_and_after_a_stretch_of_days_divide_all_dates(row: Row, day: date, length: int) -> None:
    typed = day.isoformat()[:length]
    found = [passes(f"since{sign}{typed}", row) for sign in "<=>"]
    assert sum(found) == (row.since is not None)
    if row.since is not None:
        assert found[1] is row.since.isoformat().startswith(typed)
        assert passes(f"since<={typed}", row) is (found[0] or found[1])
        assert passes(f"since>={typed}", row) is (found[1] or found[2])
        assert found[2] is (row.since > day - timedelta(days=366) and row.since.isoformat()[:length] > typed)
