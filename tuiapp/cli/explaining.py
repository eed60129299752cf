"""``--explain``: what a number is made of, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from engine.domain.fields import Field, Unit
from engine.views.explanation import Explanation, Input, Subject
from tuiapp.cli import output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.output import Cell, Table

if TYPE_CHECKING:
    from engine.facade import Engine

LIST: Final = "list"
WHOSE: Final = {
    "composition": "TICKER",
    "changes": "TICKER",
    "contributions": "TICKER",
    "sectors": "SECTOR",
}
"""Views whose numbers are somebody's own, and how that is named."""

SUFFIX_OF_TOTAL: Final = "_tr"
WIDEST_LABEL: Final = 48

LIST_FIELDS: Final = (
    Field("key", "Name", Unit.TEXT),
    Field("label", "Label", Unit.TEXT),
    Field("text", "Meaning", Unit.TEXT),
)

INPUT_FIELDS: Final = (
    Field("label", "Input", Unit.TEXT),
    Field("value", "Value", Unit.RATIO),
    Field("unit", "Unit", Unit.TEXT),
    Field("session", "Session", Unit.DATE),
    Field("provenance", "How", Unit.TEXT),
    Field("source", "Source", Unit.TEXT),
    Field("fetched_at", "Taken in (UTC)", Unit.TEXT),
    Field("note", "Note", Unit.TEXT),
)
PEOPLE_FIELDS: Final = tuple(field for field in INPUT_FIELDS if field.key != "unit")


def answer(
    invocation: Invocation, view: str, asked: str, form: str, place: Callable[[Engine, Subject], Subject]
) -> None:
    """Explain a number of a view, or list what can be explained.

    Args:
        invocation: The run of the command.
        view: The view, as ``Subject`` has it.
        asked: ``COLUMN``, ``TICKER:COLUMN`` or ``list``.
        form: ``table``, ``csv``, ``json`` or ``jsonl``.
        place: Completes the subject with the session and the period that the command asks for.
    """
    if asked == LIST:
        output.emit(Table(LIST_FIELDS, output.attributes(_explainable(view), LIST_FIELDS)), form)
        return
    subject = _subject(view, asked)
    with invocation.work() as work:
        found = work.engine.explain(place(work.engine, subject))
    if form in output.OBJECTS:
        output.emit_object(_object(found), form)
    elif form == "csv":
        output.emit(Table(INPUT_FIELDS, [_input(each) for each in found.inputs]), form)
    else:
        _print(found)
    invocation.note_status(found.status)


def view_of_rows(by: str) -> str:
    """The view that contributions ``by`` company or sector are asked about in."""
    if by != "sector":
        return "contributions"
    if not _explainable("sectors"):
        raise click.UsageError(
            "Sectors cannot be explained; companies can: --by company --explain TICKER:contribution."
        )
    return "sectors"


def benchmark_of(engine: Engine, key: str, given: tuple[str, ...]) -> str:
    """The benchmark of a relative metric: the one given, or the only one there is; empty for any other metric."""
    from engine.views.metrics import relative_fields

    if key not in {field.key for field in relative_fields()}:
        return ""
    known = given or tuple(sorted(engine.performance().benchmarks))
    if len(known) > 1:
        raise click.UsageError(f"{key} is against one benchmark: give one --benchmark of {', '.join(known)}.")
    return known[0] if known else ""


def _explainable(view: str) -> tuple[Field, ...]:
    from engine.views.explain.catalog import explainable

    return explainable(view)


def _of_the_index() -> tuple[str, ...]:
    from engine.views.explain.catalog import OF_THE_INDEX

    return OF_THE_INDEX


