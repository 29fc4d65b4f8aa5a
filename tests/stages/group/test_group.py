from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.identity import story_id
from wiredesk.stages.group import Group, Grouping

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

FERRY = (
    "The council of Port Lorne voted on Tuesday night to buy two electric ferries from the yard at "
    "Nessby, after eleven years of dispute over the ageing diesel fleet. Mayor Ada Quill said that "
    "the first boat would cross the sound in May 2027 and that fares would stay as they are. The "
    "opposition called the price of 41 million crowns a gamble on an unproven battery, and asked "
    "the auditor Bram Oster to look at the contract before the first payment is due in August."
)
FERRY_ELSEWHERE = (
    "Port Lorne will replace its diesel ferries with two electric ones built in Nessby. Councillors "
    "backed the 41 million crown contract by nine votes to six. Ada Quill, the mayor, promised that "
    "tickets will not become dearer. Critics want auditor Bram Oster to check whether the battery "
    "of the new ferries can stand the winters on the sound before any money leaves the harbour."
)
CHIP = (
    "Tessel Semiconductor has shown a processor that learns from its mistakes while it runs, at a "
    "fair in Velm. The maker says that it needs a tenth of the power of the usual accelerators. "
    "Engineers of three universities will get samples in autumn, said chief designer Ines Marrow, "
    "and the factory in Korrin is to begin with ten thousand wafers a month in the new year."
)
FILLER = (
    "Rain fell over the hills and the river rose by a hand's breadth during the night.",
    "A goalkeeper of the Velm Rovers saved two penalties in the cup match on Sunday.",
    "Bakers in Korrin raise the price of rye bread because flour has become dear.",
    "The museum of clocks opens a new wing with instruments from nine countries.",
    "Two schools share one teacher of music after the county cut its subsidy.",
)


def article(name: str, title: str, text: str, hours: float = 0, **more: object) -> Article:
    fields: dict[str, object] = {"language": "en", "domain": f"{name}.example"} | more
    domain = str(fields.pop("domain"))
    return Article(
        id=name,
        title=title,
        text=text,
        provider=ProviderName(name=domain, domain=domain),
        published_date_time=NOON + timedelta(hours=hours),
        **fields,  # type: ignore[arg-type]  # a row of a table
    )


def filler() -> list[Article]:
    return [article(f"filler-{place}", text[:30], text, place) for place, text in enumerate(FILLER)]


def grouped(articles: Sequence[Article], known: dict[str, str] | None = None) -> Grouping:
    return Group(GroupSettings())(articles, known or {})


def story_of(grouping: Grouping) -> dict[str, str]:
    return {member.id: member.story for member in grouping.memberships}


def copies(grouping: Grouping) -> dict[str, str]:
    found = grouping.memberships
    return {member.id: member.duplicate_of for member in found if member.duplicate_of}


def test_two_reports_of_one_event_are_one_story_and_no_copies() -> None:
    grouping = grouped(
        [
            *filler(),
            article("a", "Port Lorne buys electric ferries", FERRY),
            article("b", "Electric ferries for Port Lorne", FERRY_ELSEWHERE, 3),
            article("c", "Tessel shows a learning processor", CHIP, 4),
        ]
    )
    stories = story_of(grouping)
    assert stories["a"] == stories["b"] == story_id("a")
    assert stories["c"] == story_id("c")
    assert copies(grouping) == {}


def test_every_unrelated_article_is_a_story_of_its_own() -> None:
    assert len(set(story_of(grouped(filler())).values())) == len(FILLER)


