"""The few words that a newsletter says itself, and its dates, in the reader's zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from wiredesk.config import SeriesSettings, Settings
from wiredesk.records.newsletter import Issue, Item
from wiredesk.records.plaintext import TITLE_LIMIT, plain

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SUBJECT_TITLE = 90


class Masthead(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around an edition's stories."""

    title: str
    date: str
    subject: str
    preview: str
    """What an inbox shows beside the subject."""
    language: str
    zone: str
    postal: str
    images: bool
    home: str
    """The desk's site, or an empty string."""


def masthead(issue: Issue, settings: Settings) -> Masthead:
    """Return what stands around the stories of ``issue``."""
    series = series_of(issue.series, settings)
    title = plain(series.title or settings.name, TITLE_LIMIT)
    local = issue.due.astimezone(ZoneInfo(settings.newsletter.zone))
    first, *others = [item.title for item in issue.items] or [""]
    return Masthead(
        title=title,
        date=f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}",
        subject=f"{title}: {plain(first, _SUBJECT_TITLE)}",
        preview=plain("; ".join(others[:3]), TITLE_LIMIT),
        language=settings.language,
        zone=settings.newsletter.zone,
        postal=plain(settings.newsletter.postal, TITLE_LIMIT),
        images=settings.newsletter.images,
        home=settings.publish.base_url,
    )


def series_of(name: str, settings: Settings) -> SeriesSettings:
    """Return the series of that name; a bare one where the desk has it no more."""
    found = (series for series in settings.newsletter.series if series.name == name)
    return next(found, SeriesSettings(name=name, cron="0 0 1 1 *"))


def said_by(item: Item, zone: str) -> str:
    """Say who reports a story and when, such as ``Harbour Courier and 2 others · 28 Mar, 14:05``."""
    local, others = item.published.astimezone(ZoneInfo(zone)), item.voices - 1
    more = f" and {others} other{'s' if others > 1 else ''}" if others > 0 else ""
    return f"{item.provider.name}{more} · {local.day} {_MONTHS[local.month - 1][:3]}, {local:%H:%M}"


def sections(issue: Issue) -> list[tuple[str, list[int]]]:
    """Return the headings of an edition with the places of their items, each in the items' own order."""
    found: dict[str, list[int]] = {}
    for place, item in enumerate(issue.items):
        found.setdefault(item.section, []).append(place)
    return list(found.items())
