"""Which feeds a desk reads: its own and those that its lists name, remembered between runs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wiredesk.engine.outcomes import SourceReport
from wiredesk.ports.publisher import ListedFeed
from wiredesk.ports.store import Note, Store

_NOTE = "listed"
_FEED = "feed:"


def remember_listed(store: Store, reports: Sequence[SourceReport]) -> None:
    """Note the feeds of a run. When a list could not be read, those that were known before stay."""
    feeds = {report.id for report in reports if report.id.startswith(_FEED)}
    before = store.note(_NOTE)
    if any(report.failure for report in reports if not report.id.startswith(_FEED)):
        feeds.update(_read(before))
    value = msgspec.json.encode(sorted(feeds)).decode()
    if value != before:
        store.settle([Note(_NOTE, value)])


def listed_feeds(store: Store) -> tuple[ListedFeed, ...]:
    """Return the feeds of the last run with their own titles, by address."""
    states = store.source_states()
    return tuple(
        ListedFeed(listed.removeprefix(_FEED), states[listed].title if listed in states else "")
        for listed in _read(store.note(_NOTE))
    )


def _read(note: str) -> list[str]:
    return msgspec.json.decode(note, type=list[str]) if note else []
