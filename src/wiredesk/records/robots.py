"""``robots.txt``: what an answer to it means, and whether an address may be asked (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import TypeVar

from protego import Protego

from wiredesk.records.host import RobotsFile
from wiredesk.records.waiting import DAY

T = TypeVar("T")

CAP = 500 * 1024
"""Bytes that are read of it (RFC 9309, section 2.5 asks for 500 KiB at least)."""
KEPT = DAY
"""Seconds that one is kept (section 2.4 allows 24 hours at most)."""
_UNREACHABLE_KEPT = 3600.0
"""Seconds after which one that could not be reached is asked for again."""
_GIVEN_UP = 30 * DAY
"""Seconds unreachable after which it counts as absent (section 2.3.1.4: "for example, 30 days")."""
_USUAL = 20_000
"""Characters of a file up to which its rules are kept in memory."""
_one_at_a_time = Lock()
_UNAVAILABLE = frozenset(
    {"missing", "gone", "denied", "wall", "odd-status", "hops", "loop", "redirect"}
)
"""Failures that say that there is none: statuses of the 4xx kind, and redirects that lead nowhere
(sections 2.3.1.2 and 2.3.1.3). 429 is not among them: it says nothing about what is there.
"""


def given(authority: str, body: bytes, agent: str, now: float, longest: float) -> RobotsFile:
    """Return the file that was answered with; ``longest`` bounds the delay in seconds."""
    text = _text(body)
    delay = _asked(text, lambda rules: rules.crawl_delay(agent)) or 0.0
    return RobotsFile(
        authority=authority,
        verdict="rules",
        text=text,
        until=now + KEPT,
        delay=min(max(delay, 0.0), longest),
    )


def failed(authority: str, reason: str, before: RobotsFile | None, now: float) -> RobotsFile:
    """Return what counts when asking for it failed for ``reason``."""
    if reason in _UNAVAILABLE:
        return RobotsFile(authority=authority, verdict="allow", until=now + KEPT)
    since = (before.unreachable_since if before else 0.0) or now
    given_up = now - since >= _GIVEN_UP
    return RobotsFile(
        authority=authority,
        verdict="allow" if given_up else "disallow",
        until=now + _UNREACHABLE_KEPT,
        unreachable_since=since,
    )


def allows(file: RobotsFile, url: str, agent: str) -> bool:
    """Whether ``agent`` may ask ``url``; the longest matching rule decides (section 2.2.2)."""
    if file.verdict != "rules":
        return file.verdict == "allow"
    return bool(_asked(file.text, lambda rules: rules.can_fetch(url, agent)))


def _text(body: bytes) -> str:
    """Return the lines within the cap; the one that the cap cuts is left out."""
    if len(body) > CAP:
        body = body[:CAP].rpartition(b"\n")[0]
    return body.decode("utf-8-sig", "replace")


def _asked(text: str, ask: Callable[[Protego], T]) -> T:
    """Return what the rules in ``text`` answer. Those of a file of the usual size are kept; tens of
    thousands of rules, which take 40 MB when read, are read each time, by one thread at a time.
    """
    if len(text) <= _USUAL:
        return ask(_parsed(text))
    with _one_at_a_time:
        return ask(Protego.parse(text))


@lru_cache(maxsize=64)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
