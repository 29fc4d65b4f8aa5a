"""Stories by words on labelled news: B-cubed beside plain TF-IDF, with articles a second.

    .venv/bin/python bench/stories.py [FOLDER] [SET…]

FOLDER holds JSON lines (gzipped) with ``title`` and ``text`` or ``sentences``, ``story`` or ``event``,
perhaps ``date``; see SETS. Distractors belong to no story: one that is joined costs precision. The
baseline is stream clustering by the mean TF-IDF cosine of title and text, at the threshold that is
best for it on the very set; ours has one threshold for all sets, the setting's default.
"""

from __future__ import annotations

import gzip
import math
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.likeness import Vector, dot, unit, words
from wiredesk.stages.group import Group

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
SETS: dict[str, tuple[str, str, int]] = {
    "basil": ("stories/basil_dev.jsonl.gz", "", 0),
    "basil+1000": ("stories/basil_dev.jsonl.gz", "topics/bbc_dev.jsonl.gz", 1000),
    "ecb": ("stories/ecbplus_traindev.jsonl.gz", "", 0),
    "wikinews": ("stories/wikinews_dev.jsonl.gz", "", 0),
    "headlines": ("stories/headlines_dev.jsonl.gz", "", 0),
    "headlines+2200": ("stories/headlines_dev.jsonl.gz", "clickbait/ordinary_dev.txt", 2200),
}
SMALL, WINDOWS = (20, 60), 6
"""Sizes of the small windows, and how many of each are grouped."""
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)


class Row(msgspec.Struct, rename={"day": "date"}):
    title: str = ""
    text: str = ""
    sentences: tuple[str, ...] = ()
    topic: str = ""
    event: str = ""
    story: str = ""
    day: str = ""
    bad: bool = False


def rows(file: Path) -> list[Row]:
    if file.suffix == ".txt":
        return [Row(title=line.strip()) for line in file.read_text("utf-8").splitlines() if line]
    with gzip.open(file, "rb") as lines:
        return [msgspec.json.decode(line, type=Row) for line in lines]


def article(name: str, row: Row) -> Article:
    title, *rest = (row.title, row.text) if row.title else (*row.sentences, "")
    return Article(
        id=name,
        title=title,
        text=" ".join(rest),
        language="en",
        provider=ProviderName(name="", domain=""),
        published_date_time=datetime.fromisoformat(row.day).replace(tzinfo=UTC)
        if row.day
        else None,
    )


def load(folder: Path, name: str) -> tuple[list[Article], dict[str, str]]:
    """Return the articles of a set, and the story of each labelled one."""
    stories, others, count = SETS[name]
    labelled = [row for row in rows(folder / stories) if not row.bad]
    articles = [article(f"s{place}", row) for place, row in enumerate(labelled)]
    truth = {
        f"s{place}": row.story or f"{row.topic}/{row.event}" for place, row in enumerate(labelled)
    }
    if count:
        noise = random.Random(1).sample(rows(folder / others), count)
        days = [row.day for row in labelled]
        for place, row in enumerate(noise):
            row.day = days[place % len(days)]
            articles.append(article(f"n{place}", row))
    return articles, truth


def b_cubed(truth: Mapping[str, str], found: Mapping[str, str]) -> tuple[float, float, float]:
    """Return F1, precision and recall over the labelled articles (Bagga and Baldwin 1998)."""
    sizes, stories = Counter(found.values()), Counter(truth.values())
    both = Counter((found[one], story) for one, story in truth.items())
    precision = sum(both[found[one], story] / sizes[found[one]] for one, story in truth.items())
    recall = sum(both[found[one], story] / stories[story] for one, story in truth.items())
    precision, recall = precision / len(truth), recall / len(truth)
    return 2 * precision * recall / (precision + recall), precision, recall


def plain(articles: Sequence[Article], threshold: float) -> dict[str, str]:
    """Return the stories of a stream by plain TF-IDF: join the likest story, or open one."""
    counts = [Counter(words(f"{one.title} {one.text[:4000]}")) for one in articles]
    spread = Counter(term for its in counts for term in its)
    sums: list[Vector] = []
    sizes: list[int] = []
    postings: dict[str, set[int]] = defaultdict(set)
    found: dict[str, str] = {}
    for one, its in zip(articles, counts, strict=True):
        vector = unit(
            {t: (1 + math.log(n)) * math.log(len(articles) / spread[t]) for t, n in its.items()}
        )
        near = {story for term in vector if spread[term] <= 400 for story in postings[term]}
        best = max(((dot(vector, sums[s]) / sizes[s], -s) for s in near), default=(0.0, 0))
        story = -best[1]
        if best[0] < threshold:
            story = len(sums)
            sums.append({})
            sizes.append(0)
        for term, weight in vector.items():
            sums[story][term] = sums[story].get(term, 0.0) + weight
            postings[term].add(story)
        sizes[story] += 1
        found[one.id] = str(story)
    return found


def small(
    articles: Sequence[Article], truth: Mapping[str, str], size: int, seed: int
) -> tuple[list[Article], dict[str, str]]:
    """Return a window of ``size``: some events with one to six reports each, chosen by ``seed``."""
    chance = random.Random(seed)
    events: dict[str, list[Article]] = defaultdict(list)
    for one in articles:
        if one.id in truth:
            events[truth[one.id]].append(one)
    window: list[Article] = []
    for event in chance.sample(sorted(events), len(events)):
        reports = min(len(events[event]), chance.randint(1, 6))
        window += chance.sample(events[event], reports)
    window = window[:size]
    return window, {one.id: truth[one.id] for one in window}


def small_windows(name: str, articles: Sequence[Article], truth: Mapping[str, str]) -> None:
    """Print the mean F1 of random small windows of a set."""
    for size in SMALL:
        total = 0.0
        for seed in range(WINDOWS):
            window, its = small(articles, truth, size, seed)
            members = Group(GroupSettings())(window).memberships
            total += b_cubed(its, {member.id: member.story for member in members})[0]
        print(f"  {name}, windows of {size}: F1 {total / WINDOWS:.3f}")


def main(folder: Path, names: Sequence[str]) -> None:
    print(f"{'set':<16}{'articles':>9}{'F1':>7}{'prec.':>7}{'recall':>7}{'per s':>8}{'plain':>8}")
    for name in names:
        articles, truth = load(folder, name)
        start = time.perf_counter()
        grouping = Group(GroupSettings())(articles)
        rate = len(articles) / (time.perf_counter() - start)
        found = {member.id: member.story for member in grouping.memberships}
        figures = "".join(f"{figure:>7.3f}" for figure in b_cubed(truth, found))
        baseline = max(b_cubed(truth, plain(articles, at))[0] for at in THRESHOLDS)
        print(f"{name:<16}{len(articles):>9}{figures}{rate:>8.0f}{baseline:>8.3f}", flush=True)
        small_windows(name, articles, truth)


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]) if given else DATA, given[1:] or list(SETS))
