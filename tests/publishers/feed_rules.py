"""What RSS 2.0, Atom 1.0, JSON Feed 1.1 and OPML 2.0 ask of a document, as far as ours may break it.

Each function gives a sentence for each rule that is broken; none for a document that is right.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree
from lxml.etree import _Element

ATOM = "{http://www.w3.org/2005/Atom}"
RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?[0-3]?\d "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} [0-2]\d:[0-5]\d(?::[0-6]\d)? "
    r"(?:GMT|UT|Z|[A-Z]{3}|[+-]\d{4})"
)
RFC3339 = re.compile(
    r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(?:\.\d+)?(?:Z|[+-][0-2]\d:[0-5]\d)"
)
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*")
MIME = re.compile(r"[a-zA-Z0-9][\w.+-]*/[a-zA-Z0-9][\w.+-]*(?:; ?[\w.+-]+=[\w.+-]+)*")
ABSOLUTE = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"\\^`{|}]+")
TIMES = {"pubDate", "lastBuildDate"}


def parsed(body: bytes) -> _Element:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))


def counted(parent: _Element, names: tuple[str, ...], least: int) -> Iterator[str]:
    """Each of ``names`` is there once at most, and at least ``least`` times."""
    for name in names:
        found = len(parent.findall(name))
        if not least <= found <= 1:
            yield f"{etree.QName(parent).localname} has {found} of {etree.QName(name).localname}"


def blank(parent: _Element, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for element in parent.findall(name):
            if not (element.text or "").strip():
                yield f"{etree.QName(name).localname} is blank"


def rss(body: bytes) -> Iterator[str]:
    root = parsed(body)
    if root.tag != "rss" or root.get("version") != "2.0":
        yield "no rss 2.0"
    channel = root.find("channel")
    if channel is None:
        yield "no channel"
        return
    yield from counted(channel, ("title", "link", "description"), 1)
    yield from counted(
        channel, ("language", "lastBuildDate", "pubDate", "ttl", "generator", "docs"), 0
    )
    yield from blank(channel, ("title", "link"))
    yield from rss_values(channel)
    guids = Counter(guid.text for guid in channel.iterfind("item/guid"))
    yield from (f"guid {guid} is there {count} times" for guid, count in guids.items() if count > 1)
    for item in channel.iterfind("item"):
        yield from rss_item(item)
    yield from links(channel, needs_self=True)


def rss_values(channel: _Element) -> Iterator[str]:
    language = channel.findtext("language")
    if language is not None and not LANGUAGE.fullmatch(language):
        yield f"language {language!r}"
    if (link := channel.findtext("link")) is not None and not ABSOLUTE.fullmatch(link.strip()):
        yield f"channel link {link!r}"
    for element in channel.iter(*TIMES):
        if not RFC822.fullmatch(element.text or ""):
            yield f"{element.tag} {element.text!r}"


def rss_item(item: _Element) -> Iterator[str]:
    yield from counted(
        item, ("title", "link", "description", "guid", "pubDate", "source", "author", "comments"), 0
    )
    yield from counted(item, ("enclosure",), 0)
    if item.find("title") is None and item.find("description") is None:
        yield "an item has neither title nor description"
    yield from blank(item, ("title", "link", "guid"))
    if (link := item.findtext("link")) is not None and not ABSOLUTE.fullmatch(link.strip()):
        yield f"item link {link!r}"
    for guid in item.iterfind("guid"):
        permanent = guid.get("isPermaLink", "true")
        if permanent not in {"true", "false"}:
            yield f"isPermaLink {permanent!r}"
        elif permanent == "true" and not ABSOLUTE.fullmatch(guid.text or ""):
            yield f"guid {guid.text!r} is no permalink"
    for enclosure in item.iterfind("enclosure"):
        yield from enclosed(enclosure)
    for source in item.iterfind("source"):
        if not ABSOLUTE.fullmatch(source.get("url", "")) or not (source.text or "").strip():
            yield "source without url or name"


def enclosed(enclosure: _Element) -> Iterator[str]:
    if not ABSOLUTE.fullmatch(enclosure.get("url", "")):
        yield "enclosure url"
    if not re.fullmatch(r"\d+", enclosure.get("length", "")):
        yield f"enclosure length {enclosure.get('length')!r}"
    if not MIME.fullmatch(enclosure.get("type", "")):
        yield f"enclosure type {enclosure.get('type')!r}"


def links(parent: _Element, *, needs_self: bool) -> Iterator[str]:
    alternates: Counter[tuple[str, str]] = Counter()
    found = list(parent.iterfind(f"{ATOM}link"))
    for link in found:
        if link.get("href") is None:
            yield "a link without href"
        if link.get("rel", "alternate") == "alternate":
            alternates[link.get("type", ""), link.get("hreflang", "")] += 1
        if link.get("type") and not MIME.fullmatch(link.get("type", "")):
            yield f"link type {link.get('type')!r}"
    yield from ("two alternate links of one type" for count in alternates.values() if count > 1)
    selves = [link.get("href", "") for link in found if link.get("rel") == "self"]
    if needs_self and (len(selves) != 1 or not ABSOLUTE.fullmatch(selves[0])):
        yield "no link to itself"


def atom(body: bytes) -> Iterator[str]:
    feed = parsed(body)
    if feed.tag != f"{ATOM}feed":
        yield "no atom feed"
        return
    yield from atom_common(feed)
    yield from links(feed, needs_self=True)
    ids: Counter[str | None] = Counter()
    for entry in feed.iterfind(f"{ATOM}entry"):
        ids[entry.findtext(f"{ATOM}id")] += 1
        yield from atom_common(entry)
        yield from counted(
            entry,
            tuple(f"{ATOM}{name}" for name in ("published", "summary", "content", "source")),
            0,
        )
        yield from links(entry, needs_self=False)
        alternate = any(
            link.get("rel", "alternate") == "alternate" for link in entry.iterfind(f"{ATOM}link")
        )
        if not alternate and entry.find(f"{ATOM}content") is None:
            yield "an entry with neither content nor alternate link"
        if feed.find(f"{ATOM}author") is None and entry.find(f"{ATOM}author") is None:
            yield "an entry without author"
    yield from (f"id {each} is there {count} times" for each, count in ids.items() if count > 1)
    for category in feed.iter(f"{ATOM}category"):
        if not category.get("term"):
            yield "a category without term"
    for person in feed.iter(f"{ATOM}author"):
        yield from counted(person, (f"{ATOM}name",), 1)
        yield from blank(person, (f"{ATOM}name",))


def atom_common(element: _Element) -> Iterator[str]:
    yield from counted(element, tuple(f"{ATOM}{name}" for name in ("id", "title", "updated")), 1)
    yield from counted(
        element,
        tuple(f"{ATOM}{name}" for name in ("subtitle", "generator", "rights", "icon", "logo")),
        0,
    )
    yield from blank(
        element, tuple(f"{ATOM}{name}" for name in ("id", "title", "subtitle", "generator"))
    )
    for name in ("updated", "published"):
        for stamp in element.iterfind(f"{ATOM}{name}"):
            if not rfc3339(stamp.text or ""):
                yield f"{name} {stamp.text!r}"
    for identity in element.iterfind(f"{ATOM}id"):
        if not IRI.fullmatch(identity.text or ""):
            yield f"id {identity.text!r}"
    for name in ("title", "subtitle", "summary"):
        for text in element.iterfind(f"{ATOM}{name}"):
            if text.get("type", "text") not in {"text", "html", "xhtml"}:
                yield f"{name} of type {text.get('type')!r}"
            if text.get("type", "text") != "xhtml" and len(text):
                yield f"{name} has elements"


def rfc3339(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(RFC3339.fullmatch(text))


def json_feed(body: bytes) -> Iterator[str]:
    feed: dict[str, Any] = json.loads(body)
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version"
    if not feed.get("title") or not isinstance(feed.get("items"), list):
        yield "title or items"
    for name in ("home_page_url", "feed_url"):
        if name in feed and not ABSOLUTE.fullmatch(feed[name]):
            yield name
    if "feed_url" not in feed:
        yield "no feed_url"
    for hub in feed.get("hubs", []):
        if set(hub) != {"type", "url"}:
            yield "hub"
    ids = Counter(item.get("id") for item in feed["items"])
    yield from (f"id {each} is there {count} times" for each, count in ids.items() if count > 1)
    for item in feed["items"]:
        yield from json_item(item)


def json_item(item: dict[str, Any]) -> Iterator[str]:
    if not isinstance(item.get("id"), str) or not item["id"]:
        yield "an item without id"
    if not isinstance(item.get("content_text") or item.get("content_html"), str):
        yield "an item without content"
    for name in ("url", "image"):
        if name in item and not ABSOLUTE.fullmatch(item[name]):
            yield name
    if "date_published" in item and not rfc3339(item["date_published"]):
        yield "date_published"
    for attachment in item.get("attachments", []):
        if not ABSOLUTE.fullmatch(attachment.get("url", "")) or not MIME.fullmatch(
            attachment.get("mime_type", "")
        ):
            yield "attachment"
    for author in item.get("authors", []):
        if not any(author.get(name) for name in ("name", "url", "avatar")):
            yield "an author with nothing"
    known = {
        "id", "url", "external_url", "title", "content_text", "content_html", "summary", "image",
        "banner_image", "date_published", "date_modified", "authors", "tags", "language", "attachments",
    }  # fmt: skip
    yield from (
        f"unknown key {key}" for key in item if key not in known and not key.startswith("_")
    )


def opml(body: bytes) -> Iterator[str]:
    root = parsed(body)
    if root.tag != "opml" or root.get("version") != "2.0":
        yield "no opml 2.0"
    if [child.tag for child in root] != ["head", "body"]:
        yield "not one head, then one body"
    if not root.findall("body/outline"):
        yield "no outline"
    for outline in root.iter("outline"):
        if not outline.get("text"):
            yield "an outline without text"
        if outline.get("type") == "rss" and not ABSOLUTE.fullmatch(outline.get("xmlUrl", "")):
            yield "a feed without xmlUrl"
        if outline.getparent() is None or outline.getparent().tag not in {"body", "outline"}:
            yield "an outline in the wrong place"
