"""SQL is source: one statement per file under ``sql``, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from engine.domain.texts import storable


@cache
def statement(name: str) -> str:
    """Text of ``sql/<name>.sql``, such as ``reads/performance``."""
    return files("engine.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def bound(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a statement, with every text as the store can hold it."""
    return {name: storable(value) if isinstance(value, str) else value for name, value in (values or {}).items()}


def quoted(name: str) -> str:
    """A name as a statement has it, whatever characters are in it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """Every migration as (number, name, text), in order."""
    folder = files("engine.store").joinpath("sql", "migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple((int(name[:4]), name[:-4], folder.joinpath(name).read_text(encoding="utf-8")) for name in names)
