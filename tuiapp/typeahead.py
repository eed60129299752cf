"""Keys typed for what is still on its way: kept until it is there, and never taken for anything else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tuiapp import keys, keystrokes
from tuiapp.messages import Arrived

if TYPE_CHECKING:
    from textual.events import Key as Pressed

    from tuiapp.frame import Frame
    from tuiapp.screens.base import DataScreen

MOST: Final = 32
"""Keys that are kept for one screen."""
LONGEST: Final = 10.0
"""Seconds after which nobody expects them any more."""
BACK: Final = "app.back"
ASK_ABOUT_ROW: Final = ("findings.accept", "findings.final", "decisions.withdraw")
"""What asks for a text about the row at the cursor: all that is typed behind it is that text."""
PROMPTS: Final = ("table.filter", "changes.compare", "session.date", "data.rename", "data.issuer")
"""What asks for a text at once, whatever is there."""
FOR_ROWS: Final = (
    *("app.explain", "view.pin", "members.cut", *ASK_ABOUT_ROW),
    *("members.open", "contributions.open", "changes.open", "findings.open", "fetches.open"),
)
NEED_MARKET: Final = ("app.explain", "app.export", "app.export_choose")
"""What the app itself does, but not at once."""
TOO_MANY: Final = "Still loading …; more was typed than is kept"
TOO_LATE: Final = "Loading took long: the keys typed before were let go"


class TypedAhead:
    """The keys that are kept, oldest first, each with the screen that it was typed for."""

    def __init__(self) -> None:
        self._kept: list[tuple[DataScreen, Pressed, str]] = []
        self._since = 0.0
        self._goes_on = False

    def keeps(self, frame: Frame, pressed: Pressed) -> bool:
        """Whether a key is to wait; all that can be obeyed at once is not."""
        self._drop_late(frame)
        screen, waiting = frame.active, self._waiting(frame.active)
        if not (waiting or screen.is_awaited) or frame.is_covered:
            return False
        key = _meant(screen, pressed)
        if key is not None and key.id == BACK:
            self.forget(screen)
        asks = any(name in ASK_ABOUT_ROW for name in waiting)
        name = key.id if key else ""
        if not (_waits_behind(name, pressed, asks=asks) if waiting else _waits(key, known=frame.market.known)):
            return False
        if len(waiting) < MOST:
            self._since = self._since if self._kept else time.monotonic()
            self._kept.append((screen, pressed, name))
        else:
            frame.say(TOO_MANY, "warn")
        return True

    async def obey(self, frame: Frame) -> None:
        """Obey what was typed for the screen that is shown, as far as that is there."""
        self._drop_late(frame)
        screen = frame.active
        goes_on, self._goes_on = self._goes_on, False
        if frame.is_covered and not goes_on:
            return
        if screen.has_notice and not screen.is_awaited:
            self.forget(screen)
        if not screen.is_awaited and (pressed := self._next(screen)) is not None:
            frame.hold_keys()
            await keystrokes.obey(frame, pressed)
            # The next key is meant for what this one opens: it comes the same way, and so behind that.
            self._goes_on = True
            screen.post_message(Arrived())

    def forget(self, screen: DataScreen) -> None:
        """Let go what was typed for a screen."""
        self._kept = [kept for kept in self._kept if kept[0] is not screen]

    def _waiting(self, screen: DataScreen) -> list[str]:
        return [name for of, _, name in self._kept if of is screen]

    def _next(self, screen: DataScreen) -> Pressed | None:
        for at, (of, pressed, _) in enumerate(self._kept):
            if of is screen:
                del self._kept[at]
                return pressed
        return None

    def _drop_late(self, frame: Frame) -> None:
        """Let all go when too much time has passed."""
        if self._kept and time.monotonic() - self._since > LONGEST:
            self._kept.clear()
            frame.say(TOO_LATE, "warn")


def _meant(screen: DataScreen, pressed: Pressed) -> keys.Key | None:
    """What a key will mean when everything is there."""
    found = keys.in_scopes(*screen.scopes, keys.EVERYWHERE)
    return next((key for key in found if keys.answers(key.id, pressed.key)), None)


def _waits(key: keys.Key | None, *, known: bool) -> bool:
    """Whether a key has nothing to work on yet; without a market that is true of all but what the app itself does."""
    if key is None or _is_at_once(key.id):
        return False
    return not known or key.scope in (keys.TABLE, keys.CHART) or key.id in FOR_ROWS


def _waits_behind(name: str, pressed: Pressed, *, asks: bool) -> bool:
    """Whether a key waits behind others: as they were typed, so they are obeyed."""
    if asks:
        return name != BACK and pressed.key != "ctrl+c"
    return not _is_at_once(name)


def _is_at_once(name: str) -> bool:
    return name in PROMPTS or (name.startswith(("screen.", "app.")) and name not in NEED_MARKET)
