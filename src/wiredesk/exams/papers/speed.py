"""speed: articles a second, and what the next one costs in a larger window, on a wire of our own.

Headline and lead of a made-up wire (``exams.wire``) are grouped and related in windows of growing
size, each in a process of its own, in processor time without the making of the wire. Memory is the
process's peak beyond what it held before, articles included. B-cubed F1 against the wire's own events
is told too: what finds nothing is soon done. Where there are real headlines or texts, it is said how
far the wire's document frequencies are from theirs.
"""

from __future__ import annotations

import math
import multiprocessing
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from wiredesk.exams.material import headlines
from wiredesk.exams.measures import b_cubed
from wiredesk.exams.ours import Ours
from wiredesk.exams.sitting import Effort, Figure, Row, Said, Sitting, Skipped
from wiredesk.exams.wire import FRESH, LEAD_WORDS, Report, wire
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership

GROUPED: dict[Effort, tuple[int, ...]] = {
    "quick": (1_000, 4_000),
    "usual": (10_000, 100_000),
    "long": (10_000, 100_000, 1_000_000),
}
RELATED: dict[Effort, tuple[int, ...]] = {
    "quick": (1_000,),
    "usual": (10_000, 100_000),
    "long": (10_000, 100_000),
}
"""Articles in the window, by effort. A million are related by nobody: a desk's window is days."""
_WORD = re.compile(r"\w+")
_WARM = 300
_PER_DECADE = 4
"""Ranks of each power of ten at which document frequencies are compared."""


class _Whose(NamedTuple):
    """What is measured: the desk in a folder, or the default with a model or none."""

    folder: Path | None
    model: str


class Measured(NamedTuple):
    """What a window cost, and how right it was."""

    seconds: float
    bytes: float
    f1: float


def sit(sitting: Sitting) -> Iterator[Said]:
    """Measure grouping, then relating, then how real the wire is."""
    whose = _Whose(None if sitting.ours.by_default else sitting.ours.desk.root, sitting.ours.model)
    for what, sizes, measure in (
        ("grouped", GROUPED[sitting.effort], _grouped),
        ("related", RELATED[sitting.effort], _related),
    ):
        first = 0.0
        for size in sizes:
            found = _alone(measure, whose, size)
            cost = found.seconds / size
            first = first or cost
            yield Row(
                material="our wire",
                case=f"{size:,} {what}",
                figures=_figures(found, cost / first, size),
                documents=size,
                seconds=found.seconds,
            )
    yield from _likeness(sitting)


def _figures(found: Measured, growth: float, size: int) -> tuple[Figure, ...]:
    return (
        Figure("cost beside the first", growth, "neither", digits=2),
        Figure("KB an article", found.bytes / size / 1024, "neither", digits=1),
        *([Figure("F1", found.f1, margin=0.02)] if found.f1 >= 0 else []),
    )


def _alone(measure: Callable[[_Whose, int], Measured], whose: _Whose, size: int) -> Measured:
    """Measure in a fresh process, so that no window pays for another."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, whose, size).result()


class _Timed:
    """The articles of a wire, with the processor time that making them took."""

    def __init__(self, reports: Iterator[Report]) -> None:
        self._reports = reports
        self.seconds = 0.0
        self.events: dict[str, int] = {}

    def __iter__(self) -> Iterator[Article]:
        while True:
            start = time.process_time()
            report = next(self._reports, None)
            if report is not None:
                self.events[report.article.id] = report.event
            self.seconds += time.process_time() - start
            if report is None:
                return
            yield report.article


def _grouped(whose: _Whose, size: int) -> Measured:
    ours = Ours(*whose)
    ours.grouped(report.article for report in wire(_WARM, "warm"))
    before, articles = _peak(), _Timed(wire(size, "speed"))
    start = time.process_time()
    members = ours.grouped(articles)
    seconds = time.process_time() - start - articles.seconds
    used = _peak() - before
    found = {member.id: member.story for member in members}
    return Measured(seconds, used, b_cubed(articles.events, found).f1)


def _related(whose: _Whose, size: int) -> Measured:
    """Relate with the wire's own events as stories, so that grouping has no part in it."""
    ours = Ours(*whose)
    warm = [report.article for report in wire(_WARM, "warm")]
    ours.related(warm, ours.grouped(warm))
    reports = list(wire(size, "speed"))
    members = [Membership(id=one.article.id, story=str(one.event)) for one in reports]
    before, start = _peak(), time.process_time()
    ours.related([one.article for one in reports], members)
    return Measured(time.process_time() - start, _peak() - before, -1)


def _peak() -> float:
    """Return the most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux; there, ru_maxrss begins with the memory of the parent process
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found[1]) * 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024.0


# How real the wire is.


def _likeness(sitting: Sitting) -> Iterator[Said]:
    found = list(_real(sitting))
    if not found:
        yield Skipped(
            "speed: how real the wire is", f"there are no headlines in {sitting.material.root}"
        )
    for path, case, texts, fresh in found:
        with_lead = case != "headlines"
        ours = [
            f"{one.title} {one.text}" if with_lead else one.title
            for one, _ in wire(len(texts), "likeness", fresh=fresh, languages=("en",))
        ]
        apart = _apart(_frequencies(ours), _frequencies(texts))
        yield Row(
            material=path.name,
            case=f"document frequencies in its {len(texts):,} {case}",
            figures=(
                Figure(
                    "factor apart, mean", 10 ** (math.fsum(apart) / len(apart)), "neither", digits=2
                ),
                Figure("at most", 10 ** max(apart), "neither", digits=2),
            ),
            files=(path,),
        )


def _real(sitting: Sitting) -> Iterator[tuple[Path, str, list[str], float]]:
    """Give real headlines and leads, with the part of them that open an event, where that is known."""
    material = sitting.material
    for path in material.files("clickbait", ".txt"):
        if path.name.startswith("ordinary"):
            yield path, "headlines", list(headlines(path)), FRESH
    for corpus in material.corpora("stories"):
        if not any(article.text for article in corpus.articles) and corpus.truth:
            fresh = len(set(corpus.truth.values())) / len(corpus.truth)
            yield corpus.path, "headlines", [one.title for one in corpus.articles], fresh
    for folder in ("topics", "neardup"):
        for corpus in material.corpora(folder):
            if corpus.has_texts:
                yield corpus.path, "headlines with leads", _leads(corpus.articles), FRESH


def _leads(articles: Sequence[Article]) -> list[str]:
    return [f"{one.title} {' '.join(one.text.split()[:LEAD_WORDS])}" for one in articles]


def _frequencies(texts: Iterable[str]) -> list[int]:
    """Return in how many texts each word is, the most frequent first."""
    counts = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
    return sorted(counts.values(), reverse=True)


def _apart(ours: Sequence[int], real: Sequence[int]) -> list[float]:
    """Return how many powers of ten apart the frequencies are, at ranks evenly on a log scale."""
    most = min(len(ours), len(real))
    turns = range(int(math.log10(most) * _PER_DECADE) + 1)
    ranks = sorted({round(10 ** (turn / _PER_DECADE)) for turn in turns})
    return [abs(math.log10(ours[rank - 1] / real[rank - 1])) for rank in ranks]
