"""What newsletters see of a desk: its stories, and the records as humans left them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from wiredesk.engine.newsletter.composing import Newsroom, Told, told
from wiredesk.errors import MalformedRecord
from wiredesk.ports.repository import Repository
from wiredesk.ports.store import Store
from wiredesk.records.frontmatter import parse
from wiredesk.records.paths import FOLDER
from wiredesk.records.story import Story


def read_newsroom(store: Store, repository: Repository, since: datetime) -> Newsroom:
    """Return the published stories with news at or after ``since``. A record that cannot be read is no
    story; a run reports it. Raises ``StoreError`` and ``PublishError``.
    """
    stories = {story.id: story for story in store.stories()}
    files = repository.snapshot(FOLDER).files
    found: dict[str, Told] = {}
    for publication in store.publications():
        story = stories.get(publication.story)
        if story is None or publication.withdrawn or not _is_since(story, since):
            continue
        read = _told(story, files, publication.path)
        if read is not None:
            found[story.id] = read
    return Newsroom(
        stories=found,
        merged={story.id: story.merged_into for story in stories.values() if story.merged_into},
        voices=partial(_voices, store),
    )


def _is_since(story: Story, since: datetime) -> bool:
    return story.newest is not None and story.newest >= since


def _told(story: Story, files: Mapping[str, bytes], path: str) -> Told | None:
    if path not in files:
        return None
    try:
        return told(story, parse(files[path], path).record)
    except MalformedRecord:
        return None


def _voices(store: Store, story: Story) -> int:
    """Return how many providers report a story in words of their own."""
    rows = (store.article(member.id) for member in story.members if not member.duplicate_of)
    return len({row.article.domain for row in rows if row is not None})
