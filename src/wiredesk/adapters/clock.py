"""The clocks and timers: the machine's, and those that stand still (for replays and tests)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from threading import Lock


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


class SystemTimer:
    """The machine's time when the process began, and from there on its monotonic clock (R12)."""

    def __init__(self) -> None:
        self._offset = datetime.now(UTC).timestamp() - time.monotonic()

    def moment(self) -> float:
        """Return the time now in seconds since 1970 UTC."""
        return self._offset + time.monotonic()

    def wait(self, seconds: float) -> None:
        """Sleep so long."""
        time.sleep(max(0.0, seconds))


class ManualTimer:
    """A time that only goes by when somebody waits or says so: for simulations. It is a clock too."""

    def __init__(self, at: datetime) -> None:
        self._moment, self._turn = at.timestamp(), Lock()

    def moment(self) -> float:
        """Return the time that it is said to be."""
        return self._moment

    def now(self) -> datetime:
        """Return it as a clock does, to the second."""
        return datetime.fromtimestamp(int(self._moment), UTC)

    def wait(self, seconds: float) -> None:
        """Let so many seconds go by at once."""
        with self._turn:
            self._moment += max(0.0, seconds)
