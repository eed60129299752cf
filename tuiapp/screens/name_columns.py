"""The columns that say which company a row is about, the same on every screen."""

from __future__ import annotations

from collections.abc import Container
from typing import Final, Protocol

from tuiapp import format as text
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part

PIN: Final = "•"


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


def name_columns(
    *, name_width: int, name_most: int, sector_need: int, pins: Container[str] = ()
) -> tuple[Column[Named], ...]:
    """Ticker, company and sector.

    Args:
        name_width: Cells of the company.
        name_most: Cells that it may grow to.
        sector_need: How soon the sector gets room.
        pins: Tickers that are marked as pinned.
    """
    return (
        Column(
            "ticker",
            "Ticker",
            6,
            lambda r: _ticker(r, pins),
            lambda r: r.ticker,
            need=0,
            right=False,
            down=False,
            unit="ticker",
            aliases=("symbol",),
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
            unit="text",
            value=lambda r: r.name,
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
            unit="text",
            value=lambda r: r.sector,
        ),
    )


def _ticker(row: Named, pins: Container[str]) -> Part:
    return text.plain(row.ticker) + PIN * (row.ticker in pins), ""
