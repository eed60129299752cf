"""Yahoo keeps the protocol of providers: the library unmodified, the vendor on this machine, some requests failing."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from tests.contracts.test_providers import LOOPBACK
from tests.yahoo import faults
from tests.yahoo.harness import ROOT, environment, loopback
from tests.yahoo.market import Market, evening

FINAL = date(2024, 6, 28)


def test_yahoo_keeps_the_protocol_of_providers(tmp_path: Path) -> None:
    # pytest undoes the filters of warnings after each test, and with them what the vendor's library is silenced by
    argv = ["-m", "pytest", "-W", "ignore", "tests/contracts/test_providers.py", "-k", "yahoo"]
    with loopback(Market.make(20, 200, FINAL), evening(FINAL)) as server:
        server.faults.plant(faults.ERROR_500, "chart", rate=0.1)
        done = subprocess.run(
            [sys.executable, *argv],
            env=environment(server, tmp_path, **{LOOPBACK: FINAL.isoformat()}),
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.count() > 100
