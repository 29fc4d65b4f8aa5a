"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

from wiredesk.publishers.feeds.elements import ATOM, LANG, MEDIA, add, document
from wiredesk.publishers.feeds.items import Channel, Item, stamp
from wiredesk.publishers.feeds.media import add_pictures


def as_atom(channel: Channel) -> bytes:
    """Return the channel as Atom 1.0. All texts are of the type ``text``, which is not markup."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "media": MEDIA})
    root.set(LANG, channel.language)
    _add(root, "id", channel.id)
    _add(root, "title", channel.title, type="text")
    _add(root, "subtitle", channel.about, type="text")
    _add(root, "updated", stamp(channel.updated))
    _add(root, "link", rel="alternate", type="text/html", href=channel.home)
    if channel.url:
        _add(root, "link", rel="self", type="application/atom+xml", href=channel.url)
    if channel.hub:
        _add(root, "link", rel="hub", href=channel.hub)
    _add(root, "generator", "wiredesk")
    for item in channel.items:
        _add_entry(root, item, channel.language)
    return document(root)


def _add_entry(feed: _Element, item: Item, language: str) -> None:
    entry = _add(feed, "entry")
    if item.language != language:
        entry.set(LANG, item.language)
    _add(entry, "id", item.id)
    _add(entry, "title", item.title, type="text")
    _add(entry, "link", rel="alternate", type="text/html", href=item.url)
    _add(entry, "published", stamp(item.published))
    _add(entry, "updated", stamp(item.published))
    author = _add(entry, "author")
    _add(author, "name", item.provider.name or item.provider.domain)
    if item.home:
        _add(author, "uri", item.home)
    for topic in item.topics:
        _add(entry, "category", term=topic)
    if item.excerpt:
        _add(entry, "summary", item.excerpt, type="text")
    for picture in item.pictures:
        if picture.type:
            _add(entry, "link", rel="enclosure", type=picture.type, href=picture.url)
    add_pictures(entry, item)


def _add(parent: _Element, name: str, text: str = "", /, **attributes: str) -> _Element:
    return add(parent, f"{{{ATOM}}}{name}", text, **attributes)
