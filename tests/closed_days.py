"""Writes ``engine/closed_days.py`` from the ``holidays`` package: ``python -m tests.closed_days``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine import closed_days
from engine.calendar import library_days

TARGET = Path(closed_days.__file__)
TABLES = {"CLOSED": "public", "HALF_DAYS": "half_day"}


def days_of(category: str) -> list[date]:
    """Days of one category in the years of the table, oldest first, weekends left out."""
    years = range(closed_days.FIRST_YEAR, closed_days.LAST_YEAR + 1)
    return sorted(day for year in years for day in library_days(year, category) if day.weekday() < 5)


def table(name: str, category: str) -> str:
    """The source of one table: a line for each year."""
    lines = [f'{name}: Final = """']
    for year in range(closed_days.FIRST_YEAR, closed_days.LAST_YEAR + 1):
        days = " ".join(f"{day:%m-%d}" for day in days_of(category) if day.year == year)
        lines.append(f"{year} {days}".rstrip())
    return "\n".join([*lines, '"""'])


def source() -> str:
    """The whole file."""
    head = TARGET.read_text(encoding="utf-8").split("CLOSED: Final", 1)[0].rstrip()
    return head + "\n\n" + "\n\n".join(table(*item) for item in TABLES.items()) + "\n"


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")
