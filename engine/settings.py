"""Settings: declared once, each with its origin (flag > environment > .env > default).

``SETTINGS`` is the registry that the command line, ``.env.example`` and the README's table are made from.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from engine.env_file import ENV_FILE_VARIABLE, find_env_file, read_env_file
from engine.errors import SettingsError

PREFIX: Final = "FLATCAP_"

SYMBOL: Final = r"[A-Z0-9^][A-Z0-9.^=-]{0,19}"
"""How vendors write symbols."""

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting that the engine reads. Built by ``load_settings``; tests build it directly.

    Attributes:
        data_dir: Folder of the store, ``flatcap.duckdb`` in it.
        index: Name of the index.
        index_size: N, the number of places.
        buffer: Ranks of grace on both sides of the cut; 0 is off.
        rebalance: ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        base_level: Level of the first session.
        cost_bps: Cost per side in basis points, for the net-of-cost level.
        risk_free: Yearly risk-free rate of Sharpe and alpha, a fraction.
        cap_band: Plausibility band of published caps as a factor; 0 is off.
        domicile: ``listed`` (every US-listed company) or ``us`` (US-domiciled companies only).
        provider: ``yahoo``, ``import`` (nothing is ever fetched) or ``demo``.
        universe_size: How many of the largest names are fetched.
        min_cap_usd: Smallest market cap that is fetched, USD.
        exchanges: Vendor's codes of the exchanges that are fetched.
        history_years: Years of history that a first fetch asks for.
        benchmarks: Vendor's symbols of the benchmarks.
        fx_pairs: Currency pairs, such as ``EURUSD``.
        requests_per_second: Pace of requests, all workers together; 0 for as fast as the vendor answers.
        workers: Requests under way at once.
        cache_mb: Memory for cached views, megabytes.
        log_level: Level of the log.
        theme: Theme of the app, ``auto`` for the one that the terminal shows well or that was chosen there.
        mouse: ``auto``, ``on`` or ``off``: whether the app takes the mouse.
        keymap: File of the keys of the app, None for the one in the config folder.
        origins: Setting name to the origin of its value: ``flag``, ``environment``, ``.env`` or ``default``.
    """

    data_dir: Path
    index: str = "top100"
    index_size: int = 100
    buffer: int = 0
    rebalance: str = "daily"
    base_level: float = 1000.0
    cost_bps: float = 0.0
    risk_free: float = 0.0
    cap_band: float = 2.0
    domicile: str = "listed"
    provider: str = "yahoo"
    universe_size: int = 250
    min_cap_usd: float = 2e10
    exchanges: tuple[str, ...] = ("NMS", "NYQ", "ASE")
    history_years: int = 5
    benchmarks: tuple[str, ...] = ("^GSPC", "^SP500TR", "RSP", "^IRX")
    fx_pairs: tuple[str, ...] = ("EURUSD",)
    requests_per_second: float = 1.5
    workers: int = 3
    cache_mb: int = 64
    log_level: str = "warning"
    theme: str = "auto"
    mouse: str = "auto"
    keymap: Path | None = None
    origins: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """The declaration of one setting.

    Attributes:
        name: Field of ``Settings``.
        default: Its default as a person would type it; empty where it depends on the machine.
        allowed: What is allowed, to end the sentence "allowed: ...".
        text: One sentence that explains it.
        parse: Text to value; raises ``ValueError`` for what is not allowed.
    """

    name: str
    default: str
    allowed: str
    text: str
    parse: Callable[[str], Any]

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return f"{PREFIX}{self.name.upper()}"


def _integer(name: str, default: int, low: int, high: int, text: str) -> Setting:
    def parse(raw: str) -> int:
        return _within(int(raw), low, high)

    return Setting(name, str(default), f"a whole number from {low:,} to {high:,}", text, parse)


def _number(name: str, default: float, low: float, high: float, text: str) -> Setting:
    def parse(raw: str) -> float:
        return _within(float(raw), low, high)

    return Setting(name, f"{default:g}", f"a number from {low:,g} to {high:,g}", text, parse)


def _choice(name: str, choices: tuple[str, ...], text: str, *, default: str = "") -> Setting:
    def parse(raw: str) -> str:
        if raw.lower() not in choices:
            raise ValueError(raw)
        return raw.lower()

    return Setting(name, default or choices[0], ", ".join(choices), text, parse)


