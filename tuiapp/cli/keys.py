"""``flatcap keys``: every key of the app as it is in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from engine.domain.fields import Field, Unit
from tuiapp import keymap, keys_in_force
from tuiapp.cli import output
from tuiapp.cli.invocation import Invocation
from tuiapp.cli.options import format_option
from tuiapp.scopes import SCOPES

FIELDS: Final = (
    Field("id", "Id", Unit.TEXT, text="What a keymap calls it."),
    Field("keys", "Keys", Unit.TEXT, text="The keys that do it, as a keymap writes them."),
    Field("scope", "Where", Unit.TEXT, text="Where they work."),
    Field("origin", "Origin", Unit.TEXT, text="default or keymap."),
    Field("does", "Does", Unit.TEXT, text="What it does."),
)


@click.command()
@format_option
@click.pass_obj
def keys(invocation: Invocation, form: str) -> None:
    """Print every key of the app, with the keys of your own that are in force."""
    keys_in_force.put_in_force(keymap.of_settings(invocation.as_typed()))
    output.emit(output.Table(FIELDS, _rows()), form)


def _rows() -> Iterable[tuple[str, ...]]:
    for key in keys_in_force.in_scopes(*SCOPES):
        origin = "keymap" if keys_in_force.is_changed(key) else "default"
        yield key.id, " ".join(key.keys) or "none", key.scope, origin, key.text
