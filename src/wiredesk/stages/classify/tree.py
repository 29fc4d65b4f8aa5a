"""The tree of a pack: what stands above a topic, and in which order topics are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wiredesk.records.judgement import Evidence, TopicMatch
from wiredesk.records.topic import TopicPack


class Tree:
    """The topics of a pack by number. A parent that is not in the pack is passed over."""

    def __init__(self, pack: TopicPack) -> None:
        self.topics = pack.topics
        self.number = {topic.name: index for index, topic in enumerate(pack.topics)}
        self.above = [
            tuple(
                self.number[above] for above in pack.ancestors(topic.name) if above in self.number
            )
            for topic in pack.topics
        ]
        """Numbers of the topics above each, nearest first."""

    def root(self, topic: int) -> int:
        """Return the topic at the top of the tree that ``topic`` is in."""
        above = self.above[topic]
        return above[-1] if above else topic

    def in_line(self, one: int, other: int) -> bool:
        """Tell whether two topics are the same, or one stands above the other."""
        return one == other or one in self.above[other] or other in self.above[one]

    def matches(
        self,
        strength: Mapping[int, float],
        points: Mapping[int, int],
        evidence: Mapping[int, Sequence[Evidence]],
    ) -> tuple[TopicMatch, ...]:
        """Return the topics that have a ``strength`` and those above them, in record order: by
        strength, every topic before its ancestors, of equals the first in the pack.
        """
        given = sorted(
            strength, key=lambda topic: (-strength[topic], self.topics[topic].order, topic)
        )
        return tuple(
            TopicMatch(
                topic=self.topics[topic].name,
                points=points.get(topic, 0),
                evidence=(
                    *evidence.get(topic, ()),
                    *(
                        Evidence(keyword=self.topics[child].name, place="topic", rule="child")
                        for child in given
                        if self._brings(child, topic, given)
                    ),
                ),
            )
            for topic in self._in_order(given)
        )

    def _brings(self, child: int, topic: int, given: Sequence[int]) -> bool:
        """Tell whether ``child`` brings ``topic``, no other given topic standing between them."""
        above = self.above[child]
        return topic in above and not any(a in given for a in above[: above.index(topic)])

    def _in_order(self, given: Sequence[int]) -> list[int]:
        """Return the given topics and their ancestors: by strength, but a child before its ancestors."""
        ordered: list[int] = []
        waiting = [topic for topic in given if not any(topic in self.above[o] for o in given)]
        for position, leaf in enumerate(waiting):
            later = {above for other in waiting[position + 1 :] for above in self.above[other]}
            ordered.append(leaf)
            ordered.extend(
                above for above in self.above[leaf] if above not in later and above not in ordered
            )
        return ordered
