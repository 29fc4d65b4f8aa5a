"""Decisions over random articles: the last word holds, whatever the articles say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import CHIP, FERRY, article, judge, row

from wiredesk.adapters.desk_folder.journal import append, read_journal
from wiredesk.adapters.memory import MemoryStore
from wiredesk.config import GroupSettings
from wiredesk.engine.deciding import has_news
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.decided import Decided, decide
from wiredesk.records.decision import Decision, Exclude, Merge, Parting, Spike, Split, Undo, flaw
from wiredesk.records.identity import story_id
from wiredesk.records.story import Story
from wiredesk.stages.group import Group, Grouping

START = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = (
    *("ferry", "quay", "harbour", "clock", "bread", "vote", "chip", "rain", "goal", "river"),
    *("Velm", "Korrin", "Quill", "41", "2027"),
)
GROUP = Group(GroupSettings())
MOST = 9
EXAMPLES = 20 if os.environ.get("WIREDESK_LONG") else 1
"""Times as many for `WIREDESK_LONG=1 pytest tests/properties/test_decision_properties.py`."""
RUNS = 3
"""Runs after which nothing changes any more, though a journal contradict itself."""
IDS = [f"a{place}" for place in range(MOST)]
texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
some = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True).map(tuple)
named_stories = st.sampled_from([*map(story_id, IDS[:4]), "other"])


@st.composite
def windows(draw: st.DrawFn) -> list[Article]:
    rows = draw(st.lists(st.tuples(texts, texts, st.none() | st.integers(0, 400)), max_size=MOST))
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


@st.composite
def decision(draw: st.DrawFn, place: int) -> Decision:
    """Anything that a journal may say, however little sense it makes."""
    name = f"d{place}"
    articles, others = draw(some), draw(some)
    rest = tuple(one for one in others if one not in articles)
    if not rest:
        rest = (next(one for one in IDS if one not in articles),)
    story, other = draw(named_stories), draw(named_stories)
    kind = draw(st.sampled_from([Merge, Split, Exclude, Undo]))
    if kind is Undo and place:
        return Undo(id=name, when=START, undoes=f"d{draw(st.integers(0, place - 1))}")
    if kind is Split and story != other:
        return Split(id=name, when=START, story=story, articles=articles, rest=rest, becomes=other)
    if kind is Exclude or story == other:
        return Exclude(id=name, when=START, story=story, articles=articles, rest=rest)
    return Merge(id=name, when=START, stories={story: articles, other: others})


@st.composite
def journals(draw: st.DrawFn) -> list[Decision]:
    return [draw(decision(place)) for place in range(draw(st.integers(0, 6)))]


def stories(grouping: Grouping) -> dict[str, str]:
    return {member.id: member.story for member in grouping.memberships}


def of_all(grouping: Grouping) -> set[tuple[str, str, str]]:
    return {(one.id, one.story, one.duplicate_of) for one in grouping.memberships}


def hold(decided: Decided, grouping: Grouping) -> None:
    told = stories(grouping)
    for one, other in decided.together:
        if one in told and other in told:
            assert told[one] == told[other]
    for one, other in decided.apart:
        if one in told and other in told:
            assert told[one] != told[other]


def statements(journal: Sequence[Decision]) -> Iterable[tuple[bool, str, str]]:
    """Give (together, one, other), the latest first, of what is not undone."""
    lifted: set[str] = set()
    for one in reversed(journal):
        if one.id in lifted:
            continue
        match one:
            case Undo(undoes=undoes):
                lifted.add(undoes)
            case Merge(stories=parts):
                named = [article for part in sorted(parts) for article in parts[part]]
                yield from ((True, *pair) for pair in chained(named))
            case Split(articles=articles, rest=rest):
                yield from ((False, a, b) for a in articles for b in rest)
                yield from ((True, *pair) for pair in chained(list(articles)))
            case Exclude(articles=articles, rest=rest):
                yield from ((False, a, b) for a in articles for b in rest)


def chained(articles: list[str]) -> Iterable[tuple[str, str]]:
    """Give each with each before it: it is one with the first of them that it may be one with."""
    for place, one in enumerate(articles):
        yield from ((other, one) for other in articles[:place])


def closure(kept: Sequence[tuple[bool, str, str]]) -> dict[str, frozenset[str]]:
    groups = {one: frozenset({one}) for one in IDS}
    for together, one, other in kept:
        if together:
            union = groups[one] | groups[other]
            groups |= dict.fromkeys(union, union)
    return groups


def sound(kept: Sequence[tuple[bool, str, str]]) -> bool:
    groups = closure(kept)
    return not any(groups[one] == groups[other] for together, one, other in kept if not together)


@settings(deadline=None, max_examples=100 * EXAMPLES)
@given(journals())
def test_each_statement_holds_unless_later_ones_say_otherwise(journal: list[Decision]) -> None:
    decided = decide(journal)
    kept: list[tuple[bool, str, str]] = []
    for statement in statements(journal):
        if sound([*kept, statement]):
            kept.append(statement)
    ours = [(True, *pair) for pair in decided.together] + [(False, *pair) for pair in decided.apart]
    assert sound(ours)
    assert closure(ours) == closure(kept)
    groups = closure(kept)
    for one, other in combinations(IDS, 2):
        assert apart(one, other, ours, groups) == apart(one, other, kept, groups)


def apart(
    one: str, other: str, kept: Sequence[tuple[bool, str, str]], groups: dict[str, frozenset[str]]
) -> bool:
    return any(
        {groups[one], groups[other]} == {groups[a], groups[b]}
        for together, a, b in kept
        if not together
    )


@settings(deadline=None, max_examples=25 * EXAMPLES)
@given(windows(), journals(), st.randoms(use_true_random=False))
def test_what_was_decided_holds_and_the_grouping_is_a_function_of_the_set(
    window: list[Article], journal: list[Decision], random: object
) -> None:
    assert not any(map(flaw, journal))
    decided = decide(journal)
    shuffled = list(window)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    grouping = GROUP(shuffled, {}, decided)
    assert grouping == GROUP(window, {}, decided)
    hold(decided, grouping)
    copies_are_with_their_original(grouping)


def copies_are_with_their_original(grouping: Grouping) -> None:
    members = {member.id: member for member in grouping.memberships}
    for member in members.values():
        if member.duplicate_of:
            original = members[member.duplicate_of]
            assert not original.duplicate_of
            assert original.story == member.story


@settings(deadline=None, max_examples=15 * EXAMPLES)
@given(windows(), windows(), journals(), journals())
def test_over_runs_with_new_articles_and_new_decisions_it_holds_and_comes_to_rest(
    first: list[Article], second: list[Article], earlier: list[Decision], later: list[Decision]
) -> None:
    window = [*first[: len(first) // 2]]
    known: dict[str, str] = {}
    pointers: dict[str, str] = {}
    journal: list[Decision] = []
    arrivals = [[], first[len(first) // 2 :], [renamed(one) for one in second], []]
    for arrival, said in zip(arrivals, [[], earlier, [], later], strict=True):
        window += arrival
        journal += [renumbered(one, len(journal)) for one in said]
        decided = decide(journal)
        grouping = GROUP(window, known, decided.following(pointers, {}))
        hold(decided, grouping)
        copies_are_with_their_original(grouping)
        told = stories(grouping)
        who_stays_keeps_its_story(known, told, grouping, decided)
        before = grouping
        for _ in range(RUNS):
            pointers = {**pointers, **grouping.merged}
            pointers = {gone: into for gone, into in pointers.items() if gone not in told.values()}
            known, before = told, grouping
            grouping = GROUP(window, known, decided.following(pointers, {}))
            told = stories(grouping)
            hold(decided, grouping)
        assert of_all(grouping) == of_all(before)
        assert grouping.merged == {}
        known = told


def who_stays_keeps_its_story(
    known: dict[str, str], told: dict[str, str], grouping: Grouping, decided: Decided
) -> None:
    """An article of which no decision speaks keeps its story, or is with it where that is merged."""
    named = {*decided.moved}
    touched = {known[one] for one in named if one in known}
    for one, story in known.items():
        if story not in touched:
            assert told[one] == grouping.merged.get(story, story)


def renamed(article: Article) -> Article:
    return msgspec.structs.replace(article, id=f"late-{article.id}")


def renumbered(one: Decision, offset: int) -> Decision:
    changes = {"id": f"d{int(one.id[1:]) + offset}"}
    if isinstance(one, Undo):
        changes["undoes"] = f"d{int(one.undoes[1:]) + offset}"
    return msgspec.structs.replace(one, **changes)


@settings(deadline=None, max_examples=25 * EXAMPLES)
@given(windows(), st.data())
def test_an_article_that_was_taken_out_never_shares_a_story_with_what_stays(
    window: list[Article], data: st.DataObject
) -> None:
    before = GROUP(window)
    by_story: dict[str, list[str]] = {}
    for member in before.memberships:
        by_story.setdefault(member.story, []).append(member.id)
    several = {story: members for story, members in by_story.items() if len(members) > 1}
    if not several:
        return
    story = data.draw(st.sampled_from(sorted(several)))
    leaving = tuple(
        data.draw(
            st.lists(
                st.sampled_from(several[story]),
                min_size=1,
                max_size=len(several[story]) - 1,
                unique=True,
            )
        )
    )
    rest = tuple(one for one in several[story] if one not in leaving)
    kind = data.draw(st.sampled_from(["split", "exclude"]))
    said: Parting = (
        Split(id="d", when=START, story=story, articles=leaving, rest=rest, becomes="part")
        if kind == "split"
        else Exclude(id="d", when=START, story=story, articles=leaving, rest=rest)
    )
    more = [renamed(one) for one in data.draw(windows())]
    after = GROUP([*window, *more], stories(before), decide([said]))
    told = stories(after)
    assert {told[one] for one in rest} == {after.merged.get(story, story)}
    assert not {told[one] for one in leaving} & {told[one] for one in rest}
    if kind == "split":
        assert len({told[one] for one in leaving}) == 1
        (part,) = {told[one] for one in leaving}
        assert part == "part" or part in stories(before).values(), "clearly one with another story"
        assert after.split == ({"part": story} if part == "part" else {})
    elsewhere = {one for one in told if one in stories(before) and one not in (*leaving, *rest)}
    for one in elsewhere:
        assert told[one] == after.merged.get(stories(before)[one], stories(before)[one])


EVENTS = (
    ("Two electric ferries", FERRY),
    ("A chip that learns", CHIP),
    ("Rye is dear", "Flour. " * 40),
)


@st.composite
def newsdays(draw: st.DrawFn, hours: int) -> list[Article]:
    """Reports of few events over some hours, some of them cut, so that stories of several are told."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(EVENTS),
                st.sampled_from([0, 90, 220]),
                st.integers(0, 90) | st.integers(0, hours),
            ),
            min_size=2,
            max_size=MOST,
        )
    )
    return [
        article(f"a{place}", f"{title} {hour % 3}", text[cut:], hours=hour)
        for place, ((title, text), cut, hour) in enumerate(rows)
    ]


