"""A market whose every text was written by somebody who means harm, or who writes in another script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from engine.errors import DataError
from engine.views.types import PerformanceView
from tests.functional.fake_engine import FakeEngine, performance_view

T = TypeVar("T")

NASTY: Final = (
    "Esc \x1b[31mred\x1b[2J\x1b[H\x1b[?1049l Inc",
    "Clip \x1b]52;c;cHduZWQ=\x07 \x1b]8;;http://x.invalid\x1b\\link\x1b]8;;\x1b\\ \x1bP+q\x1b\\ Co",
    "C1 \x9b31m\x9d0;title\x9c\x90q\x9c \x85 NUL\x00 BEL\x07 BS\x08\x08 DEL\x7f",
    "Lines\r\nand\ttabs\x0b\x0c\u2028\u2029 Ltd",
    "[bold]Markup[/] [/] [@click=app.quit]x[/] [link=http://x.invalid]y[/link] $primary [b",
    "Bidi \u202eesrever\u202c \u2066iso\u2069 \u200f\u061c \u200bzero\u200d\ufeff",
    "Combining e\u0301\u0302\u0303\u0304 a\u0308 \u0300first \u0489\u20dd",
    "Emoji 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 ❤\ufe0f 1\ufe0f\u20e3 🇺🇸",
    "株式会社トヨタ自動車 한국전력 中国工商银行股份有限公司",
    "شركة أرامكو السعودية עברית",
    "X" * 300,
    "Surrogate \ud800\udfff end",
    "",
    "   ",
)
FREE: Final = frozenset(
    {"name", "sector", "industry", "exchange", "issuer", "source", "text", "title", "formula", "worked", "meaning"}
    | {"note", "gaps", "effect", "reason", "index"}
)
"""Fields that carry texts of others; every other one is a word of ours, by which a screen decides what to do."""
TICKERS: Final = {"EVIL": "E\x1b[7mV\u202e[/b]", "AAA": "株株株", "ETF1": "T" * 300, "FB": "\x07", "ILMN": "[bold]"}


def poisoned(answer: T, texts: cycle[str] | None = None) -> T:
    """The same answer with nasty texts in the place of every name and every sentence."""
    texts = texts or cycle(NASTY)
    if is_dataclass(answer) and not isinstance(answer, type):
        found = {one.name: getattr(answer, one.name) for one in fields(answer) if one.init}
        return cast(T, replace(answer, **{name: _field(name, value, texts) for name, value in found.items()}))
    if isinstance(answer, tuple) and not hasattr(answer, "_fields"):
        return cast(T, tuple(poisoned(item, texts) for item in answer))
    return answer


def _field(name: str, value: Any, texts: cycle[str]) -> Any:
    if isinstance(value, str):
        if name in ("ticker", "key"):
            return TICKERS.get(value, value)
        return next(texts) if name in FREE else value
    if name in FREE and isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return tuple(next(texts) for _ in value)
    if name == "benchmarks":
        return {NASTY[0] if symbol == "SPY" else symbol: closes for symbol, closes in value.items()}
    return poisoned(value, texts)


class HostileEngine(FakeEngine):
    """Answers as the engine of the tests does, in the words of somebody else. ``refused`` lets it refuse to build."""

    def __init__(self, history: PerformanceView | None = None) -> None:
        super().__init__(poisoned(history or performance_view()))
        self.export_failure = DataError(NASTY[0] + NASTY[4], hint=NASTY[1])

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return _poisoning(found) if name in ANSWERS else found


ANSWERS: Final = frozenset(
    {"metrics", "returns", "explain", "composition", "changes", "compare", "contributions", "bubble", "coverage"}
    | {"fetching", "plan_fetch", "stock", "names", "decide", "withdraw"}
)


def _poisoning(method: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*args: Any, **kwargs: Any) -> Any:
        return poisoned(method(*args, **kwargs))

    return ask


NASTY_FOLDER: Final = Path("/nonexistent/[b]\x1b[31m株\u202e[/]")
