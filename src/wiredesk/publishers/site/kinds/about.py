"""The page about the desk and its ranking, and the page for what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wiredesk.publishers.site.paper import Page, Paper


def pages(paper: Paper) -> Iterator[Page]:
    """Give both pages."""
    for path, template, title in (
        ("about.html", "about.html", "about_heading"),
        ("404.html", "404.html", "missing_title"),
    ):
        values = {"here": "", "path": path, "title": paper.words.text[title]}
        yield paper.page(path, template, values, partial(dict, values))
