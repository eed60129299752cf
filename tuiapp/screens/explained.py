"""An explanation as lines: the number, how it is computed, what went into it, and where that came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Final

from engine.domain.fields import Field, Unit
from tuiapp import format as text
from tuiapp.screens.backfill import meaning
from tuiapp.screens.troubles import failed
from tuiapp.widgets.line import Part, fit
from tuiapp.widgets.page import wrapped

if TYPE_CHECKING:
    from engine.views.explanation import Explanation, Input, Value

Line = list[Part]
DOUBTFUL: Final = {"carried": "~", "quarantined": "!"}
SESSION: Final = 10
PROVENANCE: Final = 12
NUMBER: Final = 4
GAPS: Final = 4
LEAST_LABEL: Final = 10
# Enough decimals for a pocket calculator to arrive at the number again, as far as it is shown.
DECIMALS: Final = 6
MILLION: Final = 1e6
# A longer one, such as a name, stands below its label.
MOST_VALUE: Final = 22
DIGITS: Final = 10


def pending(label: str, *, late: bool = False) -> list[Line]:
    """What stands there while the engine is asked; ``late`` once that takes its time."""
    return [[(f" {label}", "strong")], awaited(late=late)]


def awaited(*, late: bool) -> Line:
    """The line in the place of an answer."""
    return [(" Loading …" if late else " …", "muted")]


def refused(label: str, error: BaseException, width: int) -> list[Line]:
    """Why there is no explanation, and what to do."""
    trouble = failed(error)
    said = [wrapped(trouble.title, "bad", width), *(wrapped(line, "", width) for line in trouble.lines)]
    return [[(f" {label}", "strong")], [], *(line for lines in said for line in lines)]


def explained(found: Explanation, width: int) -> list[Line]:
    """The whole page."""
    return [
        *wrapped(text.plain(found.title), "strong", width),
        _value(found),
        *_gaps(found, width),
        *_backfill(found, width),
        [],
        *_paragraph("Meaning", found.meaning, width),
        *_paragraph("Formula", found.formula, width),
        *_paragraph("Worked", found.worked, width),
        *_inputs(found.inputs, width),
    ]


def _value(found: Explanation) -> Line:
    shown = text.by_field(found.field, found.value)
    whole = precise(found.field, found.value)
    parts: Line = [(f" {shown}", "accent")]
    if whole not in (shown, shown.removeprefix("+")):
        parts.append((f"   {whole}", "muted"))
    return parts


def precise(field: Field, value: Value) -> str:
    """A number in ten digits, a fraction as a fraction; all others as they are shown."""
    if not isinstance(value, float):
        return text.by_field(field, value)
    if field.unit is Unit.USD:
        return calculable(field, value)
    return f"{value:,.{DIGITS}g}"


def calculable(field: Field, value: Value) -> str:
    """A value with decimals enough to compute with."""
    if isinstance(value, float) and field.unit is Unit.USD:
        whole, _, cents = f"{value:,.6f}".partition(".")
        least = field.decimals if abs(value) < MILLION else 0
        cents = cents.rstrip("0").ljust(least, "0")
        return f"{whole}.{cents}" if cents else whole
    if isinstance(value, int) and not isinstance(value, bool):
        return text.count(value)
    as_it_is = not isinstance(value, float) or (field.unit is Unit.COUNT and not field.decimals)
    more = 0 if as_it_is else max(0, DECIMALS - field.decimals)
    return text.by_field(field, value, more=more)


def _gaps(found: Explanation, width: int) -> Iterator[Line]:
    for gap in found.gaps:
        yield from wrapped(text.plain(gap), "warn", width, first=" ! ", rest="   ")


def _backfill(found: Explanation, width: int) -> list[Line]:
    before = found.status.backfilled_before
    if before is None or not found.status.backfilled:
        return []
    return wrapped(meaning(before), "warn", width, first=" ! ", rest="   ")


def _paragraph(title: str, said: str, width: int) -> list[Line]:
    if not said:
        return []
    first, *others = wrapped(text.plain(said), "", width, first=" " * 10, rest=" " * 10)
    return [[(fit(f" {title}", 10), "muted"), *first[1:]], *others]


def _inputs(inputs: Sequence[Input], width: int) -> list[Line]:
    if not inputs:
        return []
    shown = [calculable(each.field, each.value) for each in inputs]
    values = max(len("Value"), *(len(value) for value in shown if len(value) <= MOST_VALUE))
    label = max(LEAST_LABEL, min(40, width - values - SESSION - PROVENANCE - NUMBER - GAPS))
    sources = list(dict.fromkeys(_source(each) for each in inputs if each.source))
    head = f" {fit('Input', label)} {fit('Value', values, right=True)} {fit('Session', SESSION)}  Provenance"
    lines: list[Line] = [[], [(fit(head, width - 1), "head")]]
    for each, value in zip(inputs, shown, strict=True):
        beside, below = (value, "") if len(value) <= values else ("", value)
        lines += _input(each, beside.rjust(values), label, sources, width)
        lines += wrapped(below, "strong", width, first="   ", rest="   ") if below else []
    return [*lines, *_sources(sources, width)]


def _input(each: Input, value: str, label: int, sources: list[str], width: int) -> list[Line]:
    """One input: its label may take several lines, its note one of its own."""
    first, *others = wrapped(text.plain(each.field.label), "", label + 2)
    mark = DOUBTFUL.get(each.provenance, " ")
    tone = "warn" if mark.strip() else ""
    number = f"[{sources.index(_source(each)) + 1}]" if each.source else ""
    line: Line = [
        (fit(first[0][0] + first[1][0], label + 1), ""),
        (f" {value} ", "strong"),
        (fit(text.iso(each.session) if each.session else "", SESSION) + " ", "muted"),
        (fit(f"{mark}{text.plain(each.provenance)}", PROVENANCE), tone),
        (number.rjust(NUMBER), "muted"),
    ]
    note = wrapped(text.plain(each.note), tone or "muted", width, first="   ", rest="   ") if each.note else []
    return [line, *others, *note]


def _source(each: Input) -> str:
    """Where an input came from, and when it was taken in."""
    if each.fetched_at is None:
        return text.plain(each.source)
    at = each.fetched_at.astimezone(UTC) if each.fetched_at.tzinfo else each.fetched_at
    return f"{text.plain(each.source)}, taken in {at:%Y-%m-%d %H:%M} UTC"


def _sources(sources: Sequence[str], width: int) -> Iterator[Line]:
    if sources:
        yield []
    for number, source in enumerate(sources, start=1):
        yield from wrapped(source, "muted", width, first=f" [{number}] ", rest="     ")
