"""Pages and images are asked as far as ``robots.txt`` lets us; feeds are not asked about."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from wiredesk.adapters.clock import ManualTimer
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.robots import RobotsWeb
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, Refused
from wiredesk.records.page import Answer, Purpose
from wiredesk.stages.fetch import Fetch

AT = datetime(2026, 3, 1, tzinfo=UTC)
SITE = "https://a.example"
SHUT = b"User-agent: *\nDisallow: /shut\nCrawl-delay: 5\n"


def said(url: str, status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    return Answer(url=url, status=status, body=body, headers=tuple(headers.items()), at=AT)


class Desk:
    def __init__(self, answers: Mapping[str, Answer | FetchError]) -> None:
        self.web, self.hosts, self.timer = MemoryWeb(answers), MemoryHosts(), ManualTimer(AT)
        settings = FetchSettings()
        plain = Fetch(self.web, settings)
        robots = RobotsWeb(self.web, plain, settings, self.hosts, self.timer)
        self.fetch = Fetch(robots, settings)

    @property
    def asked(self) -> list[str]:
        return [request.url for request in self.web.asked]


def desk(robots: Answer | FetchError, *more: Answer) -> Desk:
    paths = [said(SITE + path) for path in ("/open", "/shut/x", "/shut.jpg", "/shut/feed")]
    return Desk({f"{SITE}/robots.txt": robots} | {each.url: each for each in (*paths, *more)})


@pytest.mark.parametrize(("path", "purpose"), [("/shut/x", "page"), ("/shut.jpg", "image")])
def test_what_it_shuts_is_not_asked(path: str, purpose: Purpose) -> None:
    there = desk(said(f"{SITE}/robots.txt", body=SHUT))
    with pytest.raises(Refused, match=r"robots\.txt\) \[robots\]"):
        there.fetch(SITE + path, purpose)
    assert there.asked == [f"{SITE}/robots.txt"]
    assert there.fetch(f"{SITE}/open", "page").status == 200


def test_a_feed_is_asked_without() -> None:
    there = desk(said(f"{SITE}/robots.txt", body=SHUT))
    assert there.fetch(f"{SITE}/shut/feed", "feed").status == 200
    assert there.asked == [f"{SITE}/shut/feed"]


def test_it_is_asked_once_a_day_even_by_many_threads() -> None:
    there = desk(said(f"{SITE}/robots.txt", body=SHUT))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: there.fetch(f"{SITE}/open", "page"), range(40)))
    assert there.asked.count(f"{SITE}/robots.txt") == 1
    there.timer.wait(86_399)
    there.fetch(f"{SITE}/open", "page")
    assert there.asked.count(f"{SITE}/robots.txt") == 1
    there.timer.wait(2)
    there.fetch(f"{SITE}/open", "page")
    assert there.asked.count(f"{SITE}/robots.txt") == 2


def test_each_hop_of_a_redirect_is_asked_about() -> None:
    away = said(f"{SITE}/open", 302, location="https://b.example/shut")
    there = desk(said(f"{SITE}/robots.txt", body=SHUT), away)
    there.web._answers["https://b.example/robots.txt"] = said("", body=SHUT)
    with pytest.raises(Refused, match=r"b\.example does not want"):
        there.fetch(f"{SITE}/open", "page")
    assert "https://b.example/shut" not in there.asked


def test_its_own_redirects_are_followed() -> None:
    there = desk(said(f"{SITE}/robots.txt", 301, location="https://www.a.example/robots.txt"))
    there.web._answers["https://www.a.example/robots.txt"] = said("", body=SHUT)
    with pytest.raises(Refused, match=r"\[robots\]"):
        there.fetch(f"{SITE}/shut/x", "page")


@pytest.mark.parametrize(
    ("robots", "reason"),
    [
        (said("", 404), ""),
        (said("", 403), ""),
        (said("", 500), "robots-unreachable"),
        (said("", 429), "robots-unreachable"),
        (FetchError("timeout", "a.example did not answer"), "robots-unreachable"),
    ],
)
def test_absent_allows_and_unreachable_does_not(robots: Answer | FetchError, reason: str) -> None:
    there = desk(robots)
    if not reason:
        assert there.fetch(f"{SITE}/shut/x", "page").status == 200
        return
    with pytest.raises(FetchError) as caught:
        there.fetch(f"{SITE}/open", "page")
    assert caught.value.reason == reason


def test_a_host_that_must_be_left_alone_is_no_unreachable_robots_file() -> None:
    there = desk(FetchError("waiting", "a.example is left alone"))
    with pytest.raises(FetchError, match=r"\[waiting\]"):
        there.fetch(f"{SITE}/open", "page")
    assert there.hosts.robots(SITE) is None


def test_a_replay_that_holds_none_allows() -> None:
    there = Desk({f"{SITE}/open": said(f"{SITE}/open")})
    assert there.fetch(f"{SITE}/open", "page").status == 200
