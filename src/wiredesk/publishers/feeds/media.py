"""Media RSS (https://www.rssboard.org/media-rss): an item's images, in RSS and in Atom."""

from __future__ import annotations

from lxml.etree import _Element

from wiredesk.publishers.feeds.elements import MEDIA, add
from wiredesk.publishers.feeds.items import Item


def add_pictures(parent: _Element, item: Item) -> None:
    """Add the item's images, the lead image as the default of their group."""
    within = add(parent, f"{{{MEDIA}}}group") if len(item.pictures) > 1 else parent
    for number, picture in enumerate(item.pictures):
        content = add(
            within,
            f"{{{MEDIA}}}content",
            url=picture.url,
            medium="image",
            type=picture.type,
            width=str(picture.width or ""),
            height=str(picture.height or ""),
            isDefault="true" if len(item.pictures) > 1 and not number else "",
        )
        if picture.title:
            add(content, f"{{{MEDIA}}}title", picture.title, type="plain")
