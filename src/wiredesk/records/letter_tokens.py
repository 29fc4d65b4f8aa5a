"""Tokens of links and letters: what a subscriber was given, proven by the desk's key.

A token names a subscriber by the random id, never by the address, and is bound to its purpose: a link
for leaving cannot confirm. HMAC-SHA256 (RFC 2104) under a key made of the desk's, 128 bits of it;
compared in constant time, under every key of the ring, so that rotating voids no link.
"""

from __future__ import annotations

import hmac
import re
from typing import Literal

from wiredesk.records.keys import Key, KeyRing

Purpose = Literal["confirm", "leave", "letter"]

_SEPARATOR = "~"
_TOKEN = re.compile(r"([0-9a-f]{8,64})~([a-z0-9.,_-]{0,200})~([0-9a-f]{32})")
"""The subscriber's id, what else is said, the proof; all fit for an address and for a Message-ID."""


def token(ring: KeyRing, purpose: Purpose, subscriber: str, said: str = "") -> str:
    """Return a token for ``subscriber`` that says ``said`` (a-z, 0-9 and ``.,_-``).

    Raises ValueError for what would not be read back.
    """
    made = _SEPARATOR.join((subscriber, said, _proof(ring.newest, purpose, subscriber, said)))
    if not _TOKEN.fullmatch(made):
        raise ValueError(f"{said!r} cannot be said in a token")
    return made


def read_token(ring: KeyRing, purpose: Purpose, text: str) -> tuple[str, str] | None:
    """Return whose token ``text`` is, and what it says; None when it proves nothing."""
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        return None
    subscriber, said, proof = parts.groups()
    proofs = [_proof(key, purpose, subscriber, said) for key in ring]
    fits = [hmac.compare_digest(proof, each) for each in proofs]
    return (subscriber, said) if any(fits) else None


def _proof(key: Key, purpose: Purpose, subscriber: str, said: str) -> str:
    own = hmac.digest(key.secret, b"wiredesk newsletter tokens", "sha256")
    text = "\x1f".join((purpose, subscriber, said))
    return hmac.digest(own, text.encode(), "sha256")[:16].hex()
