"""THREATS S10 and S15: servers that move, go away, or hang by the hundred, through the real gathering."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from server import RawServer, answer, serving
from test_servers import bounded

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import ManualTimer, SystemClock, SystemTimer
from wiredesk.adapters.memory import MemoryStore
from wiredesk.adapters.memory_hosts import MemoryHosts
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings
from wiredesk.doors.progress import Silent
from wiredesk.engine.gathering import Gather
from wiredesk.engine.ordered import ordered
from wiredesk.engine.patient import Patient
from wiredesk.engine.polling.standing import standing
from wiredesk.errors import FetchError
from wiredesk.records.entry import SourceSpec, SourceState
from wiredesk.sources.feed import FeedSource
from wiredesk.stages.fetch import Fetch

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SPACE = b'<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
ALWAYS_RESTS = f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>"
FEED = b'<rss version="2.0"><channel><title>Courier</title></channel></rss>'


class Desk:
    """One source, asked once an hour by a clock of its own, whether it is due or not."""

    def __init__(self, server: RawServer) -> None:
        self.timer, self.store = ManualTimer(AT), MemoryStore()
        self.spec = SourceSpec(kind="feed", url=f"http://old.example:{server.port}/feed")
        settings = FetchSettings(ports=(server.port,), allow_networks=("127.0.0.1/32",))
        policy = AddressPolicy(settings.allow_networks)
        live = LiveWeb(settings, self.timer, policy.refusal, resolve=lambda _: ["127.0.0.1"])
        fetch = Fetch(PoliteWeb(live, settings, MemoryHosts(), self.timer), settings)
        self.gather = Gather(
            self.store, self.timer, lambda spec: FeedSource(spec, fetch), 2, Silent()
        )

    def goes_on(self, days: float) -> SourceState:
        """Run each hour for so many days."""
        until = self.timer.moment() + days * 86_400
        while self.timer.moment() < until:
            self.gather([self.spec])
            self.timer.wait(3600)
        return self.state

    @property
    def state(self) -> SourceState:
        return self.store.source_states()[self.spec.id]


@contextmanager
def desk(status: str, *headers: str) -> Iterator[tuple[Desk, RawServer]]:
    """Give a desk and a server on which ``old.example`` answers with ``status``."""

    def script(head: bytes) -> Sequence[bytes | float]:
        if b"host: old.example" in head.lower() and b"GET /feed" in head:
            return [answer(b"", *headers, status=status)]
        return [answer(FEED)]

    with serving(script) as server, bounded(30):
        yield Desk(server), server


@pytest.mark.parametrize("case", ["S10-410"])
def test_what_is_gone_for_good_is_dormant_at_once_and_asked_once_a_week(case: str) -> None:
    with desk("410 Gone") as (there, server):
        state = there.goes_on(0.1)
        assert standing(state) == "dormant"
        assert len(server.requests) == 1
        there.goes_on(22)
        assert len(server.requests) == 4


@pytest.mark.parametrize("case", ["S10-404-for-30-days"])
def test_what_is_not_there_for_thirty_days_is_dormant_then(case: str) -> None:
    with desk("404 Not Found") as (there, server):
        assert standing(there.goes_on(29.5)) == "failing"
        assert len(server.requests) > 29 * 3
        assert standing(there.goes_on(1)) == "dormant"


@pytest.mark.parametrize("case", ["S10-301-three-times"])
def test_a_move_is_followed_after_three_days_that_agree(case: str) -> None:
    with desk("301 Moved Permanently", "Location: /new") as (there, server):
        assert there.goes_on(1.5).polling.address == ""
        state = there.goes_on(0.6)
        assert state.polling.address == f"http://old.example:{server.port}/new"
        before = len(server.requests)
        there.goes_on(1)
        assert all(b"GET /new" in head for head in server.requests[before:])
        assert len(server.requests) > before
    assert standing(state) == "healthy"


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect", "303 See Other"])
def test_s10_a_redirect_for_now_is_never_a_move(status: str) -> None:
    with desk(status, "Location: /new") as (there, _):
        polling = there.goes_on(4).polling
    assert (polling.address, polling.moving_days) == ("", ())


@pytest.mark.parametrize("case", ["S15-500-hosts-hang"])
def test_five_hundred_hosts_that_hang_at_once_hold_up_nobody_else(case: str) -> None:
    deadline = 2.0

    def script(head: bytes) -> Sequence[bytes | float]:
        return [10.0] if b"GET /hangs" in head else [answer(FEED)]

    with serving(script) as server:
        settings = FetchSettings(
            ports=(server.port,), allow_networks=("127.0.0.1/32",), feed_deadline=deadline
        )
        policy = AddressPolicy(settings.allow_networks)
        live = LiveWeb(settings, SystemClock(), policy.refusal, resolve=lambda _: ["127.0.0.1"])
        web = PoliteWeb(live, settings, MemoryHosts(), SystemTimer(), patience=0.05)
        fetch = Fetch(web, settings)

        def ask(path: str) -> tuple[str, float]:
            host = path.strip("/").replace("/", "-")
            try:
                fetch(f"http://{host}.example:{server.port}{path}", "feed")
            except FetchError as error:
                return error.reason, time.monotonic()
            return "", time.monotonic()

        paths = [*(f"/hangs/{n}" for n in range(500)), *(f"/quick/{n}" for n in range(20))]
        pool = Patient(settings.concurrency, patience=0.05)
        began = time.monotonic()
        try:
            with bounded(20):
                ends = [*ordered(pool, ask, paths, ahead=len(paths))]
        finally:
            pool.shutdown()
    assert [why for why, _ in ends] == ["timeout"] * 500 + [""] * 20
    quick = max(at for _, at in ends[500:]) - began
    assert quick < 2 * deadline + 1, f"the quick ones were asked after {quick:.1f} s"
    assert timedelta(seconds=max(at for _, at in ends) - began) < timedelta(seconds=16)


@pytest.mark.parametrize(
    ("case", "headers", "inside", "polls"),
    [
        ("F23-none", (), "", 25),
        ("F23-ttl", (), "<ttl>720</ttl>", 6),
        ("F23-cache-control", ("Cache-Control: max-age=86400",), "", 3),
        ("F23-a-year", ("Cache-Control: max-age=31536000",), "", 3),
        ("F23-update-period", (), "<sy:updatePeriod>daily</sy:updatePeriod>", 3),
        ("F23-all", ("Cache-Control: max-age=7200",), "<ttl>60</ttl>" + ALWAYS_RESTS, 3),
    ],
)
def test_the_next_poll_is_not_before_the_largest_wish_and_within_a_day(
    case: str, headers: tuple[str, ...], inside: str, polls: int
) -> None:
    feed = FEED.replace(b"<title>", inside.encode() + b"<title>")
    asked: list[float] = []

    def script(head: bytes) -> Sequence[bytes | float]:
        asked.append(there.timer.moment())
        return [answer(feed.replace(b"<rss", SPACE), *headers)]

    with serving(script) as server, bounded(30):
        there = Desk(server)
        there.goes_on(3)
    waits = [later - sooner for sooner, later in pairwise(asked)]
    assert max(waits) <= 86_400 + 3_600 + 5, "it is looked each hour whether it is due"
    if case == "F23-none":
        assert len(asked) >= polls
    else:
        assert len(asked) == polls
        assert min(waits) >= 12 * 3_600


CASES = (
    *("S01", "S02", "S03", "S05", "S06", "S07", "S09", "S10", "S11", "S13", "S14", "S15"),
    *("U08", "U09", "U10", "F23"),
)


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_its_test_by_its_id_and_its_row_in_the_page_of_the_stage(case: str) -> None:
    here = Path(__file__)
    tests = "".join(path.read_text("utf-8") for path in here.parent.glob("test_servers*.py"))
    assert f'"{case}-' in tests or f"test_{case.lower()}_" in tests
    assert f"| {case} |" in here.parents[2].joinpath("docs/stages/fetch.md").read_text("utf-8")
