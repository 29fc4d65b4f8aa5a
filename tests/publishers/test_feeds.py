"""Feeds: their formats' rules, items that stay the same ones, and hostile text that stays text."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from typing import Any

import feed_rules
import feedparser
import msgspec
import pytest
from lxml import etree

from wiredesk.config import FeedSettings, PublishSettings, Settings
from wiredesk.ports.publisher import Edition, ListedFeed
from wiredesk.publishers.feeds import documents, publish
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.page import Page
from wiredesk.records.plaintext import from_html, plain
from wiredesk.records.record import Extra, Record, RelatedItem
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.sources.feed import read as read_feed
from wiredesk.sources.opml import read as read_opml

GOLDEN = Path(__file__).parents[1] / "golden" / "own_feeds"
CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "feeds" / "w3c_testcases.tar.xz"
BASE = "https://desk.example"
PACK = TopicPack((Topic(name="Ports"), Topic(name="Sea Trade"), Topic(name="Hot")))
RULES: dict[str, Callable[[bytes], Iterable[str]]] = {
    "rss": feed_rules.rss,
    "atom": feed_rules.atom,
    "feed": feed_rules.json_feed,
    "sources": feed_rules.opml,
}
HOSTILE = (
    '"><img src=x onerror=alert(1)>',
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "a ]]> b",
    "</script><script>alert(1)</script>",
    "one\u2028two\u2029three\x85four",
    "nul\x00 bell\x07 \ufeff",
    "\u202eright to left\u202c \u2066isolate\u2069",
    "AT&T &amp; R&copy <b>bold</b> &lt;i&gt;",
    "<!DOCTYPE x [<!ENTITY e 'boom'>]> &e;",
    "<?php x ?> <!-- <svg onload=alert(1)>",
    "half a pair \ud800 and \uffff",
    "1 < 2 & 3 > 2",
)


def record(number: int, **more: Any) -> Record:
    fields: dict[str, Any] = {
        "title": f"Story {number}",
        "excerpt": "What <happened> & “why”.",
        "published_date_time": f"2026-03-01T{number % 24:02}:00:00Z",
        "web_url": f"https://harbour-courier.example/{number}?a=1&b=2",
        "quality": 70,
        "heat": 40 + number * 10,
        "published": True,
        "provider": ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
        "topics": ("Ports",),
        "images": (
            Image(
                url="https://img.harbour-courier.example/i.jpg", width=640, height=360, title="Quay"
            ),
            Image(url="https://img.harbour-courier.example/i2?x=1", width=64, height=36),
        ),
        "related": (
            RelatedItem(title="Earlier", provider=ProviderName(name="X", domain="x.example")),
        ),
        "secured": "wd1.TOPSECRET",
        "extras": (Extra(after="title", raw="editor: TOPSECRET\n"),),
        "body": "TOPSECRET\n",
    } | more
    return Record(**fields)


def edition(*records: Record, base: str = BASE, hub: str = "", **more: Any) -> Edition:
    given = records or (record(0), record(1), record(2))
    paths = [f"_news/2026-03-01-story-{number}.md" for number in range(len(given))]
    fields: dict[str, Any] = {
        "records": list(zip(paths, given, strict=True)),
        "languages": {paths[0]: "de"},
        "pack": PACK,
        "as_of": datetime(2026, 3, 2, tzinfo=UTC),
        "settings": Settings(
            name="Harbour desk",
            publish=PublishSettings(base_url=base),
            feeds=FeedSettings(hot=60, hub=hub),
        ),
        "ids": {path: f"id-of-{number}" for number, path in enumerate(paths)},
        "sources": (
            ListedFeed("https://harbour-courier.example/feed?all=1", "Harbour Courier"),
            ListedFeed("https://northwire.example/rss"),
        ),
    } | more
    return Edition(**fields)


def broken(files: dict[str, bytes]) -> list[str]:
    """Return each rule of its format that a file breaks."""
    return [
        f"{path}: {problem}"
        for path, body in files.items()
        for problem in RULES[Path(path).stem.partition("-")[0]](body)
    ]


def items(body: bytes) -> list[Any]:
    return list(feedparser.parse(io.BytesIO(body)).entries)


def test_the_feeds_are_those_of_the_golden_folder() -> None:
    made = documents(edition(hub="https://hub.example/"))
    if os.environ.get("WIREDESK_GOLDEN") == "write":
        for path, data in made.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(data)
    there = (file for file in GOLDEN.rglob("*") if file.is_file())
    assert made == {file.relative_to(GOLDEN).as_posix(): file.read_bytes() for file in there}


@pytest.mark.parametrize("hub", ["", "https://hub.example/"])
def test_every_feed_keeps_the_rules_of_its_format(hub: str) -> None:
    assert broken(documents(edition(hub=hub))) == []


def test_feeds_without_stories_keep_them_too_and_say_no_time_of_today() -> None:
    files = documents(edition(record(0, published=False)))
    assert broken(files) == []
    assert b"<updated>1970-01-01T00:00:00Z</updated>" in files["atom.xml"]
    assert b"lastBuildDate" not in files["rss.xml"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_every_format(text: str) -> None:
    provider = ProviderName(name=text, domain="harbour-courier.example")
    hostile = record(1, title=text, excerpt=text, provider=provider, topics=(text,))
    image = Image(url='https://x.example/"><script>.jpg', width=1, height=1, title=text)
    hostile = msgspec.structs.replace(hostile, images=(image,))
    pack = TopicPack((Topic(name=text),))
    sources = (ListedFeed("https://x.example/feed", text),)
    given = edition(hostile, pack=pack, sources=sources)
    settings = msgspec.structs.replace(given.settings, name=text)
    files = documents(msgspec.structs.replace(given, settings=settings))
    assert broken(files) == []
    shown = plain(text)
    for path, body in files.items():
        assert not set(body.decode()) & set("\0\x07\u2028\u2029\u202e\u2066\ufeff\x85\uffff"), path
        if path.endswith(("xml", "opml")):
            names = {etree.QName(element).localname for element in feed_rules.parsed(body).iter()}
            assert not names & {"img", "script", "b", "svg", "i"}, path
    assert (
        feed_rules.parsed(files["atom.xml"]).findtext(
            f".//{feed_rules.ATOM}entry/{feed_rules.ATOM}title"
        )
        == shown
    )
    assert json.loads(files["feed.json"])["items"][0]["title"] == shown
    assert json.loads(files["feed.json"])["items"][0]["content_text"] == shown
    (title,) = (
        each.text or "" for each in feed_rules.parsed(files["rss.xml"]).iterfind(".//item/title")
    )
    assert unescape(title) == shown, "to those who take it for HTML"
    assert title == shown or "<" not in title, (
        "to those who take it for text, it is no markup either"
    )
    (told,) = (
        each.text or ""
        for each in feed_rules.parsed(files["rss.xml"]).iterfind(".//item/description")
    )
    assert "<" not in told
    assert unescape(told) == shown


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", ["rss.xml", "atom.xml", "feed.json"])
def test_our_own_reader_reads_what_was_written(form: str, text: str) -> None:
    written = record(1, title=text, excerpt=text)
    body = documents(edition(written))[form]
    now = datetime(2026, 3, 2, tzinfo=UTC)
    page = Page(
        url=f"{BASE}/feeds/{form}", final_url=f"{BASE}/feeds/{form}", status=200, body=body, at=now
    )
    gathered = read_feed(page, "feed:x")
    (entry,) = gathered.entries
    assert entry.url == written.web_url
    # RSS does not say what is markup; our reader takes what looks like it for markup (decision 0016)
    taken = {
        plain(text),
        escape(plain(text), quote=False),
        from_html(plain(text)),
        from_html(escape(plain(text))),
    }
    readings = taken if form == "rss.xml" else {plain(text)}
    assert {entry.title, entry.summary} <= readings
    assert entry.published == written.published_at
    assert entry.language == "de"
    assert entry.author == "Harbour Courier"
    assert [image.url for image in entry.images][:1] == [written.images[0].url]
    assert gathered.notices == ()


@pytest.mark.parametrize("form", ["rss.xml", "atom.xml"])
def test_feedparser_reads_what_was_written(form: str) -> None:
    found = feedparser.parse(io.BytesIO(documents(edition(hub="https://hub.example/"))[form]))
    assert not found.bozo
    assert found.feed.title == "Harbour desk"
    assert {link.rel: link.href for link in found.feed.links if link.rel in ("self", "hub")} == {
        "self": f"{BASE}/feeds/{form}",
        "hub": "https://hub.example/",
    }
    first = found.entries[0]
    assert (first.title, first.link) == ("Story 2", "https://harbour-courier.example/2?a=1&b=2")
    assert first.author == "Harbour Courier"
    assert first.published_parsed[:6] == (2026, 3, 1, 2, 0, 0)
    assert [tag.term for tag in first.tags] == ["Ports"]
    assert first.media_content[0]["width"] == "640"
    assert [(each.type, each.href) for each in first.enclosures] == [
        ("image/jpeg", "https://img.harbour-courier.example/i.jpg")
    ]


def test_an_item_is_the_same_one_in_all_formats_and_whatever_is_edited() -> None:
    before = documents(edition())
    ids = [item["id"] for item in json.loads(before["feed.json"])["items"]]
    assert (
        ids == [entry.id for form in ("rss.xml", "atom.xml") for entry in items(before[form])][:3]
    )
    assert ids == [entry.id for entry in items(before["atom.xml"])]
    edited = tuple(
        record(n, title=f"Said better {n}", web_url=f"https://other.example/{n}") for n in range(3)
    )
    moved = edition(*edited, base="https://elsewhere.example")
    paths = {path: f"_news/moved/{path.removeprefix('_news/')}" for path, _ in moved.records}
    moved = msgspec.structs.replace(
        moved,
        records=[(paths[path], each) for path, each in moved.records],
        ids={paths[path]: story for path, story in moved.ids.items()},
    )
    assert [item["id"] for item in json.loads(documents(moved)["feed.json"])["items"]] == ids


def test_of_stories_that_were_merged_the_older_one_keeps_its_item() -> None:
    both = json.loads(documents(edition())["feed.json"])["items"]
    merged = edition(record(0), record(1), record(2, published=False))
    left = json.loads(documents(merged)["feed.json"])["items"]
    assert [item["id"] for item in left] == [
        item["id"] for item in both if item["title"] != "Story 2"
    ]


def test_a_record_by_a_humans_hand_has_an_identity_too() -> None:
    files = documents(edition(ids={}))
    assert broken(files) == []
    assert len({item["id"] for item in json.loads(files["feed.json"])["items"]}) == 3


def test_hot_feeds_have_what_is_as_hot_as_the_desk_says() -> None:
    files = documents(edition())
    assert [entry.title for entry in items(files["rss.xml"])] == ["Story 2", "Story 1", "Story 0"]
    assert [entry.title for entry in items(files["rss-hot.xml"])] == ["Story 2"]
    assert [entry.title for entry in items(files["ports/atom-hot.xml"])] == ["Story 2"]


def test_each_topic_has_its_feeds_and_no_name_meets_another() -> None:
    files = documents(edition())
    assert items(files["sea-trade/rss.xml"]) == []
    assert len(items(files["ports/rss.xml"])) == 3
    assert items(files["hot/rss.xml"]) == []
    assert len(files) == 6 * (1 + len(PACK.topics)) + 1


def test_the_newest_are_kept() -> None:
    many = tuple(record(number) for number in range(24))
    given = edition(*many)
    settings = msgspec.structs.replace(given.settings, feeds=FeedSettings(items=5))
    files = documents(msgspec.structs.replace(given, settings=settings))
    assert [entry.title for entry in items(files["atom.xml"])] == [
        f"Story {n}" for n in (23, 22, 21, 20, 19)
    ]


def test_nothing_but_excerpts_and_links_leaves() -> None:
    for path, body in documents(edition()).items():
        assert b"TOPSECRET" not in body, path
        assert b"wd1." not in body, path


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "//evil", "https://a b/", "http://u@x.example/"],
)
def test_an_address_that_nobody_should_follow_is_not_linked_to(link: str) -> None:
    bad = record(1, web_url=link, images=(Image(url=link, width=1, height=1),))
    files = documents(edition(record(0), bad))
    assert broken(files) == []
    assert all(link.encode() not in body for body in files.values())
    assert [entry.title for entry in items(files["rss.xml"])] == ["Story 0"]


def test_a_film_is_linked_by_its_player() -> None:
    film = record(
        1, web_url=None, type="video", featured_content="https://www.films.example/embed/1"
    )
    assert items(documents(edition(film))["rss.xml"])[0].link == "https://www.films.example/embed/1"


def test_a_desk_that_does_not_know_where_it_is_says_so_in_no_absolute_address() -> None:
    files = documents(edition(base=""))
    found = feedparser.parse(io.BytesIO(files["rss.xml"]))
    assert found.feed.link == "/"
    assert not any(link.get("rel") == "self" for link in found.feed.links)
    assert "feed_url" not in json.loads(files["feed.json"])
    assert items(files["atom.xml"])[0].id == items(documents(edition())["atom.xml"])[0].id


def test_the_list_of_sources_is_one_that_we_read_ourselves() -> None:
    listed = read_opml(documents(edition())["sources.opml"], "sources.opml")
    assert [(spec.url, spec.name) for spec in listed.sources] == [
        ("https://harbour-courier.example/feed?all=1", "Harbour Courier"),
        ("https://northwire.example/rss", "northwire.example"),
    ]
    assert (listed.title, listed.notices) == ("Sources of Harbour desk", ())


def test_a_source_with_a_secret_in_its_address_is_not_told() -> None:
    secret = ListedFeed("https://x.example/feed?user_token=1a2b", "Mine")
    body = documents(edition(sources=(secret, *edition().sources)))["sources.opml"]
    assert b"1a2b" not in body
    assert body.count(b"<outline") == 2


def test_no_list_is_written_where_there_is_none_or_the_desk_wants_none() -> None:
    given = edition()
    settings = msgspec.structs.replace(given.settings, feeds=FeedSettings(opml=False))
    assert "sources.opml" not in documents(msgspec.structs.replace(given, settings=settings))
    assert "sources.opml" not in documents(edition(sources=()))


def test_publishing_again_writes_nothing_and_removes_what_went(tmp_path: Path) -> None:
    first = publish(edition(), tmp_path)
    assert (first.wrote, first.removed) == (len(documents(edition())), 0)
    (tmp_path / "feeds" / "mine.txt").write_text("mine")
    later = msgspec.structs.replace(edition(), as_of=datetime(2026, 4, 1, tzinfo=UTC))
    assert publish(later, tmp_path).wrote == 0
    publish(edition(pack=TopicPack()), tmp_path)
    assert sorted(path.name for path in (tmp_path / "feeds").iterdir()) == [
        "atom-hot.xml", "atom.xml", "feed-hot.json", "feed.json", "mine.txt", "rss-hot.xml", "rss.xml",
        "sources.opml",
    ]  # fmt: skip


def test_one_more_story_changes_only_the_feeds_that_it_is_in(tmp_path: Path) -> None:
    publish(edition(), tmp_path)
    more = edition(record(0), record(1), record(2), record(3, topics=("Sea Trade",), heat=1))
    assert publish(more, tmp_path).wrote == 6  # three formats of the desk, three of the topic


CLAIMED = {
    "MissingElement", "DuplicateElement", "InvalidRFC3339Date", "InvalidIntegerAttribute",
    "InvalidMIMEType", "MissingAttribute", "DuplicateAtomLink", "NotBlank",
}  # fmt: skip
"""Classes of errors of the W3C feed validator that our rules are to see."""
NEVER_WRITTEN = (
    "/4.2.11/", "content", "/4.1.3.1/", "cloud", "copyright", "skipHours", "skipDays", "textInput",
    "multiple_image", "webMaster", "managingEditor", "entry-source-author",
)  # fmt: skip
"""Cases about what is in no feed of ours: ``atom:source``, ``atom:content``, some of RSS's channel."""
OURS = (
    "/rss20/element-channel/",
    "/element-channel-item-enclosure/",
    "/element-channel-item-guid/",
    "/atom/4.",
    "/atom/3.3/",
)


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="the real material is not beside this checkout")
def test_our_rules_see_what_the_w3c_validators_cases_break() -> None:
    seen, missed, wrong, right = 0, [], [], 0
    with tarfile.open(CASES) as cases:
        for member in cases:
            file = cases.extractfile(member) if member.isfile() else None
            if file is None or not any(place in member.name for place in OURS):
                continue
            if any(place in member.name for place in NEVER_WRITTEN):
                continue
            body = file.read()
            expected = body.partition(b"Expect:")[2].split(b"\n")[0].split(b"{")[0].strip().decode()
            rule = feed_rules.atom if "/atom/" in member.name else feed_rules.rss
            try:
                found = [each for each in rule(body) if each != "no link to itself"]
            except etree.XMLSyntaxError:
                continue
            if expected in CLAIMED:
                seen += bool(found)
                missed += [] if found else [member.name]
            elif expected == "!Error":
                right += not found
                wrong += [f"{member.name}: {found}"] if found else []
    assert (missed, wrong) == ([], [])
    assert (seen, right) == (72, 27)
