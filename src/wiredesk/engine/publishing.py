"""Publishing: records into the repository first, then every other output from the records.

What the repository holds is the truth, a human's changes included; the other outputs show just
that. Only stories that are other than when they were last written are drafted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.drafting import draft
from wiredesk.engine.outcomes import StoryLine
from wiredesk.ports.progress import Progress
from wiredesk.ports.publisher import Edition, Publisher
from wiredesk.ports.store import ArticleRow, Store
from wiredesk.records.identity import content_digest
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
    ) -> None:
        self._store, self._settings, self._pack = store, settings, pack
        self._publish, self._publishers, self._public = publish, publishers, public
        self._progress = progress

    def __call__(self, as_of: datetime | None) -> Out:
        """Publish what changed. Raises ``PublishError``; what was written before it stays whole."""
        stories = {story.id: story for story in self._store.stories()}
        before = {publication.story: publication for publication in self._store.publications()}
        at = as_of or _NEVER
        draft_of = partial(self._draft, stories, _qualities(stories.values()))
        stale = [story.id for story in stories.values() if _is_stale(story, before.get(story.id))]
        drafts = [made for story in stale if (made := draft_of(story)) is not None]
        published = self._publish(drafts, before, at, draft_of)
        self._store.settle(_settled(published.publications, before, stories))
        publications = (*before.values(), *published.publications)
        edition = Edition(
            records=published.records,
            languages=self._languages(publications, stories),
            pack=self._pack,
            as_of=at,
            settings=self._settings,
            pinned=_pinned(publications, stories),
        )
        outputs = self._progress.watch("publishing", self._publishers, len(self._publishers))
        for publisher in outputs:
            publisher(edition, self._public)
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

    def _draft(
        self, stories: Mapping[str, Story], qualities: Mapping[str, int], story: str
    ) -> Draft | None:
        """Return the draft of a story; None for one that the store does not know."""
        known = stories.get(story)
        if known is None:
            return None
        made = draft(known, self._held, qualities.get)
        if self._settings.score.profile == "classic":  # its form has no key for a pointer
            made = msgspec.structs.replace(made, merged_into="")
        return made

    def _held(self, article_id: str) -> ArticleRow:
        row = self._store.article(article_id)
        if row is None:
            raise LookupError(f"the store has no article {article_id}, though a story tells it")
        return row

    def _languages(
        self, publications: Iterable[Publication], stories: Mapping[str, Story]
    ) -> dict[str, str]:
        return {
            publication.path: story.language or self._settings.language
            for publication in publications
            if (story := stories.get(publication.story)) is not None
        }


def _is_stale(story: Story, written: Publication | None) -> bool:
    """Tell whether a story is other than when it was last written."""
    if written is None:
        return not story.merged_into
    return not written.withdrawn and written.of != content_digest(story)


def _settled(
    after: Sequence[Publication],
    before: Mapping[str, Publication],
    stories: Mapping[str, Story],
) -> list[Publication]:
    """Return the publications that are other than before, each with its story's digest."""
    told = [
        msgspec.structs.replace(publication, of=content_digest(stories[publication.story]))
        for publication in after
        if publication.story in stories
    ]
    return [publication for publication in told if before.get(publication.story) != publication]


def _qualities(stories: Iterable[Story]) -> dict[str, int]:
    """Return the quality of every article that a story tells, by its id."""
    return {
        article_id: score.quality.total
        for story in stories
        for article_id, score in story.scores.items()
    }


def _pinned(publications: Iterable[Publication], stories: Mapping[str, Story]) -> frozenset[str]:
    """Return the paths of the records that editors want first."""
    latest = {publication.story: publication.path for publication in publications}
    return frozenset(
        path for story, path in latest.items() if story in stories and stories[story].pinned
    )


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
