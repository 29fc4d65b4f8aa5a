"""related: the other reports of an event come first, then near matter, and no text twice.

On each set of ``stories/`` (full texts also among distractors): of an article of an event with three
reports or more, how many of two others are the first two related ones (recall at 2). On these and on
each wire of ``neardup/``, what must never be: two texts in one list, or in it and above it, that are
one text (four tenths of the shorter one's runs of five words), a provider twice, the same story after
near matter. The likeness behind it is held against people's on texts of ``related/`` that people
have compared, each with each (Pearson's correlation). The baseline takes plain TF-IDF and its cosine.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

from wiredesk.exams.baselines.tfidf import MOST, cosines, nearest
from wiredesk.exams.distractors import among
from wiredesk.exams.material import Corpus, headlines
from wiredesk.exams.measures import contained, pearson, runs
from wiredesk.exams.sitting import OURS, Figure, Remark, Row, Said, Sitting, Skipped, count
from wiredesk.records.article import Article, ProviderName

LEAST_REPORTS = 3
RUN, SHARED = 5, 0.4
"""Words of a run, and the part of the shorter text's runs from which two texts are one to a reader."""
LEAST_RUNS = 20
"""Texts of fewer runs share some by chance."""
LEAD = 4000
"""Characters of a text that the baseline looks at."""

Lists = Mapping[str, Sequence[tuple[str, str]]]
"""For each article the related ones by id, each with why."""


def sit(sitting: Sitting) -> Iterator[Said]:
    """Examine each set of stories, each wire, and the likeness of texts that people compared."""
    stories = sitting.material.corpora("stories")
    if not stories:
        yield Skipped(
            "related", f"there is no set of JSON lines in {sitting.material.root}/stories"
        )
    for corpus in stories:
        yield from (Remark(f"{corpus.name}: {trouble}") for trouble in corpus.troubles)
        yield from _examined(sitting, corpus, "", corpus.articles, ())
        whole = corpus.has_texts and sitting.effort != "quick"
        found = among(sitting.material, corpus) if whole else None
        if found is not None and found.missing:
            yield Skipped(f"related: {corpus.name} with distractors", found.missing)
        elif found is not None:
            case = f"with {found.distractors:,} distractors"
            yield from _examined(sitting, corpus, case, found.articles, (found.path,))
    for corpus in sitting.material.corpora("neardup"):
        yield from _examined(sitting, corpus, "a wire with copies", corpus.articles, ())
    yield from _compared(sitting)


def _examined(
    sitting: Sitting, corpus: Corpus, case: str, articles: Sequence[Article], more: Sequence[Path]
) -> Iterator[Row]:
    for contender, lists, seconds in _contenders(sitting, articles):
        yield Row(
            material=corpus.name,
            case=case,
            contender=contender,
            figures=(*_recall(corpus.truth, lists), *_properties(articles, lists)),
            documents=len(articles),
            seconds=seconds,
            files=(corpus.path, *more),
        )


def _contenders(
    sitting: Sitting, articles: Sequence[Article]
) -> Iterator[tuple[str, Lists, float]]:
    members = sitting.ours.grouped(articles)
    start = time.process_time()
    found = sitting.ours.related(articles, members)
    seconds = time.process_time() - start
    ours = {one: [(item.id, item.why) for item in its] for one, its in found.items()}
    yield OURS, ours, seconds
    if sitting.baselines and len(articles) <= MOST:
        start = time.process_time()
        near = nearest(
            cosines([f"{one.title} {one.text[:LEAD]}" for one in articles]),
            sitting.ours.desk.settings.relate.most,
        )
        plain = {
            one.id: [(articles[place].id, "") for place in its]
            for one, its in zip(articles, near, strict=True)
        }
        yield "TF-IDF cosine", plain, time.process_time() - start


def _recall(truth: Mapping[str, str], lists: Lists) -> tuple[Figure, ...]:
    """Return recall at 2; nothing for a set without events of three reports."""
    sizes = Counter(truth.values())
    found = [
        sum(truth.get(other) == truth[one] for other, _ in lists.get(one, ())[:2]) / 2
        for one in truth
        if sizes[truth[one]] >= LEAST_REPORTS
    ]
    return (Figure("R@2", math.fsum(found) / len(found)),) if found else ()


