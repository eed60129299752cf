"""What one answer changes of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from engine.calendar import last_closed_session
from engine.fetching.asks import BENCHMARK, DONE, EMPTY, FAILED, FX, GONE, PRICES, SCREEN, SHARES, Answer, Ask
from engine.fetching.jumps import Jump, find_step, jump_of
from engine.fetching.notes import FetchNote
from engine.fetching.reconcile import reconcile, reconcile_series
from engine.fetching.scale import reports_from, scaled_shares
from engine.fetchwork.known import Known
from engine.fetchwork.lines import Lines, Stretch
from engine.fetchwork.parts import NOTHING, Part, imported_of, last_stored, parts_of
from engine.fetchwork.stitching import Frames, joined, own_reports
from engine.store.fetching import forget_unlisted, shares_at, splits_of, stored_series

if TYPE_CHECKING:
    from engine.store.database import Session

LISTED: Final = "listed, but without prices"
RESTATED: Final = "prices on another basis than the stored ones"
UNLISTED: Final = "its price has moved like that of a split that is not listed yet"
TURNED: Final = "its basis has changed; all of it is asked for again"


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer changes: rows to store and notes, or the reason why nothing of it is taken.

    ``again`` is a question to ask instead, for more than was asked for; what is not ``settled`` counts as not asked.
    """

    frames: Frames = field(default_factory=dict)
    notes: tuple[FetchNote, ...] = ()
    refused: str = ""
    again: Ask | None = None
    settled: bool = True

    def recorded(self, answer: Answer) -> Answer:
        """The answer as it is remembered: one of which nothing was taken is a failure."""
        reason = TURNED if self.again else self.refused
        return replace(answer, outcome=FAILED, reason=reason) if reason else answer


