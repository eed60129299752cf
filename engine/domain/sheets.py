"""The sheets of an export, declared once: the workbook, the command line, the dialog and the README walk them."""

from __future__ import annotations

from typing import Final

SHEETS: Final[dict[str, str]] = {
    "summary_metrics": "Metrics by period, price return and total return, alone and against benchmarks.",
    "index_performance": "Levels, returns and turnover by session, with benchmarks, charts and a check.",
    "daily_composition": "The members decided at the close of each session.",
    "composition_changes": "Additions and deletions, session by session, and what led to them.",
    "contributions": "What each company added to the return of the exported sessions: the rows of a series sum to it.",
    "sector_contributions": "What each sector added, likewise.",
    "sector_weights": "The weight of each sector at the last session of each month, with a chart.",
    "monthly_returns": "Returns by month and year.",
    "drawdowns": "The deepest falls of the exported sessions.",
    "days": "The best and the worst days of the exported sessions.",
    "data_quality": "What was found in the data, most severe first, and what it did to the index.",
    "provenance": "Versions, settings, sources and the meaning of every column.",
}
"""Name of every sheet, in the order of the workbook, and one sentence that says what it holds."""

DEFAULT_TABLE: Final = "index_performance"
"""The table that goes into a file of one table when none is asked for."""
