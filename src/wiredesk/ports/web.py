"""The web port: one hop to one address."""

from __future__ import annotations

from typing import Protocol

from wiredesk.records.page import Answer, Request


class Web(Protocol):
    """Asks one address once. Follows no redirect, keeps no cookie, decides nothing."""

    def exchange(self, request: Request) -> Answer:
        """Return the answer, its body within the budget of the request's purpose.

        Raises ``FetchError`` (``Refused`` for what is against policy or over a cap).
        """
        ...
