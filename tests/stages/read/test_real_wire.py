"""Addresses and sizes of real pages, held against their own heads by another parser."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastwarc.warc import ArchiveIterator
from lxml import html

from wiredesk.records.article import Article
from wiredesk.records.page import Page
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.weburl import cleaned, same_site
from wiredesk.stages.read import Read

pytestmark = pytest.mark.shared

WIRE = Path(__file__).resolve().parents[3] / ".." / "shared" / "wire" / "wire.warc.gz"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
Pair = tuple[html.HtmlElement, Article]


@pytest.fixture(scope="module")
def wire() -> list[Pair]:
    if not WIRE.exists():
        pytest.skip(f"the real wire is not at {WIRE}")
    read = Read(ProviderRegistry())
    pairs = []
    for record in ArchiveIterator(io.BytesIO(WIRE.read_bytes())):
        kind = (record.http_headers.get("Content-Type") if record.http_headers else "") or ""
        if "text/html" in kind:
            url, body = record.headers["WARC-Target-URI"], record.reader.read()
            page = Page(
                url=url,
                final_url=url,
                status=200,
                headers=(("content-type", kind),),
                body=body,
                at=NOW,
            )
            parser = html.HTMLParser(encoding="utf-8")
            pairs.append((html.document_fromstring(body, parser=parser), read(page)))
    return pairs


def stated(tree: html.HtmlElement, path: str) -> list[str]:
    return [str(value).strip() for value in tree.xpath(path) if str(value).strip()]


def is_home(url: str) -> bool:
    return urlsplit(url).path in {"", "/"}


def test_web_addresses_are_those_that_the_heads_state(wire: list[Pair]) -> None:
    for tree, article in wire:
        heads = stated(tree, "//link[@rel='canonical']/@href")
        heads += stated(tree, "//meta[@property='og:url' or @name='og:url']/@content")
        urls = [urljoin(article.original_url, head) for head in heads]
        fit = [url for url in urls if same_site(url, article.original_url) and not is_home(url)]
        assert article.web_url == cleaned(fit[0] if fit else article.original_url)


def test_amp_addresses_are_those_that_the_heads_state(wire: list[Pair]) -> None:
    for tree, article in wire:
        heads = stated(tree, "//link[@rel='amphtml']/@href")
        fit = [urljoin(article.original_url, head) for head in heads]
        fit = [url for url in fit if same_site(url, article.original_url)]
        expected = cleaned(fit[0]) if fit else ""
        assert article.amp_web_url == expected
        assert bool(article.cdn_amp_web_url) == bool(expected)


def test_sizes_of_lead_images_are_those_that_the_heads_state(wire: list[Pair]) -> None:
    checked = 0
    for tree, article in wire:
        sides = [
            stated(tree, f"//meta[@property='og:image:{side}' or @name='og:image:{side}']/@content")
            for side in ("width", "height")
        ]
        urls = stated(tree, "//meta[@property='og:image' or @name='og:image']/@content")
        if not article.images or [len(side) for side in sides] != [1, 1] or len(urls) != 1:
            continue
        lead = article.images[0]
        if lead.url == urljoin(article.original_url, urls[0]) and all(
            s[0].isdigit() for s in sides
        ):
            checked += 1
            assert [lead.width, lead.height] == [int(side[0]) for side in sides]
    assert checked > 0
