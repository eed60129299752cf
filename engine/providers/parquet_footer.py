"""What a Parquet file says about itself: its columns, its rows and their size unpacked.

The footer is read here, byte by byte and within bounds, so that a file that cannot be one, or is too large, is
refused before any of its data is touched. It is a structure in Thrift's compact encoding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import DataError
from engine.providers import limits

MAGIC: Final = b"PAR1"
TAIL: Final = 8
"""Bytes after the footer: its length and the magic."""

UNREADABLE: Final = "The file cannot be read as Parquet."
ANEW: Final = "write or download it again"

# Types of fields, in Thrift's compact encoding.
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS: Final = (4, 5, 6)
_LONG_LIST: Final = 15
_DEEPEST: Final = 16

# Numbers of fields, in the structures of Parquet.
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_NAME, _CHILDREN = 4, 5
_CHUNKS, _OTHER_FILE, _OF_CHUNK, _PATH, _UNPACKED = 1, 1, 3, 3, 6

_Fields = dict[int, Any]


@dataclass(frozen=True, slots=True)
class Footer:
    """What the end of a Parquet file says.

    Attributes:
        columns: Names of the columns.
        rows: How many rows there are.
        unpacked: Column to its bytes unpacked.
    """

    columns: tuple[str, ...]
    rows: int
    unpacked: dict[str, int]


def read_footer(path: Path) -> Footer:
    """The footer of a Parquet file.

    Raises:
        DataError: It is not one, or a file with such columns and rows is over the limits.
    """
    try:
        footer = _footer(_Compact(_raw(path)).fields())
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise unreadable() from error
    limits.at_most_columns(len(footer.columns))
    limits.at_most_rows(footer.rows)
    return footer


def unreadable() -> DataError:
    """What to say of a file that is no Parquet, or is damaged."""
    return DataError(UNREADABLE, hint=ANEW)


def _raw(path: Path) -> bytes:
    """The bytes of the footer."""
    size = path.stat().st_size
    limits.at_most_bytes(size)
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or length > size - TAIL - len(MAGIC):
            raise unreadable()
        if length > limits.FOOTER_BYTES:
            raise DataError("The footer of the file is too large.", hint="write it with fewer columns or row groups")
        file.seek(size - TAIL - length)
        return file.read(length)


def _footer(found: _Fields) -> Footer:
    unpacked: dict[str, int] = {}
    for chunk in (chunk for group in found[_GROUPS] for chunk in group[_CHUNKS]):
        if _OTHER_FILE in chunk:
            raise ValueError("a column in another file")
        name = chunk[_OF_CHUNK][_PATH][0].decode()
        unpacked[name] = unpacked.get(name, 0) + _size(chunk[_OF_CHUNK][_UNPACKED])
    return Footer(tuple(_columns(found[_SCHEMA])), _size(found[_ROWS]), unpacked)


def _size(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number


def _columns(schema: list[_Fields]) -> Iterable[str]:
    """Names on the first level of the schema, which is a tree written in depth-first order."""
    inside = 0
    for element in schema[1:]:
        if not inside:
            yield element[_NAME].decode()
        inside += _size(element.get(_CHILDREN, 0)) - (1 if inside else 0)


class _Compact:
    """A reader of Thrift's compact encoding; every value takes at least a byte, so what it makes is bounded."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def fields(self, depth: int = 0) -> _Fields:
        """The fields of a structure by their numbers."""
        found: _Fields = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            kind = head & 15
            found[number] = kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("too deep")
        if kind in (_LIST, _SET):
            return self._list(depth + 1)
        if kind == _STRUCT:
            return self.fields(depth + 1)
        return self._plain(kind)()

    def _plain(self, kind: int) -> Callable[[], Any]:
        if kind in _INTEGERS:
            return self._integer
        readers = {_TRUE: self._byte, _FALSE: self._byte, _BYTE: self._byte, _DOUBLE: self._double}
        return {**readers, _BINARY: self._binary}[kind]

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 != _LONG_LIST else self._unsigned()
        if count > len(self._raw) - self._at:
            raise ValueError(count)
        return [self._value(head & 15, depth) for _ in range(count)]

    def _binary(self) -> bytes:
        return self._bytes(self._unsigned())

    def _double(self) -> bytes:
        return self._bytes(8)

    def _bytes(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        if self._at > len(self._raw):
            raise IndexError(count)
        return self._raw[start : self._at]

    def _byte(self) -> int:
        self._at += 1
        return self._raw[self._at - 1]

    def _unsigned(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
            if shift > 63:
                raise ValueError("no number")

    def _integer(self) -> int:
        coded = self._unsigned()
        return (coded >> 1) ^ -(coded & 1)
