"""What a statement on a connection of ours cannot do, whoever has written it: look or write beyond the store."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from engine.store.database import CONFIG, STORE_NAME, Database, connect

STATEMENTS: Final = {
    "read a table": "select * from read_csv('{secret}')",
    "read a text": "select * from read_text('{secret}')",
    "read bytes": "select * from read_blob('{secret}')",
    "read JSON": "select * from read_json('{secret}')",
    "read a file by its name": "from '{secret}'",
    "list a folder": "select * from glob('{folder}/*')",
    "guess a format": "select * from sniff_csv('{secret}')",
    "write a file": "copy fx to '{folder}/out.csv'",
    "fill from a file": "copy fx from '{secret}'",
    "write everything": "export database '{folder}/out'",
    "read everything": "import database '{folder}'",
    "attach a file": "attach '{folder}/other.duckdb'",
    "attach for reading": "attach '{folder}/other.duckdb' (read_only)",
    "attach another kind": "attach '{folder}/other.db' (type sqlite)",
    "install an extension": "install httpfs",
    "install a file": "install '{folder}/x.duckdb_extension'",
    "load an extension": "load httpfs",
    "load a file": "load '{folder}/x.duckdb_extension'",
    "fetch by the network": "select * from read_csv('http://127.0.0.1:9/x.csv')",
    "open the lock": "set lock_configuration = false",
    "let files in": "set enable_external_access = true",
    "let a folder in": "set allowed_directories = ['{folder}']",
    "let a file in": "set allowed_paths = ['{secret}']",
    "load by itself": "set autoload_known_extensions = true",
    "set for all": "set global memory_limit = '100GB'",
    "set a folder": "set temp_directory = '{folder}/temp'",
    "set back": "reset memory_limit",
    "pragma that sets": "pragma memory_limit = '100GB'",
    "pragma with a file": "pragma profiling_output = '{folder}/profile.json'",
    "keep a secret": "create persistent secret s (type http, bearer_token 'x')",
    "look at Python's variables": "select * from frame_of_the_caller",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store, and a file beside it that is none of its business."""
    folder = tmp_path_factory.mktemp("locked")
    Database(folder / "data").write(lambda _: None)
    (folder / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    return folder


REFUSED: Final = r"disabled|has been locked|read-only|name frame_of_the_caller does not exist"
"""Why none of them runs; each would on a connection that is open to all, or fail for want of the file it names."""


@pytest.mark.parametrize("read_only", [True, False], ids=["reading", "writing"])
def test_no_statement_reaches_beyond_the_store(store: Path, read_only: bool) -> None:
    import duckdb
    import polars as pl

    frame_of_the_caller = pl.DataFrame({"a": [1]})
    before = {path.name for path in store.iterdir()}
    connection = connect(store / "data" / STORE_NAME, read_only=read_only)
    try:
        for text in STATEMENTS.values():
            with pytest.raises(duckdb.Error, match=REFUSED):
                connection.execute(text.format(secret=store / "secret.csv", folder=store))
        switches = {name: value for name, value in CONFIG.items() if isinstance(value, bool)}
        for name, value in switches.items():
            assert connection.execute("select current_setting($name)", {"name": name}).fetchall() == [(value,)]
    finally:
        connection.close()
    assert not frame_of_the_caller.is_empty()
    assert {path.name for path in store.iterdir()} == before


def test_the_store_is_opened_in_one_way_only() -> None:
    """Every connection has the same lock-down: who opens one has to name it."""
    root = Path(__file__).parents[2]
    for path in (root / "engine").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "duckdb.connect(" not in line or "CONFIG" in line, f"{path.relative_to(root)}: {line.strip()}"
