"""The static JSON API: pages of published records, newest first, and one document a record.

::

    api/news/index.json                 the first page, also as page/1/index.json
    api/news/page/N/index.json          page N
    api/news/<topic>/index.json         the same for each topic of the pack
    api/news/<topic>/page/N/index.json
    api/news/<record>.json              all that is public of one record

Only fields that are named here leave: a sealed field, a foreign key or a ledger cannot. Keys are
always there, null when nothing is known. The files below ``api/news`` that end in ``.json`` are
ours, all others stay untouched. The bytes follow from the edition alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

import msgspec

from wiredesk.ports.output import settle
from wiredesk.ports.publisher import Edition, Written
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.paths import FOLDER, is_device, slug
from wiredesk.records.record import Record, RelatedItem
from wiredesk.records.topic import TopicPack

_ROOT = "api/news"
_RESERVED = frozenset({"", "page", "index"})
"""Names below ``api/news`` that mean something themselves."""
_MOST_NAME = 200
_OLDEST = datetime.min.replace(tzinfo=UTC)


class Related(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A related article of a record's document."""

    title: str
    type: str | None
    web_url: str | None
    amp_web_url: str | None
    cdn_amp_web_url: str | None
    featured_content: str | None
    excerpt: str | None
    published_date_time: str | None
    provider: ProviderName | None
    images: tuple[Image, ...]


class Value(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A record as a page lists it."""

    path: str
    title: str
    type: str
    heat: int | None
    web_url: str | None
    amp_web_url: str | None
    cdn_amp_web_url: str | None
    excerpt: str | None
    published_date_time: str
    provider: ProviderName
    images: tuple[Image, ...]
    locale: str
    categories: tuple[str, ...]
    topics: tuple[str, ...]


class Document(Value, frozen=True, kw_only=True, rename="camel"):
    """A record alone, with all that is public of it."""

    original_url: str | None
    featured_content: str | None
    quality: int | None
    related: tuple[Related, ...]
    body: str


class Page(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One page of a list."""

    page: int
    value: Sequence[Value]
    next_page: str | None


def publish(edition: Edition, root: Path) -> Written:
    """Bring ``root/api/news`` to ``edition``. Raises ``PublishError``."""
    return settle(root / _ROOT, documents(edition), {".json"})


def documents(edition: Edition) -> dict[str, bytes]:
    """Return every file of the API by its path below ``api/news``."""
    shown = [(path, record) for path, record in edition.records if record.published]
    topics = topic_names(edition.pack)
    names = _record_names([path for path, _ in shown], {*topics.values()})
    newest = sorted(shown, key=lambda item: item[0])
    newest.sort(key=lambda item: _moment(item[1]), reverse=True)
    newest.sort(key=lambda item: item[0] not in edition.pinned)
    values = [_document(edition, path, names[path], record) for path, record in newest]
    files = {
        f"{names[path]}.json": _json(value) for (path, _), value in zip(newest, values, strict=True)
    }
    listed = [_listed(value) for value in values]
    files |= _pages(edition, "", listed)
    for topic, name in topics.items():
        files |= _pages(edition, f"{name}/", [value for value in listed if topic in value.topics])
    return files


def topic_names(pack: TopicPack) -> dict[str, str]:
    """Return the folder of each topic of the pack: its name as a slug, told apart where two meet."""
    names: dict[str, str] = {}
    for topic in pack.topics:
        plain = slug(topic.name)
        if plain in _RESERVED or is_device(plain) or plain in names.values():
            plain = f"{plain}-{sha256(topic.name.encode()).hexdigest()[:8]}".lstrip("-")
        names[topic.name] = plain
    return names


def _record_names(paths: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Return the name of each record's document: its file's stem, folders joined by hyphens."""
    names: dict[str, str] = {}
    used = {*taken, *_RESERVED}
    for path in sorted(paths):
        stem = str(PurePosixPath(path).relative_to(FOLDER).with_suffix("")).replace("/", "-")
        if stem in used or len(stem.encode()) > _MOST_NAME:
            stem = f"{slug(stem)[:80]}-{sha256(path.encode()).hexdigest()[:8]}".lstrip("-")
        used.add(stem)
        names[path] = stem
    return names


def _pages(edition: Edition, folder: str, values: Sequence[Value]) -> dict[str, bytes]:
    pages = dict(_split(edition, folder, values))
    return {f"{folder}page/{number}/index.json": data for number, data in pages.items()} | {
        f"{folder}index.json": pages[1]
    }


def _split(edition: Edition, folder: str, values: Sequence[Value]) -> Iterator[tuple[int, bytes]]:
    size = edition.settings.publish.page_size
    base = edition.settings.publish.base_url.rstrip("/")
    last = max(1, -(-len(values) // size))
    for number in range(1, last + 1):
        following = f"{base}/{_ROOT}/{folder}page/{number + 1}/index.json"
        page = Page(
            page=number,
            value=values[(number - 1) * size : number * size],
            next_page=following if number < last else None,
        )
        yield number, _json(page)


def _document(edition: Edition, path: str, name: str, record: Record) -> Document:
    return Document(
        path=f"news/{name}",
        title=record.title,
        type=record.type,
        heat=record.heat,
        web_url=record.web_url,
        amp_web_url=record.amp_web_url,
        cdn_amp_web_url=record.cdn_amp_web_url,
        excerpt=record.excerpt,
        published_date_time=record.published_date_time,
        provider=record.provider,
        images=record.images,
        locale=edition.languages.get(path) or edition.settings.language,
        categories=(record.category,),
        topics=record.topics or (),
        original_url=record.original_url,
        featured_content=record.featured_content,
        quality=record.quality,
        related=tuple(_related(item) for item in record.related),
        body=record.body.strip("\n"),
    )


def _listed(document: Document) -> Value:
    return msgspec.convert(document, Value, from_attributes=True)


def _related(item: RelatedItem) -> Related:
    return Related(
        title=item.title,
        type=item.type,
        web_url=item.web_url or None,
        amp_web_url=item.amp_web_url or None,
        cdn_amp_web_url=item.cdn_amp_web_url or None,
        featured_content=item.featured_content or None,
        excerpt=item.excerpt or None,
        published_date_time=item.published_date_time or None,
        provider=item.provider,
        images=item.images,
    )


def _moment(record: Record) -> datetime:
    """Return when the record was published; a time that a human broke counts as the oldest."""
    try:
        moment = record.published_at
    except ValueError:
        return _OLDEST
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(value: Page | Document) -> bytes:
    """Return canonical JSON, indented by 2 so that a person can read it, with an end of line."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
