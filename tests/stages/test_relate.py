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
