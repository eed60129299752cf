"""Tests are alone: no network, none of the files or settings of whoever runs them."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from engine.settings import default_data_dir
from tests.conftest import NetworkRefused


def test_a_test_that_asks_for_the_network_fails() -> None:
    with pytest.raises(NetworkRefused), socket.socket() as caller:
        caller.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.com", 80)


def test_a_test_may_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as caller:
        caller.connect(server.getsockname())


def test_a_test_has_a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path.home().is_relative_to(tmp_path_factory.getbasetemp())
    assert default_data_dir().is_relative_to(Path.home())
    assert not [name for name in os.environ if name.startswith("FLATCAP_")]
    assert time.timezone == 0
