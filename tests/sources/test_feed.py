"""Feeds of every kind and every evil, read into entries."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.errors import SourceError
from wiredesk.records import dates
from wiredesk.records.entry import Gathered, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page, Purpose
from wiredesk.sources.feed import open_source, read
from wiredesk.sources.feed.decoding import decoded

NOW = datetime(2026, 3, 2, tzinfo=UTC)
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "feeds"
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "feeds"


def page(body: bytes, content_type: str = "", status: int = 200) -> Page:
    url = "https://harbour-courier.example/feed"
    headers = (("content-type", content_type), ("etag", '"v1"'))
    return Page(url=url, final_url=url, status=status, headers=headers, body=body, at=NOW)


def rss(items: str, more: str = "") -> bytes:
    return f'<rss version="2.0"{more}><channel>{items}</channel></rss>'.encode()


def item(title: str = "T", number: int = 1, more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://a.example/{number}</link>{more}</item>"


def refused(body: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(page(body), "feed:x")
    return caught.value.reason


@pytest.mark.parametrize(
    "feed",
    [path for path in sorted(GOLDEN.iterdir()) if ".expected" not in path.name],
    ids=lambda path: path.name,
)
def test_a_feed_gives_the_entries_that_it_should(feed: Path) -> None:
    gathered = read(page(feed.read_bytes()), "feed:x")
    expected = feed.with_name(feed.name + ".expected.json")
    assert gathered == msgspec.json.decode(expected.read_bytes(), type=Gathered)


def test_an_old_document_type_without_entities_is_harmless() -> None:
    body = b'<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://x.example/d.dtd">' + rss(item())
    assert len(read(page(body), "feed:x").entries) == 1


def test_f08_the_newest_500_of_too_many_items_are_kept_in_the_feeds_order() -> None:
    day = "<pubDate>Sun, 01 Mar 2026 10:{:02}:{:02} GMT</pubDate>"
    body = rss("".join(item(str(n), n, day.format(n // 60, n % 60)) for n in range(700)))
    gathered = read(page(body), "feed:x")
    assert [entry.title for entry in gathered.entries] == [str(n) for n in range(200, 700)]
    assert gathered.notices == ("the feed lists 700 items; the newest 500 were read",)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_become_text(body: bytes, content_type: str) -> None:
    assert isinstance(decoded(body, f"text/xml; charset={content_type}"), str)


def test_f16_an_item_that_is_repeated_counts_once_in_an_answer() -> None:
    body = rss("".join(item(str(n), 1, "<guid>same</guid>") for n in range(100)))
    gathered = read(page(body), "feed:x")
    assert [entry.title for entry in gathered.entries] == ["0"]
    assert gathered.notices == ("99 item(s) that repeat the guid of another were dropped",)


def test_a_repetition_keeps_the_place_of_the_first() -> None:
    body = rss("".join(item(f"{n}", n, f"<guid>{n}</guid>") for n in (1, 2, 1)))
    assert [entry.guid for entry in read(page(body), "feed:x").entries] == ["1", "2"]


def test_f17_no_item_is_lost_when_a_feed_gives_all_of_them_one_guid() -> None:
    listed = [item(str(n), n, "<guid isPermaLink='false'>same</guid>") for n in range(100)]
    gathered = read(page(rss("".join(listed))), "feed:x")
    assert [entry.title for entry in gathered.entries] == [str(n) for n in range(100)]
    assert [entry.guid for entry in gathered.entries[:2]] == [
        "same https://a.example/0",
        "same https://a.example/1",
    ]
    assert gathered.notices == ()
    later = read(page(rss("".join(listed[1:]))), "feed:x")
    assert later.entries == gathered.entries[1:]  # another first item changes no guid


def test_f17_no_item_is_lost_when_a_feed_gives_all_of_them_one_address() -> None:
    gathered = read(page(rss("".join(item(str(n), 1) for n in range(100)))), "feed:x")
    assert [entry.title for entry in gathered.entries] == [str(n) for n in range(100)]
    assert len({entry.guid for entry in gathered.entries}) == 100
    assert all(entry.shared_url for entry in gathered.entries)


@pytest.mark.parametrize(
    "evil",
    [
        "<tags>x</tags><category>y</category><category>z</category>",
        "<links>x</links><media_content>x</media_content><authors>x</authors>",
        "<title_detail>x</title_detail><guidislink>x</guidislink><content>x</content>",
        "<undeclared:thumbnail url='x'/>",
        "<author>" + "a" * 200_000 + "</author>",
        "<link>:</link><guid>http://[</guid>",
        "<a " + " ".join(f"a{n}=''" for n in range(200)) + "/>",
    ],
)
def test_a_bad_item_costs_no_other(evil: str) -> None:
    body = rss(item("before", 1) + item("bad", 2, evil) + item("after", 3))
    titles = [entry.title for entry in read(page(body), "feed:x").entries]
    assert [title for title in titles if title != "bad"] == ["before", "after"]


def test_a_flood_of_elements_ends_in_time() -> None:
    began = time.perf_counter()
    for flood in (
        "<category>a{}</category>" * 20_000,
        "<itunes:keywords>" + "a," * 100_000 + "</itunes:keywords>",
        "<description>" + "<a/>\n" * 50_000 + "</description>",
        "<author>" + "a" * 500_000 + "</author>",
    ):
        assert len(read(page(rss(item(more=flood))), "feed:x").entries) == 1
    assert time.perf_counter() - began < 5


def test_items_that_share_an_address_are_told_apart_by_their_guids() -> None:
    body = rss("".join(item(str(n), 1, f"<guid isPermaLink='false'>{n}</guid>") for n in range(2)))
    assert [entry.shared_url for entry in read(page(body), "feed:x").entries] == [True, True]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<!DOCTYPE html><html><body>Sorry</body></html>", "html"),
        (b"Not found", "not-a-feed"),
        (b"{]", "json"),
        (b'{"error": "gone"}', "not-a-feed"),
        (b"<opml/>", "not-a-feed"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    assert refused(body) == reason


@given(st.binary(max_size=300))
def test_any_answer_is_read_or_refused(body: bytes) -> None:
    for answer in (body, rss(item())[:-20] + body):
        with suppress(SourceError):
            read(page(answer), "feed:x")


def test_a_date_that_cannot_be_true_is_left_out_with_a_notice() -> None:
    more = "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>"
    ahead = "<pubDate>2099-01-01</pubDate>"
    gathered = read(page(rss(item(more=more) + item(number=2, more=ahead))), "feed:x")
    assert [entry.published for entry in gathered.entries] == [None, None]
    assert "2 item(s) have a date" in gathered.notices[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 01 Mar 2026 10:00:00 EST", "2026-03-01T15:00:00+00:00"),
        ("2026-03-01T24:00:00Z", "2026-03-02T00:00:00+00:00"),
        ("2026-03-01T10:00:60Z", "2026-03-01T10:00:59+00:00"),
        ("So., 1. März 2026, 10.00 Uhr", "2026-03-01T00:00:00+00:00"),
        ("03/01/2026 2:05 pm", "2026-03-01T14:05:00+00:00"),
        ("28/02/2026", "2026-02-28T00:00:00+00:00"),
        ("1772359200", "2026-03-01T10:00:00+00:00"),
        ("20260301T100000Z", "2026-03-01T10:00:00+00:00"),
        ("2026-03-01T1000+0100", "2026-03-01T09:00:00+00:00"),
        ("2026-03", "2026-03-01T00:00:00+00:00"),
        (
            "Sun (at last), 1(st) Mar(ch) 2026 10:00 +0000 (GMT (so they say))",
            "2026-03-01T10:00:00+00:00",
        ),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, expected: str) -> None:
    moment = dates.read(text)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "10:30", "31 Feb 2026", "99999999999999", "x" * 999]
)
def test_what_states_no_date_is_no_date(text: str) -> None:
    assert dates.read(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = dates.read(text)
    assert moment is None or moment.tzinfo is UTC


NONE = Validators()


class Asked:
    def __init__(self, answer: Page) -> None:
        self.answer, self.validators = answer, Validators()

    def __call__(self, url: str, purpose: Purpose, validators: Validators = NONE) -> Page:
        self.validators = validators
        return self.answer


def test_a_feed_is_asked_with_its_validators_and_keeps_them_when_unchanged(tmp_path: Path) -> None:
    spec = SourceSpec(kind="feed", url="https://harbour-courier.example/feed")
    state = SourceState(id=spec.id, validators=Validators(etag='"v0"'), title="Courier")
    asked = Asked(page(b"", status=304))
    gathered = open_source(spec, tmp_path, asked).gather(state)
    assert asked.validators == state.validators
    assert (gathered.unchanged, gathered.validators) == (True, state.validators)
    asked.answer = page(rss(item()))
    assert open_source(spec, tmp_path, asked).gather(state).validators == Validators(etag='"v1"')


@pytest.mark.shared
def test_every_odd_date_is_read() -> None:
    if not (SHARED / "odd_dates.json").exists():
        pytest.skip("the shared material is not beside this checkout")
    odd = json.loads((SHARED / "odd_dates.json").read_text("utf-8"))
    assert [text for text in odd if dates.read(text) is None] == []


def test_emoji_as_references_to_two_halves_cost_nothing() -> None:
    body = (
        b'<rss version="2.0"><channel><title>Courier</title><item><title>Robots &#xD83E;&#xDD16; at'
        b" work &#55358;&#56598; &#xD83D; &bad</title><link>https://harbour-courier.example/a</link>"
        b"</item></channel></rss>"
    )
    page = Page(
        url="https://harbour-courier.example/feed",
        final_url="https://harbour-courier.example/feed",
        status=200,
        body=body,
        at=datetime(2026, 3, 6, tzinfo=UTC),
    )
    (entry,) = read(page, "feed:a").entries
    assert entry.title.startswith("Robots \N{ROBOT FACE} at work \N{ROBOT FACE}")


def test_an_entry_without_a_link_leads_to_where_its_content_is() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:a.example,2026:1</id><title>T</title>'
        b'<content type="text/html" src="https://a.example/1"/></entry><entry><title>U</title>'
        b'<link rel="http://www.iana.org/assignments/relation/alternate" href="https://a.example/2"/>'
        b"</entry></feed>"
    )
    found = read(page(body), "feed:x").entries
    assert [entry.url for entry in found] == ["https://a.example/1", "https://a.example/2"]


def test_a_reference_with_a_large_x_is_one() -> None:
    assert read(page(rss(item("&#X41;&nbsp;ferry"))), "feed:x").entries[0].title == "A ferry"
