"""What an answer changes of what is stored: rows that are new or really differ, and what a person should know."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from engine.fetching.asks import BENCHMARK, FX, Answer
from engine.fetching.basis import find_basis, moved_events, one_factor
from engine.fetching.notes import FetchNote

NOISE: Final = 1e-6
"""Prices that differ by less are equal: the vendor's come through single precision."""

ROUNDED: Final = 1e-4
"""Likewise dividends and volumes, which the vendor puts on the basis of later splits and rounds."""

PRICED: Final = {"open": NOISE, "high": NOISE, "low": NOISE, "close": NOISE, "volume": ROUNDED}

TOLD: Final = 3
"""Rows of one kind that are told one by one; more are told together."""

SERIES: Final = {BENCHMARK: ("benchmark", "symbol", "close"), FX: ("fx", "pair", "rate")}


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of one ticker from the first day asked for on, on its schemas.

    Attributes:
        price: Prices.
        split: Splits.
        dividend: Dividends.
        imported: Sessions, by table, whose rows came by import: an answer neither changes nor corrects them.
    """

    price: pl.DataFrame
    split: pl.DataFrame
    dividend: pl.DataFrame
    imported: Mapping[str, Collection[date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Rows to store, by table and only where there are any, and what was found out."""

    frames: Mapping[str, pl.DataFrame]
    notes: tuple[FetchNote, ...] = ()


def reconcile(ticker: str, answer: Answer, stored: Stored) -> Reconciled:
    """Compare the prices, splits and dividends of an answer with what is stored.

    Args:
        ticker: Under which the rows are stored.
        answer: A reply whose window reaches to the present, so that every later split is in it.
        stored: What is stored from ``answer.ask.since`` on.
    """
    if not {"price", "split", "dividend"} <= set(answer.frames) or answer.frames["price"].is_empty():
        return Reconciled({})
    return _Comparison(ticker, answer, stored).result()


def moved_by(answer: Answer, stored: Stored) -> dict[date, float]:
    """Closes of an answer as parts of the stored ones, as traded; of sessions that came by a fetch.

    Of a reply that is on another basis than what is stored, nothing is known.
    """
    since, imported = answer.ask.since or date.min, stored.imported.get("price", ())
    before = {day: close for day, close in _points(stored.price, "close").items() if day not in imported}
    now = {day: close for day, close in _points(answer.frames["price"], "close").items() if day >= since}
    found = {day: close / before[day] for day, close in now.items() if day in before}
    if 2 * sum(abs(ratio - 1) <= NOISE for ratio in found.values()) >= len(found):
        return found
    basis = find_basis(answer.frames["price"], answer.frames["split"], stored.price, stored.split)
    if basis.refused:
        return {}
    traded = _points(basis.as_traded(answer.frames["price"]), "close")
    return {day: traded[day] / before[day] for day in found}


def reconcile_series(answer: Answer, stored: pl.DataFrame, *, imported: Collection[date] = ()) -> Reconciled | None:
    """Compare closes of a benchmark, or rates of a pair, with what is stored of them.

    Args:
        answer: The reply.
        stored: What is stored from ``answer.ask.since`` on.
        imported: Sessions whose values came by import.

    Returns:
        Rows to store and notes; None when the vendor has put the past on another basis (a fund that was split), so
        that all of it has to be asked for.
    """
    table, key, value = SERIES[answer.ask.kind]
    fetched = answer.frames.get(table)
    if fetched is None or fetched.is_empty():
        return Reconciled({})
    before = dict(zip(stored["session"].to_list(), stored[value].to_list(), strict=True))
    closes = dict(zip(fetched["session"].to_list(), fetched[value].to_list(), strict=True))
    if one_factor({day: close / before[day] for day, close in closes.items() if before.get(day)}):
        return None
    rows = _changed(fetched, stored, {value: NOISE}, imported)
    symbol = str(fetched[key][0])
    notes: tuple[FetchNote, ...] = ()
    if answer.ask.kind == BENCHMARK:  # rates of a currency are revised after every New York close
        notes = (*_corrections(symbol, value, rows, before), *_sessions(symbol, closes, before, imported))
    return Reconciled({table: rows} if rows.height else {}, notes)


