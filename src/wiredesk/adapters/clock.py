"""The clocks: the machine's, and one that stands still (for replays and tests)."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's time. The only place that asks for it."""

    def now(self) -> datetime:
        """Return the time now, aware, in UTC, to the second."""
        return datetime.now(UTC).replace(microsecond=0)


class FixedClock:
    """A clock that stands still, at ``at`` in UTC, fractions of a second dropped."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a time without its zone cannot be a clock's")
        self._at = at.astimezone(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        """Return the one time."""
        return self._at
