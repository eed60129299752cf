"""The ranking: members, and below the cut those that just missed it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.views.types import CompositionRow, CompositionView, SectorWeight
from tuiapp import format as text
from tuiapp.screens.composed.pinned import pinned_first
from tuiapp.screens.name_columns import name_columns
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part, fit, fitting, spread
from tuiapp.widgets.row_table import Group

SPARK_WIDTH: Final = 15
WIDE: Final = 150
Row = CompositionRow


def groups(view: CompositionView, pins: Collection[str] = ()) -> list[Group[Row]]:
    """Members, then those below the cut; before them the pinned ones of both."""
    cut = f"cut at rank {view.status.size}: {text.cap(view.cut_cap_usd)} · below it no members"
    return pinned_first([Group(view.rows), Group(view.outside, cut, "muted")], pins, "members")


def searched(row: Row) -> str:
    """What the filter looks at."""
    return f"{row.ticker} {row.name} {row.sector}"


def columns(cut: float | None, pins: Collection[str] = (), *, by_cap: bool = False) -> list[Column[Row]]:
    """The columns, with distances to this cut and marks of what is pinned; weights by cap come into view earlier."""
    names = name_columns(name_width=15, name_most=25, sector_need=9, pins=pins)
    return [*PLACE, *names, CAP, _to_cut(cut), _weight(need=5 if by_cap else 10), *LAST]


# -- cells


def move(row: Row) -> Part:
    """Ranks won or lost since the session before."""
    if row.rank_before is None:
        return "new", "accent"
    won = row.rank_before - row.rank
    return (f"{text.arrow(won)}{abs(won)}", text.tone(won)) if won else ("", "")


def day(row: Row) -> Part:
    """The day's price return, or how old the last price is."""
    stale = f"{row.stale}d old" if row.stale else ""
    return (stale, "warn") if stale else (_signed(row.return_pr), text.tone(row.return_pr))


def _signed(value: float | None) -> str:
    return f"{text.arrow(value)}{text.percent(value)}" if value is not None else text.NONE


def cap(row: Row) -> Part:
    """The cap; one that is not as given is marked."""
    mark = {"carried": "~", "quarantined": "!"}.get(row.cap_source, "")
    return mark + text.cap(row.market_cap_usd), "warn" if mark else ""


def _won(row: Row) -> int | None:
    return None if row.rank_before is None else row.rank_before - row.rank


def weight(row: Row) -> str:
    """The target weight of a member."""
    return text.percent(row.weight, signed=False) if row.since else text.NONE


def _to_cut(cut: float | None) -> Column[Row]:
    def distance(row: Row) -> float | None:
        return row.market_cap_usd / cut - 1 if cut else None

    return Column(
        "cut",
        "To cut",
        8,
        lambda r: (text.distance(distance(r)), ""),
        distance,
        need=7,
        unit="percent",
        numbers=("distance",),
    )


def _weight(need: int) -> Column[Row]:
    return Column("weight", "Weight", 6, lambda r: (weight(r), ""), lambda r: r.weight, need=need, unit="percent")


PLACE: Final[tuple[Column[Row], ...]] = (
    Column("rank", "Rank", 4, lambda r: (str(r.rank), ""), lambda r: r.rank, need=0, down=False, unit="number"),
    Column("move", "Move", 5, move, _won, need=5, unit="number", words=("new",), numbers=("rank_before",)),
)
CAP: Final[Column[Row]] = Column(
    "cap",
    "Cap",
    7,
    cap,
    lambda r: r.market_cap_usd,
    need=2,
    unit="usd",
    aliases=("market_cap",),
    numbers=("market_cap_usd",),
)
LAST: Final[tuple[Column[Row], ...]] = (
    Column(
        "close",
        "Close",
        9,
        lambda r: (text.price(r.close), ""),
        lambda r: r.close,
        need=4,
        unit="usd",
        aliases=("price",),
    ),
    Column(
        "day",
        "Day",
        8,
        day,
        lambda r: r.return_pr,
        need=3,
        unit="percent",
        aliases=("ret", "return"),
        words=("old",),
        numbers=("return_pr",),
    ),
    Column(
        "bp",
        "Bp",
        6,
        lambda r: (text.basis_points(r.contribution), ""),
        lambda r: r.contribution,
        need=6,
        unit="bp",
        aliases=("contribution",),
        numbers=("contribution",),
    ),
    Column(
        "since", "Since", 10, lambda r: (text.iso(r.since), ""), lambda r: r.since, need=11, down=False, unit="date"
    ),
    Column("days", "Days", 5, lambda r: (text.count(r.days or None), ""), lambda r: r.days, need=12, unit="number"),
    Column(
        "spark",
        "30 sessions",
        SPARK_WIDTH,
        lambda r: (text.spark(r.spark, SPARK_WIDTH), "muted"),
        lambda r: r.spark[-1] / r.spark[0] if r.spark and r.spark[0] else None,
        need=8,
        right=False,
        value=lambda r: " ".join(map(repr, r.spark)),
    ),
)


# -- the lines above


def effective(view: CompositionView, room: int) -> list[Part]:
    """How many equal weights would be as concentrated."""
    if view.effective is None:
        return []
    shown = f"effective {view.effective:,.1f} of {len(view.rows):,}"
    return [(shown, "muted")] if len(shown) <= room else []


def sectors(view: CompositionView, width: int) -> list[Part]:
    """Sectors side by side: each as wide as it weighs where every name has room, a list where it has not."""
    return _bar(view.sectors, width) if width >= WIDE else _list(view.sectors, width)


def _list(found: tuple[SectorWeight, ...], width: int) -> list[Part]:
    parts = [(" ", ""), *((f" {_share(sector)} ", "muted") for sector in found)]
    forms = [[*parts[: 1 + shown], *_more(len(found) - shown)] for shown in range(len(found), -1, -1)]
    return spread(fitting(forms, width), [], width)


def _more(left: int) -> list[Part]:
    """How many sectors have no room."""
    return [(f" +{left} more", "muted")] if left else []


def _bar(found: tuple[SectorWeight, ...], width: int) -> list[Part]:
    """A share of the line for each sector."""
    total = sum(sector.weight for sector in found)
    parts: list[Part] = [(" ", "")]
    end, room = 0.0, width - 2
    for sector in found:
        start, end = end, end + sector.weight / total
        cells = round(end * room) - round(start * room)
        if cells > 1:
            parts += [("▏", "accent"), (fit(_share(sector), cells - 1), "muted")]
    return parts


def _share(sector: SectorWeight) -> str:
    return f"{text.percent(sector.weight, 0, signed=False)} {text.plain(sector.sector)}"
