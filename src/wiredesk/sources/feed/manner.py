"""How a feed wants to be asked: what it says of its own rhythm and hub."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec
from lxml.etree import _Element

from wiredesk.errors import Refused
from wiredesk.records.weburl import checked
from wiredesk.records.wishes import Wishes

_PERIODS = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
}
"""Seconds of ``sy:updatePeriod`` (https://web.resource.org/rss/1.0/modules/syndication/)."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\s*([0-9]{1,9})\s*")
_TTL_UNIT = 60.0
_HOURS = 24


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says of how to ask it."""

    wishes: Wishes = Wishes()
    hub: str = ""
    topic: str = ""


def stated(parts: Iterable[_Element], base: str) -> Manner:
    """Return what the elements of a feed's own description say."""
    found: dict[str, list[_Element]] = {}
    for part in parts:
        name = part.tag.rpartition("}")[2].rpartition(":")[2].lower()
        found.setdefault(name, []).append(part)
    texts = {name: parts[0].text or "" for name, parts in found.items()}
    return Manner(
        wishes=Wishes(
            ttl=_number(texts.get("ttl", "")) * _TTL_UNIT,
            period=_period(texts.get("updateperiod", ""), texts.get("updatefrequency", "")),
            skip_hours=tuple(sorted({*_hours(found.get("skiphours", []))})),
            skip_days=tuple(sorted({*_days(found.get("skipdays", []))})),
        ),
        hub=_linked(found.get("link", []), "hub", base),
        topic=_linked(found.get("link", []), "self", base),
    )


def _number(text: str) -> float:
    matched = _NUMBER.fullmatch(text)
    return float(matched[1]) if matched else 0.0


def _period(period: str, frequency: str) -> float:
    return _PERIODS.get(period.strip().lower(), 0.0) / (_number(frequency) or 1.0)


def _hours(skipped: list[_Element]) -> Iterator[int]:
    for part in (part for each in skipped for part in each):
        hour = _NUMBER.fullmatch(part.text or "")
        if hour and int(hour[1]) <= _HOURS:  # 24 is midnight to some
            yield int(hour[1]) % _HOURS


def _days(skipped: list[_Element]) -> Iterator[int]:
    for part in (part for each in skipped for part in each):
        day = (part.text or "").strip().lower()
        if day in _DAYS:
            yield _DAYS.index(day)


def _linked(links: list[_Element], relation: str, base: str) -> str:
    for link in links:
        if relation in (link.get("rel") or "").lower().split() and link.get("href"):
            return address(link.get("href") or "", base)
    return ""


def address(link: str, base: str) -> str:
    """Return ``link`` as an address that may be asked, or an empty string."""
    try:
        return checked(link, base)
    except Refused:
        return ""
