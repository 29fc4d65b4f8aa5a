"""Deciding: what editors' decisions mean for the stories that a desk has published.

They are carried out by the stages: ``group`` keeps together and apart, the gate asks for the ruling, the
draft takes the title. Here is what stands before that, and what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from wiredesk.records.decided import Decided, Word
from wiredesk.records.decision import Decision, Merge, Topics
from wiredesk.records.judgement import Evidence, TopicMatch
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack
from wiredesk.stages.classify import BY_LABEL


class Before(msgspec.Struct, frozen=True):
    """What was published, as decisions find it: the story of each article, and what was decided as it
    reads here.
    """

    known: dict[str, str]
    decided: Decided


def before(stories: Iterable[Story], decided: Decided) -> Before:
    """Return what stands before judgement: what decisions that were undone had moved is back where it
    was, and whoever speaks of a merged story speaks of the one that tells its articles now.
    """
    by_id = {story.id: story for story in stories}
    known = {
        member.id: story.id
        for story in by_id.values()
        if not story.merged_into
        for member in story.members
    }
    for story in by_id.values():
        if not story.merged_into:
            known.update(_put_back(story, by_id, decided))
            for article in _released(story, decided):
                del known[article]
    told = set(known.values())
    pointers = {
        story.id: story.merged_into
        for story in by_id.values()
        if story.merged_into not in {"", story.id} and story.id not in told
    }
    origins = {story.id: story.split_from for story in by_id.values() if story.split_from}
    return Before(known, decided.following(pointers, origins))


def _put_back(
    story: Story, stories: Mapping[str, Story], decided: Decided
) -> Iterator[tuple[str, str]]:
    """Give the articles of a story that a decision brought there which has been undone, and the story
    that each goes back to. With the articles that a story was split off with goes who joined them.
    """
    for member in story.members:
        undone = decided.undone.get(member.by)
        former = decided.former(member.id, member.by) if undone is not None else ""
        if isinstance(undone, Merge):
            yield member.id, former
        elif former in stories:
            target = _living(former, stories)
            if story.split_from == former:
                yield from ((other.id, target) for other in story.members)
            else:
                yield member.id, target


def _released(story: Story, decided: Decided) -> Iterator[str]:
    """Give the articles that joined a story while a merge held that is undone: to which of its parts
    they belong nobody said, and they find their own place.
    """
    undone = [decided.undone.get(member.by) for member in story.members]
    named = {
        article
        for one in undone
        if isinstance(one, Merge)
        for articles in one.stories.values()
        for article in articles
    }
    if named:
        yield from (one.id for one in story.members if not one.by and one.id not in named)


def _living(story: str, stories: Mapping[str, Story]) -> str:
    """Return the story that tells the articles of ``story`` now."""
    seen = {story}
    while (into := stories[story].merged_into) in stories and into not in seen:
        seen.add(into)
        story = into
    return story


def is_open(story: Story, decided: Decided) -> bool:
    """Tell whether a story is judged: it is neither merged nor closed, or there is a decision about
    it that it has not heard, or one that it has heard and that does not hold any more.
    """
    if story.merged_into:
        return False
    return not story.closed or has_news(story, decided)


def has_news(story: Story, decided: Decided) -> bool:
    """Tell whether other decisions hold for a story than those that it was told with."""
    return story.decisions != _concerning(story, decided)


def ruled(story: Story, split_from: str, decided: Decided) -> Story:
    """Return a story as it was told, with what editors said of it."""
    word = decided.word(story.id)
    told = msgspec.structs.replace(
        story, title=word.title, pinned=word.pinned, split_from=split_from
    )
    return heard(told, decided)


def heard(story: Story, decided: Decided) -> Story:
    """Return a story with the decisions that hold and have a say in it."""
    return msgspec.structs.replace(story, decisions=_concerning(story, decided))


def _concerning(story: Story, decided: Decided) -> tuple[Decision, ...]:
    return decided.concerning(story.id, (member.id for member in story.members))


def retopiced(matches: Sequence[TopicMatch], word: Word, pack: TopicPack) -> tuple[TopicMatch, ...]:
    """Return topics with those that editors added and without those that they took away.

    A topic that they named is on or off as they said. What follows from that yields to it: an added
    topic brings its ancestors, and with one that is taken away go those below it, and those above
    that nothing else speaks for. A topic that the pack does not have is passed over.
    """
    gone = {
        topic.name
        for topic in pack.topics
        if topic.name not in word.add and {*word.remove} & {topic.name, *pack.ancestors(topic.name)}
    }
    kept: list[TopicMatch] = []
    for match in matches:
        only_brought = all(item.rule == "child" and item.keyword in gone for item in match.evidence)
        if match.topic in gone or (match.evidence and only_brought):
            gone.add(match.topic)
        else:
            kept.append(match)
    on = {match.topic for match in kept}
    added: dict[str, TopicMatch] = {}
    for name in word.add:
        if pack.named(name) is not None:
            added.setdefault(name, _match(name, BY_LABEL, name, "decision"))
            for child, above in pairwise((name, *pack.ancestors(name))):
                added.setdefault(above, _match(above, "child", child, "topic"))
    new = (match for name, match in added.items() if name not in {*on, *word.remove})
    return (*new, *kept)


def unknown_topics(decided: Decided, pack: TopicPack) -> Iterator[str]:
    """Give a sentence for each topic that a decision adds and that the pack does not have."""
    for decision in decided.holding:
        if isinstance(decision, Topics):
            for name in decision.add:
                if pack.named(name) is None:
                    yield (
                        f"decision {decision.id}: there is no topic {name!r} any more; it is not added"
                    )


def _match(topic: str, rule: str, keyword: str, place: str) -> TopicMatch:
    return TopicMatch(topic=topic, evidence=(Evidence(keyword=keyword, place=place, rule=rule),))
