"""senses: an ambiguous word gives its topic when it means it, and only then.

A line has an article, a ``keyword`` of a ``pack``, the ``topic`` that the keyword stands for, and
whether the article is ``about`` it. Lines are those that were written for this before any rule
(``exams/data/senses.jsonl``) and any of ``senses/``; where they are in halves (``half``), each is told
alone: rules may have been made by looking at the misses of one. The baseline gives the topic to every
article that has the keyword as a whole word, case aside.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from wiredesk.adapters.desk_folder.topics import read_pack
from wiredesk.engine.lines import Line
from wiredesk.errors import ConfigError
from wiredesk.exams.material import Corpus
from wiredesk.exams.measures import harmonic
from wiredesk.exams.sitting import OURS, Figure, Remark, Row, Said, Sitting, Skipped
from wiredesk.records.topic import TopicPack

WRITTEN = Path(__file__).parents[1] / "data" / "senses.jsonl"


def sit(sitting: Sitting) -> Iterator[Said]:
    """Examine the lines written for this, then those of the material, a pack and a half at a time."""
    corpora = sitting.material.corpora("senses")
    if WRITTEN.is_file():
        corpora.insert(0, Corpus(WRITTEN, sitting.ours.lines))
    if not corpora:
        yield Skipped(
            "senses", f"there is neither {WRITTEN.name} nor {sitting.material.root}/senses"
        )
    for corpus in corpora:
        yield from (Remark(f"{corpus.name}: {trouble}") for trouble in corpus.troubles)
        parts: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in corpus.lines:
            parts[line.said("pack"), line.said("half")].append(line)
        for (name, half), lines in sorted(parts.items()):
            pack = _pack(sitting, name)
            case = f"pack {name or 'of the desk'}" + (f", half {half}" if half else "")
            known = [line for line in lines if pack and pack.named(line.said("topic"))]
            if len(known) < len(lines):
                what = f"senses: {len(lines) - len(known)} lines of {corpus.name}, {case}"
                yield Skipped(what, "their topic is not in the pack, or there is no such pack")
            if pack and known:
                yield from _examined(sitting, corpus, case, pack, known)


def _pack(sitting: Sitting, name: str) -> TopicPack | None:
    """Return the pack of that name that comes with wiredesk; for no name that of the desk."""
    if not name:
        return sitting.ours.desk.pack
    inside = resources.files("wiredesk") / "packs"
    if name not in {each.name for each in inside.iterdir()}:
        return None
    with resources.as_file(inside / name / "topics") as folder:
        try:
            return read_pack(folder)
        except ConfigError:
            return None


def _examined(
    sitting: Sitting, corpus: Corpus, case: str, pack: TopicPack, lines: Sequence[Line]
) -> Iterator[Row]:
    start = time.process_time()
    topics = sitting.ours.topics([line.article for line in lines], pack)
    seconds = time.process_time() - start
    given = [line.said("topic") in its for line, its in zip(lines, topics, strict=True)]
    ways = [(OURS, given, seconds)]
    if sitting.baselines:
        start = time.process_time()
        found = [_has(line) for line in lines]
        ways.append(("whole words", found, time.process_time() - start))
    about = [line.fields.get("about") is True for line in lines]
    for contender, answers, took in ways:
        yield Row(
            material=corpus.name,
            case=case,
            contender=contender,
            figures=_figures(answers, about),
            documents=len(lines),
            seconds=took,
            files=(corpus.path,),
        )


def _figures(given: Sequence[bool], about: Sequence[bool]) -> tuple[Figure, ...]:
    right = sum(map(bool.__and__, given, about))
    precision = right / sum(given) if any(given) else 1.0
    recall = right / sum(about) if any(about) else 1.0
    return (
        Figure("precision", precision, margin=0.01),
        Figure("recall", recall, margin=0.01),
        Figure("F1", harmonic(precision, recall), margin=0.01),
    )


def _has(line: Line) -> bool:
    word = re.escape(line.said("keyword").removeprefix("!"))
    said = f"{line.article.title}\n{line.article.text}"
    return re.search(rf"\b{word}\b", said, re.IGNORECASE) is not None
