"""Subscriptions at WebSub hubs, in a small SQLite file of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from wiredesk.adapters.sqlite.small import SmallFile
from wiredesk.records.websub import Subscription

_PUT = """
INSERT INTO subscription VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document
"""
_TELL = """
INSERT INTO told VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET at = excluded.at, signed = max(signed, excluded.signed)
"""


class SqliteHubs:
    """``ports.hubs.Hubs`` in the file ``path``. Raises ``StoreError`` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._file = SmallFile(path, "hubs.sql")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def subscriptions(self) -> Sequence[Subscription]:
        """Return every subscription, by its id."""
        rows = self._file.rows("SELECT document FROM subscription ORDER BY id")
        return [msgspec.json.decode(document, type=Subscription) for (document,) in rows]

    def subscription(self, subscription_id: str) -> Subscription | None:
        """Return one subscription, or None."""
        rows = self._file.rows("SELECT document FROM subscription WHERE id = ?", subscription_id)
        return msgspec.json.decode(rows[0][0], type=Subscription) if rows else None

    def keep(self, subscription: Subscription) -> None:
        """Put a subscription over its older self."""
        self._file.rows(_PUT, subscription.id, msgspec.json.encode(subscription))

    def drop(self, subscription_id: str) -> None:
        """Forget a subscription."""
        self._file.rows("DELETE FROM subscription WHERE id = ?", subscription_id)

    def tell(self, source: str, at: float, *, signed: bool) -> None:
        """Note that something came for ``source``: proven to be from its hub, or not."""
        self._file.rows(_TELL, source, at, int(signed))

    def told(self) -> Mapping[str, bool]:
        """Return the sources that something came for, and whether any of it was signed."""
        rows = self._file.rows("SELECT source, signed FROM told ORDER BY source")
        return {source: bool(signed) for source, signed in rows}

    def heard(self, sources: Iterable[str], before: float) -> None:
        """Forget what came for ``sources`` before a moment: they were asked since."""
        for source in sources:
            self._file.rows("DELETE FROM told WHERE source = ? AND at < ?", source, before)
