"""SQL is source: one statement per file under ``sql``, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Text of ``sql/<name>.sql``, such as ``reads/performance``."""
    return files("engine.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """Every migration as (number, name, text), in order."""
    folder = files("engine.store").joinpath("sql", "migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((int(name[:4]), name[:-4], folder.joinpath(name).read_text(encoding="utf-8")) for name in names)
