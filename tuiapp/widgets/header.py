"""Two lines that say which index, which session and how far they can be trusted."""

from __future__ import annotations

from engine.views.types import IndexStatus
from tuiapp import format as text
from tuiapp.market import Market
from tuiapp.widgets.line import LineWidget, Part, spread, width_of

SPARK_SESSIONS = 60


class Header(LineWidget):
    """Index, level, day change, coverage and source; as-of session, sparkline and screens."""

    def __init__(self, market: Market, screens: list[tuple[str, str]], index: str) -> None:
        super().__init__(id="header")
        self._market = market
        self._screens = screens
        self._index = index
        self._active = ""
        self._total = False

    def show(self, active: str, *, total: bool) -> None:
        """Mark the screen that is shown, and choose the series of the level."""
        self._active, self._total = active, total
        self.refresh()

    def parts_at(self, y: int) -> list[Part]:
        """What, then when."""
        return self._what(self.size.width) if y == 0 else self._when(self.size.width)

    def _what(self, width: int) -> list[Part]:
        if not self._market.known:
            return [(f" flatcap {self._index}", "strong")]
        status = self._market.status
        left = [(f" {text.plain(status.index)}", "strong"), *self._level(status), *_trust(status)]
        return spread(left, [(" SYNTHETIC ", "badge")] if status.synthetic else [], width)

    def _level(self, status: IndexStatus) -> list[Part]:
        value, change = (
            (status.level_tr, status.return_tr) if self._total else (status.level_pr, status.return_pr)
        )
        return [
            (f" {'TR' if self._total else 'PR'} ", "muted"),
            (text.level(value), "strong"),
            (f" {text.arrow(change)} {text.percent(change)}", text.tone(change)),
        ]

    def _when(self, width: int) -> list[Part]:
        tabs = self._tabs()
        if not self._market.known:
            return spread([], tabs, width)
        left = [(" as of ", "muted"), (text.weekday(self._market.session), "strong")]
        if self._market.before_latest:
            left.append((f" ◂{self._market.before_latest:,}", "accent"))
        room = min(SPARK_SESSIONS // 2, width - width_of(left) - width_of(tabs) - 3)
        if room >= 8:
            left.append(("  " + self._spark(room), "gain"))
        return spread(left, tabs, width)

    def _spark(self, room: int) -> str:
        view, end = self._market.history, self._market.place + 1
        levels = view.level_tr if self._total else view.level_pr
        return text.spark(levels[max(0, end - SPARK_SESSIONS) : end], room)

    def _tabs(self) -> list[Part]:
        parts: list[Part] = []
        for key, title in self._screens:
            parts.append((f" {key} {title} ", "cursor" if title == self._active else "muted"))
        return parts


def _trust(status: IndexStatus) -> list[Part]:
    whole = status.priced == status.held
    parts: list[Part] = [("  ", ""), (f"{status.priced}/{status.held}", "muted" if whole else "warn"), (" priced", "muted")]
    if not status.synthetic:
        parts.append((f"  {text.plain(status.source)}", "muted"))
    if status.sessions_behind:
        parts.append((f"  {text.counted(status.sessions_behind, 'session')} behind", "warn"))
    return parts


