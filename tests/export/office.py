"""LibreOffice without a window, for what only a spreadsheet program can say of a workbook; skips where it is not."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

# Fields by commas, texts in quotes, UTF-8, numbers in full, every sheet in a file of its own.
CSV_OF_ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
MARK_OF_AN_ERROR = re.compile(r"#(REF|VALUE|NAME|DIV|N/A|NUM|NULL)|Err:\d+")

Sheet = list[dict[str, str]]


def program() -> str:
    """The program, or a skip."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def converted(path: Path, kind: str, folder: Path) -> list[Path]:
    """The files that a workbook becomes, in a profile of their own."""
    profile = (folder.parent / "profile").as_uri()
    command = [program(), f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(path)], capture_output=True, text=True, timeout=300, check=False
    )
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    assert found, done.stdout + done.stderr
    return found


def recalculated(path: Path, folder: Path) -> dict[str, Sheet]:
    """Every sheet as rows by the keys in its header, its formulas calculated by LibreOffice and nobody else."""
    bare = without_values(path, folder / path.name)
    files = converted(bare, CSV_OF_ALL_SHEETS, folder / "sheets")
    return {file.stem.removeprefix(f"{path.stem}-"): rows(file) for file in files}


def rows(path: Path) -> Sheet:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def without_values(path: Path, target: Path) -> Path:
    """A copy in which no formula carries its value."""
    with ZipFile(path) as source, ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", source.read(name)))
    return target


def errors(sheets: dict[str, Sheet]) -> list[tuple[str, str]]:
    """Cells that hold an error, with the name of their sheet."""
    return [
        (name, cell)
        for name, sheet in sheets.items()
        for row in sheet
        for cell in row.values()
        if MARK_OF_AN_ERROR.match(cell)
    ]


def number(cell: str) -> float | None:
    """A cell as the number that it shows, percents as fractions; None for an empty cell."""
    if not cell:
        return None
    return float(cell[:-1].replace(",", "")) / 100 if cell.endswith("%") else float(cell.replace(",", ""))
