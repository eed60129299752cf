"""The line of sectors above the ranking."""

from __future__ import annotations

import pytest

from tests.functional.fake_engine import FakeEngine, performance_view
from tuiapp.screens.composed.members import sectors
from tuiapp.widgets.line import width_of

VIEW = FakeEngine(performance_view()).composition()


@pytest.mark.parametrize("width", range(20, 149, 7))
def test_sectors_are_whole_and_a_line_that_lacks_some_says_so(width: int) -> None:
    parts = sectors(VIEW, width)
    shown = "".join(text for text, _ in parts)
    whole = [each for each in VIEW.sectors if each.sector in shown]
    assert width_of(parts) == width
    left = len(VIEW.sectors) - len(whole)
    assert shown.rstrip().endswith(f" +{left} more") is (left > 0)
