"""Newsrooms on loopback whose answers are often faulty, and a desk that asks them by a fake clock."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from threading import Lock

from server import RESET, answer, serving

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.clock import ManualTimer
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.adapters.sqlite.hosts import SqliteHosts
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings, PollingSettings
from wiredesk.doors.progress import Silent
from wiredesk.engine.gathering import Gather
from wiredesk.records.entry import SourceSpec
from wiredesk.sources.feed import FeedSource
from wiredesk.stages.fetch import Fetch

BEGINNING = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = 50
GAP = 1.0
FAULTS = (
    "error", "busy", "throttled", "reset", "short", "cut-gzip", "nothing", "page", "half", "circle",
    "not-modified", "garbage",
)  # fmt: skip
"""Twelve ways of not answering as one should."""
WISHES = {"busy": 300, "throttled": 900}
"""Those that ask to be left alone, and for how many seconds."""


@dataclass
class Newsroom:
    """One feed: what it publishes when, and what its server did."""

    number: int
    host: str
    times: list[float]
    """When each item is published, in seconds since 1970."""
    chance: random.Random
    requests: int = 0
    whole: set[str] = field(default_factory=set)
    """The guids of the items that were served whole."""
    faults: int = 0

    @property
    def path(self) -> str:
        return f"/{self.number}"

    def guids(self, now: float) -> list[str]:
        shown = sum(time <= now for time in self.times)
        return [f"{self.number}-{n}" for n in range(max(0, shown - WINDOW), shown)]


@dataclass
class Host:
    """What a host saw: when it was asked, and until when it wanted to be left alone."""

    asked: float = -1e9
    closed_until: float = 0.0
    gap_broken: int = 0
    wish_broken: int = 0


class Wire:
    """All newsrooms behind one loopback server; ``share`` of the answers are faulty."""

    def __init__(self, count: int, share: float, seed: int, days: float) -> None:
        self.share, self.timer = share, ManualTimer(BEGINNING)
        self.hosts: dict[str, Host] = {}
        self.guard = Lock()
        start, end = BEGINNING.timestamp(), BEGINNING.timestamp() + days * 86_400
        self.newsrooms = []
        for number in range(count):
            chance = random.Random(f"{seed} {number}")
            mean = 60 * 10 ** chance.uniform(1, 2.4)  # 10 minutes to 4 hours
            times = sorted(start - chance.expovariate(1 / mean) * n for n in range(1, WINDOW + 1))
            moment = start
            while moment < end:
                moment += chance.expovariate(1 / mean)
                times.append(moment)
            host = f"paper-{number % max(1, count // 4)}.example"
            self.hosts.setdefault(host, Host())
            self.newsrooms.append(Newsroom(number, host, times, chance))

    def script(self, head: bytes) -> Sequence[bytes | float]:
        lines = head.split(b"\r\n")
        number = int(lines[0].split(b" ")[1].strip(b"/"))
        newsroom = self.newsrooms[number]
        with self.guard:
            now = self.timer.moment()
            self._watch(self.hosts[newsroom.host], now)
            newsroom.requests += 1
            fault = ""
            if newsroom.chance.random() < self.share:
                fault = newsroom.chance.choice(FAULTS)
                newsroom.faults += 1
            return self._said(newsroom, fault, now, head)

    def _watch(self, host: Host, now: float) -> None:
        host.gap_broken += now - host.asked < GAP - 1e-6
        host.wish_broken += now < host.closed_until - 1e-6
        host.asked = now

    def _said(
        self, newsroom: Newsroom, fault: str, now: float, head: bytes
    ) -> Sequence[bytes | float]:
        guids = newsroom.guids(now)
        body, etag = feed(newsroom, guids), f'"{guids[-1]}"'
        if fault in WISHES:
            host = self.hosts[newsroom.host]
            host.closed_until = max(host.closed_until, int(now) + WISHES[fault])
            return [_wishing(fault, now)]
        if fault:
            return _faulty(fault, newsroom, body)
        if f"if-none-match: {etag}".encode() in head:
            return [f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()]
        newsroom.whole.update(guids)
        return [answer(body, f"ETag: {etag}")]


def _wishing(fault: str, now: float) -> bytes:
    if fault == "busy":
        return answer(b"", f"Retry-After: {WISHES[fault]}", status="503 Busy")
    until = datetime.fromtimestamp(int(now) + WISHES[fault], UTC)
    return answer(b"", f"Retry-After: {format_datetime(until, usegmt=True)}", status="429 Less")


def _faulty(fault: str, newsroom: Newsroom, body: bytes) -> Sequence[bytes | float]:
    made: dict[str, list[bytes | float]] = {
        "error": [answer(b"", status="500 Oops")],
        "reset": [answer(body)[: len(body) // 2], RESET],
        "short": [answer(body)[:-7]],
        "cut-gzip": [answer(gzip.compress(body)[:-9], "Content-Encoding: gzip")],
        "nothing": [answer(b"")],
        "page": [answer(b"<html><body><h1>Be right back</h1></body></html>")],
        "half": [answer(body[: len(body) // 2])],
        "circle": [answer(b"", f"Location: {newsroom.path}", status="301 Moved")],
        "not-modified": [b'HTTP/1.1 304 Not Modified\r\nETag: "of another feed"\r\n\r\n'],
        "garbage": [answer(newsroom.chance.randbytes(300))],
    }
    return made[fault]


def feed(newsroom: Newsroom, guids: Sequence[str]) -> bytes:
    items = "".join(
        f"<item><title>News {guid}</title><link>/news/{guid}</link><guid>{guid}</guid><pubDate>"
        f"{format_datetime(datetime.fromtimestamp(newsroom.times[int(guid.split('-')[1])], UTC))}"
        "</pubDate></item>"
        for guid in reversed(guids)
    )
    return f'<rss version="2.0"><channel><title>P</title>{items}</channel></rss>'.encode()


@contextmanager
def desk(wire: Wire, folder: Path, port: int) -> Iterator[tuple[Gather, SqliteStore]]:
    """Give a desk that was just started, over what an earlier one left in ``folder``."""
    settings = FetchSettings(
        ports=(port,), allow_networks=("127.0.0.1/32",), host_gap=GAP, concurrency=4
    )
    policy = AddressPolicy(settings.allow_networks)
    with (
        closing(SqliteStore(folder / "desk.sqlite")) as store,
        closing(SqliteHosts(folder / "hosts.sqlite")) as hosts,
    ):
        live = LiveWeb(settings, wire.timer, policy.refusal, resolve=lambda _: ["127.0.0.1"])
        fetch = Fetch(PoliteWeb(live, settings, hosts, wire.timer), settings)
        gather = Gather(
            store,
            wire.timer,
            lambda spec: FeedSource(spec, fetch),
            settings.concurrency,
            Silent(),
            polling=PollingSettings(),
        )
        yield gather, store


def run(wire: Wire, folder: Path, hours: float, restarts: int) -> dict[str, float]:
    """Ask all newsrooms for so many hours, each minute what is due, with so many restarts; return
    the counts of the exam.
    """
    counts: dict[str, int] = {}
    deletions, held = 0, dict[str, set[str]]()
    with serving(wire.script) as server:
        specs = [
            SourceSpec(kind="feed", url=f"http://{room.host}:{server.port}{room.path}")
            for room in wire.newsrooms
        ]
        for part in range(1, restarts + 2):
            end = BEGINNING.timestamp() + hours * 3600 * part / (restarts + 1)
            with desk(wire, folder, server.port) as (gather, store), store.writer():
                while wire.timer.moment() < end:
                    gather(specs)
                    wire.timer.wait(60)
                held = {
                    spec.id: {row.entry.guid for row in store.entries(spec.id)} for spec in specs
                }
            for spec in specs:
                deletions += len(held[spec.id]) < counts.get(spec.id, 0)
                counts[spec.id] = len(held[spec.id])
    lost = sum(
        len(room.whole - held[spec.id]) for room, spec in zip(wire.newsrooms, specs, strict=True)
    )
    published = sum(len(room.guids(1e12)) and _published(room, wire) for room in wire.newsrooms)
    return {
        "requests": sum(room.requests for room in wire.newsrooms),
        "faulty": sum(room.faults for room in wire.newsrooms),
        "published": published,
        "held": sum(counts.values()),
        "lost": lost,
        "deletions": deletions,
        "gaps broken": sum(host.gap_broken for host in wire.hosts.values()),
        "wishes broken": sum(host.wish_broken for host in wire.hosts.values()),
    }


def _published(room: Newsroom, wire: Wire) -> int:
    return sum(time <= wire.timer.moment() for time in room.times)
