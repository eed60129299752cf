"""The columns that say which company a row is about, the same on every screen."""

from __future__ import annotations

from typing import Protocol

from tuiapp import format as text
from tuiapp.widgets.columns import Column


class Named(Protocol):
    """A row of one company."""

    @property
    def ticker(self) -> str:
        """Its ticker."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def sector(self) -> str:
        """Its sector."""


def name_columns(*, name_width: int, name_most: int, sector_need: int) -> tuple[Column[Named], ...]:
    """Ticker, company and sector.

    Args:
        name_width: Cells of the company.
        name_most: Cells that it may grow to.
        sector_need: How soon the sector gets room.
    """
    return (
        Column(
            "ticker",
            "Ticker",
            6,
            lambda r: (text.plain(r.ticker), ""),
            lambda r: r.ticker,
            need=0,
            right=False,
            down=False,
        ),
        Column(
            "name",
            "Company",
            name_width,
            lambda r: (text.plain(r.name), ""),
            lambda r: r.name.lower(),
            need=1,
            right=False,
            down=False,
            most=name_most,
        ),
        Column(
            "sector",
            "Sector",
            13,
            lambda r: (text.plain(r.sector), ""),
            lambda r: r.sector.lower(),
            need=sector_need,
            right=False,
            down=False,
            most=22,
        ),
    )
