"""Judging: what the desk thinks of all the articles in its window, as one settlement.

The stages here look at a set. Their result is a function of that set, of the desk's own files,
editors' decisions among them, and of the stories that were already published, so it is only worked
out when one of them has changed.
The time that they judge by is not the wall clock's: it is that of the newest article on the desk's
matter (``as_of``). A run that finds nothing new therefore changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.classifying import ClassifyRows, Labels
from wiredesk.engine.deciding import before, has_news, heard, is_open, retopiced, ruled
from wiredesk.engine.telling import Tell, steady
from wiredesk.ports.store import ArticleRow, Note, Row, Store
from wiredesk.records.decided import NOTHING, Decided
from wiredesk.records.identity import content_digest
from wiredesk.records.judgement import Ledger, LedgerLine, Membership
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify import Topics
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate

JUDGEMENT = "2"
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
        classify: Topics,
        group: Group,
        relate: Relate,
        tell: Tell,
        labels: Labels = tuple,
        decided: Decided = NOTHING,
    ) -> None:
        self._store, self._settings, self._pack, self._registry = store, settings, pack, registry
        self._group, self._relate, self._tell = group, relate, tell
        self._decided = decided
        self._window = timedelta(days=settings.group.window_days)
        self._classify = ClassifyRows(
            store=store,
            pack=pack,
            topics=classify,
            settings=settings.classify,
            labels=labels,
            window=KEPT_WINDOWS * self._window,
        )
        self._made_by = content_digest([JUDGEMENT, settings.score, pack])

    def __call__(self) -> Judged:
        """Bring the desk's stories up to date with its articles."""
        rows, fresh = self._classify(self._scope())
        matter = [row for row in rows if self._is_matter(row)]
        as_of = max((seen for row in matter if (seen := row.article.fetched_at)), default=None)
        if as_of is None:
            self._store.settle(fresh)
            return Judged(as_of=None, articles=len(rows), off_topic=len(rows))
        made_of = self.made_of(self._kept(matter, as_of))
        if made_of != self._store.note("judged") or any(map(self._is_new_matter, fresh)):
            notes = (Note("judged", made_of), Note("as_of", as_of.isoformat()))
            self._store.settle([*fresh, *self._told(matter, as_of), *notes])
        elif fresh:
            self._store.settle(fresh)
        members = {member.id: member for story in self._store.stories() for member in story.members}
        told = [members[row.article.id] for row in rows if row.article.id in members]
        return Judged(
            as_of=as_of,
            articles=len(rows),
            off_topic=len(rows) - len(told),
            copies=sum(bool(member.duplicate_of) for member in told),
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
                self._decided.holding,
                sorted((row.article.id, row.digest) for row in matter),
            ]
        )

    def restored(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of a rebuilt store so that nothing in it is judged anew: stories that
        were closed are closed again, and notes say what the last judgement was made of. Where a
        decision was not carried out yet there is no such note, and the next run judges.
        """
        matter = [row for row in rows if isinstance(row, ArticleRow) and self._is_matter(row)]
        as_of = max((seen for row in matter if (seen := row.article.fetched_at)), default=None)
        if as_of is None:
            return list(rows)
        closed = (self._closed(row, as_of) if isinstance(row, Story) else row for row in rows)
        notes = self._classify.notes(rows)
        told = [row for row in rows if isinstance(row, Story) and not row.merged_into]
        if not any(has_news(story, self._decided) for story in told):
            notes.append(Note("judged", self.made_of(self._kept(matter, as_of))))
        notes.append(Note("as_of", as_of.isoformat()))
        return [*self._with_lines([*closed]), *notes]

    def _with_lines(self, rows: Sequence[Row]) -> list[Row]:
        """Return ``rows`` with what their stories say of each article alone: its text is gone."""
        told = {
            member.id: (story.scores[member.id], member.duplicate_of)
            for story in rows
            if isinstance(story, Story) and not story.merged_into
            for member in story.members
        }
        return [
            self._tell.restored(row, *told[row.article.id], self._made_by)
            if isinstance(row, ArticleRow) and not row.scored and row.article.id in told
            else row
            for row in rows
        ]

    def _is_new_matter(self, row: Row) -> bool:
        return isinstance(row, ArticleRow) and self._is_matter(row)

    def _is_matter(self, row: ArticleRow) -> bool:
        return bool(row.topics) or not self._pack.topics

    def _closed(self, story: Story, as_of: datetime) -> Story:
        """Mark a story that is so old that this judgement of it is the last."""
        old = story.newest is not None and story.newest < as_of - CLOSED_WINDOWS * self._window
        return msgspec.structs.replace(story, closed=True) if old else story

    def _scope(self) -> Sequence[ArticleRow]:
        before = self._store.note("as_of")
        if not before:
            return self._store.articles()
        return self._store.articles(datetime.fromisoformat(before) - KEPT_WINDOWS * self._window)

    def _kept(self, rows: Iterable[ArticleRow], as_of: datetime) -> list[ArticleRow]:
        since = as_of - KEPT_WINDOWS * self._window
        return [row for row in rows if (row.article.fetched_at or as_of) >= since]

    def _told(self, matter: Sequence[ArticleRow], as_of: datetime) -> list[Row]:
        """Return the stories that are new or other than before, and the articles that were scored."""
        held = {story.id: story for story in self._store.stories()}
        stand = before(held.values(), self._decided)
        live = [story for story in held.values() if is_open(story, self._decided)]
        members = {member.id: member for story in live for member in story.members}
        known = self._open_rows(matter, held.values(), members)
        rows = {name: self._tell.assessed(row, self._made_by) for name, row in known.items()}
        grouping = self._group([row.article for row in rows.values()], stand.known, stand.decided)
        memberships = [_first_said(member, members) for member in grouping.memberships]
        related = self._relate([row.article for row in rows.values()], memberships)
        mates = dict(sorted(by_story(memberships).items()))
        spoken = {**rows, **self._retopiced(mates, rows)}
        told = {name: self._tell.tellers(its, spoken) for name, its in mates.items()}
        everyone = {teller.article.id: teller for tellers in told.values() for teller in tellers}
        after = [
            ruled(
                self._tell.story(
                    tellers,
                    everyone,
                    related.get(tellers[0].article.id, ()),
                    as_of,
                    ruling=self._decided.word(name).ruling,
                ),
                _origin(held.get(name), grouping.split.get(name, "")),
                self._decided,
            )
            for name, tellers in told.items()
        ]
        now_in = {member.id: member.story for member in memberships}
        gone = [
            heard(_merged(story, grouping.merged, now_in), self._decided)
            for story in live
            if story.id not in told
        ]
        steadied = (steady(story, held.get(story.id)) for story in after)
        closing = [self._closed(story, as_of) for story in (*steadied, *gone)]
        return [
            *(row for name, row in rows.items() if row is not known[name]),
            *(story for story in closing if story != held.get(story.id)),
        ]

    def _retopiced(
        self, mates: Mapping[str, Sequence[Membership]], rows: Mapping[str, ArticleRow]
    ) -> dict[str, ArticleRow]:
        """Return the articles of those stories on whose topics editors had a say, with these topics."""
        words = {name: self._decided.word(name) for name in mates}
        return {
            member.id: msgspec.structs.replace(
                rows[member.id], topics=retopiced(rows[member.id].topics, words[name], self._pack)
            )
            for name, members in mates.items()
            if words[name].add or words[name].remove
            for member in members
        }

    def _open_rows(
        self,
        matter: Sequence[ArticleRow],
        stories: Iterable[Story],
        members: Mapping[str, Membership],
    ) -> dict[str, ArticleRow]:
        """Return the articles to judge: those of ``matter`` that no closed story tells, and all
        members of the stories that are open, however old.
        """
        told = (story for story in stories if story.closed and not story.merged_into)
        done = {member.id for story in told for member in story.members} - members.keys()
        rows = {row.article.id: row for row in matter}
        for article_id in members.keys() - rows.keys():
            row = self._store.article(article_id)
            if row is not None and self._is_matter(row):
                rows[article_id] = row
        return {name: rows[name] for name in sorted(rows.keys() - done)}


def _first_said(member: Membership, before: Mapping[str, Membership]) -> Membership:
    """Return a membership as it was found first: likeness moves a little with every article of the
    window, and what brought an article to its story is not made another by that, nor by its story's
    having become part of another.
    """
    known = before.get(member.id)
    if known is None or known.duplicate_of != member.duplicate_of:
        return member
    if known.story == member.story or not member.rule:
        return msgspec.structs.replace(known, story=member.story, by=member.by)
    return member


def _origin(story: Story | None, split: str) -> str:
    """Return the story that one was split from: as it was when it came to be, or came back."""
    return story.split_from if story is not None and not story.merged_into else split


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
