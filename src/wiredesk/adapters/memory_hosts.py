"""The shipped fake of the hosts port: remembers as long as its process lives."""

from __future__ import annotations

from wiredesk.records.host import Pace, RobotsFile


class MemoryHosts:
    """``ports.hosts.Hosts`` in memory: for replays, recordings and tests."""

    def __init__(self) -> None:
        self._paces: dict[str, Pace] = {}
        self._robots: dict[str, RobotsFile] = {}

    def pace(self, host: str) -> Pace | None:
        """Return what is known of ``host``, or None."""
        return self._paces.get(host)

    def robots(self, authority: str) -> RobotsFile | None:
        """Return the ``robots.txt`` that is known of ``authority``, or None."""
        return self._robots.get(authority)

    def keep(self, row: Pace | RobotsFile) -> None:
        """Put ``row`` over its older self."""
        if isinstance(row, Pace):
            self._paces[row.host] = row
        else:
            self._robots[row.authority] = row
