"""``flatcap show``: every view as a table, CSV or JSON."""

from __future__ import annotations

import click

from tuiapp.cli import data_views, index_views, return_views


@click.group(subcommand_metavar="VIEW", no_args_is_help=False)
def show() -> None:
    """Print a view of the index as a table, CSV or JSON."""


for view in (
    index_views.performance,
    return_views.metrics,
    return_views.months,
    return_views.drawdowns,
    return_views.days,
    index_views.composition,
    index_views.bubble,
    index_views.changes,
    index_views.contributions,
    index_views.stock,
    data_views.coverage,
):
    show.add_command(view)
