"""What an edition holds: stories by heat and topic since the last one, none of them twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from wiredesk.config import SeriesSettings
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.newsletter import Issue, Item, Pick
from wiredesk.records.plaintext import EXCERPT_LIMIT, TITLE_LIMIT, plain
from wiredesk.records.record import Record
from wiredesk.records.story import Story
from wiredesk.records.topic import TopicPack
from wiredesk.records.weburl import canonical_key, linkable

GRACE = timedelta(days=1)
"""How much older than the last edition a story may be: desks hear of some stories late."""
_NAME = 100


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A published story as it stands: the desk's own, and its record with what humans changed."""

    story: Story
    record: Record
    url: str
    at: datetime
    """When its record says it was published."""

    @property
    def pick(self) -> Pick:
        """What tells it from all others."""
        return Pick(story=self.story.id, lead=self.story.lead, key=canonical_key(self.url))


class Newsroom(msgspec.Struct, frozen=True, kw_only=True):
    """The published stories as they stand, by id; which story took over which; how many report one."""

    stories: Mapping[str, Told]
    merged: Mapping[str, str]
    voices: Callable[[Story], int]


class Choice(msgspec.Struct, frozen=True):
    """What an edition takes, in order, and what it looked at and passed over."""

    picks: tuple[Pick, ...]
    passed: tuple[str, ...]


def told(story: Story, record: Record) -> Told | None:
    """Return a story as newsletters may tell it; None when it is not published or leads nowhere."""
    if not record.published or story.merged_into:
        return None
    try:
        at = record.published_at
    except ValueError:
        return None
    links = (record.web_url, record.featured_content, record.original_url)
    url = next((link for link in map(linkable, links) if link), "")
    if not url:
        return None
    moment = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return Told(story=story, record=record, url=url, at=moment)


def compose(
    series: SeriesSettings,
    pack: TopicPack,
    room: Newsroom,
    issues: Sequence[Issue],
    since: datetime,
) -> Choice:
    """Return what an edition of ``series`` holds, the edition before it having been due at ``since``.

    Stories are taken by heat, the newer one of equals; no heading gets more than ``per_topic``. Left out
    are those that another edition has (in any series, or for a digest in this one), by id, lead article
    or address, also where they were merged since; those from before ``since``; and those that the
    series passed over already and nobody reported on since.
    """
    taken = _Taken(series, issues, room.merged)
    fit = [
        each
        for each in room.stories.values()
        if not taken.has(each.pick) and _is_on(series, pack, each) and _is_new(each, since, taken)
    ]
    fit.sort(key=lambda each: (-(each.record.heat or 0), -each.at.timestamp(), each.story.id))
    picks: list[Told] = []
    headings: Counter[str] = Counter()
    for each in fit:
        heading = section(pack, each.record)
        if len(picks) < series.stories and headings[heading] < series.per_topic:
            picks.append(each)
            headings[heading] += 1
    chosen = {each.story.id for each in picks}
    return Choice(
        picks=tuple(each.pick for each in _by_section(pack, picks)),
        passed=tuple(sorted(each.story.id for each in fit if each.story.id not in chosen)),
    )


class _Taken:
    """What other editions have, and what this series looked at."""

    def __init__(
        self, series: SeriesSettings, issues: Sequence[Issue], merged: Mapping[str, str]
    ) -> None:
        own = [issue for issue in issues if issue.series == series.name]
        told = own if series.digest else issues
        picks = [pick for issue in told for pick in issue.covers]
        self._merged = merged
        self._stories = {self._final(pick.story) for pick in picks}
        self._leads = {pick.lead for pick in picks}
        self._keys = {pick.key for pick in picks}
        went_out = (issue for issue in own if issue.status not in {"dropped", "empty"})
        self.passed = {story for issue in went_out for story in issue.passed}

    def has(self, pick: Pick) -> bool:
        """Tell whether some edition has this story, or what it was before."""
        return pick.story in self._stories or pick.lead in self._leads or pick.key in self._keys

    def _final(self, story: str) -> str:
        seen: set[str] = set()
        while story in self._merged and story not in seen:
            seen.add(story)
            story = self._merged[story]
        return story


def _is_on(series: SeriesSettings, pack: TopicPack, each: Told) -> bool:
    if (each.record.heat or 0) < series.min_heat:
        return False
    topics = each.record.topics or ()
    above = (name for topic in topics for name in pack.ancestors(topic))
    return not series.topics or not {*series.topics}.isdisjoint({*topics, *above})


def _is_new(each: Told, since: datetime, taken: _Taken) -> bool:
    newest = max(each.at, each.story.newest or each.at)
    if each.story.id in taken.passed:
        return newest > since
    return newest > since - GRACE


def section(pack: TopicPack, record: Record) -> str:
    """Return the heading that a record stands under: its topic's ancestor below the top, where the
    pack has only one root, else the root.
    """
    if not record.topics:
        return ""
    first = record.topics[0]
    way = (first, *pack.ancestors(first))
    roots = sum(not topic.parent for topic in pack.topics)
    return way[-2] if roots == 1 and len(way) > 1 else way[-1]


def _by_section(pack: TopicPack, picks: Sequence[Told]) -> Iterator[Told]:
    """Give the picks, those of one heading together, the headings by their hottest story."""
    order: dict[str, list[Told]] = {}
    for each in picks:
        order.setdefault(section(pack, each.record), []).append(each)
    for group in order.values():
        yield from group


def items_of(issue: Issue, room: Newsroom, pack: TopicPack) -> tuple[Item, ...]:
    """Return what an edition tells now: its picks as their records stand, but for those that were
    withdrawn, spiked or merged while it waited.
    """
    found = (room.stories.get(pick.story) for pick in issue.picks)
    return tuple(_item(each, pack, room.voices) for each in found if each is not None)


def _item(each: Told, pack: TopicPack, voices: Callable[[Story], int]) -> Item:
    record = each.record
    name = plain(record.provider.name, _NAME) or record.provider.domain
    return Item(
        story=each.story.id,
        url=each.url,
        title=plain(record.title, TITLE_LIMIT) or each.url,
        excerpt=plain(record.excerpt or "", EXCERPT_LIMIT),
        provider=ProviderName(name=name, domain=record.provider.domain),
        published=each.at,
        heat=record.heat or 0,
        section=plain(section(pack, record), TITLE_LIMIT),
        language=each.story.language,
        image=_image(record.images),
        voices=voices(each.story),
    )


def _image(images: Sequence[Image]) -> Image | None:
    first = next(iter(images), None)
    url = linkable(first.url) if first else ""
    return msgspec.structs.replace(first, url=url, title="") if first and url else None
