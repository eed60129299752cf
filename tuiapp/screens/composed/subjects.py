"""Which numbers of a row can be asked about."""

from __future__ import annotations

from datetime import date
from typing import Final

from engine.views.analysis import ContributionRow, ContributionView
from engine.views.explain.catalog import OF_THE_INDEX, explainable
from engine.views.explanation import Subject
from engine.views.types import CompositionRow
from tuiapp.format import plain

Labelled = tuple[str, Subject]
MOST_OF_A_SECTOR: Final = 12
UNKNOWN: Final = "Unknown"


def of_member(row: CompositionRow, session: date) -> list[Labelled]:
    """The numbers of a row of the ranking, and those of all of it."""
    return [
        _labelled(label, Subject("composition", key, session, "" if key in OF_THE_INDEX else row.ticker))
        for key, label in _fields("composition")
    ]


def of_contribution(row: ContributionRow, view: ContributionView, period: str, start: date | None) -> list[Labelled]:
    """The numbers of a company's row, and those of all of them."""
    return [
        _labelled(label, _added(key, "" if key in OF_THE_INDEX else row.ticker, view, period, start))
        for key, label in _fields("contributions")
    ]


def of_sector(sector: str, view: ContributionView, period: str, start: date | None) -> list[Labelled]:
    """The numbers of a sector, then its companies, those that moved it most first."""
    own = [
        (f"{plain(sector)} {label}", Subject("sectors", key, view.last, sector, period, view.series, start=start))
        for key, label in _fields("sectors")
    ]
    rows = sorted((row for row in view.rows if (row.sector or UNKNOWN) == sector), key=_moved)
    companies = (_added("contribution", row.ticker, view, period, start) for row in rows[:MOST_OF_A_SECTOR])
    return [*own, *(_labelled("", company) for company in companies)]


def _added(key: str, ticker: str, view: ContributionView, period: str, start: date | None) -> Subject:
    return Subject("contributions", key, view.last, ticker, period, view.series, start=start)


def _fields(view: str) -> list[tuple[str, str]]:
    return [(field.key, field.label) for field in explainable(view)]


def _labelled(label: str, subject: Subject) -> Labelled:
    return f"{plain(subject.ticker)} {label}".strip(), subject


def _moved(row: ContributionRow) -> float:
    return -abs(row.contribution)
