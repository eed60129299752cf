"""Rules that the source has to keep, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import ROOT, dotted, imported, modules

PRODUCT = dict(modules("engine", "tuiapp"))
STREAMS = {"stdout": "tuiapp/cli/output.py", "stderr": "tuiapp/cli/diagnostics.py"}
HOMES = {
    "duckdb": "engine/store/",
    "openpyxl": "engine/export/",
    "yfinance": "engine/providers/yahoo",
    "pandas": "engine/providers/yahoo",
}
NOWHERE = ("curl_cffi", "pyarrow", "requests", "httpx", "plotext")


def test_the_engine_imports_nothing_of_the_terminal() -> None:
    terminal = ("tuiapp", "textual", "rich", "click")
    found = {
        (path, name)
        for path, tree in PRODUCT.items()
        if path.startswith("engine/")
        for name in imported(tree)
        if name.split(".")[0] in terminal
    }
    assert not found


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_a_vendor_has_one_home(library: str, home: str) -> None:
    users = {path for path, tree in PRODUCT.items() if any(name.split(".")[0] == library for name in imported(tree))}
    assert users
    assert not {path for path in users if not path.startswith(home)}


@pytest.mark.parametrize("library", NOWHERE)
def test_a_library_that_is_not_ours_is_imported_nowhere(library: str) -> None:
    assert not {path for path, tree in PRODUCT.items() if library in {n.split(".")[0] for n in imported(tree)}}


BEFORE_ALL = "tuiapp/start.py"
"""Writes the help before the writer of stdout is loaded."""


@pytest.mark.parametrize(("stream", "owner"), STREAMS.items())
def test_a_stream_has_one_writer(stream: str, owner: str) -> None:
    writers = {path for path, tree in PRODUCT.items() if any(_touches(tree, stream))}
    assert writers - {BEFORE_ALL} == {owner}


def _touches(tree: ast.Module, stream: str) -> Iterator[bool]:
    """Whether a call writes to the stream; asking whether it is a terminal is not writing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            yield name in (f"sys.{stream}.write", f"sys.{stream}.flush", f"sys.__{stream}__.write")
            yield stream == "stdout" and name in ("print", "click.echo", "click.secho")


def test_nothing_is_swallowed_that_is_not_named() -> None:
    """Catching everything is right only to clean up and raise it again."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in PRODUCT.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in ("Exception", "BaseException"))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert not found


def test_modules_are_small() -> None:
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in PRODUCT}
    assert not {path: length for path, length in lengths.items() if length > 400}
    assert sorted(lengths.values())[len(lengths) * 9 // 10] <= 300


def test_functions_are_small() -> None:
    bodies = sorted(
        (node.end_lineno or node.lineno) - node.body[0].lineno + 1
        for tree in PRODUCT.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert bodies[len(bodies) // 2] <= 8
    assert bodies[len(bodies) * 9 // 10] <= 22


def test_every_package_says_what_it_is() -> None:
    assert not [path for path, tree in PRODUCT.items() if (ast.get_docstring(tree) or "TBD.") in ("TBD.", "TODO.")]


def test_no_work_is_left_for_later_in_the_source() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3 + ":", "NotImplemented" + "Error")
    found = [(path, mark) for path in PRODUCT for mark in marks if mark in (ROOT / path).read_text(encoding="utf-8")]
    assert not found
