"""The file of settings, in the format of ``.env`` files: where it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.errors import SettingsError

ENV_FILE_VARIABLE: Final = "FLATCAP_ENV_FILE"


def default_config_dir() -> Path:
    """The user's folder for the settings of this program."""
    import platformdirs

    return Path(platformdirs.user_config_dir("flatcap", appauthor=False))


def default_env_file() -> Path:
    """The file of settings that is read when no other is named."""
    return default_config_dir() / ".env"


def find_env_file(flag: Path | None, env: Mapping[str, str]) -> Path:
    """The file of settings: ``--env-file``, else ``FLATCAP_ENV_FILE``, else the one in the config folder.

    The ``.env`` of the folder one happens to stand in is never read: it usually belongs to another program.
    """
    if flag is not None:
        return flag
    named = env.get(ENV_FILE_VARIABLE, "")
    return Path(named).expanduser() if named else default_env_file()


def read_env_file(flag: Path | None, env: Mapping[str, str]) -> dict[str, str]:
    """The values in the file of settings; a file that was asked for by name has to be there."""
    path = find_env_file(flag, env)
    try:
        found = path.is_file()
    except OSError:
        found = False
    if found:
        return _parse_env_file(path)
    if flag is None and not env.get(ENV_FILE_VARIABLE):
        return {}
    raise SettingsError(f"There is no file of settings at {path}.", hint="flatcap config template prints one")


def _parse_env_file(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The file of settings {path} cannot be read: {error}.",
            hint="it is a text file of NAME=value lines; flatcap config template prints one",
        ) from error
    return {name: value for name, value in values.items() if value is not None}
