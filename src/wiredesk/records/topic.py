"""A topic pack: the nodes that a desk is about."""

from __future__ import annotations

import msgspec


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the pack.

    Keywords: ``!word`` is ambiguous (needs support); one with a capital letter is matched with its
    case, one without in any case. ``exclude`` lists phrases that take a hit away.
    """

    name: str
    shortname: str = ""
    parent: str = ""
    """Name of the topic above, or empty."""
    description: str = ""
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    order: int = 0


class TopicPack(msgspec.Struct, frozen=True):
    """All topics of a desk in their stated order. Parents exist and make no cycle."""

    topics: tuple[Topic, ...] = ()

    def named(self, name: str) -> Topic | None:
        """Return the topic of that name, or None."""
        return next((topic for topic in self.topics if topic.name == name), None)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Return the names above ``name``, nearest first; () for a root or an unknown name."""
        by_name = {topic.name: topic for topic in self.topics}
        above: list[str] = []
        topic = by_name.get(name)
        while topic is not None and topic.parent and topic.parent not in above:
            above.append(topic.parent)
            topic = by_name.get(topic.parent)
        return tuple(above)
