"""The front page (the hottest stories, with who else reports them) and the river (the latest)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from wiredesk.ports.publisher import Report
from wiredesk.publishers.site.items import Item, tongue, web_address
from wiredesk.publishers.site.linked_data import item_list
from wiredesk.publishers.site.paper import PART, Page, Paper
from wiredesk.records.plaintext import plain

BESIDE = 15
"""Latest headlines beside the hottest stories."""
_OTHERS, _COPIES = 4, 6
"""Reports and copies named below a story of the front page."""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another report of a story, below its lead."""

    title: str
    url: str
    provider: str
    domain: str
    language: str


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """A story of the front page."""

    item: Item
    others: tuple[Other, ...]
    copies: tuple[Other, ...]
    more: int
    """Reports that are not named."""


def pages(paper: Paper) -> Iterator[Page]:
    """Give the front page and the river."""
    front, latest = paper.front(), paper.items[:PART]
    beside = latest[:BESIDE]
    counts = _topics(paper, front)
    yield paper.page(
        "index.html",
        "front.html",
        ([item.key for item in (*front, *beside)], paper.as_of, counts),
        partial(_front, paper, front, beside, counts),
    )
    yield paper.page(
        "latest.html",
        "latest.html",
        ([item.key for item in latest], paper.as_of),
        partial(_latest, paper, latest),
    )


def by_day(items: Sequence[Item]) -> list[tuple[Item, list[Item]]]:
    """Return ``items`` in their order as runs of one day, each with its first item."""
    runs: list[tuple[Item, list[Item]]] = []
    for item in items:
        if runs and runs[-1][0].day == item.day:
            runs[-1][1].append(item)
        else:
            runs.append((item, [item]))
    return runs


def _front(
    paper: Paper, front: Sequence[Item], beside: Sequence[Item], counts: object
) -> Mapping[str, object]:
    return {
        "here": "front",
        "path": "",
        "title": "",
        "clusters": [_cluster(paper, item) for item in front],
        "beside": beside,
        "counts": counts,
        "as_of": paper.as_of,
        "linked_data": item_list(paper.settings.name, paper.absolute(""), front),
    }


def _latest(paper: Paper, latest: Sequence[Item]) -> Mapping[str, object]:
    title = paper.words.text["latest_heading"]
    return {
        "here": "latest",
        "path": "latest.html",
        "title": title,
        "days": by_day(latest),
        "linked_data": item_list(title, paper.absolute("latest.html"), latest),
    }


def _topics(paper: Paper, front: Sequence[Item]) -> list[tuple[str, int]]:
    """Return the topics of the front page's stories with their number, most first."""
    order = {name: place for place, name in enumerate(paper.topics)}
    counts = Counter(topic for item in front for topic in set(item.topics) if topic in order)
    return sorted(counts.items(), key=lambda one: (-one[1], order[one[0]]))


def _cluster(paper: Paper, item: Item) -> Cluster:
    told = paper.told(item)
    rest = told.coverage[1:] if told else ()
    others = tuple(_other(report) for report in rest if not report.copy)
    copies = tuple(_other(report) for report in rest if report.copy)
    named = others[:_OTHERS], copies[:_COPIES]
    return Cluster(
        item=item,
        others=named[0],
        copies=named[1],
        more=len(rest) - len(named[0]) - len(named[1]),
    )


def _other(report: Report) -> Other:
    return Other(
        title=plain(report.title),
        url=web_address(report.url),
        provider=plain(report.provider.name),
        domain=report.provider.domain,
        language=tongue(report.language),
    )
