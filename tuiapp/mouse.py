"""The mouse, taken and given back while the app runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tuiapp.shell import Shell

ON: Final = "Mouse on: wheel and clicks work; hold Shift to select"
OFF: Final = "Mouse off: select and paste with the terminal"
NEXT_START: Final = "; the next start does as FLATCAP_MOUSE says"


def is_on(app: Shell) -> bool:
    """Whether the app has the mouse, and not the terminal."""
    return app._driver is not None and app._driver._mouse


def toggle(app: Shell) -> str:
    """Turn the mouse on or off; what to say about it."""
    from tuiapp.driver import TerminalDriver

    wanted = not is_on(app)
    if isinstance(app._driver, TerminalDriver):
        app._driver.put_mouse(on=wanted)
    elif app._driver is not None:
        app._driver._mouse = wanted
    app.memory.mouse = wanted
    return (ON if wanted else OFF) + (NEXT_START if app.terminal.mouse_is_set else "")
