"""The feeds of a site, from its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import answer

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.config import FetchSettings
from wiredesk.engine.discovering import discover, named_feeds
from wiredesk.errors import Ended, FetchError
from wiredesk.sources.feed import read
from wiredesk.stages.fetch import Fetch

B = TypeVar("B")

SITE = "https://harbour-courier.example"
FEED = b'<rss version="2.0"><channel><title>Courier</title></channel></rss>'


def link(attributes: str) -> bytes:
    return f"<html><head><link {attributes}></head></html>".encode()


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (link('rel="alternate" type="application/rss+xml" href="/rss"'), [f"{SITE}/rss"]),
        (link('rel="ALTERNATE home" type="application/atom+xml; x=y" href="a"'), [f"{SITE}/n/a"]),
        (link('rel="alternate" type="application/feed+json" href="//b.example/j"'), ["https://b.example/j"]),
        (link('rel="feed" href="/f"'), [f"{SITE}/f"]),
        (link('rel="alternate" hreflang="de" href="/de"'), []),
        (link('rel="alternate" type="text/html" href="/m"'), []),
        (link('rel="stylesheet" type="application/rss+xml" href="/rss"'), []),
        (link('rel="alternate" type="application/rss+xml" href="javascript:x"'), []),
        (link('rel="alternate" type="application/rss+xml" href="http://127.1/"'), []),
        (link('rel="alternate" type="application/rss+xml"'), []),
        (b'<base href="/deep/">' + link('rel="feed" href="f"'), [f"{SITE}/deep/f"]),
        (b"", []),
    ],
)  # fmt: skip
def test_a_page_names_its_feeds_by_links(page: bytes, found: list[str]) -> None:
    assert [*named_feeds(page, f"{SITE}/n/x.html")] == found


@given(st.binary(max_size=500))
def test_any_bytes_name_feeds_or_none(page: bytes) -> None:
    assert len(named_feeds(page, SITE)) <= 20


def test_what_is_named_is_looked_at_and_each_feed_told_once() -> None:
    page = b"".join(
        link(f'rel="alternate" type="application/rss+xml" href="{path}"')
        for path in ("/rss", "/rss", "/gone", "/page", "/rss#top")
    )
    answers = [answer(f"{SITE}/", page), answer(f"{SITE}/rss", FEED), answer(f"{SITE}/page", page)]
    web = MemoryWeb({each.url: each for each in answers})
    found = discover(f"{SITE}/", Fetch(web, FetchSettings()), read)
    assert [(feed.url, feed.title, feed.how) for feed in found] == [
        (f"{SITE}/rss", "Courier", "named by the page")
    ]


def test_places_are_tried_below_the_address_and_the_site_when_nothing_is_named() -> None:
    answers = [answer(f"{SITE}/news", b"<p>News"), answer(f"{SITE}/news/feed", FEED),
               answer(f"{SITE}/atom.xml", FEED)]  # fmt: skip
    web = MemoryWeb({each.url: each for each in answers})
    found = discover(f"{SITE}/news", Fetch(web, FetchSettings()), read)
    assert [feed.url for feed in found] == [f"{SITE}/news/feed", f"{SITE}/atom.xml"]


def test_a_site_that_cannot_be_asked_is_an_error() -> None:
    with pytest.raises(FetchError):
        discover(SITE, Fetch(MemoryWeb({}), FetchSettings()), read)


def test_a_page_or_feed_that_ends_its_reader_names_nothing() -> None:
    def ends(work: Callable[..., B], /, *things: object) -> B:
        raise Ended("memory", "reading it takes more memory than it may have")

    web = MemoryWeb({f"{SITE}/": answer(f"{SITE}/", FEED)})
    assert discover(f"{SITE}/", Fetch(web, FetchSettings()), read, ends) == ()
