"""When a desk that watches its sources has something to do next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from wiredesk.config import Settings
from wiredesk.engine.listing import listed_feeds
from wiredesk.ports.store import Store
from wiredesk.records.entry import SourceSpec


def next_round(store: Store, settings: Settings, now: datetime) -> datetime:
    """Return the moment from ``now`` on at which a source is due or a page is to be tried again, at
    the latest when sources that are on this machine are looked at again.
    """
    latest = now + timedelta(minutes=settings.polling.floor_minutes)
    return max(now, min([latest, *_moments(store, settings, now)]))


def current(store: Store, settings: Settings) -> frozenset[str]:
    """Return the ids of the sources that the desk's files, or its lists, name now."""
    return frozenset(spec.id for spec in _specs(store, settings))


def _specs(store: Store, settings: Settings) -> Iterator[SourceSpec]:
    yield from settings.sources
    yield from (SourceSpec(kind="feed", url=feed.url) for feed in listed_feeds(store))


def _moments(store: Store, settings: Settings, now: datetime) -> Iterator[datetime]:
    states = store.source_states()
    for spec in _specs(store, settings):
        if spec.url:
            state = states.get(spec.id)
            yield (state.polling.due if state else None) or now
    for row in store.waiting():
        yield row.not_before or now
