"""Names and senses: what ambiguous keywords are taken for, on invented headlines.

    .venv/bin/python bench/senses.py [--misses A]

The headlines (``wiredesk/exams/data/senses.jsonl``) were written before any rule of senses was, half
by half (a keyword is in one half only). Half A may be looked at to improve rules and packs; half B only
counts. A headline counts as found when it is given the topic of its keyword.
"""

from __future__ import annotations

import argparse
from collections import Counter
from importlib.resources import files
from pathlib import Path

import msgspec

import wiredesk
from wiredesk.adapters.desk_folder import read_pack
from wiredesk.records.article import Article, ProviderName
from wiredesk.stages.classify import topics_of

DATA = files("wiredesk") / "exams" / "data" / "senses.jsonl"
PACKS = Path(wiredesk.__file__).parent / "packs"


class Sense(msgspec.Struct, frozen=True):
    """A headline with a keyword of a pack, and whether the keyword has its topic's sense there."""

    id: str
    half: str
    pack: str
    keyword: str
    topic: str
    about: bool
    title: str


def load() -> list[Sense]:
    lines = DATA.read_text("utf-8").splitlines()
    return [msgspec.json.decode(line, type=Sense) for line in lines]


def found(senses: list[Sense]) -> dict[str, bool]:
    """Return for each headline whether it was given its keyword's topic."""
    given: dict[str, bool] = {}
    for name in sorted({sense.pack for sense in senses}):
        own = [sense for sense in senses if sense.pack == name]
        articles = [
            Article(
                id=sense.id, title=sense.title, provider=ProviderName(name="x", domain="x.example")
            )
            for sense in own
        ]
        topics = topics_of(articles, read_pack(PACKS / name / "topics"))
        for sense in own:
            given[sense.id] = sense.topic in {match.topic for match in topics[sense.id]}
    return given


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", choices=["A"], help="Show what went wrong in half A.")
    arguments = parser.parse_args()
    senses = load()
    given = found(senses)
    print(f"{'half':4} {'pack':8} {'precision':>9} {'recall':>6} {'right sense':>11} {'other':>5}")
    for half in "AB":
        for pack in ("ai", "climate", "both"):
            own = [one for one in senses if one.half == half and pack in {one.pack, "both"}]
            count = Counter((one.about, given[one.id]) for one in own)
            right = count[True, True]
            print(
                f"{half:4} {pack:8} {right / max(1, right + count[False, True]):9.3f}"
                f" {right / max(1, right + count[True, False]):6.3f}"
                f" {right + count[True, False]:11} {count[False, True] + count[False, False]:5}"
            )
    for one in senses:
        if arguments.misses == one.half and given[one.id] != one.about:
            print(f"{'missed' if one.about else 'false '} {one.keyword}: {one.title}")


if __name__ == "__main__":
    main()
