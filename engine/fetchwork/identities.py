"""Which stock an answer is of: stocks change their tickers, and tickers their stocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from engine.calendar import next_session, previous_session
from engine.fetching.asks import DONE, EMPTY, FAILED, GONE, PRICES, Answer, Fetched
from engine.fetching.identity import COMMON, FEWER, NOISE, Rename, find_rename, is_near, too_many
from engine.fetching.notes import FetchNote
from engine.fetchwork.cases import Case, Verdict
from engine.fetchwork.known import Known
from engine.fetchwork.lines import Lines
from engine.fetchwork.parts import Part, closes_moved_by, last_stored, parts_of
from engine.fetchwork.stitching import Frames
from engine.frames.schemas import RAW_SCHEMAS
from engine.store.fetching import closes_of, forget_shares, matching_tickers, withdraw_delisting

if TYPE_CHECKING:
    from engine.store.database import Session

Closes = dict[date, float]


WAITS: Final = Verdict(waits=True)


class Identities:
    """Finds out which stocks answers are of.

    Args:
        known: What the store held when the fetch was planned.
        at: Moment of the run (UTC, without a zone).
    """

    def __init__(self, known: Known, at: datetime) -> None:
        self._known = known
        self._at = at
        self._listed = {one.symbol for one in known.state.universe}
        self._outcomes: dict[str, str] = {}

    def heard(self, answers: Iterable[Answer]) -> None:
        """Answers are stored."""
        self._outcomes |= {answer.ask.symbol: answer.outcome for answer in answers if answer.ask.kind == PRICES}

    def of(
        self, session: Session, group: Sequence[Fetched], pending: Collection[str], lines: Lines
    ) -> tuple[Lines, dict[str, Verdict]]:
        """The tickers of every stock by what has arrived, and a verdict for each ticker whose prices have.

        Args:
            session: A write session.
            group: What has arrived.
            pending: Symbols whose prices are not stored yet; none when all have answered.
            lines: The tickers of every stock before.
        """
        cases = self._cases(session, group, lines)
        if not cases:
            return lines, {}
        return _Judgement(session, self._known, self._at, self._listed, self._outcomes, lines).of(cases, pending)

    def _cases(self, session: Session, group: Sequence[Fetched], lines: Lines) -> list[Case]:
        """Answers with prices; nothing has to be found out where nothing is stored."""
        if not self._known.state.prices:
            return []
        cases = []
        for answer in (one for fetched in group for one in fetched.answers):
            if answer.ask.kind == PRICES and answer.outcome == DONE and not answer.frames["price"].is_empty():
                parts = parts_of(session, self._known, answer, lines)
                cases.append(Case(answer, parts, closes_moved_by(parts).values()))
        return cases


class _Judgement:
    """The verdicts on answers that are stored together."""

    def __init__(
        self,
        session: Session,
        known: Known,
        at: datetime,
        listed: Collection[str],
        outcomes: dict[str, str],
        lines: Lines,
    ) -> None:
        self._session = session
        self._known = known
        self._at = at
        self._listed = listed
        self._outcomes = outcomes
        self._before = lines
        self._after = lines
        self._others: set[str] = set()

    def of(self, cases: Sequence[Case], pending: Collection[str]) -> tuple[Lines, dict[str, Verdict]]:
        """First who goes on as whom, by the tickers as they were before; then who has ended."""
        self._others = {case.symbol for case in cases if case.is_other}
        verdicts: dict[str, Verdict] = {}
        ended: list[Case] = []
        for case in cases:
            verdict = self._first(case, pending)
            if verdict is not None:
                verdicts[case.symbol] = verdict
            elif case.is_other:
                ended.append(case)
        verdicts |= self._ends(ended)
        return self._after, verdicts

    def _first(self, case: Case, pending: Collection[str]) -> Verdict | None:
        """The verdict on an answer that needs no other; None on one of another stock that nobody knows."""
        if not case.is_other and not case.is_new:
            return Verdict(case.parts)
        if case.is_other and pending:
            return WAITS
        back = self._back_again(case) if case.is_new else None
        if back is not None:
            return back
        found = self._origin(case)
        if found is not None and found.old_ticker in pending:
            return WAITS
        reason = self._doubt(case, found) if found else ""
        if reason:
            return Verdict(refused=reason)
        if found is not None and self._is_free(found):
            return self._renamed(case, found)
        return None if case.is_other else self._begun(case)

    # -- the same stock after all

    def _back_again(self, case: Case) -> Verdict | None:
        """A delisting is taken back whose ticker trades on, with the prices that are stored."""
        held = self._known.state.prices.get(case.symbol)
        if held is None or case.prices["session"][-1] <= held.last:
            return None
        if not self._before.ends_after(case.symbol, held.last):
            return None
        lines = self._after.without_endings(case.symbol, held.last)
        parts = parts_of(self._session, self._known, case.answer, lines)
        ratios = closes_moved_by(parts).values()
        if 2 * sum(abs(ratio - 1) <= NOISE for ratio in ratios) < max(len(ratios), 1):
            return None
        self._after = lines
        withdraw_delisting(self._session, case.symbol, self._at)
        last = case.prices["session"][-1]
        return Verdict(parts, notes=(_note("back-again", case, last, f"has prices again, up to {last}."),))

    # -- renames

    def _origin(self, case: Case) -> Rename | None:
        """The ticker that a stock had before, by its closes under all the tickers that it has had."""
        matches = []
        for ticker, last in matching_tickers(self._session, case.prices):
            found = self._compared(case, ticker, last)
            if found:
                matches.append((ticker, *found, last))
        return find_rename(case.symbol, case.prices, matches, FEWER if case.is_other else COMMON)

    def _compared(self, case: Case, ticker: str, last: date) -> tuple[int, int] | None:
        """Sessions that an answer and a stored stock have in common, and those of equal closes."""
        stretches = self._before.without_endings(ticker, last).stretches(ticker)
        if last < stretches[0][1]:
            return None
        now: Closes = dict(case.prices.select("session", "close").rows())
        since = min(now)
        before = {
            day: close
            for name, first, end in stretches
            if end > since
            for day, close in closes_of(self._session, name, max(first, since), end).items()
        }
        common = [day for day in now if day in before]
        return len(common), sum(abs(now[day] / before[day] - 1) <= NOISE for day in common)

    def _doubt(self, case: Case, found: Rename) -> str:
        """Why it cannot be told yet whether a stock has gone on under another ticker; empty when it can."""
        old = found.old_ticker
        if old in self._others:
            return ""
        if old in self._listed:
            return f"its prices are those of {old}, which has not answered" if self._outcome(old) == FAILED else ""
        return f"its prices are those of {old}, which trades on" if self._trades_on(case, old) else ""

    def _is_free(self, found: Rename) -> bool:
        """Whether the old ticker has lost its stock, and to nobody else."""
        gone = found.old_ticker in self._others or found.old_ticker not in self._listed
        return gone and not self._after.leaves(found.old_ticker, found.session)

    def _trades_on(self, case: Case, ticker: str) -> bool:
        held = self._session.rows("fetching/last_price", {"ticker": ticker})[0][0]
        return held >= case.prices["session"][-1] and self._outcome(ticker) not in (GONE, EMPTY)

    def _outcome(self, ticker: str) -> str:
        return self._outcomes.get(ticker, DONE)

    def _renamed(self, case: Case, found: Rename) -> Verdict:
        """A stock goes on under a ticker from the session on after its last price, and after those of another stock."""
        old, new = found.old_ticker, found.new_ticker
        held = self._known.state.prices.get(new)
        day = max(found.session, next_session(held.last + timedelta(days=1))) if held else found.session
        self._revive(old, previous_session(found.session - timedelta(days=1)))
        was_own = any(name == new for name, _, _ in self._before.stretches(old))
        self._after = self._after.with_rename((day, old, new))
        row = pl.DataFrame([(day, old, new)], schema=RAW_SCHEMAS["rename"].columns, orient="row")
        frames: dict[str, pl.DataFrame] = {"rename": row}
        notes = [FetchNote("rename", new, day, f"{old} goes on as {new} from {day}: equal prices before.")]
        parts = parts_of(self._session, self._known, case.answer, self._after)
        if held:
            forget_shares(self._session, new, scale=not was_own)
        if held and not was_own:
            notes.append(
                _note("reused", case, day, f"stands from {day} on for the stock that was {old}, and no other.")
            )
            frames |= self._first_shares(case, parts[0])
        return Verdict(parts, frames=frames, notes=tuple(notes), begins=held is not None)

    def _revive(self, ticker: str, last: date) -> None:
        """Take the delisting of a stock back that goes on under another ticker."""
        if self._before.ends_after(ticker, last):
            withdraw_delisting(self._session, ticker, self._at)
            self._after = self._after.without_endings(ticker, last)

    # -- stocks that nobody knows

    def _begun(self, case: Case) -> Verdict:
        """A new name; or a ticker whose stock had left it, and that has got another one."""
        parts, held = case.parts, self._known.state.prices.get(case.symbol)
        asked = self._known.state.asked.get((PRICES, case.symbol))
        is_told = held and asked and asked.through and asked.through > held.last
        if held is None or is_told or parts[0].answer.frames["price"].is_empty():
            return Verdict(parts)
        forget_shares(self._session, case.symbol, scale=True)
        first = parts[0].answer.frames["price"]["session"][0]
        note = _note("reused", case, first, f"stands for another stock from {first} on.")
        return Verdict(parts, frames=self._first_shares(case, parts[0]), notes=(note,), begins=True)

    def _ends(self, cases: Sequence[Case]) -> dict[str, Verdict]:
        """Answers of other stocks than stored, which were known under no other ticker."""
        near = {case.symbol: Verdict(case.parts) for case in cases if is_near(case.ratios)}
        others = [case for case in cases if case.symbol not in near]
        if too_many(len(others), len(self._outcomes) + len(cases)):
            return near | {case.symbol: _unbelieved(case) for case in others}
        return near | {case.symbol: self._ended(case) for case in others}

    def _ended(self, case: Case) -> Verdict:
        """What had the ticker has left it or ended; what has it now begins after that."""
        lasts = [last for part in case.parts if part.ticker == case.symbol and (last := last_stored(part))]
        last = max(lasts, default=self._known.state.prices[case.symbol].last)
        day = next_session(last + timedelta(days=1))
        frames: dict[str, pl.DataFrame] = {}
        fate = "goes on under another ticker"
        if not self._after.leaves(case.symbol, day):
            self._after = self._after.with_ending((day, case.symbol))
            row = [(day, case.symbol)]
            frames["delisting"] = pl.DataFrame(row, schema=RAW_SCHEMAS["delisting"].columns, orient="row")
            fate = "has ended"
        forget_shares(self._session, case.symbol, scale=True)
        parts = parts_of(self._session, self._known, case.answer, self._after)
        text = f"stands for another stock: its prices are not those that are stored; what had it up to {last} {fate}."
        frames |= self._first_shares(case, parts[0])
        return Verdict(parts, frames=frames, notes=(_note("reused", case, day, text),), begins=True)

    def _first_shares(self, case: Case, part: Part) -> Frames:
        """Shares by market cap and price from the first day of a new stock on: those of the old one are not its."""
        listed = next((one for one in self._known.state.universe if one.symbol == case.symbol), None)
        first = part.answer.ask.since
        if listed is None or not listed.market_cap_usd or not listed.price or first is None:
            return {}
        later = part.answer.frames["split"].filter(pl.col("session") > first)["ratio"].product()
        shares = listed.market_cap_usd / listed.price / (float(later) if later else 1.0)
        row = [(first, case.symbol, shares)]
        return {"shares": pl.DataFrame(row, schema=RAW_SCHEMAS["shares"].columns, orient="row")}


def _unbelieved(case: Case) -> Verdict:
    text = "was not taken: its prices, and those of many others, are not those that are stored."
    return Verdict(
        refused="prices of another stock, like those of many others",
        notes=(_note("restated", case, case.prices["session"][-1], text),),
    )


def _note(kind: str, case: Case, session: date, text: str) -> FetchNote:
    return FetchNote(kind, case.symbol, session, f"{case.symbol} {text}")
