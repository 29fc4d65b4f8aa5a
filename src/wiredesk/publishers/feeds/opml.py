"""OPML 2.0 (http://opml.org/spec2.opml): the feeds that the desk reads, for anyone's reader."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from wiredesk.ports.publisher import ListedFeed
from wiredesk.publishers.feeds.elements import add, document
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.weburl import host_of, linkable

_PRIVATE = re.compile(r"(?i)[?&][^=&]*(?:auth|key|pass|secret|sig|token)[^=&]*=")
"""A query that looks like a subscriber's own secret: such an address is not for others."""


def as_opml(desk: str, sources: Iterable[ListedFeed]) -> bytes:
    """Return the list of ``sources``, by title and address, each address once."""
    root = etree.Element("opml", version="2.0")
    add(add(root, "head"), "title", f"Sources of {desk}")
    body = add(root, "body")
    listed = {url: source.title for source in sources if (url := _public(source.url))}
    named = [(plain(title, TITLE_LIMIT) or host_of(url), url) for url, title in listed.items()]
    for title, url in sorted(named, key=lambda feed: (feed[0].casefold(), feed[1])):
        add(body, "outline", type="rss", text=title, title=title, xmlUrl=url)
    return document(root)


def _public(url: str) -> str:
    """Return an address that others may have; an empty string for any other."""
    fit = linkable(url)
    return "" if _PRIVATE.search(fit) else fit
