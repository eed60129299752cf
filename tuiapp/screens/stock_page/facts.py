"""What is said of a company at a session: where it stands, and the numbers behind that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from tuiapp import format as text
from tuiapp.screens.composed import members
from tuiapp.widgets.line import Part, fit, spread, width_of
from tuiapp.widgets.page import wrapped

if TYPE_CHECKING:
    from engine.views.types import StockRow
    from tuiapp.screens.stock_page.asking import Company, Standing

Line = list[Part]
Fact = tuple[str, Part]
LABEL: Final = 11
WIDTH: Final = 26
MOST_COLUMNS: Final = 4
PINNED: Final = "• pinned"


def heading(company: Company, session: date, width: int, *, pinned: bool) -> list[Line]:
    """Ticker and name, the session, and what kind of company it is."""
    ticker = text.plain(company.ticker_at(session))
    right: Line = [(f" {PINNED} ", "accent")] if pinned else []
    right.append((f" as of {text.weekday(session)} ", "muted"))
    room = width - width_of(right) - len(ticker) - 3
    name: Part = (fit(text.plain(company.view.name), max(0, room)).rstrip(), "strong")
    return [spread([(f" {ticker}  ", "accent"), name], right, width), *wrapped(_kind(company), "muted", width)]


def _kind(company: Company) -> str:
    view = company.view
    told = view.name.casefold().startswith(view.issuer.casefold())
    issuer = "" if told else f"issuer {view.issuer}"
    *former, _ = company.tickers or [""]
    names = [f"{ticker} until {company.tickers[ticker][1]}" for ticker in former]
    said = (view.sector, view.exchange, issuer, *names)
    return " · ".join(text.plain(each) for each in said if each) or "no facts are stored"


def facts(company: Company, standing: Standing, width: int) -> list[Line]:
    """The numbers side by side, and a sentence where it is not ranked near the cut."""
    found = list(_of_ranked(standing) if standing.row else _of_others(company, standing))
    columns = max(1, min(MOST_COLUMNS, (width - 1) // WIDTH))
    rows = -(-len(found) // columns)
    lines: list[Line] = [_side_by_side(found[at::rows]) for at in range(rows)]
    return [*lines, *([] if standing.row else wrapped(_why_not(company, standing), "warn", width))]


def _side_by_side(found: list[Fact]) -> Line:
    parts: Line = [(" ", "")]
    for label, (value, tone) in found:
        parts += [(fit(label, LABEL) + " ", "muted"), (fit(value, WIDTH - LABEL - 2), tone or "strong"), (" ", "")]
    return parts


def _of_ranked(standing: Standing) -> Iterator[Fact]:
    row, cut = standing.row, standing.cut_cap_usd
    assert row is not None
    move, tone = members.move(row)
    yield "Rank", (f"{row.rank or text.NONE} {move}".strip(), tone)
    yield "Market cap", members.cap(row)
    yield "To cut", (text.distance(row.market_cap_usd / cut - 1 if cut else None), "")
    yield "To cut $", (text.cap(row.market_cap_usd - cut if cut else None, signed=True), "")
    yield "Close", (text.price(row.close), "")
    yield "Day", members.day(row)
    yield "Contrib", (text.added(row.contribution, day=True), text.added_tone(row.contribution))
    yield "Weight", (members.weight(row), "")
    yield "In since", (text.iso(row.since), "")
    yield "Sessions in", (text.count(row.days or None), "")


def _of_others(company: Company, standing: Standing) -> Iterator[Fact]:
    rows, cut = company.until(standing.status.session), standing.cut_cap_usd
    yield "Rank", (text.NONE, "")
    if not rows:
        return
    last = rows[-1]
    today = last.session == standing.status.session
    size = last.market_cap_usd if today else None
    gained = company.returns.get(last.session) if today else None
    yield "Market cap", (text.cap(size), "")
    yield "To cut", (text.distance(size / cut - 1 if size and cut else None), "")
    yield "To cut $", (text.cap(size - cut if size and cut else None, signed=True), "")
    yield "Close" if today else "Last close", (text.price(last.close), "")
    yield "Day", (f"{text.arrow(gained)}{text.percent(gained)}" if gained is not None else text.NONE, text.tone(gained))
    yield "Last price", (text.iso(last.session), "")


def _why_not(company: Company, standing: Standing) -> str:
    session, rows = standing.status.session, company.until(standing.status.session)
    if not rows:
        return _before_the_first(company.view.rows, session)
    if rows[-1].session < session:
        return f"No price on {session}: the last one is of {rows[-1].session}."
    if (line := standing.instead) is not None:
        ticker = text.plain(line.ticker)
        return f"{ticker} has the place of this company, rank {line.rank}: all lines of an issuer share one."
    return f"Not among the members on {session}, nor within ten ranks below the cut."


def _before_the_first(rows: tuple[StockRow, ...], session: date) -> str:
    return f"No price up to {session}: the first one is of {rows[0].session}." if rows else "There is no price of it."
