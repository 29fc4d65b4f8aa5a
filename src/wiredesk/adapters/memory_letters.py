"""The letters that live as long as their process: for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from wiredesk.errors import StoreBusy
from wiredesk.records.newsletter import Delivery, Issue, Subscriber

_Row = Issue | Subscriber | Delivery
_T = TypeVar("_T", Issue, Subscriber, Delivery)


class MemoryLetters:
    """``ports.letters.Letters`` in memory. Rows are kept encoded, as a database does."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], bytes] = {}
        self._turn = threading.RLock()
        self._inside = self._is_sending = False

    def issues(self) -> Sequence[Issue]:
        """Return all editions, by the time at which they were due, then by id."""
        return sorted(self._all(Issue), key=lambda issue: (issue.due, issue.id))

    def issue(self, issue_id: str) -> Issue | None:
        """Return one edition, or None."""
        return next((each for each in self.issues() if each.id == issue_id), None)

    def subscribers(self) -> Sequence[Subscriber]:
        """Return everybody, by id."""
        return sorted(self._all(Subscriber), key=lambda subscriber: subscriber.id)

    def subscriber(self, subscriber_id: str) -> Subscriber | None:
        """Return one subscriber, or None."""
        return next((each for each in self.subscribers() if each.id == subscriber_id), None)

    def of_address(self, address: str) -> Subscriber | None:
        """Return the subscriber of an address, compared without case, or None."""
        wanted = address.lower()
        return next((each for each in self.subscribers() if each.address.lower() == wanted), None)

    def deliveries(self, issue: str) -> Sequence[Delivery]:
        """Return what became of an edition, by subscriber."""
        found = (each for each in self._all(Delivery) if each.issue == issue)
        return sorted(found, key=lambda delivery: delivery.subscriber)

    def delivery(self, issue: str, subscriber: str) -> Delivery | None:
        """Return what became of an edition for one subscriber, or None for nothing yet."""
        return next(
            (each for each in self.deliveries(issue) if each.subscriber == subscriber), None
        )

    def keep(self, *rows: _Row) -> None:
        """Put rows over their older selves."""
        with self.changing():
            self._rows.update({_key(row): msgspec.json.encode(row) for row in rows})

    def forget(self, subscriber_id: str) -> None:
        """Erase a subscriber, and the words of servers about them."""
        with self.changing():
            said = (each for each in self._all(Delivery) if each.subscriber == subscriber_id)
            self.keep(*(msgspec.structs.replace(each, reply="") for each in said))
            self._rows.pop(("Subscriber", subscriber_id), None)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Have what is read and kept inside be one step, alone; undone on any error."""
        with self._turn:
            before, outermost = dict(self._rows), not self._inside
            self._inside = True
            try:
                yield
            except BaseException:
                if outermost:
                    self._rows = before
                raise
            finally:
                self._inside = not outermost

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the one sender while the context lasts; raises ``StoreBusy`` when another one is."""
        if self._is_sending:
            raise StoreBusy("these letters are being sent already")
        self._is_sending = True
        try:
            yield
        finally:
            self._is_sending = False

    def _all(self, kind: type[_T]) -> list[_T]:
        with self._turn:
            found = [row for key, row in self._rows.items() if key[0] == kind.__name__]
        return [msgspec.json.decode(row, type=kind) for row in found]


def _key(row: _Row) -> tuple[str, ...]:
    match row:
        case Delivery():
            return "Delivery", row.issue, row.subscriber
        case Issue():
            return "Issue", row.id
        case Subscriber():
            return "Subscriber", row.id
