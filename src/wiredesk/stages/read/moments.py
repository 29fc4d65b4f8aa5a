"""When a page was published and changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import htmldate

from wiredesk.records.entry import Entry
from wiredesk.stages.read.document import Document, seen
from wiredesk.stages.read.found import Found

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=24)
"""Dates outside [1990, now + 24 h] are not believed (THREATS R12)."""

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "article.published", "published_time", "rnews:datepublished", "publishdate",
    "publish-date", "publish_date", "pubdate", "ptime", "article_date_original",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime", "date_published", "datecreated", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date",
    "article:published", "og:pubdate", "og:published_time", "bt:pubdate", "displaydate",
    "lastmod", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "article.updated", "dcterms.modified",
    "dc.date.modified", "last-modified", "lastmod", "article:modified", "og:modified_time",
)  # fmt: skip
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "BST": 60, "WET": 0, "CET": 60, "CEST": 120, "EET": 120,
    "EST": -300, "EDT": -240, "ET": -300, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "PT": -480, "JST": 540, "IST": 330, "AEST": 600, "AEDT": 660, "MSK": 180,
}  # fmt: skip
"""Minutes east of UTC (RFC 5322, section 4.3, and those that newsrooms write)."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
    for name in (names,)
}
_ISO = re.compile(
    r"(?P<y>\d{4})[-/.]?(?P<m>\d\d?)[-/.]?(?P<d>\d\d?)(?!\d)"
    r"(?:[T\s,]+(?P<h>\d\d?):?(?P<i>\d\d)(?::?(?P<s>\d\d)(?:[.,:]\d+)?)?\s*(?P<z>Z|[A-Z]{2,4}|[+-]\d\d(?::?\d\d)?)?)?",
)
_MONTH = r"(?P<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = (
    r"(?:[\sT,|\u2013\u2014-]*(?:at\s+|@\s*)?(?P<h>\d\d?)[:.](?P<i>\d\d)(?::(?P<s>\d\d))?\s*"
    r"(?P<p>[ap]\.?\s?m\b\.?)?,?\s*\(?(?P<z>Z\b|[A-Z]{2,4}\b|[+-]\d\d:?\d\d)?)?"
)
_WORDED = (
    re.compile(
        rf"\b{_MONTH}\s*(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_CLOCK}", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?P<d>\d\d?)(?:st|nd|rd|th)?\.?[\s-]*(?:de\s+)?{_MONTH},?[\s-]*(?P<y>\d{{4}}){_CLOCK}",
        re.IGNORECASE,
    ),
)
_KANJI = re.compile(
    r"(?P<y>\d{4})年\s*(?P<m>\d\d?)月\s*(?P<d>\d\d?)日(?:\D{0,6}(?P<h>\d\d?)[:時](?P<i>\d\d))?"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_IN_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2]|[1-9](?=[/-]))[/-]?(0[1-9]|[12]\d|3[01]|[1-9](?=[/-]))(?!\d)"
)
_VISIBLE = (
    "time[itemprop=datePublished]", "[itemprop=datePublished]", "time[pubdate]",
    "article header time[datetime]",
    "article time[datetime]", "time[datetime].published", "abbr.published", ".published[title]",
    ".entry-date", "time[datetime]", "time",
    "[class*=publish-date]", "[class*=pub-date]", "[class*=pubdate]", "[class*=published]",
    "[class*=timestamp]",
    "[class*=post-date]", "[class*=entry-date]", "[class*=article-date]",
    "[class*=article__date]", "[class*=byline]", "[class*=dateline]",
    "[class*=date]", "[id*=date]",
)  # fmt: skip
_MOST_TEXT = 200


Moment = Found[datetime]
"""A time in UTC and its origin, which says so where the page left something open."""


def published_of(document: Document, entry: Entry | None, now: datetime) -> Moment | None:
    """Return when the page was published, or None.

    By trust: JSON-LD, the page's ``meta``, the entry, its ``time`` elements and visible dates, the
    date in its address, then whatever htmldate finds. A time without a zone is taken for UTC.
    """
    linked = document.linked
    stated = [
        (node.get("datePublished"), "json-ld")
        for node in (linked.article, linked.page, linked.video)
    ]
    stated += [
        (node.get(key), "json-ld")
        for node in (linked.article, linked.video)
        for key in ("uploadDate", "dateCreated")
    ]
    stated += [(value, name) for name in _PUBLISHED for value in document.metas(name)[:2]]
    moment = _first_read(stated, now)
    if moment is not None:
        return moment
    if entry is not None and entry.published is not None and believable(entry.published, now):
        return Moment(entry.published, "entry")
    return _visible(document, now) or _addressed(document.url, now) or _searched(document, now)


