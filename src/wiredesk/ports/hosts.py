"""The hosts port: keeps what the desk must remember of hosts to stay polite."""

from __future__ import annotations

from typing import Protocol

from wiredesk.records.host import Pace, RobotsFile


class Hosts(Protocol):
    """Remembers hosts. Threads may share it; what was kept is there after a restart."""

    def pace(self, host: str) -> Pace | None:
        """Return what is known of ``host``, or None."""
        ...

    def robots(self, authority: str) -> RobotsFile | None:
        """Return the ``robots.txt`` that is known of ``authority``, or None."""
        ...

    def keep(self, row: Pace | RobotsFile) -> None:
        """Put ``row`` over its older self."""
        ...
