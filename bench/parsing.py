"""Reading apart (in children under limits) beside reading in one process: the same input, in one run.

python bench/parsing.py [ROUNDS]

The pages are those of the bundled sample wire, the feeds are made up: 50 items of some 500 bytes each.
Processor time, which other work on the machine changes little: of this process, and of its children when
they have ended, less what starting them alone takes.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
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


def run(apart: Apart, given: list[Page], read: list[tuple[Page, Entry]]) -> float:
    """Do the work; return the seconds of processor that this process spent on it."""
    began = time.process_time()
    for call in work(apart, given, read):
        with suppress(Unreadable):
            call()
    return time.process_time() - began


def of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def spent_apart(given: list[Page], read: list[tuple[Page, Entry]], limits: Limits) -> float:
    """Return the seconds of processor of all processes, the start of the first child included."""
    before = of_children()
    make = partial(prepare, make_reader, ProviderRegistry())
    with Children(1, prepare=make, preload=PRELOAD, limits=limits) as apart:
        here_too = run(apart, given, read)
    _mothers.end()
    return here_too + of_children() - before


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    prepare(make_reader, ProviderRegistry())
    given, read = feeds(100), pages() * 2
    load = os.getloadavg()[0]
    print(
        f"{len(given)} feeds of 50 items, {len(read)} pages, best of {rounds} rounds, load {load:.1f}"
    )
    start = min(spent_apart(given[:1], [], Limits()) for _ in range(rounds))
    for what, some, others in (("feeds", given, []), ("pages", [], read)):
        count = len(some or others)
        run(here, some[:10], others[:10])
        inside = min(run(here, some, others) for _ in range(rounds))
        apart = min(spent_apart(some, others, Limits()) for _ in range(rounds)) - start
        print(
            f"{what}: {1000 * inside / count:.2f} ms each here, {1000 * apart / count:.2f} ms apart:",
            end=" ",
        )
        print(f"{apart / inside:.2f} times")
    fresh = min(spent_apart(given, [], Limits(jobs=1)) for _ in range(rounds)) - start
    kept = min(spent_apart(given, [], Limits()) for _ in range(rounds)) - start
    print(
        f"a new child: {1000 * (fresh - kept) / len(given):.1f} ms; the first of a run: {start:.2f} s"
    )


if __name__ == "__main__":
    main()
