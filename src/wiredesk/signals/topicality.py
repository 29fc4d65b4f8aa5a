"""How much an article is about one of the desk's topics, 0 to 14 points.

A topic in the title is what the article is about; one in the text alone is mentioned in passing.
More topics are not more quality: a round-up names many.

Better: a topic found in the title rather than the summary, there rather than in the text alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from wiredesk.ports.signal import Standing
from wiredesk.records.judgement import LedgerLine

IN_TITLE, IN_EXCERPT, IN_TEXT = 14, 10, 5
_PLACES = (
    ("title", IN_TITLE, "names the topic {topic} in its title"),
    ("excerpt", IN_EXCERPT, "names the topic {topic} in its summary"),
)


def lines(standing: Standing) -> Iterable[LedgerLine]:
    """Give the points of the most prominent place in which a topic was found."""
    if not standing.topics:
        return
    for place, points, reason in _PLACES:
        for match in standing.topics:
            if any(evidence.place == place for evidence in match.evidence):
                told = "it " + reason.format(topic=match.topic)
                yield LedgerLine(signal="topic", points=points, reason=told)
                return
    told = f"it mentions the topic {standing.topics[0].topic}"
    yield LedgerLine(signal="topic", points=IN_TEXT, reason=told)
