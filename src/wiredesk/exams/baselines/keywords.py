"""Topics by keywords, the two ways that are in use: as substrings, and as whole words."""

from __future__ import annotations

import re

from wiredesk.records.topic import TopicPack


class Substrings:
    """The topic most of whose keywords are anywhere in the text, by count."""

    def __init__(self, pack: TopicPack) -> None:
        self._keywords = {
            topic.name: [word.removeprefix("!").lower() for word in topic.keywords]
            for topic in pack.topics
        }

    def __call__(self, text: str) -> str:
        """Return a topic; empty where no keyword is found."""
        said = text.lower()
        return _most({name: sum(map(said.count, its)) for name, its in self._keywords.items()})


class WholeWords:
    r"""The same by whole words (``\b``), case aside."""

    def __init__(self, pack: TopicPack) -> None:
        self._patterns = {
            topic.name: re.compile(
                "|".join(
                    rf"\b{re.escape(word.removeprefix('!').lower())}\b" for word in topic.keywords
                )
                or r"(?!)"
            )
            for topic in pack.topics
        }

    def __call__(self, text: str) -> str:
        """Return a topic; empty where no keyword is found."""
        said = text.lower()
        return _most({name: len(its.findall(said)) for name, its in self._patterns.items()})


def _most(counts: dict[str, int]) -> str:
    best = max(counts, key=counts.__getitem__, default="")
    return best if counts.get(best) else ""