class _Comparison:
    """One answer beside what is stored."""

    def __init__(self, ticker: str, answer: Answer, stored: Stored) -> None:
        self._ticker = ticker
        self._since = answer.ask.since or date.min
        self._fetched = {table: self._within(frame) for table, frame in answer.frames.items() if table != "shares"}
        self._stored = {name: self._within(getattr(stored, name)) for name in ("price", "split", "dividend")}
        self._imported = stored.imported
        self._basis = find_basis(
            self._fetched["price"], self._fetched["split"], self._stored["price"], self._stored["split"]
        )

    def _within(self, frame: pl.DataFrame) -> pl.DataFrame:
        begins_early = frame.height and frame["session"][0] < self._since
        return frame.filter(pl.col("session") >= self._since) if begins_early else frame

    def result(self) -> Reconciled:
        """Rows and notes; of a reply whose basis is not known, nothing but the reason."""
        if self._fetched["price"].is_empty():
            return Reconciled({})
        last = self._fetched["price"]["session"][-1]
        if self._basis.refused:
            text = f"{self._ticker} was not taken: {self._basis.refused}."
            return Reconciled({}, (FetchNote("restated", self._ticker, last, text),))
        prices, price_notes = self._prices()
        splits, split_notes = self._events("split", "ratio", NOISE, last)
        dividends, dividend_notes = self._events("dividend", "amount", ROUNDED, last)
        found = {"price": prices, "split": splits, "dividend": dividends}
        frames = {table: frame for table, frame in found.items() if frame.height}
        return Reconciled(frames, (*split_notes, *price_notes, *dividend_notes))

    def _prices(self) -> tuple[pl.DataFrame, list[FetchNote]]:
        fetched, stored = self._basis.as_traded(self._fetched["price"]), self._stored["price"]
        imported = self._imported.get("price", ())
        kept = stored["session"].to_list() if self._basis.turned else imported
        rows = _changed(fetched, stored, PRICED, kept)
        before, now = _points(stored, "close"), _points(fetched, "close")
        notes = [*_corrections(self._ticker, "close", rows, before), *_sessions(self._ticker, now, before, imported)]
        return rows, notes

    def _events(self, table: str, value: str, tolerance: float, last: date) -> tuple[pl.DataFrame, list[FetchNote]]:
        """Splits or dividends up to the last session of the reply: a later one waits until its day has a price."""
        frame, stored = self._fetched[table], self._stored[table]
        if table == "dividend" and self._basis.turned:
            frame = frame.filter(pl.col("session") >= self._basis.turned[0].session)
        moved = moved_events(_points(frame, value), _points(stored, value))
        if moved or (frame.height and frame["session"][-1] > last):
            frame = frame.filter((pl.col("session") <= last) & ~pl.col("session").is_in(list(moved)))
        imported = self._imported.get(table, ())
        rows = _changed(frame, stored, {value: tolerance}, imported)
        before = _points(stored, value)
        notes = _corrections(self._ticker, table, rows, before)
        first = self._fetched["price"]["session"][0]
        listed = _points(self._fetched[table], value)
        gone = [day for day in before if first <= day <= last and day not in listed and day not in imported]
        notes += _withdrawn(self._ticker, table, gone, before)
        if table == "split":
            notes += self._new_splits(rows)
        return rows, notes

    def _new_splits(self, rows: pl.DataFrame) -> list[FetchNote]:
        """Splits of a name that is followed; those in the history of a new name are no news."""
        stored = self._stored["price"]["session"]
        known = set(self._stored["split"]["session"])
        return [
            FetchNote("split", self._ticker, day, f"{self._ticker} has a split of {_terms(ratio)} on {day}.")
            for day, ratio in _points(rows, "ratio").items()
            if day not in known and len(stored) and stored[0] < day
        ]


