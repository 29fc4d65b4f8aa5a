"""The ports of time: what time it is, and waiting."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the time now, aware, in UTC, to the second."""
        ...


class Timer(Protocol):
    """Lets threads wait for a moment. Within a process its time never goes back."""

    def moment(self) -> float:
        """Return the time now in seconds since 1970 UTC, with fractions."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when so many seconds have gone by."""
        ...
