"""The only clock. Everything else is told the time."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved; tests and reproducible runs use it."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._instant

    def move(self, by: timedelta) -> None:
        """Move the hands by `by`, forwards or back."""
        self._instant += by


def today(clock: Clock) -> date:
    """The calendar day in Paris, in which contracts begin and end."""
    return clock.now().astimezone(PARIS).date()
