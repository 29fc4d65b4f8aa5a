"""One story from its articles: who leads it, and what the gate says."""

from __future__ import annotations

from newsroom import CHIP, FERRY, FIELD, NOON, article, make_tell, row

from wiredesk.config import ScoreSettings, Settings
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack

LONG = article("long", "Port Lorne buys two electric ferries", FERRY + " " + CHIP)
NOTHING_HELD_BACK = Settings(score=ScoreSettings(threshold=0))


def told(*articles: Article, copies: str = "", pack: TopicPack | None = None) -> Story:
    members = [
        Membership(id=each.id, story="s", duplicate_of="original" if each.id in copies else "")
        for each in articles
    ]
    tell = make_tell(NOTHING_HELD_BACK, pack or TopicPack())
    tellers = tell.tellers(members, {each.id: row(each) for each in articles})
    return tell.story(tellers, {each.article.id: each for each in tellers}, (), NOON)


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
