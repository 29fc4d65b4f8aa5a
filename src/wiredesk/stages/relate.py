"""relate: what else to read below an article: the rest of its story, then the same matter.

The rest of the story comes first, the likest first. Then come articles of other stories that are
near in matter, chosen one by one for being both like the article and unlike what is already shown
(maximal marginal relevance, Carbonell and Goldstein 1998), at most one by each provider. No copy of
the article, of its original, or of anything else on the list is ever shown.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wiredesk.config import RelateSettings
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership, Relation
from wiredesk.records.likeness import dot, vectors

CONSIDERED = 60
"""Nearest articles among which the diverse ones are chosen."""
COMMON = 400
"""A term in more articles than this brings no candidates (it still counts in the likeness)."""
TELLING = 48
"""Heaviest terms of an article by which its candidates are found: the cost of an article stays the
same however long it is."""


class Relate:
    """Relates the articles of a window to one another by the desk's settings."""

    def __init__(self, settings: RelateSettings) -> None:
        self._settings = settings

    def __call__(
        self, articles: Iterable[Article], memberships: Iterable[Membership]
    ) -> dict[str, tuple[Relation, ...]]:
        """Return for each article's id what is related to it, best first.

        An article without a membership is a story of its own. Articles in other languages are
        never near in matter: their readers are others.
        """
        unique = {article.id: article for article in articles}
        ordered = [unique[one] for one in sorted(unique)]
        window = _Window(ordered, {member.id: member for member in memberships})
        return {article.id: self._related(article.id, window) for article in ordered}

    def _related(self, one: str, window: _Window) -> tuple[Relation, ...]:
        story = [
            Relation(id=other, score=_fine(likeness), why="story")
            for likeness, other in window.rest_of_story(one)
        ][: self._settings.most]
        room = self._settings.most - len(story)
        return (*story, *self._same_matter(one, window, room))

    def _same_matter(self, one: str, window: _Window, room: int) -> Iterator[Relation]:
        candidates = window.near(one, self._settings.least_likeness)
        chosen: list[str] = []
        providers = {window.domain(one)} - {""}
        while candidates and len(chosen) < room:
            best = max(
                candidates,
                key=lambda other: (self._worth(other, candidates, chosen, window), other),
            )
            likeness = candidates.pop(best)
            if window.domain(best) not in providers:
                chosen.append(best)
                providers |= {window.domain(best)} - {""}
                yield Relation(id=best, score=_fine(likeness), why="likeness")

    def _worth(
        self, other: str, candidates: Mapping[str, float], chosen: Sequence[str], window: _Window
    ) -> float:
        repeated = max((window.likeness(other, shown) for shown in chosen), default=0.0)
        novelty = self._settings.diversity
        return _fine((1 - novelty) * candidates[other] - novelty * repeated)


def _fine(likeness: float) -> float:
    return round(min(1.0, max(0.0, likeness)), 4) if likeness >= 0 else round(likeness, 4)


class _Window:
    """The articles' vectors, who is in which story, and an index to find near ones."""

    def __init__(self, articles: Sequence[Article], memberships: Mapping[str, Membership]) -> None:
        self._articles = {article.id: article for article in articles}
        self._memberships = memberships
        self._stories: dict[str, list[str]] = defaultdict(list)
        for article in articles:
            self._stories[self._story(article.id)].append(article.id)
        found = vectors(articles)
        self._vectors = {one.id: its for one, its in zip(articles, found, strict=True)}
        self._postings: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
        for article in articles:
            if self._original(article.id) == article.id:
                for term, weight in self._vectors[article.id].items():
                    self._postings[article.language, term].append((article.id, weight))

    def domain(self, one: str) -> str:
        """Return who published an article."""
        return self._articles[one].domain

    def likeness(self, one: str, other: str) -> float:
        """Return the cosine of two articles."""
        return dot(self._vectors[one], self._vectors[other])

    def rest_of_story(self, one: str) -> list[tuple[float, str]]:
        """Return the other originals of the story with their likeness, the likest first."""
        others = (
            other
            for other in self._stories[self._story(one)]
            if other not in {one, self._original(one)} and self._original(other) == other
        )
        alike = [(self.likeness(one, other), other) for other in others]
        return sorted(alike, key=lambda pair: (-_fine(pair[0]), pair[1]))

    def near(self, one: str, least: float) -> dict[str, float]:
        """Return the nearest originals of other stories, at most one a story, with their likeness
        of at least ``least``.
        """
        article, vector = self._articles[one], self._vectors[one]
        telling = heapq.nsmallest(TELLING, vector.items(), key=lambda item: (-item[1], item[0]))
        shared: dict[str, float] = defaultdict(float)
        for term, weight in telling:
            postings = self._postings.get((article.language, term), ())
            if len(postings) <= COMMON:
                for other, its in postings:
                    shared[other] += weight * its
        own = self._story(one)
        found = (
            (-_fine(like), other) for other, like in shared.items() if self._story(other) != own
        )
        nearest: dict[str, float] = {}
        for _, other in heapq.nsmallest(CONSIDERED, found):
            likeness = self.likeness(one, other)
            if likeness >= least:
                nearest[other] = likeness
        return self._one_a_story(nearest)

    def _one_a_story(self, nearest: Mapping[str, float]) -> dict[str, float]:
        best: dict[str, str] = {}
        for other in sorted(nearest, key=lambda other: (-_fine(nearest[other]), other)):
            best.setdefault(self._story(other), other)
        return {other: nearest[other] for other in best.values()}

    def _story(self, one: str) -> str:
        member = self._memberships.get(one)
        return member.story if member else one

    def _original(self, one: str) -> str:
        """Return the article that this one copies if it is in the window, else the article."""
        member = self._memberships.get(one)
        original = member.duplicate_of if member else ""
        return original if original in self._articles else one
