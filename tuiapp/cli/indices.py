"""``flatcap show indices``: every index that is defined, its rules and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import click

from engine.domain.fields import Field, Unit
from engine.views.indices import IndexRow
from tuiapp import index_rules
from tuiapp.cli import diagnostics, output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import format_option
from tuiapp.cli.output import Cell, Table

FIELDS: Final = (
    Field("index", "Index", Unit.TEXT, text="Name of the index."),
    Field("title", "Title", Unit.TEXT, text="What its definition calls it."),
    Field("size", "Size", Unit.COUNT, 0, text="N, the number of places."),
    Field("weighting", "Weighting", Unit.TEXT, text="equal or cap."),
    Field("rebalance", "Rebalance", Unit.TEXT, text="daily, weekly, monthly or quarterly."),
    Field("buffer", "Buffer", Unit.COUNT, 0, text="Ranks of grace."),
    Field("sectors", "Sectors", Unit.TEXT, text="Sectors that count, with semicolons between them; empty for all."),
    Field("exchanges", "Exchanges", Unit.TEXT, text="Exchanges that count likewise."),
    Field("base_level", "Base", Unit.LEVEL, 2, text="Level of the first session."),
    Field("base_date", "Base date", Unit.DATE, text="First day that it may begin on; empty for the first there is."),
    Field("cost_bps", "Cost bp", Unit.RATIO, 2, text="Cost per side in basis points."),
    Field("origin", "Defined", Unit.TEXT, text="settings, or the name of the file of definitions."),
    Field("first_session", "First", Unit.DATE, text="First published session; empty before the first build."),
    Field("last_session", "Last", Unit.DATE, text="Last published session likewise."),
    Field("level_pr", "Level PR", Unit.LEVEL, 2, text="Price-return level of the last session."),
    Field("return_pr", "Return PR", Unit.FRACTION, 2, text="Price return of the last session.", signed=True),
    Field("state", "State", Unit.TEXT, text="up to date, outdated (data or rules), or not built."),
)
PEOPLE: Final = ("index", "rules", "base", "cost_bps", "last_session", "level_pr", "state", "title")
"""Columns of the table for people: the rules are in words, and what is off is not told of."""
LABELS: Final = {
    **{field.key: field for field in FIELDS},
    "rules": Field("rules", "Rules", Unit.TEXT),
    "base": Field("base", "Base", Unit.TEXT),
}
WIDEST: Final = 60
SEPARATOR: Final = ";"


@click.command()
@format_option
@click.pass_obj
def indices(invocation: Invocation, form: str) -> None:
    """Print the indices that are defined, with their rules and where they stand."""
    with invocation.work() as work:
        rows, has_data = work.engine.indices(), work.engine.data_version() > 0
    output.emit(_for_people(rows) if form == "table" else _for_programs(rows), form)
    waiting = [row.index for row in rows if index_rules.state(row) != index_rules.BUILT]
    if waiting and has_data:
        verb = "is" if len(waiting) == 1 else "are"
        names, build = ", ".join(waiting), invocation.command("build")
        diagnostics.note(f"{names} {verb} not built from the present data and rules; next: {build}")


def _for_programs(rows: Iterable[IndexRow]) -> Table:
    return Table(FIELDS, (_cells(row) for row in rows))


def _cells(row: IndexRow) -> tuple[Cell, ...]:
    own: dict[str, Cell] = {
        "sectors": SEPARATOR.join(row.sectors),
        "exchanges": SEPARATOR.join(row.exchanges),
        "state": index_rules.state(row),
    }
    return tuple(own[field.key] if field.key in own else getattr(row, field.key) for field in FIELDS)


def _for_people(rows: Iterable[IndexRow]) -> Table:
    return Table(tuple(LABELS[name] for name in PEOPLE), _told(rows), widest=WIDEST)


def _told(rows: Iterable[IndexRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        own: dict[str, Cell] = {
            "rules": index_rules.in_words(row),
            "base": index_rules.base(row),
            "state": index_rules.state(row),
        }
        yield tuple(own[name] if name in own else getattr(row, name) for name in PEOPLE)
