"""What every company, and every sector, added to the return of a period."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from engine.views.analysis import ContributionRow, ContributionView, SectorContribution
from tuiapp import format as text
from tuiapp.screens.backfill import marked
from tuiapp.screens.name_columns import name_columns
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part

Row = ContributionRow
Sector = SectorContribution
SIDE: Final = 6
BAR: Final = "▇"
OWN: Final = {"equal": "Equal weight"}
"""What the index is called beside the same members weighted by cap."""
NO_RETURN: Final = "the first session has no return"


def searched(row: Row) -> str:
    """What the filter looks at."""
    return f"{row.ticker} {row.name} {row.sector}"


def summary(view: ContributionView, width: int, *, complete: bool) -> list[Part]:
    """Return of the index, of the same members weighted by cap, and the gap between them."""
    own, by_cap = view.index_return, view.cap_weight_return
    gap = None if own is None or by_cap is None else own - by_cap
    parts: list[Part] = [
        (f" {OWN.get(view.status.weighting, 'Index')} {view.series} ", "strong"),
        (text.percent(own), text.tone(own)),
        ("  cap weight ", ""),
        (text.percent(by_cap), text.tone(by_cap)),
        (f"  gap {text.percent(gap)}", "strong"),
    ]
    if own is None:
        parts.append((f"  {NO_RETURN}", "muted"))
        return marked(parts, view.status, view.last, width)
    parts += [
        (f"  since {text.iso(view.first)}", "muted"),
        ("" if complete else " (all there is)", "warn"),
        (f"  {text.counted(view.sessions, 'session')}", "muted"),
    ]
    return marked(parts, view.status, view.first, width)


def company_columns(*, day: bool, pins: Collection[str] = ()) -> list[Column[Row]]:
    """The columns of companies; a day's contributions are in basis points."""
    names = name_columns(name_width=13, name_most=25, sector_need=7, pins=pins)
    return [*names, *HOLDING, _contribution(_own, "contribution", "Contrib", 2, day=day), *_by_cap((4, 4), day=day)]


def sector_columns(rows: Sequence[Sector], *, day: bool) -> list[Column[Sector]]:
    """The columns of sectors, with bars as long as the largest value of these rows allows."""
    heaviest = max((row.weight for row in rows), default=0.0)
    strongest = max((abs(row.contribution) for row in rows), default=0.0)
    return [
        SECTOR,
        MEMBERS,
        _sector_weight(),
        Column(
            "weight_bar",
            "",
            10,
            lambda r: (_bar(r.weight, heaviest, 10), "muted"),
            lambda r: r.weight,
            4,
            right=False,
            copied=(),
            numbers=("weight",),
        ),
        _contribution(_own, "contribution", "Contrib", 2, day=day),
        Column(
            "contribution_bar",
            "  loss │ gain",
            2 * SIDE + 1,
            lambda r: (_two_sided(r.contribution, strongest), text.added_tone(r.contribution)),
            lambda r: r.contribution,
            3,
            right=False,
            copied=(),
            numbers=("contribution",),
        ),
        Column(
            "cap_weight",
            "Cap wt",
            6,
            lambda r: (_share(r.cap_weight), ""),
            lambda r: r.cap_weight,
            need=8,
            unit="percent",
        ),
        *_by_cap((6, 5), day=day),
    ]


# -- cells


def _own(row: ContributionRow | SectorContribution) -> float:
    return row.contribution


def _cap(row: ContributionRow | SectorContribution) -> float:
    return row.cap_contribution


def _gap(row: ContributionRow | SectorContribution) -> float:
    return row.contribution - row.cap_contribution


def _share(value: float) -> str:
    return text.percent(value, signed=False)


def _contribution(
    of: Callable[[ContributionRow | SectorContribution], float], key: str, label: str, need: int, *, day: bool
) -> Column[Any]:
    return Column(
        key,
        label,
        9,
        lambda r: (text.added(of(r), day=day), text.added_tone(of(r))),
        of,
        need=need,
        unit="bp" if day else "percent",
    )


def _by_cap(needs: tuple[int, int], *, day: bool) -> list[Column[Any]]:
    return [
        _contribution(_cap, "cap_contribution", "By cap", needs[0], day=day),
        _contribution(_gap, "gap", "Gap", needs[1], day=day),
    ]


def _bar(value: float, greatest: float, width: int) -> str:
    return BAR * round(value / greatest * width) if greatest > 0 else ""


def _two_sided(value: float, greatest: float) -> str:
    """A bar to the left of the middle for a loss, to its right for a gain."""
    bar = _bar(abs(value), greatest, SIDE)
    left, right = (bar, "") if value < 0 else ("", bar)
    return f"{left:>{SIDE}}│{right}"


HOLDING: Final[tuple[Column[Row], ...]] = (
    Column("sessions", "Held", 5, lambda r: (text.count(r.sessions), ""), lambda r: r.sessions, need=6, unit="number"),
    Column("weight", "Weight", 6, lambda r: (_share(r.weight), ""), lambda r: r.weight, need=5, unit="percent"),
    Column(
        "return_own",
        "Own",
        9,
        lambda r: (text.distance(r.return_own), text.tone(r.return_own)),
        lambda r: r.return_own,
        need=3,
        unit="percent",
        aliases=("ret", "return"),
    ),
)
SECTOR: Final[Column[Sector]] = Column(
    "sector",
    "Sector",
    14,
    lambda r: (text.plain(r.sector), ""),
    lambda r: r.sector.lower(),
    need=0,
    right=False,
    down=False,
    most=24,
    unit="text",
    value=lambda r: r.sector,
)
MEMBERS: Final[Column[Sector]] = Column(
    "members", "Members", 7, lambda r: (f"{r.members:,.1f}", ""), lambda r: r.members, need=7, unit="number"
)


def _sector_weight() -> Column[Sector]:
    return Column("weight", "Weight", 6, lambda r: (_share(r.weight), ""), lambda r: r.weight, need=1, unit="percent")
