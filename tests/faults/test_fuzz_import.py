"""Whatever a file holds, exactly its good rows are stored, or nothing is and a sentence says why.

What is stored is compared with what a reader of another make finds: plain Python, row by row.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import is_session
from engine.errors import EngineError
from engine.facade import Engine, open_engine
from engine.frames.refused import DUPLICATE
from engine.providers.files import FileImport
from engine.settings import Settings
from tests.store.engines import stored

NOW = datetime(2024, 3, 15, 12, 0, tzinfo=UTC)
LAST_CLOSED = date(2024, 3, 14)
FEW, STORED, MANY = 100, 6, 300

Row = tuple[str, ...]
Prices = dict[tuple[date, str], float]

DATES = st.sampled_from(
    [
        *("2024-01-02", "2024-01-03", "2024-03-14", "20240104", " 2024-01-05 ", "2024-01-08T23:59:59", "1999-12-31"),
        *("2024-01-06", "2024-03-15", "2024-03-18", "2199-12-31", "0001-01-01", "9999-12-31", "2024-02-30", "", "soon"),
    ]
)
TICKERS = st.sampled_from(
    ["A", "brk.b", "BRK/B", " a ", "É", "^GSPC", "", "X" * 20, "X" * 21, "\x1b[1m", "=1+1", "a,b"]
)
CLOSES = st.one_of(
    st.floats(min_value=1e-12, max_value=1e300).map(repr),
    st.floats(min_value=1e-9, max_value=1e12).map(repr),
    st.sampled_from(
        ["10", "+1.5", " 2 ", "1e3", "0", "-1", "inf", "-Infinity", "nan", "", "1e999", "1,234.5", "1_0", "１"]
    ),
)
ROWS = st.lists(st.tuples(DATES, TICKERS, CLOSES), max_size=12)
DAMAGE = st.sampled_from([None, None, None, None, "short", "long", "latin"])


@dataclass(frozen=True)
class Written:
    """A file, and the rows that a careful person would take from it."""

    content: bytes
    prices: Prices
    rows: int
    bad: int


@st.composite
def files(draw: st.DrawFn) -> Written:
    rows, separator = draw(ROWS), draw(st.sampled_from([",", ";", "\t"]))
    end, packed = draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans())
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"\n\n"]))
    lines = [line(("date", "ticker", "close"), separator, end)]
    prices: Prices = {}
    bad = 0
    for row in rows:
        damage = draw(DAMAGE)
        lines.append(damaged(row, damage, separator, end))
        price = None if damage else read(row)
        if price is None:
            bad += 1
        else:
            prices[price[0]] = price[1]
    content = mark + b"".join(lines)
    return Written(gzip.compress(content) if packed else content, prices, len(rows), bad)


def line(row: Row, separator: str, end: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerow(row)
    return text.getvalue().encode()


def damaged(row: Row, damage: str | None, separator: str, end: str) -> bytes:
    if damage == "latin":
        return line((*row[:1], row[1] + "é", *row[2:]), separator, end).replace("é".encode(), b"\xe9")
    return line({"short": row[:2], "long": (*row, "x")}.get(damage or "", row), separator, end)


def read(row: Row) -> tuple[tuple[date, str], float] | None:
    """A row as plain Python reads it, None if it is not to be taken."""
    day, ticker, close = day_of(row[0]), row[1].strip().upper().replace(".", "-").replace("/", "-"), row[2].strip()
    if day is None or day > LAST_CLOSED or not is_session(day):
        return None
    if not re.fullmatch(r"[A-ZÉ][A-ZÉ-]{,19}", ticker):
        return None
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", close, re.ASCII | re.IGNORECASE):
        return None
    price = float(close)
    return ((day, ticker), price) if 1e-9 <= price <= 1e12 else None


def day_of(text: str) -> date | None:
    try:
        return (
            date.fromisoformat(text.strip()[:10]) if date(1900, 1, 1) <= date.fromisoformat(text.strip()[:10]) else None
        )
    except ValueError:
        return None


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Engine]:
    """Engines over stores that hold nothing, each over its own."""
    folder, numbers = tmp_path_factory.mktemp("fuzz"), itertools.count()
    return lambda: open_engine(Settings(data_dir=folder / str(next(numbers)), copies=0), clock=lambda: NOW)


def prices_in(engine: Engine) -> Prices:
    rows = stored(engine, "select session, ticker, close from price")
    return {(session, ticker): close for session, ticker, close in rows}


def check(engine: Engine, written: Written) -> None:
    """What is stored is what plain Python takes, and every other row is told of."""
    path = engine.settings.data_dir.with_suffix(".csv")
    path.write_bytes(written.content)
    if not written.rows:
        with pytest.raises(EngineError, match="no rows"):
            engine.import_files([path])
        return
    (report,) = engine.import_files([path]).files
    assert (report.rows_read, report.rows_new) == (written.rows, len(written.prices))
    assert sum(one.rows for one in report.refused if one.reason != DUPLICATE) == written.bad
    assert prices_in(engine) == written.prices


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@given(written=files())
@settings(max_examples=FEW)
def test_exactly_the_good_rows_are_taken(folder: Path, written: Written) -> None:
    path = folder / "prices.csv"
    path.write_bytes(written.content)
    files = FileImport([path], is_session=is_session, today=NOW.date(), final=LAST_CLOSED)
    if not written.rows:
        with pytest.raises(EngineError, match="no rows"):
            next(files.batches())
        return
    (file,) = files.batches()
    prices = file.frames["price"].select("session", "ticker", "close").rows() if file.frames else []
    assert {(session, ticker): close for session, ticker, close in prices} == written.prices
    assert sum(one.rows for one in file.refused if one.reason != DUPLICATE) == written.bad


@given(written=files())
@settings(max_examples=STORED)
def test_exactly_the_good_rows_are_stored(fresh: Callable[[], Engine], written: Written) -> None:
    check(fresh(), written)


@pytest.mark.slow
@given(written=files())
@settings(max_examples=MANY)
def test_of_many_files_exactly_the_good_rows_are_stored(fresh: Callable[[], Engine], written: Written) -> None:
    check(fresh(), written)


# -- damage of any kind to a good file

GOOD = b"date,ticker,close\n" + b"".join(
    b"2024-01-0%d,%s,1%d\n" % (day, t, day) for day in (2, 3, 4) for t in (b"A", b"B")
)
HURTS = st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 3), st.binary(max_size=4)), min_size=1, max_size=4)


def hurt(changes: list[tuple[int, int, bytes]]) -> bytes:
    content = GOOD
    for at, taken, put in changes:
        content = content[:at] + put + content[at + taken :]
    return content


@pytest.fixture(scope="module")
def kept(fresh: Callable[[], Engine]) -> Engine:
    """An engine over a store with a price that no file of these tests has."""
    engine = fresh()
    path = engine.settings.data_dir.with_name("first.csv")
    path.write_bytes(b"date,ticker,close\n1999-12-31,KEPT,1\n")
    engine.import_files([path], kind="prices")
    return engine


def check_hurt(engine: Engine, changes: list[tuple[int, int, bytes]]) -> None:
    """A damaged file is refused in a sentence and leaves the store as it was, or brings rows and loses none."""
    path, before = engine.settings.data_dir.with_name("hurt.csv"), prices_in(engine)
    path.write_bytes(hurt(changes))
    try:
        (report,) = engine.import_files([path], kind="prices").files
    except EngineError as error:
        refused: EngineError | None = error
    else:
        refused = None
    after = prices_in(engine)
    if refused:
        assert (refused.exit_code, bool(refused.hint), refused.message.endswith(".")) == (5, True, True)
        assert after == before
        return
    assert set(before) <= set(after)
    assert len(after) == len(before) + report.rows_new
    assert after[date(1999, 12, 31), "KEPT"] == 1.0


@given(changes=HURTS)
@settings(max_examples=STORED)
def test_a_damaged_file_is_told_of_or_read(kept: Engine, changes: list[tuple[int, int, bytes]]) -> None:
    check_hurt(kept, changes)


@pytest.mark.slow
@given(changes=HURTS)
@settings(max_examples=MANY)
def test_many_damaged_files_are_told_of_or_read(kept: Engine, changes: list[tuple[int, int, bytes]]) -> None:
    check_hurt(kept, changes)


def test_a_refused_file_keeps_nothing_of_itself_and_all_of_the_file_before(fresh: Callable[[], Engine]) -> None:
    engine = fresh()
    folder = engine.settings.data_dir.with_name("two")
    folder.mkdir()
    (folder / "prices_1.csv").write_bytes(GOOD)
    (folder / "prices_2.csv").write_bytes(GOOD.replace(b",A,", b",Z,") + b'2024-01-05,"C,9\n')
    with pytest.raises(EngineError, match=r"prices_2\.csv: .*quotes do not pair"):
        engine.import_files([folder])
    assert {ticker for _, ticker in prices_in(engine)} == {"A", "B"}
