"""What the engine of the tests says about one company: from formulas, the same every time."""

from __future__ import annotations

from datetime import date

from engine.errors import DataError
from engine.views.types import ChangeRow, CompositionRow, IndexStatus, StockRow, StockView

AWAY = range(40, 60)
"""Sessions on which a company that is no member now, or the last member, was out of the index."""


def stock_view(
    status: IndexStatus, sessions: tuple[date, ...], row: CompositionRow | None, ticker: str, changes: list[ChangeRow]
) -> StockView:
    """Closes that rise by a hundredth of themselves a year, to that of the row on the last session."""
    if row is None and ticker != "GONE":
        raise DataError(f"{ticker} has no prices in the store.", hint="see flatcap show coverage for what is there")
    last, member = (row.close, row.since is not None) if row else (20.0, False)
    listed = sessions if row else sessions[:100]
    rows = [
        StockRow(
            day,
            "FORMER" if ticker == "EVIL" and at < 30 else ticker,
            last * (1 - 0.00004 * (len(listed) - 1 - at)),
            1_500_000.0,
            None,
            0.25 if at % 60 == 5 else None,
            row.market_cap_usd * (1 - 0.00004 * (len(listed) - 1 - at)) if row else None,
            row.rank if row else None,
            member and at not in AWAY,
            "given" if row else None,
        )
        for at, day in enumerate(listed)
    ]
    before = ((sessions[0], sessions[AWAY[0] - 1]),)
    spells = (*before, (sessions[AWAY[-1] + 1], None)) if member else before
    return StockView(
        status,
        ticker,
        row.name if row else "Gone \x1b[31m[/b] Limited",
        row.sector if row else "",
        "NYSE" if row else "",
        tuple(rows),
        spells,
        "Issuer & Sons" if row else "",
        tuple(changes),
    )
