"""Copies: which article has (most of) the text of an earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article
from wiredesk.records.commonwords import common
from wiredesk.records.likeness import Shingles, moment, names, shingles, words

LEAST_SHINGLES = 20
"""A text with fewer runs of five words is too short to be told by them."""
LEAST_TITLE_WORDS = 4
"""A shorter title ("Morning briefing") says nothing about what is below it."""
LEAST_SIZE = 0.2
"""A text is no copy of one that is more than five times as long, such as a round-up."""
WHOLE = 0.8
"""A copy with this part of the longest one's text is whole: the earliest whole one is kept."""
SHORT_ALIKE = 0.5
"""Part of the words of a short item that must be in the other one's, if both have some."""
EXCHANGED = 0.15
"""Part of the shorter text's names and numbers that may be others than in the longer one. Notices
by one template share their phrases and differ in just these; a copy that was cut or edited loses
some and brings few of its own."""
EXCHANGED_NUMBERS = 3
"""Numbers that may be others: a table of this week's prices shares most of its names with the last."""
DOUBTFUL, EXCHANGED_IN_DOUBT = 0.875, 0.05
"""Times ``copy_at`` that is enough when next to no name is another one. Independent reports of one
event have been seen to reach 0.34."""
COMMON = 64
"""A shingle of more originals than this is boilerplate and brings no candidates."""
INDEXED = 50
"""Shingles of an article in the index, at least and up to twice as many: the memory of an article
does not grow with its length."""


class Copy(msgspec.Struct, frozen=True):
    """Which article is copied, how much of the text is the same, and by which rule it was told."""

    of: str
    likeness: float
    rule: str


class _Text:
    """An article as the search for copies sees it."""

    __slots__ = ("day", "facts", "numbers", "runs", "title", "told", "vocabulary")

    def __init__(self, article: Article, little: frozenset[str]) -> None:
        text = article.text or article.excerpt
        body = words(text)
        found = shingles(body)
        self.told = len(found) >= LEAST_SHINGLES
        """Whether the text is long enough to be told by its shingles."""
        self.runs: Shingles = found if self.told else found[:0]
        self.facts = frozenset(names(text) if self.told else ()) - little
        self.numbers = frozenset(fact for fact in self.facts if fact[0].isdigit())
        self.vocabulary = frozenset() if self.told else frozenset(body)
        title = words(article.title)
        self.title = tuple(title) if len(title) >= LEAST_TITLE_WORDS else ()
        when = moment(article)
        self.day = when.astimezone(UTC).date() if when else None

    def indexed(self) -> list[int]:
        """Return the shingles that stand for the text: by their value, so that copies share them."""
        rate = 1 << max(0, (len(self.runs) // INDEXED).bit_length() - 1)
        standing: list[int] = self.runs[self.runs % np.uint64(rate) == 0].tolist()
        return standing

    def containment(self, other: _Text) -> float:
        """Return the part of the smaller set of shingles that is in the larger one, 0 to 1."""
        smaller, larger = sorted((self.runs, other.runs), key=len)
        if len(smaller) < LEAST_SIZE * len(larger):
            return 0.0
        places = np.searchsorted(larger, smaller).clip(max=len(larger) - 1)
        return int(np.count_nonzero(larger[places] == smaller)) / len(smaller)

    def exchanged(self, other: _Text) -> tuple[float, int]:
        """Return the part of the names and numbers that each text has in place of the other's, and
        how many of these are numbers. What only one of them has is cut or added, not exchanged.
        """
        return (
            _exchanged(self.facts, other.facts) / max(1, min(len(self.facts), len(other.facts))),
            _exchanged(self.numbers, other.numbers),
        )


def _exchanged(one: frozenset[str], other: frozenset[str]) -> int:
    return min(len(one - other), len(other - one))


class Copies:
    """Finds for each article the one that it copies."""

    def __init__(self, settings: GroupSettings) -> None:
        self._copy_at = settings.copy_at
        self._window = timedelta(days=settings.window_days)
        self._texts: list[_Text] = []
        self._times: list[datetime | None] = []
        self._by_run: dict[int, list[int]] = defaultdict(list)
        self._by_title: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)

    def of(self, window: Sequence[Article]) -> dict[str, Copy]:
        """Return the copies among articles in order of time, each with its original: the earliest
        of the whole ones. No original is itself a copy.
        """
        families: dict[int, list[tuple[int, float, str]]] = {}
        for place, article in enumerate(window):
            little, _ = common(article.language)
            self._texts.append(_Text(article, little))
            self._times.append(moment(article))
            found = self._original(place, article)
            if found is None:
                self._remember(place, article)
                families[place] = []
            else:
                first, likeness, rule = found
                families[first].append((place, likeness, rule))
        copies: dict[str, Copy] = {}
        for first, family in families.items():
            copies.update(self._elected(window, first, family))
        return copies

    def _original(self, place: int, article: Article) -> tuple[int, float, str] | None:
        text = self._texts[place]
        found = (self._by_run.get(run, ()) for run in text.runs.tolist())
        candidates = {other for places in found if len(places) <= COMMON for other in places}
        alike = (
            (text.containment(self._texts[other]), -other)
            for other in candidates
            if self._near(place, other)
        )
        for likeness, negative in sorted(alike, reverse=True):
            if self._is_copy(likeness, text, self._texts[-negative]):
                return -negative, likeness, "shingles"
        if text.title:
            for other in self._by_title.get((article.language, text.title), ()):
                if self._same_item(text, self._texts[other]):
                    return other, 1.0, "title"
        return None

    def _is_copy(self, likeness: float, one: _Text, other: _Text) -> bool:
        if likeness < DOUBTFUL * self._copy_at:
            return False
        facts, numbers = one.exchanged(other)
        doubtful = likeness < self._copy_at
        most = EXCHANGED_IN_DOUBT if doubtful else EXCHANGED
        return facts <= most and numbers <= EXCHANGED_NUMBERS

    def _same_item(self, one: _Text, other: _Text) -> bool:
        """Tell whether items of one title are one: on one day, one too short to be compared by its
        text, and no contradiction in what text there is.
        """
        if one.day != other.day or (one.told and other.told):
            return False
        smaller = min(len(one.vocabulary), len(other.vocabulary))
        common = len(one.vocabulary & other.vocabulary)
        return smaller == 0 or common / smaller >= SHORT_ALIKE

    def _near(self, one: int, other: int) -> bool:
        first, second = self._times[one], self._times[other]
        return first is None or second is None or abs(first - second) <= self._window

    def _remember(self, place: int, article: Article) -> None:
        text = self._texts[place]
        for run in text.indexed():
            self._by_run[run].append(place)
        if text.title:
            self._by_title[article.language, text.title].append(place)

    def _elected(
        self, window: Sequence[Article], first: int, family: Sequence[tuple[int, float, str]]
    ) -> Iterator[tuple[str, Copy]]:
        """Give the family's copies, each of the earliest that has (nearly) the whole text."""
        how = {first: (1.0, "shingles")} | {place: (like, rule) for place, like, rule in family}
        sizes = {place: len(self._texts[place].runs) for place in how}
        whole = WHOLE * max(sizes.values())
        original = min(place for place, size in sizes.items() if size >= whole)
        how[first] = how[original]
        for place, (likeness, rule) in how.items():
            if place != original:
                copy = Copy(of=window[original].id, likeness=round(likeness, 4), rule=rule)
                yield window[place].id, copy
