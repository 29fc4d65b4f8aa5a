"""What stands before likeness has a say: what was published, and what editors decided.

Decisions come first, then published stories, then copies; what contradicts an earlier one of these is
refused, and an article for which a published story has no place any more finds its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from wiredesk.records.borders import Borders
from wiredesk.records.decided import Decided


class Standing:
    """The published story of each article, and which articles are one story or never are.

    ``articles`` are ids in order of time; ``known`` has the published story of an article, and may know
    of others.
    """

    def __init__(self, articles: Sequence[str], known: Mapping[str, str], decided: Decided) -> None:
        self.decided = decided
        self.known = frozenset(known.values())
        """Ids of all stories that were published."""
        left = {one for mention in decided.moved.values() for one in (mention.was, mention.now)}
        self.taken = self.known.union(decided.claims.values(), left)
        """Ids that no other story may have."""
        self.stories = decided.settled(known, articles)
        """By article, as long as a story has a place for it."""
        self.borders = self._borders(articles)
        while stray := self._strays():
            for article in stray:
                del self.stories[article]
            self.borders = self._borders(articles)

    def _borders(self, articles: Sequence[str]) -> Borders:
        """Return what decisions put together and apart, and what left a story apart from whoever is in
        it.
        """
        borders, decided = Borders(), self.decided
        for one, other in decided.together:
            borders.unite(one, other)
        for one, other in decided.apart:
            borders.part(one, other)
        leavers = {
            article: (mention.was, mention.now)
            for article in (articles if decided.moved else ())
            if (mention := decided.moved.get(article)) is not None and mention.leaves
        }
        inside: dict[str, list[str]] = defaultdict(list)
        for article in articles if leavers else ():
            for story in {self.stories.get(article, ""), decided.claims.get(article, "")} - {""}:
                inside[story].append(article)
        for article, left in leavers.items():
            for other in {*inside[left[0]], *inside[left[1]]}:
                borders.part(article, other)
        return borders

    def _strays(self) -> list[str]:
        """Let published stories be one, and return the articles that cannot be in theirs."""
        first: dict[str, str] = {}
        return [
            article
            for article, story in self.stories.items()
            if not self.borders.unite(first.setdefault(story, article), article)
        ]

    def published(self, members: Sequence[str]) -> list[str]:
        """Return the published stories that ``members`` are told by, each once, in their order; those
        that a decision is only about to make come last.
        """
        found = dict.fromkeys(self.stories[one] for one in members if one in self.stories)
        return sorted(found, key=lambda story: story not in self.known)

    def together(self, articles: Iterable[str]) -> dict[str, list[str]]:
        """Return those of ``articles`` that are one, by what stands for them in ``borders``."""
        found: dict[str, list[str]] = defaultdict(list)
        for article in articles:
            found[self.borders.root(article)].append(article)
        return found
