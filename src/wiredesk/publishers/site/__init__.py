"""The site for readers: static pages from the records, in the desk's public folder.

::

    index.html, latest.html           the hottest stories, and the newest
    news/<record>.html                a story: who reports it, what is related, why it is here
    topics/, topics/<topic>/          the pack's tree; a topic with its chart, and its months
    providers/, providers/<name>/     who reports
    archive/, archive/YYYY-MM/, archive/YYYY-MM-DD.html
    search.html, search/*.json        an index of one file a month
    about.html, 404.html
    pictures/<digest>.webp            copies of pictures, where the desk keeps them
    assets/, favicon.*, site.webmanifest, robots.txt, llms.txt, sitemap*.xml, sitemaps/, _headers

A page is made again only when what it shows has another digest (``ports.shelf``); what is remembered
is in ``state/site.memory`` and may be lost at any time. In the folders named above every file is the
publisher's own and goes when it is stale; everything else is left alone.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

from wiredesk.ports.publisher import Edition, Written
from wiredesk.ports.shelf import Shelf
from wiredesk.publishers.site import kinds
from wiredesk.publishers.site.paper import Page, Paper

_FOLDERS = {
    "news": ".html", "topics": ".html", "providers": ".html", "archive": ".html",
    "search": ".json", "assets": "", "sitemaps": ".xml", "pictures": ".webp",
}  # fmt: skip
"""Folders whose files of that suffix are ours, or all of them."""
_FILES = frozenset(
    """404.html _headers about.html favicon.ico favicon.svg index.html latest.html llms.txt robots.txt
    search.html site.webmanifest sitemap-news.xml sitemap.xml""".split()  # noqa: SIM905 - a table
)


def publish(edition: Edition, root: Path) -> Written:
    """Bring the site below ``root`` to ``edition``; where it is switched off, take it away.

    Raises ``PublishError``.
    """
    memory = edition.memory / "site.memory" if edition.memory else None
    shelf = Shelf(root, memory)
    if edition.settings.site.enabled:
        for page in files(Paper(edition)):
            shelf.put(page.path, page.key, page.make)
    return shelf.close(is_ours)


def files(paper: Paper) -> Iterator[Page]:
    """Give every file of the site, kind by kind."""
    for module in sorted(found.name for found in pkgutil.iter_modules(kinds.__path__)):
        kind = import_module(f"{kinds.__name__}.{module}")
        yield from cast("Callable[[Paper], Iterator[Page]]", kind.pages)(paper)


def is_ours(path: str) -> bool:
    """Tell whether the file at ``path`` is one of the site's own."""
    folder, _, rest = path.partition("/")
    if not rest:
        return path in _FILES
    suffix = _FOLDERS.get(folder)
    return suffix is not None and path.endswith(suffix)
