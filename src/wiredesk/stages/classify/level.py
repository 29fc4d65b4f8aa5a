"""A level of the tree: topics under one parent, or without any, that compete for articles."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wiredesk.config import ClassifySettings
from wiredesk.records.judgement import Evidence
from wiredesk.stages.classify.bags import Bags, Integers
from wiredesk.stages.classify.fields import fields, named
from wiredesk.stages.classify.found import Found
from wiredesk.stages.classify.model import THOUSAND, WHOLE, Model, Taught, learn
from wiredesk.stages.classify.tree import Tree
from wiredesk.stages.classify.witness import witnesses

POINTS_WEIGH = 2500
"""What the logarithm of a topic's points weighs beside the words' evidence, in thousandths: an article
with many points for one tree and many words for another is put in order by both."""


def strength(found: Found, topic: int, root: int) -> int:
    """Return how strongly an article belongs to ``topic``, by its points and by the words' evidence."""
    points = found.points.get(topic, 0)
    return round(POINTS_WEIGH * math.log1p(points)) + found.lean.get(root, 0)


class Level:
    """The articles ``found`` (whose ``bags`` these are) before the topics of one level."""

    def __init__(
        self,
        tree: Tree,
        topics: Sequence[int],
        found: Sequence[Found],
        bags: Bags,
        settings: ClassifySettings,
    ) -> None:
        self._tree, self._found, self._bags, self._settings = tree, found, bags, settings
        self._top = not tree.above[topics[0]]
        self._shares = np.array([self._share(one, topics) for one in found], dtype=np.int64)
        self._silent = ~np.array([self._speaks(one, topics) for one in found], dtype=bool)
        self._words = [self._lexicon(topic) for topic in topics]
        able = self._able()
        self._topics = [topics[place] for place in able]
        self._words = [self._words[place] for place in able]
        self._shares = self._shares[:, able]

    def decide(self) -> None:
        """Let the model learn, and give topics to the articles that keywords leave silent."""
        if not self._topics:
            return
        taken = frozenset().union(*self._words)
        others = (
            [field.stems for field in fields() if not field.stems <= taken] if self._top else []
        )
        taught = self._taught()
        model = learn(self._bags, self._shares, self._silent, self._words, others, taught=taught)
        odds = self._with_what_was_said(model.odds)
        best = odds.argmax(axis=1)
        rows = np.arange(len(best))
        likely = odds[rows, best] >= round(self._settings.margin * THOUSAND)
        likely &= _apart(model.score, odds, best) > 0  # it is not only the most usual one
        for row, one in enumerate(self._found):
            if self._top:
                scores = model.score[row].tolist()
                one.lean = dict(zip(self._topics, scores, strict=True))
            if likely[row] and (self._silent[row] or self._outweighs(one, int(best[row]))):
                one.given[self._topics[best[row]]] = self._evidence(model, row, int(best[row]))

    def _able(self) -> list[int]:
        """Return the places of the topics of which enough is known to learn from."""
        once = self._bags.twin == np.arange(self._bags.size)
        examples = (self._shares[once] * 2 >= WHOLE).sum(axis=0)
        return [
            place
            for place, words in enumerate(self._words)
            if words or examples[place] >= self._settings.least
        ]

    def _lexicon(self, topic: int) -> frozenset[str]:
        """Return the words of the fields of news that a topic is the whole of, by its name."""
        if not self._top:
            return frozenset()
        return frozenset().union(*(field.stems for field in named(self._tree.topics[topic].name)))

    def _within(self, one: int, topic: int) -> bool:
        return one == topic or topic in self._tree.above[one]

    def _points(self, found: Found, topic: int) -> int:
        """Return the points of a topic or of the strongest below it."""
        return max(
            (points for one, points in found.points.items() if self._within(one, topic)), default=0
        )

    def _is_said(self, found: Found, topic: int) -> bool:
        return any(about and self._within(one, topic) for one, about in found.said.items())

    def _speaks(self, found: Found, topics: Sequence[int]) -> bool:
        """Tell whether keywords or people say which of the topics an article is about."""
        return any(self._points(found, topic) or self._is_said(found, topic) for topic in topics)

    def _share(self, found: Found, topics: Sequence[int]) -> list[int]:
        """Return how much of an article each topic has, in sixteenths: by the squares of its points, so
        that the strongest has the most; what people said outweighs points.
        """
        said = [self._is_said(found, topic) for topic in topics]
        if any(said):
            return [WHOLE * one // sum(said) for one in said]
        squares = [
            0 if found.said.get(topic) is False else self._points(found, topic) ** 2
            for topic in topics
        ]
        total = max(1, sum(squares))
        return [round(WHOLE * square / total) for square in squares]

    def _taught(self) -> Taught:
        """Return what people said of these topics as counts."""
        weight, bags = self._settings.label_weight, self._bags
        times = np.ones(bags.size, dtype=np.int64)
        against = np.zeros((len(self._topics), len(bags.vocabulary)), dtype=np.int64)
        for row, one in enumerate(self._found):
            if not one.said:
                continue
            if any(self._is_said(one, topic) for topic in self._topics):
                times[row] += weight
            words = bags.of_row(row)
            for place, topic in enumerate(self._topics):
                if one.said.get(topic) is False:
                    against[place, bags.words[words]] += bags.units[words] * WHOLE * weight
        return Taught(times=times, against=against)

    def _with_what_was_said(self, odds: Integers) -> Integers:
        """Return the odds with what holds by itself: a topic that an article had is not taken away for
        a little, one that people denied is not given.
        """
        hold = round(self._settings.hold * THOUSAND)
        never = np.iinfo(np.int64).min // 2
        odds = odds.copy()
        place = {topic: at for at, topic in enumerate(self._topics)}
        for row, one in enumerate(self._found):
            for topic in one.held & place.keys():
                odds[row, place[topic]] += hold
            for topic, about in one.said.items():
                if topic in place and not about:
                    odds[row, place[topic]] = never
        return odds

    def _outweighs(self, found: Found, best: int) -> bool:
        """Tell whether the words of an article say more for a tree of which no keyword speaks than its
        keywords and the words say together for any other.
        """
        topic = self._topics[best]
        if not self._top or found.said or self._points(found, topic):
            return False
        named_ones = [one for one in self._topics if self._points(found, one)]
        held = round(self._settings.hold * THOUSAND) * (topic in found.held)
        return all(
            found.lean[topic] + held
            > found.lean[one] + round(POINTS_WEIGH * math.log1p(self._points(found, one)))
            for one in named_ones
        )

    def _evidence(self, model: Model, row: int, place: int) -> list[Evidence]:
        found = self._found[row]
        lines = witnesses(found.article, self._bags, row, model, place)
        if self._topics[place] in found.held and model.odds[row, place] < round(
            self._settings.margin * THOUSAND
        ):
            lines.append(
                Evidence(
                    keyword="given before", place="model", rule="held", weight=self._settings.hold
                )
            )
        return lines


def _apart(score: Integers, odds: Integers, best: Integers) -> Integers:
    """Return how much more the words say for the best topic than for the next likely one, if any."""
    rows = np.arange(len(best))
    if odds.shape[1] == 1:
        return score[rows, best]
    others = odds.copy()
    others[rows, best] = np.iinfo(np.int64).min
    return np.asarray(score[rows, best] - score[rows, others.argmax(axis=1)], dtype=np.int64)
