"""2,000 feeds polled on loopback: feeds a second for unchanged ones (304) and with new items, beside a
bare urllib3 client and lemon24's reader; then the scheduler's own cost at 100,000 feeds.

    .venv/bin/python bench/polling.py [--feeds 2000] [--many 100000]

Each contender runs in a process of its own, against a server in another one. ``wiredesk`` checks
addresses, caps and paces, reads in child processes, keys and stores; ``reader`` asks, reads and stores;
``urllib3`` only asks. Seconds of the processor (children included) are more to be trusted than those of
the clock where the machine is shared.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import urllib3 as bare

from wiredesk.adapters.addresses import AddressPolicy
from wiredesk.adapters.apart import Children
from wiredesk.adapters.clock import ManualTimer, SystemClock, SystemTimer
from wiredesk.adapters.polite import PoliteWeb
from wiredesk.adapters.sqlite import SqliteStore
from wiredesk.adapters.sqlite.hosts import SqliteHosts
from wiredesk.adapters.web import LiveWeb
from wiredesk.config import FetchSettings, Settings
from wiredesk.doors.progress import Silent
from wiredesk.engine.gathering import Ask, Gather
from wiredesk.engine.watching import next_round
from wiredesk.records.entry import Entry, Gathered, SourceSpec, SourceState
from wiredesk.records.page import Page
from wiredesk.sources.feed import FeedSource
from wiredesk.stages.fetch import Fetch

ITEMS, WORKERS = 20, 16
PHASES = ("all new", "unchanged", "unchanged again", "one new item each")
CONTENDERS = ("wiredesk", "reader", "urllib3")
START = datetime(2026, 3, 1, tzinfo=UTC)


# The server


def body(number: int, version: int) -> bytes:
    items = "".join(
        f"<item><title>Report {n} of paper {number}</title><link>http://paper-{number}.example/{n}"
        f"</link><guid>{number}-{n}</guid><description>What happened at the harbour on day {n}, told"
        f" in a sentence of the usual length.</description><pubDate>"
        f"{format_datetime(START + timedelta(minutes=n))}</pubDate></item>"
        for n in range(version + ITEMS - 1, version - 1, -1)
    )
    return (
        f'<rss version="2.0"><channel><title>Paper {number}</title><link>http://paper-{number}'
        f".example/</link><description>News</description>{items}</channel></rss>"
    ).encode()


async def serve() -> None:
    version = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal version
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                if path == "/bump":
                    version += 1
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                    continue
                number, etag = int(path.strip("/")), f'"{version}"'.encode()
                if b'-match: "' in head.lower() and etag in head:
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
                else:
                    said = body(number, version)
                    fields = b"Content-Type: application/rss+xml\r\nETag: " + etag
                    length = f"\r\nContent-Length: {len(said)}\r\n\r\n".encode()
                    writer.write(b"HTTP/1.1 200 OK\r\n" + fields + length + said)
                if b"connection: close" in head.lower():
                    break
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# The contenders: each makes, for a port and a number of feeds, a function that polls all of them


Poll = Callable[[], int]


@contextmanager
def wiredesk(port: int, feeds: int, folder: Path) -> Iterator[Poll]:
    settings = FetchSettings(
        ports=(port,), allow_networks=("127.0.0.1/32",), concurrency=WORKERS, host_gap=0.01
    )
    policy = AddressPolicy(settings.allow_networks)
    live = LiveWeb(settings, SystemClock(), policy.refusal, resolve=lambda _: ["127.0.0.1"])
    specs = [
        SourceSpec(kind="feed", url=f"http://paper-{n}.example:{port}/{n}") for n in range(feeds)
    ]
    with (
        closing(SqliteStore(folder / "desk.sqlite")) as store,
        closing(SqliteHosts(folder / "hosts.sqlite")) as hosts,
        Children(preload=("wiredesk.sources.feed",)) as apart,
        store.writer(),
    ):
        fetch = Fetch(PoliteWeb(live, settings, hosts, SystemTimer()), settings)
        gather = Gather(
            store, SystemClock(), lambda spec: FeedSource(spec, fetch, apart), WORKERS, Silent()
        )

        def poll() -> int:
            reports = gather(specs, Ask(every=True))
            assert not any(report.failure for report in reports), reports[0]
            return sum(report.new for report in reports)

        yield poll


@contextmanager
def reader(port: int, feeds: int, folder: Path) -> Iterator[Poll]:
    from reader import make_reader  # noqa: PLC0415 - of the extra, and heavy

    made = make_reader(str(folder / "reader.sqlite"))
    for number in range(feeds):
        made.add_feed(f"http://127.0.0.1:{port}/{number}")

    def poll() -> int:
        found = [*made.update_feeds_iter(scheduled=False, workers=WORKERS)]
        failed = [each for each in found if isinstance(each.value, Exception)]
        assert not failed, failed[0]
        return sum(getattr(each.value, "new", 0) for each in found)

    yield poll
    made.close()


@contextmanager
def urllib3(port: int, feeds: int, _: Path) -> Iterator[Poll]:
    pool = bare.PoolManager(num_pools=4, maxsize=WORKERS, headers={"User-Agent": "bare"})
    etags: dict[int, str] = {}

    def ask(number: int) -> int:
        headers = {"If-None-Match": etags[number]} if number in etags else {}
        got = pool.request("GET", f"http://127.0.0.1:{port}/{number}", headers=headers)
        etags[number] = got.headers["ETag"]
        return int(got.status == 200)

    def poll() -> int:
        with ThreadPoolExecutor(WORKERS) as threads:
            return sum(threads.map(ask, range(feeds)))

    yield poll


def contend(name: str, port: int, feeds: int) -> None:
    """Poll in each phase; print what it took as JSON lines."""
    made = {"wiredesk": wiredesk, "reader": reader, "urllib3": urllib3}[name]
    with tempfile.TemporaryDirectory() as folder, made(port, feeds, Path(folder)) as poll:
        before = peak()
        for phase in PHASES:
            if phase.startswith("one new"):
                bump(port)
            began, before_it = time.perf_counter(), burnt()
            new = poll()
            took, cpu = time.perf_counter() - began, burnt() - before_it
            told = {"phase": phase, "new": new, "seconds": took, "cpu": cpu}
            told["grown"] = peak() - before
            print(json.dumps(told), flush=True)


def burnt() -> float:
    """Return the seconds of the processor that this process and those below it have used."""
    tick = os.sysconf("SC_CLK_TCK")
    times: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("latin-1").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        times[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / tick)
    ours = {os.getpid()}
    for _ in range(4):  # generations
        ours |= {pid for pid, (parent, _) in times.items() if parent in ours}
    return sum(times[pid][1] for pid in ours if pid in times)


def peak() -> float:
    """Return the most memory in MB that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bump(port: int) -> None:
    bare.request("GET", f"http://127.0.0.1:{port}/bump")


