"""Topics and providers: a page each with its hottest and newest stories, and all of it by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from wiredesk.publishers.site.charts import HeatChart, heat_chart
from wiredesk.publishers.site.items import Item
from wiredesk.publishers.site.kinds.front import by_day
from wiredesk.publishers.site.linked_data import item_list
from wiredesk.publishers.site.paper import Page, Paper, Part, ProviderView, TopicView, hottest

_HOTTEST, _NEWEST = 5, 40
_LOOKED_AT = 500
"""Newest stories among which the hottest are looked for."""


def pages(paper: Paper) -> Iterator[Page]:
    """Give the lists of topics and of providers, and the pages of each."""
    tree = [(topic, len(paper.by_topic[name])) for name, topic in paper.topics.items()]
    yield paper.page("topics/index.html", "topics.html", tree, partial(_tree, paper, tree))
    for name, topic in paper.topics.items():
        yield from _list(paper, paper.by_topic[name], f"topics/{topic.slug}/", topic)
    known = [
        (provider, len(paper.by_provider[domain])) for domain, provider in paper.providers.items()
    ]
    known.sort(key=lambda one: (one[0].name.casefold(), one[0].domain))
    yield paper.page("providers/index.html", "providers.html", known, partial(_known, paper, known))
    for domain, provider in paper.providers.items():
        yield from _list(paper, paper.by_provider[domain], f"providers/{provider.slug}/", provider)


def _tree(paper: Paper, tree: Sequence[tuple[TopicView, int]]) -> Mapping[str, object]:
    counts = {topic.name: count for topic, count in tree}
    return {
        "here": "topics",
        "path": "topics/",
        "title": paper.words.text["topics_heading"],
        "roots": [topic for topic, _ in tree if not topic.above],
        "topics": paper.topics,
        "counts": counts,
    }


def _known(paper: Paper, known: Sequence[tuple[ProviderView, int]]) -> Mapping[str, object]:
    return {
        "here": "providers",
        "path": "providers/",
        "title": paper.words.text["providers_heading"],
        "providers": known,
    }


def _list(
    paper: Paper, items: Sequence[Item], folder: str, about: TopicView | ProviderView
) -> Iterator[Page]:
    recent = [item for item in items[:_LOOKED_AT] if _recent(paper, item)]
    hot, new = hottest(recent)[:_HOTTEST], items[:_NEWEST]
    parts = paper.parts(items)
    chart = heat_chart(items, paper.as_of)
    kind = "topic" if isinstance(about, TopicView) else "provider"
    counts = Counter({part.month: 0 for part in parts})
    for part in parts:
        counts[part.month] += len(part.items)
    yield paper.page(
        f"{folder}index.html",
        f"{kind}.html",
        ([item.key for item in (*hot, *new)], chart, list(counts.items()), about),
        partial(_main, paper, folder, about, (hot, new), (chart, counts)),
    )
    for part in parts:
        beside = sorted((other.number, other.file) for other in parts if other.month == part.month)
        yield paper.page(
            f"{folder}{part.file}",
            "month.html",
            ([item.key for item in part.items], part.month, part.number, beside, about),
            partial(_month, paper, folder, about, part, beside),
        )


def _recent(paper: Paper, item: Item) -> bool:
    return (paper.as_of - item.at).days < paper.site.front_days


def _main(
    paper: Paper,
    folder: str,
    about: TopicView | ProviderView,
    items: tuple[Sequence[Item], Sequence[Item]],
    over_time: tuple[HeatChart | None, Mapping[str, int]],
) -> Mapping[str, object]:
    (hot, new), (chart, counts) = items, over_time
    return {
        "here": folder.split("/", maxsplit=1)[0],
        "path": folder,
        "title": about.name,
        "about": about,
        "hottest": hot,
        "days": by_day(new),
        "months": list(counts.items()),
        "chart": chart,
        "days_of_chart": [datetime.fromisoformat(bar.day) for bar in chart.bars] if chart else [],
        "linked_data": item_list(about.name, paper.absolute(folder), new),
    }


def _month(
    paper: Paper,
    folder: str,
    about: TopicView | ProviderView,
    part: Part,
    beside: Sequence[tuple[int, str]],
) -> Mapping[str, object]:
    title = f"{about.name}: {paper.words.month_of(part.month)}"
    path = f"{folder}{part.file}"
    return {
        "here": folder.split("/", maxsplit=1)[0],
        "path": path,
        "title": title,
        "about": about,
        "folder": folder,
        "part": part,
        "beside": beside if len(beside) > 1 else [],
        "days": by_day(part.items),
        "linked_data": item_list(title, paper.absolute(path), part.items),
    }
