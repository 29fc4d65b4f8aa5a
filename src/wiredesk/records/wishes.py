"""What a feed and its server say about how often to come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from wiredesk.records.waiting import DAY, http_date

_MAX_AGE = re.compile(r"""(?:^|[,\s])max-age\s*=\s*"?([0-9]{1,18})\b""", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,18}")


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds to stay away, by who asks for them, and hours and days of rest (in UTC)."""

    ttl: float = 0.0
    """``ttl`` of RSS 2.0."""
    period: float = 0.0
    """``sy:updatePeriod`` by ``sy:updateFrequency`` (RDF Site Summary, module Syndication)."""
    fresh: float = 0.0
    """How long the answer stays fresh, by its headers (RFC 9111, section 4.2.1)."""
    skip_hours: tuple[int, ...] = ()
    """0 to 23."""
    skip_days: tuple[int, ...] = ()
    """0 is Monday."""

    def longest(self) -> tuple[float, str]:
        """Return the longest of the wishes, at most a day, and whose it is in words."""
        asked = (
            (self.ttl, "its ttl asks for"),
            (self.period, "its sy:updatePeriod asks for"),
            (self.fresh, "its server's Cache-Control or Expires asks for"),
        )
        seconds, who = max(asked)
        return min(seconds, DAY), who

    def rests(self, moment: datetime) -> bool:
        """Whether the feed asks not to come in the hour of ``moment``."""
        return moment.hour in self.skip_hours or moment.weekday() in self.skip_days

    def awake(self, moment: datetime, latest: datetime) -> datetime:
        """Return the first moment from ``moment`` on, up to ``latest``, that is no rest."""
        while self.rests(moment) and moment < latest:
            moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return min(moment, latest)


def freshness(headers: Sequence[tuple[str, str]], now: datetime) -> float:
    """Return the seconds, 0 to a day, for which an answer asks to be kept."""
    ages = [
        match for value in _values(headers, "cache-control") if (match := _MAX_AGE.search(value))
    ]
    if ages:
        age = next(_values(headers, "age"), "").strip()
        spent = float(age) if _SECONDS.fullmatch(age) else 0.0
        return min(max(float(ages[0][1]) - spent, 0.0), DAY)
    expires = http_date(next(_values(headers, "expires"), ""))
    if expires is None:
        return 0.0
    sent = http_date(next(_values(headers, "date"), "")) or now.astimezone(UTC)
    return min(max((expires - sent).total_seconds(), 0.0), DAY)


def _values(headers: Sequence[tuple[str, str]], name: str) -> Iterator[str]:
    return (value for key, value in headers if key == name)
