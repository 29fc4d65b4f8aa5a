from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.errors import NotRecorded
from wiredesk.records.page import Answer, Request

AT = datetime(2026, 3, 1, tzinfo=UTC)


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
    polite = PoliteWeb(slow, 3)
    urls = [f"http://paper-{n % 6}.example/{n}" for n in range(48)]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda u: polite.exchange(Request(url=u, purpose="page")), urls))

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

    polite = PoliteWeb(Hanging(), 2)
    with ThreadPoolExecutor(8) as pool:
        stuck = [
            pool.submit(polite.exchange, Request(url="http://hanging.example/", purpose="page"))
            for _ in range(6)
        ]
        other = pool.submit(polite.exchange, Request(url="http://quick.example/", purpose="page"))
        assert other.result(timeout=2).status == 200
        release.set()
        assert all(waiting.result(timeout=5) for waiting in stuck)


def test_a_failure_frees_the_host_and_the_slot_and_leaves_no_trace() -> None:
    polite = PoliteWeb(MemoryWeb({}), 1)

    for _ in range(3):
        with pytest.raises(NotRecorded):
            polite.exchange(Request(url="http://nobody.example/", purpose="page"))
    assert polite._hosts == {}
