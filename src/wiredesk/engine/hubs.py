"""Subscribing at the hubs that sources name, asking sources that hubs told of, telling our own hub."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from wiredesk.config import Settings
from wiredesk.errors import FetchError
from wiredesk.ports.hubs import Hubs
from wiredesk.ports.web import Web
from wiredesk.records.entry import SourceState
from wiredesk.records.page import Request
from wiredesk.records.waiting import DAY, backoff
from wiredesk.records.websub import Subscription, announcing, asking

MOST_AT_ONCE = 50
"""Hubs that are asked in one run (the rest are asked in the next ones), and feeds of ours in one form."""
SIGNED_APART = 60.0
"""Seconds between two polls that a hub can bring about by what it signed. What is not signed may come
from anybody: it brings about none before the floor has passed.
"""
_FIRST, _LONGEST = 3600.0, 7 * DAY
"""Seconds after which a hub that did not verify is asked again, doubled each time, and the longest."""
_RENEWED = 0.2
"""Part of a lease that is left when it is renewed, a day at most."""
_ACCEPTED = range(200, 300)

NewId = Callable[[], str]


class Hubbing:
    """The desk's dealings with hubs. Raises nothing: a hub that fails costs its pushes only."""

    def __init__(self, hubs: Hubs, web: Web, settings: Settings, new_id: NewId) -> None:
        self._hubs, self._web, self._settings, self._new_id = hubs, web, settings, new_id

    def to_ask(self, states: Mapping[str, SourceState], now: datetime) -> frozenset[str]:
        """Return the sources that are to be asked at ``now`` because something came for them."""
        floor = self._settings.polling.floor_minutes * 60
        return frozenset(
            source
            for source, signed in self._hubs.told().items()
            if _apart(states.get(source), now) >= (SIGNED_APART if signed else floor)
        )

    def heard(self, sources: Iterable[str], before: datetime) -> None:
        """Forget what came for sources that were asked since ``before``."""
        told = self._hubs.told().keys()
        self._hubs.heard([source for source in sources if source in told], before.timestamp())

    def subscribe(self, states: Sequence[SourceState], now: datetime) -> None:
        """Ask the hubs of ``states`` for what is not subscribed yet, or not for long any more."""
        if not self._settings.websub.callback:
            return
        held = {each.source: each for each in self._hubs.subscriptions()}
        for state in states:
            old = held.get(state.id)
            if old and (old.hub, old.topic) != (state.polling.hub, state.polling.topic):
                self._hubs.drop(old.id)
        for subscription in due(states, held, now.timestamp(), self._new_id):
            self._hubs.keep(subscription)  # before the hub is asked: it may verify at once
            form = asking(subscription, self._settings.websub.callback, self._lease)
            trouble = self._posted(subscription.hub, form)
            now_held = self._hubs.subscription(subscription.id)
            if trouble and now_held:
                self._hubs.keep(msgspec.structs.replace(now_held, trouble=trouble))

    def announce(self, topics: Sequence[str]) -> str:
        """Tell the desk's own hub that feeds of ours changed; return a notice, or an empty string."""
        hub = self._settings.feeds.hub
        if not (hub and topics):
            return ""
        for first in range(0, len(topics), MOST_AT_ONCE):
            trouble = self._posted(hub, announcing([*topics[first : first + MOST_AT_ONCE]]))
            if trouble:
                return f"the desk's hub was not told of changed feeds: {trouble}"
        return ""

    @property
    def _lease(self) -> float:
        return self._settings.websub.lease_days * DAY

    def _posted(self, hub: str, form: bytes) -> str:
        """Send a form; return why it was not accepted, or an empty string."""
        try:
            answer = self._web.exchange(Request(url=hub, purpose="websub", form=form))
        except FetchError as error:
            return str(error)
        return "" if answer.status in _ACCEPTED else f"{hub} answered with status {answer.status}"


def due(
    states: Sequence[SourceState],
    held: Mapping[str, Subscription],
    now: float,
    new_id: NewId,
) -> Iterator[Subscription]:
    """Give the subscriptions that are to be asked for at ``now``, as they are while asked."""
    asked = 0
    for state in states:
        hub, topic = state.polling.hub, state.polling.topic
        if not (hub and topic) or state.polling.dormant_since or asked >= MOST_AT_ONCE:
            continue
        old = held.get(state.id)
        if old and (old.hub, old.topic) == (hub, topic):
            if not _is_due(old, now):
                continue
            current = old
        else:
            current = Subscription(
                id=new_id() + new_id(),
                source=state.id,
                hub=hub,
                topic=topic,
                secret=new_id() + new_id(),
            )
        asked += 1
        yield msgspec.structs.replace(current, asked=now, tries=current.tries + 1, trouble="")


def _is_due(subscription: Subscription, now: float) -> bool:
    """Whether it is asked for again: near the end of its lease, or some time after it was in vain."""
    if subscription.tries:
        return now - subscription.asked >= backoff(
            subscription.tries, subscription.id, _FIRST, _LONGEST
        )
    return subscription.until - now <= min(DAY, subscription.lease * _RENEWED)


def _apart(state: SourceState | None, now: datetime) -> float:
    asked = state.polling.asked if state else None
    return (now - asked).total_seconds() if asked else float("inf")
