"""Two lines that say which index, which session and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.views.status import IndexStatus
from tuiapp import format as text
from tuiapp.market import Market
from tuiapp.widgets.line import LineWidget, Part, fit, spread, width_of

SPARK_SESSIONS: Final = 60
LEAST_SPARK: Final = 8
GAPS: Final = "   "
"""Two blanks before the sparkline, one behind it."""
LEAST_NAME: Final = 12
PARTS_OF_WIDTH: Final = 5
"""A name has a fifth of the line at most, and room for the shorter ones always."""
NARROW: Final = 70
REMOTE: Final = 80
"""From so many columns on a session over SSH says on which host it is, with the user where there is room."""
WIDE: Final = 100
"""From so many columns on every session says so, with the user."""


class Header(LineWidget):
    """Index, level, day change, coverage, source and place; as-of session, sparkline and screens.

    Args:
        market: History and as-of session.
        screens: Key and title of every screen.
        index: Name of the index, for as long as there is no history.
        where: ``user@host``, empty where that is not known.
        remote: Whether the app is looked at over SSH.
    """

    def __init__(
        self, market: Market, screens: list[tuple[str, str]], index: str, where: str = "", *, remote: bool = False
    ) -> None:
        super().__init__(id="header")
        self._market = market
        self._screens = screens
        self._index = index
        self._where = text.plain(where)
        self._remote = remote
        self._active = ""
        self._total = False
        self._shown: tuple[str, bool, int] | None = None

    def put_name(self, index: str) -> None:
        """Another index is looked at."""
        self._index, self._shown = index, None

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
        """The index and how far it can be trusted, in the longest words for which there is room beside the place."""
        if not self._market.known:
            return spread([(f" flatcap{_name(self._index, width)}", "strong")], next(self._places(width), []), width)
        status = self._market.status
        badge = [(" SYNTHETIC ", "badge")] if status.synthetic else []
        head = [(_name(status.index, width), "strong"), *self._level(status)]
        left = head
        for trust in _trust(status):
            left = [*head, *trust]
            for right in [*([*place, *badge] for place in self._places(width)), badge]:
                if width_of(left) + width_of(right) <= width:
                    return spread(left, right, width)
        return spread(left, badge, width)

    def _places(self, width: int) -> Iterator[list[Part]]:
        """User and host; the host alone where there is less room, and only where it is not the one at the desk."""
        user, _, host = self._where.rpartition("@")
        short = host.partition(".")[0]
        if self._where and width >= (REMOTE if self._remote else WIDE):
            if user:
                yield [(f"  {user}@{short} ", "muted")]
            if self._remote or not user:
                yield [(f"  {short} ", "muted")]

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
        left = self._as_of(width)
        room = width - width_of(left)
        tabs = self._tabs(room, beside=LEAST_SPARK + len(GAPS))
        spark = min(SPARK_SESSIONS // 2, room - width_of(tabs) - len(GAPS))
        if spark >= LEAST_SPARK:
            left.append(("  " + self._spark(spark), "gain"))
        return spread(left, tabs, width)

    def _as_of(self, width: int) -> list[Part]:
        parts = [(" as of ", "muted"), (self._date(width), "strong")]
        if self._market.before_latest:
            parts.append((f" ◂{self._market.before_latest:,}", "accent"))
        if self._market.status.backfilled:
            parts += [(" ", ""), (" back-filled ", "badge")]
        return parts

    def _date(self, width: int) -> str:
        session = self._market.session
        return text.iso(session) if width < NARROW else text.weekday(session)

    def _spark(self, room: int) -> str:
        view, end = self._market.history, self._market.place + 1
        levels = view.level_tr if self._total else view.level_pr
        return text.spark(levels[max(0, end - SPARK_SESSIONS) : end], room)

    def _tabs(self, room: int, *, beside: int = 0) -> list[Part]:
        """The screens with their keys; without titles those that are not shown, where something else wants the room."""
        whole = [f" {key} {title} " for key, title in self._screens]
        bare = [f" {key} " for key, _ in self._screens]
        shown = [title == self._active for _, title in self._screens]
        marked = [full if here else short for full, short, here in zip(whole, bare, shown, strict=True)]
        texts = whole if _cells(whole) <= room - beside else marked if _cells(marked) <= room else bare
        return [(tab, "cursor" if here else "muted") for tab, here in zip(texts, shown, strict=True)]


def _name(index: str, width: int) -> str:
    """The name of the index; a long one leaves room for what is said of it."""
    name = text.plain(index)
    return f" {fit(name, min(width_of([(name, '')]), max(LEAST_NAME, width // PARTS_OF_WIDTH)))}"


def _cells(texts: list[str]) -> int:
    return sum(map(len, texts))


def _trust(status: IndexStatus) -> Iterator[list[Part]]:
    """Coverage, source and how far behind: all there is to say, then with fewer words. A warning goes last."""
    covered = f"  {status.priced:,}/{status.held:,}" if status.held else ""
    tone = "muted" if status.priced == status.held else "warn"
    source = [] if status.synthetic else [(f"  {text.plain(status.source)}", "muted")]
    yield [
        (f"{covered} priced" if covered else "", tone),
        *_names(status, " names"),
        *source,
        *_late(status, short=False),
    ]
    yield [(covered, tone), *_names(status, " names"), *source, *_late(status, short=False)]
    yield [(covered, tone), *_names(status, " names"), *source, *_late(status, short=True)]
    yield [(covered, tone), *_names(status, " names"), *_late(status, short=True)]
    yield [(covered, tone), *_late(status, short=True), *_names(status, "")]
    if tone == "muted":
        yield [*_late(status, short=True), *_names(status, "")]


def _names(status: IndexStatus, word: str) -> list[Part]:
    """How many names of the universe there are, as long as some are missing."""
    if status.names_have >= status.names_wanted:
        return []
    return [(f"  {status.names_have:,}/{status.names_wanted:,}{word}", "warn")]


def _late(status: IndexStatus, *, short: bool) -> list[Part]:
    outdated = [("  outdated", "warn")] if status.outdated else []
    behind = status.sessions_behind
    return [*outdated, *([(f"  {text.behind(behind, short=short)}", "warn")] if behind else [])]
