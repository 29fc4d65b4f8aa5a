"""Drafting: from a story as the desk holds it to the record that it would publish.

A record describes itself: what is sealed into it is enough to know the story, its articles and
their ledgers again, from a clone of the repository and the key (``engine.rebuilding``).
"""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, datetime
from typing import cast

import msgspec

from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article, Image
from wiredesk.records.identity import sparse
from wiredesk.records.judgement import Score, TopicMatch
from wiredesk.records.record import PublicLedger, Record, RelatedItem
from wiredesk.records.story import Draft, Story

MOST_IMAGES = 3
"""Images on a record; its first is the lead image."""


class SealedArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article as it travels in a record: all but its text, and the digest it had with it."""

    article: Article
    digest: str
    topics: tuple[TopicMatch, ...] = ()


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed into a record: the story, its articles, and the machine's values by digest."""

    story: Story
    articles: tuple[SealedArticle, ...]
    base: dict[str, str] = msgspec.field(default_factory=dict)
    path: str = ""
    """Where the record was written: of two files that say they are it, the one there is."""


def draft(
    story: Story,
    held: Callable[[str], ArticleRow],
    quality: Callable[[str], int | None],
    *,
    public_ledger: bool = False,
    copies: Container[str] = (),
) -> Draft:
    """Return the draft of ``story``; ``held`` gives an article's row, ``quality`` its points.

    With ``public_ledger``, the record shows how its own quality and heat add up. ``copies`` has the
    addresses of the pictures of which the desk keeps a copy.
    """
    lead = held(story.lead).article
    score = story.scores[story.lead]
    video = bool(lead.featured_content)
    record = Record(
        title=story.title or lead.title,
        excerpt=lead.excerpt or None,
        published_date_time=stamp(lead.published_date_time),
        original_url=lead.original_url or None,
        web_url=None if video else lead.web_url or None,
        amp_web_url=lead.amp_web_url or None,
        cdn_amp_web_url=lead.cdn_amp_web_url or None,
        type="video" if video else "article",
        quality=score.quality.total,
        heat=score.heat.total,
        published=story.published,
        featured_content=lead.featured_content or None,
        provider=lead.provider,
        topics=tuple(match.topic for match in story.topics),
        images=_marked(shown_images(lead)[:MOST_IMAGES], copies),
        related=tuple(
            _related(held(relation.id).article, quality(relation.id), copies)
            for relation in story.related
        ),
        ledger=_shown(score) if public_ledger else None,
    )
    articles = tuple(_sealed(held(member.id), story) for member in story.members)
    secret = sparse(Secret(story=msgspec.structs.replace(story, closed=False), articles=articles))
    return Draft(
        story=story.id,
        record=record,
        named=lead.title,
        merged_into=story.merged_into if story.merged_into != story.id else "",
        secret=cast("dict[str, object]", secret),
    )


def _shown(score: Score) -> PublicLedger | None:
    """Return the ledger as a record shows it; None for numbers that have no line at all."""
    ledger = PublicLedger(quality=score.quality.lines, heat=score.heat.lines)
    return None if ledger == PublicLedger() else ledger


def stamp(when: datetime | None) -> str:
    """Return a time as records have it: UTC, whole seconds, ``Z``."""
    if when is None:
        raise ValueError("an article without a time cannot be published")
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown_images(article: Article) -> tuple[Image, ...]:
    """Return the images whose size is known: a page laid out with the others would jump."""
    return tuple(image for image in article.images if image.width and image.height)


def _marked(images: tuple[Image, ...], copies: Container[str]) -> tuple[Image, ...]:
    return tuple(
        msgspec.structs.replace(image, is_cached=True) if image.url in copies else image
        for image in images
    )


def _related(article: Article, quality: int | None, copies: Container[str]) -> RelatedItem:
    return RelatedItem(
        title=article.title,
        excerpt=article.excerpt,
        published_date_time=stamp(article.published_date_time),
        web_url=article.web_url,
        amp_web_url=article.amp_web_url,
        cdn_amp_web_url=article.cdn_amp_web_url,
        type="video" if article.featured_content else "article",
        provider=article.provider,
        quality=quality,
        images=_marked(shown_images(article)[:1], copies),
    )


def _sealed(row: ArticleRow, story: Story) -> SealedArticle:
    """Return what of an article is sealed. Its lead's topics are the story's; for the others the
    words around a hit are left out, because records are many and Git keeps each state of them.
    """
    article = msgspec.structs.replace(row.article, text="", sealed_digest="")
    topics = () if row.article.id == story.lead else tuple(map(_without_quotes, row.topics))
    return SealedArticle(article=article, digest=row.digest, topics=topics)


def _without_quotes(match: TopicMatch) -> TopicMatch:
    evidence = tuple(msgspec.structs.replace(item, quote="") for item in match.evidence)
    return TopicMatch(topic=match.topic, evidence=evidence)
