"""Filters: each stage alone, JSON lines in, JSON lines out, so that it can be tried and examined.

What is wrong with a line becomes a ``Trouble`` among the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.engine.judging import by_story
from wiredesk.engine.lines import Line, Lines, Numbered, Trouble, read_time
from wiredesk.engine.telling import Tell
from wiredesk.errors import Ended, Unreadable
from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article
from wiredesk.records.entry import Entry
from wiredesk.records.judgement import Evidence, Ledger, Membership, Relation, TopicMatch
from wiredesk.records.page import Page
from wiredesk.stages.classify import Topics
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate

Filtered = Iterator[bytes | Trouble]
Filter = Callable[[Numbered], Filtered]

_EPOCH = datetime.fromtimestamp(0, UTC)

_encode = msgspec.json.Encoder(order="deterministic").encode


class _PageLine(msgspec.Struct, rename="camel"):
    url: str
    html: str
    id: str | int | None = None
    fetched_at: str | None = None


def read_filter(read: Callable[[Page, Entry | None], Article], now: datetime) -> Filter:
    """Return the filter of ``read``: ``url`` and ``html`` a line, an article a line."""

    def run(lines: Numbered) -> Filtered:
        for number, line in lines:
            try:
                given = msgspec.json.decode(line, type=_PageLine)
                article = read(_page(given, now), None)
            except (msgspec.DecodeError, ValueError, OverflowError, Unreadable, Ended) as error:
                yield Trouble(f"line {number}: {error}")
                continue
            told = {"url": given.url, **msgspec.to_builtins(article)}
            told.update(text=article.text, byline=article.byline, language=article.language)
            if given.id is not None:
                told["id"] = given.id
            yield _encode(told)

    return run


def classify_filter(lines_of: Lines, classify: Topics, *, keywords: bool = False) -> Filter:
    """Return the filter of ``classify``: topics, child first, and the evidence of each.

    The model learns from all the lines, so that nothing comes out before all is in; with ``keywords``
    it is left aside, and each line is answered by itself.
    """

    def alone(lines: Numbered) -> Filtered:
        for given in lines_of(lines):
            yield (
                given
                if isinstance(given, Trouble)
                else _topics_line(given, classify.named(given.article))
            )

    def together(lines: Numbered) -> Filtered:
        givens: list[Line] = []
        for given in lines_of(lines):
            if isinstance(given, Trouble):
                yield given
            else:
                givens.append(given)
        topics = _topics(givens, classify)
        for given, found in zip(givens, topics, strict=True):
            yield _topics_line(given, found)

    return alone if keywords else together


def _topics(givens: Sequence[Line], classify: Topics) -> list[tuple[TopicMatch, ...]]:
    """Return the topics of each line; two lines may have the same id."""
    named = {
        f"{place:09}": (given.article, classify.named(given.article))
        for place, given in enumerate(givens)
    }
    return list(classify(named).values())


def _topics_line(given: Line, matches: Sequence[TopicMatch]) -> bytes:
    return _encode(
        {
            "id": given.id,
            "topics": [match.topic for match in matches],
            "evidence": {match.topic: match.evidence for match in matches},
        }
    )


def group_filter(lines_of: Lines, group: Group) -> Filter:
    """Return the filter of ``group``: the story of each article and what it copies."""

    def run(lines: Numbered) -> Filtered:
        given_set = _Set(lines_of(lines))
        yield from given_set.troubles
        givens = given_set.givens
        memberships = _memberships(givens, group)
        for given in givens:
            member = memberships[given.article.id]
            yield _encode(
                {
                    "id": given.id,
                    "story": member.story,
                    "duplicateOf": _outer(given_set.ids, member.duplicate_of),
                    "likeness": member.likeness,
                    "rule": member.rule,
                }
            )

    return run


def score_filter(
    lines_of: Lines, classify: Topics, group: Group, tell: Tell, as_of: datetime | None
) -> Filter:
    """Return the filter of ``score``: quality and heat of each article, with their ledgers."""

    def run(lines: Numbered) -> Filtered:
        given_set = _Set(lines_of(lines))
        yield from given_set.troubles
        givens = given_set.givens
        memberships = _memberships(givens, group)
        rows = {
            given.article.id: _row(given, found)
            for given, found in zip(givens, _topics(givens, classify), strict=True)
        }
        times = [given.article.published_date_time for given in givens]
        when = as_of or max((time for time in times if time), default=_EPOCH)
        told: dict[str, tuple[Ledger, Ledger]] = {}
        for members in by_story(memberships.values()).values():
            tellers = tell.tellers(members, rows)
            scores = tell.scores(tellers, 0, when)
            told |= {name: (score.quality, score.heat) for name, score in scores.items()}
        for given in givens:
            quality, heat = told[given.article.id]
            yield _encode(
                {
                    "id": given.id,
                    "quality": quality.total,
                    "heat": heat.total,
                    "story": memberships[given.article.id].story,
                    "ledger": {"quality": quality.lines, "heat": heat.lines},
                }
            )

    return run


def relate_filter(lines_of: Lines, group: Group, relate: Relate) -> Filter:
    """Return the filter of ``relate``: what is related to each article, best first."""

    def run(lines: Numbered) -> Filtered:
        given_set = _Set(lines_of(lines))
        yield from given_set.troubles
        givens = given_set.givens
        memberships = _memberships(givens, group)
        related = relate([given.article for given in givens], memberships.values())
        for given in givens:
            relations: Sequence[Relation] = related.get(given.article.id, ())
            yield _encode(
                {
                    "id": given.id,
                    "related": [
                        {"id": _outer(given_set.ids, item.id), "score": item.score, "why": item.why}
                        for item in relations
                    ],
                }
            )

    return run


class _Set:
    """All articles of the input, each under a name of its own, and the troubles on the way."""

    def __init__(self, lines: Iterable[Line | Trouble]) -> None:
        self.troubles: list[Trouble] = []
        self.givens: list[Line] = []
        self.ids: dict[str, str | int] = {}
        for given in lines:
            if isinstance(given, Trouble):
                self.troubles.append(given)
            else:
                own = self._own(given)
                self.givens.append(own)
                self.ids[own.article.id] = own.id

    def _own(self, given: Line) -> Line:
        """Return the line with a name that no earlier one has: whoever judges a stranger's lines
        wants an answer to each.
        """
        name, times = given.article.id, 1
        while name in self.ids:
            times += 1
            name = f"{given.article.id}#{times}"
        if times == 1:
            return given
        said = f"id {given.id}: is there {times} times; each is judged as an article of its own"
        self.troubles.append(Trouble(said, lost=False))
        article = msgspec.structs.replace(given.article, id=name)
        return msgspec.structs.replace(given, article=article)


def _page(line: _PageLine, now: datetime) -> Page:
    return Page(
        url=line.url,
        final_url=line.url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=line.html.encode("utf-8", "replace"),
        at=read_time(line.fetched_at) or now,
        hops=(line.url,),
    )


def _memberships(givens: Sequence[Line], group: Group) -> Mapping[str, Membership]:
    """Return each article's membership: as its line says, else as ``group`` finds it."""
    stated = {
        given.article.id: Membership(
            id=given.article.id, story=story, duplicate_of=given.said("duplicateof")
        )
        for given in givens
        if (story := given.said("story"))
    }
    if len(stated) == len(givens):
        return stated
    grouped = group([given.article for given in givens]).memberships
    return {member.id: stated.get(member.id, member) for member in grouped}


def _row(given: Line, found: tuple[TopicMatch, ...]) -> ArticleRow:
    """Return the article with its topics: as its line names them, else as they were ``found``."""
    stated = given.fields.get("topics")
    evidence = (Evidence(keyword="", place="line", rule="stated"),)
    topics = (
        tuple(TopicMatch(topic=str(name), evidence=evidence) for name in stated)
        if isinstance(stated, list)
        else found
    )
    return ArticleRow(article=given.article, digest="", topics=topics)


def _outer(ids: Mapping[str, str | int], article_id: str) -> str | int | None:
    """Return an id as the lines had it; None for none."""
    return ids.get(article_id, article_id) if article_id else None
