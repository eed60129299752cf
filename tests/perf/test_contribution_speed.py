"""How long the contributions of five years take beside reading the same rows: ``pytest -m slow -s``.

``MARKET_DATA`` may name a folder of real files; the made market is measured always.
"""

from __future__ import annotations

from math import fsum

import pytest

from engine.facade import Engine
from engine.metrics import PERIODS, period_start
from engine.store.database import Database, Session
from engine.views.contributions import contribution_view
from tests.perf.test_build_speed import seconds

pytestmark = pytest.mark.slow

ROWS = """select * from contribution where session > ?"""


@pytest.mark.parametrize("market", ["made", "real"])
def test_five_years_take_less_than_reading_their_rows(market: str, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(market)
    database, status = Database(engine.settings.data_dir), engine.status()
    begin = status.last_session.replace(year=status.last_session.year - 5)

    def read(session: Session) -> list[tuple[object, ...]]:
        return session.connection.execute(ROWS, [begin]).fetchall()

    rows = len(database.read(read))
    floor = seconds(lambda: database.read(read))
    for series in ("PR", "TR"):
        spent = seconds(
            lambda series=series: database.read(  # type: ignore[misc]
                lambda session: contribution_view(session, "top100", status, begin, series)
            )
        )
        print(f"\n{market} {series}: {rows:,} rows read {floor * 1e3:.0f} ms, contributions {spent * 1e3:.0f} ms, "
              f"ratio {spent / floor:.2f}")  # fmt: skip
        assert spent < floor


def test_the_same_question_has_the_same_answer_to_the_last_bit(made: Engine) -> None:
    database, status = Database(made.settings.data_dir), made.status()
    answers = [
        database.read(lambda session: contribution_view(session, "top100", status, None, "PR")) for _ in range(10)
    ]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("series", ["PR", "TR"])
def test_real_contributions_sum_to_the_return_of_every_standard_period(real: Engine, series: str) -> None:
    whole = real.performance()
    levels = whole.level_pr if series == "PR" else whole.level_tr
    for period in PERIODS:
        first = period_start(whole.sessions, len(whole.sessions) - 1, period).index
        view = real.contributions(whole.sessions[first + 1], series=series)
        assert view.index_return is not None
        added = fsum(row.contribution for row in view.rows)
        print(f"\n{series} {period}: {view.index_return:+.6f}, off by {added - view.index_return:.1e}")
        assert view.first == whole.sessions[first]
        assert view.index_return == pytest.approx(levels[-1] / levels[first] - 1, abs=1e-12)
        assert added == pytest.approx(view.index_return, abs=1e-12)
        assert fsum(row.weight for row in view.rows) == pytest.approx(1, abs=1e-12)
        assert fsum(row.cap_weight for row in view.rows) == pytest.approx(1, abs=1e-12)
