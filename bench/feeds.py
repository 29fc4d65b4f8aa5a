"""Feeds read per second by wiredesk, fastfeedparser and feedparser; real feeds and odd dates read.

python bench/feeds.py [FOLDER]     FOLDER has feedjira_samples.tar.xz and odd_dates.json
"""

from __future__ import annotations

import json
import sys
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import fastfeedparser
import feedparser

from wiredesk.errors import SourceError
from wiredesk.records import dates
from wiredesk.records.page import Page
from wiredesk.sources.feed import read

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ITEM = """<item><title>Quay {n} is &amp;quot;open&amp;quot;</title><link>https://a.example/{n}</link>
<guid>https://a.example/{n}</guid><pubDate>Sun, 01 Mar 2026 10:00:{s:02} +0100</pubDate>
<description>&lt;p&gt;{words}&lt;/p&gt;</description></item>"""


def wiredesk(body: bytes) -> int:
    url = "https://a.example/feed"
    page = Page(url=url, final_url=url, status=200, body=body, at=NOW)
    return len(read(page, "feed:bench").entries)


READERS: dict[str, Callable[[bytes], int]] = {
    "wiredesk": wiredesk,
    "fastfeedparser": lambda body: len(fastfeedparser.parse(body)["entries"]),
    "feedparser": lambda body: len(feedparser.parse(body)["entries"]),
}


def made(items: int) -> bytes:
    words = "The harbour master opened the quay. " * 12
    listed = "".join(ITEM.format(n=n, s=n % 60, words=words) for n in range(items))
    return f'<rss version="2.0"><channel><title>T</title>{listed}</channel></rss>'.encode()


def speed(reader: Callable[[bytes], int], body: bytes, seconds: float = 2.0) -> float:
    items, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        items += reader(body)
    return items / took


def reads(reader: Callable[[bytes], int], body: bytes) -> bool:
    try:
        return reader(body) > 0
    except (SourceError, ValueError):
        return False


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    body = made(100)
    for name, reader in READERS.items():
        print(f"{name:16}{speed(reader, body):10,.0f} entries/s, text made plain only by wiredesk")
    bare = "".join(f"<item><title>T{n}</title><link>/{n}</link></item>" for n in range(200_000))
    began = time.perf_counter()
    wiredesk(f"<rss><channel>{bare}</channel></rss>".encode())
    print(f"{'wiredesk':16}{time.perf_counter() - began:10.2f} s for an answer of 200,000 items")
    samples = folder / "feedjira_samples.tar.xz"
    if not samples.exists():
        print(f"no real feeds in {folder}: give the folder as argument")
        return
    with tarfile.open(samples) as archive:
        files = (archive.extractfile(m) for m in archive if "sample_feeds/" in m.name)
        bodies = [file.read() for file in files if file is not None]
    for name, reader in READERS.items():
        print(f"{name:16}{sum(reads(reader, body) for body in bodies)} of {len(bodies)} real files")
    odd = json.loads((folder / "odd_dates.json").read_text("utf-8"))
    print(f"{'wiredesk':16}{sum(dates.read(text) is not None for text in odd)} of {len(odd)} dates")


if __name__ == "__main__":
    main()
