"""What editors say of topics by changing them in record files, and how the desk takes it back."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from newsroom import CHIP, FERRY, NOON, article, judge, store_of

from wiredesk.adapters.git import GitRepository
from wiredesk.adapters.keys import new_key, read_keys
from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import Settings
from wiredesk.doors.progress import Silent
from wiredesk.engine.corrections import Corrections
from wiredesk.engine.publishing import Out, PublishAll
from wiredesk.records.label import Label
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.publish import Publish
from wiredesk.stages.seal import Seal

PACK = TopicPack(
    (
        Topic(name="Transport", keywords=("traffic",)),
        Topic(name="Ferries", parent="Transport", keywords=("ferry", "ferries")),
        Topic(name="Machines", keywords=("processor",)),
    )
)
FERRIES = article("courier", "Port Lorne buys two electric ferries", FERRY)
CHIPS = article("times", "Tessel shows a chip that learns", CHIP, hours=2)
FERRY_LIST = "topics:\n  - Ferries\n  - Transport\n"


class Desk:
    """A desk of two articles: a store in memory, and a repository that is edited by hand."""

    def __init__(self, root: Path) -> None:
        new_key(root / "desk.key")
        self.root, seal = root, Seal(read_keys(root / "desk.key"))
        self.repository = GitRepository(root / "records", "main")
        self.corrections = Corrections(self.repository, seal, PACK)
        self.store = store_of([FERRIES, CHIPS])
        self._publish = Publish(self.repository, seal)

    def run(self) -> Out:
        judge(self.store, PACK, labels=self.corrections)()
        return PublishAll(
            store=self.store,
            settings=Settings(),
            pack=PACK,
            publish=self._publish,
            publishers=[],
            public=self.root / "public",
            progress=Silent(),
        )(NOON)

    @property
    def file(self) -> Path:
        (found,) = (self.root / "records" / "_news").glob("*ferries*.md")
        return found

    def edit(self, topics: str) -> None:
        text = self.file.read_text("utf-8")
        old = re.search(r"topics:\n(?:  - .*\n)*|(?<=\n)(?=images:|secured:)", text)
        assert old is not None
        self.file.write_text(text[: old.start()] + topics + text[old.end() :], "utf-8")

    def topics(self, name: str) -> list[str]:
        row = self.store.article(name)
        assert row is not None
        return [match.topic for match in row.topics]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.run()
    return made


def yes(topic: str, path: str) -> Label:
    return Label(article="courier", topic=topic, about=True, source=path)


def no(topic: str, path: str) -> Label:
    return Label(article="courier", topic=topic, about=False, source=path)


def path(desk: Desk) -> str:
    return f"_news/{desk.file.name}"


def test_what_the_desk_wrote_itself_says_nothing(desk: Desk) -> None:
    assert FERRY_LIST in desk.file.read_text("utf-8")
    assert desk.corrections() == ()


def test_a_list_of_topics_that_a_human_wrote_says_what_the_article_is_about(desk: Desk) -> None:
    desk.edit("topics:\n  - Machines\n")
    where = path(desk)
    assert desk.corrections() == (
        yes("Machines", where),
        no("Transport", where),
        no("Ferries", where),
    )


def test_what_stands_above_a_named_topic_is_not_denied(desk: Desk) -> None:
    desk.edit("topics:\n  - Ferries\n")
    where = path(desk)
    assert desk.corrections() == (yes("Ferries", where), no("Machines", where))


def test_names_that_are_not_in_the_pack_say_nothing(desk: Desk) -> None:
    desk.edit("topics:\n  - Ferries\n  - Seamanship\n  - Transport\n")
    assert {label.topic for label in desk.corrections() if label.about} == {"Ferries", "Transport"}


def test_another_edit_of_the_record_says_nothing_of_topics(desk: Desk) -> None:
    text = desk.file.read_text("utf-8")
    desk.file.write_text(text.replace('title: "Port', 'title: "Old Port'), "utf-8")
    assert desk.corrections() == ()


def test_the_desk_follows_the_edit_and_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.edit("topics:\n  - Machines\n")
    desk.run()
    assert desk.topics("courier") == ["Machines"]
    (line,) = (
        next(story for story in desk.store.stories() if story.lead == "courier").topics[0].evidence
    )
    assert (line.rule, line.place) == ("label", path(desk))
    assert "topics:\n  - Machines\n" in desk.file.read_text("utf-8")
    again = desk.run()
    assert (again.changed, again.commit) == (0, "")
    assert desk.corrections() != ()


def test_taking_the_edit_back_takes_back_what_it_said(desk: Desk) -> None:
    before = desk.store.articles()
    desk.edit("topics:\n  - Machines\n")
    desk.run()
    desk.edit(FERRY_LIST)
    assert desk.corrections() == ()
    desk.run()
    assert desk.store.articles() == before
    assert desk.run().commit == ""


def test_an_emptied_list_takes_the_story_off_the_desks_matter_and_a_full_one_brings_it_back(
    desk: Desk,
) -> None:
    desk.edit("")
    assert {label.about for label in desk.corrections()} == {False}
    desk.run()
    assert desk.topics("courier") == []
    assert "published: false" in desk.file.read_text("utf-8")
    assert desk.run().commit == ""
    desk.edit(FERRY_LIST)
    desk.run()
    assert desk.topics("courier") == ["Ferries", "Transport"]
    assert desk.run().commit == ""


def test_a_copy_of_a_file_says_nothing_and_a_broken_one_neither(desk: Desk) -> None:
    shutil.copy(desk.file, desk.file.with_name("0-copy.md"))
    copy = desk.file.with_name("0-copy.md")
    copy.write_text(copy.read_text("utf-8").replace(FERRY_LIST, "topics:\n  - Machines\n"), "utf-8")
    assert desk.corrections() == ()
    copy.unlink()
    desk.file.write_text("---\nnot: [closed\n", "utf-8")
    assert desk.corrections() == ()


def test_a_desk_without_records_has_no_corrections(tmp_path: Path) -> None:
    assert Desk(tmp_path).corrections() == ()


def test_a_rebuilt_store_knows_the_edit_from_the_file(desk: Desk) -> None:
    desk.edit("topics:\n  - Machines\n")
    desk.run()
    desk.store = MemoryStore()
    desk.store.settle(store_of([FERRIES, CHIPS]).articles())
    desk.run()
    assert desk.topics("courier") == ["Machines"]
