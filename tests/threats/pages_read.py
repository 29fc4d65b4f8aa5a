"""What children do for the tests of pages: they must be able to import it."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from functools import partial

from trials import page

from wiredesk.errors import MalformedRecord, Unreadable
from wiredesk.records.article import Article
from wiredesk.records.entry import Entry
from wiredesk.records.frontmatter import parse
from wiredesk.records.page import Page
from wiredesk.records.provider import ProviderRegistry
from wiredesk.stages.read import Read

URL = "https://harbour-courier.example/2026/03/ferry"
TEXT = (
    "The council of Port Lorne voted on Tuesday night to buy two electric ferries from the yard at"
    " Nessby, after eleven years of dispute over the ageing diesel fleet."
)
BODY = f"<article><h1>A ferry runs again</h1>{f'<p>{TEXT}</p>' * 6}</article>"


def read(of: Page, entry: Entry | None = None) -> Article:
    return Read(ProviderRegistry())(of, entry)


def html(head: str = "", body: str = BODY, *, title: str = "A ferry runs again") -> Page:
    whole = (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )
    return page(whole, "text/html; charset=utf-8", URL)


PLACES = ("body", "title", "h1", "meta", "json-ld", "author", "link", "text")


def placed(bait: str, place: str) -> Page:
    stated = bait.replace('"', "&quot;")
    names = ("og:title", "description", "article:published_time", "keywords", "og:image")
    linked = {"@type": "NewsArticle", "headline": bait, "author": bait, "datePublished": bait}
    link = f'<link rel="canonical" href="{stated}"><a rel=author href="{stated}">x</a>'
    author = f'<meta name="author" content="{stated}">'
    made: dict[str, Page] = {
        "body": html(body=bait),
        "title": html(title=bait),
        "h1": html(body=f"<h1>{bait}</h1>"),
        "meta": html("".join(f'<meta property="{name}" content="{stated}">' for name in names)),
        "json-ld": html(f'<script type="application/ld+json">{json.dumps(linked)}</script>'),
        "author": html(author, f"{BODY}<p class=byline>{bait}"),
        "link": html(link),
        "text": html(body=f"<article><p>{bait}</p>{BODY}</article>"),
    }
    return made[place]


def all_places(bait: str) -> dict[str, float]:
    """Read the bait in every place, and return the seconds of processor that each took."""
    took = {}
    for place in PLACES:
        began = time.process_time()
        with suppress(Unreadable):
            read(placed(bait, place))
        took[place] = time.process_time() - began
    return took


def call(work: partial[str], bait: str) -> str:
    return work(bait)


def front_matter(text: str) -> str:
    """Read a record; what is none is refused."""
    try:
        parse(text.encode())
    except MalformedRecord:
        return "malformed"
    return "read"
