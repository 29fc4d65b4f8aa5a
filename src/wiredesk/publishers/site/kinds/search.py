"""Search: a page, and an index of one file a month, which a small script reads newest first.

::

    search.html
    search/index.json        the months, newest first, with their number of stories
    search/YYYY-MM.json      what is searched: [name, title, provider, topics, day, heat, excerpt]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from wiredesk.publishers.site.items import Item
from wiredesk.publishers.site.paper import Page, Paper
from wiredesk.records.plaintext import plain

_EXCERPT = 120
_MONTHS = 12
"""Months that the page links to where there are no scripts."""


def pages(paper: Paper) -> Iterator[Page]:
    """Give the page and its index."""
    months: dict[str, list[Item]] = defaultdict(list)
    for item in paper.items:
        months[item.month].append(item)
    listed = [(month, len(items)) for month, items in months.items()]
    yield paper.page(
        "search.html",
        "search.html",
        [month for month, _ in listed[:_MONTHS]],
        partial(_page, paper, [month for month, _ in listed[:_MONTHS]]),
    )
    yield Page(
        "search/index.json", paper.key(listed), partial(msgspec.json.encode, {"months": listed})
    )
    for month, items in months.items():
        key = paper.key([item.key for item in items])
        yield Page(f"search/{month}.json", key, partial(_index, items))


def _page(paper: Paper, months: Sequence[str]) -> Mapping[str, object]:
    title = paper.words.text["search"]
    return {"here": "search", "path": "search.html", "title": title, "months": months}


def _index(items: Sequence[Item]) -> bytes:
    rows = [
        (
            item.name, item.title, item.provider.name, ", ".join(item.topics), item.at,
            item.heat, plain(item.excerpt, _EXCERPT),
        )
        for item in items
    ]  # fmt: skip
    return msgspec.json.encode(rows)
