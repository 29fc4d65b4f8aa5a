from __future__ import annotations

from datetime import UTC, datetime

from wiredesk.config import RelateSettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.judgement import Membership
from wiredesk.stages.relate import Relate

BOATS = "electric ferry battery harbour Lorne council contract yard"
TEXTS = {
    "lead": f"{BOATS} vote mayor Quill",
    "rest": f"{BOATS} opposition auditor Oster",
    "copy": f"{BOATS} vote mayor Quill",
    "near": "electric ferry battery test in Velm shipyard trial",
    "near-twin": "electric ferry battery test in Velm shipyard trial",
    "near-same-provider": "electric ferry battery range in winter",
    "other-matter": "bread rye flour price bakery",
    "far": "goalkeeper penalty cup match Sunday",
    "wide": "clock museum wing instruments",
}
STORIES = {"rest": "lead", "copy": "lead", "near-twin": "near"}


def article(name: str, domain: str = "", language: str = "en") -> Article:
    host = domain or f"{name}.example"
    return Article(
        id=name,
        title=TEXTS[name],
        text=TEXTS[name],
        language=language,
        provider=ProviderName(name=host, domain=host),
        published_date_time=datetime(2026, 3, 2, tzinfo=UTC),
    )


def window() -> tuple[list[Article], list[Membership]]:
    domains = {"near-same-provider": "near.example"}
    articles = [article(name, domains.get(name, "")) for name in TEXTS]
    members = [
        Membership(
            id=name,
            story=STORIES.get(name, name),
            duplicate_of={"copy": "lead", "near-twin": "near"}.get(name, ""),
        )
        for name in TEXTS
    ]
    return articles, members


def test_the_rest_of_the_story_comes_first_then_the_same_matter() -> None:
    related = Relate(RelateSettings(least_likeness=0.012))(*window())["lead"]
    assert [one.why for one in related] == ["story", "likeness"]
    assert related[0].id == "rest"
    assert related[1].id in {"near", "near-same-provider"}


def test_no_copy_is_ever_related_and_nothing_to_itself() -> None:
    related = Relate(RelateSettings(least_likeness=0.0))(*window())
    for name, found in related.items():
        ids = [one.id for one in found]
        assert name not in ids
        assert not {"copy", "near-twin"} & set(ids)
        assert len(set(ids)) == len(ids)
    assert "lead" not in [one.id for one in related["copy"]]


def test_a_provider_is_shown_once_in_the_same_matter() -> None:
    related = Relate(RelateSettings(least_likeness=0.012))(*window())["lead"]
    near = [one.id for one in related if one.why == "likeness"]
    assert len({"near", "near-same-provider"} & set(near)) == 1


def test_a_story_of_one_has_related_articles_too() -> None:
    related = Relate(RelateSettings(least_likeness=0.01))(*window())["near"]
    assert {one.why for one in related} == {"likeness"}


def test_no_more_than_the_most_are_shown_and_nothing_below_the_least_likeness() -> None:
    assert all(len(found) <= 1 for found in Relate(RelateSettings(most=1))(*window()).values())
    related = Relate(RelateSettings())(*window())
    assert related["far"] == ()


def test_other_languages_are_not_the_same_matter() -> None:
    articles = [article("lead"), article("near", language="de"), article("far"), article("wide")]
    assert Relate(RelateSettings(least_likeness=0.0))(articles, [])["lead"] == ()


def test_the_order_of_the_articles_has_no_say() -> None:
    articles, members = window()
    relate = Relate(RelateSettings(least_likeness=0.01))
    assert relate(articles, members) == relate(articles[::-1], members[::-1])


LONG = (
    "The council of Port Lorne voted on Tuesday night to buy two electric ferries from the yard at "
    "Nessby, after eleven years of dispute over the ageing diesel fleet. Mayor Ada Quill said that "
    "the first boat would cross the sound in May 2027 and that fares would stay as they are."
)


def told(name: str, text: str, **more: str) -> Article:
    domain = more.get("domain", f"{name}.example")
    return Article(
        id=name,
        title=more.get("title", f"{name} title"),
        text=text,
        language="en",
        provider=ProviderName(name=domain, domain=domain),
    )


