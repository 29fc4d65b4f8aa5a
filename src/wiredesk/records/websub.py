"""WebSub as a subscriber: what is asked of a hub, and what is believed of what it sends
(https://www.w3.org/TR/websub/, W3C Recommendation of 23 January 2018).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

import msgspec

from wiredesk.records.waiting import DAY

LONGEST_LEASE = 30 * DAY
"""Seconds that a lease is believed for, whatever a hub says (THREATS O11)."""
LONGEST_CHALLENGE = 1_000
"""Characters of a challenge that is given back."""
_LEASE = re.compile(r"[0-9]{1,18}")
_METHODS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
"""Methods of section 7.1 that are believed; ``sha1`` is not."""
_LONGEST_SIGNATURE = 200

State = Literal["asked", "verified", "denied"]


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A source's subscription at its hub. Moments are seconds since 1970 UTC."""

    id: str
    """The end of its callback's address; nobody can guess it."""
    source: str
    hub: str
    topic: str
    secret: str
    state: State = "asked"
    asked: float = 0.0
    """When the hub was asked last."""
    tries: int = 0
    """Times that it was asked since it last verified."""
    lease: float = 0.0
    """Seconds that it granted."""
    until: float = 0.0
    """When that lease ends."""
    trouble: str = ""
    """Why it did not come about, as a sentence."""


def asking(subscription: Subscription, callback: str, lease: float) -> bytes:
    """Return the form that asks the hub (section 5.1). The secret goes over TLS only."""
    fields = {
        "hub.callback": f"{callback.rstrip('/')}/{subscription.id}",
        "hub.mode": "subscribe",
        "hub.topic": subscription.topic,
        "hub.lease_seconds": str(int(lease)),
    }
    if subscription.hub.startswith("https://"):
        fields["hub.secret"] = subscription.secret
    return urlencode(fields).encode()


def announcing(topics: list[str]) -> bytes:
    """Return the form that tells a hub that ``topics`` of ours have changed. The Recommendation leaves
    it open; this is what hubs understand since PubSubHubbub 0.4, section 7.
    """
    return urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()


def verified(
    subscription: Subscription, query: Mapping[str, str], now: float, asked_for: float
) -> Subscription | None:
    """Return the subscription as the hub's verification of intent leaves it (section 5.3), or None when
    it is not about what was asked: another topic or mode, no challenge, or nothing was asked lately.
    """
    challenge = query.get("hub.challenge", "")
    if query.get("hub.mode") != "subscribe" or query.get("hub.topic") != subscription.topic:
        return None
    if not 0 < len(challenge) <= LONGEST_CHALLENGE or now - subscription.asked > DAY:
        return None
    said = query.get("hub.lease_seconds", "")
    lease = min(float(said) if _LEASE.fullmatch(said) else asked_for, LONGEST_LEASE)
    return msgspec.structs.replace(
        subscription, state="verified", tries=0, lease=lease, until=now + lease, trouble=""
    )


def denied(subscription: Subscription, query: Mapping[str, str]) -> Subscription | None:
    """Return the subscription as a denial leaves it (section 5.2), or None when it is none."""
    if query.get("hub.mode") != "denied" or query.get("hub.topic") != subscription.topic:
        return None
    return msgspec.structs.replace(
        subscription, state="denied", until=0.0, trouble="the hub denied the subscription"
    )


def is_signed(subscription: Subscription, header: str, body: bytes) -> bool:
    """Whether ``X-Hub-Signature`` proves that the hub sent ``body`` (section 7.1)."""
    method, _, given = header[:_LONGEST_SIGNATURE].strip().partition("=")
    digest = _METHODS.get(method.strip().lower())
    if digest is None or not subscription.hub.startswith("https://"):
        return False
    wanted = hmac.new(subscription.secret.encode(), body, digest).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.strip().lower().encode())
