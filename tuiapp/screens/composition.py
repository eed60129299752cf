"""Composition: the members of a session, and those that just missed it."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType

from engine.views.types import CompositionRow, CompositionView, SectorWeight
from tuiapp import format as text
from tuiapp import keys
from tuiapp.market import Market
from tuiapp.screens.tables import TableScreen
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import LineWidget, Part, fit, spread
from tuiapp.widgets.row_table import Group, RowTable

SPARK_WIDTH: Final = 15
WIDE: Final = 150
Row = CompositionRow


def _move(row: Row) -> Part:
    """Ranks won or lost since the session before."""
    if row.rank_before is None:
        return "new", "accent"
    won = row.rank_before - row.rank
    return (f"{text.arrow(won)}{abs(won)}", text.tone(won)) if won else ("", "")


def _day(row: Row) -> Part:
    stale = f"{row.stale}d old" if row.stale else ""
    return (stale, "warn") if stale else (_signed(row.return_pr), text.tone(row.return_pr))


def _signed(value: float | None) -> str:
    return f"{text.arrow(value)}{text.percent(value)}" if value is not None else text.NONE


def _cap(row: Row) -> Part:
    """The cap; one that is not as given is marked."""
    mark = {"carried": "~", "quarantined": "!"}.get(row.cap_source, "")
    return mark + text.cap(row.market_cap_usd), "warn" if mark else ""


def _won(row: Row) -> int | None:
    return None if row.rank_before is None else row.rank_before - row.rank


COLUMNS: Final[tuple[Column[Row], ...]] = (
    Column("rank", "Rank", 4, lambda r: (str(r.rank), ""), lambda r: r.rank, need=0, down=False),
    Column("move", "Move", 5, _move, _won, need=5),
    Column(
        "ticker", "Ticker", 6, lambda r: (text.plain(r.ticker), ""), lambda r: r.ticker, need=0, right=False, down=False
    ),
    Column(
        "name",
        "Company",
        15,
        lambda r: (text.plain(r.name), ""),
        lambda r: r.name.lower(),
        need=1,
        right=False,
        down=False,
        most=25,
    ),
    Column(
        "sector",
        "Sector",
        13,
        lambda r: (text.plain(r.sector), ""),
        lambda r: r.sector.lower(),
        need=9,
        right=False,
        down=False,
        most=22,
    ),
    Column("cap", "Cap", 7, _cap, lambda r: r.market_cap_usd, need=2),
    Column("weight", "Weight", 6, lambda r: (_weight(r), ""), lambda r: r.weight, need=7),
    Column("close", "Close", 9, lambda r: (text.price(r.close), ""), lambda r: r.close, need=4),
    Column("day", "Day", 8, _day, lambda r: r.return_pr, need=3),
    Column("bp", "Bp", 6, lambda r: (text.basis_points(r.contribution), ""), lambda r: r.contribution, need=6),
    Column("since", "Since", 10, lambda r: (text.iso(r.since), ""), lambda r: r.since, need=10, down=False),
    Column("days", "Days", 5, lambda r: (text.count(r.days or None), ""), lambda r: r.days, need=11),
    Column(
        "spark",
        "30 sessions",
        SPARK_WIDTH,
        lambda r: (text.spark(r.spark, SPARK_WIDTH), "muted"),
        lambda r: r.spark[-1] / r.spark[0] if r.spark and r.spark[0] else None,
        need=8,
        right=False,
    ),
)


def _weight(row: Row) -> str:
    return text.percent(row.weight, signed=False) if row.since else text.NONE


class Composition(TableScreen):
    """The ranking with its cut, and the sectors."""

    SCOPES: ClassVar[tuple[str, ...]] = (keys.COMPOSITION, keys.TABLE)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.COMPOSITION)]

    def __init__(self, market: Market, screen_id: str) -> None:
        super().__init__(market, screen_id)
        self._sectors = SectorLine()
        self._table: RowTable[Row] = RowTable(COLUMNS, lambda r: r.ticker, _searched)
        self._view: CompositionView | None = None

    @property
    def table(self) -> RowTable[Row]:
        """The ranking."""
        return self._table

    def body(self) -> ComposeResult:
        """Sectors and ranking."""
        yield self._sectors
        yield self._table

    def follow_market(self) -> None:
        """Ask for the members at the as-of session."""
        session = self._market.session
        self.ask_first("composition", lambda engine: engine.composition(session), drawn=self._view is not None)

    def answered(self, answer: Any) -> None:
        """Draw members, cut and sectors."""
        self._view = view = answer
        cut = f"cut at rank {view.status.size}: {text.cap(view.cut_cap_usd)} · below it no members"
        self._sectors.show(view.sectors)
        self._table.show([Group(view.rows), Group(view.outside, cut, "muted")])


def _searched(row: Row) -> str:
    return f"{row.ticker} {row.name} {row.sector}"


class SectorLine(LineWidget):
    """Sectors side by side, each as wide as it weighs."""

    def __init__(self) -> None:
        super().__init__(classes="sectors")
        self._sectors: tuple[SectorWeight, ...] = ()

    def show(self, sectors: tuple[SectorWeight, ...]) -> None:
        """Show these sectors."""
        if sectors != self._sectors:
            self._sectors = sectors
            self.refresh()

    def lines(self) -> list[list[Part]]:
        """A bar where every name has room in it, a list where it has not."""
        return [self._bar() if self.size.width >= WIDE else self._list()]

    def _list(self) -> list[Part]:
        parts = [(f" {_share(sector)} ", "muted") for sector in self._sectors]
        return spread([(" ", ""), *parts], [], self.size.width)

    def _bar(self) -> list[Part]:
        """A share of the line for each sector."""
        total = sum(sector.weight for sector in self._sectors)
        parts: list[Part] = [(" ", "")]
        end, room = 0.0, self.size.width - 2
        for sector in self._sectors:
            start, end = end, end + sector.weight / total
            width = round(end * room) - round(start * room)
            if width > 1:
                parts += [("▏", "accent"), (fit(_share(sector), width - 1), "muted")]
        return parts


def _share(sector: SectorWeight) -> str:
    return f"{text.percent(sector.weight, 0, signed=False)} {text.plain(sector.sector)}"
