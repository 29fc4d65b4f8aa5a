"""Feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1 of the desk and of each topic, and OPML of its sources.

::

    feeds/rss.xml  feeds/atom.xml  feeds/feed.json              the newest stories
    feeds/rss-hot.xml  feeds/atom-hot.xml  feeds/feed-hot.json  the newest of those that are hot
    feeds/<topic>/rss.xml  feeds/<topic>/rss-hot.xml  …         the same for each topic of the pack
    feeds/sources.opml                                          the feeds that the desk reads

An item is an excerpt and a link to its publisher. Its id is made of its story's, so that it is the same
one for life, whatever becomes of title, address and place. Nothing here says when it was written: the
bytes follow from the edition alone. The files below ``feeds`` that end in ``.xml``, ``.json`` or
``.opml`` are ours, all others stay untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from wiredesk.ports.output import settle
from wiredesk.ports.publisher import Edition, Written
from wiredesk.publishers.feeds.atom import as_atom
from wiredesk.publishers.feeds.items import Channel, Item, items_of
from wiredesk.publishers.feeds.jsonfeed import as_json_feed
from wiredesk.publishers.feeds.opml import as_opml
from wiredesk.publishers.feeds.rss import as_rss
from wiredesk.records.naming import topic_names
from wiredesk.records.plaintext import TITLE_LIMIT, plain

_ROOT = "feeds"
_FORMS = (("rss", "xml", as_rss), ("atom", "xml", as_atom), ("feed", "json", as_json_feed))


def publish(edition: Edition, root: Path) -> Written:
    """Bring ``root/feeds`` to ``edition``. Raises ``PublishError``."""
    return settle(root / _ROOT, documents(edition), {".xml", ".json", ".opml"})


def documents(edition: Edition) -> dict[str, bytes]:
    """Return every file by its path below ``feeds``."""
    items, name = items_of(edition), plain(edition.settings.name, TITLE_LIMIT)
    files = dict(_feeds(edition, name, "", items))
    for topic, folder in topic_names(edition.pack).items():
        told = plain(topic, TITLE_LIMIT)
        on_topic = [item for item in items if told in item.topics]
        files |= _feeds(edition, f"{name}: {told}", f"{folder}/", on_topic)
    if edition.settings.feeds.opml and edition.sources:
        files["sources.opml"] = as_opml(name, edition.sources)
    return files


def _feeds(
    edition: Edition, title: str, folder: str, items: Sequence[Item]
) -> Iterator[tuple[str, bytes]]:
    least = edition.settings.feeds.hot
    hot = [item for item in items if item.heat >= least]
    yield from _forms(edition, title, (folder, ""), items)
    yield from _forms(edition, f"{title} (heat {least} and above)", (folder, "-hot"), hot)


def _forms(
    edition: Edition, title: str, place: tuple[str, str], items: Sequence[Item]
) -> Iterator[tuple[str, bytes]]:
    """Give a feed in each format; ``place`` is its folder and what its names end with."""
    settings, base = edition.settings, edition.settings.publish.base_url.rstrip("/")
    desk = plain(settings.name, TITLE_LIMIT)
    for name, suffix, form in _FORMS:
        path = f"{place[0]}{name}{place[1]}.{suffix}"
        channel = Channel(
            title=title,
            about=f"News collected by {desk}: excerpts and links to their publishers.",
            path=f"{_ROOT}/{path}",
            base=base,
            hub=settings.feeds.hub,
            language=settings.language,
            items=tuple(items[: settings.feeds.items]),
        )
        yield path, form(channel)
