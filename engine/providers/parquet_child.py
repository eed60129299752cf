"""The program of the process that reads Parquet: one request a line, one table in answer to each.

A damaged file can end the process that decodes it (Polars gives up where a length in a page is absurd), fill its
memory or keep it for ever. So a process that has nothing to lose decodes: it has little memory, says nothing to
the terminal, and may end at any time; who waits for it sees no answer. It needs nothing of this package.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from contextlib import suppress
from typing import BinaryIO


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests of a path and columns with the length of a table in Arrow's stream format, and the table.

    The length is 0 for a file that cannot be read.
    """
    import polars as pl

    for line in requests:
        path, columns = json.loads(line)
        packed = io.BytesIO()
        with suppress(pl.exceptions.PolarsError):
            table = pl.read_parquet(path, columns=columns, glob=False, hive_partitioning=False)
            table.write_ipc_stream(packed)
        answers.write(packed.tell().to_bytes(8, "little"))
        answers.write(packed.getbuffer())
        answers.flush()


def main() -> None:
    """Serve until there are no more requests, in the memory that the first argument allows."""
    limit = int(sys.argv[1])
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
