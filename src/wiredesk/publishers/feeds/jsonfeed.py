"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import msgspec

from wiredesk.publishers.feeds.items import Channel, Item, stamp

_VERSION = "https://jsonfeed.org/version/1.1"


def as_json_feed(channel: Channel) -> bytes:
    """Return the channel as JSON Feed 1.1. What is not known is left out, as the format wants it."""
    feed: dict[str, object] = {"version": _VERSION, "title": channel.title}
    if channel.url:
        feed |= {"home_page_url": channel.home, "feed_url": channel.url}
    feed |= {"description": channel.about, "language": channel.language}
    if channel.hub:
        feed["hubs"] = [{"type": "WebSub", "url": channel.hub}]
    feed["items"] = [_item(item, channel.language) for item in channel.items]
    return msgspec.json.format(msgspec.json.encode(feed), indent=2) + b"\n"


def _item(item: Item, language: str) -> dict[str, object]:
    author = {"name": item.provider.name or item.provider.domain, "url": item.home}
    told: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.excerpt or item.title,
        "date_published": stamp(item.published),
        "authors": [{name: value for name, value in author.items() if value}],
    }
    if item.topics:
        told["tags"] = item.topics
    if item.language != language:
        told["language"] = item.language
    if item.pictures:
        told["image"] = item.pictures[0].url
    typed = [picture for picture in item.pictures if picture.type]
    if typed:
        told["attachments"] = [
            {"url": picture.url, "mime_type": picture.type}
            | ({"title": picture.title} if picture.title else {})
            for picture in typed
        ]
    return told | {"_wiredesk": {"heat": item.heat, "provider": item.provider.domain}}
