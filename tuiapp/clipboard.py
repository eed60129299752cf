"""Copying to the clipboard of the terminal, wherever that is: OSC 52, which also comes through SSH.

No terminal says whether it obeyed. tmux keeps what a program sends to itself unless it was told otherwise, so that
its own command is asked first; GNU screen passes on only what is wrapped, in short pieces.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from tuiapp.format import counted

if TYPE_CHECKING:
    from tuiapp.shell import Shell

MOST: Final = 74_994
"""Characters of base64 that terminals take: what xterm does, and others followed."""
MOST_THROUGH_SCREEN: Final = 8_192
MOST_UNWRAPPED: Final = 700
"""Characters that GNU screen swallows where it does not know what they are for; it would show the rest."""
PIECE: Final = 760
FILE_NAME: Final = "copied.txt"
PATIENCE: Final = 1.0
KILO: Final = 1000


def copy(app: Shell, text: str, what: str) -> tuple[str, str]:
    """Copy a text; what to say about it, and in which tone.

    Args:
        app: The running app.
        text: What to copy.
        what: What a person calls it: ``the cell``.
    """
    text = text.encode("utf-8", "replace").decode()
    through = app.terminal.through
    if through == "tmux" and _taken_by_tmux(text):
        _write(app, sequences(text, "wrapped"))
        return f"Copied {what}, {size(text)}, to tmux; may be refused", "good"
    written = sequences(text, through)
    if not written:
        return _to_file(text, what)
    _write(app, written)
    return f"Copied {what}, {size(text)}; may be refused", "good"


def sequences(text: str, through: str) -> str:
    """What has to be written to a terminal; empty where there is no way, or too much to go it.

    Args:
        text: What to copy.
        through: As in ``Terminal``; ``wrapped`` is for tmux that has been told itself.
    """
    coded = b64encode(text.encode()).decode("ascii")
    plain = f"\x1b]52;c;{coded}\a"
    if through == "either":
        return plain + _for_screen(plain) if len(coded) <= MOST_UNWRAPPED else ""
    if through == "screen":
        return _for_screen(plain) if len(coded) <= MOST_THROUGH_SCREEN else ""
    if through == "file" or len(coded) > MOST:
        return ""
    wrapped = f"\x1bPtmux;{plain.replace(chr(27), chr(27) * 2)}\x1b\\"
    return {"tmux": plain + wrapped, "wrapped": wrapped}.get(through, plain)


def _for_screen(plain: str) -> str:
    return "".join(f"\x1bP{plain[at : at + PIECE]}\x1b\\" for at in range(0, len(plain), PIECE))


def size(text: str) -> str:
    """How long a text is, as people say it: ``12 bytes``, ``1.2 kB``."""
    count = len(text.encode())
    return counted(count, "byte") if count < KILO else f"{count / KILO:,.1f} kB"


def _write(app: Shell, written: str) -> None:
    if app._driver is not None:
        app._driver.write(written)
        app._driver.flush()


def _taken_by_tmux(text: str) -> bool:
    """Whether tmux has put the text into its own buffer, and offered it to the terminal."""
    import subprocess

    try:
        subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],  # noqa: S607 (the tmux that the person runs)
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _to_file(text: str, what: str) -> tuple[str, str]:
    from engine.private_file import write_private
    from engine.settings import default_state_dir

    path = default_state_dir() / FILE_NAME
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, text)
    except OSError as error:
        return f"Cannot copy {what}: {path} cannot be written ({error.strerror or error})", "bad"
    return f"Wrote {what} ({size(text)}) to {path}: too much for this terminal's clipboard, or it has none", "good"
