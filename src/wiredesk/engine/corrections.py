"""Corrections: what editors said of topics by changing them in record files.

The list of topics in a file counts as one value (``records.merge``). When it is a human's, it says of
the article that leads the record which topics it is about, and which topics of the pack it is not.
Nothing is kept of it but the file itself: take the edit back, and it was never said.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from wiredesk.errors import MalformedRecord, SealError
from wiredesk.ports.repository import Repository
from wiredesk.ports.sealing import Sealing
from wiredesk.records.label import Label
from wiredesk.records.merge import is_humans
from wiredesk.records.paths import FOLDER, SUFFIX
from wiredesk.records.topic import TopicPack
from wiredesk.stages.publish import Written, read_record

_KEY = "topics"


class _Story(msgspec.Struct, frozen=True):
    """Of a sealed story: the article that leads it."""

    lead: str


class Corrections:
    """Reads the labels from the records of a repository."""

    def __init__(self, repository: Repository, seal: Sealing, pack: TopicPack) -> None:
        self._repository, self._seal, self._pack = repository, seal, pack

    def __call__(self) -> tuple[Label, ...]:
        """Return the labels that the files hold now, by path. A file that cannot be read or opened has
        none; publishing tells of it. Raises ``PublishError``.
        """
        files = sorted(
            self._written(), key=lambda file: (file.secret.get("path") != file.path, file.path)
        )
        stories: dict[str, Written] = {}
        for file in files:  # of several copies the one that is where it was written counts
            stories.setdefault(file.story, file)
        corrected = (file for file in stories.values() if is_humans(file.base, file.record, _KEY))
        return tuple(
            label
            for file in sorted(corrected, key=lambda file: file.path)
            for label in self._labels(file)
        )

    def _written(self) -> Iterator[Written]:
        for path, data in self._repository.snapshot(FOLDER).files.items():
            if path.endswith(SUFFIX) and not path.rpartition("/")[2].startswith("."):
                try:
                    yield read_record(path, data, self._seal)
                except (MalformedRecord, SealError):
                    continue

    def _labels(self, file: Written) -> Iterator[Label]:
        """Yield the topics that the file names, in its order, then those that it does not name. What
        stands above a named topic comes with it.
        """
        try:
            lead = msgspec.convert(file.secret.get("story"), _Story).lead
        except msgspec.ValidationError:
            return
        named = [name for name in file.record.topics or () if self._pack.named(name)]
        above = {above for name in named for above in self._pack.ancestors(name)}
        for name in named:
            yield Label(article=lead, topic=name, about=True, source=file.path)
        for topic in self._pack.topics:
            if topic.name not in named and topic.name not in above:
                yield Label(article=lead, topic=topic.name, about=False, source=file.path)
