"""Texts of somebody who means harm, for every place that takes a text of a person or of a vendor."""

from __future__ import annotations

from typing import Final

MEGABYTE: Final = 1_000_000

SQL: Final = (
    "'; drop table price_raw; --",
    "'; drop table",
    '" or 1=1 --',
    "$name",
    "?; attach 'x'",
    "read_csv('/etc/passwd')",
)
PATHS: Final = (
    "../../x",
    "/etc/passwd",
    "~/x",
    "..",
    ".",
    "a/../../b",
    "C:\\x",
    "-rf",
    "--help",
    "x\ny",
    "con.duckdb",
    "~nobody-here/x",
    "$(id)",
    "`id`;id",
)
FORMULAS: Final = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x.invalid")',
    "＝1+1",
)
MARKUP: Final = (
    "[link=http://x.invalid]y[/link]",
    "[@click=app.quit]x[/]",
    "[/]",
    "[b",
    "$primary",
    "<b>&amp;</b>",
    "{0}{x}",
)
ESCAPES: Final = (
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]8;;http://x.invalid\x1b\\link\x1b]8;;\x1b\\",
    "\x9b31m",
    "\x07bel",
    "\x00nul",
    "a\x00b",
    "\x7f\x08\x08",
    "\u202eesrever\u202c",
    "\u200b\ufeff",
    "line\r\nline\u2028line",
)
UNDECODABLE: Final = ("lone \ud800 surrogate", "\udcff\udcfe")
"""What Python makes of bytes that are no UTF-8: no file can hold it as it is."""
INVALID_UTF8: Final = (b"\xff\xfe", b"A\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")
LONG: Final = ("X" * MEGABYTE, "=" * MEGABYTE, "株" * (MEGABYTE // 3))

SHORT: Final = (*SQL, *PATHS, *FORMULAS, *MARKUP, *ESCAPES)
"""Every text but those that are long or cannot be written."""
ALL: Final = (*SHORT, *UNDECODABLE, *LONG)
