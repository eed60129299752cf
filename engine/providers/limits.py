"""How large a file of a person's own may be.

So large that an honest file never meets a limit, so small that no file, by mistake or on purpose, takes all the memory
of a small server.
"""

from __future__ import annotations

from typing import Final

from engine.errors import DataError

MIB: Final = 1 << 20

FILE_BYTES: Final = 512 * MIB
"""Of a file, packed and unpacked. Thirty years of prices of 500 stocks are 200 MiB as CSV; reading takes up to four
times the bytes in memory."""

ROWS: Final = 10_000_000
"""Of one file: 500 stocks over eighty years."""

COLUMNS: Final = 1_000
"""Of one file; the kind with most of them knows ten."""

ROW_BYTES: Final = 64 * 1024
"""Of one line of text, and of one cell of Parquet: names are cut at 200 characters anyway."""

UNDECODABLE_BYTES: Final = 1_000_000
"""Of one file: with more of them it is not a text with some spoilt rows, but in another encoding."""

FOOTER_BYTES: Final = 4 * MIB
"""Of what a Parquet file says about itself: 600 column chunks are 0.1 MiB."""

READER_BYTES: Final = 4096 * MIB
"""Of the address space of the process that reads Parquet: what is reserved counts, not only what is used."""

READER_SECONDS: Final = 120.0
"""Until that process has read one file; the largest that is allowed takes some seconds."""

SPLIT_IT: Final = "split it into several files, a year in each for example"


def at_most_bytes(size: int, what: str = "The file") -> None:
    """Raise ``DataError`` if a file, or what is packed in it, is over the limit."""
    if size > FILE_BYTES:
        raise DataError(f"{what} is over {FILE_BYTES // MIB:,} MiB.", hint=SPLIT_IT)


def at_most_rows(rows: int) -> None:
    """Raise ``DataError`` if a file has more rows than the limit."""
    if rows > ROWS:
        raise DataError(f"The file has more than {ROWS:,} rows.", hint=SPLIT_IT)


def at_most_columns(columns: int) -> None:
    """Raise ``DataError`` if a file has more columns than the limit."""
    if columns > COLUMNS:
        raise DataError(f"The file has more than {COLUMNS:,} columns.", hint="leave those that it needs")


def too_long(place: str) -> DataError:
    """What to say of a row or a cell over the limit."""
    return DataError(
        f"{place} is over {ROW_BYTES:,} bytes.", hint="look for a quote that is not closed, or a line end that is lost"
    )
