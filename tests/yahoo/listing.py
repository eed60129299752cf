"""One line of an invented market, kept on the basis of its first day; what traded follows from its events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """A split, effective at the open of session ``number``.

    ``listed_at`` and ``adjusted_at`` say from when on the vendor lists it, and divides earlier prices by it.
    """

    number: int
    numerator: int
    denominator: int
    listed_at: datetime
    adjusted_at: datetime

    @property
    def ratio(self) -> float:
        """New shares per old share."""
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Correction:
    """From ``at`` on, the close of a session is another one."""

    number: int
    close: float
    at: datetime


@dataclass(frozen=True)
class Bars:
    """As traded, by session; NaN where there was no trade."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats


@dataclass
class Listing:
    """A line of stock, an index or a fund.

    Attributes:
        symbols: First day and symbol, oldest first: a rename adds one.
        value: Price on the basis of the first day, by session; NaN where it does not trade.
        shape: Open, high and low of a session as parts of its close, a row each.
        volume: Shares traded, on the basis of the first day.
        reports: Days and shares of the whole company, on the basis of the first day.
        fraction: Part of the whole company's shares that the vendor reports for this line.
        dividends: Amount by session number, on the basis of the first day.
        kind: Security type in the project's words; the vendor has no such field.
        gone_at: From when on the vendor says that there is no such symbol.
    """

    symbols: list[tuple[date, str]]
    name: str
    value: Floats
    shape: Floats
    volume: Floats
    sector: str = ""
    industry: str = ""
    exchange: str = "NYQ"
    country: str = "United States"
    kind: str = "common stock"
    quote_type: str = "EQUITY"
    issuer: str = ""
    fraction: float = 1.0
    decimals: int = 2
    hides_cap: bool = False
    reports: list[tuple[date, float]] = field(default_factory=list)
    stale_reports: list[tuple[date, float]] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    dividends: dict[int, float] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    gone_at: datetime | None = None

    @property
    def first(self) -> int:
        """Number of the first session that it trades on."""
        return int(np.flatnonzero(~np.isnan(self.value))[0])

    @property
    def last(self) -> int:
        """Number of the last session that it trades on."""
        return int(np.flatnonzero(~np.isnan(self.value))[-1])

    def symbol(self, day: date) -> str:
        """Its symbol on a day."""
        begun = [symbol for since, symbol in self.symbols if since <= day]
        return begun[-1] if begun else self.symbols[0][1]

    def factors(self) -> Floats:
        """Shares of a session that one share of the first day has become."""
        found = np.ones(len(self.value))
        for split in self.splits:
            found[split.number :] *= split.ratio
        return found

    def bars(self, at: datetime) -> Bars:
        """As traded, with the closes that hold at a moment."""
        factors = self.factors()
        close = np.round(self.value / factors, self.decimals)
        opened, high, low = np.round(close * self.shape, self.decimals)
        for correction in self.corrections:
            if correction.at <= at:
                close[correction.number] = correction.close
        high, low = np.fmax(high, np.fmax(opened, close)), np.fmin(low, np.fmin(opened, close))
        return Bars(opened, high, low, close, np.round(self.volume * factors))

    def paid(self) -> dict[int, float]:
        """Dividends as traded by session number."""
        factors = self.factors()
        return {number: round(amount / factors[number], 4) for number, amount in sorted(self.dividends.items())}

    def reported(self, sessions: list[date], *, whole: bool) -> list[tuple[date, float]]:
        """Reports by day, each on the basis of its day: of the whole company, or as the vendor has them.

        The vendor has some twice on one day, the outdated one first.
        """
        rows = self.reports if whole else sorted([*self.stale_reports, *self.reports], key=lambda row: row[0])
        part = 1.0 if whole else self.fraction
        return [(day, round(shares * part) * self._factor_on(sessions, day)) for day, shares in rows]

    def whole_shares(self, sessions: list[date], number: int) -> float:
        """Shares of the whole company on the basis of a session."""
        known = [shares for day, shares in self.reports if day <= sessions[number]]
        return round(known[-1]) * float(self.factors()[number]) if known else float("nan")

    def _factor_on(self, sessions: list[date], day: date) -> float:
        return float(np.prod([split.ratio for split in self.splits if sessions[split.number] <= day]))
