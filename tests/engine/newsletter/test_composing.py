"""What an edition holds: by heat and topic, since the last one, nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from letterdesk import DAILY, MONDAY, PACK, WEEKLY, room, story

from wiredesk.config import SeriesSettings
from wiredesk.engine.newsletter.composing import Choice, Told, compose, items_of, section, told
from wiredesk.records.article import Image
from wiredesk.records.newsletter import Issue
from wiredesk.records.topic import TopicPack

SINCE = MONDAY - timedelta(days=1)


def chosen(
    *stories: Told,
    issues: tuple[Issue, ...] = (),
    series: SeriesSettings = DAILY,
    merged: dict[str, str] | None = None,
    since: datetime = SINCE,
) -> Choice:
    return compose(series, PACK, room(stories, merged), issues, since)


def names(choice: Choice) -> list[str]:
    return [pick.story for pick in choice.picks]


def issue(*stories: Told, series: str = "daily", **more: Any) -> Issue:
    fields: dict[str, Any] = {
        "status": "sent",
        "picks": tuple(each.pick for each in stories),
    } | more
    return Issue(
        id=f"{series}-1", series=series, due=SINCE, since=SINCE, review_until=SINCE, **fields
    )


def test_the_hottest_come_first_and_of_equals_the_newer() -> None:
    early = MONDAY - timedelta(hours=9)
    found = chosen(story("b", heat=70), story("c", heat=90), story("a", early, heat=70))
    assert names(found) == ["c", "b", "a"]


def test_those_of_one_heading_stand_together_by_their_hottest() -> None:
    ferry: dict[str, Any] = {"topics": ("Night ferries", "Ferries", "Sea")}
    found = chosen(story("a", heat=90), story("f", heat=85, **ferry), story("b", heat=80))
    assert names(found) == ["a", "b", "f"]


def test_no_heading_gets_more_than_its_share_and_no_edition_more_than_its_most() -> None:
    ports = [story(f"p{n}", heat=99 - n) for n in range(6)]
    ferries = [story(f"f{n}", heat=50, topics=("Ferries", "Sea")) for n in range(6)]
    series = msgspec.structs.replace(DAILY, stories=5, per_topic=3)
    found = chosen(*ports, *ferries, series=series)
    assert names(found) == ["p0", "p1", "p2", "f0", "f1"]
    assert set(found.passed) == {"p3", "p4", "p5", "f2", "f3", "f4", "f5"}


def test_a_heading_is_the_topic_below_the_only_root() -> None:
    record = story("a", topics=("Night ferries", "Ferries", "Sea")).record
    assert section(PACK, record) == "Ferries"
    assert section(PACK, story("a", topics=("Sea",)).record) == "Sea"
    assert section(PACK, story("a", topics=()).record) == ""
    assert section(TopicPack(), story("a", topics=("Gone",)).record) == "Gone"


def test_only_the_series_own_topics_and_heat() -> None:
    series = msgspec.structs.replace(DAILY, topics=("Ferries",), min_heat=60)
    child = story("child", topics=("Night ferries",))
    cold = story("cold", heat=59, topics=("Ferries",))
    assert names(chosen(story("port"), child, cold, series=series)) == ["child"]


def test_what_was_told_is_not_told_again_by_any_series() -> None:
    a, b = story("a"), story("b")
    assert names(chosen(a, b, issues=(issue(a),))) == ["b"]
    assert names(chosen(a, b, issues=(issue(a, series="weekly"),))) == ["b"]


def test_a_digest_may_tell_what_others_told_but_not_what_itself_told() -> None:
    a, b = story("a"), story("b")
    digest = msgspec.structs.replace(WEEKLY, digest=True)
    issues = (issue(a), issue(b, series="weekly"))
    assert names(chosen(a, b, issues=issues, series=digest)) == ["a"]


@pytest.mark.parametrize("status", ["waiting", "held", "released", "sent"])
def test_what_waits_for_its_editor_is_not_told_by_another(status: str) -> None:
    assert names(chosen(story("a"), issues=(issue(story("a"), status=status),))) == []


def test_a_dropped_editions_stories_are_free_but_those_that_it_sent_are_not() -> None:
    dropped = issue(story("a"), status="dropped", passed=("b",))
    assert names(chosen(story("a"), story("b"), issues=(dropped,))) == ["a", "b"]
    stopped = msgspec.structs.replace(dropped, released_at=SINCE)
    assert names(chosen(story("a"), issues=(stopped,))) == []


def test_what_an_editor_took_out_stays_out() -> None:
    issues = (issue(status="empty", removed=(story("a").pick,)),)
    assert names(chosen(story("a"), story("b"), issues=issues)) == ["b"]


def test_a_story_that_took_over_one_that_was_told_is_not_told() -> None:
    merged = {"young": "middle", "middle": "old"}
    assert names(chosen(story("old"), issues=(issue(story("young")),), merged=merged)) == []


def test_a_story_split_off_one_that_was_told_is_known_by_its_article_or_address() -> None:
    before = issue(
        story("whole", lead="article-1", web_url="https://courier.example/one?utm_source=x")
    )
    same_lead = story("part", lead="article-1")
    same_address = story("other", web_url="http://www.courier.example/one/")
    assert names(chosen(same_lead, same_address, issues=(before,))) == []


def test_only_news_since_the_last_edition_with_a_day_for_what_was_heard_of_late() -> None:
    late = story("late", SINCE - timedelta(hours=20))
    old = story("old", SINCE - timedelta(hours=25))
    stirred = story("stirred", SINCE - timedelta(days=5), newest=MONDAY - timedelta(hours=1))
    assert names(chosen(late, old, stirred)) == ["late", "stirred"]


def test_what_was_passed_over_comes_back_only_with_new_coverage() -> None:
    before = issue(passed=("quiet", "stirred"))
    quiet = story("quiet", SINCE - timedelta(hours=2))
    stirred = story("stirred", SINCE - timedelta(hours=2), newest=SINCE + timedelta(hours=2))
    assert names(chosen(quiet, stirred, issues=(before,))) == ["stirred"]


def test_what_is_spiked_merged_or_leads_nowhere_is_not_told() -> None:
    good = story("a")
    for change in ({"published": False}, {"web_url": "javascript:alert(1)"}, {"web_url": None}):
        assert told(good.story, msgspec.structs.replace(good.record, **change)) is None
    gone = msgspec.structs.replace(good.story, merged_into="b")
    assert told(gone, good.record) is None


def test_an_item_is_plain_text_and_an_address_that_was_checked() -> None:
    image = Image(url="https://img.example/a.png", width=3, height=2, title="x")
    odd = story("a", title="A\u202e\0 title\n", excerpt="B\u2028C", images=(image,))
    before = issue(odd, status="waiting")
    (item,) = items_of(before, room([odd]), PACK)
    assert (item.title, item.excerpt, item.section, item.voices) == ("A title", "B C", "Ports", 2)
    assert item.image == Image(url="https://img.example/a.png", width=3, height=2)


def test_what_was_withdrawn_while_it_waited_is_not_among_the_items() -> None:
    a, b = story("a"), story("b")
    assert [item.story for item in items_of(issue(a, b), room([b]), PACK)] == ["b"]