def _subject(view: str, asked: str) -> Subject:
    """The number that is asked for; its key is known to be one that can be explained."""
    ticker, _, key = asked.rpartition(":")
    keys = [field.key for field in _explainable(view)]
    if key not in keys:
        raise click.UsageError(f"{_unknown(view, key)}; there is: {', '.join(keys)}.")
    if ticker and view not in WHOSE:
        raise click.UsageError(f"The numbers of this view are of no ticker: write --explain {key}.")
    if not ticker and view in WHOSE and key not in _of_the_index():
        raise click.UsageError(f"Say whose number is meant: --explain {WHOSE[view]}:{key}.")
    series = "TR" if key.endswith(SUFFIX_OF_TOTAL) else "PR"
    return Subject(view, key, ticker=_owner(view, ticker), series=series)


def _unknown(view: str, key: str) -> str:
    """What is wrong with a key that there is not, and how one is written."""
    wrong = f"There is no {key!r} to explain" if key else "Say which number to explain"
    return f"{wrong}: write {WHOSE[view]}:COLUMN" if view in WHOSE else wrong


def _owner(view: str, text: str) -> str:
    """A sector as it is written, a ticker as the store has it."""
    if WHOSE.get(view) == "SECTOR":
        return text.strip()
    return text.strip().upper().replace(".", "-").replace("/", "-")


def _print(found: Explanation) -> None:
    shown, whole = output.shown(found.field, found.value), output.calculable(found.field, found.value)
    output.lines([output.plain(found.title), f"  {shown}" + (f"   {whole}" if whole != shown else ""), ""])
    parts = {"Meaning": found.meaning, "Formula": found.formula, "Worked": found.worked}
    output.lines(f"{name:8} {output.plain(text)}" for name, text in parts.items() if text)
    if found.inputs:
        output.lines([""])
        rows = [_people_row(each) for each in found.inputs]
        widest = max(WIDEST_LABEL, *(len(each.field.label) for each in found.inputs))
        output.emit(Table(_used(rows), [_kept(row, rows) for row in rows], widest=widest), "table")
    output.lines(["", *(f"! {output.plain(gap)}" for gap in found.gaps)] if found.gaps else [])


def _people_row(each: Input) -> tuple[Cell, ...]:
    """An input for people; what it has not is left empty."""
    label, _, _, *others = _input(each)
    return label, output.calculable(each.field, each.value), *("" if cell is None else cell for cell in others)


def _filled(rows: list[tuple[Cell, ...]]) -> list[int]:
    """Numbers of the columns that say something in any row."""
    return [place for place in range(len(PEOPLE_FIELDS)) if any(row[place] != "" for row in rows)]


def _used(rows: list[tuple[Cell, ...]]) -> tuple[Field, ...]:
    return tuple(PEOPLE_FIELDS[place] for place in _filled(rows))


def _kept(row: tuple[Cell, ...], rows: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    return tuple(row[place] for place in _filled(rows))


def _input(each: Input) -> tuple[Cell, ...]:
    return (
        *(each.field.label, each.value, each.field.unit.value, each.session),
        *(each.provenance, each.source, _moment(each.fetched_at), each.note),
    )


def _moment(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC).replace(tzinfo=None) if at and at.tzinfo else at


def _object(found: Explanation) -> dict[str, object]:
    subject, keys = found.subject, [field.key for field in INPUT_FIELDS]
    return {
        "title": found.title,
        "view": subject.view,
        "key": subject.key,
        "session": found.status.session,
        **({"backfilled": found.status.backfilled} if found.status.backfilled_before else {}),
        **dict(_asked(subject)),
        "label": found.field.label,
        "unit": found.field.unit.value,
        "value": found.value,
        "meaning": found.meaning,
        "formula": found.formula,
        "worked": found.worked,
        "inputs": [dict(zip(keys, _input(each), strict=True)) for each in found.inputs],
        "gaps": list(found.gaps),
    }


def _asked(subject: Subject) -> Iterator[tuple[str, Cell]]:
    """The parts of a subject that not every number has; None where this one has not."""
    for key in ("ticker", "period", "series", "benchmark", "start"):
        yield key, getattr(subject, key) or None
