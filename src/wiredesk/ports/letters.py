"""The letters port: editions, subscribers and deliveries, kept apart from the desk's own state."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from wiredesk.records.newsletter import Delivery, Issue, Subscriber


class Letters(Protocol):
    """Keeps what newsletters need to know. When ``keep`` returns, it is on the disk."""

    def issues(self) -> Sequence[Issue]:
        """Return all editions, by the time at which they were due, then by id."""
        ...

    def issue(self, issue_id: str) -> Issue | None:
        """Return one edition, or None."""
        ...

    def subscribers(self) -> Sequence[Subscriber]:
        """Return everybody, by id."""
        ...

    def subscriber(self, subscriber_id: str) -> Subscriber | None:
        """Return one subscriber, or None."""
        ...

    def of_address(self, address: str) -> Subscriber | None:
        """Return the subscriber of an address, compared without case, or None."""
        ...

    def deliveries(self, issue: str) -> Sequence[Delivery]:
        """Return what became of an edition, by subscriber."""
        ...

    def delivery(self, issue: str, subscriber: str) -> Delivery | None:
        """Return what became of an edition for one subscriber, or None for nothing yet."""
        ...

    def keep(self, *rows: Issue | Subscriber | Delivery) -> None:
        """Put rows over their older selves: all or, on any error, none. Raises ``StoreError``."""
        ...

    def forget(self, subscriber_id: str) -> None:
        """Erase a subscriber, from the file's free space too, and the words of servers about them."""
        ...

    def changing(self) -> AbstractContextManager[None]:
        """Have what is read and kept inside be one step, alone; undone on any error."""
        ...

    def sending(self) -> AbstractContextManager[None]:
        """Be the one sender while the context lasts; raises ``StoreBusy`` when another one is."""
        ...
