"""Copies: which article has (most of) the text of an earlier one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from functools import lru_cache

import msgspec
import numpy as np

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article
from wiredesk.records.borders import Borders
from wiredesk.records.commonwords import common
from wiredesk.records.wording import Bits, Floats, Vocabulary, runs_of, words
from wiredesk.stages.group.sketches import Candidates, Sketches

LEAST_RUNS = 20
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
DOUBTFUL = 0.7
"""Times ``copy_at`` that is enough when no name is another one: independent reports of one event have
been seen to share as much, but never without naming others. A tenth of the words changed by chance
costs a text of 80 words more than a longer one."""
NAMES_IN_DOUBT = 8
"""Names and numbers that the shorter text must have for that to say anything."""
IN_HAND = 4096
"""Whole texts that are kept at hand while they are compared."""

_NAME = re.compile(r"[^\W\d_]\w*(?:[-\u2019'.]\w+)*|\d+(?:[.,]\d+)*")


class Copy(msgspec.Struct, frozen=True):
    """Which article is copied, how much of the text is the same, and by which rule it was told."""

    of: str
    likeness: float
    rule: str


class _Text:
    """An article's text, whole, as it is compared with another's."""

    __slots__ = ("facts", "numbers", "runs", "told", "vocabulary")

    def __init__(self, article: Article, numbers: Bits) -> None:
        text = article.text or article.excerpt
        self.runs: Bits = np.unique(runs_of(numbers))
        self.told = len(self.runs) >= LEAST_RUNS
        """Whether the text is long enough to be told by its runs."""
        little, _ = common(article.language)
        self.facts = frozenset(_names(text) if self.told else ()) - little
        self.numbers = frozenset(fact for fact in self.facts if fact[0].isdigit())
        self.vocabulary = frozenset(() if self.told else words(text))

    def containment(self, other: _Text) -> float:
        """Return the part of the smaller text's runs that the larger one has (Broder 1997)."""
        smaller, larger = sorted((self.runs, other.runs), key=len)
        if len(smaller) < max(LEAST_RUNS, LEAST_SIZE * len(larger)):
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


def _names(text: str) -> list[str]:
    """Return the words with a capital letter and the numbers: who, where and how many."""
    found = _NAME.findall(text)
    return [word.casefold() for word in found if word[0].isupper() or word[0].isdigit()]


