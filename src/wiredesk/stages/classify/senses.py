"""Senses: which hits mean what the pack means, and which are something or somebody else.

Exclusions, longer phrases and names take hits away here; what an ambiguous word needs besides is in
``points`` (a second keyword) and ``context`` (the words around).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from wiredesk.stages.classify.shape import is_name
from wiredesk.stages.classify.terms import Hit
from wiredesk.stages.classify.text import TITLE, Place


def in_sense(
    hits: Sequence[Hit], places: Sequence[Place], above: Sequence[tuple[int, ...]]
) -> list[Hit]:
    """Return the hits that no exclusion, longer phrase or name takes away.

    ``above`` has the topics above each topic: an exclusion holds for the topics below too.
    """
    kept, excluded = _part_excluded(hits, above)
    return _drop_names(_drop_covered(kept), excluded, places)


class _Phrases:
    """Excluded phrases by topic and place, to ask whether one covers a hit without reading all."""

    def __init__(self, phrases: Iterable[Hit]) -> None:
        self.starts: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._reach: dict[tuple[int, int], list[int]] = defaultdict(list)
        for phrase in sorted(phrases, key=lambda phrase: phrase.start):
            key = (phrase.term.topic, phrase.place)
            furthest = self._reach[key][-1] if self._reach[key] else 0
            self.starts[key].append(phrase.start)
            self._reach[key].append(max(furthest, phrase.end))

    def cover(self, topic: int, hit: Hit) -> bool:
        """Tell whether a phrase that begins at or before the hit reaches to its end or beyond."""
        key = (topic, hit.place)
        before = bisect_right(self.starts.get(key, ()), hit.start)
        return before > 0 and self._reach[key][before - 1] >= hit.end


def _part_excluded(
    hits: Sequence[Hit], above: Sequence[tuple[int, ...]]
) -> tuple[list[Hit], list[Hit]]:
    """Part the hits from those that an exclusion of their topic, or of one above it, covers."""
    phrases = _Phrases(hit for hit in hits if hit.term.kind == "exclude")
    if not phrases.starts:
        return list(hits), []
    kept: list[Hit] = []
    out: list[Hit] = []
    for hit in hits:
        if hit.term.kind != "exclude":
            topics = (hit.term.topic, *above[hit.term.topic])
            (out if any(phrases.cover(topic, hit) for topic in topics) else kept).append(hit)
    return kept, out


def _drop_covered(hits: list[Hit]) -> list[Hit]:
    """Drop hits inside a longer one that explains them: a phrase of their own topic, which is then
    counted once, and for an ambiguous word ("model" in "language model") a phrase of any topic.
    """
    kept: list[Hit] = []
    widest: dict[tuple[int, int | None], Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.place, hit.start, -hit.end)):
        # Sorted thus, a hit lies in an earlier one if, and only if, in the one that reaches furthest.
        own, anyone = (hit.place, hit.term.topic), (hit.place, None)
        longer = widest.get(own if hit.sure else anyone)
        if longer is None or hit.end > longer.end or hit[:3] == longer[:3]:
            kept.append(hit)
        for key in (own, anyone):
            if key not in widest or hit.end > widest[key].end:
                widest[key] = hit
    return kept


def _drop_names(hits: list[Hit], excluded: list[Hit], places: Sequence[Place]) -> list[Hit]:
    """Drop ambiguous hits that are part of somebody's name, and those that then mean that person.

    A text gives a full name at first mention ("Ai Weiwei") and a part of it later ("Ai"): if the
    first hit of a keyword in excerpt or text is a name, or is excluded, none of its hits counts.
    """
    starts = {(hit.place, hit.start) for hit in hits}
    ends = {(hit.place, hit.end) for hit in hits}
    out = set(excluded)
    out.update(
        hit for hit in hits if not hit.sure and is_name(hit, places[hit.place], starts, ends)
    )
    first: dict[tuple[str, int], Hit] = {}
    for hit in sorted((*hits, *excluded), key=lambda hit: (hit.place, hit.start, -hit.end)):
        first.setdefault((hit.term.said, hit.place), hit)
    others = {said for (said, place), hit in first.items() if place != TITLE and hit in out}
    return [hit for hit in hits if hit.sure or (hit not in out and hit.term.said not in others)]
