"""The moment of a fetch, as the vendor, the calendar and the store tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from engine import calendar


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment.

    Attributes:
        now: It, aware of its zone.
    """

    now: datetime

    @property
    def utc(self) -> datetime:
        """As the store keeps it: UTC without a zone."""
        return self.now.astimezone(UTC).replace(tzinfo=None)

    @property
    def today(self) -> date:
        """The day in New York."""
        return day_in_new_york(self.now)

    @property
    def final(self) -> date:
        """The last session whose prices are final."""
        return calendar.last_closed_session(self.now)


def day_in_new_york(moment: datetime) -> date:
    """The day it is in New York. A moment without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo("America/New_York")).date()