def _properties(articles: Sequence[Article], lists: Lists) -> tuple[Figure, ...]:
    """Return what must never be, counted, how alike the articles of one list are, and how many."""
    by_id = {article.id: article for article in articles}
    one_text = _one_text_by(by_id)
    its = cache(lambda one: runs(by_id[one].text, RUN))
    twice, provider, order, alike = 0, 0, 0, []
    for one, related in lists.items():
        ids = [other for other, _ in related]
        twice += any(one_text(a, b) for a, b in combinations((one, *ids), 2)) or one in ids
        domains = [domain for other in ids if (domain := by_id[other].domain)]
        provider += len(set(domains)) < len(domains)
        reasons = [why != "story" for _, why in related]
        order += reasons != sorted(reasons)
        alike += [contained(its(a), its(b)) for a, b in combinations(ids, 2)]
    return (
        count("a text twice", twice),
        count("a provider twice", provider),
        count("story after near matter", order),
        Figure("alike", math.fsum(alike) / max(1, len(alike)), "neither"),
        Figure("related", sum(map(len, lists.values())) / max(1, len(lists)), "neither", digits=1),
    )


def _one_text_by(by_id: Mapping[str, Article]) -> Callable[[str, str], bool]:
    """Return what tells whether two articles are one text: long ones by what they share, others
    when title and text are the same words.
    """
    its = cache(lambda one: runs(by_id[one].text, RUN))
    said = cache(lambda one: f"{by_id[one].title} {by_id[one].text}".lower().split())

    def one_text(one: str, other: str) -> bool:
        if min(len(its(one)), len(its(other))) < LEAST_RUNS:
            return said(one) == said(other)
        return contained(its(one), its(other)) >= SHARED

    return one_text


# Likeness as people see it.


def _compared(sitting: Sitting) -> Iterator[Said]:
    folder = sitting.material.root / "related"
    tables = [
        (path, table)
        for path in sitting.material.files("related", ".txt")
        if (table := _table(path))
    ]
    texts = {path: list(headlines(path)) for path in sitting.material.files("related", ".cor")}
    judged = [
        (path, corpus, table)
        for path, table in tables
        for corpus, lines in texts.items()
        if len(lines) == len(table)
    ]
    if not judged:
        needed = "texts (.cor), one a line, with a table (.txt) of the likeness of each two"
        yield Skipped("related: likeness as people see it", f"{folder} has no {needed}")
    for path, corpus, table in judged:
        size = len(table)
        others = [line for other, lines in texts.items() if other != corpus for line in lines]
        pairs = list(combinations(range(size), 2))
        people = [table[one][other] for one, other in pairs]
        window = [*texts[corpus], *others]
        for contender, likeness, seconds in _likenesses(sitting, window, size):
            yield Row(
                material=corpus.stem,
                case=f"{len(pairs):,} pairs compared by people",
                contender=contender,
                figures=(Figure("Pearson", pearson(people, [likeness[a][b] for a, b in pairs])),),
                documents=len(window),
                seconds=seconds,
                files=(corpus, path, *sorted(other for other in texts if other != corpus)),
            )


def _likenesses(
    sitting: Sitting, window: Sequence[str], judged: int
) -> Iterator[tuple[str, Sequence[Sequence[float]], float]]:
    nobody = ProviderName(name="", domain="")
    articles = [
        Article(id=f"t{place}", title="", text=text, provider=nobody, language="en")
        for place, text in enumerate(window)
    ]
    start = time.process_time()
    likeness = sitting.ours.likeness(articles, judged)
    yield OURS, likeness, time.process_time() - start
    if sitting.baselines:
        start = time.process_time()
        plain: list[list[float]] = cosines(window).tolist()
        yield "TF-IDF cosine", plain, time.process_time() - start


def _table(path: Path) -> list[list[float]]:
    """Return a square table of numbers, or nothing."""
    try:
        rows = [[float(cell) for cell in line.split()] for line in headlines(path)]
    except ValueError:
        return []
    return rows if rows and all(len(row) == len(rows) for row in rows) else []
