"""What came of a fetch, in one line: what is missing stands before what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.errors import ProviderError
from engine.fetching.asks import BENCHMARK, FX, PRICES
from tuiapp import format as text
from tuiapp import keys
from tuiapp.screens import troubles

if TYPE_CHECKING:
    from engine.reports import BuildReport, FetchFailure, FetchReport, UpdateReport
    from engine.views.types import IndexStatus

SERIES: Final = (BENCHMARK, FX)
NAMED: Final = 2
"""Series that are called by their names when they fail; more of them are counted."""


@dataclass(frozen=True, slots=True)
class News:
    """What just happened.

    Attributes:
        text: What is said.
        tone: How: ``good``, ``warn``, ``bad`` or empty.
        again: What the key that fetches does about it (``goes on``), empty where there is nothing left to do.
    """

    text: str
    tone: str
    again: str = ""


NO_NEWS: Final = News("", "")
STOPPED: Final = News("Stopped. What was fetched is kept", "warn", "goes on")


def of_report(report: UpdateReport, vendor: str) -> News:
    """What a fetch did."""
    fetched = report.fetch
    if fetched.outcome == "stopped":
        left = f". {text.counted(fetched.remaining, 'name')} left" if fetched.remaining else ""
        return News(f"Stopped: {text.plain(fetched.reason).rstrip('.')}{left}", "warn", "goes on")
    said = _through(fetched, vendor)
    if fetched.failures:
        failed = ", ".join(_failed(fetched))
        return News(f"{failed[0].upper()}{failed[1:]}; {keys.shown('screen.data')} says which. {said}", "warn")
    return News(said, "warn" if fetched.behind else "good")


def built(reports: Sequence[BuildReport]) -> str:
    """What was built, the index that is looked at first: ``built 1 session, and 2 other indices``."""
    others = [report for report in reports[1:] if report.sessions_built]
    more = f", and {len(others):,} other {'index' if len(others) == 1 else 'indices'}" if others else ""
    failed = next((each for each in reports if each.problem), None)
    why = f"; {failed.index} was not built: {text.plain(failed.problem).rstrip('.')}" if failed else ""
    return f"built {text.counted(reports[0].sessions_built, 'session')}{more}{why}"


def of_error(error: BaseException, status: IndexStatus) -> News:
    """Why nothing was fetched, and what is shown all the same."""
    if not isinstance(error, ProviderError):
        return News(troubles.in_one_line(error), "bad")
    behind = f", {text.behind(status.sessions_behind)}" if status.sessions_behind else ""
    why = text.plain(error.message).rstrip(".")
    return News(f"{why}; showing data through {status.last_session}{behind}", "bad", "tries again")


def next_step(news: News, status: IndexStatus | None, *, forced: bool) -> str:
    """The key that goes on with a fetch, behind the news: what it says is what the key does then."""
    if not news.again:
        return ""
    if status is None:
        return f"; {keys.shown('first.fetch')} {news.again}"
    if forced:
        return f"; {keys.shown('app.force')} begins again"
    reload = keys.shown("app.reload")
    if status.outdated:
        return f"; {reload} builds the index again, {reload} once more {news.again}"
    return f"; {reload} {news.again}"


def _failed(report: FetchReport) -> Iterator[str]:
    """What failed: of all names at once by what it is and why, names by their number, a few series by name."""
    for each in report.failures:
        if not each.symbol:
            yield f"{each.what} failed ({text.plain(each.reason)})"
    names = _symbols(report.failures, PRICES)
    if names:
        yield f"{len(names):,} of {text.counted(report.asked, 'name')} failed"
    series = _symbols(report.failures, *SERIES)
    if series:
        which = " and ".join(map(text.plain, series)) if len(series) <= NAMED else f"{len(series):,} series"
        yield f"{which} failed"
    others = {each.symbol for each in report.failures if each.symbol and each.kind not in (PRICES, *SERIES)}
    if more := len(others.difference(names)):
        yield f"parts of {text.counted(more, 'name')} failed"


def _symbols(failures: tuple[FetchFailure, ...], *kinds: str) -> list[str]:
    """Each symbol that failed once, however often it was asked for."""
    return list(dict.fromkeys(each.symbol for each in failures if each.symbol and each.kind in kinds))


def _through(fetched: FetchReport, vendor: str) -> str:
    through = f" through {fetched.through}" if fetched.through else ""
    corrections = sum(note.kind == "correction" for note in fetched.notes)
    changed = f", {text.counted(corrections, 'correction')}" if corrections else ""
    behind = f"; {vendor} is {text.behind(fetched.behind)}" if fetched.behind else ""
    return f"{_came(fetched)}{through}{changed}{behind}"


def _came(fetched: FetchReport) -> str:
    names = fetched.asked - len(_symbols(fetched.failures, PRICES))
    series = fetched.series - len(_symbols(fetched.failures, *SERIES))
    if names > 0:
        return f"Fetched {text.counted(names, 'name')}"
    if series > 0:
        return f"Fetched {series:,} series; prices"
    return "Showing data" if fetched.failures else "Everything was there already"
