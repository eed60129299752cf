"""What a person decides about the data: stored beside them, taken in by the next build, and withdrawn at will.

A decision is read like a file of one row, so that it is held to the same rules as an import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from engine import calendar
from engine.domain.decisions import DECISIONS, DecisionKind
from engine.errors import DataError
from engine.index.rules import MAX_STALE
from engine.reports import DecisionReport
from engine.store.audit import DECISION, DataChange, note
from engine.store.database import Database, Session
from engine.store.ingest import Merged, merge_batch, record_batch
from engine.views.quality import Decision

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DECISIONS", "SOURCE", "Decider"]

SOURCE: Final = "decision"
"""Source of the batches that decisions make; never the source of a market."""

LISTED: Final = "flatcap show coverage --decisions lists what was decided"
REACH: Final = MAX_STALE + 1
"""Sessions after a last price in which its listing can still have a final one."""


class Decider:
    """Takes decisions into one store.

    Args:
        database: The store.
        index_name: Name of the index whose findings hints are taken from.
        clock: Gives the present: nothing is decided about sessions that have not closed.
    """

    def __init__(self, database: Database, index_name: str, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._index_name = index_name
        self._now = clock().astimezone(UTC)

    def decide(self, decision: Decision) -> DecisionReport:
        """Store a decision. Raises ``DataError`` when it is not whole or fits nothing."""
        kind = _kind(decision)
        return self._write(lambda session: self._decide(session, kind, decision))

    def withdraw(self, decision: Decision) -> DecisionReport:
        """Take a decision back; its price or text may be left out. Raises ``DataError`` when there is none."""
        kind = _kind(decision, but=("price", "text"))
        return self._write(lambda session: self._withdraw(session, kind, decision))

    def _write(self, work: Callable[[Session], DecisionReport]) -> DecisionReport:
        if not self._database.exists():
            self._database.read(lambda _: None)  # says that there are no data
        return self._database.write(work)

    def _decide(self, session: Session, kind: DecisionKind, decision: Decision) -> DecisionReport:
        """Check it against the data, then store it."""
        frames, decided = self._read(kind, decision)
        if kind.name == "issuer":
            frames = {"security": _named(session, frames["security"], decided.ticker)}
        self._check(session, decided)
        at = self._now.replace(tzinfo=None)
        merged = merge_batch(session, frames, at=at, source=SOURCE, detail=_detail(decided))
        changed = any(one.rows_new or one.rows_changed for one in merged.values())
        days = [one.earliest for one in merged.values() if one.earliest is not None]
        again = "" if changed else " It was so already."
        return DecisionReport(_sentence(decided) + again, changed, min(days, default=None))

    def _read(self, kind: DecisionKind, decision: Decision) -> tuple[dict[str, pl.DataFrame], Decision]:
        """The decision as frames of the store, and as it is stored."""
        import polars as pl

        from engine.frames.refused import ROW
        from engine.frames.validate import validated

        table = pl.DataFrame({ROW: [1], **{name: [value] for name, value in _cells(decision).items()}})
        checked = validated(
            table,
            kind.imported_as,
            is_session=calendar.is_session,
            today=self._now.date(),
            final=calendar.last_closed_session(self._now),
        )
        for refusal in checked.refused:
            raise DataError(f"This {kind.label} cannot be taken: {refusal.reason}.", hint=_hint(decision))
        return checked.frames, _as_stored(decision, checked.frames)

    def _check(self, session: Session, decision: Decision) -> None:
        checks = {
            "accept-cap": self._check_cap,
            "final-price": self._check_final,
            "rename": self._check_rename,
            "issuer": self._check_issuer,
        }
        checks[decision.kind](session, decision)

    def _check_cap(self, session: Session, decision: Decision) -> None:
        values = {"ticker": decision.ticker, "session": decision.session}
        index = {**values, "index_name": self._index_name}
        given = session.row("decisions/given_cap", values)
        built, held_back, accepted = session.rows("decisions/was_held_back", index)[0]
        if given and (held_back or accepted or not built):
            return
        near = session.row("decisions/held_back", index)
        hint = f"the nearest one that was held back is of {near[0]}" if near else "none of its caps was held back"
        what = (
            "The market cap given for {} at {} was not held back, nor is it a step."
            if given
            else "{} has no given market cap at {}."
        )
        raise DataError(what.format(decision.ticker, decision.session), hint=hint)

    def _check_final(self, session: Session, decision: Decision) -> None:
        assert decision.session is not None
        values = {"ticker": decision.ticker, "session": decision.session}
        before, first = session.rows("decisions/prices_around", values)[0]
        if first is None:
            raise _no_price(decision.ticker)
        if before is None:
            raise DataError(
                f"{decision.ticker} is not listed at {decision.session}.", hint=f"its first price is of {first}"
            )
        end = _reach(before)
        if decision.session > end:
            hint = f"its last price before is of {before}: give a session from {before} to {end}"
            raise DataError(f"{decision.ticker} is not listed at {decision.session}.", hint=hint)
        after = session.rows("decisions/next_price", values)[0][0]
        if after is not None and after <= _reach(decision.session):
            raise DataError(
                f"{decision.ticker} trades on after {decision.session}: its next price is of {after}.",
                hint="a final price ends a stock; give the session of its last price or one right after it",
            )

    def _check_rename(self, session: Session, decision: Decision) -> None:
        tickers = [decision.ticker, decision.text]
        if not session.rows("decisions/has_prices", {"tickers": tickers}):
            raise DataError(f"Neither {decision.ticker} nor {decision.text} has a price.", hint="check the tickers")
        assert decision.session is not None
        values = {"old": decision.ticker, "new": decision.text, "session": decision.session}
        before, after, last = session.rows("decisions/prices_to_join", values)[0]
        first = calendar.next_session(decision.session)
        if before is None or _reach(before) < min(first, last):
            last_seen = f"its last price before is of {before}" if before else "it has none before"
            raise _nothing_to_join(decision, decision.ticker, last_seen)
        if first <= last and (after is None or after > _reach(first)):
            raise _nothing_to_join(decision, decision.text, f"its next is of {after}" if after else "it has none after")

    def _check_issuer(self, session: Session, decision: Decision) -> None:
        found = session.row("decisions/known_as", {"ticker": decision.ticker})
        if found is None and not session.rows("decisions/has_prices", {"tickers": [decision.ticker]}):
            raise _no_price(decision.ticker)
        if found and found[0] != decision.ticker:
            raise DataError(
                f"{decision.ticker} has what is known of {found[0]}, which it became.",
                hint=f"decide about {found[0]}",
            )

    def _withdraw(self, session: Session, kind: DecisionKind, decision: Decision) -> DecisionReport:
        decided = _stored(session, kind, decision)
        values = {"ticker": decided.ticker, "session": decided.session}
        touched = _touched(session, decided)
        removed = _remove(session, decided, values)
        changed = Merged(0, 1, 0, touched)
        at = self._now.replace(tzinfo=None)
        detail = f"withdrew {_detail(decided)}"
        record_batch(session, changed, at=at, source=SOURCE, detail=detail)
        day = decided.session
        note(session, DataChange(DECISION, detail, 0, 1 - removed, removed, day, day))
        return DecisionReport(_withdrawn(decided), True, touched)


def _kind(decision: Decision, but: tuple[str, ...] = ()) -> DecisionKind:
    """Its kind. Raises ``DataError`` when it is none, or not whole ``but`` for some attributes."""
    kind = DECISIONS.get(decision.kind)
    if kind is None:
        raise DataError(f"There is no decision called {decision.kind!r}.", hint=f"one of {', '.join(DECISIONS)}")
    needed = [name for name in ("ticker", *kind.needs) if name not in but]
    absent = [name for name in needed if getattr(decision, name) in (None, "")]
    if absent:
        raise DataError(f"This {kind.label} is not whole.", hint=f"give its {' and its '.join(absent)}")
    return kind


def _cells(decision: Decision) -> dict[str, Any]:
    """The decision as a row of a file of its kind."""
    if decision.kind == "issuer":
        return {"ticker": decision.ticker, "name": decision.ticker, "issuer": decision.text}
    dated: dict[str, Any] = {"date": decision.session}
    if decision.kind == "rename":
        return {**dated, "old_ticker": decision.ticker, "new_ticker": decision.text}
    if decision.kind == "final-price":
        return {**dated, "ticker": decision.ticker, "final_price": decision.price}
    return {**dated, "ticker": decision.ticker, "accepted": "yes"}


def _as_stored(decision: Decision, frames: dict[str, pl.DataFrame]) -> Decision:
    """The decision with its ticker and its text as the store has them."""
    row = next(iter(frames.values())).row(0, named=True)
    if decision.kind == "rename":
        return replace(decision, ticker=row["old_ticker"], text=row["new_ticker"], price=None)
    if decision.kind == "issuer":
        return replace(decision, ticker=row["ticker"], text=row["issuer"] or "", session=None, price=None)
    return replace(decision, ticker=row["ticker"], text="", price=row.get("price"))


def _hint(decision: Decision) -> str:
    day = decision.session
    if day is None or calendar.is_session(day):
        return f"flatcap decide {decision.kind} --help says what it needs"
    return f"the sessions around it are {calendar.previous_session(day)} and {calendar.next_session(day)}"


def _named(session: Session, frame: pl.DataFrame, ticker: str) -> pl.DataFrame:
    """The security under the name that it has in the store, or under its ticker."""
    import polars as pl

    found = session.row("decisions/known_as", {"ticker": ticker})
    name = found[1] if found and found[0] == ticker else ticker
    return frame.with_columns(name=pl.lit(name))


def _no_price(ticker: str) -> DataError:
    return DataError(f"{ticker} has no price in the store.", hint="check the ticker, or import its prices")


def _nothing_to_join(decision: Decision, ticker: str, why: str) -> DataError:
    return DataError(
        f"{ticker} has no price around {decision.session}, so that the rename joins nothing: {why}.",
        hint="give the first session of the new ticker",
    )


def _reach(last: date) -> date:
    """The last session at which a stock can have a final price, by the session of its last price."""
    day = last
    for _ in range(REACH):
        day = calendar.next_session(day + calendar.ONE_DAY)
    return day


def _stored(session: Session, kind: DecisionKind, decision: Decision) -> Decision:
    """The decision as it is in the store. Raises ``DataError`` when it is not there."""
    key = decision.ticker.strip().upper().replace(".", "-").replace("/", "-"), decision.session
    for row in session.rows("reads/decisions"):
        found = Decision(*row)
        if found.kind == kind.name and (found.ticker, found.session) == key:
            return _same(found, decision)
    raise DataError(f"There is no {kind.label} of {' at '.join(str(each) for each in key if each)}.", hint=LISTED)


def _same(stored: Decision, named: Decision) -> Decision:
    """The stored decision. Raises ``DataError`` when a price or a text was named that is not its own."""
    text = named.text.strip()
    other_text = bool(text) and text.casefold() != stored.text.casefold()
    if other_text or (named.price is not None and named.price != stored.price):
        raise DataError(f"That is not what was decided: {_sentence(stored)}", hint="leave the value out to withdraw it")
    return stored


def _touched(session: Session, decision: Decision) -> date | None:
    """First session whose index a decision can change."""
    if decision.kind in ("accept-cap", "final-price"):
        return decision.session
    found = session.rows("decisions/first_touched", {"ticker": decision.ticker})[0][0]
    days = [day for day in (found, decision.session) if day is not None]
    return min(days, default=None)


def _remove(session: Session, decision: Decision, values: dict[str, Any]) -> int:
    """Take it out of the store; gives how many rows went: an issuer is only a value of a row that may stay."""
    if decision.kind == "issuer":
        session.run("decisions/withdraw_issuer", {"ticker": decision.ticker})
        return int(session.rows("decisions/forget_security", {"ticker": decision.ticker})[0][0])
    withdrawals = {
        "accept-cap": "decisions/withdraw_accepted_cap",
        "final-price": "decisions/withdraw_final_price",
        "rename": "decisions/withdraw_rename",
    }
    return int(session.rows(withdrawals[decision.kind], values)[0][0])


def _detail(decision: Decision) -> str:
    """The decision in the record of batches; that of an issuer is found again by it."""
    label = f"{DECISIONS[decision.kind].label} of {decision.ticker}"
    if decision.kind == "issuer":
        return f"{label}: {decision.text}"
    return f"{label} to {decision.text}" if decision.kind == "rename" else label


def _sentence(decision: Decision) -> str:
    ticker, day = decision.ticker, decision.session
    sentences = {
        "accept-cap": f"The market cap given for {ticker} at {day} is accepted.",
        "final-price": f"{ticker} ends at {day} with a final price of {decision.price or 0.0:,.10g} USD.",
        "rename": f"{ticker} goes by {decision.text} from {day} on.",
        "issuer": f"{ticker} is a line of {decision.text}.",
    }
    return sentences[decision.kind]


def _withdrawn(decision: Decision) -> str:
    ticker, day = decision.ticker, decision.session
    sentences = {
        "accept-cap": f"Withdrawn: the market cap given for {ticker} at {day} has to be plausible again.",
        "final-price": f"Withdrawn: {ticker} has no final price at {day} any more.",
        "rename": f"Withdrawn: {ticker} and {decision.text} are two stocks again.",
        "issuer": f"Withdrawn: {ticker} is a company of its own again.",
    }
    return sentences[decision.kind]
