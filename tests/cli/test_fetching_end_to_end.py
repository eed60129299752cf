"""``fetch`` and ``update`` over a real engine and a real store, from a vendor in memory."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.facade import Engine, open_engine
from engine.fetching.asks import PRICES
from engine.providers.vendor import REFUSED
from engine.settings import Settings, load_settings
from tests.fake_market import fake_market
from tests.fake_vendor import Feed, feed_at
from tuiapp.cli.invocation import World
from tuiapp.cli.main import main

ENV = {
    "FLATCAP_REQUESTS_PER_SECOND": "0",
    "FLATCAP_INDEX_SIZE": "8",
    "FLATCAP_HISTORY_YEARS": "1",
    "FLATCAP_MIN_CAP_USD": "0",
}
NAMES, SESSIONS, TODAY = 12, 90, 80
"""Size of the market, and the session of it, by number, whose evening it is."""


@dataclass(frozen=True)
class Desk:
    """Runs the command over one data folder, with a feed behind it."""

    feed: Feed
    data_dir: Path
    capsys: pytest.CaptureFixture[str]
    env: Mapping[str, str]

    def run(self, *argv: str) -> tuple[int, str, str]:
        world = World(lambda: self.env, lambda: False, self._open)
        code = main(["--data-dir", str(self.data_dir), *argv], world)
        return code, *self.capsys.readouterr()

    def _open(self, settings: Settings, **options: object) -> Engine:
        return open_engine(settings, clock=self.feed.clock, vendor=self.feed.vendor, **options)  # type: ignore[arg-type]

    def rows(self, *argv: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.run(*argv, "--format", "csv")[1])))


def feed_today() -> Feed:
    """The evening of a session, with sessions still to come."""
    market = fake_market(NAMES, SESSIONS)
    return feed_at(market.sessions[TODAY], market)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An empty folder."""
    return Desk(feed_today(), tmp_path / "data", capsys, ENV)


@pytest.fixture(scope="module")
def up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was updated in the same evening, made once."""
    folder, feed = tmp_path_factory.mktemp("fetched") / "data", feed_today()
    settings = load_settings({"data_dir": str(folder)}, ENV)
    open_engine(settings, clock=feed.clock, vendor=feed.vendor).update()
    return folder


@pytest.fixture
def updated(desk: Desk, up_to_date: Path) -> Desk:
    """A copy of it."""
    shutil.copytree(up_to_date, desk.data_dir)
    return desk


def test_an_update_of_an_empty_folder_is_one_line_and_an_index(desk: Desk) -> None:
    today = desk.feed.market.sessions[TODAY]
    code, out, err = desk.run("update")
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert out.startswith("top100: ")
    assert f"prices to {today}" in out
    performance = desk.rows("show", "performance")
    assert performance[-1]["session"] == today.isoformat()
    assert len(desk.rows("show", "composition")) == 8
    assert [row["outcome"] for row in desk.rows("show", "coverage", "--fetches") if row["record"] == "run"] == ["done"]


def test_an_update_of_what_is_complete_asks_nothing_and_is_one_line(updated: Desk) -> None:
    code, out, err = updated.run("update")
    assert (code, err, out.count("\n"), updated.feed.asked) == (0, "", 1, [])
    assert out.startswith("top100: nothing to fetch, prices to ")


def test_the_next_day_asks_each_name_once_and_builds_one_session(updated: Desk) -> None:
    updated.feed.evening(updated.feed.market.sessions[TODAY + 1])
    code, out, err = updated.run("update")
    assert (code, err) == (0, "")
    assert "1 session built" in out
    assert sorted(updated.feed.asked_for(PRICES)) == updated.feed.market.tickers()


def test_a_plan_asks_nothing_and_leaves_nothing(desk: Desk) -> None:
    code, out, err = desk.run("fetch", "--plan", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["estimated"] is True
    assert (desk.feed.asked, desk.data_dir.exists()) == ([], False)


def test_names_that_fail_are_named_after_the_rest_was_stored_and_built(desk: Desk) -> None:
    failing = sorted(desk.feed.market.tickers())[:2]
    for symbol in failing:
        desk.feed.fail(REFUSED, kind=PRICES, symbol=symbol)
    code, out, err = desk.run("update")
    assert (code, out.count("\n")) == (3, 1)
    assert "sessions built" in out
    assert err.startswith("flatcap: 2 of ")
    assert all(symbol in err for symbol in failing)
    assert err.count("\n") == 2
    listed = [row["symbol"] for row in desk.rows("show", "coverage", "--fetches") if row["record"] == "failure"]
    assert sorted(listed) == failing
    desk.feed.heal()
    assert desk.run("update")[0] == 0


def test_a_vendor_that_cannot_be_reached_is_exit_code_three_and_no_line(desk: Desk) -> None:
    desk.feed.fail(REFUSED)
    code, out, err = desk.run("update")
    assert (code, out) == (3, "")
    assert err.startswith("flatcap: ")
    assert "hint: " in err


def test_history_before_the_first_snapshot_is_labelled(updated: Desk) -> None:
    desk = updated
    today = desk.feed.market.sessions[TODAY]
    label = f"back-filled (survivorship-biased) before {today}"
    assert desk.run("show", "performance")[2] == f"{label}\n"
    assert desk.run("show", "composition")[2] == ""
    assert f"History  {label}" in desk.run()[1].splitlines()
    rows = json.loads(desk.run("show", "performance", "--format", "json")[1])
    assert [row["backfilled"] for row in rows] == [True] * (len(rows) - 1) + [False]


def test_fetch_stores_and_leaves_the_index_to_build(desk: Desk) -> None:
    code, out, err = desk.run("fetch")
    assert (code, out.count("\n")) == (0, 1)
    assert "To ask Yahoo for:" in err
    assert err.endswith(f"flatcap --data-dir {desk.data_dir} build\n")
    assert desk.run("build")[0] == 0


@pytest.mark.parametrize("verb", ["fetch", "update"])
def test_nothing_is_fetched_where_files_are_the_only_source(desk: Desk, verb: str) -> None:
    code, out, err = desk.run("--provider", "import", verb)
    assert (code, out, desk.feed.asked) == (2, "", [])
    assert "import" in err


def test_doctor_finds_nothing_bad_in_a_store_that_was_just_updated(updated: Desk) -> None:
    code, out, err = updated.run("doctor", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)
    assert {row["state"] for row in json.loads(out)} <= {"good", "warn"}