def _terms(ratio: float) -> str:
    return f"1 new share for {1 / ratio:.7g}" if ratio < 1 else f"{ratio:g} new shares for one"


def _changed(
    fetched: pl.DataFrame, stored: pl.DataFrame, values: Mapping[str, float], kept: Collection[date]
) -> pl.DataFrame:
    """Rows that are not stored, and stored ones with a value that differs; of these only what differs is replaced.

    Args:
        fetched: Rows of an answer.
        stored: Rows stored.
        values: Columns that may differ, each with what is no difference yet.
        kept: Stored sessions that stay as they are.
    """
    if stored.is_empty() or fetched.is_empty():
        return fetched
    known = {row[0]: row for row in stored.select(fetched.columns).iter_rows()}
    noises = [values.get(name, math.inf) for name in fetched.columns]
    rows = []
    for row in fetched.iter_rows():
        held = known.get(row[0])
        now = row if held is None else tuple(map(_newer, row, held, noises))
        if now != held and (held is None or row[0] not in kept):
            rows.append(now)
    return pl.DataFrame(rows, schema=fetched.schema, orient="row")


def _newer(value: Any, held: Any, noise: float) -> Any:
    """The value that counts: the stored one unless another is known that differs by more than noise."""
    if value is None or value == held or noise == math.inf:
        return held
    same = held is not None and abs(value - held) <= noise * max(abs(value), abs(held))
    return held if same else value


def _corrections(ticker: str, name: str, rows: pl.DataFrame, before: Mapping[date, float]) -> list[FetchNote]:
    """Notes of values that the vendor gives otherwise now; ``name`` is the column, or the table of an event."""
    if not before:
        return []
    value = {"split": "ratio", "dividend": "amount"}.get(name, name)
    found = [
        (day, before[day], now)
        for day, now in _points(rows, value).items()
        if day in before and abs(now - before[day]) > NOISE * abs(before[day])
    ]
    if len(found) > TOLD:
        text = f"{len(found):,} of its {name} values from {found[0][0]} to {found[-1][0]} have changed"
        largest = max(abs(now / then - 1) if then else 1.0 for _, then, now in found)
        return [FetchNote("correction", ticker, found[0][0], f"{ticker}: {text}, by up to {largest:.2%}.")]
    return [
        FetchNote("correction", ticker, day, f"The {name} of {ticker} on {day} is {now:.7g}, not {then:.7g}.")
        for day, then, now in found
    ]


def _withdrawn(ticker: str, table: str, days: Sequence[date], before: Mapping[date, float]) -> list[FetchNote]:
    return [
        FetchNote(
            "correction",
            ticker,
            day,
            f"The {table} of {before[day]:.7g} of {ticker} on {day} is not listed there any more; it is kept.",
        )
        for day in days
    ]


def _sessions(
    ticker: str, now: Mapping[date, float], before: Mapping[date, float], imported: Collection[date]
) -> list[FetchNote]:
    """Notes of sessions that the vendor has lost, and of those that have come late."""
    if not before:
        return []
    lost = sorted(day for day in before if day not in now and day not in imported)
    first, last = min(before), max(before)
    late = sorted(day for day in now if first < day < last and day not in before)
    return [
        *_told("lost-session", ticker, lost, "is not there any more; the stored one is kept", "are not there any more"),
        *_told("late-session", ticker, late, "was missing and is there now", "were missing and are there now"),
    ]


def _told(kind: str, ticker: str, days: Sequence[date], one: str, several: str) -> list[FetchNote]:
    if len(days) > TOLD:
        text = f"{len(days):,} sessions of {ticker} from {days[0]} to {days[-1]} {several}."
        return [FetchNote(kind, ticker, days[0], text)]
    return [FetchNote(kind, ticker, day, f"The session {day} of {ticker} {one}.") for day in days]


def _points(frame: pl.DataFrame, name: str) -> dict[date, float]:
    return dict(zip(frame["session"].to_list(), frame[name].to_list(), strict=True))
