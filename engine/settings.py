"""Settings: declared once, each with its origin (flag > environment > .env > default).

``SETTINGS`` is the registry that the command line, ``.env.example`` and the README's table are made from.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.env_file import ENV_FILE_VARIABLE, find_env_file, read_env_file
from engine.errors import SettingsError
from engine.setting import (
    INDEX_NAME_ALLOWED,
    PREFIX,
    SYMBOL,
    Setting,
    band,
    choice,
    day,
    exchange_list,
    file,
    folder,
    index_name,
    integer,
    number,
    sector_list,
    words,
)

if TYPE_CHECKING:
    from engine.indices import Definition

__all__ = [
    "PROVIDERS",
    "SETTINGS",
    "SYMBOL",
    "Setting",
    "Settings",
    "default_data_dir",
    "default_state_dir",
    "demo_settings",
    "env_template",
    "load_settings",
    "strays",
]

PROVIDERS: Final = ("yahoo", "import", "demo")
"""Where data may come from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, as in force for ``index``. Built by ``load_settings``; tests build it directly.

    Attributes:
        data_dir: Folder of the store, ``flatcap.duckdb`` in it.
        index: Name of the index.
        index_size: N, the number of places.
        buffer: Ranks of grace on both sides of the cut; 0 is off.
        weighting: ``equal`` or ``cap``.
        rebalance: ``daily``, ``weekly``, ``monthly`` or ``quarterly``.
        base_level: Level of the first session.
        base_date: First day that the index may begin on, None for the first session there is.
        cost_bps: Cost per side in basis points, for the net-of-cost level.
        risk_free: Yearly risk-free rate of Sharpe and alpha, a fraction.
        cap_band: Plausibility band of published caps as a factor; 0 is off.
        domicile: ``listed`` (every US-listed company) or ``us`` (US-domiciled companies only).
        index_sectors: Sectors that count, empty for all of them.
        index_exchanges: Exchanges that count, empty for all of them.
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
        wait_seconds: How long to wait for a store that another process holds, seconds.
        copies: How many last good copies are kept beside the store.
        log_level: From which level on the log file is told.
        theme: Theme of the app, ``auto`` for the one that the terminal shows well or that was chosen there.
        mouse: ``auto``, ``on`` or ``off``: whether the app takes the mouse.
        keymap: File of the keys of the app, None for the one in the config folder.
        indices: File of the definitions of indices, None for the one in the config folder.
        origins: Setting name to the origin of its value: ``flag``, ``environment``, ``.env``, ``default``, or the name
            of the file of definitions.
        title: What the definition of the index calls it.
        definitions: The indices that the file defines, by name.
        covered: What the definition of ``index`` stands in the place of: setting name to its value and its origin.
    """

    data_dir: Path
    index: str = "top100"
    index_size: int = 100
    buffer: int = 0
    weighting: str = "equal"
    rebalance: str = "daily"
    base_level: float = 1000.0
    base_date: date | None = None
    cost_bps: float = 0.0
    risk_free: float = 0.0
    cap_band: float = 2.0
    domicile: str = "listed"
    index_sectors: tuple[str, ...] = ()
    index_exchanges: tuple[str, ...] = ()
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
    wait_seconds: float = 30.0
    copies: int = 2
    log_level: str = "info"
    theme: str = "auto"
    mouse: str = "auto"
    keymap: Path | None = None
    indices: Path | None = None
    origins: dict[str, str] = field(default_factory=dict)
    title: str = ""
    definitions: dict[str, Definition] = field(default_factory=dict)
    covered: dict[str, tuple[Any, str]] = field(default_factory=dict)


SETTINGS: Final = (
    Setting("data_dir", "", "a folder", "Folder of the store.", folder),
    Setting(
        "index",
        "top100",
        INDEX_NAME_ALLOWED,
        "Name of the index; each name keeps its own history in the store.",
        index_name,
    ),
    integer("index_size", 100, 1, 10_000, "N, the number of places in the index."),
    integer("buffer", 0, 0, 9_999, "Ranks of grace on both sides of the cut, below N; 0 is off."),
    choice("weighting", ("equal", "cap"), "Weights at a rebalancing: equal, or in proportion to the market caps."),
    choice(
        "rebalance", ("daily", "weekly", "monthly", "quarterly"), "How often members and weights are decided again."
    ),
    number("base_level", 1000, 0.001, 1e9, "Level of the first session."),
    Setting(
        "base_date",
        "",
        "a day written YYYY-MM-DD",
        "First day that the index may begin on; empty: the first session with data.",
        day,
    ),
    number("cost_bps", 0, 0, 1000, "Cost per side in basis points, for the net-of-cost level."),
    number("risk_free", 0, 0, 1, "Yearly risk-free rate of Sharpe and alpha: 0.04 is 4 %."),
    Setting(
        "cap_band",
        "2",
        "0 (off) or a number from 1.01 to 1,000",
        "Plausibility band: a published market cap that jumps by more than this factor is held back.",
        band,
    ),
    choice("domicile", ("listed", "us"), "Which companies count: every US-listed one, or only US-domiciled ones."),
    Setting(
        "index_sectors",
        "none",
        "names of sectors, between commas, or none",
        "The index takes companies of these sectors only; none is no filter.",
        sector_list,
    ),
    Setting(
        "index_exchanges",
        "none",
        "of NYSE, NASDAQ and NYSE AMERICAN (or AMEX), between commas, or none",
        "The index takes stocks listed on these exchanges only; none is no filter.",
        exchange_list,
    ),
    choice(
        "provider",
        PROVIDERS,
        "Where fetch and update take data from: Yahoo, nowhere (your own imported files only), or the demo market.",
    ),
    integer("universe_size", 250, 100, 2_000, "How many of the largest US names are fetched."),
    number("min_cap_usd", 2e10, 0, 1e13, "Smallest market cap that is fetched, USD."),
    words(
        "exchanges",
        "NMS,NYQ,ASE",
        r"NMS|NGM|NCM|NYQ|ASE",
        "of NMS, NGM, NCM (Nasdaq), NYQ (NYSE) and ASE (NYSE American)",
        "Exchanges that are fetched.",
    ),
    integer("history_years", 5, 1, 30, "Years of history that a first fetch asks for."),
    words("benchmarks", "^GSPC,^SP500TR,RSP,^IRX", SYMBOL, "symbols", "Benchmarks that are fetched; ^IRX is a rate."),
    words("fx_pairs", "EURUSD", r"[A-Z]{6}", "pairs such as EURUSD", "Currency pairs that are fetched."),
    number("requests_per_second", 1.5, 0, 20, "Pace of requests to the vendor, all workers together; 0 is no limit."),
    integer("workers", 3, 1, 8, "Requests to the vendor under way at once."),
    integer("cache_mb", 64, 0, 65_536, "Memory for cached views, megabytes."),
    number("wait_seconds", 30, 0, 3600, "How long to wait for a store that another process holds, seconds."),
    integer(
        "copies", 2, 0, 9, "How many last good copies are kept beside the store after its data changed; 0 is none."
    ),
    choice(
        "log_level",
        ("debug", "info", "warning", "error", "critical"),
        "From which level on the log file is told.",
        default="info",
    ),
    choice(
        "theme",
        ("auto", "dark", "light", "high-contrast", "ansi-dark", "ansi-light"),
        "Theme of the app; auto: the one chosen there last, or else one that suits the terminal.",
    ),
    choice(
        "mouse",
        ("auto", "on", "off"),
        "Whether the app takes the mouse; auto: as chosen there last, or else not over SSH.",
    ),
    Setting("keymap", "", "a file", "File that gives other keys to the app; flatcap keys prints those in force.", file),
    Setting(
        "indices",
        "",
        "a file",
        "File that defines indices; flatcap config template --indices prints an example.",
        file,
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

    What the file of indices says of the index that is chosen goes before all of them.

    Args:
        flags: Setting name to the text of its flag, None where the flag was not given.
        env: The environment. An empty value counts as not set.
        env_file: The file named by ``--env-file``.

    Raises:
        SettingsError: A value is not allowed; it names the setting, the value, its place and what is allowed.
    """
    from engine.indices import in_force

    stored = read_env_file(env_file, env)
    place = str(find_env_file(env_file, env)) if stored else ""
    values: dict[str, Any] = {"data_dir": default_data_dir()}
    origins = dict.fromkeys((setting.name for setting in SETTINGS), "default")
    for setting in SETTINGS:
        given = _given(setting, flags, env, stored, place)
        if given is not None:
            values[setting.name] = _parsed(setting, given)
            origins[setting.name] = given.origin
    return in_force(Settings(**values, origins=origins))


def _given(
    setting: Setting,
    flags: Mapping[str, str | None],
    env: Mapping[str, str],
    stored: Mapping[str, str],
    place: str,
) -> _Given | None:
    flag, variable = flags.get(setting.name), setting.variable
    if flag is not None:
        return _Given(flag, "flag", f"--{setting.name.replace('_', '-')}")
    if env.get(variable):
        return _Given(env[variable], "environment", f"{variable} in the environment")
    if stored.get(variable):
        return _Given(stored[variable], ".env", f"{variable} in {place}")
    return None


def _parsed(setting: Setting, given: _Given) -> Any:
    try:
        return setting.parse(given.raw.strip())
    except ValueError:
        raise SettingsError(
            f"The setting {setting.name} cannot be {given.raw!r} (from {given.place}).",
            hint=f"allowed: {setting.allowed}",
        ) from None


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
