"""The progress port: telling a waiting human how far a long work is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Watches work go by, one piece at a time, and never changes it."""

    def watch(self, what: str, pieces: Iterable[T], total: int) -> Iterator[T]:
        """Give ``pieces`` on as they come, showing ``what`` and how many of ``total`` are done."""
        ...
