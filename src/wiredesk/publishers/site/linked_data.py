"""Linked data: what a page lists, by schema.org, for machines.

An aggregator's list: each item is a ``NewsArticle`` at its publisher's address, with its publisher
named. Nowhere does the desk say that it published one.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from markupsafe import Markup

from wiredesk.ports.publisher import Report
from wiredesk.publishers.site.items import Item, moment, tongue, web_address
from wiredesk.records.article import ProviderName
from wiredesk.records.plaintext import plain

_UNSAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
LISTED = 10
"""Items of a page's list: search engines want the head of it, and readers fewer bytes."""


def item_list(name: str, url: str, items: Iterable[Item]) -> Markup:
    """Return a page with a list of ``items``."""
    listed = [
        _article(item.title, item.url, item.at.isoformat(), item.provider, item.language)
        for item in list(items)[:LISTED]
    ]
    return _page(name, url, listed)


def coverage_list(name: str, url: str, reports: Iterable[Report]) -> Markup:
    """Return a story's page with its reports, the lead first."""
    listed = [
        _article(
            plain(report.title),
            web_address(report.url),
            moment(report.published_date_time).isoformat(),
            report.provider,
            tongue(report.language),
        )
        for report in list(reports)[:LISTED]
    ]
    return _page(name, url, listed)


def script_json(value: object) -> Markup:
    """Return JSON that cannot end the ``script`` element around it, nor open a comment in it."""
    return Markup(msgspec.json.encode(value).decode("utf-8").translate(_UNSAFE))  # noqa: S704 - just escaped


def _page(name: str, url: str, listed: list[dict[str, object]]) -> Markup:
    entries = [
        {"@type": "ListItem", "position": place, "item": article}
        for place, article in enumerate(listed, 1)
    ]
    return script_json(
        {
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "name": name,
            **({"url": url} if url else {}),
            "mainEntity": {
                "@type": "ItemList",
                "numberOfItems": len(entries),
                "itemListElement": entries,
            },
        }
    )


def _article(
    title: str, url: str, at: str, provider: ProviderName, language: str
) -> dict[str, object]:
    publisher: dict[str, object] = {"@type": "Organization", "name": plain(provider.name)}
    if home := web_address(f"https://{provider.domain}/"):
        publisher["url"] = home
    article: dict[str, object] = {"@type": "NewsArticle", "headline": title, "datePublished": at}
    if url:
        article["url"] = url
    if language:
        article["inLanguage"] = language
    return {**article, "publisher": publisher}
