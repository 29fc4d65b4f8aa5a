"""What a feed says of how to ask it (THREATS F23)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from wiredesk.records.entry import Gathered
from wiredesk.records.page import Page
from wiredesk.records.wishes import Wishes
from wiredesk.sources import feed

URL = "https://harbour-courier.example/feed"
SY = "http://purl.org/rss/1.0/modules/syndication/"
ATOM = "http://www.w3.org/2005/Atom"


def read(body: str, **headers: str) -> Gathered:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    page = Page(url=URL, final_url=URL, status=200, headers=pairs, body=body.encode(), at=at)
    return feed.read(page, "feed:x")


def rss(inner: str) -> str:
    spaces = f'xmlns:sy="{SY}" xmlns:atom="{ATOM}"'
    return f'<rss version="2.0" {spaces}><channel><title>C</title>{inner}</channel></rss>'


@pytest.mark.parametrize(
    ("inner", "wishes"),
    [
        ("", Wishes()),
        ("<ttl>60</ttl>", Wishes(ttl=3600)),
        ("<ttl> 5 </ttl>", Wishes(ttl=300)),
        ("<ttl>-5</ttl><ttl>9</ttl>", Wishes()),
        ("<ttl>soon</ttl>", Wishes()),
        ("<ttl/>", Wishes()),
        ("<ttl>99999999999999999999</ttl>", Wishes()),
        (
            "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>",
            Wishes(skip_hours=(0, 7)),
        ),
        (
            "<skipDays><day>Sunday</day><day>saturday</day><day>Caturday</day></skipDays>",
            Wishes(skip_days=(5, 6)),
        ),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", Wishes(period=3600)),
        (
            "<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Wishes(period=21_600),
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Wishes(period=3600),
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", Wishes()),
    ],
)
def test_f23_its_wishes_are_read(inner: str, wishes: Wishes) -> None:
    assert read(rss(inner)).wishes == wishes


def test_f23_what_its_server_says_counts_beside() -> None:
    found = read(rss("<ttl>60</ttl>"), cache_control="max-age=86400")
    assert found.wishes == Wishes(ttl=3600, fresh=86_400)


@pytest.mark.parametrize(
    ("hub", "told"),
    [
        ("https://hub.example/", "https://hub.example/"),
        ("/hub", "https://harbour-courier.example/hub"),
        ("javascript:alert(1)", ""),
        ("http://127.1/", ""),
    ],
)
def test_the_hub_is_named_if_it_may_be_asked(hub: str, told: str) -> None:
    links = f'<atom:link rel="self" href="{URL}"/><atom:link rel="hub" href="{hub}"/>'
    found = read(rss(links))
    assert (found.hub, found.topic) == (told, URL)


def test_an_atom_feed_names_its_hub_too() -> None:
    links = f'<link rel="hub" href="https://hub.example/"/><link rel="self" href="{URL}"/>'
    found = read(f'<feed xmlns="{ATOM}"><title>C</title>{links}</feed>')
    assert (found.hub, found.topic) == ("https://hub.example/", URL)


def test_a_json_feed_names_its_hub_too() -> None:
    hubs = [{"type": "rssCloud", "url": "https://no.example/"}, {"type": "WebSub", "url": "/hub"}]
    said = {"version": "https://jsonfeed.org/version/1.1", "feed_url": URL, "hubs": hubs}
    found = read(json.dumps({**said, "title": "C", "items": []}))
    assert (found.hub, found.topic) == ("https://harbour-courier.example/hub", URL)
