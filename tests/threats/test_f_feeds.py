"""Feeds that mean harm: the cases F of the threats, by their ids, each with what it may cost."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import etree
from server import answer, says, serving
from trials import NOW, URL, Trial, page, tried

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import FixedClock
from wiredesk.adapters.memory import MemoryStore
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings
from wiredesk.doors.progress import Silent
from wiredesk.engine.gathering import Gather
from wiredesk.errors import Refused, SourceError
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.page import Page
from wiredesk.records.paths import record_path
from wiredesk.records.weburl import checked
from wiredesk.sources import opml
from wiredesk.sources.feed import read
from wiredesk.sources.feed.decoding import decoded
from wiredesk.stages.fetch import Fetch

SCHEMAS = "http://www.w3.org/2001/XMLSchema-instance"
A_MOMENT = 0.3
"""Seconds of processor for what is refused at sight; loaded machines included."""


def rss(items: str, more: str = "") -> str:
    return f'<rss version="2.0"{more}><channel><title>Courier</title>{items}</channel></rss>'


def item(title: str = "T", number: int = 1, more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://a.example/{number}</link>{more}</item>"


def feed(body: bytes | str, content_type: str = "") -> Trial:
    return tried(read, page(body, content_type), "feed:x")


def entries(trial: Trial) -> tuple[Entry, ...]:
    gathered: Gathered = trial.as_(Gathered)
    return gathered.entries


def bomb(levels: int = 9, times: int = 10) -> str:
    steps = (f'<!ENTITY a{n} "{f"&a{n - 1};" * times}">' for n in range(1, levels + 1))
    return '<!ENTITY a0 "lol">' + "".join(steps)


DECLARING = {
    "F01-billion-laughs": bomb(),
    "F01-behind-a-comment": f"{bomb()}",
    "F02-quadratic": f'<!ENTITY a9 "{"x" * 100_000}">',
    "F03-local-file": '<!ENTITY a9 SYSTEM "file:///etc/hostname">',
    "F03-public-id": '<!ENTITY a9 PUBLIC "-//A//B" "file:///etc/hostname">',
    "F04-parameter-entity": '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    "F04-attribute-list": '<!ATTLIST item xml:base CDATA "http://127.0.0.1/">',
}


@pytest.mark.parametrize("name", DECLARING)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_anything_is_refused(name: str, encoding: str) -> None:
    before = f"<!--{'x' * 9000}-->" if name.endswith("comment") else ""
    body = f"{before}<!DOCTYPE rss [{DECLARING[name]}]>{rss(item('&a9;' * 100))}"
    trial = feed(body.encode(encoding)).within(A_MOMENT, 64)
    assert trial.refused == "dtd"
    assert Path("/etc/hostname").read_text("utf-8").strip() not in str(bytes(trial.value), "utf-8")


def test_f04_no_document_type_is_ever_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        at = f"http://127.0.0.1:{listener.getsockname()[1]}/x.dtd"
        for body, refused in (
            (f'<!DOCTYPE rss SYSTEM "{at}">{rss(item())}', ""),
            (f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{at}"> %p;]>{rss(item())}', "dtd"),
            (f'<?xml-stylesheet href="{at}" type="text/xsl"?>{rss(item())}', ""),
            (rss(item(), f' xmlns:xsi="{SCHEMAS}" xsi:noNamespaceSchemaLocation="{at}"'), ""),
        ):
            assert feed(body).within(A_MOMENT, 64).refused == refused
            with suppress(Refused, SourceError):
                read(page(body), "feed:x")  # here, too: a child could not reach it anyway
        listener.settimeout(0.1)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_f05_what_a_feed_includes_is_not_read() -> None:
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    )
    (entry,) = entries(
        feed(rss(item(f"Here {include}", more=f"<description>{include}</description>")))
    )
    assert entry.title == "Here"
    assert entry.summary == ""


@pytest.mark.parametrize("name", ["F06-nested-elements", "F06-nested-in-title", "F06-never-closed"])
def test_f06_elements_without_bottom_cost_a_moment(name: str) -> None:
    deep = "<a>" * 200_000
    body = {
        "F06-nested-elements": rss(item(more=deep + "</a>" * 200_000)),
        "F06-nested-in-title": rss(item(deep)),
        "F06-never-closed": rss(item()) + deep,
    }[name]
    trial = feed(body).within(3, 150)
    assert trial.refused in {"", "not-a-feed"}


@pytest.mark.parametrize("place", ["channel", "item", "title", "rss"])
def test_f07_300000_attributes_are_refused_or_cost_their_item(place: str) -> None:
    flood = " ".join(f'a{n}="x"' for n in range(300_000))
    body = rss(item("kept", 1) + item("flooded", 2)).replace(f"<{place}>", f"<{place} {flood}>", 1)
    body = body.replace("<rss version", f"<rss {flood} version") if place == "rss" else body
    trial = feed(body).within(2, 200)
    if place in {"channel", "rss"}:
        assert trial.refused == "attributes"
    elif place == "item":
        assert [entry.title for entry in entries(trial)] == ["flooded"]


def test_f07_countless_namespaces_are_refused() -> None:
    names = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(100_000))
    assert feed(rss(item(), f" {names}")).within(2, 200).refused == "attributes"


def test_f08_of_countless_items_the_newest_500_are_kept() -> None:
    most = 40_000

    def listed(n: int) -> str:
        day, hour, minute, second = n // 86_400 + 1, n // 3_600 % 24, n // 60 % 60, n % 60
        date = f"Sun, {day:02} Mar 2026 {hour:02}:{minute:02}:{second:02} GMT"
        return f"<item><link>https://a.example/{n}</link><pubDate>{date}</pubDate></item>"

    trial = feed(rss("".join(map(listed, range(most))))).within(4, 300)
    newest = range(most - 500, most)
    assert [entry.url for entry in entries(trial)] == [f"https://a.example/{n}" for n in newest]
    notices = trial.as_(Gathered).notices
    assert notices[0] == "the feed lists 40,000 items; the newest 500 were read"


def test_f08_200000_items_of_json_are_cut_likewise() -> None:
    listed = [{"id": str(n), "url": f"https://a.example/{n}"} for n in range(150_000)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": listed})
    assert len(entries(feed(body).within(2, 300))) == 500


def fetched(pieces: bytes, cap: int = 5_000_000) -> Refused:
    settings = FetchSettings(wire_cap=cap, ports=tuple(range(1, 65_536)))
    policy = AddressPolicy(("127.0.0.0/8",)).refusal
    with serving(says(pieces)) as server:
        web = LiveWeb(settings, FixedClock(NOW), policy)
        with pytest.raises(Refused) as caught:
            Fetch(web, settings)(server.url(), "feed")
    return caught.value


def test_f09_30_mb_in_one_title_never_arrive() -> None:
    body = rss(item("x" * 30_000_000)).encode()
    assert fetched(answer(body)).reason in {"wire-cap", "size", "cap", "body"}


def test_f09_what_still_arrives_is_read_within_bounds() -> None:
    (entry,) = entries(feed(rss(item("x" * 9_000_000))).within(2, 200))
    assert len(entry.title) == 300


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param("Ä".encode("utf-8-sig"), "text/xml; charset=iso-8859-1", "Ä", id="F11-bom"),
        pytest.param("Ä".encode("latin-1"), "text/xml; charset=ISO-8859-1", "Ä", id="F11-header"),
        pytest.param("Ä".encode("latin-1"), "", "Ä", id="F11-undeclared-latin-1"),
        pytest.param("ÄЖ".encode() + "é".encode("latin-1"), "", "ÄЖé", id="F11-mixed"),
        pytest.param(b"a+AGE-", "text/plain; charset=utf-7", "a+AGE-", id="F11-S14-utf-7"),
        pytest.param(
            "<?xml version='1.0' encoding='koi8-r'?>Ж".encode("koi8-r"), "", "Ж", id="F11-declared"
        ),
        pytest.param(b"<?xml version='1.0' encoding='utf-7'?>a+AGE-", "", "a+AGE-", id="F11-utf-7"),
        pytest.param(b"<?xml version='1.0' encoding='utf-16'?>a", "", "a", id="F11-utf-16-without"),
        pytest.param("<?xml?>Ж".encode("utf-16-le"), "", "Ж", id="F11-utf-16-le"),
        pytest.param(b"<?xml version='1.0' encoding='\xff'?>a", "", "a", id="F11-odd-name"),
        pytest.param(b"a", "text/xml; charset=base64", "a", id="F11-no-text-codec"),
        pytest.param(b"a", "text/xml; charset=unicode_escape", "a", id="F11-escapes"),
        pytest.param(b"\xe9\x80", "text/xml; charset=" + "x" * 5_000, "é€", id="F11-long-name"),
    ],
)
def test_f11_bytes_are_decoded_by_rule(body: bytes, content_type: str, text: str) -> None:
    assert decoded(body, content_type).endswith(text)


UNFIT = "A\x08\x00\u202eB\u0085C\u2028D\u2066E\ufeffF&#xD83D;G"


def test_f12_controls_never_reach_a_title_and_what_is_left_goes_everywhere() -> None:
    body = rss(item(UNFIT))
    (entry,) = entries(feed(body))
    title = entry.title
    assert "".join(title.replace("\ufffd", "").split()) == "ABCDEFG"
    assert title.isprintable()
    assert json.loads(json.dumps(title)) == title
    assert etree.fromstring(etree.tostring(_element(title))).text == title
    letter = EmailMessage()
    letter["Subject"] = title
    assert str(letter["Subject"]) == title


def _element(text: str) -> etree._Element:
    made = etree.Element("title")
    made.text = text
    return made


def test_f13_markup_in_a_title_is_text_or_nothing() -> None:
    titles = [
        "<![CDATA[<script>alert(1)</script>]]>",
        "&lt;img src=x onerror=alert(1)&gt;Ferry",
        "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>Ferry",
    ]
    found = entries(feed(rss("".join(item(text, n) for n, text in enumerate(titles)))))
    assert len(found) == len(titles)
    assert all("<" not in entry.title and "onerror" not in entry.title for entry in found)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/hostname",
        "http://127.0.0.1\\@a.example/",
    ],
)
def test_f14_a_link_that_is_no_web_address_makes_no_entry(link: str) -> None:
    body = rss(f"<item><title>T</title><link>{link}</link></item>" + item("kept"))
    assert [entry.title for entry in entries(feed(body))] == ["kept"]


def test_f15_a_guid_is_never_a_path() -> None:
    given = ["../../.git/hooks/post-commit", "CON", "x" * 10_000, "a\nb", "aux.md", "."]
    listed = "".join(
        item(f"Item {n}", n, f"<guid isPermaLink='false'>{guid}</guid>")
        for n, guid in enumerate(given)
    )
    found = entries(feed(rss(listed)))
    assert [len(entry.guid) for entry in found][2:4] == [32, 32]
    assert all(len(entry.guid) <= 200 and "\n" not in entry.guid for entry in found)
    for guid in given:
        path = record_path(guid, NOW, "0123456789abcdef0123", ())
        assert path.startswith("_news/2026-03-02-")
        assert "/" not in path.removeprefix("_news/")


def _gathered(*bodies: str) -> MemoryStore:
    store = MemoryStore()
    for number, body in enumerate(bodies):
        spec = SourceSpec(kind="feed", url=f"https://{'ab'[number % 2]}.example/feed")

        class Answers:
            def gather(self, state: SourceState) -> Gathered:
                return read(page(body), spec.id)  # noqa: B023 - used at once

            def page(self, entry: Entry) -> Page | None:
                return None

        Gather(store, FixedClock(NOW), lambda _: Answers(), 1, Silent())([spec])
    return store


def test_f16_one_guid_a_thousand_times_is_one_entry() -> None:
    body = rss("".join(item(f"Title {n}", 1, "<guid>same</guid>") for n in range(1_000)))
    trial = feed(body).within(2, 100)
    assert [entry.title for entry in entries(trial)] == ["Title 0"]
    assert any("repeat the guid" in notice for notice in trial.as_(Gathered).notices)
    (row,) = _gathered(body).entries()
    assert row.sequence == 1


def test_f17_one_guid_and_two_links_are_two_entries_and_feeds_never_meet() -> None:
    body = rss(item("one", 1, "<guid>same</guid>") + item("two", 2, "<guid>same</guid>"))
    assert [entry.title for entry in entries(feed(body))] == ["one", "two"]
    other = rss(item("stranger", 3, "<guid>mine</guid>"))
    own = rss(item("own", 4, "<guid>mine</guid>"))
    store = _gathered(own, other)
    assert sorted(row.entry.title for row in store.entries()) == ["own", "stranger"]


def test_f18_dates_beyond_belief_are_left_out() -> None:
    told = ["Thu, 01 Jan 1970 00:00:00 GMT", "2099-01-01", "9" * 90, "0000-00-00", "-1", "1e999"]
    body = rss(
        "".join(item(str(n), n, f"<pubDate>{date}</pubDate>") for n, date in enumerate(told))
    )
    found = entries(feed(body))
    assert [entry.published for entry in found] == [None] * len(told)


JSON_BOMBS = {
    "F19-deep": (
        '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 10_000 + "]" * 10_000 + "}",
        "json",
    ),
    "F19-very-deep": ("[" * 4_000_000, "json"),
    "F19-deep-objects": ('{"a":' * 100_000, "json"),
    "F19-too-big-a-number": ('{"items":[1e999]}', "json"),
    "F19-endless-digits": ('{"items":[{"id":' + "9" * 1_000_000 + "}]}", "json"),
    "F19-half-a-pair": ('{"items":[{"url":"https://a.example/","title":"\\ud83d"}]}', "json"),
}


@pytest.mark.parametrize("name", JSON_BOMBS)
def test_f19_json_that_is_a_bomb_is_refused(name: str) -> None:
    body, reason = JSON_BOMBS[name]
    assert feed(body).within(1, 150).refused == reason


def test_f19_of_duplicate_keys_one_counts_and_long_text_is_cut() -> None:
    body = '{"items":[{"url":"https://a.example/1","title":"a","title":"b"}],"version":"x"}'
    assert len(entries(feed(body))) == 1
    long = json.dumps({"items": [{"url": "https://a.example/1", "title": "x" * 9_500_000}]})
    assert len(entries(feed(long).within(1, 150))[0].title) == 300


@pytest.mark.parametrize(
    "base",
    ["http://127.0.0.1/", "http://2130706433/", "file:///etc/", "http://a@b/", "javascript:"],
)
def test_f20_a_base_moves_no_address_where_it_may_not_go(base: str) -> None:
    links = (
        "<item><title>T</title><link>x</link><enclosure url='e.jpg' type='image/jpeg'/>"
        "<media:thumbnail xmlns:media='http://search.yahoo.com/mrss/' url='t.jpg'/></item>"
    )
    found = entries(feed(rss(links, f' xml:base="{base}"')))
    policy = AddressPolicy(())
    for url in [url for entry in found for url in (entry.url, *(i.url for i in entry.images))]:
        assert checked(url) == url
        assert policy.refusal("127.0.0.1"), "what a base leads to is judged again when it is asked"


def test_f20_relative_addresses_follow_an_honest_base() -> None:
    links = "<item><title>T</title><link>x</link></item>"
    (entry,) = entries(feed(rss(links, ' xml:base="https://b.example/n/"')))
    assert entry.url == "https://b.example/n/x"


def test_f21_a_list_of_100000_feeds_is_capped_and_includes_are_not_followed() -> None:
    outlines = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(100_000))
    include = '<outline type="include" url="https://harbour-courier.example/feed"/>'
    body = f"<opml version='2.0'><body>{include}{outlines}</body></opml>".encode()
    trial = tried(opml.read, body, URL).within(4, 250)
    gathered: Gathered = trial.as_(Gathered)
    assert len(gathered.sources) == 5_000
    assert any("not followed" in notice for notice in gathered.notices)


@pytest.mark.parametrize("name", DECLARING)
def test_f21_a_list_that_declares_anything_is_refused(name: str) -> None:
    body = f"<!DOCTYPE opml [{DECLARING[name]}]><opml><body><outline text='&a9;'/></body></opml>"
    assert tried(opml.read, body.encode(), URL).within(A_MOMENT, 64).refused in {"dtd", "xml"}


@pytest.mark.parametrize(
    "piece", ["<item>", "<![CDATA[", "<!--", "&#x1F916;", "<a:b>", "]]>", "<?x "]
)
def test_f22_repeated_beginnings_cost_linear_time(piece: str) -> None:
    body = "<rss><channel>&nbsp;" + piece * (1_500_000 // len(piece))
    feed(body).within(5, 700)
