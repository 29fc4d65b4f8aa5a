from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.stages.group import Group

START = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = [
    "ferry",
    "quay",
    "harbour",
    "clock",
    "bread",
    "vote",
    "chip",
    "rain",
    "goal",
    "river",
    "Velm",
    "Korrin",
    "Quill",
    "41",
    "2027",
]
texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
GROUP = Group(GroupSettings())


@st.composite
def windows(draw: st.DrawFn) -> list[Article]:
    rows = draw(st.lists(st.tuples(texts, texts, st.none() | st.integers(0, 400)), max_size=12))
    return [
        Article(
            id=f"a{place}",
            title=title[:60],
            text=text,
            provider=ProviderName(name="x", domain="x.example"),
            published_date_time=None if hours is None else START + timedelta(hours=hours),
        )
        for place, (title, text, hours) in enumerate(rows)
    ]


@settings(deadline=None, max_examples=60)
@given(windows(), st.randoms(use_true_random=False))
def test_the_grouping_is_a_function_of_the_set(window: list[Article], random: object) -> None:
    shuffled = list(window)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert GROUP(shuffled) == GROUP(window)


@settings(deadline=None, max_examples=60)
@given(windows())
def test_every_article_is_in_one_story_and_copies_are_with_their_original(
    window: list[Article],
) -> None:
    members = {member.id: member for member in GROUP(window).memberships}
    assert set(members) == {article.id for article in window}
    for member in members.values():
        if member.duplicate_of:
            original = members[member.duplicate_of]
            assert not original.duplicate_of
            assert original.story == member.story


@settings(deadline=None, max_examples=60)
@given(windows(), windows())
def test_published_ids_never_move_and_grouping_again_changes_nothing(
    window: list[Article], more: list[Article]
) -> None:
    first = {member.id: member.story for member in GROUP(window).memberships}
    later = [*window, *(_renamed(article) for article in more)]
    grouping = GROUP(later, first)
    second = {member.id: member.story for member in grouping.memberships}
    for article, story in first.items():
        assert second[article] == grouping.merged.get(story, story)
    again = GROUP(later, second)
    assert {member.id: member.story for member in again.memberships} == second
    assert again.merged == {}


def _renamed(article: Article) -> Article:
    fields = {name: getattr(article, name) for name in article.__struct_fields__}
    return Article(**(fields | {"id": f"late-{article.id}"}))