class Copies:
    """Finds for each article of a window the one that it copies.

    ``borders`` has what is apart by decisions, by id, and comes to know which articles are copies.
    """

    def __init__(
        self,
        window: Sequence[Article],
        times: Floats,
        vocabulary: Vocabulary,
        settings: GroupSettings,
        borders: Borders,
    ) -> None:
        self._window, self._times, self._borders = window, times, borders
        self._copy_at = settings.copy_at
        self._span = settings.window_days * 86400
        self._vocabulary, self._run_number = vocabulary, vocabulary.run_number()
        self._text = lru_cache(maxsize=IN_HAND)(self._whole)

    def of(self, sketches: Sketches) -> dict[str, Copy]:
        """Return the copies among the articles, each with its original: the earliest of the whole
        ones. No original is itself a copy.
        """
        first: dict[int, int] = {}
        longest: dict[int, int] = {}
        families: dict[int, list[tuple[int, float, str]]] = defaultdict(list)
        for later, alike, titled in self._candidates(sketches):
            found = self._by_text(
                later, self._allowed(later, alike), first, longest
            ) or self._by_title(later, self._allowed(later, titled))
            if found is not None:
                other, likeness, rule = found
                founder = first[later] = first.get(other, other)
                families[founder].append((later, likeness, rule))
                self._borders.unite(self._window[founder].id, self._window[later].id)
                if self._holds(later, founder, longest.get(founder, founder)):
                    longest[founder] = later
        copies: dict[str, Copy] = {}
        for founder, family in sorted(families.items()):
            copies.update(self._elected(founder, family))
        return copies

    def _allowed(self, later: int, others: Sequence[int]) -> list[int]:
        """Return those of ``others`` that may be in one story with an article."""
        one, ids = self._window[later].id, self._window
        return [other for other in others if not self._borders.apart(one, ids[other].id)]

    def _whole(self, place: int) -> _Text:
        article = self._window[place]
        numbers = self._vocabulary.numbers(article.text or article.excerpt)
        return _Text(article, self._run_number[numbers])

    def _candidates(self, sketches: Sketches) -> Iterator[tuple[int, list[int], list[int]]]:
        """Give each article that may be a copy, in order, with those that it may copy: by its text,
        by its title.
        """
        if not self._window:
            return
        days = np.array([_day(article) for article in self._window])
        by_text = _by_later(sketches.alike(self._times, self._span))
        by_title = _by_later(sketches.same_title(days, LEAST_TITLE_WORDS))
        for later in sorted(by_text.keys() | by_title.keys()):
            yield later, by_text.get(later, []), by_title.get(later, [])

    def _by_text(
        self,
        later: int,
        candidates: Sequence[int],
        first: Mapping[int, int],
        longest: Mapping[int, int],
    ) -> tuple[int, float, str] | None:
        """Return the likest text that is copied. A copy's copy is compared with the first of its
        family and the longest that holds that one, so that a chain of edits leads nowhere, unless
        the first is too long ago.
        """
        text = self._text(later)
        founders = {first.get(other, other) for other in candidates}
        if all(self._near(later, other) for other in founders):
            others = founders | {longest[other] for other in founders if other in longest}
        else:
            others = set(candidates)
        alike = sorted((-text.containment(self._text(other)), other) for other in others)
        for negative, other in alike:
            if self._is_copy(-negative, text, self._text(other)):
                return other, -negative, "shingles"
        return None

    def _holds(self, later: int, founder: int, longest: int) -> bool:
        """Tell whether a copy has the whole text of its family's first, and is the longest so far:
        the first may itself be cut.
        """
        text = self._text(later)
        if len(text.runs) <= len(self._text(longest).runs):
            return False
        return text.containment(self._text(founder)) >= WHOLE

    def _by_title(self, later: int, candidates: Sequence[int]) -> tuple[int, float, str] | None:
        for other in candidates:
            if self._same_item(later, other):
                return other, 1.0, "title"
        return None

    def _is_copy(self, likeness: float, one: _Text, other: _Text) -> bool:
        if likeness < DOUBTFUL * self._copy_at:
            return False
        facts, numbers = one.exchanged(other)
        if likeness < self._copy_at:
            return not facts and min(len(one.facts), len(other.facts)) >= NAMES_IN_DOUBT
        return facts <= EXCHANGED and numbers <= EXCHANGED_NUMBERS

    def _same_item(self, one: int, other: int) -> bool:
        """Tell whether items of one title and day are one: too short to be compared by their texts,
        and no contradiction in what text there is.
        """
        if words(self._window[one].title) != words(self._window[other].title):
            return False
        its, others = self._text(one), self._text(other)
        if its.told and others.told:
            return False
        smaller = min(len(its.vocabulary), len(others.vocabulary))
        return not smaller or len(its.vocabulary & others.vocabulary) / smaller >= SHORT_ALIKE

    def _near(self, one: int, other: int) -> bool:
        return not abs(self._times[one] - self._times[other]) > self._span

    def _elected(
        self, first: int, family: Sequence[tuple[int, float, str]]
    ) -> Iterator[tuple[str, Copy]]:
        """Give the family's copies, each of the earliest that has (nearly) the whole text."""
        how = {first: (1.0, "shingles")} | {place: (like, rule) for place, like, rule in family}
        sizes = {place: len(self._text(place).runs) for place in how}
        whole = WHOLE * max(sizes.values())
        original = min(place for place, size in sizes.items() if size >= whole)
        how[first] = how[original]
        for place, (likeness, rule) in how.items():
            if place != original:
                copy = Copy(of=self._window[original].id, likeness=round(likeness, 4), rule=rule)
                yield self._window[place].id, copy


def _by_later(candidates: Candidates) -> dict[int, list[int]]:
    """Return for each later article the earlier ones, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    order = np.lexsort((candidates.earlier, candidates.later))
    later, earlier = candidates.later[order].tolist(), candidates.earlier[order].tolist()
    for one, other in zip(later, earlier, strict=True):
        found[one].append(other)
    return found


_NO_DAY = date.min.toordinal()


def _day(article: Article) -> int:
    """Return the day in UTC as a number; the first of the calendar for an article without a date."""
    when = article.moment
    return when.astimezone(UTC).toordinal() if when else _NO_DAY