# The scheduler alone


def schedule(feeds: int) -> None:
    """Poll so many feeds whose answers are there at once; print the cost of a poll."""

    class Unchanged:
        def gather(self, _: SourceState) -> Gathered:
            return Gathered(unchanged=True, title="A paper")

        def page(self, _: Entry) -> Page | None:
            return None

    timer = ManualTimer(START)
    specs = tuple(
        SourceSpec(kind="feed", url=f"http://paper-{n}.example/feed") for n in range(feeds)
    )
    source = Unchanged()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteStore(Path(folder) / "desk.sqlite")) as store,
        store.writer(),
    ):
        gather = Gather(store, timer, lambda _: source, WORKERS, Silent())
        for what in ("first poll of all", "no feed due", "second poll of all"):
            began, burnt = time.perf_counter(), time.process_time()
            asked = sum(not report.resting for report in gather(specs))
            took, burnt = time.perf_counter() - began, time.process_time() - burnt
            each = f", {1e6 * burnt / asked:.0f} µs of the processor a poll" if asked else ""
            print(
                f"{what}: {asked:,} asked in {took:.1f} s ({burnt:.1f} s CPU{each}), {peak():.0f} MB"
            )
            if what == "no feed due":
                timer.wait(86_400)
        began = time.perf_counter()
        next_round(store, Settings(sources=specs), timer.now())
        print(f"when is something due next: {time.perf_counter() - began:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--role", nargs="*", default=())
    given = parser.parse_args()
    match given.role:
        case ["serve"]:
            asyncio.run(serve())
        case ["schedule"]:
            schedule(given.many)
        case [name, port]:
            contend(name, int(port), given.feeds)
        case _:
            table(given.feeds, given.many)


def table(feeds: int, many: int) -> None:
    me = [sys.executable, __file__, "--feeds", str(feeds), "--many", str(many), "--role"]
    print(
        f"{feeds:,} feeds of {ITEMS} items, {WORKERS} at once: feeds/s (by CPU time), growth of memory\n"
    )
    print("| | " + " | ".join(PHASES) + " | memory grown by the first poll, by all |")
    print("|---|" + "---|" * (len(PHASES) + 1))
    for name in CONTENDERS:
        with subprocess.Popen([*me, "serve"], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            done = subprocess.run([*me, name, port], capture_output=True, text=True, check=False)
            server.terminate()
        if done.returncode:
            print(f"| {name} | {done.stderr.strip().splitlines()[-1]} |")
            continue
        told = [json.loads(line) for line in done.stdout.splitlines()]
        cells = [f"{feeds / one['seconds']:,.0f} ({feeds / one['cpu']:,.0f})" for one in told]
        memory = f"{told[0]['grown']:.0f}, {told[-1]['grown']:.0f} MB"
        print(f"| {name} | " + " | ".join(cells) + f" | {memory} |", flush=True)
    print()
    subprocess.run([*me, "schedule"], check=True)


if __name__ == "__main__":
    main()
