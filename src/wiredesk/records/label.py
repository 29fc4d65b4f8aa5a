"""A label: what a person said of an article and a topic."""

from __future__ import annotations

import msgspec


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """An article is about a topic of the pack, or is not. Of two that contradict each other the later
    one in their sequence holds.
    """

    article: str
    """Id of the article."""
    topic: str
    """Name of the topic."""
    about: bool
    source: str = ""
    """Where it was said: the path of a record, the id of a decision."""
