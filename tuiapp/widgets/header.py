"""Two lines that say which index, which session and how far they can be trusted."""

from __future__ import annotations

from typing import Final

from engine.views.types import IndexStatus
from tuiapp import format as text
from tuiapp.market import Market
from tuiapp.widgets.line import LineWidget, Part, spread, width_of

SPARK_SESSIONS: Final = 60
NARROW: Final = 70


class Header(LineWidget):
    """Index, level, day change, coverage and source; as-of session, sparkline and screens."""

    def __init__(self, market: Market, screens: list[tuple[str, str]], index: str) -> None:
        super().__init__(id="header")
        self._market = market
        self._screens = screens
        self._index = index
        self._active = ""
        self._total = False
        self._shown: tuple[str, bool, int] | None = None

    def show(self, active: str, *, total: bool) -> None:
        """Mark the screen that is shown, and choose the series of the level."""
        shown = (active, total, self._market.mark)
        if shown != self._shown:
            self._shown = shown
            self._active, self._total = active, total
            self.refresh()

    def lines(self) -> list[list[Part]]:
        """What, then when."""
        return [self._what(self.size.width), self._when(self.size.width)]

    def _what(self, width: int) -> list[Part]:
        if not self._market.known:
            return [(f" flatcap {self._index}", "strong")]
        status = self._market.status
        left = [(f" {text.plain(status.index)}", "strong"), *self._level(status), *_trust(status, short=width < NARROW)]
        return spread(left, [(" SYNTHETIC ", "badge")] if status.synthetic else [], width)

    def _level(self, status: IndexStatus) -> list[Part]:
        value, change = (status.level_tr, status.return_tr) if self._total else (status.level_pr, status.return_pr)
        return [
            (f" {'TR' if self._total else 'PR'} ", "muted"),
            (text.level(value), "strong"),
            (f" {text.arrow(change)} {text.percent(change)}", text.tone(change)),
        ]

    def _when(self, width: int) -> list[Part]:
        if not self._market.known:
            return spread([], self._tabs(width), width)
        left = [(" as of ", "muted"), (self._date(width), "strong")]
        if self._market.before_latest:
            left.append((f" ◂{self._market.before_latest:,}", "accent"))
        if self._market.status.backfilled:
            left += [(" ", ""), (" back-filled ", "badge")]
        tabs = self._tabs(width - width_of(left))
        room = min(SPARK_SESSIONS // 2, width - width_of(left) - width_of(tabs) - 3)
        if room >= 8:
            left.append(("  " + self._spark(room), "gain"))
        return spread(left, tabs, width)

    def _date(self, width: int) -> str:
        session = self._market.session
        return text.iso(session) if width < NARROW else text.weekday(session)

    def _spark(self, room: int) -> str:
        view, end = self._market.history, self._market.place + 1
        levels = view.level_tr if self._total else view.level_pr
        return text.spark(levels[max(0, end - SPARK_SESSIONS) : end], room)

    def _tabs(self, room: int) -> list[Part]:
        """The screens with their keys; where that is too much, only the keys of those that are not shown."""
        whole = [(f" {key} {title} ", title) for key, title in self._screens]
        if sum(len(text) for text, _ in whole) > room:
            whole = [(text if title == self._active else text[:3], title) for text, title in whole]
        return [(text, "cursor" if title == self._active else "muted") for text, title in whole]


def _trust(status: IndexStatus, *, short: bool) -> list[Part]:
    whole = status.priced == status.held
    parts: list[Part] = [
        ("  ", ""),
        (f"{status.priced}/{status.held}", "muted" if whole else "warn"),
        ("" if short else " priced", "muted"),
    ]
    missing = status.names_have < status.names_wanted
    if missing:
        parts.append((f"  {status.names_have:,}/{status.names_wanted:,} names", "warn"))
    if not status.synthetic and not (missing and short):
        parts.append((f"  {text.plain(status.source)}", "muted"))
    if status.outdated:
        parts.append(("  outdated", "warn"))
    if status.sessions_behind:
        parts.append((f"  {text.behind(status.sessions_behind, short=short)}", "warn"))
    return parts
