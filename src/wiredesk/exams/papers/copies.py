"""copies: a text that is told again is found, and independent reports never count as told again.

Three things are measured. Copies made here: each long text of a wire (``neardup/``) with a tenth of
its words replaced, with a tenth swapped for others of the same text (names and numbers too), and cut
to either half, all under another title and an hour later. The wire's own pairs, by exact arithmetic
on runs of four words. And false merges: any two texts that become one though little of the shorter
one's runs of four words stands in the other, on the wire and among independent reports of one event
(sets of ``stories/`` with full texts). Every two reports of one event that become one are told, so that
a person can read them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import msgspec

from wiredesk.exams.baselines.sketches import (
    MINHASH_AT,
    SIMHASH_WITHIN,
    families,
    minhash_pairs,
    simhash_pairs,
)
from wiredesk.exams.chance import Chance
from wiredesk.exams.material import LONG_TEXT, Corpus, Material, read_bytes
from wiredesk.exams.measures import verbatim
from wiredesk.exams.sitting import (
    OURS,
    Better,
    Figure,
    Remark,
    Row,
    Said,
    Sitting,
    Skipped,
    count,
)
from wiredesk.records.article import Article

MOST = {"quick": 300, "usual": 600, "long": 1 << 30}
"""Texts of which copies are made, by effort."""
CHANGED = 0.1
"""Part of the words that an edited copy has changed."""
SHARED = 0.4
"""Part of the shorter text's runs of four words below which two texts that became one are a false
merge: independent reports of one event have been seen to share a third."""
TOLD = 30
"""Pairs that are told one by one; the rest is counted."""
_OTHERS = 10_000
"""Names of words that stand in no text."""

Change = Callable[[list[str], Chance], list[str]]
Families = Callable[[Sequence[Article]], Mapping[str, str]]


class Pair(msgspec.Struct):
    """Two documents of a wire, the Jaccard of their runs of four words, and the part of the shorter
    one's runs that is in the other.
    """

    a: str | int
    b: str | int
    jaccard4: float
    containment: float = -1.0


def sit(sitting: Sitting) -> Iterator[Said]:
    """Examine each wire, then each set of independent reports."""
    wires = sitting.material.corpora("neardup")
    if not wires:
        yield Skipped("copies: a wire", f"there is none in {sitting.material.root}/neardup")
    for wire in wires:
        yield from (Remark(f"{wire.name}: {trouble}") for trouble in wire.troubles)
        yield from _made_here(sitting, wire)
        yield from _own_pairs(sitting, wire)
    reports = [corpus for corpus in sitting.material.corpora("stories") if corpus.has_texts]
    if not reports:
        root = sitting.material.root
        yield Skipped("copies: independent reports", f"no set of full texts in {root}/stories")
    for corpus in reports:
        yield from _independent(sitting, corpus)


def _contenders(sitting: Sitting) -> Iterator[tuple[str, Families]]:
    def ours(articles: Sequence[Article]) -> Mapping[str, str]:
        members = sitting.ours.grouped(articles)
        return {member.id: member.duplicate_of or member.id for member in members}

    yield OURS, ours
    if sitting.baselines:
        yield f"MinHash at {MINHASH_AT}", _sketched(minhash_pairs)
        yield f"SimHash within {SIMHASH_WITHIN} bits", _sketched(simhash_pairs)


def _sketched(pairs: Callable[[Sequence[str]], Iterator[tuple[int, int]]]) -> Families:
    def found(articles: Sequence[Article]) -> Mapping[str, str]:
        firsts = families(len(articles), pairs([article.text for article in articles]))
        return {one.id: articles[of].id for one, of in zip(articles, firsts, strict=True)}

    return found


# Copies made here.


def _edited(words: list[str], chance: Chance) -> list[str]:
    return [f"zq{chance.below(_OTHERS)}" if chance.unit() < CHANGED else word for word in words]


def _swapped(words: list[str], chance: Chance) -> list[str]:
    return [words[chance.below(len(words))] if chance.unit() < CHANGED else word for word in words]


def _first_half(words: list[str], _: Chance) -> list[str]:
    return words[: len(words) // 2]


def _second_half(words: list[str], _: Chance) -> list[str]:
    return words[len(words) // 2 :]


CHANGES: tuple[tuple[str, Change], ...] = (
    ("a tenth of the words replaced", _edited),
    ("a tenth of the words swapped", _swapped),
    ("cut to the first half", _first_half),
    ("cut to the second half", _second_half),
)


def _made_here(sitting: Sitting, wire: Corpus) -> Iterator[Said]:
    long = [one for one in wire.articles if len(one.text.split()) >= LONG_TEXT]
    if not long:
        yield Skipped(f"copies: copies of {wire.name}", f"no text has {LONG_TEXT} words")
        return
    originals = Chance("originals").sample(long, MOST[sitting.effort])
    texts = {one.id: one.text for one in originals}
    for case, change in CHANGES:
        chance = Chance(case)
        copies = [_copy(one, change(one.text.split(), chance)) for one in originals]
        for contender, find in _contenders(sitting):
            start = time.process_time()
            found = find([*originals, *copies])
            seconds = time.process_time() - start
            recall = sum(found[one.id] == found[_named(one.id)] for one in originals)
            wrong = sum(
                verbatim(texts[_base(one)], texts[_base(of)]) < SHARED
                for one, of in found.items()
                if _base(one) != _base(of)
            )
            yield Row(
                material=wire.name,
                case=case,
                contender=contender,
                figures=(
                    Figure("recall", recall / len(originals), margin=0.002),
                    count("false merges", wrong),
                ),
                documents=len(found),
                seconds=seconds,
                files=(wire.path,),
            )


def _copy(one: Article, words: Iterable[str]) -> Article:
    when = one.published_date_time
    return msgspec.structs.replace(
        one,
        id=_named(one.id),
        title=f"Other {one.title}",
        text=" ".join(words),
        published_date_time=when and when + timedelta(hours=1),
    )


_COPY = " (copy)"


def _named(original: str) -> str:
    return original + _COPY


def _base(name: str) -> str:
    return name.removesuffix(_COPY)


# The wire's own pairs.


def _own_pairs(sitting: Sitting, wire: Corpus) -> Iterator[Said]:
    found = _pairs_of(sitting.material, wire)
    if found is None:
        folder = wire.path.parent
        yield Skipped(f"copies: pairs of {wire.name}", f"no .json in {folder} names its documents")
        return
    path, pairs = found
    articles = wire.articles
    whole: list[Said] = []
    for contender, find in _contenders(sitting):
        start = time.process_time()
        its = find(articles)
        row = partial(
            Row,
            material=wire.name,
            contender=contender,
            documents=len(articles),
            seconds=time.process_time() - start,
            files=(wire.path, path),
        )
        for kind in KINDS:
            some = [pair for pair in pairs if kind.has(pair)]
            together = sum(its[str(pair.a)] == its[str(pair.b)] for pair in some)
            if some:
                figure = Figure("as one", together / len(some), kind.better, margin=0.01)
                yield row(case=f"{len(some)} pairs {kind.case}", figures=(figure,))
        unshared = list(_unshared(articles, its))
        whole.append(row(case="all of it", figures=(count("false merges", len(unshared)),)))
        if contender == OURS:
            whole += _told(f"{wire.name}, one text though little is shared", unshared)
    yield from whole


class Kind(NamedTuple):
    """Pairs of a wire with figures between bounds (the upper one excluded)."""

    case: str
    better: Better
    jaccard: tuple[float, float] = (0.0, 2.0)
    containment: tuple[float, float] = (-1.0, 2.0)

    def has(self, pair: Pair) -> bool:
        """Tell whether a pair is of this kind."""
        return (
            self.jaccard[0] <= pair.jaccard4 < self.jaccard[1]
            and self.containment[0] <= pair.containment < self.containment[1]
        )


KINDS = (
    Kind("of Jaccard 0.8 and up", "more", jaccard=(0.8, 2)),
    Kind("of which one is in the other to 0.9", "more", containment=(0.9, 2)),
    Kind("of Jaccard 0.5 to 0.8", "neither", jaccard=(0.5, 0.8)),
    Kind("that share less than 0.6 of the shorter", "less", containment=(0, 0.6)),
)
"""Which pairs ought to be one text, and which ought not, or not all."""


def _pairs_of(material: Material, wire: Corpus) -> tuple[Path, list[Pair]] | None:
    """Return the pairs that name documents of the wire, from the file that has any."""
    known = {article.id for article in wire.articles}
    for path in material.files("neardup", ".json"):
        try:
            pairs = msgspec.json.decode(read_bytes(path), type=list[Pair])
        except msgspec.DecodeError:
            continue
        its = [pair for pair in pairs if str(pair.a) in known and str(pair.b) in known]
        if its:
            return path, its
    return None


# False merges.

Merged = tuple[float, Article, Article]
"""Two texts of one family, and which part of the shorter one they share word by word."""


def _merged(articles: Sequence[Article], its: Mapping[str, str]) -> Iterator[Merged]:
    members: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        members[its[article.id]].append(article)
    for family in members.values():
        for one, other in combinations(family, 2):
            yield verbatim(one.text, other.text), one, other


def _unshared(articles: Sequence[Article], its: Mapping[str, str]) -> Iterator[Merged]:
    """Give the members of families that share too little text with the family's first one."""
    by_id = {article.id: article for article in articles}
    for article in articles:
        first = by_id[its[article.id]]
        if first is not article and (shared := verbatim(article.text, first.text)) < SHARED:
            yield shared, first, article


