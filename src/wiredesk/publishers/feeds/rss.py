"""RSS 2.0 (https://www.rssboard.org/rss-specification, and the Board's profile of it)."""

from __future__ import annotations

import re
from email.utils import format_datetime
from html import escape, unescape

from lxml import etree
from lxml.etree import _Element

from wiredesk.publishers.feeds.elements import ATOM, DUBLIN_CORE, MEDIA, add, document
from wiredesk.publishers.feeds.items import Channel, Item
from wiredesk.publishers.feeds.media import add_pictures

_TAG = re.compile("<[A-Za-z/!?]")


def as_rss(channel: Channel) -> bytes:
    """Return the channel as RSS 2.0."""
    namespaces = {"atom": ATOM, "dc": DUBLIN_CORE, "media": MEDIA}
    root = etree.Element("rss", nsmap=namespaces, version="2.0")
    told = add(root, "channel")
    add(told, "title", _title(channel.title))
    add(told, "link", channel.home)
    add(told, "description", escape(channel.about, quote=False))
    add(told, "language", channel.language)
    if channel.items:
        add(told, "lastBuildDate", format_datetime(channel.updated, usegmt=True))
    add(told, "generator", "wiredesk")
    add(told, "docs", "https://www.rssboard.org/rss-specification")
    if channel.url:
        link = f"{{{ATOM}}}link"
        add(told, link, rel="self", type="application/rss+xml", href=channel.url)
    if channel.hub:
        add(told, f"{{{ATOM}}}link", rel="hub", href=channel.hub)
    for item in channel.items:
        _add_item(told, item, channel.language)
    return document(root)


def _add_item(channel: _Element, item: Item, language: str) -> None:
    told = add(channel, "item")
    add(told, "title", _title(item.title))
    add(told, "link", item.url)
    add(told, "guid", item.id, isPermaLink="false")
    add(told, "pubDate", format_datetime(item.published, usegmt=True))
    add(told, f"{{{DUBLIN_CORE}}}creator", item.provider.name)
    if item.home:
        add(told, "source", item.provider.name, url=item.home)
    for topic in item.topics:
        add(told, "category", topic)
    if item.language != language:
        add(told, f"{{{DUBLIN_CORE}}}language", item.language)
    add(told, "description", escape(item.excerpt, quote=False))
    lead = next((picture for picture in item.pictures if picture.type), None)
    if lead is not None:  # its size is unknown, for which the Board's profile says 0
        add(told, "enclosure", url=lead.url, length="0", type=lead.type)
    add_pictures(told, item)


def _title(text: str) -> str:
    """Return a title that means ``text`` to those who take titles for text and to those who take them
    for HTML. Where no spelling does, it is HTML: read as text, it then shows ``&lt;`` for ``<``, while
    the other way round a stranger's words would become markup.
    """
    agree = unescape(text) == text and not _TAG.search(text)
    return text if agree else escape(text, quote=False)
