"""Engines over five years: of a made market, and of real files where they are at hand."""

from __future__ import annotations

from datetime import date

import pytest

from engine.facade import Engine, open_engine
from engine.settings import Settings
from engine.store.database import Database
from tests.perf.test_build_speed import made_market, store
from tests.real_market import market_folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("made")
    store(Database(folder), made_market(300, date(2020, 12, 31), date(2025, 12, 31)))
    engine = open_engine(Settings(data_dir=folder))
    engine.build(full=True)
    return engine


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(Settings(data_dir=tmp_path_factory.mktemp("real")))
    engine.import_files([market_folder()])
    engine.build()
    return engine
