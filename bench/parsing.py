"""Reading apart (in children under limits) beside reading in one process: the same input, in one run.

python bench/parsing.py [ROUNDS]

The pages are those of the bundled sample wire, the feeds are made up: 50 items of some 500 bytes each.
Seconds of the clock, after a first round that is not counted.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path

from wiredesk.adapters.apart import Children, _mothers
from wiredesk.adapters.apart.limits import Limits
from wiredesk.engine.reading import PRELOAD, make_reader, prepare, read_page
from wiredesk.errors import Unreadable
from wiredesk.ports.apart import Apart, here
from wiredesk.records.entry import Entry, SourceSpec, SourceState, Validators
from wiredesk.records.page import Page, Purpose
from wiredesk.records.provider import ProviderRegistry
from wiredesk.sources.feed import read as read_feed
from wiredesk.sources.warc import open_source

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ITEM = """<item><title>Quay {n} is open again, says the harbour master</title>
<link>https://a.example/{n}</link><guid>https://a.example/{n}</guid>
<pubDate>Sun, 01 Mar 2026 10:00:{n:02} +0100</pubDate>
<description>&lt;p&gt;{words}&lt;/p&gt;</description></item>"""


def feeds(count: int) -> list[Page]:
    words = "The harbour master opened the quay. " * 8
    items = "".join(ITEM.format(n=n, words=words) for n in range(50))
    body = f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()
    urls = (f"https://a.example/{n}" for n in range(count))
    return [Page(url=url, final_url=url, status=200, body=body, at=NOW) for url in urls]


def pages() -> list[tuple[Page, Entry]]:
    with resources.as_file(resources.files("wiredesk") / "samples" / "wire.warc.gz") as path:
        source = open_source(SourceSpec(kind="warc", path=str(path)), Path("/"), no_fetch)
        entries = source.gather(SourceState(id="x")).entries
        found = ((source.page(entry), entry) for entry in entries)
        return [(page, entry) for page, entry in found if page is not None]


def no_fetch(url: str, purpose: Purpose, validators: Validators = Validators()) -> Page:  # noqa: B008
    raise NotImplementedError


def work(
    apart: Apart, given: list[Page], read: list[tuple[Page, Entry]]
) -> Iterator[Callable[[], object]]:
    yield from (partial(apart, read_feed, page, "feed:bench") for page in given)
    yield from (partial(apart, read_page, page, entry) for page, entry in read)


def timed(apart: Apart, given: list[Page], read: list[tuple[Page, Entry]], at_once: int) -> float:
    def done(call: Callable[[], object]) -> None:
        with suppress(Unreadable):
            call()

    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(done, work(apart, given, read)))
    return time.perf_counter() - began


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    make = partial(prepare, make_reader, ProviderRegistry())
    make()
    given, read = feeds(100), pages() * 2
    load = os.getloadavg()[0]
    print(
        f"{len(given)} feeds of 50 items, {len(read)} pages, best of {rounds} rounds, load {load:.1f}"
    )
    for what, some, others in (("feeds", given, []), ("pages", [], read)):
        with (
            Children(1, prepare=make, preload=PRELOAD) as one,
            Children(2, prepare=make, preload=PRELOAD) as two,
        ):
            ways: dict[str, tuple[Apart, int]] = {
                "here": (here, 1), "apart, one child": (one, 1), "apart, two children": (two, 2),
            }  # fmt: skip
            for apart, at_once in ways.values():
                timed(apart, some[:20], others[:20], at_once)
            took = {
                name: min(timed(way[0], some, others, way[1]) for _ in range(rounds))
                for name, way in ways.items()
            }
        for name, seconds in took.items():
            each = 1000 * seconds / len(some or others)
            print(
                f"{what}, {name}: {each:.2f} ms each, {seconds / took['here']:.2f} of the time here"
            )
    began = time.perf_counter()
    with Children(1, preload=PRELOAD, limits=Limits(jobs=1)) as apart:
        for page in given[:50]:
            apart(read_feed, page, "feed:bench")
        each = (time.perf_counter() - began) / 50
    print(f"a child for each feed: {1000 * each:.1f} ms a feed")
    _mothers.end()
    began = time.perf_counter()
    with Children(1, preload=PRELOAD) as apart:
        apart(read_feed, given[0], "feed:bench")
    print(f"the first child of a run: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main()
