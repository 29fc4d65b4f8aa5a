"""Points: how much the hits of a keyword weigh, by where they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from wiredesk.stages.classify.terms import Hit, Term
from wiredesk.stages.classify.text import EXCERPT, TEXT, TITLE, bare

TITLE_POINTS = 6
"""A headline says what the article is about: it outweighs any other single place."""
EXCERPT_POINTS = 4
"""The publisher's own summary: nearly as good, but it has room for asides."""
LEAD_POINTS = 3
"""News is told most important first: the opening of the text names the matter."""
TAG_POINTS = 3
"""The publisher's own tag: a statement, though tags are often broad."""
BODY_POINTS = 1
"""A mention further down; several make a theme."""
BODY_CAP = 4
"""Mentions of one keyword that count below the lead: one word repeated is one argument."""
NEEDED_POINTS = 3
"""What a topic needs: one mention in title, excerpt, lead or tags, or three in the body. A passing
mention deep in a long text is thus not enough."""
LEAD_LENGTH = 500
"""Characters of the text that are its lead: about 80 words, two or three paragraphs of news."""
NEAR = 160
"""Characters within which two keywords speak of the same thing: about a sentence."""


@dataclass(slots=True)
class Tally:
    """All hits of one keyword of one topic, and the points that they earn."""

    term: Term
    sure: bool
    hits: list[Hit] = field(default_factory=list)
    tag: str = ""
    """The article's tag, when that is what was found."""
    points: int = 0
    support: Tally | None = None
    context: tuple[str, ...] | None = None
    """The words around that spoke for it, when it had no other support; they may be none."""


def tallies(hits: Iterable[Hit]) -> list[Tally]:
    """Return the hits by keyword, with their points, in the order of first appearance."""
    found: dict[tuple[Term, bool], Tally] = {}
    for hit in hits:
        found.setdefault((hit.term, hit.sure), Tally(hit.term, hit.sure)).hits.append(hit)
    for tally in found.values():
        tally.points = _points(tally.hits)
    return list(found.values())


def tagged(hashtags: Iterable[str], tags: Mapping[str, Sequence[Term]]) -> list[Tally]:
    """Return what the article's own tags say: a topic's hashtag or one of its strong keywords."""
    found: dict[int, Tally] = {}
    for hashtag in hashtags:
        for term in tags.get(bare(hashtag), ()):
            tally = Tally(term, sure=True, tag=hashtag.strip(), points=TAG_POINTS)
            found.setdefault(term.topic, tally)
    return list(found.values())


def carries(other: Tally, tally: Tally) -> bool:
    """Tell whether ``other`` weighs enough to vouch for ``tally``, or stands near it: a word at the
    end of a long text does not vouch for its headline.
    """
    return other.points >= NEEDED_POINTS or _near(tally, other)


def _points(hits: list[Hit]) -> int:
    where = {hit.place for hit in hits}
    lead = any(hit.place == TEXT and hit.start < LEAD_LENGTH for hit in hits)
    body = sum(hit.place == TEXT and hit.start >= LEAD_LENGTH for hit in hits)
    return (
        TITLE_POINTS * (TITLE in where)
        + EXCERPT_POINTS * (EXCERPT in where)
        + LEAD_POINTS * lead
        + BODY_POINTS * min(body, BODY_CAP)
    )


def _near(tally: Tally, other: Tally) -> bool:
    """Tell whether two keywords stand within ``NEAR`` characters somewhere (hits are in order)."""
    for one in tally.hits:
        after = bisect_right(other.hits, one[:2], key=lambda hit: hit[:2])
        for two in other.hits[max(0, after - 1) : after + 1]:
            gap = max(one.start - two.end, two.start - one.end)
            if one.place == two.place and gap <= NEAR:
                return True
    return False