@pytest.mark.parametrize("text", [FERRY, FERRY[: len(FERRY) // 2], "By our own staff. " + FERRY])
def test_a_copied_text_under_another_headline_is_a_copy_of_the_earliest_whole_one(
    text: str,
) -> None:
    grouping = grouped(
        [article("a", "Port Lorne buys ferries", FERRY), article("b", "New boats at last", text, 5)]
    )
    assert copies(grouping) == {"b": "a"}
    assert len(set(story_of(grouping).values())) == 1


def test_a_cut_copy_that_came_first_does_not_stand_for_the_whole_text() -> None:
    cut = article("a", "Port Lorne buys ferries", FERRY[: len(FERRY) // 2])
    whole = article("b", "Port Lorne buys electric ferries", FERRY, 1)
    assert copies(grouped([cut, whole])) == {"a": "b"}


def test_the_other_half_of_a_text_is_a_copy_though_a_cut_one_came_first() -> None:
    words = (FERRY + " " + CHIP).split()
    halves = [
        article("cut", "New ferries", " ".join(words[:70]), 0),
        article("whole", "Ferries and chips", " ".join(words), 1),
        article("rest", "A chip that learns", " ".join(words[70:]), 2),
    ]
    assert copies(grouped([*halves, *filler()])) == {"cut": "whole", "rest": "whole"}


def test_a_short_text_with_many_changed_words_is_a_copy_only_if_it_names_all_the_same() -> None:
    words = FERRY.split()
    changed = [
        word if (place % 6 and place not in {15, 21, 33}) or not word.islower() else f"zq{place}"
        for place, word in enumerate(words)
    ]
    edited = article("edited", "Boats for the sound", " ".join(changed), 1)
    other = article(
        "other",
        "Boats for the bay",
        " ".join(changed).replace("Lorne", "Drumm").replace("Ada", "Una"),
        1,
    )
    first = article("first", "Ferries", FERRY)
    assert copies(grouped([first, edited, *filler()])) == {"edited": "first"}
    assert copies(grouped([first, other, *filler()])) == {}


def test_copies_never_point_to_copies() -> None:
    family = [article(f"c{place}", f"Boats, part {place}", FERRY, place) for place in range(4)]
    found = copies(grouped(family))
    assert found == {"c1": "c0", "c2": "c0", "c3": "c0"}


def test_notices_by_one_template_about_different_things_are_no_copies() -> None:
    template = (
        "{0} of {1} said today that it will pay a quarterly dividend of {2} crowns a share to its "
        "shareholders of record at the close of business, unchanged from the quarter before. The "
        "board led by {3} also asked {4} to look for ways to return more of the firm's cash."
    )
    grouping = grouped(
        [
            article("a", "Dividend", template.format("Nordal", "Velm", 14, "Ida Roe", "Brix Bank")),
            article(
                "b", "Dividend", template.format("Kestrel", "Korrin", 92, "Jo Ham", "Oak Trust")
            ),
        ]
    )
    assert copies(grouping) == {}


def test_short_items_with_one_title_on_one_day_are_copies() -> None:
    title = "Bridge over the Lorne closed until Friday"
    same_day = [article("a", title, "Short notice."), article("b", title, "", 2)]
    assert copies(grouped(same_day)) == {"b": "a"}
    assert copies(grouped([article("a", title, ""), article("b", title, "", 30)])) == {}


def test_a_recurring_short_title_makes_no_copies() -> None:
    items = [
        article("a", "Morning briefing", "The ferry contract and the price of rye bread."),
        article("b", "Morning briefing", "Two penalties saved, and the river is rising.", 1),
    ]
    assert copies(grouped(items)) == {}


def test_one_title_over_different_short_texts_makes_no_copies() -> None:
    title = "What we know so far today"
    items = [
        article("a", title, "Engines failed over the northern islands at dawn."),
        article("b", title, "Voters queue at schools while ballots run out.", 1),
    ]
    assert copies(grouped(items)) == {}


def test_articles_further_apart_than_the_window_are_never_joined() -> None:
    early = article("a", "Port Lorne buys electric ferries", FERRY)
    late = article("b", "Electric ferries for Port Lorne", FERRY, 24 * 7 + 1)
    grouping = grouped([*filler(), early, late])
    assert story_of(grouping)["a"] != story_of(grouping)["b"]
    assert copies(grouping) == {}


def test_languages_are_grouped_apart() -> None:
    grouping = grouped(
        [
            article("a", "Port Lorne buys electric ferries", FERRY),
            article("b", "Electric ferries for Port Lorne", FERRY_ELSEWHERE, 1, language="de"),
        ]
    )
    assert len(set(story_of(grouping).values())) == 2


def test_a_published_story_keeps_its_id_when_an_earlier_article_turns_up() -> None:
    first = article("b", "Electric ferries for Port Lorne", FERRY_ELSEWHERE, 3)
    known = story_of(grouped([*filler(), first]))
    earlier = article("a", "Port Lorne buys electric ferries", FERRY)
    stories = story_of(grouped([*filler(), first, earlier], known))
    assert stories["a"] == stories["b"] == story_id("b")


def test_two_published_stories_that_are_clearly_one_go_on_as_the_older_one() -> None:
    one = article("a", "Port Lorne buys electric ferries", FERRY)
    other = article("b", "Port Lorne buys two electric ferries", FERRY, 2)
    known = {"a": story_id("a"), "b": story_id("b")}
    grouping = grouped([*filler(), one, other], known)
    assert {story_of(grouping)[name] for name in "ab"} == {story_id("a")}
    assert grouping.merged == {story_id("b"): story_id("a")}


def test_two_published_stories_that_are_merely_alike_stay_two() -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
    one = article("a", "Quarry dispute", " ".join(words * 2))
    other = article("b", "Vineyard harvest", " ".join(words[:1] * 2), 2)
    known = {"a": story_id("a"), "b": story_id("b")}
    grouping = grouped([*filler(), one, other], known)
    assert grouping.merged == {}


def test_grouping_again_with_what_was_published_changes_nothing() -> None:
    articles = [
        *filler(),
        article("a", "Port Lorne buys electric ferries", FERRY),
        article("b", "Electric ferries for Port Lorne", FERRY_ELSEWHERE, 3),
        article("c", "Boats", FERRY[:300], 5),
    ]
    first = grouped(articles)
    again = grouped(articles, story_of(first))
    assert story_of(again) == story_of(first)
    assert copies(again) == copies(first)
    assert again.merged == {}


def test_articles_without_dates_or_texts_are_grouped_too() -> None:
    bare = [
        Article(id=name, title=title, provider=ProviderName(name="x", domain="x.example"))
        for name, title in (("a", ""), ("b", ""), ("c", "Port Lorne buys ferries"))
    ]
    assert len(set(story_of(grouped(bare)).values())) == 3
    assert grouped([]) == Grouping((), {})