def shown(articles: list[Article], stories: dict[str, str], one: str, **more: float) -> list[str]:
    members = [Membership(id=a.id, story=stories.get(a.id, a.id)) for a in articles]
    settings = RelateSettings(least_likeness=0.0, **more)  # type: ignore[arg-type]  # its numbers
    return [relation.id for relation in Relate(settings)(articles, members)[one]]


def test_what_shares_much_of_its_text_is_shown_once_though_nobody_called_it_a_copy() -> None:
    articles = [
        told("asked", f"{BOATS} Quill"),
        told("first", LONG),
        told("second", f"{LONG} More was said by the auditor, who was not amused at all by it."),
        told("cut", LONG[: len(LONG) // 2]),
    ]
    assert len(set(shown(articles, {}, "asked")) & {"first", "second", "cut"}) == 1
    assert shown(articles, {}, "first") == ["asked"]
    same_story = dict.fromkeys(("asked", "first", "second", "cut"), "s")
    assert len(shown(articles, same_story, "asked")) == 1


def test_items_too_short_to_share_runs_are_one_when_they_are_the_same_words() -> None:
    articles = [
        told("asked", "electric ferry Lorne council"),
        told("one", "electric ferry battery test", title="Ferry battery tested in Velm"),
        told("two", "electric ferry battery test", title="Ferry battery tested in Velm"),
        told("other", "electric ferry prices rise", title="Ferry prices rise in Korrin"),
    ]
    found = shown(articles, {}, "asked")
    assert len({"one", "two"} & set(found)) == 1
    assert "other" in found


def test_a_provider_is_shown_once_in_the_whole_list() -> None:
    texts = ["vote mayor Quill", "opposition auditor Oster", "yard Nessby steel"]
    articles = [
        told(f"{domain}{turn}", f"{BOATS} {text}", domain=f"{domain}.example")
        for domain in "ab"
        for turn, text in enumerate(texts)
    ]
    found = shown(articles, {"a0": "s", "a1": "s", "b0": "s", "b1": "s"}, "a0")
    assert sorted(one[0] for one in found) == ["a", "b"]


def test_nobody_knows_who_published_several_and_all_are_shown() -> None:
    articles = [
        told("asked", f"{BOATS} Quill", domain=""),
        told("one", f"{BOATS} steel crane welders painters strike", domain=""),
        told("two", f"{BOATS} tourists winter snow fare discount", domain=""),
    ]
    assert set(shown(articles, {}, "asked")) == {"one", "two"}


def test_the_story_comes_first_though_a_stranger_is_likelier() -> None:
    articles = [
        told("asked", f"{BOATS} vote"),
        told("mate", "Quill wins the vote after a long night, Oster loses it"),
        told("stranger", f"{BOATS} again, but of another year and another town"),
    ]
    assert shown(articles, {"asked": "s", "mate": "s"}, "asked") == ["mate", "stranger"]


def test_a_mate_that_shares_no_word_is_shown_all_the_same() -> None:
    articles = [told("asked", BOATS), told("mate", "goalkeeper penalty cup"), told("far", "bread")]
    assert shown(articles, {"asked": "s", "mate": "s"}, "asked")[0] == "mate"


def test_near_matter_is_unlike_what_is_shown_already() -> None:
    articles = [
        told("asked", "ferry battery council auditor harbour fare"),
        told("a", "ferry battery council yard steel crane welders"),
        told("b", "ferry battery council yard steel crane painters"),
        told("c", "harbour fare winter tourists snow"),
    ]
    assert shown(articles, {}, "asked", most=2, diversity=0.0) == ["a", "b"]
    assert shown(articles, {}, "asked", most=2, diversity=0.5) == ["a", "c"]


def test_a_story_of_hundreds_shows_its_likest() -> None:
    articles = [
        told(f"m{number:03}", f"{BOATS} word{number} word{number // 2}") for number in range(300)
    ]
    stories = {article.id: "s" for article in articles}
    assert shown(articles, stories, "m100")[0] in {"m050", "m101", "m200", "m201"}
    assert len(shown(articles, stories, "m100")) == RelateSettings().most


def test_another_story_is_shown_by_one_article() -> None:
    articles = [told("asked", BOATS)]
    articles += [told(f"x{number}", f"{BOATS} word{number}") for number in range(5)]
    stories = {f"x{number}": "x" for number in range(5)}
    assert len(shown(articles, stories, "asked")) == 1
