"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), taken leniently: a value of the wrong
type counts as absent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from wiredesk.errors import SourceError
from wiredesk.records import dates
from wiredesk.sources.feed.item import Feed, Item, Picture, Text, newest, too_many
from wiredesk.sources.feed.manner import Manner, address

VERSION = "jsonfeed.org/version/1"


def parsed(text: str, whose: str) -> Feed:
    """Return the feed that ``text`` is. Raises ``SourceError`` (class ``json`` or ``not-a-feed``)."""
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise SourceError("json", f"{whose} is not proper JSON: {error}") from error
    if not isinstance(document, dict) or not (
        VERSION in _string(document, "version") or isinstance(document.get("items"), list)
    ):
        raise SourceError("not-a-feed", f"{whose} answers with JSON that is no JSON Feed")
    return _feed(document, whose)


def _feed(document: dict[str, Any], base: str) -> Feed:
    listed = [item for item in _list(document, "items") if isinstance(item, dict)]
    kept = newest([_time(item) for item in listed])
    return Feed(
        title=_string(document, "title"),
        language=_string(document, "language"),
        items=[_item(listed[n], base) for n in kept],
        manner=_manner(document, base),
        notices=() if len(kept) == len(listed) else (too_many(len(listed)),),
    )


def _manner(document: dict[str, Any], base: str) -> Manner:
    hubs = [hub for hub in _list(document, "hubs") if isinstance(hub, dict)]
    named = [_string(hub, "url") for hub in hubs if _string(hub, "type").lower() == "websub"]
    topic = _string(document, "feed_url")
    return Manner(
        hub=address(named[0], base) if named else "",
        topic=address(topic, base) if topic else "",
    )


def _time(item: dict[str, Any]) -> datetime | None:
    return dates.read(_string(item, "date_published")) or dates.read(_string(item, "date_modified"))


def _item(item: dict[str, Any], base: str) -> Item:
    authors = [*_list(item, "authors"), item.get("author")]
    names = [_string(author, "name") for author in authors if isinstance(author, dict)]
    attached = [file for file in _list(item, "attachments") if isinstance(file, dict)]
    shown = [file for file in attached if _string(file, "mime_type").startswith("image/")]
    pictures = [_string(item, "image"), _string(item, "banner_image")]
    pictures += [_string(file, "url") for file in shown]
    guid = _string(item, "id")
    content = _string(item, "content_html")
    return Item(
        base=base,
        guid=guid,
        links=[_string(item, "url"), guid if "://" in guid else ""],
        title=Text(_string(item, "title"), html=False),
        summary=Text(_string(item, "summary"), html=False),
        content=Text(content or _string(item, "content_text"), html=bool(content)),
        author=", ".join(dict.fromkeys(filter(None, names))),
        language=_string(item, "language"),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        categories=[tag for tag in _list(item, "tags") if isinstance(tag, str)],
        pictures=[Picture(url) for url in pictures if url],
    )


def _string(values: dict[str, Any], name: str) -> str:
    """Return the text at ``name``; a number, as ids often are, in its digits."""
    value = values.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _list(values: dict[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    return value if isinstance(value, list) else []
