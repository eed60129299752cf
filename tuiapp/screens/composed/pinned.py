"""Rows of pinned companies in a group of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from tuiapp import format as text
from tuiapp.screens.name_columns import Named
from tuiapp.widgets.row_table import Group

R = TypeVar("R", bound=Named)
TITLE: Final = "pinned"


def pinned_first(groups: Sequence[Group[R]], pins: Collection[str], rest: str) -> list[Group[R]]:
    """The groups without the rows of pinned companies, which come before them with the tone of their own group.

    Args:
        groups: All rows.
        pins: Tickers that are pinned; those that have no row here are told.
        rest: What stands above the first group, if anything is pinned.
    """
    here = {row.ticker for group in groups for row in group.rows if row.ticker in pins}
    if not here:
        return list(groups)
    missing = [text.plain(ticker) for ticker in pins if ticker not in here]
    title = f"{TITLE} · not here: {', '.join(missing)}" if missing else TITLE
    own = [Group([row for row in group.rows if row.ticker in here], "", group.tone) for group in groups]
    own = [group for group in own if group.rows]
    others = [replace(group, rows=[row for row in group.rows if row.ticker not in here]) for group in groups]
    others[0] = replace(others[0], divider=others[0].divider or rest)
    return [replace(own[0], divider=title), *own[1:], *others]
