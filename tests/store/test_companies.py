from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.store.engines import built, three_names


def test_every_ticker_that_can_be_looked_at_comes_with_its_name(tmp_path: Path) -> None:
    none = three_names().frames()["security"].clear()
    rows = {"ticker": ["AA", "CC"], "name": ["Alpha & Sons", "Gamma"]}
    facts = pl.concat([none, pl.DataFrame(rows)], how="diagonal")
    engine = built(tmp_path, three_names(), facts, index_size=2)
    assert engine.companies() == (("AA", "Alpha & Sons"), ("BB", "BB"), ("CC", "Gamma"))
    for ticker, name in engine.companies():
        assert engine.stock(ticker).name == name
