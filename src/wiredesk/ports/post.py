"""The post port: one letter handed to a mail server, and exactly what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

OutcomeKind = Literal["accepted", "refused", "unfit", "later", "unsent", "doubt"]


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it is handed over; ``id`` names it to the server (ENVID of RFC 3461)."""

    sender: str
    recipient: str
    id: str
    data: bytes
    """The whole message, its lines ended by CR LF."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a letter.

    ``accepted``; ``refused`` for good, because of its recipient; ``unfit``: refused for good after it
    was read; ``later``: refused for now; ``unsent``: the connection broke, and the server cannot have
    taken it; ``doubt``: all of it was sent and no whole answer came, so that nobody can know.
    """

    kind: OutcomeKind
    code: int = 0
    reply: str = ""


class Post(Protocol):
    """Hands over letters, one after the other, by one session as long as the server keeps it."""

    def send(self, envelope: Envelope, commit: Callable[[], bool]) -> Outcome:
        """Hand over a letter. ``commit`` is called when the server is ready to take its text, as the
        last thing before that goes out; when it says False, nothing goes out (``unsent``).

        Raises ``PostError`` when the server takes no letters at all: nothing went out then.
        """
        ...

    def close(self) -> None:
        """End the session, if there is one."""
        ...
