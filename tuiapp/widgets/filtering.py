"""What a typed filter means: a text, and comparisons with columns, as in ``tech rank<=20 ret<-3 since>2024``.

Terms are joined by blanks, and a row has to pass them all. A term is ``column sign value``, with one of the signs
``= != < <= > >= ~ !~``; ``!`` in front of a term turns it round. Words that are no term are one text that the row has
to contain; ``!`` in front: must not. Blanks in a name or a value, or a text with a sign in it, go into double quotes.

A text equals a value if it, or a word in it, begins with that; in quotes only if it is all of it. What the cell shows
counts besides what it holds. Unequal is whatever is not equal, a row without a value too; in any other comparison such
a row does not pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from tuiapp.format import DOWN, LEVEL, NONE, UP
from tuiapp.widgets.columns import Column
from tuiapp.widgets.comparing import comparison, is_begun

R = TypeVar("R")

_PIECE: Final = re.compile(
    r"""
    (?P<no>!?)(?:(?P<name>\w+)|"(?P<named>[^"]+)")\s*(?P<sign><=|>=|!=|!~|[<>=~])\s*(?:"(?P<value>[^"]*)"?|(?P<bare>[^\s"]\S*)?)
    | (?P<not>!?)"(?P<quoted>[^"]*)"?
    | (?P<word>\S+)
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
MARKS: Final = f"{UP}{DOWN}{LEVEL} "
"""What may stand in front of what a cell says."""
LONGEST: Final = 9
"""Letters of a heading that is typed rather than a key."""
EXAMPLES: Final = {
    "date": "no date: 2024-03-15, 2024-03 or 2024",
    "percent": "no number of percent: -3 or 0.5",
    "bp": "no number of basis points: -3 or 0.5",
    "usd": "no amount: 250, 500b or 1.2t",
    "number": "no number",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is no filter, in one sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter(Generic[R]):
    """What a row has to pass."""

    tests: tuple[Callable[[R], bool], ...]

    def passes(self, row: R) -> bool:
        """Whether a row passes all tests."""
        return all(test(row) for test in self.tests)


def parse(text: str, columns: Sequence[Column[R]], searched: Callable[[R], str]) -> Filter[R] | Problem:
    """The filter that a text means, or what is wrong with it.

    Args:
        text: The text, as far as it is typed.
        columns: The columns that it may name.
        searched: The text of a row in which words are looked for.
    """
    pieces = list(_PIECE.finditer(text))
    if not any(piece["sign"] or piece["quoted"] is not None for piece in pieces):
        return Filter(tuple(_containing([text.strip()], searched)))
    tests: list[Callable[[R], bool]] = []
    for piece in pieces:
        if piece["sign"]:
            test = _term(piece, columns)
            if isinstance(test, Problem):
                return test
            if test is not None:
                tests.append(test)
    return Filter((*tests, *_containing(_texts(pieces), searched)))


# -- words


def _texts(pieces: Sequence[re.Match[str]]) -> Iterator[str]:
    """The texts between the terms: neighbouring words are one, what is quoted stands alone."""
    words: list[str] = []
    for piece in pieces:
        if piece["word"] and not (words and piece["word"].startswith("!")):
            words.append(piece["word"])
            continue
        yield " ".join(words)
        words = [piece["word"]] if piece["word"] else []
        if piece["quoted"] is not None:
            yield piece["not"] + piece["quoted"]
    yield " ".join(words)


def _containing(texts: Sequence[str] | Iterator[str], searched: Callable[[R], str]) -> Iterator[Callable[[R], bool]]:
    for text in texts:
        unwanted = text.startswith("!")
        wanted = text[unwanted:].strip().lower()
        if wanted:
            yield _contains(wanted, searched, unwanted=unwanted)


def _contains(wanted: str, searched: Callable[[R], str], *, unwanted: bool) -> Callable[[R], bool]:
    return lambda row: (wanted in searched(row).lower()) is not unwanted


# -- terms


def _term(piece: re.Match[str], columns: Sequence[Column[R]]) -> Callable[[R], bool] | Problem | None:
    """The test of a term; None for one that is only begun."""
    column = _named(piece["name"] or piece["named"], columns)
    if isinstance(column, Problem):
        return column
    sign, quoted = piece["sign"], piece["value"]
    typed = (piece["bare"] or "") if quoted is None else quoted
    if quoted is None and is_begun(column.unit, typed):
        return None
    test = _matching(column, sign.removeprefix("!"), typed, whole=quoted is not None)
    if test is None and typed.casefold() in column.words and sign in ("=", "!="):
        test = _showing(column, typed.casefold())
    if test is None:
        return Problem(f"“{typed}” is {EXAMPLES[column.unit]}; {column.key} is asked for")
    return _turned(test) if bool(piece["no"]) is not sign.startswith("!") else test


def _matching(column: Column[R], sign: str, typed: str, *, whole: bool) -> Callable[[R], bool] | None:
    if sign == "~":
        return _showing(column, typed.casefold())
    if sign == "=" and column.unit in ("text", "ticker"):
        return _equal(column, typed, whole=whole or column.unit == "ticker")
    value = column.held if column.unit in ("text", "ticker", "date") else column.order
    test = comparison(column.unit, sign, typed)
    return None if test is None else _of_value(value, test)


def _equal(column: Column[R], typed: str, *, whole: bool) -> Callable[[R], bool] | None:
    """What the cell holds, or what it shows, with or without the mark in front of that."""
    test = comparison("ticker" if whole else "text", "=", typed)
    if test is None or not typed or typed == NONE:
        return None if test is None else _of_value(column.held, test)
    return lambda row: test(column.held(row)) or any(map(test, _shown(column, row)))


def _shown(column: Column[R], row: R) -> tuple[str, str]:
    said = column.cell(row)[0]
    return said, said.lstrip(MARKS)


def _of_value(value: Callable[[R], Any], test: Callable[[Any], bool]) -> Callable[[R], bool]:
    return lambda row: test(value(row))


def _showing(column: Column[R], wanted: str) -> Callable[[R], bool]:
    """What the cell shows, or holds if that is a text: its room may be short."""
    if column.unit in ("text", "ticker"):
        return lambda row: any(wanted in each.casefold() for each in (str(column.held(row) or ""), column.cell(row)[0]))
    return lambda row: wanted in column.cell(row)[0].casefold()


def _turned(test: Callable[[R], bool]) -> Callable[[R], bool]:
    return lambda row: not test(row)


# -- names of columns


def _named(name: str, columns: Sequence[Column[R]]) -> Column[R] | Problem:
    """The column of a key, another name or a heading, or of the beginning of one if that leaves no doubt."""
    wanted, known = _bare(name), [column for column in columns if column.unit]
    if not wanted:
        return Problem(f"“{name}” names no column")
    for names in (_keys, _aliases, _labels):
        exact = [column for column in known if wanted in names(column)]
        if len(exact) == 1:
            return exact[0]
    begun = [c for c in known if any(each.startswith(wanted) for each in (*_keys(c), *_aliases(c), *_labels(c)))]
    if len(begun) == 1:
        return begun[0]
    listed = ", ".join(_typed(column, known) for column in begun or known) or "none to compare"
    if not begun and any(wanted in (*_keys(column), *_labels(column)) for column in columns):
        return Problem(f"“{name}” cannot be compared; what can is {listed}")
    return Problem(f"“{name}” could be {listed}" if begun else f"There is no column “{name}”; there are {listed}")


def _typed(column: Column[R], columns: Sequence[Column[R]]) -> str:
    """A column as it can be typed: its heading where that is one short word and no other's, else its key."""
    heading = column.label.strip().lower().replace(" ", "_")
    others = {each for other in columns if other is not column for each in (*_keys(other), *_labels(other))}
    is_good = re.fullmatch(r"[a-z]\w*", heading, re.ASCII) and len(heading) <= LONGEST and _bare(heading) not in others
    return heading if is_good else column.key


def _keys(column: Column[R]) -> tuple[str, ...]:
    return (_bare(column.key),)


def _aliases(column: Column[R]) -> tuple[str, ...]:
    return tuple(_bare(alias) for alias in column.aliases)


def _labels(column: Column[R]) -> tuple[str, ...]:
    return (_bare(column.label),) if column.label else ()


def _bare(name: str) -> str:
    """A name without what a heading has for the eye: blanks, and signs but for those that tell two names apart."""
    return "".join(char for char in name.casefold() if char.isascii() and (char.isalnum() or char in "$#%"))
