from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.config import GroupSettings, RelateSettings
from wiredesk.exams.measures import contained, runs
from wiredesk.exams.wire import wire
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate

SETTINGS = RelateSettings()
RELATE = Relate(SETTINGS)


def window(number: int, size: int) -> tuple[list[Article], list[Membership]]:
    reports = list(wire(size, "relating", number, languages=("en", "de")))
    articles = [report.article for report in reports]
    copies = {
        member.id: member.duplicate_of
        for member in Group(GroupSettings())(articles).memberships
        if member.duplicate_of
    }
    return articles, [
        Membership(
            id=one.article.id, story=str(one.event), duplicate_of=copies.get(one.article.id, "")
        )
        for one in reports
    ]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 80), st.randoms(use_true_random=False))
def test_relations_are_a_function_of_the_set(number: int, size: int, random: object) -> None:
    articles, members = window(number, size)
    found = RELATE(articles, members)
    shuffled, mixed = list(articles), list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    random.shuffle(mixed)  # type: ignore[attr-defined]  # as above
    assert RELATE(shuffled, mixed) == found


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 80))
def test_no_list_shows_what_it_must_not(number: int, size: int) -> None:
    articles, members = window(number, size)
    by_id = {article.id: article for article in articles}
    story = {member.id: member.story for member in members}
    for one, related in RELATE(articles, members).items():
        ids = [item.id for item in related]
        assert len(ids) <= SETTINGS.most
        assert one not in ids
        assert max(Counter(by_id[other].domain for other in ids).values(), default=0) <= 1
        reasons = [item.why for item in related]
        assert reasons == sorted(reasons, reverse=True)  # "story" before "likeness"
        assert all((story[item.id] == story[one]) == (item.why == "story") for item in related)
        assert all(0 <= item.score <= 1 for item in related)
        assert {by_id[other].language for other in ids} <= {by_id[one].language}
        texts = [runs(by_id[other].text, 5) for other in (one, *ids)]
        assert all(contained(a, b) < 0.5 for place, a in enumerate(texts) for b in texts[:place])