def _words(name: str, default: str, pattern: str, allowed: str, text: str) -> Setting:
    """Words of a pattern between commas, each once; ``none`` is no word at all."""

    def parse(raw: str) -> tuple[str, ...]:
        if raw.strip().lower() == "none":
            return ()
        words = tuple(dict.fromkeys(word.strip().upper() for word in raw.split(",")))
        for word in words:
            if not re.fullmatch(pattern, word):
                raise ValueError(word)
        return words

    return Setting(name, default, f"{allowed}, between commas, or none", text, parse)


def _within(value: _Number, low: float, high: float) -> _Number:
    if not low <= value <= high:
        raise ValueError(value)
    return value


def _folder(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _file(raw: str) -> Path | None:
    return Path(raw).expanduser().absolute() if raw else None


def _index_name(raw: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", raw):
        raise ValueError(raw)
    return raw


def _band(raw: str) -> float:
    return 0.0 if float(raw) == 0 else _within(float(raw), 1.01, 1000)


SETTINGS: Final = (
    Setting("data_dir", "", "a folder", "Folder of the store.", _folder),
    Setting(
        "index",
        "top100",
        "1 to 32 of a-z, 0-9, - and _, a letter or digit first",
        "Name of the index; each name keeps its own history in the store.",
        _index_name,
    ),
    _integer("index_size", 100, 1, 10_000, "N, the number of places in the index."),
    _integer("buffer", 0, 0, 9_999, "Ranks of grace on both sides of the cut, below N; 0 is off."),
    _choice("rebalance", ("daily", "weekly", "monthly", "quarterly"), "How often weights are made equal again."),
    _number("base_level", 1000, 0.001, 1e9, "Level of the first session."),
    _number("cost_bps", 0, 0, 1000, "Cost per side in basis points, for the net-of-cost level."),
    _number("risk_free", 0, 0, 1, "Yearly risk-free rate of Sharpe and alpha: 0.04 is 4 %."),
    Setting(
        "cap_band",
        "2",
        "0 (off) or a number from 1.01 to 1,000",
        "Plausibility band: a published market cap that jumps by more than this factor is held back.",
        _band,
    ),
    _choice("domicile", ("listed", "us"), "Which companies count: every US-listed one, or only US-domiciled ones."),
    _choice(
        "provider",
        ("yahoo", "import", "demo"),
        "Where fetch and update take data from: Yahoo, nowhere (your own imported files only), or the demo market.",
    ),
    _integer("universe_size", 250, 100, 2_000, "How many of the largest US names are fetched."),
    _number("min_cap_usd", 2e10, 0, 1e13, "Smallest market cap that is fetched, USD."),
    _words(
        "exchanges",
        "NMS,NYQ,ASE",
        r"NMS|NGM|NCM|NYQ|ASE",
        "of NMS, NGM, NCM (Nasdaq), NYQ (NYSE) and ASE (NYSE American)",
        "Exchanges that are fetched.",
    ),
    _integer("history_years", 5, 1, 30, "Years of history that a first fetch asks for."),
    _words("benchmarks", "^GSPC,^SP500TR,RSP,^IRX", SYMBOL, "symbols", "Benchmarks that are fetched; ^IRX is a rate."),
    _words("fx_pairs", "EURUSD", r"[A-Z]{6}", "pairs such as EURUSD", "Currency pairs that are fetched."),
    _number("requests_per_second", 1.5, 0, 20, "Pace of requests to the vendor, all workers together; 0 is no limit."),
    _integer("workers", 3, 1, 8, "Requests to the vendor under way at once."),
    _integer("cache_mb", 64, 0, 65_536, "Memory for cached views, megabytes."),
    _choice(
        "log_level",
        ("debug", "info", "warning", "error", "critical"),
        "From which level on the log speaks.",
        default="warning",
    ),
    _choice(
        "theme",
        ("auto", "dark", "light", "high-contrast", "ansi-dark", "ansi-light"),
        "Theme of the app; auto: the one chosen there last, or else one that suits the terminal.",
    ),
    _choice(
        "mouse",
        ("auto", "on", "off"),
        "Whether the app takes the mouse; auto: as chosen there last, or else not over SSH.",
    ),
    Setting(
        "keymap", "", "a file", "File that gives other keys to the app; flatcap keys prints those in force.", _file
    ),
)


@dataclass(frozen=True, slots=True)
class _Given:
    """One value as typed, and where it was found."""

    raw: str
    origin: str
    place: str


def default_data_dir() -> Path:
    """The user's data folder for this program."""
    import platformdirs

    return Path(platformdirs.user_data_dir("flatcap", appauthor=False))


def default_state_dir() -> Path:
    """The user's folder for what the app remembers between two runs, and for what it leaves behind."""
    import platformdirs

    return Path(platformdirs.user_state_dir("flatcap", appauthor=False))


def load_settings(flags: Mapping[str, str | None], env: Mapping[str, str], *, env_file: Path | None = None) -> Settings:
    """Settings from flags, the environment and the file of settings, in this order of precedence.

    Args:
        flags: Setting name to the text of its flag, None where the flag was not given.
        env: The environment. An empty value counts as not set.
        env_file: The file named by ``--env-file``.

    Raises:
        SettingsError: A value is not allowed; it names the setting, the value, its place and what is allowed.
    """
    file = read_env_file(env_file, env)
    place = str(find_env_file(env_file, env)) if file else ""
    values: dict[str, Any] = {"data_dir": default_data_dir()}
    origins = dict.fromkeys((setting.name for setting in SETTINGS), "default")
    for setting in SETTINGS:
        given = _given(setting, flags, env, file, place)
        if given is not None:
            values[setting.name] = _parsed(setting, given)
            origins[setting.name] = given.origin
    return _consistent(Settings(**values, origins=origins))


def _given(
    setting: Setting,
    flags: Mapping[str, str | None],
    env: Mapping[str, str],
    file: Mapping[str, str],
    place: str,
) -> _Given | None:
    flag, variable = flags.get(setting.name), setting.variable
    if flag is not None:
        return _Given(flag, "flag", f"--{setting.name.replace('_', '-')}")
    if env.get(variable):
        return _Given(env[variable], "environment", f"{variable} in the environment")
    if file.get(variable):
        return _Given(file[variable], ".env", f"{variable} in {place}")
    return None


def _parsed(setting: Setting, given: _Given) -> Any:
    try:
        return setting.parse(given.raw.strip())
    except ValueError:
        raise SettingsError(
            f"The setting {setting.name} cannot be {given.raw!r} (from {given.place}).",
            hint=f"allowed: {setting.allowed}",
        ) from None


def _consistent(settings: Settings) -> Settings:
    if settings.buffer >= settings.index_size:
        raise SettingsError(
            f"The setting buffer cannot be {settings.buffer} (from {settings.origins['buffer']}) "
            f"with index_size {settings.index_size} (from {settings.origins['index_size']}).",
            hint=f"allowed: a whole number from 0 to {settings.index_size - 1:,}",
        )
    return settings


def demo_settings(settings: Settings) -> Settings:
    """The same settings for the synthetic market, which lives in a store of its own below the data folder."""
    return replace(settings, data_dir=settings.data_dir / "demo", provider="demo")


def strays(env: Mapping[str, str], file: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """``FLATCAP_*`` names that are no setting of this version, each with the nearest known name or ""."""
    known = [setting.variable for setting in SETTINGS] + [ENV_FILE_VARIABLE]
    words = [name.removeprefix(PREFIX) for name in known]
    for name in dict.fromkeys([*env, *file]):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name.removeprefix(PREFIX), words, n=1, cutoff=0.75)
            yield name, PREFIX + near[0] if near else ""


def env_template() -> str:
    """``.env.example``: every setting with its default, commented out."""
    lines = [
        "# Settings of flatcap. Precedence: flag > environment > this file > default.",
        "# Copy it to the place that `flatcap config path` prints as the settings file, or name it with",
        f"# --env-file or {ENV_FILE_VARIABLE}. The .env of the current folder is not read.",
    ]
    for setting in SETTINGS:
        lines += [
            "",
            f"# {setting.text}",
            f"# Allowed: {setting.allowed}.",
            f"#{setting.variable}={setting.default}",
        ]
    return "\n".join(lines) + "\n"
