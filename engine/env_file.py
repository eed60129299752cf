"""The file of settings, in the format of ``.env`` files: where it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Final

from engine.errors import SettingsError
from engine.setting import folder
from engine.small_file import read_small, why

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
    if not named:
        return default_env_file()
    try:
        return folder(named)
    except ValueError:
        raise SettingsError(
            f"{ENV_FILE_VARIABLE} in the environment names no file: {named!r}.", hint="give it the path of a file"
        ) from None


def read_env_file(flag: Path | None, env: Mapping[str, str]) -> dict[str, str]:
    """The values in the file of settings; a file that was asked for by name has to be there."""
    path = find_env_file(flag, env)
    if _is_there(path):
        return _parse_env_file(path)
    if flag is None and not env.get(ENV_FILE_VARIABLE):
        return {}
    raise SettingsError(f"There is no file of settings at {path}.", hint="flatcap config template prints one")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _parse_env_file(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        values = dotenv_values(stream=StringIO(read_small(path)), interpolate=False)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The file of settings {path} cannot be read: {why(error)}.",
            hint="it is a text file of NAME=value lines; flatcap config template prints one",
        ) from error
    return {name: value for name, value in values.items() if value is not None}
