"""Keywords: which topics an article's own words name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from wiredesk.records.article import Article
from wiredesk.records.judgement import TopicMatch
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify.context import LANGUAGES, Context
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
        self._context = Context(pack, self.tree)

    def __call__(self, article: Article) -> tuple[TopicMatch, ...]:
        """Return the topics of ``article``: strongest first, every child before its ancestors."""
        if not self._terms:
            return ()
        where = places(article)
        hits = [hit for index, place in enumerate(where) for hit in self._terms.hits(index, place)]
        found = tallies(in_sense(hits, where, self.tree.above))
        found += tagged(article.hashtags, self._terms.tags)
        stands = [
            tally
            for tally in found
            if tally.sure
            or self._supported(tally, found)
            or (article.language in LANGUAGES and self._in_context(tally, where))
        ]
        return self._matches(stands, where)

    def _supported(self, tally: Tally, others: Sequence[Tally]) -> bool:
        """Tell whether another keyword vouches for an ambiguous or a dependent one.

        Any sure keyword of the same tree can. An ambiguous one can vouch for an ambiguous one of its
        own line (the topic, those above and below), since "chip" and "model" together may still be a
        car. Nothing else can for a dependent one, and it for none: a patient in a hospital is no AI.
        """
        for other in others:
            if (
                other.term.bare != tally.term.bare
                and self._related(tally, other)
                and carries(other, tally)
            ):
                tally.support = other
                return True
        return False

    def _in_context(self, tally: Tally, where: Sequence[Place]) -> bool:
        """Tell whether the words around an ambiguous keyword vouch for it. A passing mention deep in
        the text is not worth the look.
        """
        if tally.term.kind == "ambiguous" and tally.points >= NEEDED_POINTS:
            tally.context = self._context.speaks(tally, where)
        return tally.context is not None

    def _related(self, tally: Tally, other: Tally) -> bool:
        mine, theirs = tally.term.topic, other.term.topic
        if other.sure:
            return self.tree.root(mine) == self.tree.root(theirs)
        kinds = {tally.term.kind, other.term.kind}
        return "dependent" not in kinds and self.tree.in_line(mine, theirs)

    def _matches(self, found: Sequence[Tally], where: Sequence[Place]) -> tuple[TopicMatch, ...]:
        by_topic: dict[int, list[Tally]] = defaultdict(list)
        for tally in found:
            by_topic[tally.term.topic].append(tally)
        points = {topic: sum(tally.points for tally in own) for topic, own in by_topic.items()}
        given = {topic: earned for topic, earned in points.items() if earned >= NEEDED_POINTS}
        lines = {topic: evidence(own, where) for topic, own in by_topic.items()}
        return self.tree.matches(given, given, lines)
