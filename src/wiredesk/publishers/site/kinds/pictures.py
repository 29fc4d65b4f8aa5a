"""The copies of pictures that the site's pages show."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wiredesk.publishers.site.items import digest
from wiredesk.publishers.site.paper import Page, Paper
from wiredesk.publishers.site.pictures import PICTURES


def pages(paper: Paper) -> Iterator[Page]:
    """Give each copy that a page shows, once."""
    shown = {item.picture.url for item in paper.items if item.picture is not None}
    names = sorted({copy.name for copy in paper.edition.copies.values()})
    for name in names:
        path = f"{PICTURES}/{name}.webp"
        if paper.link(path) in shown:
            yield Page(path, digest(name), partial(paper.edition.copied, name))
