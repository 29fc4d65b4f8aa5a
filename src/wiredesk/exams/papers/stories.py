"""stories: reports of one event together and nothing else with them, by B-cubed.

Every set of ``stories/`` is grouped as it is, among distractors that belong to no story (full texts
among texts of ``topics/``, headlines among ordinary ones of ``clickbait/``; one that is joined costs
precision), and in small windows as a young desk has them. The baselines take plain TF-IDF: a stream at
one threshold for all sets, the same at the threshold that is best for it on the very set, and average
linkage, which sees the whole set at once, likewise.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from wiredesk.exams.baselines.tfidf import MOST, THRESHOLDS, cosines, linkage, stream
from wiredesk.exams.chance import Chance, seed_of
from wiredesk.exams.distractors import among
from wiredesk.exams.material import Corpus
from wiredesk.exams.measures import Agreement, b_cubed
from wiredesk.exams.sitting import OURS, Figure, Remark, Row, Said, Sitting, Skipped
from wiredesk.records.article import Article

FIXED_AT = 0.12
"""The one threshold of both baselines: the one that is best for either over the four sets at hand, so
that they do themselves justice."""
SMALL, WINDOWS = (20, 60), 6
"""Sizes of the small windows, and how many of each are grouped."""
LEAD = 4000
"""Characters of a text that the baselines look at; more costs them, and helps none."""
_NEVER = datetime.max.replace(tzinfo=UTC)

Labelled = tuple[Sequence[Article], Mapping[str, str]]


def sit(sitting: Sitting) -> Iterator[Said]:
    """Group each set in each of its forms."""
    corpora = sitting.material.corpora("stories")
    if not corpora:
        yield Skipped(
            "stories", f"there is no set of JSON lines in {sitting.material.root}/stories"
        )
    for corpus in corpora:
        yield from (Remark(f"{corpus.name}: {trouble}") for trouble in corpus.troubles)
        if not corpus.truth:
            yield Skipped(f"stories: {corpus.name}", "no line has a story or an event")
            continue
        yield from _examined(sitting, corpus, "", corpus.articles, ())
        yield from _among(sitting, corpus)
        yield from _small(sitting, corpus)


def _examined(
    sitting: Sitting, corpus: Corpus, case: str, articles: Sequence[Article], more: Sequence[Path]
) -> Iterator[Row]:
    def row(contender: str, found: Mapping[str, object], seconds: float, best: str = "") -> Row:
        return Row(
            material=corpus.name,
            case=case,
            contender=contender + best,
            figures=_figures(b_cubed(corpus.truth, found)),
            documents=len(articles),
            seconds=seconds,
            files=(corpus.path, *more),
        )

    start = time.process_time()
    members = sitting.ours.grouped(articles)
    seconds = time.process_time() - start
    yield row(OURS, {member.id: member.story for member in members}, seconds)
    if sitting.baselines and len(articles) <= MOST:
        arrived = sorted(articles, key=_arrival)
        ids = [article.id for article in arrived]
        start = time.process_time()
        likeness = cosines([f"{one.title} {one.text[:LEAD]}" for one in arrived])
        shared = time.process_time() - start
        start = time.process_time()
        streamed = dict(zip(ids, stream(likeness, FIXED_AT), strict=True))
        seconds = shared + time.process_time() - start
        yield row("TF-IDF stream", streamed, seconds, f" at {FIXED_AT}")
        ways = {at: dict(zip(ids, stream(likeness, at), strict=True)) for at in THRESHOLDS}
        best = _best(corpus.truth, ways)
        yield row("TF-IDF stream", ways[best], seconds, f" at its best, {best}")
        start = time.process_time()
        trees = zip(THRESHOLDS, linkage(likeness, THRESHOLDS), strict=True)
        ways = {at: dict(zip(ids, its, strict=True)) for at, its in trees}
        seconds = shared + time.process_time() - start
        yield row("TF-IDF average linkage", ways[FIXED_AT], seconds, f" at {FIXED_AT}")
        best = _best(corpus.truth, ways)
        yield row("TF-IDF average linkage", ways[best], seconds, f" at its best, {best}")


def _arrival(article: Article) -> tuple[datetime, int]:
    """Order as a wire would bring them: by time, those of one day in no order that tells anything."""
    return article.published_date_time or _NEVER, seed_of("arrival", article.id)


def _best(truth: Mapping[str, str], ways: Mapping[float, Mapping[str, object]]) -> float:
    return max(ways, key=lambda at: b_cubed(truth, ways[at]).f1)


def _figures(agreement: Agreement, margin: float = 0.005) -> tuple[Figure, ...]:
    """Return the figures; only F1 has a floor, since the other two are traded for one another."""
    return (
        Figure("F1", agreement.f1, margin=margin),
        Figure("precision", agreement.precision, "neither"),
        Figure("recall", agreement.recall, "neither"),
    )


def _among(sitting: Sitting, corpus: Corpus) -> Iterator[Said]:
    found = among(sitting.material, corpus)
    if found is None:
        return
    if found.missing:
        yield Skipped(f"stories: {corpus.name} with distractors", found.missing)
        return
    case = f"with {found.distractors:,} distractors"
    yield from _examined(sitting, corpus, case, found.articles, (found.path,))


def _small(sitting: Sitting, corpus: Corpus) -> Iterator[Row]:
    """Examine windows of some events with one to six reports each."""
    for size in SMALL:
        seconds, found = 0.0, []
        for turn in range(WINDOWS):
            window = _window(corpus, size, turn)
            start = time.process_time()
            members = sitting.ours.grouped(window)
            seconds += time.process_time() - start
            truth = {article.id: corpus.truth[article.id] for article in window}
            found.append(b_cubed(truth, {member.id: member.story for member in members}))
        means = Agreement(*(sum(each) / len(found) for each in zip(*found, strict=True)))
        yield Row(
            material=corpus.name,
            case=f"windows of {size}",
            figures=_figures(means, margin=0.02),
            documents=WINDOWS * size,
            seconds=seconds,
            files=(corpus.path,),
        )


def _window(corpus: Corpus, size: int, turn: int) -> list[Article]:
    chance = Chance("window", size, turn)
    events: dict[str, list[Article]] = defaultdict(list)
    for article in corpus.articles:
        if article.id in corpus.truth:
            events[corpus.truth[article.id]].append(article)
    window: list[Article] = []
    for event in chance.sample(sorted(events), len(events)):
        window += chance.sample(events[event], 1 + chance.below(6))
    return window[:size]
