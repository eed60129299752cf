"""Examples of every verb, declared once: its help and the README show them, and a test runs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Example:
    """One command line to paste.

    Attributes:
        says: What it is for, as a comment above it.
        line: The command line.
    """

    says: str
    line: str


_DEMO: Final = "flatcap --provider demo"

EXAMPLES: Final[dict[str, tuple[Example, ...]]] = {
    "": (Example("the app; without a terminal, a summary", "flatcap"),),
    "demo": (
        Example("look around in a market that is made up, offline", "flatcap demo"),
        Example("the same as a text", "flatcap demo --headless"),
    ),
    "update": (
        Example("the line for cron", "flatcap update"),
        Example("only say what would be asked, and how long it takes", "flatcap update --plan"),
    ),
    "fetch": (
        Example("at least three years of history", "flatcap fetch --since -3y"),
        Example("two names anew, whatever is stored", "flatcap fetch --symbols AAPL,BRK-B --full"),
    ),
    "import": (
        Example("files of your own; their kind is found by their columns", "flatcap import prices.csv market-caps.csv"),
        Example("all files of a folder, prices adjusted for splits", "flatcap import my-data --prices split-adjusted"),
    ),
    "build": (
        Example("what is new or changed", "flatcap build"),
        Example("one index, from its first session on", "flatcap build --index top50 --full"),
    ),
    "show performance": (
        Example("this year", f"{_DEMO} show performance --from ytd"),
        Example("all of 2025 with full precision", f"{_DEMO} show performance --from 2025 --to 2025 --format csv"),
        Example("what the level of the last session is made of", f"{_DEMO} show performance --explain level_pr"),
    ),
    "show metrics": (
        Example("every period", f"{_DEMO} show metrics"),
        Example("two years as one period, for a program", f"{_DEMO} show metrics --from 2024 --to 2025 --format json"),
    ),
    "show months": (Example("total return by month and year", f"{_DEMO} show months --series TR"),),
    "show drawdowns": (Example("the deepest falls of three years", f"{_DEMO} show drawdowns --from -3y"),),
    "show days": (Example("the best and the worst days of this year", f"{_DEMO} show days --from ytd"),),
    "show composition": (
        Example("the members of a year ago", f"{_DEMO} show composition --as-of -1y"),
        Example(
            "today's, through a program that reads JSON",
            f"{_DEMO} show composition --format json | python3 -m json.tool",
        ),
        Example("where a market cap comes from", f"{_DEMO} show composition --explain DPSL:market_cap_usd"),
    ),
    "show bubble": (Example("three ranks on either side of the cut", f"{_DEMO} show bubble --width 3"),),
    "show changes": (
        Example("the last month", f"{_DEMO} show changes --from -1m"),
        Example(
            "a quarter, with all that led to each change",
            f"{_DEMO} show changes --from 2025-01 --to 2025-03 --why",
        ),
    ),
    "show contributions": (
        Example("the five best and the five worst of this year", f"{_DEMO} show contributions --period YTD --top 5"),
        Example("by sector, over two weeks", f"{_DEMO} show contributions --from -2w --by sector"),
    ),
    "show stock": (
        Example("ten days of one name", f"{_DEMO} show stock DPSL --from -10d"),
        Example("all of it, an object a line", f"{_DEMO} show stock DPSL --format jsonl"),
    ),
    "show coverage": (
        Example("what is stored", f"{_DEMO} show coverage"),
        Example("what was found in it", f"{_DEMO} show coverage --findings"),
        Example("who changed it, and when", f"{_DEMO} show coverage --audit"),
    ),
    "show indices": (Example("every index that is defined, and where it stands", f"{_DEMO} show indices"),),
    "export": (
        Example("the workbook of this year", f"{_DEMO} export --from ytd"),
        Example("one table, to a file of its own", f"{_DEMO} export levels.csv --as-of 2025"),
    ),
    "decide accept-cap": (
        Example("the cap of that day is right, however far it jumped", f"{_DEMO} decide accept-cap GLYF 2022-09-12"),
    ),
    "decide final-price": (
        Example("its shares were worth nothing in the end", f"{_DEMO} decide final-price UPLQ 2023-10-20 0"),
    ),
    "decide rename": (Example("YODG goes by YODL from that day on", f"{_DEMO} decide rename YODG YODL 2025-01-21"),),
    "decide issuer": (
        Example("both are lines of one company, and take one place", f"{_DEMO} decide issuer DRFT 'Detergon Group'"),
    ),
    "decide list": (Example("what was decided, to mend it or to take it back", f"{_DEMO} decide list"),),
    "doctor": (
        Example("is all well?", "flatcap doctor"),
        Example("the same for a program", "flatcap doctor --json"),
        Example("mend what can be mended, after a copy of the store", "flatcap doctor --repair"),
    ),
    "backup": (Example("a whole copy of the store", "flatcap backup market.duckdb"),),
    "restore": (Example("put it back; what was there is kept beside it", "flatcap restore market.duckdb"),),
    "config path": (Example("where everything is kept", "flatcap config path"),),
    "config show": (
        Example("every setting, and where it comes from", "flatcap config show"),
        Example("those of another index", "flatcap config show --index top50 --format csv"),
    ),
    "config template": (
        Example("a file of settings to begin with", "flatcap config template > .env"),
        Example("a file of indices to begin with", "flatcap config template --indices > indices.toml"),
    ),
    "keys": (Example("every key, those of your own keymap too", "flatcap keys"),),
    "completion": (
        Example("for bash", "flatcap completion bash > ~/.local/share/bash-completion/completions/flatcap"),
        Example("for zsh, where ~/.zfunc is in $fpath", "flatcap completion zsh > ~/.zfunc/_flatcap"),
        Example("for fish", "flatcap completion fish > ~/.config/fish/completions/flatcap.fish"),
    ),
}
"""Verb, as ``show composition``, to its examples; ``""`` is the program without a verb."""


def examples_of(verb: str) -> tuple[Example, ...]:
    """The examples of a verb."""
    return EXAMPLES.get(verb, ())