class Changes:
    """Compares answers with what is stored.

    Args:
        known: What the store held when the fetch was planned; under its lock only imports have changed it since.
        at: Moment of the run (UTC, without a zone).
    """

    def __init__(self, known: Known, at: datetime) -> None:
        self._known = known
        self._at = at
        self._listed = {one.symbol: one for one in known.state.universe}
        self._closed = last_closed_session(at.replace(tzinfo=UTC))
        self._is_current = known.state.snapshot is not None and known.state.snapshot >= self._closed

    def of(self, session: Session, answer: Answer, lines: Lines, before: Frames, parts: Sequence[Part] = ()) -> Change:
        """What an answer changes.

        Args:
            session: A write session.
            answer: What came back.
            lines: The tickers of every stock.
            before: What the answers before it of the same job change.
            parts: An answer about prices beside what is stored, where it is known already.
        """
        if self._is_contradicted(answer):
            return Change(refused=LISTED)
        if answer.outcome != DONE:
            return Change()
        kinds: dict[str, Callable[[], Change]] = {
            SCREEN: lambda: self._screen(session, answer),
            PRICES: lambda: self._prices(session, parts or parts_of(session, self._known, answer, lines)),
            SHARES: lambda: self._shares(session, answer, lines, before),
            BENCHMARK: lambda: self._series(session, answer, "benchmark"),
            FX: lambda: self._series(session, answer, "fx"),
        }
        return kinds.get(answer.ask.kind, lambda: Change(answer.frames))()

    def _is_contradicted(self, answer: Answer) -> bool:
        """Whether a snapshot lists a name that is said to have no prices; one of an earlier session says nothing."""
        if answer.ask.kind != PRICES or answer.outcome not in (GONE, EMPTY):
            return False
        return self._is_current and answer.ask.symbol in self._listed

    def _screen(self, session: Session, answer: Answer) -> Change:
        """A snapshot takes the place of an earlier one of its session, which may have been made before the close."""
        snapshot = answer.frames["universe_snapshot"]
        if snapshot.is_empty():
            return Change(refused="an empty list")
        forget_unlisted(session, snapshot["session"][0], snapshot["ticker"].to_list(), self._at)
        return Change(answer.frames)

    def _prices(self, session: Session, parts: Sequence[Part]) -> Change:
        """Rows that are new or differ, each stretch under the ticker that the stock had."""
        found = [reconcile(part.ticker, part.answer, part.stored) for part in parts]
        notes = tuple(note for one in found for note in one.notes)
        if any(note.kind == "restated" and note.ticker == parts[0].ticker for note in notes):
            return Change(joined([one.frames for one in found]), notes, refused=RESTATED)
        jump = self._jump(session, parts, found[0].frames)
        if jump is None:
            return Change(joined([one.frames for one in found]), notes)
        told = FetchNote("restated", parts[0].ticker, jump.session, jump.text(parts[0].ticker))
        if not jump.is_stale(self._closed):
            return Change(notes=(told,), refused=UNLISTED)
        return Change(joined([one.frames for one in found]), (*notes, told))

    def _jump(self, session: Session, parts: Sequence[Part], frames: Frames) -> Jump | None:
        """A price that has moved like that of a split which nobody lists, if the market cap says so."""
        part, snapshot = parts[0], self._known.state.snapshot
        listed, held = self._listed.get(part.ticker), last_stored(part)
        step = find_step(part.stored.price, frames.get("price", NOTHING["price"]), part.answer.frames["split"])
        if step is None or listed is None or held is None or snapshot is None or snapshot < step.session:
            return None
        before = shares_at(session, part.ticker, held + timedelta(days=1))
        return jump_of(step, before, listed, part.answer.frames["split"]) if before else None

    def _shares(self, session: Session, answer: Answer, lines: Lines, before: Frames) -> Change:
        """Reports on the basis of the whole company, each stretch under the ticker that the stock had."""
        ticker, reports = answer.ask.symbol, answer.frames["shares"]
        stretches = lines.stretches(ticker)
        (_, first, _), *earlier = stretches
        splits = self._splits(session, stretches, before)
        scale, listed = self._scale(session, ticker), self._listed.get(ticker)
        reports, is_sure = reports_from(reports, splits, answer.ask.since or date.min, listed, scale)
        own = reports if first == date.min else own_reports(reports, splits, first)
        scaled = scaled_shares(ticker, own, splits, listed, self._known.state.snapshot, scale)
        scaled = scaled if is_sure else scaled.unsettled()
        parts = [scaled.frames]
        for name, since, end in earlier:
            factor = (None if name in self._listed else self._scale(session, name)) or scale or _fixed(scaled.frames)
            whole = pl.col("shares_outstanding") * factor
            part = reports.filter((pl.col("session") >= since) & (pl.col("session") < end))
            parts.append({"shares": part.with_columns(whole, ticker=pl.lit(name))})
        return Change(joined(parts), scaled.notes, settled=scaled.settled)

    def _scale(self, session: Session, ticker: str) -> float | None:
        """The factor that is fixed for the reported shares of a ticker."""
        known = session.rows("fetching/scales") if ticker in self._known.scales else []
        return next((scale for name, scale in known if name == ticker), None)

    def _splits(self, session: Session, stretches: Sequence[Stretch], before: Frames) -> pl.DataFrame:
        """Every split of a stock under all its tickers, those just found included."""
        stored = [
            splits_of(session, name).filter((pl.col("session") >= first) & (pl.col("session") < end))
            for name, first, end in stretches
            if name in self._known.state.prices
        ]
        found = joined([{"split": frame} for frame in (*stored, before.get("split", NOTHING["split"]))])
        splits = found.get("split", NOTHING["split"])
        return splits.sort("session") if len(stored) > 1 else splits

    def _series(self, session: Session, answer: Answer, table: str) -> Change:
        """Closes of a benchmark or a pair; all of them are asked for again when the vendor has changed their basis."""
        symbol, since = _stored_as(answer.ask), answer.ask.since or date.min
        imported = imported_of(session, self._known, symbol, since).get(table, ())
        found = reconcile_series(answer, stored_series(session, table, symbol, since), imported=imported)
        if found is not None:
            return Change(found.frames, found.notes)
        held = (self._known.state.benchmarks if table == "benchmark" else self._known.state.fx).get(symbol)
        if held is None or since <= held.first:
            return Change(answer.frames)
        return Change(again=replace(answer.ask, since=held.first))


def _fixed(frames: Frames) -> float:
    """The factor that has just been fixed, 1 for none."""
    return float(frames["share_scale"]["scale"][0]) if "share_scale" in frames else 1.0


def _stored_as(ask: Ask) -> str:
    """The symbol under which a series is stored."""
    return ask.symbol.removesuffix("=X") if ask.kind == FX else ask.symbol
