"""Rebuilding: a lost store, found again in the published records and the key.

What the records do not hold is the articles' texts (they are their publishers') and what was never
on the desk's matter. A source that still lists an article has it read again on the next run; until
then it keeps what was found about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from wiredesk.engine.drafting import Secret
from wiredesk.errors import WiredeskError
from wiredesk.ports.store import ArticleRow, EntryRow, Row
from wiredesk.records.entry import Entry
from wiredesk.records.identity import content_digest
from wiredesk.records.story import Publication, Story

RESTORED = "restored"
"""An entry's digest after a rebuild: unlike any digest, so that a source's own word replaces it."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it was opened: where it is, its revision, and what was sealed into it."""

    path: str
    revision: int
    secret: Secret


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a new store, and a sentence for each record that could not be used."""

    rows: tuple[Row, ...]
    notices: tuple[str, ...]
    stories: int


def rebuild(
    records: Mapping[str, bytes],
    withdrawn: Mapping[str, bytes],
    opened: Callable[[str, bytes], Found],
    pack: str,
) -> Rebuilt:
    """Return the rows that ``records`` (path to file) tell, by path; bad ones cost only themselves.

    ``withdrawn`` has the last state of the records that a human deleted. ``opened`` reads and opens
    one file; what it raises becomes a notice. ``pack`` is the digest of the topic pack in use.
    """
    rows: list[Row] = []
    notices: list[str] = []
    seen: dict[str, str] = {}
    entries: dict[tuple[str, str], EntryRow] = {}
    articles: dict[str, ArticleRow] = {}
    files = _opened(records, opened, notices)
    gone_files = _opened(withdrawn, opened, notices)
    for found, gone in [*((file, False) for file in files), *((file, True) for file in gone_files)]:
        path, story = found.path, found.secret.story
        if story.id in seen:
            if not gone:
                notices.append(f"{path}: not restored: it says that it is {seen[story.id]}")
            continue
        seen[story.id] = path
        rows += [story, _publication(found, withdrawn=gone)]
        for article in _articles(found, pack):
            if not story.merged_into:
                articles[article.article.id] = article
            else:  # told by another story now, or by none because it is off the desk's matter
                off = msgspec.structs.replace(article, topics=())
                articles.setdefault(article.article.id, off)
        for row in _entries(found, len(entries)):
            entries.setdefault((row.entry.source, row.entry.guid), row)
    return Rebuilt(
        rows=(*rows, *articles.values(), *entries.values()),
        notices=tuple(notices),
        stories=len(seen),
    )


def _opened(
    files: Mapping[str, bytes], opened: Callable[[str, bytes], Found], notices: list[str]
) -> list[Found]:
    """Return the files that open, those first that are where they were written: the others may be
    copies. Why a file does not open is put to ``notices``.
    """
    found: list[Found] = []
    for path, data in sorted(files.items()):
        try:
            found.append(opened(path, data))
        except WiredeskError as error:
            notices.append(f"{path}: not restored: {error}")
    return sorted(found, key=lambda file: (file.secret.path != file.path, file.path))


def _publication(found: Found, *, withdrawn: bool) -> Publication:
    story: Story = found.secret.story
    return Publication(
        story=story.id,
        path=found.path,
        revision=found.revision,
        base=found.secret.base,
        of=content_digest(story),
        withdrawn=withdrawn,
    )


def _articles(found: Found, pack: str) -> Iterable[ArticleRow]:
    for sealed in found.secret.articles:
        article = msgspec.structs.replace(sealed.article, sealed_digest=sealed.digest)
        story = found.secret.story
        topics = story.topics if article.id == story.lead else sealed.topics
        yield ArticleRow(article=article, digest=sealed.digest, topics=topics, pack=pack)


def _entries(found: Found, before: int) -> Iterable[EntryRow]:
    for sequence, sealed in enumerate(found.secret.articles, before + 1):
        article = sealed.article
        entry = Entry(source=article.source, guid=article.guid, url=article.original_url)
        yield EntryRow(
            entry=entry, digest=RESTORED, sequence=sequence, status="done", article=article.id
        )
