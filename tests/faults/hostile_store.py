"""A store whose every text came from somebody who means harm, and what must hold wherever such a text comes out."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.domain.texts import LONGEST_LINE
from tests.hostile_strings import SHORT
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

OBEYED: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What no terminal may be sent: all that is obeyed and not shown, but the end of a line."""

DAYS: Final = (date(2024, 3, 25), date(2024, 3, 26), date(2024, 3, 27))
LONGEST_CELL: Final = 65_536
NAMES: Final = (*SHORT, "=" * LONGEST_CELL, "株" * (LONGEST_CELL // 3))
SIGNS: Final = "!$%&'()*+,-<=>?@[]^_`{|}~＝"


@dataclass(frozen=True)
class Said:
    """What a run said: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


def run(*argv: str, env: Mapping[str, str] | None = None) -> Said:
    """Run the command in this process, in pipes; a bug is raised."""
    out, err = io.StringIO(), io.StringIO()
    world = World(environment=lambda: env or {}, interactive=lambda: False)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(argv, world)
    return Said(code, out.getvalue(), err.getvalue())


def harmless(text: str) -> None:
    """No sign that is obeyed, and no line without an end."""
    assert not OBEYED.search(text), repr(OBEYED.search(text))
    assert max(map(len, text.split("\n"))) <= LONGEST_LINE


def short_of(texts: Iterable[str], most: int = 20) -> tuple[str, ...]:
    """Texts that are no longer than a ticker."""
    return tuple(text for text in texts if len(text) <= most)


def write_market(folder: Path) -> list[str]:
    """Files of a market with every text in every place; Parquet, which can hold all of them."""
    plain = [f"T{number}" for number in range(len(NAMES))]
    tickers = [*SHORT, *SIGNS, *plain]
    prices = [(day, ticker, 10.0 + at) for day in DAYS for at, ticker in enumerate(tickers)]
    shares = [(DAYS[0], ticker, 1e9) for ticker in tickers]
    named: list[tuple[Any, ...]] = [
        (ticker, name, name, name, "NYSE", None) for ticker, name in zip(plain, NAMES, strict=True)
    ]
    named += [(ticker, ticker, ticker, ticker, ticker, ticker) for ticker in SHORT]
    series = [(day, text, 100.0 + at) for day in DAYS for at, text in enumerate(short_of(SHORT))]
    return [
        _file(folder / "prices.parquet", prices, "date ticker close"),
        _file(folder / "shares.parquet", shares, "date ticker shares_outstanding"),
        _file(folder / "securities.parquet", named, "ticker name sector industry exchange issuer"),
        _file(folder / "benchmarks.parquet", series, "date symbol close"),
    ]


def _file(path: Path, rows: list[tuple[Any, ...]], columns: str) -> str:
    import polars as pl

    pl.DataFrame(rows, schema=columns.split(), orient="row", infer_schema_length=None).write_parquet(path)
    return str(path)


def tables(folder: Path) -> dict[str, int]:
    """Every table of a store with the number of its rows."""
    from engine.store.database import Database, Session

    def counted(session: Session) -> dict[str, int]:
        execute = session.connection.execute
        names = [row[0] for row in execute("select table_name from duckdb_tables() where not internal").fetchall()]
        return {name: execute(f"select count(*) from {name}").fetchall()[0][0] for name in sorted(names)}

    return Database(folder).read(counted)