def bare(story: Story) -> Story:
    """Return a story without how alike its members were to what they were joined to last: where an
    article that left was alone with others in the meantime, that is found anew.
    """
    members = tuple(msgspec.structs.replace(one, likeness=0.0, rule="") for one in story.members)
    return msgspec.structs.replace(story, members=members)


def judged(store: MemoryStore, journal: Sequence[Decision]) -> dict[str, Story]:
    judge(store, decisions=journal)()
    return {story.id: story for story in store.stories()}


@settings(deadline=None, max_examples=25 * EXAMPLES)
@given(newsdays(90), st.data())
def test_a_decision_and_then_its_undo_leave_every_story_as_it_was(
    window: list[Article], data: st.DataObject
) -> None:
    store = MemoryStore()
    store.settle(row(one) for one in window)
    before = judged(store, [])
    parts = {name: tuple(member.id for member in its.members) for name, its in before.items()}
    several = sorted(name for name, its in parts.items() if len(its) > 1)
    said: list[Decision] = []
    if len(parts) > 1:
        names = data.draw(st.lists(st.sampled_from(sorted(parts)), min_size=2, unique=True))
        said.append(Merge(id="d", when=START, stories={name: parts[name] for name in names}))
    if several:
        story = data.draw(st.sampled_from(several))
        cut = data.draw(st.integers(1, len(parts[story]) - 1))
        out, rest = parts[story][:cut], parts[story][cut:]
        said.append(Split(id="d", when=START, story=story, articles=out, rest=rest, becomes="part"))
        said.append(Exclude(id="d", when=START, story=story, articles=out, rest=rest))
    if not said:
        return
    decision = data.draw(st.sampled_from(said))
    with_it = judged(store, [decision])
    assert judged(store, [decision]) == with_it
    own = decision.stories if isinstance(decision, Merge) else {}
    if any(with_it[name].merged_into for name in before if name not in own):
        return  # what is left is now clearly one with another story: nobody decided that
    undo = Undo(id="u", when=START, undoes="d")
    after = judged(store, [decision, undo])
    assert {name: bare(after[name]) for name in before} == {n: bare(s) for n, s in before.items()}
    assert all(after[name].merged_into for name in after.keys() - before.keys())
    assert judged(store, [decision, undo]) == after