def _first_read(stated: Iterable[tuple[object, str]], now: datetime) -> Moment | None:
    """Return the first of the stated values, each with its origin, that is a believable time."""
    read = (_read(value, origin, now) for value, origin in stated)
    return next((moment for moment in read if moment is not None), None)


def modified_of(document: Document, entry: Entry | None, now: datetime) -> Moment | None:
    """Return when the page says that it was changed last, or None."""
    stated = [
        (node.get("dateModified"), "json-ld")
        for node in (document.linked.article, document.linked.page)
    ]
    stated += [(value, name) for name in _MODIFIED for value in document.metas(name)[:1]]
    moment = _first_read(stated, now)
    if moment is not None:
        return moment
    if entry is not None and entry.updated is not None and believable(entry.updated, now):
        return Moment(entry.updated, "entry")
    return None


def believable(moment: datetime, now: datetime) -> bool:
    """Tell whether a time may be one of publishing."""
    return _EARLIEST <= moment <= now + _AHEAD


def moment_in(text: str) -> tuple[datetime, str] | None:
    """Return the first time that ``text`` states, in UTC to the second, and what it left open
    (``no zone``, ``day only``, or nothing). Understands ISO 8601, RFC 5322, Unix time, English and
    East Asian dates; a date of digits alone is year, month, day.
    """
    text = text[:_MOST_TEXT].strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC), ""
    for pattern in (_ISO, *_WORDED, _KANJI):
        parts = pattern.search(text)
        if parts is not None:
            found = _composed(parts.groupdict())
            if found is not None:
                return found
    try:
        mailed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return _in_utc(mailed, mailed.tzinfo)


def _composed(parts: dict[str, str | None]) -> tuple[datetime, str] | None:
    month = parts.get("m") or _MONTHS[str(parts["b"])[:3].lower()]
    hour, zone = parts.get("h"), parts.get("z")
    try:
        at = datetime(int(parts["y"] or 0), int(month), int(parts["d"] or 0))  # noqa: DTZ001 - the zone follows
        if hour is None:
            return at.replace(tzinfo=UTC), "day only"
        half = (parts.get("p") or "").lower()[:1]
        hours = int(hour) % 12 + 12 * (half == "p") if half else int(hour)
        at = at.replace(
            hour=hours, minute=int(parts.get("i") or 0), second=min(59, int(parts.get("s") or 0))
        )
        return _in_utc(at, _zone(zone) if zone else None)
    except (ValueError, OverflowError):
        return None


def _in_utc(at: datetime, zone: timezone | object) -> tuple[datetime, str]:
    if not isinstance(zone, timezone):
        return at.replace(tzinfo=UTC, microsecond=0), "no zone"
    return at.replace(tzinfo=zone, microsecond=0).astimezone(UTC), ""


def _zone(text: str) -> timezone | None:
    if text[0] in "+-":
        digits = text[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))
    minutes = _ZONES.get(text.upper(), -1)
    return None if minutes == -1 else timezone(timedelta(minutes=minutes))


def _read(value: object, origin: str, now: datetime) -> Moment | None:
    if isinstance(value, list):
        value = value[0] if value else ""
    found = moment_in(str(value)) if isinstance(value, str | int) and value else None
    if found is None or not believable(found[0], now):
        return None
    return Moment(found[0], f"{origin} ({found[1]})" if found[1] else origin)


def _visible(document: Document, now: datetime) -> Moment | None:
    for selector in _VISIBLE:
        for node in document.nodes(selector)[:3]:
            attributes = node.attributes
            texts = [
                attributes.get(key) or "" for key in ("datetime", "content", "title", "data-time")
            ]
            for text in (*texts, seen(node)[:_MOST_TEXT]):
                moment = _read(text, "visible date", now) if text else None
                if moment is not None:
                    return moment
    return None


def _addressed(url: str, now: datetime) -> Moment | None:
    parts = _IN_PATH.search(url)
    return _read("-".join(parts.groups()), "url", now) if parts is not None else None


_MOST_UNENDED = 500
"""Comments without an end from which a page is not searched: libxml2 writes those that stand in a
value in quadratic time (THREATS H08).
"""


def _searched(document: Document, now: datetime) -> Moment | None:
    if document.html.count("<!--") - document.html.count("-->") > _MOST_UNENDED:
        return None
    try:
        found = htmldate.find_date(
            document.html[:2_000_000],
            extensive_search=False,
            original_date=True,
            min_date=_EARLIEST.replace(tzinfo=None),
            max_date=(now + _AHEAD).replace(tzinfo=None),
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return _read(found, "htmldate", now) if found else None
