"""How long to leave alone what asks for it: functions of what was said and when, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b

import msgspec

from wiredesk.records.host import Pace

DAY = 86_400.0
"""Seconds; no wish of a server counts for longer (THREATS S09, F23)."""
FIRST, LONGEST = 60.0, 6 * 3600.0
"""Seconds of our own first back-off, and of the longest, for a server that says nothing of use."""
_SILENT = 3
"""Requests in a row without an answer after which a host is left alone for a while."""
_SILENT_LONGEST = 3600.0

_SECONDS = re.compile(r"[0-9]{1,200}")
_THROTTLING = frozenset({429, 503})
_NOT_AN_ANSWER = frozenset({"timeout", "connect", "dns", "tls"})

Headers = Sequence[tuple[str, str]]


def http_date(value: str) -> datetime | None:
    """Return the time that an HTTP date says (RFC 9110, section 5.6.7), or None. A day without a time
    is its midnight.
    """
    for said in (value[:100], f"{value[:100]} 00:00:00 GMT"):
        try:
            read = parsedate_to_datetime(said)
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def retry_after(headers: Headers, now: float) -> float | None:
    """Return the seconds, 0 to ``DAY``, that Retry-After asks for (RFC 9110, section 10.2.3).

    None where nothing can be made of it: absent, negative, a time that is over, no number.
    """
    value = next((value.strip() for name, value in headers if name == "retry-after"), "")
    if _SECONDS.fullmatch(value):
        return min(float(value), DAY)
    until = http_date(value) if value else None
    if until is None or until.timestamp() <= now:
        return None
    return min(until.timestamp() - now, DAY)


def spread(*about: object) -> float:
    """Return a number from 0 up to 1 that looks like chance and is always the same for ``about``."""
    digest = blake2b(repr(about).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def backoff(strikes: int, key: str, first: float = FIRST, longest: float = LONGEST) -> float:
    """Return the seconds to wait after so many failures in a row: doubled each time from ``first``,
    at most ``longest``, and up to a quarter more, so that those who failed together do not come
    back together.
    """
    doubled = first * 2.0 ** min(max(strikes, 1) - 1, 30)
    return min(doubled, longest) * (1 + spread(key, strikes) / 4)


def answered(pace: Pace, status: int, headers: Headers, now: float, gap: float) -> Pace:
    """Return when the host may be asked again after an answer at ``now``."""
    if status not in _THROTTLING:
        return Pace(host=pace.host, not_before=now + gap)
    strikes = pace.strikes + 1
    wish = retry_after(headers, now)
    wait = backoff(strikes, pace.host) if wish is None else wish
    said = "said nothing of use about when" if wish is None else f"asked for {wish:,.0f} s"
    return Pace(
        host=pace.host,
        not_before=now + max(wait, gap),
        why=f"it answered with status {status} and {said}",
        strikes=strikes,
    )


def unanswered(pace: Pace, reason: str, now: float, gap: float) -> Pace:
    """Return when the host may be asked again after a request that failed for ``reason``."""
    if reason not in _NOT_AN_ANSWER:
        return Pace(host=pace.host, not_before=now + gap, strikes=pace.strikes)
    silences = pace.silences + 1
    quiet = msgspec.structs.replace(pace, silences=silences, not_before=now + gap, why="")
    if silences < _SILENT:
        return quiet
    wait = backoff(silences - _SILENT + 1, pace.host, FIRST, _SILENT_LONGEST)
    why = f"{silences} requests in a row had no answer ({reason})"
    return msgspec.structs.replace(quiet, not_before=now + max(wait, gap), why=why)
