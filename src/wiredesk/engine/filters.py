"""Filters: each stage alone, JSON lines in, JSON lines out, so that it can be tried and examined.

A line that cannot be used becomes a sentence (``str``) in place of a line (``bytes``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from wiredesk.engine.judging import by_story
from wiredesk.engine.telling import Tell
from wiredesk.errors import Unreadable
from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.entry import Entry
from wiredesk.records.judgement import Evidence, Ledger, Membership, Relation, TopicMatch
from wiredesk.records.page import Page
from wiredesk.stages.classify import Classify
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate

Numbered = Iterable[tuple[int, bytes]]
Filtered = Iterator[bytes | str]
Filter = Callable[[Numbered], Filtered]

_EPOCH = datetime.fromtimestamp(0, UTC)

_encode = msgspec.json.Encoder(order="deterministic").encode


class _Line(msgspec.Struct, rename="camel"):
    """An article as a line has it: only ``id`` is needed."""

    id: str | int
    title: str = ""
    text: str | None = None
    excerpt: str | None = None
    published_date_time: str | None = None
    provider: str | ProviderName | None = None
    domain: str | None = None
    language: str | None = None
    web_url: str | None = None
    amp_web_url: str | None = None
    byline: str | None = None
    type: str | None = None
    featured_content: str | None = None
    images: list[msgspec.Raw] | None = None
    hashtags: list[str] | None = None
    paywalled: bool | None = None
    story: str | None = None
    duplicate_of: str | None = None
    topics: list[str] | None = None


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
            except (msgspec.DecodeError, ValueError, OverflowError, Unreadable) as error:
                yield f"line {number}: {error}"
                continue
            told = {"url": given.url, **msgspec.to_builtins(article)}
            told.update(text=article.text, byline=article.byline, language=article.language)
            if given.id is not None:
                told["id"] = given.id
            yield _encode(told)

    return run


def classify_filter(classify: Classify) -> Filter:
    """Return the filter of ``classify``: topics, child first, and the evidence of each."""

    def run(lines: Numbered) -> Filtered:
        for given in _articles(lines):
            if isinstance(given, str):
                yield given
                continue
            matches = classify(given.article)
            yield _encode(
                {
                    "id": given.id,
                    "topics": [match.topic for match in matches],
                    "evidence": {match.topic: match.evidence for match in matches},
                }
            )

    return run


def group_filter(group: Group) -> Filter:
    """Return the filter of ``group``: the story of each article and what it copies."""

    def run(lines: Numbered) -> Filtered:
        given_set = _Set(lines)
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


def score_filter(classify: Classify, group: Group, tell: Tell, as_of: datetime | None) -> Filter:
    """Return the filter of ``score``: quality and heat of each article, with their ledgers."""

    def run(lines: Numbered) -> Filtered:
        given_set = _Set(lines)
        yield from given_set.troubles
        givens = given_set.givens
        memberships = _memberships(givens, group)
        rows = {given.article.id: _row(given, classify) for given in givens}
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


def relate_filter(group: Group, relate: Relate) -> Filter:
    """Return the filter of ``relate``: what is related to each article, best first."""

    def run(lines: Numbered) -> Filtered:
        given_set = _Set(lines)
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


class _Given(msgspec.Struct, frozen=True):
    """A line's article; ``id`` as the line had it (a number stays one)."""

    id: str | int
    article: Article
    line: _Line


def _articles(lines: Numbered) -> Iterator[_Given | str]:
    for number, line in lines:
        try:
            given = msgspec.json.decode(line, type=_Line)
            yield _Given(given.id, _article(given), given)
        except (msgspec.DecodeError, ValueError, OverflowError) as error:
            yield f"line {number}: {error}"


class _Set:
    """All articles of the input, each id once, and the troubles on the way."""

    def __init__(self, lines: Numbered) -> None:
        self.troubles: list[str] = []
        self.givens: list[_Given] = []
        self.ids: dict[str, str | int] = {}
        for given in _articles(lines):
            if isinstance(given, str):
                self.troubles.append(given)
            elif given.article.id in self.ids:
                self.troubles.append(f"id {given.id}: is there twice; the first one is used")
            else:
                self.givens.append(given)
                self.ids[given.article.id] = given.id


def _article(line: _Line) -> Article:
    host = (urlsplit(line.web_url or "").hostname or "").removeprefix("www.")
    match line.provider:
        case ProviderName() as provider:
            pass
        case name:
            domain = line.domain or host or name or ""
            provider = ProviderName(name=name or domain, domain=domain)
    return Article(
        id=str(line.id),
        title=line.title,
        provider=provider,
        excerpt=line.excerpt or "",
        text=line.text or "",
        byline=line.byline or "",
        language=(line.language or "").partition("-")[0].lower(),
        published_date_time=_time(line.published_date_time),
        web_url=line.web_url or "",
        amp_web_url=line.amp_web_url or "",
        type=line.type or "article",
        featured_content=line.featured_content or "",
        images=tuple(_image(raw) for raw in line.images or ()),
        hashtags=tuple(line.hashtags or ()),
        paywalled=bool(line.paywalled),
    )


def _image(raw: msgspec.Raw) -> Image:
    """Return an image that a line has as an address or as a record has it."""
    given = msgspec.json.decode(raw, type=str | Image)
    return Image(url=given) if isinstance(given, str) else given


def _time(text: str | None) -> datetime | None:
    """Return an ISO 8601 time in UTC; one without an offset, or a date alone, counts as UTC."""
    if not text:
        return None
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _page(line: _PageLine, now: datetime) -> Page:
    return Page(
        url=line.url,
        final_url=line.url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=line.html.encode("utf-8", "replace"),
        at=_time(line.fetched_at) or now,
        hops=(line.url,),
    )


def _memberships(givens: Sequence[_Given], group: Group) -> Mapping[str, Membership]:
    """Return each article's membership: as its line says, else as ``group`` finds it."""
    stated = {
        given.article.id: Membership(
            id=given.article.id, story=given.line.story, duplicate_of=given.line.duplicate_of or ""
        )
        for given in givens
        if given.line.story
    }
    if len(stated) == len(givens):
        return stated
    grouped = group([given.article for given in givens]).memberships
    return {member.id: stated.get(member.id, member) for member in grouped}


def _row(given: _Given, classify: Classify) -> ArticleRow:
    """Return the article with its topics: as its line names them, else as ``classify`` finds."""
    stated = given.line.topics
    evidence = (Evidence(keyword="", place="line", rule="stated"),)
    topics = (
        classify(given.article)
        if stated is None
        else tuple(TopicMatch(topic=name, evidence=evidence) for name in stated)
    )
    return ArticleRow(article=given.article, digest="", topics=topics)


def _outer(ids: Mapping[str, str | int], article_id: str) -> str | int | None:
    """Return an id as the lines had it; None for none."""
    return ids.get(article_id, article_id) if article_id else None
