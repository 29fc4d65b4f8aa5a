"""RSS 0.9x to 2.0, RSS 1.0 and Atom 0.3 and 1.0, with Dublin Core, Media RSS, podcasts and YouTube.

feedparser knows what their elements mean; here its findings become items. It gets XML that was
opened and simplified before (``document``), so that its own views on encodings, document types and
HTML have no say. Of its dates only the text is used.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from wiredesk.sources.feed.document import Document, opened
from wiredesk.sources.feed.item import Feed, Item, Picture, Text

_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_TO_THE_PAGE = frozenset({"", "alternate", "http://www.iana.org/assignments/relation/alternate"})
"""Relations of a link that leads to the article (RFC 4287, section 4.2.7.2)."""
_YOUTUBE = re.compile(r"[A-Za-z0-9_-]{6,20}")

Said = dict[str, Any]
"""What the library says of a feed, an item or an element, by the names that it gives things. A feed
can put any text under most of the names: values are taken only if they are of the right type.
"""


def parsed(text: str, address: str) -> Feed:
    """Return the feed that ``text`` is. Raises ``SourceError`` (class ``dtd``, ``attributes``,
    ``html`` or ``not-a-feed``).
    """
    document = opened(text, address)
    about, _ = _read(document.xml(document.head), address)
    items, lost = [], 0
    for said, base in zip(_entries(document, address), document.bases, strict=True):
        if said is None:
            lost += 1
        else:
            items.append(_item(said, base))
    notices = document.notices
    if lost:
        notices += (f"{lost} item(s) that cannot be read were dropped",)
    return Feed(
        title=_text(about, "title").as_plain(0),
        language=_words(about, "language") or document.language,
        items=items,
        manner=document.manner,
        notices=notices,
    )


def _entries(document: Document, address: str) -> list[Said | None]:
    """Return what each item says. Where they cannot be read together each is read alone, so that
    the one that is at fault costs no other.
    """
    _, together = _read(document.xml(document.items), address)
    if len(together) == len(document.items):
        return [*together]
    alone = (_read(document.xml([item]), address)[1] for item in document.items)
    return [next(iter(entries), None) for entries in alone]


def _read(xml: bytes, address: str) -> tuple[Said, list[Said]]:
    """Return what the library says of a feed and of its items: nothing, if it fails."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        result = feedparser.parse(
            io.BytesIO(xml),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception:  # noqa: BLE001 - the library has no errors of its own: whatever it trips over
        return {}, []
    return result["feed"], result["entries"]


_read(b"<rss/>", "")
"""The library fills a table that all threads share when it is used first."""


def _item(said: Said, base: str) -> Item:
    player = next((_words(part, "url") for part in _parts(said, "media_player")), "")
    video = _YOUTUBE.fullmatch(_words(said, "yt_videoid"))
    content = next((part for part in _parts(said, "content") if _words(part, "value")), {})
    spoken = next((_words(part, "language") for part in _parts(said, "title_detail")), "")
    return Item(
        base=base,
        guid=_words(said, "id") or _words(said, "dc_identifier"),
        links=[f"https://www.youtube.com/watch?v={video[0]}" if video else "", *_links(said)],
        title=_text(said, "title") if said.get("title") else Text(_words(said, "itunes_title")),
        # a summary without details is a copy of the content
        summary=_text(said, "summary") if "summary_detail" in said else Text(),
        content=Text(_words(content, "value"), html=_words(content, "type") != "text/plain"),
        author=_author(said),
        language=_words(said, "language") or spoken,
        published=_words(said, "published") or _words(said, "created"),
        updated=_words(said, "updated"),
        categories=[_words(tag, "label") or _words(tag, "term") for tag in _parts(said, "tags")],
        pictures=[*_pictures(said)],
        video=f"https://www.youtube.com/embed/{video[0]}" if video else player,
    )


def _words(said: Said, name: str) -> str:
    value = dict.get(said, name)  # the library's own lookup answers with other values, and warns
    return value if isinstance(value, str) else ""


def _parts(said: Said, name: str) -> list[Said]:
    value = dict.get(said, name)
    listed = value if isinstance(value, list) else [value]
    return [part for part in listed if isinstance(part, dict)]


def _text(said: Said, name: str) -> Text:
    kinds = [_words(part, "type") for part in _parts(said, f"{name}_detail")]
    return Text(_words(said, name), html="text/plain" not in kinds)


def _links(said: Said) -> Iterator[str]:
    """Give what may be the article's address, the best one first."""
    yield _words(said, "feedburner_origlink")
    pages = [link for link in _parts(said, "links") if _words(link, "rel") in _TO_THE_PAGE]
    pages.sort(key=lambda link: "html" not in _words(link, "type"))
    yield from (_words(link, "href") for link in pages)
    yield from (_words(part, "src") for part in _parts(said, "content"))
    if "://" in _words(said, "id") and dict.get(said, "guidislink", True):
        yield _words(said, "id")


def _author(said: Said) -> str:
    names = (_words(part, "name") for part in _parts(said, "authors"))
    return next(filter(None, names), "") or _words(said, "author")


def _pictures(said: Said) -> Iterator[Picture]:
    shown = [
        part for part in _parts(said, "media_content") if _is_picture(part, _words(part, "url"))
    ]
    for part in (*shown, *_parts(said, "media_thumbnail")):
        yield Picture(_words(part, "url"), _words(part, "width"), _words(part, "height"))
    for link in _parts(said, "links"):
        if _words(link, "rel") == "enclosure" and _is_picture(link, _words(link, "href")):
            yield Picture(_words(link, "href"))
    yield from (Picture(_words(image, "href")) for image in _parts(said, "image"))


def _is_picture(part: Said, url: str) -> bool:
    kind = _words(part, "medium") or _words(part, "type").partition("/")[0]
    return kind == "image" if kind else bool(_PICTURE_FILE.search(url))
