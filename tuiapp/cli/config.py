"""``flatcap config``: where files live, and where each setting comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from engine.domain.fields import Field, Unit
from engine.env_file import find_env_file
from engine.indices import definitions_path
from engine.settings import SETTINGS, Settings, default_state_dir, demo_settings, env_template
from tuiapp import keymap
from tuiapp.cli import output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import format_option

CONFIG_FIELDS: Final = (
    Field("setting", "Setting", Unit.TEXT),
    Field("value", "Value", Unit.TEXT),
    Field("origin", "Origin", Unit.TEXT),
    Field("variable", "Variable", Unit.TEXT),
)
LOG_NAME: Final = "flatcap.log"
CACHE_NAME: Final = "cache"
"""Folder in the data folder for what the vendor's library keeps."""

PATH_FIELDS: Final = (
    Field("what", "What", Unit.TEXT),
    Field("path", "Path", Unit.TEXT),
)


INDICES: Final = """\
# Indices of flatcap, a table each. Copy this file to the place that `flatcap config path` prints as indices, or name
# it with FLATCAP_INDICES. What a table does not say is as the settings say; the index top100 is there without one.
# flatcap build computes all of them, flatcap show indices lists them, and --index NAME chooses one.

[top50]
title = "The 50 largest"
size = 50

[cap100]
title = "The 100 largest by market cap"
weighting = "cap"                # equal or cap
rebalance = "quarterly"          # daily, weekly, monthly or quarterly
buffer = 10                      # ranks of grace on both sides of the cut

[us20]
title = "The 20 largest of the US"
size = 20
sectors = []                     # [] is all; ["Technology"]: these alone, as your data name them
exchanges = ["NYSE", "NASDAQ"]   # of NYSE, NASDAQ and NYSE AMERICAN
domicile = "us"                  # listed: every US-listed company; us: US-domiciled ones only
cap_band = 2                     # a published market cap that jumps by more than this factor is held back; 0 is off
base_level = 100
base_date = 2024-01-02           # the first day that the index may begin on
cost_bps = 5                     # cost per side in basis points
"""
"""An example of a file of indices, in which every key stands once."""


@click.group(subcommand_metavar="COMMAND", no_args_is_help=False)
def config() -> None:
    """Say where files live and where each setting comes from."""


@config.command("path")
@format_option
@click.pass_obj
def config_path(invocation: Invocation, form: str) -> None:
    """Print the folders and files in use."""
    settings = invocation.as_typed()
    rows = [(what, str(path)) for what, path in _paths(invocation, settings).items()]
    if form == "table":
        output.lines(f"{what:14} {path}" for what, path in rows)
    else:
        output.emit(output.Table(PATH_FIELDS, rows), form)


def _paths(invocation: Invocation, settings: Settings) -> dict[str, Path]:
    state = default_state_dir()
    return {
        "data folder": settings.data_dir,
        "demo market": demo_settings(settings).data_dir,
        "settings file": find_env_file(invocation.env_file, invocation.world.environment()),
        "keymap": keymap.keymap_file(settings),
        "indices": definitions_path(settings),
        "state folder": state,
        "log": state / LOG_NAME,
        "cache folder": settings.data_dir / CACHE_NAME,
    }


@config.command("show")
@format_option
@click.pass_obj
def config_show(invocation: Invocation, form: str) -> None:
    """Print every setting with its value and where the value comes from."""
    settings = invocation.as_typed()
    output.emit(output.Table(CONFIG_FIELDS, [_setting_row(settings, name) for name in settings.origins]), form)


def _setting_row(settings: Settings, name: str) -> tuple[str, str, str, str]:
    files = {"keymap": keymap.keymap_file, "indices": definitions_path}
    value = files[name](settings) if name in files else getattr(settings, name)
    variable = next(setting.variable for setting in SETTINGS if setting.name == name)
    return name, _as_typed(value), settings.origins[name], variable


def _as_typed(value: object) -> str:
    """A value as a person would write it."""
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


@config.command("template")
@click.option("--indices", is_flag=True, help="Print a file that defines indices instead.")
def config_template(indices: bool) -> None:
    """Print a settings file with every setting, its default and what is allowed."""
    output.lines((INDICES if indices else env_template()).splitlines())
