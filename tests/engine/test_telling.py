"""One story from its articles: who leads it, and what the gate says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from newsroom import CHIP, FERRY, FIELD, NOON, article, make_tell, row

from wiredesk.config import ScoreSettings, Settings
from wiredesk.engine.telling import steady
from wiredesk.records.article import Article
from wiredesk.records.judgement import Evidence, Membership, TopicMatch
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack

LONG = article("long", "Port Lorne buys two electric ferries", FERRY + " " + CHIP)
NOTHING_HELD_BACK = Settings(score=ScoreSettings(threshold=0))


QUAY = TopicMatch(topic="Quays", evidence=(Evidence(keyword="quay", place="title", rule="strong"),))


def told(
    *articles: Article, copies: str = "", pack: TopicPack | None = None, now: datetime = NOON
) -> Story:
    members = [
        Membership(id=each.id, story="s", duplicate_of="original" if each.id in copies else "")
        for each in articles
    ]
    tell = make_tell(NOTHING_HELD_BACK, pack or TopicPack())
    tellers = tell.tellers(members, {each.id: row(each) for each in articles})
    return tell.story(tellers, {each.article.id: each for each in tellers}, (), now)


def test_the_best_article_leads() -> None:
    thin = article("thin", "Ferries", "Two ferries.", hours=5)
    assert told(thin, LONG).lead == "long"


def test_of_two_alike_the_newer_one_leads() -> None:
    newer = article("newer", LONG.title, LONG.text, hours=-1, domain="long.example")
    newest = article("newest", LONG.title, LONG.text, hours=0, domain="long.example")
    story = told(newer, newest)
    totals = {name: score.quality.total for name, score in story.scores.items()}
    assert totals["newer"] == totals["newest"]
    assert story.lead == "newest"
    assert story.newest == NOON


def test_a_copy_does_not_lead_though_it_is_better() -> None:
    thin = article("thin", "Ferries", "Two ferries.")
    assert told(thin, LONG, copies="long").lead == "thin"


def test_only_the_lead_carries_the_heat() -> None:
    story = told(LONG, article("other", LONG.title, CHIP, hours=-2))
    others = [score.heat.total for name, score in story.scores.items() if name != story.lead]
    assert others == [-1]
    assert story.scores[story.lead].heat.total >= 0


def test_where_the_desk_has_topics_a_story_without_one_is_not_published() -> None:
    assert told(LONG).published
    off_topic = told(LONG, pack=FIELD)
    assert not off_topic.published
    assert "topic" in off_topic.gate


def test_the_order_of_the_members_changes_nothing() -> None:
    other = article("other", LONG.title, CHIP, hours=-2)
    assert told(LONG, other) == told(other, LONG)


def test_what_is_said_of_an_article_alone_is_said_once() -> None:
    tell = make_tell(NOTHING_HELD_BACK, TopicPack())
    once = tell.assessed(row(LONG), "by these rules")
    assert once.lines
    assert tell.assessed(once, "by these rules") is once


@pytest.mark.parametrize(
    ("changes", "made_by"),
    [({"digest": "another text"}, "rules"), ({"topics": (QUAY,)}, "rules"), ({}, "other rules")],
    ids=["another text", "another topic", "other rules"],
)
def test_it_is_said_anew_when_anything_that_it_depends_on_has_changed(
    changes: dict[str, Any], made_by: str
) -> None:
    tell = make_tell(NOTHING_HELD_BACK, TopicPack())
    once = msgspec.structs.replace(tell.assessed(row(LONG), "rules"), **changes)
    again = tell.assessed(once, made_by)
    assert again.scored != once.scored
    assert ("topic" in {line.signal for line in again.lines}) is ("topics" in changes)


def test_an_article_whose_text_is_gone_keeps_what_was_said_of_it() -> None:
    tell = make_tell(NOTHING_HELD_BACK, TopicPack())
    whole = tell.assessed(row(LONG), "rules")
    sealed = msgspec.structs.replace(LONG, text="", sealed_digest=whole.digest)
    bare = msgspec.structs.replace(whole, article=sealed)
    assert tell.assessed(bare, "other rules").lines == whole.lines


def test_a_story_stays_as_it_was_while_its_heat_moves_by_less_than_a_point() -> None:
    before = told(LONG)
    assert steady(told(LONG, now=NOON + timedelta(minutes=10)), before) is before
    later = told(LONG, now=NOON + timedelta(hours=10))
    assert steady(later, before) is later
    assert later.as_of == NOON + timedelta(hours=10)


def test_a_story_that_changed_otherwise_has_its_new_lines() -> None:
    before, hours = told(LONG), timedelta(minutes=10)
    other = msgspec.structs.replace(told(LONG, now=NOON + hours), gate="another word")
    assert steady(other, before) is other
    assert steady(other, None) is other
