from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pytest

from wiredesk.adapters.clock import ManualTimer, SystemTimer
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, NotRecorded, StoreError
from wiredesk.ports.web import Web
from wiredesk.records.host import Pace, RobotsFile
from wiredesk.records.page import Answer, Request

AT = datetime(2026, 3, 1, tzinfo=UTC)


def polite(web: Web, concurrency: int = 3, gap: float = 0, patience: float = 2.0) -> PoliteWeb:
    settings = FetchSettings(concurrency=concurrency, host_gap=gap)
    return PoliteWeb(web, settings, MemoryHosts(), SystemTimer(), patience=patience)


def page(url: str) -> Request:
    return Request(url=url, purpose="page")


class Says:
    """Answers by a function of the address; notes when it was asked."""

    def __init__(self, timer: ManualTimer, says: Callable[[str], Answer | FetchError]) -> None:
        self.timer, self.says = timer, says
        self.asked: list[float] = []

    def exchange(self, request: Request) -> Answer:
        self.asked.append(self.timer.moment() - AT.timestamp())
        said = self.says(request.url)
        if isinstance(said, FetchError):
            raise said
        return said


class SlowWeb:
    """Notes how many requests are under way, in all and for each host."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.under_way: list[str] = []
        self.most = 0
        self.most_at_a_host = 0

    def exchange(self, request: Request) -> Answer:
        host = request.url.split("/")[2]
        with self.guard:
            self.under_way.append(host)
            self.most = max(self.most, len(self.under_way))
            self.most_at_a_host = max(self.most_at_a_host, self.under_way.count(host))
        time.sleep(0.01)
        with self.guard:
            self.under_way.remove(host)
        return Answer(url=request.url, status=200, at=AT)


def test_a_host_is_asked_one_request_at_a_time_and_all_hosts_no_more_than_so_many() -> None:
    slow = SlowWeb()
    web = polite(slow)
    urls = [f"http://paper-{n % 6}.example/{n}" for n in range(48)]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda url: web.exchange(page(url)), urls))

    assert [answer.url for answer in answers] == urls
    assert slow.most_at_a_host == 1
    assert 1 < slow.most <= 3


def test_a_host_that_hangs_keeps_no_slot_from_the_others() -> None:
    release = threading.Event()

    class Hanging:
        def exchange(self, request: Request) -> Answer:
            if "hanging" in request.url:
                release.wait(5)
            return Answer(url=request.url, status=200, at=AT)

    web = polite(Hanging(), 2)
    with ThreadPoolExecutor(8) as pool:
        stuck = [pool.submit(web.exchange, page("http://hanging.example/")) for _ in range(6)]
        other = pool.submit(web.exchange, page("http://quick.example/"))
        assert other.result(timeout=2).status == 200
        release.set()
        assert all(waiting.result(timeout=5) for waiting in stuck)


def test_a_failure_frees_the_host_and_the_slot_and_leaves_no_trace() -> None:
    web = polite(MemoryWeb({}), 1)

    for _ in range(3):
        with pytest.raises(NotRecorded):
            web.exchange(page("http://nobody.example/"))
    assert web._turns == {}


def test_between_two_requests_to_a_host_there_is_the_gap_or_its_crawl_delay() -> None:
    timer, hosts = ManualTimer(AT), MemoryHosts()
    says = Says(timer, lambda url: Answer(url=url, status=200, at=AT))
    web = PoliteWeb(says, FetchSettings(host_gap=1.5), hosts, timer)
    for url in ("http://a.example/1", "http://a.example/2", "http://b.example/"):
        web.exchange(page(url))
    assert says.asked == [0.0, 1.5, 1.5]
    hosts.keep(RobotsFile(authority="http://a.example", verdict="rules", delay=20.0))
    web.exchange(page("http://a.example/3"))
    web.exchange(page("http://a.example/4"))
    assert says.asked[3:] == [3.0, 23.0]


def test_a_short_wish_is_waited_for_and_a_long_one_puts_the_request_off() -> None:
    timer, hosts = ManualTimer(AT), MemoryHosts()
    wish = ["20"]
    says = Says(
        timer,
        lambda url: Answer(url=url, status=503, headers=(("retry-after", wish[0]),), at=AT),
    )
    settings = FetchSettings()
    web = PoliteWeb(says, settings, hosts, timer)
    web.exchange(page("http://a.example/1"))
    wish[0] = "600"
    web.exchange(page("http://a.example/2"))
    assert says.asked == [0.0, 20.0]
    for restarted in (web, PoliteWeb(says, settings, hosts, timer)):
        with pytest.raises(FetchError, match=r"left alone until 2026-03-01 00:10:21 UTC") as caught:
            restarted.exchange(page("http://a.example/3"))
        assert caught.value.reason == "waiting"
        assert caught.value.until == datetime(2026, 3, 1, 0, 10, 21, tzinfo=UTC)
    timer.wait(601)
    web.exchange(page("http://a.example/3"))
    assert len(says.asked) == 3


def test_a_host_that_never_answers_is_left_alone_for_a_while_after_three_times() -> None:
    timer = ManualTimer(AT)
    says = Says(timer, lambda _: FetchError("timeout", "a.example did not answer"))
    web = PoliteWeb(says, FetchSettings(), MemoryHosts(), timer)
    reasons = []
    for _ in range(5):
        with pytest.raises(FetchError) as caught:
            web.exchange(page("http://a.example/"))
        reasons.append(caught.value.reason)
    assert reasons == ["timeout"] * 3 + ["waiting"] * 2


def test_nobody_is_asked_when_it_cannot_be_written_down_or_too_soon_after_a_kill() -> None:
    timer = ManualTimer(AT)

    class Full(MemoryHosts):
        def keep(self, row: Pace | RobotsFile) -> None:
            raise StoreError("the disk is full")

    says = Says(timer, lambda url: Answer(url=url, status=200, at=AT))
    with pytest.raises(StoreError):
        PoliteWeb(says, FetchSettings(), Full(), timer).exchange(page("http://a.example/"))
    assert says.asked == []

    hosts = MemoryHosts()

    def killed(url: str) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        PoliteWeb(Says(timer, killed), FetchSettings(), hosts, timer).exchange(
            page("http://a.example/")
        )
    PoliteWeb(says, FetchSettings(), hosts, timer).exchange(page("http://a.example/"))
    assert says.asked == [1.0]


def test_s15_500_hosts_that_hang_at_once_keep_the_others_waiting_for_moments_only() -> None:
    release = threading.Event()
    hung = threading.Semaphore(0)

    class Hanging:
        def exchange(self, request: Request) -> Answer:
            if "hanging" in request.url:
                hung.release()
                release.wait(20)
            return Answer(url=request.url, status=200, at=AT)

    web = polite(Hanging(), 16, patience=0.02)
    began = time.monotonic()
    with ThreadPoolExecutor(520) as pool:
        try:
            stuck = [
                pool.submit(web.exchange, page(f"http://hanging-{n}.example/")) for n in range(500)
            ]
            others = [
                pool.submit(web.exchange, page(f"http://quick-{n}.example/")) for n in range(20)
            ]
            for other in others:
                assert other.result(timeout=5).status == 200
            for _ in range(500):
                assert hung.acquire(timeout=5)
            assert time.monotonic() - began < 5
        finally:
            release.set()
        assert all(waiting.result(timeout=5) for waiting in stuck)


def test_what_is_remembered_survives_being_written_down() -> None:
    row = RobotsFile(authority="http://a.example", verdict="rules", text="Disallow: /\n", delay=2.5)
    assert msgspec.json.decode(msgspec.json.encode(row), type=RobotsFile) == row
