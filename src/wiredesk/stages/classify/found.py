"""What is known of one article on the way to its topics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from wiredesk.records.article import Article
from wiredesk.records.judgement import Evidence


@dataclass(slots=True)
class Found:
    """An article with the points of its topics by keywords (by topic's number), what people said of it,
    the topics that the model gave it before, and those that the model gives it now.
    """

    article: Article
    points: dict[int, int] = field(default_factory=dict)
    said: dict[int, bool] = field(default_factory=dict)
    held: frozenset[int] = frozenset()
    given: dict[int, list[Evidence]] = field(default_factory=dict)
    lean: dict[int, int] = field(default_factory=dict)
    """By topic without a parent: what all words of the article say for it, in thousandths of a natural
    logarithm; it puts an article's trees in order."""

    def affirmed(self) -> Iterable[int]:
        """Yield the topics that the article has, by keywords, by the model or by people's word."""
        yield from self.points
        yield from self.given
        yield from (topic for topic, about in self.said.items() if about)
