"""Explanations: the number that the view shows, worked so that a pocket calculator arrives at it, with its sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import sqrt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.errors import DataError
from engine.facade import Engine
from engine.frames.schemas import RAW_SCHEMAS
from engine.metrics import PERIODS, RELATIVE_METRICS
from engine.settings import Settings
from engine.store.database import Database, Session
from engine.store.ingest import merge_batch
from engine.views.comparison import bubble_view
from engine.views.explain import explain
from engine.views.explain.catalog import explainable
from engine.views.explain.measured import WORKED
from engine.views.explanation import Explanation, Input, Subject
from engine.views.metrics import metric_definitions
from engine.views.types import ChangeRow, CompositionRow
from tests.markets import SmallMarket, random_market, sessions_from
from tests.store.engines import DAYS, MOMENT, built, exactly, stored, three_names

VIEWS = ("performance", "metrics", "composition", "changes", "contributions")
SYMBOL = "^IDX"


@pytest.fixture
def by_hand(tmp_path: Path) -> Engine:
    return built(tmp_path, three_names(), index_size=2)


def take(engine: Engine, table: str, rows: list[tuple[Any, ...]], source: str = "import", detail: str = "more") -> None:
    """Rows into a raw table, as an import or a decision brings them."""
    frame = pl.DataFrame(rows, schema=RAW_SCHEMAS[table].columns, orient="row")
    write = Database(engine.settings.data_dir).write
    write(lambda session: merge_batch(session, {table: frame}, at=MOMENT, source=source, detail=detail))


def calculated(worked: str) -> float:
    """What a pocket calculator makes of a worked formula: its left side, typed as it stands."""
    text = worked.split(";")[0].rpartition(" = ")[0].replace(",", "").replace("×", "*")
    text = re.sub(r"\(the other \d+\)", "", text)
    text = re.sub(r"\|(.*)\|", r"abs(\1)", text)
    text = re.sub(r"√(\d+)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    text = re.sub(r" to the power of (\d+(?:/\d+)?) less 1", r" ** (\1) - 1", text)
    return float(eval(text, {"sqrt": sqrt, "abs": abs}))


def check(found: Explanation, shown: Any) -> None:
    """It is the number that the view shows, and the worked formula arrives at it."""
    assert found.value == (pytest.approx(shown, rel=1e-12, abs=1e-14) if isinstance(shown, float) else shown), found
    assert found.formula
    assert found.meaning
    assert found.title.endswith(str(found.status.session))
    if shown is None:
        assert found.gaps, found
    elif " = " in found.worked:
        assert calculated(found.worked) == pytest.approx(found.value, rel=2e-7, abs=2e-9), found.worked


@dataclass(frozen=True)
class Asker:
    """Explains on one open session of the store."""

    engine: Engine
    session: Session

    def __call__(self, *args: Any, **more: Any) -> Explanation:
        return explain(self.engine, lambda work: work(self.session), Subject(*args, **more))


def asking(engine: Engine, work: Callable[[Asker], None]) -> None:
    """Run questions on one opening of the store."""
    Database(engine.settings.data_dir).read(lambda session: work(Asker(engine, session)))


def labelled(found: Explanation, start: str) -> Input:
    """The first input whose label starts so."""
    return next(one for one in found.inputs if one.field.label.startswith(start))


# -- every number of every view


@pytest.fixture(scope="module", params=["daily", "monthly", "demo"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "demo":
        found = Engine(Settings(data_dir=folder), Database(folder))
        found.load_demo()
        return found
    seed = 7 if request.param == "daily" else 3
    rate = 0.03 if request.param == "monthly" else 0.0
    found = built(folder, random_market(seed), index_size=4, rebalance=request.param, cost_bps=5.0, risk_free=rate)
    sessions = found.performance().sessions
    closes = [(day, SYMBOL, 100 + place % 7 - place % 3) for place, day in enumerate(sessions) if place % 11]
    take(found, "benchmark", closes)
    return found


def places(engine: Engine) -> list[int]:
    """A few sessions, the first and the last among them."""
    count = len(engine.performance().sessions)
    return [0, count // 3, count - 1]


def test_every_number_of_a_session_is_explained(engine: Engine) -> None:
    view = engine.performance()

    def work(ask: Asker) -> None:
        for place, field in product(places(engine), explainable("performance")):
            column = getattr(view, field.key)
            check(ask("performance", field.key, view.sessions[place]), column[place] if column else None)

    asking(engine, work)


def test_every_metric_of_every_period_is_explained(engine: Engine) -> None:
    view = engine.metrics()

    def work(ask: Asker) -> None:
        for one, series in product((view.periods[0], view.periods[-1]), ("PR", "TR")):
            shown = one.total if series == "TR" else one.price
            for metric in shown:
                check(ask("metrics", metric.key, period=one.period, series=series), metric.value)
            for against in one.relative:
                for metric in against.total if series == "TR" else against.price:
                    found = ask("metrics", metric.key, None, "", one.period, series, against.benchmark)
                    check(found, metric.value)
                    assert against.benchmark in found.title

    asking(engine, work)
    assert [one.period for one in view.periods] == list(PERIODS)


def test_every_number_of_a_company_is_explained(engine: Engine) -> None:
    sessions = engine.performance().sessions

    def work(ask: Asker) -> None:
        for place in places(engine)[1:]:
            view = engine.composition(sessions[place])
            bubble = {row.ticker: row for row in bubble_view(view, 10).rows}
            rows = [*view.rows, *view.outside]
            for row in (rows[place % len(view.rows)], rows[-1]):
                for field in explainable("composition"):
                    shown = of_company(row, field.key, view, bubble.get(row.ticker))
                    found = ask("composition", field.key, sessions[place], row.ticker)
                    if shown is not ...:
                        check(found, shown)

    asking(engine, work)


def of_company(row: CompositionRow, key: str, view: Any, beside: Any) -> Any:
    """What the composition shows of a company, ``...`` for what it does not show."""
    if key in ("cut_cap_usd", "effective"):
        return getattr(view, key)
    if key in ("distance", "distance_usd"):
        return getattr(beside, key) if beside else ...
    if key == "market_cap_usd" and not row.market_cap_usd:
        return ...
    return getattr(row, key) or None if key == "rank" else getattr(row, key)


def test_every_number_of_a_change_is_explained(engine: Engine) -> None:
    rows = engine.changes().rows

    def work(ask: Asker) -> None:
        for row in (rows[0], rows[-1]):
            for field in explainable("changes"):
                check(ask("changes", field.key, row.session, row.ticker), of_change(row, field.key))

    asking(engine, work)
    assert len(rows) > 10


def of_change(row: ChangeRow, key: str) -> Any:
    if key in ("distance", "distance_usd"):
        if row.market_cap_usd is None or not row.cut_cap_usd:
            return None
        apart = row.market_cap_usd - row.cut_cap_usd
        return apart if key == "distance_usd" else apart / row.cut_cap_usd
    return getattr(row, key)


def test_every_contribution_is_explained(engine: Engine) -> None:
    last = engine.status().session

    def work(ask: Asker) -> None:
        for period, series in (("", "TR"), ("3M", "PR"), ("all", "TR")):
            view = engine.contributions(first_of(engine, period), last, series=series)
            tickers = [row.ticker for row in view.rows]
            for row in [row for row in view.rows if tickers.count(row.ticker) == 1][-1:]:
                for field in explainable("contributions"):
                    shown = view if field.key in ("index_return", "cap_weight_return") else row
                    value = row.contribution - row.cap_contribution if field.key == "gap" else getattr(shown, field.key)
                    check(ask("contributions", field.key, None, row.ticker, period, series), value)

    asking(engine, work)


def first_of(engine: Engine, period: str) -> date | None:
    """First session whose return counts."""
    if period == "3M":
        return engine.performance(engine.metrics().periods[1].first).sessions[1]
    return None if period else engine.status().session


def test_every_number_says_what_it_is_for_and_names_itself_once() -> None:
    for view in VIEWS:
        keys = [field.key for field in explainable(view)]
        assert keys
        assert len(keys) == len(set(keys))
        assert all(field.text.endswith(".") for field in explainable(view))
    assert explainable("stock") == ()


def test_every_metric_of_the_registries_is_worked_out() -> None:
    assert WORKED.keys() == metric_definitions().keys()


def test_market_caps_are_found_again_in_the_raw_data(engine: Engine) -> None:
    """The explanation is a second road: no stored market cap goes into it."""
    rows = stored(
        engine,
        """select session, ticker, market_cap_usd, cap_source from constituent
           where market_cap_usd is not null and (cap_source <> 'given' or rank % 17 = 3)
           order by hash(session, ticker) limit 12""",
    )

    def work(ask: Asker) -> None:
        for day, ticker, cap, source in rows:
            found = ask("composition", "market_cap_usd", day, ticker)
            assert not [gap for gap in found.gaps if gap.startswith("The data stored now")]
            worked = found.worked if " = " in found.worked else found.worked.replace(", as given", " = ")
            assert calculated(worked) == pytest.approx(cap, rel=1e-7)
            assert ask("composition", "cap_source", day, ticker).value == source

    asking(engine, work)
    assert len(rows) == 12


# -- by hand


def test_a_level_is_the_one_before_times_one_plus_the_return(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("performance", "level_pr", DAYS[1]))
    # AA 11 / 10 = +10 %, BB 19 / 20 = -5 %, each one half: +2.5 % of 1,000
    assert found.title == f"Level PR of top100 at {DAYS[1]}"
    assert found.value == exactly(1025.0)
    assert found.worked == "1,000 × (1 + 0.025) = 1,025"
    assert [(one.value, one.session) for one in found.inputs[:2]] == [(1000.0, DAYS[0]), (exactly(0.025), DAYS[1])]
    closes = labelled(found, "Closes of the session")
    assert (closes.value, closes.source, closes.fetched_at) == (3, "import test", MOMENT)


def test_closes_that_came_in_many_batches_are_one_line(by_hand: Engine) -> None:
    columns = RAW_SCHEMAS["price"].columns
    for number in range(12):
        row = {"ticker": f"X{number}", "session": DAYS[1], "close": 5.0, "volume": 100}
        rows = [tuple(row.get(column) for column in columns)]
        take(by_hand, "price", rows, "yahoo", f"batch {number}")
    found = by_hand.explain(Subject("performance", "level_pr", DAYS[1]))
    closes = [one for one in found.inputs if one.field.label.startswith("Closes of the session")]
    assert [(one.value, one.source) for one in closes] == [(3, "import test"), (12, closes[1].source)]
    assert closes[1].source.startswith("yahoo batch")
    assert closes[1].note == "in 12 batches, of which the last is named"


def test_a_return_lists_what_each_member_added(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("performance", "return_tr", DAYS[2]))
    # AA 9.90 / 11 = -10 %; CC (6.30 + .30) / 6 = +10 %; one half each
    assert found.value == exactly(0.0)
    assert {one.field.label: one.value for one in found.inputs[1:3]} == {
        "w × r of AA": exactly(-0.05),
        "w × r of CC": exactly(0.05),
    }
    assert labelled(found, "w × r of AA").note == "w 0.5 × r -0.1"


def test_turnover_says_how_much_of_it_is_changes_and_how_much_drift(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("performance", "turnover", DAYS[1]))
    # AA drifted to .55 / 1.025 and stays, BB to .475 / 1.025 and goes, CC comes with .5
    added, removed, kept = (one.value for one in found.inputs[:3])
    assert (added, removed, kept) == exactly((0.5, 0.475 / 1.025, 0.55 / 1.025 - 0.5))
    assert found.value == exactly((0.5 + 0.475 / 1.025 + 0.55 / 1.025 - 0.5) / 2)


def test_the_first_session_has_no_return_and_says_so(by_hand: Engine) -> None:
    for key in ("return_pr", "return_tr", "turnover"):
        found = by_hand.explain(Subject("performance", key, DAYS[0]))
        assert found.value is None
        assert "first session" in found.gaps[0]
    assert by_hand.explain(Subject("performance", "level_pr", DAYS[0])).worked == "base level 1,000"


def test_a_level_after_cost_is_worked(tmp_path: Path) -> None:
    engine = built(tmp_path, three_names(), index_size=2, cost_bps=10.0)
    found = engine.explain(Subject("performance", "net_pr", DAYS[1]))
    traded = (0.5 + 0.475 / 1.025 + 0.55 / 1.025 - 0.5) / 2
    assert found.value == exactly(1000 * 1.025 * (1 - 0.001 * 2 * traded))
    assert found.value == engine.performance().net_pr[1]


def market(*tickers: str, days: int = 6, caps: bool = True) -> SmallMarket:
    """Names that stand still at 10, with caps of 1,000 and less."""
    found = SmallMarket(sessions_from(date(2024, 1, 2), days))
    for place, ticker in enumerate(tickers):
        found.prices += [(day, ticker, 10.0, 5.0) for day in found.sessions]
        if caps:
            found.caps += [(day, ticker, 1000.0 - 10 * place) for day in found.sessions]
    return found


def test_a_cap_from_shares_goes_through_the_splits_since_the_report(tmp_path: Path) -> None:
    made = market("AA", "BB")
    days = made.sessions
    made.caps = [row for row in made.caps if row[1] == "BB"]
    made.shares = [(days[0], "AA", 70.0)]
    made.splits = [(days[2], "AA", 2.0)]
    made.prices = [(day, name, 6.0 if name == "AA" and day >= days[2] else 10.0, 5.0) for day, name, *_ in made.prices]
    engine = built(tmp_path, made, index_size=2)
    found = engine.explain(Subject("composition", "market_cap_usd", days[3], "AA"))
    # 70 shares became 140 at the split; 6 × 70 × 2 = 840
    assert found.value == exactly(840.0)
    assert found.worked == "6 × 70 × 2 = 840"
    assert [(one.value, one.session, one.source) for one in found.inputs] == [
        (6.0, days[3], "import test"),
        (70.0, days[0], "import test"),
        (2.0, days[2], "import test"),
    ]
    assert engine.explain(Subject("composition", "cap_source", days[3], "AA")).value == "shares"


def test_a_carried_cap_names_the_one_it_was_carried_from(tmp_path: Path) -> None:
    made = market("AA", "BB")
    days = made.sessions
    made.caps = [row for row in made.caps if row[1] == "BB" or row[0] < days[2]]
    made.prices = [(day, name, 12.0 if name == "AA" and day == days[3] else 10.0, 5.0) for day, name, *_ in made.prices]
    found = built(tmp_path, made, index_size=2).explain(Subject("composition", "market_cap_usd", days[3], "AA"))
    # 1,000 of two sessions ago × 12 / 10
    assert found.value == exactly(1200.0)
    assert found.worked == "1,000 × 12 / 10 = 1,200"
    assert labelled(found, "Market cap of AA that was carried").session == days[1]
    assert found.gaps == (f"AA has no market cap for 2 sessions: that of {days[1]} is carried.",)


def test_a_quarantined_cap_shows_the_one_held_back_and_what_a_person_can_do(tmp_path: Path) -> None:
    made = market("AA", "BB")
    days = made.sessions
    wrong = {days[2], days[3]}
    made.caps = [(day, name, 48_000.0 if name == "AA" and day in wrong else cap) for day, name, cap in made.caps]
    engine = built(tmp_path, made, index_size=2)
    subject = Subject("composition", "market_cap_usd", days[3], "AA")
    found = engine.explain(subject)
    assert found.value == exactly(1000.0)
    held = found.inputs[0]
    assert (held.value, held.provenance, held.session) == (48_000.0, "quarantined", days[3])
    assert held.note == f"since {days[2]}"
    assert "48.00 times the carried one" in found.gaps[0]
    assert f"flatcap decide accept-cap AA {days[3]}" in found.gaps[0]

    take(engine, "accepted_cap", [(days[3], "AA")], source="decision", detail="accepted cap of AA")
    engine.build()
    accepted = engine.explain(subject)
    assert accepted.value == 48_000.0
    assert (accepted.inputs[0].provenance, accepted.inputs[0].note) == ("decided", "accepted by a person")


def test_a_company_with_two_lines_names_the_one_with_the_larger_cap_and_the_one_that_trades_more(
    tmp_path: Path,
) -> None:
    made = market("AA", "BB", "CC")
    days = made.sessions
    made.securities = [("AA", "NYSE", "Alpha"), ("CC", "NYSE", "Alpha"), ("BB", "NYSE", None)]
    made.prices = [(day, name, close, 9.0 if name == "CC" else 5.0) for day, name, close, _ in made.prices]
    engine = built(tmp_path, made, index_size=2)
    found = engine.explain(Subject("composition", "market_cap_usd", days[2], "CC"))
    assert found.value == 1000.0
    assert labelled(found, "Market cap of the line AA").note == "the largest"
    assert labelled(found, "Market cap of the line CC").value == 980.0
    # 10 × 9 a session against 10 × 5
    traded = [labelled(found, f"Mean traded value of {line}").value for line in ("AA", "CC")]
    assert traded == [50.0, 90.0]
    assert labelled(found, "Line that stands").value == "CC"


def test_a_stale_price_is_said_and_the_close_is_the_last_one(tmp_path: Path) -> None:
    made = market(*(f"N{number:02}" for number in range(30)))
    days = made.sessions
    made.prices = [row for row in made.prices if row[1] != "N03" or row[0] not in days[2:4]]
    engine = built(tmp_path, made, index_size=30)
    close = engine.explain(Subject("composition", "close", days[3], "N03"))
    assert close.value == 10.0
    assert close.gaps == (f"No price for 2 sessions: that of {days[1]} is carried.",)
    assert (close.inputs[0].session, close.inputs[0].note) == (days[1], "2 sessions old")
    assert engine.explain(Subject("composition", "return_pr", days[3], "N03")).value == 0.0
    priced = engine.explain(Subject("performance", "priced", days[3]))
    assert (priced.value, priced.worked) == (29, "30 - 1 = 29")
    assert priced.gaps == ("Without a price, carried at the last one: 1 of 30 (N03).",)


def test_a_return_over_a_session_without_a_level_says_so(tmp_path: Path) -> None:
    made = market("AA", "BB")
    days = made.sessions
    made.prices = [row for row in made.prices if row[0] != days[2]]
    made.prices = [(day, name, 12.0 if name == "AA" and day == days[3] else 10.0, 5.0) for day, name, *_ in made.prices]
    engine = built(tmp_path, made, index_size=2)
    for view, key, ticker in (("performance", "return_pr", ""), ("composition", "return_pr", "AA")):
        found = engine.explain(Subject(view, key, days[3], ticker))
        assert found.gaps == (f"No level for {days[2]} (no prices): the return of this session covers both.",)
    metric = engine.explain(Subject("metrics", "total_return", days[4]))
    assert metric.gaps == (f"Without a level inside the period: 1 session ({days[2]}).",)


def test_a_stock_is_found_under_the_ticker_that_it_took_later(tmp_path: Path) -> None:
    made = market("AA", "BB")
    days = made.sessions
    for table in (made.prices, made.caps):
        table[:] = [(row[0], "NEW" if row[1] == "BB" and row[0] >= days[3] else row[1], *row[2:]) for row in table]
    made.renames.append((days[3], "BB", "NEW"))
    engine = built(tmp_path, made, index_size=2)
    found = engine.explain(Subject("composition", "market_cap_usd", days[1], "new"))
    assert found.title == f"Market cap of BB at {days[1]}"
    assert found.gaps == ("NEW is the stock that went by BB then.",)
    names = engine.explain(Subject("composition", "ticker", days[4], "NEW"))
    assert [(one.value, one.session) for one in names.inputs] == [("BB", days[0]), ("NEW", days[3])]


def test_a_company_far_below_the_cut_has_a_cap_and_no_rank(tmp_path: Path) -> None:
    engine = built(
        tmp_path, market(*(f"N{number:02}" for number in range(10)), *(f"X{n}" for n in range(5))), index_size=2
    )
    day = engine.status().session
    assert engine.explain(Subject("composition", "market_cap_usd", day, "N03")).value == 970.0
    far = engine.explain(Subject("composition", "market_cap_usd", day, "X4"))
    assert (far.value, len(far.gaps)) == (860.0, 1)
    rank = engine.explain(Subject("composition", "rank", day, "X4"))
    assert rank.value is None
    assert "10 below the cut" in rank.gaps[0]


def test_a_drifted_weight_is_worked_between_rebalances(tmp_path: Path) -> None:
    engine = built(tmp_path, three_names(), index_size=2, rebalance="monthly")
    found = engine.explain(Subject("composition", "weight", DAYS[1], "AA"))
    # one half × 1.10 / 1.025
    assert found.value == exactly(0.5 * 1.1 / 1.025)
    assert found.worked == "0.5 × (1 + 0.1) / (1 + 0.025) = 0.5365853659"


def test_a_drawdown_names_peak_trough_and_recovery(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("metrics", "max_drawdown"))
    # 1,000, 1,025, 999.375: the fall from the second to the third
    assert found.value == exactly(999.375 / 1025 - 1)
    assert found.worked == "999.375 / 1,025 - 1 = -0.025"
    assert [one.session for one in found.inputs[:2]] == [DAYS[1], DAYS[2]]
    assert (found.inputs[2].value, found.inputs[2].note) == (None, f"not up to {DAYS[2]}")


def test_a_fall_up_to_its_recovery_is_explained_as_the_table_of_falls_has_it(engine: Engine) -> None:
    view = engine.returns()
    for fall in view.price.drawdowns:
        first = next(day for day in view.sessions if day > fall.peak)
        last = fall.recovery or view.sessions[-1]
        found = engine.explain(Subject("metrics", "max_drawdown", last, period="custom", start=first))
        assert found.value == pytest.approx(fall.depth, abs=1e-12)
        assert [one.session for one in found.inputs[:3]] == [fall.peak, fall.trough, fall.recovery]
        assert bool(found.inputs[2].note) is (fall.recovery is None)


def test_a_sharpe_ratio_can_be_computed_from_sums(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("metrics", "volatility"))
    # returns +2.5 % and -2.5 %: sum 0, squares 2 × .025² = .00125, / 1
    spread = labelled(found, "Sample deviation")
    assert spread.value == exactly(sqrt(0.00125))
    assert spread.note == "√(0.00125, the sum of squares of r less its mean, / 1)"
    assert found.value == exactly(sqrt(0.00125) * sqrt(252))


def test_a_short_history_is_said(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("metrics", "sharpe", period="1Y"))
    assert found.gaps == (
        "Short history: 2 observations, under 20.",
        f"The history is shorter than the period: it begins on {DAYS[0]}.",
    )
    assert by_hand.explain(Subject("metrics", "sharpe", DAYS[1])).gaps[0] == "No value: under two observations."


def test_a_benchmark_is_named_with_the_file_it_came_from(by_hand: Engine) -> None:
    take(by_hand, "benchmark", [(DAYS[1], SYMBOL, 50.0), (DAYS[2], SYMBOL, 51.0)], detail="benchmarks.csv")
    found = by_hand.explain(Subject("metrics", "beta", benchmark=SYMBOL))
    assert found.title == f"Beta against {SYMBOL}, price return, all to {DAYS[2]}"
    assert f"{SYMBOL} has no return on 1 session of the period; left out." in found.gaps
    closes = [one for one in found.inputs if one.field.label == f"Close of {SYMBOL}"]
    assert [(one.value, one.session, one.source) for one in closes] == [
        (50.0, DAYS[1], "import benchmarks.csv"),
        (51.0, DAYS[2], "import benchmarks.csv"),
    ]


def test_a_comparison_of_two_dates_is_explained_from_its_start(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("changes", "contribution", DAYS[2], "CC", start=DAYS[0]))
    # half of +5 % on the second day, by the level of 1,025
    assert found.value == exactly(0.025625)
    assert by_hand.explain(Subject("changes", "rank_before", DAYS[2], "CC", start=DAYS[0])).value == 3
    alone = by_hand.explain(Subject("changes", "effect_pr", DAYS[2], "CC", start=DAYS[0]))
    assert alone.value is None
    assert alone.gaps == ("Two dates are compared: this is known of a single session only.",)


def test_the_effect_of_a_deletion_is_what_it_would_have_added(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("changes", "effect_tr", DAYS[1], "BB"))
    # BB (20.90 + 1.90) / 19 = +20 %, one half of it missed
    assert found.value == exactly(-0.1)
    assert found.worked == "- 1 / 2 × 0.2 = -0.1"
    assert [(one.field.label, one.value) for one in found.inputs[2:]] == [
        ("Close (U)", 20.90),
        ("Close before (U before)", 19.0),
        ("Dividend (D) a share", 1.90),
    ]


def test_a_linked_contribution_is_worked_session_by_session(by_hand: Engine) -> None:
    found = by_hand.explain(Subject("contributions", "contribution", None, "AA", period="all"))
    # .5 × 10 % by 1,000 / 1,000, then .5 × -10 % by 1,025 / 1,000
    assert found.value == exactly(-0.00125)
    assert found.worked == "-0.05125 + 0.05 = -0.00125"
    assert found.inputs[2].note == "w 0.5 × r -0.1 × 1,025 / 1,000"


# -- what there is not


REFUSED = [
    (Subject("weather", "wind"), "no view 'weather'", "performance, metrics"),
    (Subject("performance", "wind"), "no number 'wind' in performance", "level_pr"),
    (Subject("performance", "level_pr", date(2020, 1, 2)), "begins on 2024-01-02", "2024-01-02"),
    (Subject("metrics", "sharpe", period="2W"), "no period '2W'", "1M, 3M"),
    (Subject("metrics", "sharpe", series="XR"), "no series 'XR'", "PR, TR"),
    (Subject("metrics", "beta"), "needs a benchmark, and the store has none", "import"),
    (Subject("composition", "rank", ticker="ZZ"), "ZZ has no prices in the store", "coverage"),
    (Subject("composition", "rank"), "say which", "such as AA"),
    (Subject("changes", "days", DAYS[1], "AA"), "AA neither came nor went at 2024-01-03", "CC, BB"),
    (Subject("changes", "days", DAYS[2], "AA"), "AA neither came nor went", "there was no change"),
    (Subject("contributions", "weight", DAYS[2], "BB"), "BB was not held", "there is: CC, AA"),
]


@pytest.mark.parametrize(("subject", "said", "hint"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_number_that_there_is_not_is_refused_with_what_there_is(
    by_hand: Engine, subject: Subject, said: str, hint: str
) -> None:
    with pytest.raises(DataError, match=re.escape(said)) as caught:
        by_hand.explain(subject)
    assert hint in caught.value.hint


def test_a_ticker_that_had_no_price_then_says_from_when_to_when_it_had(tmp_path: Path) -> None:
    made = market("AA", "BB")
    days = made.sessions
    made.prices = [row for row in made.prices if row[1] == "AA" or row[0] >= days[4]]
    with pytest.raises(DataError, match=f"BB had no price about {days[0]}") as caught:
        built(tmp_path, made, index_size=2).explain(Subject("composition", "rank", days[0], "BB"))
    assert caught.value.hint == f"its prices run from {days[4]} to {days[5]}"


def test_a_benchmark_that_there_is_not_names_those_there_are(by_hand: Engine) -> None:
    take(by_hand, "benchmark", [(DAYS[1], SYMBOL, 50.0)])
    for key in RELATIVE_METRICS:
        with pytest.raises(DataError) as caught:
            by_hand.explain(Subject("metrics", key, benchmark="^NONE"))
        assert caught.value.hint == f"there is: {SYMBOL}"


def test_names_from_files_stay_as_they_are(tmp_path: Path) -> None:
    made = market("AA", "BB")
    engine = built(tmp_path, made, index_size=2)
    take(engine, "security", [("AA", "\x1b[31mAlpha", None, None, None, None, None, None)], detail="[/b]evil.csv")
    found = engine.explain(Subject("composition", "name", None, "AA"))
    assert found.value == "\x1b[31mAlpha"
    assert found.inputs[0].source == "import [/b]evil.csv"


def test_the_header_says_how_far_behind_the_data_are(tmp_path: Path) -> None:
    engine = built(tmp_path, three_names(), index_size=2)
    assert engine.explain(Subject("performance", "level_pr")).status == engine.status()


def test_a_final_price_is_the_last_close_and_a_persons_word(tmp_path: Path) -> None:
    engine = built(tmp_path, market("AA", "BB", "CC"), index_size=2)
    days = engine.performance().sessions
    take(engine, "final_price", [(days[3], "AA", 4.0)], source="decision", detail="final price of AA")
    engine.build()
    found = engine.explain(Subject("contributions", "contribution", days[3], "AA"))
    # one half × (4 / 10 - 1)
    assert found.value == exactly(-0.3)
    close = labelled(found, "Close (U)")
    assert (close.value, close.provenance, close.note) == (4.0, "decided", "final price of a delisting")
    gone = engine.explain(Subject("changes", "reason", days[3], "AA"))
    assert gone.value == engine.changes(days[3], days[3]).rows[-1].reason
    assert "delisted" in str(gone.value)
    cap = engine.explain(Subject("changes", "market_cap_usd", days[3], "AA"))
    assert cap.value is None
    assert cap.gaps == (f"It was not eligible at {days[3]}: {gone.value}.",)
