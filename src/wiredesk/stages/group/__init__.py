"""group: which articles are copies of one another, and which tell of one event.

Over the whole window, in order of time, so that the result depends on the set of articles alone and
late arrivals land where they would have landed in time::

    articles -> words -> copies (runs of words, titles)
                      -> near pairs of the rest, by language -> joined, the likest first -> stories

A copy is always in the story of the article that it copies. Stories that were published keep their
articles and their ids: they are joined from the beginning, may grow, and two of them become one only
when they are clearly one. What editors decided goes before all of that (``records.decided``).
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
from wiredesk.records.decided import NOTHING, Decided
from wiredesk.records.identity import fresh_story_id
from wiredesk.records.judgement import Membership
from wiredesk.records.vectors import Counting
from wiredesk.records.wording import Places, Vocabulary, blocks
from wiredesk.stages.group.copies import Copies, Copy
from wiredesk.stages.group.joining import Bounds, Joining
from wiredesk.stages.group.near import Pairs, near
from wiredesk.stages.group.sketches import Sketches
from wiredesk.stages.group.standing import Standing

_LAST = datetime.max.replace(tzinfo=UTC)
_DAY = 86400.0
LEAD_CHARACTERS = 400
"""Of a text that a model reads: news is told most important first, and reading is dear."""


class Grouping(msgspec.Struct, frozen=True):
    """Where each article belongs (by id), and which published stories became part of another."""

    memberships: tuple[Membership, ...]
    merged: dict[str, str]
    """Id of a published story, and of the older one that it is now part of."""
    split: dict[str, str] = {}
    """Id of a story that decisions made, and of the one that its articles were taken out of."""


class Group:
    """Groups a window of articles by the desk's settings, and by a model where there is one."""

    def __init__(self, settings: GroupSettings, model: Model | None = None) -> None:
        self._settings, self._model = settings, model
        self._bounds = Bounds(
            join_at=settings.join_at,
            window=settings.window_days * _DAY,
            sigma=settings.sigma_days * _DAY,
        )

    def __call__(
        self,
        articles: Iterable[Article],
        known: Mapping[str, str] = {},
        decided: Decided = NOTHING,
    ) -> Grouping:
        """Return the grouping of the articles; ``known`` gives the published story of an article,
        ``decided`` what editors said.

        A story's id is that of its first article, for life. An article without a date counts as
        published at any time, and as later than every other when the first is sought.

        What was decided holds, whatever the articles say: articles that were merged are one story,
        those that were parted never share one, nor is one a copy of the other. Of stories that become
        one the older keeps its id; a story that loses articles keeps its own. The articles that
        leave by a split have the id that it names, one that leaves alone that of its own story, or,
        if it opened the story that it leaves, a new one for life.
        """
        unique = {article.id: article for article in articles}
        window = sorted(unique.values(), key=_by_time)
        standing = Standing([article.id for article in window], known, decided)
        times = np.array([_seconds(article) for article in window])
        words = _Words(window)
        finding = Copies(window, times, words.vocabulary, self._settings, standing.borders)
        copies = finding.of(words.sketches)
        originals = np.array([article.id not in copies for article in window], dtype=np.bool_)
        pairs = words.near(originals, self._meanings(window, originals))
        united, apart = _places(window, standing, copies)
        joining = Joining(pairs, times, self._bounds, apart)
        for places in united:
            joining.unite(places, published=True)
        stories = [places for places in joining.join() if originals[places[0]]]
        return _grouping(window, stories, joining.likeness, copies, standing)

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


def _places(
    window: Sequence[Article], standing: Standing, copies: Mapping[str, Copy]
) -> tuple[list[list[int]], list[tuple[list[int], list[int]]]]:
    """Return the places of the originals of each story that stands, and of those that are apart. Two
    published stories that share an original (an article of one copies an article of the other) are
    one by now.
    """
    place_of = {article.id: place for place, article in enumerate(window)}
    together = standing.together(place_of)
    originals = {
        root: [place_of[one] for one in articles if one not in copies]
        for root, articles in together.items()
    }
    united = [
        places
        for root, places in originals.items()
        if len(places) > 1 or standing.published(together[root])
    ]
    apart = [
        (originals[here], originals[there])
        for here, there in standing.borders.pairs()
        if here in originals and there in originals
    ]
    return united, apart


def _grouping(
    window: Sequence[Article],
    stories: Sequence[Sequence[int]],
    likeness: Mapping[int, float],
    copies: Mapping[str, Copy],
    standing: Standing,
) -> Grouping:
    order = {article.id: place for place, article in enumerate(window)}
    copied: dict[str, list[str]] = defaultdict(list)
    for copy, how in copies.items():
        copied[how.of].append(copy)
    memberships: list[Membership] = []
    merged: dict[str, str] = {}
    split: dict[str, str] = {}
    taken = set(standing.taken)
    for places in stories:
        own = [window[place].id for place in places]
        members = sorted(
            [*own, *(copy for one in own for copy in copied[one])], key=order.__getitem__
        )
        older = standing.published(members)
        story = standing.decided.eldest(older) if older else fresh_story_id(members[0], taken)
        taken.add(story)
        merged.update((gone, story) for gone in older if gone in standing.known and gone != story)
        if story not in standing.known:
            split.update((story, left) for left in standing.decided.left_behind(story, members))
        for member in members:
            by = standing.decided.by(member, story)
            like = likeness.get(order[member], 0.0)
            memberships.append(_membership(member, story, copies.get(member), like, by))
    return Grouping(tuple(sorted(memberships, key=lambda one: one.id)), merged, split)


def _membership(member: str, story: str, copy: Copy | None, likeness: float, by: str) -> Membership:
    if copy is not None:
        return Membership(
            id=member,
            story=story,
            duplicate_of=copy.of,
            likeness=copy.likeness,
            rule=copy.rule,
            by=by,
        )
    likeness = round(likeness, 4)
    rule = "terms" if likeness else ""
    return Membership(id=member, story=story, likeness=likeness, rule=rule, by=by)
