"""The sealing port: what keeps the private part of a record closed."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Opened(msgspec.Struct, frozen=True):
    """What a sealed value holds, all of it authentic."""

    record_id: str
    revision: int
    key_id: str
    plaintext: bytes


class Sealing(Protocol):
    """Seals and opens with the desk's keys; ``stages.seal`` is the real one."""

    def seal(self, plaintext: bytes, *, record_id: str, field: str, revision: int) -> str:
        """Return ``plaintext`` sealed for one field of one revision (1 or more) of one record; the
        same input gives the same text.
        """
        ...

    def open(self, value: str, *, field: str, record_id: str | None = None) -> Opened:
        """Return what ``value`` holds. Raises ``SealError``, always the same one."""
        ...
