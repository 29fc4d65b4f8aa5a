"""Which topics the desk's articles have: asked again when something changed, and never for nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from newsroom import article, row

from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import ClassifySettings
from wiredesk.engine.classifying import ClassifyRows, by_pack
from wiredesk.ports.store import ArticleRow, Note
from wiredesk.records.article import Article
from wiredesk.records.label import Label
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Topics

PACK = TopicPack(
    (Topic(name="Ferries", keywords=("ferry",)), Topic(name="Bread", keywords=("bread",)))
)
SEA = ("quay", "tide", "deck", "sailors", "moorings", "gangway", "skipper", "pilings")
OTHER = ("verdict", "juror", "bailiff", "hearing", "alibi", "stroller", "pram", "bonnet")
SILENT = article("silent", "The skipper, the gangway and the tide")
DAYS = 24.0


def wire(count: int = 20) -> list[Article]:
    dice = random.Random(5)
    found = []
    for number in range(count):
        found.append(article(f"sea{number}", "ferry " + " ".join(dice.sample(SEA, 4))))
        found.append(article(f"other{number}", " ".join(dice.sample(OTHER, 4))))
    return found


class Desk:
    """A store, and who classifies its rows as a run does."""

    def __init__(self, articles: Sequence[Article], **settings: float) -> None:
        self.store = MemoryStore()
        self.labels: tuple[Label, ...] = ()
        self.settings = ClassifySettings(**settings)  # type: ignore[arg-type]
        self.add(articles)

    def add(self, articles: Sequence[Article]) -> None:
        self.store.settle(row(each) for each in articles)

    def classify(self, pack: TopicPack = PACK) -> ClassifyRows:
        return ClassifyRows(
            store=self.store,
            pack=pack,
            topics=Topics(pack, self.settings),
            settings=self.settings,
            labels=lambda: self.labels,
            window=timedelta(days=28),
        )

    def run(self, pack: TopicPack = PACK) -> int:
        """Classify and settle; return how many articles changed."""
        _, fresh = self.classify(pack)(self.store.articles())
        self.store.settle(fresh)
        return sum(isinstance(each, ArticleRow) for each in fresh)

    def topics(self, name: str) -> list[str]:
        found = self.store.article(name)
        assert found is not None
        return [match.topic for match in found.topics]


def test_the_model_speaks_of_what_keywords_leave_silent() -> None:
    desk = Desk([*wire(), SILENT])
    assert desk.run() == 41
    assert desk.topics("silent") == ["Ferries"]
    assert desk.topics("other0") == []


def test_with_nothing_new_nothing_is_settled() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    rows, fresh = desk.classify()(desk.store.articles())
    assert fresh == []
    assert rows == list(desk.store.articles())


def test_a_new_article_changes_itself_and_leaves_the_others_as_they_are() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    desk.add([article("late", "Sailors on the deck by the quay", hours=2)])
    assert desk.run() == 1
    assert desk.topics("late") == ["Ferries"]


def test_what_the_model_gave_holds_while_it_is_not_much_less_sure() -> None:
    articles = [*wire(), SILENT]
    strict, before = Desk(articles, margin=3.0, hold=3.0), Desk(articles)
    before.run()
    strict.store.settle([*before.store.articles(), Note("topics-depend", "made by other settings")])
    strict.run()
    assert strict.topics("silent") == []  # other settings: judged anew
    kept = Desk(articles, margin=3.0, hold=3.0)
    kept.store.settle(before.store.articles())
    notes = kept.classify().notes(kept.store.articles())
    kept.store.settle([notes[0], Note("topics", "of other articles")])
    kept.run()
    assert kept.topics("silent") == ["Ferries"]


def test_a_changed_article_is_classified_anew() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    desk.add([msgspec.structs.replace(SILENT, title="A juror with a bonnet")])
    desk.run()
    assert desk.topics("silent") == []


def test_another_pack_and_other_settings_classify_anew() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    turned = TopicPack((Topic(name="Courts", keywords=("verdict",)),))
    desk.run(turned)
    assert desk.topics("sea0") == []
    desk.settings = ClassifySettings(model=False)
    desk.run()
    assert desk.topics("silent") == []
    assert desk.topics("sea0") == ["Ferries"]


def test_a_pack_without_topics_asks_nobody() -> None:
    desk = Desk([SILENT])
    desk.run(TopicPack())
    assert desk.topics("silent") == []
    assert desk.run(TopicPack()) == 0


def test_articles_older_than_the_window_keep_what_was_found() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    desk.add([article("new", "A ferry in a far harbour", hours=60 * DAYS)])
    assert desk.run() == 1
    assert desk.topics("silent") == ["Ferries"]


def test_an_article_without_its_text_keeps_its_topics() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    found = desk.store.article("silent")
    assert found is not None
    gone = msgspec.structs.replace(found.article, title="?", sealed_digest=found.digest)
    rebuilt = Desk([])
    rebuilt.store.settle([msgspec.structs.replace(found, article=gone)])
    rebuilt.add([article("new", "Verdict on a bonnet", hours=1)])
    rebuilt.run()
    assert rebuilt.topics("silent") == ["Ferries"]


def test_the_notes_of_rows_as_they_are_ask_nothing_anew() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    other = Desk([])
    rows = list(desk.store.articles())
    other.store.settle([*rows, *other.classify().notes(rows)])
    assert other.run() == 0


# Labels


def said(name: str, topic: str, *, about: bool = True) -> Label:
    return Label(article=name, topic=topic, about=about, source="_news/a.md")


def test_a_label_changes_its_article_and_taking_it_back_brings_the_old_topics_back() -> None:
    desk = Desk([*wire(), SILENT])
    desk.run()
    before = desk.store.articles()
    desk.labels = (said("sea0", "Ferries", about=False), said("sea0", "Bread"))
    desk.run()
    assert desk.topics("sea0") == ["Bread"]
    assert desk.run() == 0
    desk.labels = ()
    desk.run()
    assert desk.store.articles() == before
    assert desk.run() == 0


def test_labels_of_articles_that_are_older_than_the_window_teach_too() -> None:
    hint = article("hint", "Gondola, cable, summit and pylon")
    later = article("later", "Gondola over the summit, cable and queue", hours=60 * DAYS)
    now = [msgspec.structs.replace(each, fetched_at=later.fetched_at) for each in wire()]
    desk = Desk([hint, later, *now], margin=0.5)
    desk.run()
    assert desk.topics("later") == []
    desk.labels = (said("hint", "Ferries"),)
    desk.run()
    assert desk.topics("later") == ["Ferries"]
    assert desk.topics("hint") == ["Ferries"]


def test_a_label_of_an_article_that_the_desk_does_not_know_is_passed_over() -> None:
    desk = Desk([*wire(), SILENT])
    desk.labels = (said("nobody", "Ferries"),)
    desk.run()
    assert desk.topics("silent") == ["Ferries"]


@pytest.mark.parametrize("pack", [PACK, TopicPack()])
def test_rows_say_by_which_pack_they_were_classified(pack: TopicPack) -> None:
    desk = Desk([SILENT])
    desk.run(pack)
    assert {each.pack for each in desk.store.articles()} == {by_pack(pack)}
