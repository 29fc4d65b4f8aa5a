"""``robots.txt`` by RFC 9309."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records import robots
from wiredesk.records.host import RobotsFile

NOW = 1_772_000_000.0
DAY = 86_400.0
SITE = "https://harbour-courier.example"


def read(text: str | bytes) -> RobotsFile:
    body = text if isinstance(text, bytes) else text.encode()
    return robots.given(SITE, body, "wiredesk", NOW, 60.0)


def may(text: str | bytes, path: str) -> bool:
    return robots.allows(read(text), SITE + path, "wiredesk")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private/", "/private/x", False),
        ("User-agent: *\nDisallow: /private/", "/privately", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdfx", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: wiredesk\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("user-agent: WireDesk\ndisallow: /", "/a", False),
        ("User-agent: wiredesk\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\r\nDisallow: /a # a remark\r\n", "/a", False),
        ("<html><body>Not found</body></html>", "/a", True),
        (b"\xff\xfe\x00garbage", "/a", True),
    ],
)
def test_the_longest_matching_rule_of_our_group_decides(
    text: str | bytes, path: str, allowed: bool
) -> None:
    assert may(text, path) is allowed


def test_half_a_mebibyte_is_read_and_the_line_that_it_cuts_is_left_out() -> None:
    rules = b"User-agent: *\nDisallow: /within\n"
    filler = b"# nothing\n" * ((robots.CAP - len(rules)) // 10 - 1)
    whole = rules + filler + b"Allow: /within/cut-in-the-middle-of-this\nDisallow: /beyond\n" * 10
    assert not may(whole, "/within")
    assert may(whole, "/beyond")


def test_a_delay_is_believed_up_to_the_longest() -> None:
    assert read("User-agent: *\nCrawl-delay: 7").delay == 7
    assert read("User-agent: *\nCrawl-delay: 100000").delay == 60
    for nonsense in ("-5", "soon", "nan", "inf", "1e999"):
        assert 0 <= read(f"User-agent: *\nCrawl-delay: {nonsense}").delay <= 60


@pytest.mark.parametrize(
    "reason", ["missing", "gone", "denied", "wall", "odd-status", "hops", "loop"]
)
def test_where_there_is_none_all_is_allowed_for_a_day(reason: str) -> None:
    file = robots.failed(SITE, reason, None, NOW)
    assert robots.allows(file, SITE + "/a", "wiredesk")
    assert file.until == NOW + DAY


@pytest.mark.parametrize("reason", ["server", "throttled", "timeout", "connect", "tls", "dns"])
def test_where_it_cannot_be_reached_nothing_is_allowed_for_thirty_days(reason: str) -> None:
    before = read("User-agent: *\nAllow: /")
    file = robots.failed(SITE, reason, before, NOW)
    assert not robots.allows(file, SITE + "/a", "wiredesk")
    assert file.until <= NOW + DAY
    later = robots.failed(SITE, reason, file, NOW + 29 * DAY)
    assert not robots.allows(later, SITE + "/a", "wiredesk")
    given_up = robots.failed(SITE, reason, later, NOW + 30 * DAY)
    assert robots.allows(given_up, SITE + "/a", "wiredesk")


HOSTILE = {
    "stars": "Disallow: /" + "*a" * 1000 + "*b$\n",
    "many stars": "Disallow: /*a*a*a*a*a*b$\n" * 20_000,
    "rules": "".join(f"Disallow: /{n}\n" for n in range(40_000)),
    "agents": "".join(f"User-agent: x{n}\n" for n in range(30_000)),
    "lines": "a\n" * 250_000,
    "a line": "Disallow: /" + "x" * 600_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_costs_little_time_and_is_not_kept_in_memory(kind: str) -> None:
    kept = robots._parsed.cache_info().currsize
    began = time.thread_time()
    file = read("User-agent: *\n" + HOSTILE[kind])
    assert robots.allows(file, SITE + "/" + "a" * 2000, "wiredesk")
    assert time.thread_time() - began < 3
    usual = len(file.text) <= 20_000
    assert robots._parsed.cache_info().currsize <= kept + usual


@given(st.binary(max_size=400))
def test_any_bytes_are_rules(body: bytes) -> None:
    file = read(body)
    assert robots.allows(file, SITE + "/a", "wiredesk") in {True, False}
    assert 0 <= file.delay <= 60
