"""A story's page: its lead, who reports it and when, what is related, and why it is here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

import msgspec

from wiredesk.ports.publisher import Report, Told
from wiredesk.publishers.site.charts import ledger_bars
from wiredesk.publishers.site.items import Item, moment, provider_of, tongue, web_address
from wiredesk.publishers.site.linked_data import coverage_list
from wiredesk.publishers.site.paper import Page, Paper
from wiredesk.records.plaintext import plain
from wiredesk.records.record import Record, RelatedItem

_LISTED = 100
"""Reports that a page lists at most."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A report or a related article, as the page lists it."""

    title: str
    url: str
    provider: str
    domain: str
    at: datetime
    language: str = ""
    copy: bool = False
    excerpt: str = ""
    here: str = ""
    """Name of the record on this site that is led by it."""


def pages(paper: Paper) -> Iterator[Page]:
    """Give the page of every published record."""
    for item in paper.items:
        yield paper.page(
            f"news/{item.name}.html",
            "story.html",
            (item.key, _neighbours(paper, item)),
            partial(_story, paper, item),
        )


def _neighbours(paper: Paper, item: Item) -> list[str]:
    """Return what the page shows of other records: whether its related articles have a page here."""
    return [paper.here.get(address, "") for address in item.related]


def _story(paper: Paper, item: Item) -> Mapping[str, object]:
    record, told = paper.record(item), paper.told(item)
    coverage = [_report(report) for report in told.coverage] if told else []
    reported = {line.url for line in coverage} | {item.url}
    path = f"news/{item.name}.html"
    reports = told.coverage if told else (_lead(item),)
    own = paper.absolute(path)
    return {
        "here": "",
        "path": path,
        "title": item.title,
        "item": item,
        "excerpt": plain(record.excerpt or ""),
        "notes": _paragraphs(record.body),
        "coverage": coverage[:_LISTED],
        "more": max(0, len(coverage) - _LISTED),
        "related": [
            line
            for related in record.related
            for line in [_related(paper, related)]
            if line.url not in reported
        ],
        "ledgers": _ledgers(told, record) if told and paper.site.ledger else [],
        "canonical": item.url if paper.site.canonical == "publisher" and item.url else own,
        "linked_data": coverage_list(item.title, own, reports),
    }


def _report(report: Report) -> Line:
    provider = provider_of(report.provider)
    return Line(
        title=plain(report.title),
        url=web_address(report.url),
        provider=provider.name,
        domain=provider.domain,
        at=moment(report.published_date_time),
        language=tongue(report.language),
        copy=report.copy,
    )


def _related(paper: Paper, related: RelatedItem) -> Line:
    provider = provider_of(related.provider) if related.provider else None
    url = web_address(related.web_url or related.featured_content or "")
    return Line(
        title=plain(related.title),
        url=url,
        provider=provider.name if provider else "",
        domain=provider.domain if provider else "",
        at=moment(related.published_date_time or ""),
        excerpt=plain(related.excerpt or "", 160),
        here=paper.here.get(url, "") if url else "",
    )


def _lead(item: Item) -> Report:
    return Report(
        title=item.title,
        provider=item.provider,
        url=item.url,
        published_date_time=item.at.isoformat(),
        language=item.language,
    )


def _ledgers(told: Told, record: Record) -> list[tuple[str, int, object]]:
    """Return the name, sum and lines of each number that the record shows."""
    shown = (("heat", told.heat, record.heat), ("quality", told.quality, record.quality))
    return [
        (name, ledger.total, ledger_bars(ledger))
        for name, ledger, number in shown
        if number is not None
    ]


def _paragraphs(body: str) -> list[str]:
    """Return an editor's text as plain paragraphs; its marks are shown as they stand."""
    return [text for part in re.split(r"\n\s*\n", body) if (text := plain(part))]