def _independent(sitting: Sitting, corpus: Corpus) -> Iterator[Said]:
    articles, truth = corpus.articles, corpus.truth
    events: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        if article.id in truth:
            events[truth[article.id]].append(article)
    reports = sum(
        one.domain != other.domain
        for event in events.values()
        for one, other in combinations(event, 2)
    )
    for contender, find in _contenders(sitting):
        start = time.process_time()
        its = find(articles)
        seconds = time.process_time() - start
        merged = list(_merged(articles, its))
        yield Row(
            material=corpus.name,
            case=f"{reports:,} pairs of independent reports",
            contender=contender,
            figures=(
                count("became one", len(merged), "neither"),
                count(
                    "of two outlets",
                    sum(one.domain != other.domain for _, one, other in merged),
                    "neither",
                ),
                count("false merges", sum(shared < SHARED for shared, *_ in merged)),
            ),
            documents=len(articles),
            seconds=seconds,
            files=(corpus.path,),
        )
        if contender == OURS:
            yield from _told(f"{corpus.name}, one text", merged)


def _told(what: str, merged: Iterable[Merged]) -> Iterator[Remark]:
    pairs = sorted(merged, key=lambda pair: (pair[0], pair[1].id, pair[2].id))
    for shared, one, other in pairs[:TOLD]:
        yield Remark(f"{what}: {shared:.2f} shared by {_shown(one)} and {_shown(other)}")
    if len(pairs) > TOLD:
        yield Remark(f"{what}: {len(pairs) - TOLD} more pairs")


def _shown(article: Article) -> str:
    by = f", {article.domain}" if article.domain else ""
    return f"“{article.title[:80]}” ({article.id}{by})"
