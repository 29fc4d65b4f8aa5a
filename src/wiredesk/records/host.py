"""A host: what is remembered of it so that the desk stays polite, over restarts too."""

from __future__ import annotations

from typing import Literal

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """When a host may be asked again. Moments are seconds since 1970 UTC."""

    host: str
    not_before: float = 0.0
    why: str = ""
    """Why it is left alone, as an editor reads it; empty for nothing but the gap between requests."""
    strikes: int = 0
    """Answers in a row by which it asked for less (429, 503)."""
    silences: int = 0
    """Requests in a row that got no answer at all."""


Verdict = Literal["rules", "allow", "disallow"]


class RobotsFile(msgspec.Struct, frozen=True, kw_only=True):
    """What ``robots.txt`` of an authority (scheme, host and port) said, and until when it counts."""

    authority: str
    verdict: Verdict = "allow"
    """``rules`` to be read in ``text``; ``allow`` where there is none; ``disallow`` where it cannot be
    reached (RFC 9309, section 2.3.1).
    """
    text: str = ""
    until: float = 0.0
    unreachable_since: float = 0.0
    delay: float = 0.0
    """Seconds between two requests that it asks of us (``Crawl-delay``)."""
