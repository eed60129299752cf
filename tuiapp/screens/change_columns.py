"""Columns of the list of changes, and which of its numbers can be asked about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.views.types import ChangeRow
from engine.views.why import distance, distance_usd
from tuiapp import format as text
from tuiapp.screens.name_columns import name_columns
from tuiapp.widgets.columns import Column
from tuiapp.widgets.line import Part

if TYPE_CHECKING:
    from engine.views.explanation import Subject

Row = ChangeRow


def searched(row: Row) -> str:
    """What the filter looks at."""
    return f"{row.session} {row.kind} {_kind(row)[0]} {row.ticker} {row.name} {row.sector} {row.reason}"


def of_change(row: Row) -> list[tuple[str, Subject]]:
    """The numbers of a change of one session."""
    from engine.views.explain.catalog import explainable
    from engine.views.explanation import Subject

    ticker = text.plain(row.ticker)
    return [
        (f"{ticker} {field.label}", Subject("changes", field.key, row.session, row.ticker))
        for field in explainable("changes")
        if field.key != "contribution"
    ]


def of_comparison(row: Row, start: date) -> list[tuple[str, Subject]]:
    """The numbers of a company between two dates; ``start`` is the first session whose return counts."""
    from engine.views.explanation import Subject

    ticker = text.plain(row.ticker)
    added = Subject("contributions", "contribution", row.session, row.ticker, "custom", start=start)
    cap = Subject("composition", "market_cap_usd", row.session, row.ticker)
    rank = Subject("composition", "rank", row.session, row.ticker)
    return [(f"{ticker} Contribution", added), (f"{ticker} Market cap", cap), (f"{ticker} Rank", rank)]


# -- cells


def _kind(row: Row) -> Part:
    return ("▲ in", "gain") if row.kind == "added" else ("▼ out", "loss")


def _ranks(row: Row) -> Part:
    before, after = (text.NONE if rank is None else str(rank) for rank in (row.rank_before, row.rank_after))
    return f"{before} → {after}", ""


def _caps(row: Row) -> Part:
    return f"{text.cap(row.market_cap_before_usd)} → {text.cap(row.market_cap_usd)}", ""


def _reason(row: Row) -> Part:
    return text.plain(row.reason), "" if row.reason == "rank" else "warn"


def _effect(value: float | None) -> Part:
    return text.added(value, day=True), text.added_tone(value)


def _turnover(row: Row) -> Part:
    return text.percent(row.turnover, 3, signed=False), ""


FIRST: Final[tuple[Column[Row], ...]] = (
    Column(
        "session",
        "Session",
        10,
        lambda r: (text.iso(r.session), ""),
        lambda r: r.session,
        need=0,
        right=False,
        unit="date",
    ),
    Column("kind", "Change", 6, _kind, lambda r: r.kind, need=0, right=False, down=False, unit="text"),
)
PLACED: Final[tuple[Column[Row], ...]] = (
    Column(
        "ranks",
        "Rank",
        10,
        _ranks,
        lambda r: r.rank_after,
        need=2,
        down=False,
        unit="number",
        aliases=("rank_after",),
        copied=(("rank_before", lambda r: r.rank_before), ("rank_after", lambda r: r.rank_after)),
        numbers=("rank_after", "rank"),
    ),
    Column(
        "caps",
        "Cap",
        17,
        _caps,
        lambda r: r.market_cap_usd,
        need=7,
        unit="usd",
        aliases=("market_cap",),
        copied=(("cap_before", lambda r: r.market_cap_before_usd), ("cap", lambda r: r.market_cap_usd)),
        numbers=("market_cap_usd",),
    ),
    Column(
        "cut",
        "To cut",
        8,
        lambda r: (text.distance(distance(r)), ""),
        distance,
        need=3,
        unit="percent",
        numbers=("distance",),
    ),
    Column(
        "cut_usd",
        "To cut $",
        8,
        lambda r: (text.cap(distance_usd(r), signed=True), ""),
        distance_usd,
        need=10,
        unit="usd",
        numbers=("distance_usd",),
    ),
    Column("days", "Days", 5, lambda r: (text.count(r.days or None), ""), lambda r: r.days, need=5, unit="number"),
)
DAILY: Final[tuple[Column[Row], ...]] = (
    Column(
        "effect",
        "Effect",
        7,
        lambda r: _effect(r.effect_pr),
        lambda r: r.effect_pr,
        need=4,
        unit="bp",
        numbers=("effect_pr",),
    ),
    Column("effect_tr", "TR", 7, lambda r: _effect(r.effect_tr), lambda r: r.effect_tr, need=11, unit="bp"),
    Column("turnover", "Turnover", 8, _turnover, lambda r: r.turnover, need=8, unit="percent"),
)
COMPARED: Final[Column[Row]] = Column(
    "contribution",
    "Contrib",
    8,
    lambda r: (text.added(r.contribution, day=False), text.added_tone(r.contribution)),
    lambda r: r.contribution,
    need=4,
    unit="percent",
)
REASON: Final[Column[Row]] = Column(
    "reason",
    "Reason",
    8,
    _reason,
    lambda r: r.reason,
    need=6,
    right=False,
    down=False,
    most=24,
    unit="text",
    numbers=("reason",),
)


def columns(*, compared: bool, pins: Collection[str] = ()) -> list[Column[Row]]:
    """The columns: of a day, what a change did to the next session; of a comparison, what a company added."""
    names = name_columns(name_width=13, name_most=26, sector_need=9, pins=pins)
    return [*FIRST, *names, *PLACED, *([COMPARED] if compared else DAILY), REASON]
