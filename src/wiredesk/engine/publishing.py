"""Publishing: records into the repository first, then every other output from the records.

What the repository holds is the truth, a human's changes included; the other outputs show just
that. Only stories that are other than when they were last written are drafted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.drafting import draft, shown_images
from wiredesk.engine.listing import listed_feeds
from wiredesk.engine.outcomes import StoryLine
from wiredesk.engine.picturing import Picturing
from wiredesk.engine.showing import show, version
from wiredesk.ports.progress import Progress
from wiredesk.ports.publisher import Edition, Publisher, Standing, Told, no_copy
from wiredesk.ports.store import ArticleRow, Store
from wiredesk.records.identity import content_digest
from wiredesk.records.newsletter import Issue
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.record import Record
from wiredesk.records.story import Draft, Publication, Story
from wiredesk.records.topic import TopicPack
from wiredesk.stages.publish import Publish

TOP = 10
"""Stories that the summary shows."""

_NEVER = datetime.fromtimestamp(0, UTC)


class Out(msgspec.Struct, frozen=True, kw_only=True):
    """What was published, for the run's report."""

    stories: int
    published: int
    new: int
    changed: int
    commit: str
    notices: tuple[str, ...]
    top: tuple[StoryLine, ...]


class PublishAll:
    """Brings the repository and all other outputs up to date with the store's stories."""

    def __init__(
        self,
        *,
        store: Store,
        settings: Settings,
        pack: TopicPack,
        publish: Publish,
        publishers: Sequence[Publisher],
        public: Path,
        progress: Progress,
        letters: Callable[[], Sequence[Issue]] = tuple,
        registry: ProviderRegistry = ProviderRegistry(),  # noqa: B008 - frozen
        home: Path | None = None,
        picturing: Picturing | None = None,
    ) -> None:
        self._store, self._settings, self._pack = store, settings, pack
        self._registry, self._home = registry, home
        self._publish, self._publishers, self._public = publish, publishers, public
        self._progress, self._letters = progress, letters
        self._picturing = picturing

    def __call__(self, as_of: datetime | None) -> Out:
        """Publish what changed. Raises ``PublishError``; what was written before it stays whole."""
        stories = {story.id: story for story in self._store.stories()}
        before = {publication.story: publication for publication in self._store.publications()}
        at = as_of or _NEVER
        draft_of = partial(self._draft, stories, _qualities(stories.values()))
        stale = self._stale(stories.values(), before)
        if self._picturing is not None:
            self._picturing(self._wanted(stories[story] for story in stale), at)
            stale = self._stale(stories.values(), before)  # and those whose copy went
        drafts = [made for story in stale if (made := draft_of(story)) is not None]
        published = self._publish(drafts, before, at, draft_of)
        self._store.settle(self._settled(published.publications, before, stories))
        publications = (*before.values(), *published.publications)
        self._show(self._edition(published.records, publications, stories, at))
        shown = [(path, record) for path, record in published.records if record.published]
        return Out(
            stories=sum(not story.merged_into for story in stories.values()),
            published=len(shown),
            new=published.new,
            changed=published.changed,
            commit=published.commit,
            notices=published.notices,
            top=_top(shown),
        )

    def again(self, as_of: datetime | None) -> int:
        """Bring the other outputs up to date with the records as they stand, which are not written;
        return how many records are published. Raises ``PublishError``.
        """
        before = {publication.story: publication for publication in self._store.publications()}
        records = self._publish.look(before).records
        stories = {story.id: story for story in self._store.stories()}
        self._show(self._edition(records, before.values(), stories, as_of or _NEVER))
        return sum(bool(record.published) for _, record in records)

    def _show(self, edition: Edition) -> None:
        outputs = self._progress.watch("publishing", self._publishers, len(self._publishers))
        for publisher in outputs:
            publisher(edition, self._public)

    def _edition(
        self,
        records: Sequence[tuple[str, Record]],
        publications: Iterable[Publication],
        stories: Mapping[str, Story],
        at: datetime,
    ) -> Edition:
        known = tuple(publications)
        told = {
            publication.path: (story, publication.base)
            for publication in known
            if (story := stories.get(publication.story)) is not None
        }
        return Edition(
            records=records,
            languages={
                path: story.language or self._settings.language for path, (story, _) in told.items()
            },
            pack=self._pack,
            as_of=at,
            settings=self._settings,
            ids={publication.path: publication.story for publication in known},
            pinned=frozenset(
                path
                for path, (story, _) in told.items()
                if story.pinned and at.date() <= story.pinned
            ),
            sources=listed_feeds(self._store),
            letters=self._letters(),
            registry=self._registry,
            stories={
                path: Standing(version=version(story, base), reports=len(story.members))
                for path, (story, base) in told.items()
            },
            tell=partial(self._tell, told),
            home=self._home,
            memory=self._home / "state" if self._home else None,
            copies=self._picturing.copies if self._picturing is not None else {},
            copied=self._picturing.body if self._picturing is not None else no_copy,
        )

    def _tell(
        self, told: Mapping[str, tuple[Story, Mapping[str, str]]], path: str, record: Record
    ) -> Told | None:
        story, base = told.get(path, (None, {}))
        return None if story is None else show(story, record, base, self._held)

    def _draft(
        self, stories: Mapping[str, Story], qualities: Mapping[str, int], story: str
    ) -> Draft | None:
        """Return the draft of a story; None for one that the store does not know."""
        known = stories.get(story)
        if known is None:
            return None
        public = self._settings.publish.public_ledger
        copies = self._picturing.copies if self._picturing is not None else ()
        made = draft(known, self._held, qualities.get, public_ledger=public, copies=copies)
        if self._settings.score.profile == "classic":  # its form has no key for a pointer
            made = msgspec.structs.replace(made, merged_into="")
        return made

    def _wanted(self, stories: Iterable[Story]) -> dict[str, str]:
        """Return the address of the lead picture of each published story, by the story's id."""
        leads = (
            (story.id, shown_images(self._held(story.lead).article)[:1])
            for story in stories
            if story.published and not story.merged_into
        )
        return {story: image.url for story, images in leads for image in images}

    def _stale(self, stories: Iterable[Story], before: Mapping[str, Publication]) -> list[str]:
        return [story.id for story in stories if self._is_stale(story, before.get(story.id))]

    def _is_stale(self, story: Story, written: Publication | None) -> bool:
        """Tell whether a story is other than when it was last written, or to be written otherwise."""
        if written is None:
            return not story.merged_into
        return not written.withdrawn and written.of != self._written_as(story)

    def _written_as(self, story: Story) -> str:
        """Return a digest of a story as it is written: for a public ledger, or with a copy of its
        picture, another one.
        """
        more = ["public ledger"] if self._settings.publish.public_ledger else []
        if self._picturing is not None and (url := self._picturing.of_story(story.id)):
            more.append(url)
        return content_digest([story, *more] if more else story)

    def _settled(
        self,
        after: Sequence[Publication],
        before: Mapping[str, Publication],
        stories: Mapping[str, Story],
    ) -> list[Publication]:
        """Return the publications that are other than before, each with its story's digest."""
        told = [
            msgspec.structs.replace(publication, of=self._written_as(stories[publication.story]))
            for publication in after
            if publication.story in stories
        ]
        return [publication for publication in told if before.get(publication.story) != publication]

    def _held(self, article_id: str) -> ArticleRow:
        row = self._store.article(article_id)
        if row is None:
            raise LookupError(f"the store has no article {article_id}, though a story tells it")
        return row


def _qualities(stories: Iterable[Story]) -> dict[str, int]:
    """Return the quality of every article that a story tells, by its id."""
    return {
        article_id: score.quality.total
        for story in stories
        for article_id, score in story.scores.items()
    }


def _top(shown: Sequence[tuple[str, Record]]) -> tuple[StoryLine, ...]:
    hottest = sorted(shown, key=lambda item: (-(item[1].heat or 0), item[0]))[:TOP]
    return tuple(
        StoryLine(
            title=record.title,
            provider=record.provider.name,
            heat=record.heat or 0,
            path=path,
        )
        for path, record in hottest
    )
