"""The app is left at once, whoever holds the store: a question that waits for it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.store import locks
from tests.functional.terminal import PseudoTerminal
from tests.store.engines import built, three_names

FOR_EVER_S = "3600"


def test_the_app_is_left_while_a_question_waits_for_the_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    built(store, three_names(), index_size=2)
    kept = {f"XDG_{kind}_HOME": str(tmp_path / "app") for kind in ("STATE", "CONFIG", "CACHE")}
    env = {**kept, "FLATCAP_INDEX_SIZE": "2", "FLATCAP_PROVIDER": "import", "FLATCAP_WAIT_SECONDS": FOR_EVER_S}
    argv = [sys.executable, "-m", "tuiapp", "--data-dir", str(store)]
    with PseudoTerminal(argv, size=(80, 24), env=env) as terminal, locks.exclusive(store, command="build"):
        terminal.wait_for(f"waits for flatcap build (process {os.getpid()}")
        terminal.send("q")
        assert terminal.process.wait(20) == 0
