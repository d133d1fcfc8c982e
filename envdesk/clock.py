"""Where "now" comes from: passed in, never read in the middle of a computation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """Local wall time of the office. ``fixed`` freezes it (demo data, tests, ``--as-of``)."""

    fixed: datetime | None = None

    def now(self) -> datetime:
        """Return local wall time without zone, to the second."""
        return self.fixed or datetime.now().replace(microsecond=0)  # noqa: DTZ005 - wall time by design

    def utc(self) -> datetime:
        """Return UTC without zone, to the second."""
        return (self.fixed or datetime.now(tz=UTC).replace(tzinfo=None)).replace(microsecond=0)

    def today(self) -> date:
        """Return the local date."""
        return self.now().date()
