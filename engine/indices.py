"""Indices that a person defines in a file: one table of TOML each, over the settings that count for all of them.

``Settings`` are always those in force for one index; ``of_index`` gives the same for another one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from engine.env_file import default_config_dir
from engine.errors import SettingsError
from engine.setting import INDEX_NAME_ALLOWED, Setting, index_name
from engine.settings import SETTINGS, Settings
from engine.small_file import read_small, read_toml, why

if TYPE_CHECKING:
    from engine.index.rules import Rules

DEFAULT_INDEX: Final = "top100"
"""The index that is always there."""

PLACES: Final = {
    "flag": "--index",
    "environment": "FLATCAP_INDEX in the environment",
    ".env": "FLATCAP_INDEX in the file of settings",
}
"""Origin of the name of an index to where it is typed."""

TITLE: Final = "title"
TITLE_WIDTH: Final = 60

KEYS: Final = {
    "size": "index_size",
    "weighting": "weighting",
    "rebalance": "rebalance",
    "buffer": "buffer",
    "sectors": "index_sectors",
    "exchanges": "index_exchanges",
    "domicile": "domicile",
    "cap_band": "cap_band",
    "base_level": "base_level",
    "base_date": "base_date",
    "cost_bps": "cost_bps",
}
"""Key of a definition to the setting that it stands in the place of."""

_DECLARED: Final = {setting.name: setting for setting in SETTINGS}
_LISTS: Final = ("sectors", "exchanges")
_NUMBERS: Final = ("cap_band", "base_level", "cost_bps")
_WHOLE: Final = ("size", "buffer")


@dataclass(frozen=True, slots=True)
class Definition:
    """What a file says of one index.

    Attributes:
        name: Name of the index.
        path: The file.
        title: What people call it, empty where the file does not say.
        values: Setting name to its value; settings that the file does not name are as they are set.
    """

    name: str
    path: Path
    title: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def definitions_path(settings: Settings) -> Path:
    """The file of definitions: the one that is set, or else the one in the config folder."""
    return settings.indices or default_config_dir() / "indices.toml"


def read_definitions(path: Path) -> dict[str, Definition]:
    """The indices of a file, by name, in its order.

    Raises:
        SettingsError: The file cannot be read, or says what is not allowed; it names the index, the key, the value
            and what is allowed.
    """
    return {name: _definition(path, name, table) for name, table in _tables(path).items()}


def names(settings: Settings) -> tuple[str, ...]:
    """The indices there are, the default first; without definitions, the one that is chosen."""
    if not settings.definitions:
        return (settings.index,)
    return tuple(dict.fromkeys((DEFAULT_INDEX, *settings.definitions)))


def of_index(settings: Settings, name: str) -> Settings:
    """The settings in force for an index.

    Raises:
        SettingsError: There are definitions, and none of them has this name.
    """
    known = names(settings)
    if settings.definitions and name not in known:
        raise _unknown(settings, name, known)
    bare = _bare(settings)
    origins = bare.origins if name == settings.index else {**bare.origins, "index": "chosen"}
    definition = settings.definitions.get(name)
    if definition is None:
        return replace(bare, index=name, origins=origins)
    return replace(
        bare,
        **definition.values,
        index=name,
        title=definition.title,
        covered={key: (getattr(bare, key), bare.origins.get(key, "default")) for key in definition.values},
        origins={**origins, **dict.fromkeys(definition.values, definition.path.name)},
    )


def rules_of(settings: Settings) -> Rules:
    """The rules of the index that the settings are in force for."""
    from engine.index.rules import Rules, sector_key

    return Rules(
        size=settings.index_size,
        buffer=settings.buffer,
        rebalance=settings.rebalance,
        base_level=settings.base_level,
        cap_band=settings.cap_band,
        domicile=settings.domicile,
        weighting=settings.weighting,
        sectors=frozenset(map(sector_key, settings.index_sectors)),
        exchanges=frozenset(settings.index_exchanges),
        base_date=settings.base_date,
    )


def in_force(settings: Settings) -> Settings:
    """Settings with the definitions of their file, in force for their index; every definition is looked at."""
    path = definitions_path(settings)
    found = read_definitions(path) if settings.indices or _is_there(path) else {}
    defined = replace(settings, definitions=found)
    chosen = of_index(defined, settings.index)
    for name in names(defined):
        _check_buffer(of_index(defined, name))
    return chosen


def _bare(settings: Settings) -> Settings:
    """The settings without the definition of their index."""
    values = {name: value for name, (value, _) in settings.covered.items()}
    origins = {name: origin for name, (_, origin) in settings.covered.items()}
    return replace(settings, **values, origins={**settings.origins, **origins}, title="", covered={})


def _unknown(settings: Settings, name: str, known: tuple[str, ...]) -> SettingsError:
    near = difflib.get_close_matches(name, known, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return SettingsError(
        f"There is no index {name!r}{_from(settings, name)} in {definitions_path(settings)}.",
        hint=f"{guess}there are: {', '.join(known)}",
    )


def _from(settings: Settings, name: str) -> str:
    """Where the name of an index was typed, empty for one that is asked for otherwise."""
    place = PLACES.get(settings.origins.get("index", "")) if name == settings.index else None
    return f" (from {place})" if place else ""


def _check_buffer(settings: Settings) -> None:
    size, buffer, origins = settings.index_size, settings.buffer, settings.origins
    if buffer >= size:
        where = f" for the index {settings.index} of {definitions_path(settings)}" if settings.definitions else ""
        raise SettingsError(
            f"The setting buffer cannot be {buffer} (from {origins['buffer']}) "
            f"with index_size {size} (from {origins['index_size']}){where}.",
            hint=f"allowed: a whole number from 0 to {size - 1:,}",
        )


# -- the file


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _tables(path: Path) -> dict[str, Any]:
    try:
        return read_toml(read_small(path))
    except FileNotFoundError:
        raise SettingsError(
            f"There is no file of indices at {path}.", hint="flatcap config template --indices prints one"
        ) from None
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The file of indices {path} cannot be read: {why(error)}.",
            hint="it is a text file with a table [name] for each index; flatcap config template --indices prints one",
        ) from error


def _definition(path: Path, name: str, table: Any) -> Definition:
    if not isinstance(table, dict):
        raise SettingsError(
            f"{path}: {name} = {table!r} stands outside of an index.", hint="write it below the name of one: [top50]"
        )
    try:
        index_name(name)
    except ValueError:
        raise SettingsError(
            f"{path}: {name!r} cannot be the name of an index.", hint=f"allowed: {INDEX_NAME_ALLOWED}"
        ) from None
    values = {KEYS[key]: _value(path, name, key, raw) for key, raw in table.items() if _known(path, name, key)}
    return Definition(name, path, _title(path, name, table.get(TITLE, "")), values)


def _known(path: Path, name: str, key: str) -> bool:
    """Whether a key is that of a setting; only the title is none."""
    if key in KEYS or key == TITLE:
        return key != TITLE
    known = (TITLE, *KEYS)
    near = difflib.get_close_matches(key, known, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    raise SettingsError(f"{path}: the index {name} has no key {key!r}.", hint=f"{guess}allowed: {', '.join(known)}")


def _title(path: Path, name: str, raw: Any) -> str:
    if not isinstance(raw, str):
        _refuse(path, name, TITLE, raw, "text between quotes")
    plain = "".join(char for char in raw if char.isprintable() or char.isspace())
    return " ".join(plain.split())[:TITLE_WIDTH]


def _value(path: Path, name: str, key: str, raw: Any) -> Any:
    setting = _DECLARED[KEYS[key]]
    as_text = _as_text(key)
    try:
        return setting.parse(as_text(raw))
    except ValueError:
        _refuse(path, name, key, raw, _allowed(key, setting))


def _refuse(path: Path, name: str, key: str, raw: Any, allowed: str) -> NoReturn:
    raise SettingsError(f"{path}: the index {name} cannot have {key} = {_shown(raw)}.", hint=f"allowed: {allowed}")


def _shown(raw: Any) -> str:
    return raw.isoformat() if isinstance(raw, date) else repr(raw)


def _allowed(key: str, setting: Setting) -> str:
    between = ", between commas, or none"
    return f"a list [...] {setting.allowed.replace(between, '')}" if key in _LISTS else setting.allowed


def _as_text(key: str) -> Callable[[Any], str]:
    if key in _LISTS:
        return _list_text
    if key in _WHOLE:
        return lambda raw: _of_kind(raw, int)
    if key in _NUMBERS:
        return lambda raw: _of_kind(raw, int, float)
    return _day_text if key == "base_date" else lambda raw: _of_kind(raw, str)


def _of_kind(raw: Any, *kinds: type) -> str:
    """A value of one of these types as text; true and false are no numbers."""
    if isinstance(raw, bool) or not isinstance(raw, kinds) or raw == "":
        raise ValueError(raw)
    return str(raw)


def _day_text(raw: Any) -> str:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw.isoformat()
    return _of_kind(raw, str)


def _list_text(raw: Any) -> str:
    """Words with commas between them, ``none`` for an empty list; a word with a comma of its own is refused."""
    if not isinstance(raw, list):
        raise ValueError(raw)
    for word in raw:
        if "," in _of_kind(word, str):
            raise ValueError(word)
    return ",".join(raw) or "none"
