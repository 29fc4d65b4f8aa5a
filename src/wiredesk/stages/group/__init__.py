"""group: which articles are copies of one another, and which tell of one event.

Over the whole window, in order of time, so that the result depends on the set of articles alone and
late arrivals land where they would have landed in time::

    articles -> words -> copies (runs of words, titles)
                      -> near pairs of the rest, by language -> joined, the likest first -> stories

A copy is always in the story of the article that it copies. Stories that were published keep their
articles and their ids: they are joined from the beginning, may grow, and two of them become one only
when they are clearly one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from wiredesk.config import GroupSettings
from wiredesk.ports.meaning import Meanings, Model
from wiredesk.records.article import Article
from wiredesk.records.identity import story_id
from wiredesk.records.judgement import Membership
from wiredesk.records.vectors import Counting
from wiredesk.records.wording import Places, Vocabulary, blocks
from wiredesk.stages.group.copies import Copies, Copy
from wiredesk.stages.group.joining import Bounds, Joining
from wiredesk.stages.group.near import Pairs, near
from wiredesk.stages.group.sketches import Sketches

_LAST = datetime.max.replace(tzinfo=UTC)
_DAY = 86400.0
LEAD_CHARACTERS = 400
"""Of a text that a model reads: news is told most important first, and reading is dear."""


class Grouping(msgspec.Struct, frozen=True):
    """Where each article belongs (by id), and which published stories became part of another."""

    memberships: tuple[Membership, ...]
    merged: dict[str, str]
    """Id of a published story, and of the older one that it is now part of."""


class Group:
    """Groups a window of articles by the desk's settings, and by a model where there is one."""

    def __init__(self, settings: GroupSettings, model: Model | None = None) -> None:
        self._settings, self._model = settings, model
        self._bounds = Bounds(
            join_at=settings.join_at,
            window=settings.window_days * _DAY,
            sigma=settings.sigma_days * _DAY,
        )

    def __call__(self, articles: Iterable[Article], known: Mapping[str, str] = {}) -> Grouping:
        """Return the grouping of the articles; ``known`` gives the published story of an article.

        A story's id is that of its first article, for life. An article without a date counts as
        published at any time, and as later than every other when the first is sought.
        """
        unique = {article.id: article for article in articles}
        window = sorted(unique.values(), key=_by_time)
        times = np.array([_seconds(article) for article in window])
        words = _Words(window)
        copies = Copies(window, times, words.vocabulary, self._settings).of(words.sketches)
        originals = np.array([article.id not in copies for article in window], dtype=np.bool_)
        pairs = words.near(originals, self._meanings(window, originals))
        joining = Joining(pairs, times, self._bounds)
        for places in _published(window, copies, known):
            joining.unite(places, published=True)
        stories = [places for places in joining.join() if originals[places[0]]]
        return _grouping(window, stories, joining.likeness, copies, known)

    def _meanings(self, window: Sequence[Article], originals: NDArray[np.bool_]) -> Meanings | None:
        """Return what the model says of each article; copies are not asked for."""
        if self._model is None:
            return None
        places = np.flatnonzero(originals)
        read = self._model([_told(window[place]) for place in places.tolist()])
        meanings = np.zeros((len(window), read.shape[1]), dtype=np.int16)
        meanings[places] = read
        return meanings


def _told(article: Article) -> str:
    """Return what a model reads of an article: the title and the beginning of the text."""
    lead = (article.text or article.excerpt)[:LEAD_CHARACTERS]
    return f"{article.title}. {lead}" if lead else article.title


def _by_time(article: Article) -> tuple[datetime, str]:
    return article.moment or _LAST, article.id


def _seconds(article: Article) -> float:
    when = article.moment
    return when.timestamp() if when else np.nan


class _Words:
    """The words of a window, read once: the sketches of its texts, and the counts by language."""

    def __init__(self, window: Sequence[Article]) -> None:
        self.vocabulary = Vocabulary()
        self.sketches = Sketches(self.vocabulary)
        self._counts: list[tuple[Places, Counting]] = []
        by_language: dict[str, list[int]] = defaultdict(list)
        for place, article in enumerate(window):
            by_language[article.language].append(place)
        for language, its in sorted(by_language.items()):
            counting = Counting(self.vocabulary, language)
            places = np.array(its)
            first = 0
            for block in blocks((window[place] for place in its), self.vocabulary):
                last = first + block.size
                self.sketches.add(block, places[first:last])
                counting.add(block)
                first = last
            self._counts.append((places, counting))

    def near(self, originals: NDArray[np.bool_], meanings: Meanings | None) -> Pairs:
        """Return the near pairs among the originals, each language apart. To be asked once."""
        found = []
        while self._counts:  # each is given up as soon as it was used: counts are large
            places, counting = self._counts.pop()
            kept = originals[places]
            its = places[kept]
            meant = None if meanings is None else meanings[its]
            pairs = near(counting.vectors(kept), meant)
            found.append((its[pairs.earlier], its[pairs.later], pairs.common))
        if not found:
            return Pairs.none()
        return Pairs(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _published(
    window: Sequence[Article], copies: Mapping[str, Copy], known: Mapping[str, str]
) -> list[list[int]]:
    """Return the places of the originals of each published story. Two stories that share an
    original (an article of one copies an article of the other) are one.
    """
    place_of = {article.id: place for place, article in enumerate(window)}
    parts: list[set[int]] = []
    by_story: dict[str, set[int]] = defaultdict(set)
    for article in window:
        if article.id in known:
            original = copies[article.id].of if article.id in copies else article.id
            by_story[known[article.id]].add(place_of[original])
    for _, places in sorted(by_story.items()):
        touching = [part for part in parts if part & places]
        parts = [part for part in parts if not part & places]
        parts.append(places.union(*touching))
    return [sorted(part) for part in parts]


def _grouping(
    window: Sequence[Article],
    stories: Sequence[Sequence[int]],
    likeness: Mapping[int, float],
    copies: Mapping[str, Copy],
    known: Mapping[str, str],
) -> Grouping:
    order = {article.id: place for place, article in enumerate(window)}
    copied: dict[str, list[str]] = defaultdict(list)
    for copy, how in copies.items():
        copied[how.of].append(copy)
    memberships: list[Membership] = []
    merged: dict[str, str] = {}
    for places in stories:
        own = [window[place].id for place in places]
        members = sorted(
            [*own, *(copy for one in own for copy in copied[one])], key=order.__getitem__
        )
        older = list(dict.fromkeys(known[member] for member in members if member in known))
        story = older[0] if older else story_id(members[0])
        merged.update((gone, story) for gone in older[1:])
        memberships += (
            _membership(member, story, copies, likeness.get(order[member], 0.0))
            for member in members
        )
    return Grouping(tuple(sorted(memberships, key=lambda one: one.id)), merged)


def _membership(member: str, story: str, copies: Mapping[str, Copy], likeness: float) -> Membership:
    if member in copies:
        how = copies[member]
        return Membership(
            id=member, story=story, duplicate_of=how.of, likeness=how.likeness, rule=how.rule
        )
    likeness = round(likeness, 4)
    return Membership(id=member, story=story, likeness=likeness, rule="terms" if likeness else "")
