"""Topics: the whole way of a set of articles, keywords first, then the learned part over the set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from wiredesk.config import ClassifySettings
from wiredesk.records.article import Article
from wiredesk.records.judgement import Evidence, TopicMatch
from wiredesk.records.label import Label
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify.found import Found
from wiredesk.stages.classify.keywords import Classify
from wiredesk.stages.classify.learned import fill
from wiredesk.stages.classify.level import strength

BY_MODEL = "model"
"""The rule of a topic that the model gave."""
BY_LABEL = "label"
"""The rule of a topic that a person gave."""

_NOT_KEYWORDS = frozenset({"child", "held", BY_MODEL, BY_LABEL})

NO_SETTINGS = ClassifySettings()


def topics_of(
    articles: Sequence[Article],
    pack: TopicPack,
    *,
    labels: Sequence[Label] = (),
    settings: ClassifySettings = NO_SETTINGS,
) -> dict[str, tuple[TopicMatch, ...]]:
    """Return the topics of each article by its id: strongest first, every child before its ancestors.

    The result is a function of the set of articles, the pack, the labels and the settings: the order
    of the articles has no say. Ids are unique. ``labels`` of articles that are not in the set are
    passed over, as are those of topics that are not in the pack.
    """
    topics = Topics(pack, settings)
    return topics({article.id: (article, topics.named(article)) for article in articles}, labels)


def by_keywords(matches: Sequence[TopicMatch]) -> tuple[TopicMatch, ...]:
    """Return of an article's topics those that its keywords earned, with their own evidence."""
    return tuple(
        msgspec.structs.replace(match, evidence=_of_keywords(match))
        for match in matches
        if match.points
    )


def _of_keywords(match: TopicMatch) -> tuple[Evidence, ...]:
    return tuple(line for line in match.evidence if line.rule not in _NOT_KEYWORDS)


class Topics:
    """Gives the articles of a set their topics."""

    def __init__(self, pack: TopicPack, settings: ClassifySettings = NO_SETTINGS) -> None:
        self.named = Classify(pack)
        """The topics that an article's keywords name, the model left aside."""
        self._tree, self._settings = self.named.tree, settings

    def __call__(
        self,
        named: Mapping[str, tuple[Article, tuple[TopicMatch, ...]]],
        labels: Sequence[Label] = (),
        before: Mapping[str, Sequence[TopicMatch]] | None = None,
    ) -> dict[str, tuple[TopicMatch, ...]]:
        """Return the topics of each article. ``named`` has the articles by id, each with the topics that
        its keywords name; ``before`` the topics that they had: the model gives none up for a little.
        """
        said = self._said(labels)
        found = {
            name: Found(
                article=article,
                points={self._tree.number[one.topic]: one.points for one in matches if one.points},
                said=said.get(name, {}),
                held=self._by_model((before or {}).get(name, ())),
            )
            for name, (article, matches) in sorted(named.items())
        }
        if self._settings.model:
            fill(self._tree, list(found.values()), self._settings)
        sources = {(label.article, label.topic): label.source for label in labels}
        return {name: self._matches(one, named[name][1], sources) for name, one in found.items()}

    def _said(self, labels: Sequence[Label]) -> dict[str, dict[int, bool]]:
        said: dict[str, dict[int, bool]] = defaultdict(dict)
        for label in labels:
            number = self._tree.number.get(label.topic)
            if number is not None:
                said[label.article][number] = label.about
        return said

    def _by_model(self, before: Sequence[TopicMatch]) -> frozenset[int]:
        return frozenset(
            self._tree.number[match.topic]
            for match in before
            if match.topic in self._tree.number
            and any(line.rule == BY_MODEL for line in match.evidence)
        )

    def _matches(
        self,
        found: Found,
        named: tuple[TopicMatch, ...],
        sources: Mapping[tuple[str, str], str],
    ) -> tuple[TopicMatch, ...]:
        """Return an article's topics: by keywords, by the model, and as people said."""
        given = {
            topic: strength(found, topic, self._tree.root(topic))
            for topic in (*found.points, *found.given)
        }
        evidence = {self._tree.number[match.topic]: _of_keywords(match) for match in named}
        evidence |= {topic: tuple(lines) for topic, lines in found.given.items()}
        matches = self._tree.matches(given, found.points, evidence)
        return self._as_said(found, matches, sources) if found.said else matches

    def _as_said(
        self,
        found: Found,
        matches: tuple[TopicMatch, ...],
        sources: Mapping[tuple[str, str], str],
    ) -> tuple[TopicMatch, ...]:
        """Return the topics that people gave in the order in which they gave them, then the others,
        without those that they took away and what is below these.
        """
        names = self._tree.topics
        before = {match.topic: match for match in matches}
        given: dict[str, TopicMatch] = {}
        for topic in (topic for topic, about in found.said.items() if about):
            name = names[topic].name
            line = Evidence(
                keyword=name,
                place=sources.get((found.article.id, name)) or "label",
                rule=BY_LABEL,
            )
            known = before.get(name)
            given[name] = TopicMatch(
                topic=name,
                evidence=(line, *(known.evidence if known else ())),
                points=known.points if known else 0,
            )
        for topic in [topic for topic, about in found.said.items() if about]:
            for above in self._tree.above[topic]:
                child = Evidence(keyword=names[topic].name, place="topic", rule="child")
                match = TopicMatch(topic=names[above].name, evidence=(child,))
                before.setdefault(match.topic, match)
        denied = {topic for topic, about in found.said.items() if not about}
        rest = [
            match
            for name, match in before.items()
            if name not in given and not denied & {self._tree.number[name], *self._above(name)}
        ]
        return (*given.values(), *rest)

    def _above(self, name: str) -> tuple[int, ...]:
        return self._tree.above[self._tree.number[name]]
