"""The demo's store: its market is made once, and what a person does there stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import NoData
from engine.facade import Engine, open_engine
from engine.settings import Settings, load_settings
from engine.views.quality import Decision
from tests.store.engines import stored


def over(folder: Path, index: str = "top100") -> Engine:
    return open_engine(Settings(data_dir=folder, index=index))


def test_a_look_at_another_index_keeps_what_was_decided_and_builds_nothing(tmp_path: Path) -> None:
    engine = over(tmp_path)
    assert engine.load_demo()
    ticker = engine.composition().rows[0].ticker
    engine.decide(Decision("issuer", ticker, text="Somebody"))
    engine.build()
    decided, version = engine.coverage().decisions, engine.data_version()
    other = over(tmp_path, "zed")
    assert not other.load_demo()
    with pytest.raises(NoData, match="zed"):
        other.performance()
    assert decided
    assert engine.coverage().decisions == decided
    assert (engine.data_version(), engine.status().outdated) == (version, "")
    other.build()
    assert other.performance().sessions == engine.performance().sessions


def test_a_making_that_was_cut_short_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "build_all", killed)
        with pytest.raises(KeyboardInterrupt):
            over(tmp_path).load_demo()
    assert over(tmp_path, "zed").load_demo()
    assert stored(over(tmp_path), "select distinct index_name from index_session") == [("top100",)]
    assert stored(over(tmp_path), "select count(*) from ingest") == [(1,)]


def test_every_index_that_is_defined_is_built_with_the_market(tmp_path: Path) -> None:
    (tmp_path / "indices.toml").write_text("[top20]\nsize = 20\n", encoding="utf-8")
    env = {"FLATCAP_DATA_DIR": str(tmp_path / "data"), "FLATCAP_INDICES": str(tmp_path / "indices.toml")}
    engine = open_engine(load_settings({"index": "top20"}, env))
    assert engine.load_demo()
    assert [(row.index, row.last_session is None, row.outdated) for row in engine.indices()] == [
        ("top100", False, ""),
        ("top20", False, ""),
    ]
