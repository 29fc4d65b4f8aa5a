"""Classifying: which topics the desk's articles have, worked out when something changed.

What keywords say of an article depends on it and the pack alone, and is found once. What the model
says depends on all the articles of the last weeks and on what editors said, so it is asked again when
one of them has changed. Published topics must not flicker for that: the model does not give up for a
little what it gave (``ClassifySettings.hold``), topics that are the same keep the order and the evidence
that they were found with, and an article whose text is gone, because the store was rebuilt from
records, keeps what was found about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import msgspec

from wiredesk.config import ClassifySettings
from wiredesk.ports.store import ArticleRow, Note, Row, Store
from wiredesk.records.article import Article
from wiredesk.records.identity import content_digest
from wiredesk.records.judgement import TopicMatch
from wiredesk.records.label import Label
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify import BY_LABEL, Topics, by_keywords

CLASSIFICATION = "1"
"""Changes whenever code changes what topics are given, so that a new wiredesk classifies anew."""

DEPENDS, TOPICS = "topics-depend", "topics"
"""Notes: what topics depend on besides articles, and all that they were made of."""
_LABELLED = "+labels"
"""Ends ``ArticleRow.pack`` of an article whose topics people changed: what its keywords said is found
anew when they take that back."""

Labels = Callable[[], Sequence[Label]]


def by_pack(pack: TopicPack) -> str:
    """Return what a row of ``pack`` has as ``ArticleRow.pack``."""
    return content_digest([CLASSIFICATION, pack])


class ClassifyRows:
    """Gives the articles of a store their topics."""

    def __init__(
        self,
        *,
        store: Store,
        pack: TopicPack,
        topics: Topics,
        settings: ClassifySettings,
        labels: Labels,
        window: timedelta,
    ) -> None:
        self._store, self._pack, self._topics, self._settings = store, pack, topics, settings
        self._labels, self._window = labels, window

    def __call__(self, rows: Sequence[ArticleRow]) -> tuple[list[ArticleRow], list[Row]]:
        """Return ``rows`` with their topics, and what is to be settled with the judgement: until then
        the rows that were not classified before count as not judged.
        """
        if not self._pack.topics:
            after = [
                msgspec.structs.replace(row, topics=(), pack=by_pack(self._pack)) for row in rows
            ]
            return after, _changed(rows, after)
        labels = self._labels()
        notes = self._notes(rows, labels)
        if all(self._is_known(row) for row in rows) and self._are_noted(notes):
            return list(rows), []
        after = self._classified(rows, labels, same=self._are_noted(notes[:1]))
        return after, [*_changed(rows, after), *notes]

    def notes(self, rows: Iterable[Row]) -> list[Note]:
        """Return the notes by which the topics of ``rows``, as they are, are not worked out anew."""
        if not self._pack.topics:
            return []
        return self._notes([row for row in rows if isinstance(row, ArticleRow)], self._labels())

    def _notes(self, rows: Sequence[ArticleRow], labels: Sequence[Label]) -> list[Note]:
        depends = content_digest([by_pack(self._pack), self._settings, labels])
        inside = sorted((row.article.id, row.digest) for row in self._inside(rows))
        return [Note(DEPENDS, depends), Note(TOPICS, content_digest([depends, inside]))]

    def _are_noted(self, notes: Iterable[Note]) -> bool:
        return all(self._store.note(note.name) == note.value for note in notes)

    def _is_known(self, row: ArticleRow) -> bool:
        return row.pack.removesuffix(_LABELLED) == by_pack(self._pack)

    def _inside(self, rows: Iterable[ArticleRow]) -> list[ArticleRow]:
        """Return the rows of the last weeks, as of the newest of all: by what is on the desk's matter
        no time can be told before it is known what is.
        """
        rows = list(rows)
        newest = max((at for row in rows if (at := row.article.fetched_at)), default=None)
        if newest is None:
            return rows
        since = newest - self._window
        return [row for row in rows if (row.article.fetched_at or newest) >= since]

    def _classified(
        self, rows: Sequence[ArticleRow], labels: Sequence[Label], *, same: bool
    ) -> list[ArticleRow]:
        """Return the rows with their topics; ``same`` says that nothing but articles is new."""
        inside = {row.article.id for row in self._inside(rows)}
        labelled = {label.article for label in labels}
        named = {row.article.id: (row.article, self._named(row)) for row in rows}
        asked = {name: named[name] for name in inside}
        for name in sorted(labelled - inside):
            known = named.get(name) or self._from_store(name)
            if known is not None:
                asked[name] = known
        before = {row.article.id: row.topics for row in rows if same and self._is_known(row)}
        given = self._topics(asked, labels, before)
        after: list[ArticleRow] = []
        for row in rows:
            name = row.article.id
            if name not in labelled and (_is_kept(row) or name not in inside):
                topics = row.topics if self._is_known(row) else named[name][1]
            else:
                topics = _first_said(given[name], before.get(name))
            pack = by_pack(self._pack) + (_LABELLED if name in labelled else "")
            after.append(msgspec.structs.replace(row, topics=topics, pack=pack))
        return after

    def _named(self, row: ArticleRow) -> tuple[TopicMatch, ...]:
        """Return what keywords say of an article: as it was found, or anew where that is not known."""
        if row.pack == by_pack(self._pack) or (row.article.sealed_digest and self._is_known(row)):
            return by_keywords(row.topics)
        return self._topics.named(row.article)

    def _from_store(self, name: str) -> tuple[Article, tuple[TopicMatch, ...]] | None:
        row = self._store.article(name)
        return None if row is None else (row.article, self._named(row))


def _first_said(
    now: tuple[TopicMatch, ...], before: tuple[TopicMatch, ...] | None
) -> tuple[TopicMatch, ...]:
    """Return topics as they were found first, while they are the same: the model's weights, and with
    them the order of topics that are nearly equal, move a little with every article of the window.
    """
    if before is not None and {one.topic for one in now} == {one.topic for one in before}:
        return before
    return now


def _changed(before: Iterable[ArticleRow], after: Iterable[ArticleRow]) -> list[Row]:
    return [now for row, now in zip(before, after, strict=True) if now != row]


def _is_kept(row: ArticleRow) -> bool:
    """Tell whether an article keeps its topics because its text is gone. One that a person had
    corrected does not: it may have been taken back.
    """
    said = any(line.rule == BY_LABEL for match in row.topics for line in match.evidence)
    return bool(row.article.sealed_digest) and not said
