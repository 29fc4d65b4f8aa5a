"""What is remembered of hosts, in a small SQLite file of its own."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wiredesk.adapters.sqlite.small import SmallFile
from wiredesk.records.host import Pace, RobotsFile

_KEPT = 40 * 86_400.0
"""Seconds after which a host that was not asked any more is forgotten; a ``robots.txt`` that cannot be
reached must be remembered for 30 days (``records.robots``).
"""
_PUT_PACE = """
INSERT INTO pace VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET document = excluded.document, until = excluded.until
"""
_PUT_ROBOTS = _PUT_PACE.replace("pace", "robots")


class SqliteHosts:
    """``ports.hosts.Hosts`` in the file ``path``; what is older than ``_KEPT`` at ``now`` (seconds
    since 1970 UTC) is forgotten. Raises ``StoreError`` when it cannot be used.
    """

    def __init__(self, path: Path, now: float = 0.0) -> None:
        self._file = SmallFile(path, "hosts.sql")
        for table in ("pace", "robots"):
            self._file.rows(f"DELETE FROM {table} WHERE until < ?", now - _KEPT)  # noqa: S608 - ours

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def pace(self, host: str) -> Pace | None:
        """Return what is known of ``host``, or None."""
        found = self._file.rows("SELECT document FROM pace WHERE host = ?", host)
        return msgspec.json.decode(found[0][0], type=Pace) if found else None

    def robots(self, authority: str) -> RobotsFile | None:
        """Return the ``robots.txt`` that is known of ``authority``, or None."""
        found = self._file.rows("SELECT document FROM robots WHERE authority = ?", authority)
        return msgspec.json.decode(found[0][0], type=RobotsFile) if found else None

    def keep(self, row: Pace | RobotsFile) -> None:
        """Put ``row`` over its older self."""
        document = msgspec.json.encode(row)
        if isinstance(row, Pace):
            self._file.rows(_PUT_PACE, row.host, document, row.not_before)
        else:
            self._file.rows(_PUT_ROBOTS, row.authority, document, row.until)
