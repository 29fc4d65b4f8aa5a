"""The web port: one hop to one address."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from wiredesk.records.page import Answer, Request


class Web(Protocol):
    """Asks one address once. Follows no redirect, keeps no cookie, decides nothing."""

    def exchange(self, request: Request) -> Answer:
        """Return the answer, its body within the budget of the request's purpose.

        Raises ``FetchError`` (``Refused`` for what is against policy or over a cap).
        """
        ...


@runtime_checkable
class Timed(Protocol):
    """A web that says how long it was at work, waiting for others' turns not counted."""

    def spent(self) -> float:
        """Return the seconds that this thread's requests have taken, in all."""
        ...
