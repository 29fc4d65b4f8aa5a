"""group: which articles are copies of one another, and which tell of one event.

Two passes over the whole window, each in order of time, so that the result depends on the set of
articles alone and late arrivals land where they would have landed in time:

    articles -> copies (shingles, titles) -> stories (agglomeration of the rest) -> memberships

A copy is always in the story of the article that it copies. Stories that were published keep their
articles and their ids: they enter the second pass as they are, may grow, and two of them become one
only when they are clearly one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article
from wiredesk.records.identity import story_id
from wiredesk.records.judgement import Membership
from wiredesk.records.likeness import moment
from wiredesk.stages.group.copies import Copies, Copy
from wiredesk.stages.group.stories import Stories

_LAST = datetime.max.replace(tzinfo=UTC)


class Grouping(msgspec.Struct, frozen=True):
    """Where each article belongs (by id), and which published stories became part of another."""

    memberships: tuple[Membership, ...]
    merged: dict[str, str]
    """Id of a published story, and of the older one that it is now part of."""


class Group:
    """Groups a window of articles by the desk's settings."""

    def __init__(self, settings: GroupSettings) -> None:
        self._settings = settings

    def __call__(self, articles: Iterable[Article], known: Mapping[str, str] = {}) -> Grouping:
        """Return the grouping of the articles; ``known`` gives the published story of an article.

        A story's id is that of its first article, for life. An article without a date counts as
        published at any time, and as later than every other when the first is sought.
        """
        unique = {article.id: article for article in articles}
        window = sorted(unique.values(), key=_by_time)
        copies = Copies(self._settings).of(window)
        places = [place for place, article in enumerate(window) if article.id not in copies]
        originals = [window[place] for place in places]
        published = _published(window, copies, known)
        stories = Stories(originals, self._settings).joined(published)
        return _grouping(window, originals, stories, copies, known)


def _by_time(article: Article) -> tuple[datetime, str]:
    return moment(article) or _LAST, article.id


def _published(
    window: Sequence[Article], copies: Mapping[str, Copy], known: Mapping[str, str]
) -> list[list[int]]:
    """Return the places, among the originals, of each published story. Two stories that share an
    original (an article of one copies an article of the other) are one.
    """
    originals = [article.id for article in window if article.id not in copies]
    place_of = {original: place for place, original in enumerate(originals)}
    parts: list[set[int]] = []
    by_story: dict[str, set[int]] = defaultdict(set)
    for article in window:
        if article.id in known:
            original = copies[article.id].of if article.id in copies else article.id
            by_story[known[article.id]].add(place_of[original])
    for _, places in sorted(by_story.items()):
        touching = [part for part in parts if part & places]
        parts = [part for part in parts if not part & places]
        parts.append(places.union(*touching))
    return [sorted(part) for part in parts]


def _grouping(
    window: Sequence[Article],
    originals: Sequence[Article],
    stories: Stories,
    copies: Mapping[str, Copy],
    known: Mapping[str, str],
) -> Grouping:
    order = {article.id: place for place, article in enumerate(window)}
    copied: dict[str, list[str]] = defaultdict(list)
    for copy, how in copies.items():
        copied[how.of].append(copy)
    memberships: list[Membership] = []
    merged: dict[str, str] = {}
    for places in stories.stories():
        own = [originals[place].id for place in places]
        members = sorted(
            [*own, *(copy for one in own for copy in copied[one])], key=order.__getitem__
        )
        older = list(dict.fromkeys(known[member] for member in members if member in known))
        story = older[0] if older else story_id(members[0])
        merged.update((gone, story) for gone in older[1:])
        alike = {originals[place].id: stories.likeness[place] for place in places}
        memberships += (_membership(member, story, copies, alike) for member in members)
    return Grouping(tuple(sorted(memberships, key=lambda one: one.id)), merged)


def _membership(
    member: str, story: str, copies: Mapping[str, Copy], alike: Mapping[str, float]
) -> Membership:
    if member in copies:
        how = copies[member]
        return Membership(
            id=member, story=story, duplicate_of=how.of, likeness=how.likeness, rule=how.rule
        )
    likeness = round(alike[member], 4)
    return Membership(id=member, story=story, likeness=likeness, rule="terms" if likeness else "")
