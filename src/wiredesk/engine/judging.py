"""Judging: what the desk thinks of all the articles in its window, as one settlement.

The stages here look at a set. Their result is a function of that set, of the desk's own files and
of the stories that were already published, so it is only worked out when one of them has changed.
The time that they judge by is not the wall clock's: it is that of the newest article on the desk's
matter (``as_of``). A run that finds nothing new therefore changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.telling import Tell
from wiredesk.ports.store import ArticleRow, Note, Row, Store
from wiredesk.records.identity import content_digest
from wiredesk.records.judgement import Ledger, LedgerLine, Membership
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify import Classify
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate

JUDGEMENT = "1"
"""Changes whenever code changes what is judged, so that a new wiredesk judges anew."""

KEPT_WINDOWS = 4
"""Windows for which fetched articles stay under judgement; older ones keep what was found."""

CLOSED_WINDOWS = 2
"""Windows after its newest article at which a story is closed for good."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The desk after judgement: its time, and how many articles were looked at."""

    as_of: datetime | None
    articles: int = 0
    off_topic: int = 0
    copies: int = 0


class Judge:
    """Classifies, groups, scores and relates the window, and settles its stories."""

    def __init__(
        self,
        *,
        store: Store,
        settings: Settings,
        pack: TopicPack,
        registry: ProviderRegistry,
        classify: Classify,
        group: Group,
        relate: Relate,
        tell: Tell,
    ) -> None:
        self._store, self._settings, self._pack, self._registry = store, settings, pack, registry
        self._classify, self._group, self._relate, self._tell = classify, group, relate, tell
        self._window = timedelta(days=settings.group.window_days)

    def __call__(self) -> Judged:
        """Bring the desk's stories up to date with its articles."""
        rows = self._classified(self._scope())
        matter = [row for row in rows if row.topics or not self._pack.topics]
        as_of = max((seen for row in matter if (seen := row.article.fetched_at)), default=None)
        if as_of is None:
            return Judged(as_of=None, articles=len(rows), off_topic=len(rows))
        matter = self._kept(matter, as_of)
        made_of = self.made_of(matter)
        if made_of != self._store.note("judged"):
            self._store.settle(
                [
                    *self._stories(matter, as_of),
                    Note("judged", made_of),
                    Note("as_of", as_of.isoformat()),
                ]
            )
        members = {member.id: member for story in self._store.stories() for member in story.members}
        copies = sum(bool(members[row.article.id].duplicate_of) for row in matter)
        return Judged(
            as_of=as_of, articles=len(rows), off_topic=len(rows) - len(matter), copies=copies
        )

    def made_of(self, matter: Iterable[ArticleRow]) -> str:
        """Return the digest of all that a judgement of ``matter`` depends on."""
        settings = self._settings
        return content_digest(
            [
                JUDGEMENT,
                settings.group,
                settings.score,
                settings.relate,
                self._pack,
                self._registry,
                sorted((row.article.id, row.digest) for row in matter),
            ]
        )

    def restored(self, rows: Iterable[ArticleRow]) -> list[Row]:
        """Return the notes of a rebuilt store: ``rows`` were judged, so they are not judged anew."""
        matter = list(rows)
        as_of = max((seen for row in matter if (seen := row.article.fetched_at)), default=None)
        if as_of is None:
            return []
        made_of = self.made_of(self._kept(matter, as_of))
        return [Note("judged", made_of), Note("as_of", as_of.isoformat())]

    def _scope(self) -> Sequence[ArticleRow]:
        before = self._store.note("as_of")
        if not before:
            return self._store.articles()
        return self._store.articles(datetime.fromisoformat(before) - KEPT_WINDOWS * self._window)

    def _kept(self, rows: Iterable[ArticleRow], as_of: datetime) -> list[ArticleRow]:
        since = as_of - KEPT_WINDOWS * self._window
        return [row for row in rows if (row.article.fetched_at or as_of) >= since]

    def _classified(self, rows: Sequence[ArticleRow]) -> list[ArticleRow]:
        """Return ``rows`` with their topics by the pack in use, settling those that were not."""
        pack = content_digest(self._pack)
        fresh = {
            row.article.id: msgspec.structs.replace(
                row, topics=self._classify(row.article), pack=pack
            )
            for row in rows
            if row.pack != pack
        }
        if fresh:
            self._store.settle(fresh.values())
        return [fresh.get(row.article.id, row) for row in rows]

    def _stories(self, matter: Sequence[ArticleRow], as_of: datetime) -> list[Story]:
        """Return the stories that are new or other than before."""
        before = {story.id: story for story in self._store.stories()}
        closed = {story.id for story in before.values() if self._is_closed(story, as_of)}
        known = {
            member.id: story.id
            for story in before.values()
            if not story.merged_into
            for member in story.members
        }
        rows = {row.article.id: row for row in matter if known.get(row.article.id) not in closed}
        articles = [row.article for row in rows.values()]
        grouping = self._group(articles, known)
        related = self._relate(articles, grouping.memberships)
        told = {
            name: self._tell.tellers(members, rows, as_of)
            for name, members in sorted(by_story(grouping.memberships).items())
        }
        everyone = {teller.article.id: teller for tellers in told.values() for teller in tellers}
        after = [
            self._tell.story(tellers, everyone, related.get(tellers[0].article.id, ()), as_of)
            for tellers in told.values()
        ]
        left = [
            story
            for story in before.values()
            if story.id not in closed and story.id not in told and not story.merged_into
        ]
        now_in = {member.id: member.story for member in grouping.memberships}
        gone = [_merged(story, grouping.merged, now_in) for story in left]
        return [story for story in (*after, *gone) if story != before.get(story.id)]

    def _is_closed(self, story: Story, as_of: datetime) -> bool:
        return story.newest is not None and story.newest < as_of - CLOSED_WINDOWS * self._window


def by_story(memberships: Iterable[Membership]) -> dict[str, list[Membership]]:
    """Return the memberships of each story."""
    told: dict[str, list[Membership]] = defaultdict(list)
    for membership in memberships:
        told[membership.story].append(membership)
    return told


def _merged(story: Story, merged: Mapping[str, str], now_in: Mapping[str, str]) -> Story:
    """Return ``story`` as a pointer to the one that tells its articles now."""
    into = merged.get(story.id) or now_in.get(story.lead, "")
    line = LedgerLine(signal="merged", points=-1, reason="its articles are told in another story")
    lead = msgspec.structs.replace(story.scores[story.lead], heat=Ledger((line,)))
    return msgspec.structs.replace(
        story,
        merged_into=into or story.id,
        published=False,
        gate=f"merged into story {into}" if into else "its articles are gone",
        scores={**story.scores, story.lead: lead},
    )
