"""What is examined: the stages as a desk would run them, behind one call each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

import msgspec

from wiredesk.app.desk import Desk, open_desk
from wiredesk.app.judging import make_group, stage_filter
from wiredesk.config import GroupSettings, Settings
from wiredesk.engine.lines import Lines, Trouble
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership, Relation
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.topic import TopicPack
from wiredesk.records.vectors import MATTER, ONE, vectors
from wiredesk.stages.classify import topics_of
from wiredesk.stages.relate import Relate


class Ours:
    """A desk's judgement; without a desk, that of the default settings, no topics, no providers.

    What a model has read is kept for the sitting (with a desk: in its state).
    """

    def __init__(self, folder: Path | None = None, model: str = "") -> None:
        """Take the desk in ``folder``, or the default with a model or none.

        Raises ``ConfigError``.
        """
        self.desk = open_desk(folder) if folder else _default(self._room(model), model)
        self.by_default = folder is None
        """Whether the settings are the default ones, for which floors are pinned."""
        self.model = self.desk.settings.group.model
        self._group = make_group(self.desk)

    def _room(self, model: str) -> Path:
        """Return where a model's readings are kept as long as this lives."""
        if not model:
            return Path()
        room = Path(mkdtemp(prefix="wiredesk-exam-"))
        finalize(self, rmtree, room, ignore_errors=True)
        return room

    @property
    def lines(self) -> Lines:
        """What reads articles from JSON lines."""
        return Lines(self.desk.settings.language, self.desk.registry)

    def grouped(self, articles: Iterable[Article]) -> tuple[Membership, ...]:
        """Return where each article belongs."""
        return self._group(articles).memberships

    def related(
        self, articles: Iterable[Article], memberships: Iterable[Membership]
    ) -> dict[str, tuple[Relation, ...]]:
        """Return what is related to each article, best first."""
        return Relate(self.desk.settings.relate)(articles, memberships)

    def likeness(self, articles: Sequence[Article], judged: int) -> list[list[float]]:
        """Return how alike each two of the first ``judged`` articles are, 0 to 1, all of them being
        the window, in the language of the first.
        """
        some = vectors(articles, articles[0].language, MATTER)[:judged]
        products: list[list[int]] = (some @ some.T).toarray().tolist()
        return [[product / (ONE * ONE) for product in row] for row in products]

    def topics(self, articles: Sequence[Article], pack: TopicPack) -> list[list[str]]:
        """Return each article's topics, the strongest first; the articles are the whole desk."""
        numbered = [
            msgspec.structs.replace(article, id=f"{place:09}")
            for place, article in enumerate(articles)
        ]
        found = topics_of(numbered, pack, settings=self.desk.settings.classify)
        return [[match.topic for match in found[one.id]] for one in numbered]

    def filtered(
        self, stage: str, lines: Iterable[bytes], as_of: datetime | None = None
    ) -> Iterator[dict[str, object]]:
        """Give what ``wiredesk stage`` answers to lines that it can use."""
        run = stage_filter(stage, self.desk, as_of)
        for answer in run(enumerate(lines, 1)):
            if not isinstance(answer, Trouble):
                yield msgspec.json.decode(answer)


def _default(root: Path, model: str) -> Desk:
    group = GroupSettings(model=model)
    return Desk(
        root=root, settings=Settings(group=group), pack=TopicPack(), registry=ProviderRegistry()
    )
