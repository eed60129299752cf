"""Which ticker a stock had when: renames there and back, tickers used again, and ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.fetchwork.lines import Lines, Stretch

ONE, TWO = date(2024, 3, 4), date(2024, 3, 7)
EVER, NEVER = date.min, date.max


@pytest.mark.parametrize(
    ("renames", "ticker", "stretches"),
    [
        ([], "A", [("A", EVER, NEVER)]),
        ([(ONE, "A", "B")], "B", [("B", ONE, NEVER), ("A", EVER, ONE)]),
        ([(ONE, "A", "B")], "A", [("A", ONE, NEVER)]),
        ([(ONE, "A", "B"), (TWO, "C", "A")], "A", [("A", TWO, NEVER), ("C", EVER, TWO)]),
        ([(ONE, "A", "B"), (TWO, "B", "A")], "A", [("A", TWO, NEVER), ("B", ONE, TWO), ("A", EVER, ONE)]),
        ([(ONE, "A", "B"), (TWO, "B", "A")], "B", [("B", TWO, NEVER)]),
        ([(ONE, "A", "B"), (ONE, "B", "A")], "A", [("A", ONE, NEVER), ("B", EVER, ONE)]),
        ([(ONE, "A", "B"), (ONE, "C", "A")], "B", [("B", ONE, NEVER), ("A", EVER, ONE)]),
    ],
    ids=["never", "renamed", "left", "left and taken", "back", "given back", "exchanged", "handed on"],
)
def test_a_stock_is_followed_through_its_tickers(
    renames: list[tuple[date, str, str]], ticker: str, stretches: list[Stretch]
) -> None:
    assert Lines(renames).stretches(ticker) == stretches


def test_a_ticker_begins_anew_after_an_end() -> None:
    lines = Lines([(ONE, "A", "B")], [(TWO, "B")])
    assert lines.stretches("B") == [("B", TWO + timedelta(days=1), NEVER)]
    assert lines.ends_after("B", ONE)
    assert not lines.ends_after("B", TWO)
    assert lines.without_endings("B", ONE).stretches("B") == [("B", ONE, NEVER), ("A", EVER, ONE)]
    assert Lines([]).with_ending((TWO, "B")).with_rename((TWO, "B", "C")).leaves("B", TWO)