@settings(deadline=None, max_examples=25 * EXAMPLES)
@given(journals(), st.randoms(use_true_random=False))
def test_the_order_of_the_journals_lines_says_nothing(
    tmp_path_factory: pytest.TempPathFactory, journal: list[Decision], random: object
) -> None:
    timed = [
        msgspec.structs.replace(one, when=START + timedelta(seconds=place))
        for place, one in enumerate(journal)
    ]
    shuffled = list(timed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    path = tmp_path_factory.getbasetemp() / "shuffled.jsonl"
    path.unlink(missing_ok=True)
    for one in shuffled:
        append(path, one)
    assert decide(read_journal(path).decisions) == decide(timed)
    assert read_journal(path).problems == ()


def about(data: st.DataObject, told: dict[str, Story], journal: Sequence[Decision]) -> Decision:
    """Return a decision that an editor could take on a desk that tells these stories."""
    name, when = f"d{len(journal)}", START + timedelta(seconds=len(journal))
    parts = {
        story: tuple(member.id for member in its.members)
        for story, its in sorted(told.items())
        if not its.merged_into
    }
    several = [story for story, its in parts.items() if len(its) > 1]
    kinds = ["undo"] * bool(journal) + ["merge"] * (len(parts) > 1) + ["part"] * bool(several)
    match data.draw(st.sampled_from(kinds or ["pin"])):
        case "undo":
            undoes = data.draw(st.sampled_from([one.id for one in journal]))
            return Undo(id=name, when=when, undoes=undoes)
        case "merge":
            names = data.draw(
                st.lists(st.sampled_from([*parts]), min_size=2, max_size=3, unique=True)
            )
            return Merge(id=name, when=when, stories={one: parts[one] for one in names})
        case "part":
            story = data.draw(st.sampled_from(several))
            cut = data.draw(st.integers(1, len(parts[story]) - 1))
            out, rest = parts[story][:cut], parts[story][cut:]
            if data.draw(st.booleans()):
                return Exclude(id=name, when=when, story=story, articles=out, rest=rest)
            return Split(
                id=name, when=when, story=story, articles=out, rest=rest, becomes=f"part-{name}"
            )
        case _:
            story = next(iter(parts))
            return Spike(id=name, when=when, story=story, article=parts[story][0])


@settings(deadline=None, max_examples=15 * EXAMPLES)
@given(newsdays(1500), st.data())
def test_a_desk_of_many_runs_and_decisions_stays_sound(
    window: list[Article], data: st.DataObject
) -> None:
    store, journal = MemoryStore(), list[Decision]()
    told: dict[str, Story] = {}
    arrivals = data.draw(st.permutations(window))
    while arrivals:
        batch, arrivals = arrivals[:3], arrivals[3:]
        store.settle(row(one) for one in batch)
        told = judged(store, journal)
        journal.append(about(data, told, journal))
        told = judged(store, journal)
        assert judged(store, journal) == told, "a second run says the same"
        living = {name: story for name, story in told.items() if not story.merged_into}
        of = {member.id: name for name, story in living.items() for member in story.members}
        assert sorted(of) == sorted(
            member.id for story in living.values() for member in story.members
        ), "an article is told once"
        assert of.keys() == {one.article.id for one in store.articles()}
        decided = decide(journal)
        assert all(
            of[one] == of[other] for one, other in decided.together if {one, other} <= of.keys()
        )
        assert all(
            of[one] != of[other] for one, other in decided.apart if {one, other} <= of.keys()
        )
        for story in told.values():
            end, seen = story, {story.id}
            while end.merged_into:
                end = told[end.merged_into]
                assert end.id not in seen, "pointers lead somewhere"
                seen.add(end.id)
        waiting = [one for one in told.values() if not one.merged_into and has_news(one, decided)]
        assert not waiting
