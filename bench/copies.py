"""Near-duplicates on a news wire: copies that we cut and edited, and the wire's own pairs.

    .venv/bin/python bench/copies.py [FOLDER]

FOLDER holds ``docs_dev.jsonl.gz`` and ``pairs_dev.json`` (pairs with exact Jaccard of word 4-grams).
Each long text is copied once with 10 % of its words replaced, and once cut by half, under another
title; recall is the part of these that is found, a false merge one that lands elsewhere.
"""

from __future__ import annotations

import gzip
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.stages.group import Group

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "neardup"
LEAST_WORDS, MOST = 60, 600
EDITED = 0.1


class Document(msgspec.Struct):
    id: str
    date: str
    title: str
    body: str


class Pair(msgspec.Struct):
    a: str
    b: str
    jaccard4: float


def article(document: Document) -> Article:
    try:
        stamp = document.date.strip()[:20].strip()
        when = datetime.strptime(stamp, "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        when = None
    return copied(document.id, document.title, document.body, when)


def copied(name: str, title: str, text: str, when: datetime | None) -> Article:
    provider = ProviderName(name="", domain="")
    return Article(
        id=name, title=title, text=text, language="en", provider=provider, published_date_time=when
    )


def originals(articles: list[Article]) -> dict[str, str]:
    members = Group(GroupSettings())(articles).memberships
    return {member.id: member.duplicate_of or member.id for member in members}


def edited(text: list[str], chance: random.Random) -> list[str]:
    return [f"zq{chance.randrange(9999)}" if chance.random() < EDITED else word for word in text]


def swapped(text: list[str], chance: random.Random) -> list[str]:
    """Replace words by others of the same text, names and numbers among them."""
    return [chance.choice(text) if chance.random() < EDITED else word for word in text]


def halved(text: list[str], _: random.Random) -> list[str]:
    return text[: len(text) // 2]


def exam(
    articles: list[Article], change: Callable[[list[str], random.Random], list[str]]
) -> tuple[float, int]:
    chance = random.Random(3)
    copies = [
        copied(
            f"{one.id}-copy",
            f"Other {one.title}",
            " ".join(change(one.text.split(), chance)),
            one.published_date_time and one.published_date_time + timedelta(hours=1),
        )
        for one in articles
    ]
    found = originals([*articles, *copies])
    recall = sum(found[one.id] == found[f"{one.id}-copy"] for one in articles) / len(articles)
    wrong = sum(of.removesuffix("-copy") != one.removesuffix("-copy") for one, of in found.items())
    return recall, wrong


def main(folder: Path) -> None:
    with gzip.open(folder / "docs_dev.jsonl.gz", "rb") as lines:
        articles = [article(msgspec.json.decode(line, type=Document)) for line in lines]
    pairs = msgspec.json.decode((folder / "pairs_dev.json").read_bytes(), type=list[Pair])
    start = time.perf_counter()
    found = originals(articles)
    rate = len(articles) / (time.perf_counter() - start)
    print(f"{len(articles)} articles, copies and stories, {rate:.0f} a second")
    every, together = Counter[int](), Counter[int]()
    for pair in pairs:
        tenth = int(pair.jaccard4 * 10)
        every[tenth] += 1
        together[tenth] += found[pair.a] == found[pair.b]
    for tenth in sorted(every):
        print(f"pairs of Jaccard {tenth / 10:.1f} and up: {together[tenth]} of {every[tenth]}")
    alone = [one for one in articles if found[one.id] == one.id]
    long = [one for one in alone if len(one.text.split()) >= LEAST_WORDS][:MOST]
    for name, change in (
        ("10 % edited", edited),
        ("10 % swapped", swapped),
        ("cut by half", halved),
    ):
        recall, wrong = exam(long, change)
        print(f"{name}: recall {recall:.3f}, false merges {wrong}, of {len(long)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
