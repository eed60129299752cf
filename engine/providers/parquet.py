"""Parquet of a person's own, decoded by another process: a damaged file may end that one, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from time import monotonic
from types import TracebackType
from typing import IO, Final

import polars as pl

from engine.errors import DataError
from engine.providers import limits, parquet_child
from engine.providers.parquet_footer import ANEW, Footer, read_footer, unreadable

LENGTH: Final = 8
THREADS: Final = "4"
"""Of the reading process: each takes from the memory that it may have."""


class ParquetReader:
    """Reads Parquet files, one after the other, by one process that is started for the first of them.

    Use it in a ``with``: the process ends with it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ParquetReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with suppress(OSError):  # what it did not live to be told is still to be written
            process.communicate()

    def read(self, path: Path, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of a file.

        Raises:
            DataError: The file is not Parquet, is damaged, or is over the limits.
        """
        footer = read_footer(path)
        limits.at_most_bytes(_unpacked(footer, columns), "The file, unpacked,")
        answer = self._answer(json.dumps([str(path.absolute()), list(columns)]).encode() + b"\n")
        table = pl.read_ipc_stream(answer)
        if table.columns != list(columns) or table.height != footer.rows:
            raise unreadable()
        return table

    def _answer(self, request: bytes) -> bytes:
        process = self._process = self._process or _started()
        timer, start = Timer(limits.READER_SECONDS, process.kill), monotonic()
        timer.start()
        try:
            answer = _asked(process, request)
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            raise _too_slow() if monotonic() - start >= limits.READER_SECONDS else unreadable()
        if not answer:
            raise unreadable()
        return answer


def _unpacked(footer: Footer, columns: Sequence[str]) -> int:
    return sum(footer.unpacked.get(name, 0) for name in columns)


def _started() -> subprocess.Popen[bytes]:
    """The process, without the folder that one happens to stand in on its path, and out of reach of Ctrl+C."""
    return subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-I", parquet_child.__file__, str(limits.READER_BYTES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "POLARS_MAX_THREADS": THREADS, "RUST_BACKTRACE": "0"},
        process_group=0,
    )


def _asked(process: subprocess.Popen[bytes], request: bytes) -> bytes | None:
    """The answer to a request, empty for a file that cannot be read, None if the process ended without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(request)
        process.stdin.flush()
    except OSError:
        return None
    length = _exactly(process.stdout, LENGTH)
    return None if length is None else _exactly(process.stdout, int.from_bytes(length, "little"))


def _exactly(stream: IO[bytes], count: int) -> bytes | None:
    found = stream.read(count)
    return found if len(found) == count else None


def _too_slow() -> DataError:
    return DataError(f"The file cannot be read in {limits.READER_SECONDS:.0f} seconds.", hint=ANEW)
