"""``flatcap show``: every view as a table, CSV or JSON."""

from __future__ import annotations

from typing import Final

import click

from tuiapp.cli.verbs import Verbs

VIEWS: Final = {
    "performance": "tuiapp.cli.index_views:performance",
    "metrics": "tuiapp.cli.return_views:metrics",
    "months": "tuiapp.cli.return_views:months",
    "drawdowns": "tuiapp.cli.return_views:drawdowns",
    "days": "tuiapp.cli.return_views:days",
    "composition": "tuiapp.cli.index_views:composition",
    "bubble": "tuiapp.cli.index_views:bubble",
    "changes": "tuiapp.cli.index_views:changes",
    "contributions": "tuiapp.cli.index_views:contributions",
    "stock": "tuiapp.cli.index_views:stock",
    "indices": "tuiapp.cli.indices:indices",
    "coverage": "tuiapp.cli.data_views:coverage",
}
"""Name of every view and its place, in the order of the help."""


@click.group(cls=Verbs, places=VIEWS, subcommand_metavar="VIEW", no_args_is_help=False)
def show() -> None:
    """Print a view of the index as a table, CSV or JSON."""
