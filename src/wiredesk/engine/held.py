"""A bound on what was got out of order and waits for its turn."""

from __future__ import annotations

from concurrent.futures import CancelledError
from threading import Condition


class Held:
    """Counts what is held; while it is more than ``most``, whoever would get more waits, but for the
    one whose turn is next: it never waits, so that what is held is always taken on in the end.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held, self._taken = most, 0, 0
        self._over, self._freed = False, Condition()

    def wait(self, position: int) -> None:
        """Return when there is room for the thing at ``position`` (from 0), or its turn is next. Raises
        ``CancelledError`` when nobody will take it any more.
        """
        with self._freed:
            while self._held > self._most and position > self._taken and not self._over:
                self._freed.wait()
            if self._over:
                raise CancelledError

    def put(self, weight: int) -> None:
        """Count what was got."""
        with self._freed:
            self._held += weight

    def free(self, weight: int) -> None:
        """Count that the next thing, of this weight, was taken on."""
        with self._freed:
            self._held -= weight
            self._taken += 1
            self._freed.notify_all()

    def end(self) -> None:
        """Let nobody wait any more: nothing will be taken on."""
        with self._freed:
            self._over = True
            self._freed.notify_all()
