"""The classic profile: the arithmetic of records in the classic form (contract/CLASSIC.md).

::

    quality = topics + keywords in the title + image + AMP page + provider + video - long title
    heat    = quality + related items, if the quality is above a bound; -1 when superseded

Keywords are sought as the classic desks did: as substrings, in any case. That is what the numbers
on their records mean; the desk profile and ``classify`` know better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from wiredesk.config import ClassicWeights
from wiredesk.records.judgement import Ledger, LedgerLine
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.record import Record, RelatedItem
from wiredesk.records.topic import TopicPack


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """All that the classic quality looks at."""

    title: str
    topics: Sequence[str]
    image: bool
    amp: bool
    video: bool
    provider: Provider | None


class ClassicScore(msgspec.Struct, frozen=True, kw_only=True):
    """The three values that a record has by this profile."""

    quality: Ledger
    heat: Ledger
    published: bool


def score_record(
    record: Record,
    pack: TopicPack,
    registry: ProviderRegistry,
    weights: ClassicWeights,
    threshold: int,
) -> ClassicScore:
    """Return the values of ``record``, recomputed."""
    looks = Looks(
        title=record.title,
        topics=record.topics or (),
        image=bool(record.images),
        amp=bool(record.amp_web_url),
        video=bool(record.featured_content),
        provider=registry.of_host(host_of(record)),
    )
    quality = classic_quality(looks, pack, weights)
    leads = not any(_leads(item, record, quality.total) for item in record.related)
    heat = classic_heat(quality, len(record.related), weights, leads=leads)
    return ClassicScore(quality=quality, heat=heat, published=heat.total >= threshold)


def classic_quality(looks: Looks, pack: TopicPack, weights: ClassicWeights) -> Ledger:
    """Return an article's quality, never below 0."""
    return Ledger.clamped(_lines(looks, pack, weights), 0)


def classic_heat(quality: Ledger, related: int, weights: ClassicWeights, *, leads: bool) -> Ledger:
    """Return the heat of a story led with ``quality`` and shown with ``related`` items."""
    if not leads:
        reason = "another article of its story has a higher quality"
        return Ledger((LedgerLine(signal="superseded", points=-1, reason=reason),))
    lines = [LedgerLine(signal="quality", points=quality.total, reason="its quality")]
    if quality.total > weights.related_above:
        points = weights.related * related
        lines.append(LedgerLine(signal="related", points=points, reason=f"{related} related items"))
    return Ledger(tuple(line for line in lines if line.points))


def host_of(record: Record) -> str:
    """Return the host of the article, by its address, else its provider's domain."""
    for url in (record.web_url, record.original_url):
        if url and (host := _host(url)):
            return host
    return record.provider.domain


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _lines(looks: Looks, pack: TopicPack, weights: ClassicWeights) -> Iterator[LedgerLine]:
    count = len(looks.topics)
    yield _line("topics", weights.topic * count, f"on {count} topics")
    title = looks.title.lower()
    for name in looks.topics:
        topic = pack.named(name)
        for keyword in topic.keywords if topic else ():
            word = keyword.lstrip("!")
            if word.lower() in title:
                yield _line("keyword", weights.keyword, f"{word!r} of {name} is in the title")
    yield _line("image", weights.image * looks.image, "has an image")
    yield _line("amp", weights.amp * looks.amp, "has an AMP page")
    yield _provider_line(looks.provider, weights)
    yield _line("video", weights.video * looks.video, "has an embedded video")
    over = len(looks.title) - weights.title_length
    if over > 0:
        reason = f"the title is {over} characters longer than {weights.title_length}"
        yield _line("long title", -(over // weights.title_step), reason)


def _provider_line(provider: Provider | None, weights: ClassicWeights) -> LedgerLine:
    if provider is None:
        return _line("provider", 0, "not in the desk's registry")
    if provider.standing is not None:
        return _line("provider", provider.standing, f"{provider.name}: standing as registered")
    if provider.kind == "official":
        return _line("provider", weights.official, f"{provider.name} is an official source")
    return _line("provider", weights.registered, f"{provider.name} is in the desk's registry")


def _line(signal: str, points: int, reason: str) -> LedgerLine:
    return LedgerLine(signal=signal, points=points, reason=reason)


def _leads(item: RelatedItem, record: Record, quality: int) -> bool:
    """Tell whether ``item`` stands above ``record``: better, or as good and newer."""
    if item.quality is None or item.quality < quality:
        return False
    return item.quality > quality or _when(item.published_date_time) > _when(
        record.published_date_time
    )


def _when(text: str | None) -> float:
    try:
        return datetime.fromisoformat(text).timestamp() if text else 0.0
    except ValueError:
        return 0.0
