"""The mail server that is none: for tests. It keeps what it takes."""

from __future__ import annotations

from collections.abc import Callable

from wiredesk.ports.post import Envelope, Outcome

_AFTER_TEXT = frozenset({"accepted", "unfit", "doubt"})


def taken(envelope: Envelope) -> Outcome:
    """Take every letter."""
    del envelope
    return Outcome(kind="accepted", code=250, reply="ok")


class MemoryPost:
    """``ports.post.Post`` in memory. ``says`` tells what becomes of a letter, or raises ``PostError``."""

    def __init__(self, says: Callable[[Envelope], Outcome] = taken) -> None:
        self.says = says
        self.letters: list[Envelope] = []
        """What was taken, in doubt or not."""

    def send(self, envelope: Envelope, commit: Callable[[], bool]) -> Outcome:
        """Hand over a letter, as the port says."""
        outcome = self.says(envelope)
        if outcome.kind not in _AFTER_TEXT:
            return outcome
        if not commit():
            return Outcome(kind="unsent")
        if outcome.kind != "unfit":
            self.letters.append(envelope)
        return outcome

    def close(self) -> None:
        """End the session: there is none."""
