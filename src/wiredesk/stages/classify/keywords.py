"""Keywords: which topics an article's own words name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from wiredesk.records.article import Article
from wiredesk.records.judgement import TopicMatch
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify.evidence import evidence
from wiredesk.stages.classify.points import NEEDED_POINTS, Tally, carries, tagged, tallies
from wiredesk.stages.classify.senses import in_sense
from wiredesk.stages.classify.terms import Terms
from wiredesk.stages.classify.text import Place, places
from wiredesk.stages.classify.tree import Tree

Classifier = Callable[[Article], tuple[TopicMatch, ...]]
"""Any function from an article to its topics: it can stand in for, or wrap, ``Classify``."""


class Classify:
    """Gives an article its topics by the keywords and hashtags of ``pack``.

    A topic without keywords and hashtags never matches by itself; its children still bring it.
    """

    def __init__(self, pack: TopicPack) -> None:
        self.tree = Tree(pack)
        self._terms = Terms(pack)

    def __call__(self, article: Article) -> tuple[TopicMatch, ...]:
        """Return the topics of ``article``: strongest first, every child before its ancestors."""
        if not self._terms:
            return ()
        where = places(article)
        hits = [hit for index, place in enumerate(where) for hit in self._terms.hits(index, place)]
        found = tallies(in_sense(hits, where, self.tree.above))
        found += tagged(article.hashtags, self._terms.tags)
        return self._matches([tally for tally in found if self._stands(tally, found)], where)

    def _stands(self, tally: Tally, others: Sequence[Tally]) -> bool:
        """Tell whether a keyword keeps its topic's sense: by itself, or supported by another one.

        Any sure keyword of the same tree can support; an ambiguous one only within its own line
        (the topic, those above and below), since "chip" and "model" together may still be a car.
        """
        if tally.sure:
            return True
        for other in others:
            if (
                other.term.bare != tally.term.bare
                and self._related(tally, other)
                and carries(other, tally)
            ):
                tally.support = other
                return True
        return False

    def _related(self, tally: Tally, other: Tally) -> bool:
        mine, theirs = tally.term.topic, other.term.topic
        if other.sure:
            return self.tree.root(mine) == self.tree.root(theirs)
        return self.tree.in_line(mine, theirs)

    def _matches(self, found: Sequence[Tally], where: Sequence[Place]) -> tuple[TopicMatch, ...]:
        by_topic: dict[int, list[Tally]] = defaultdict(list)
        for tally in found:
            by_topic[tally.term.topic].append(tally)
        points = {topic: sum(tally.points for tally in own) for topic, own in by_topic.items()}
        given = {topic: earned for topic, earned in points.items() if earned >= NEEDED_POINTS}
        lines = {topic: evidence(own, where) for topic, own in by_topic.items()}
        return self.tree.matches(given, given, lines)
