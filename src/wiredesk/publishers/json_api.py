"""The static JSON API: pages of published records, newest first, and one document a record.

::

    api/news/index.json                 the first page, also as page/1/index.json
    api/news/page/N/index.json          page N
    api/news/<topic>/index.json         the same for each topic of the pack
    api/news/<topic>/page/N/index.json
    api/news/<record>.json              all that is public of one record, its story's coverage too
    api/topics/index.json               the pack's tree, with how many records each topic has
    api/providers/index.json            who reports
    api/providers/<provider>/index.json, …/page/N/index.json
    api/openapi.json, api/schemas/*.json

Only fields that are named here leave: a sealed field or a foreign key cannot. Keys are always there,
null when nothing is known; ``ledger`` alone is there only on a desk that shows it. The files below
these folders that end in ``.json`` are ours, all others stay untouched. The bytes follow from the
edition alone; the schemas follow from the types below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wiredesk.ports import publisher
from wiredesk.ports.output import settle
from wiredesk.ports.publisher import Edition, Written
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.naming import provider_names, record_names, topic_names
from wiredesk.records.record import PublicLedger, Record, RelatedItem

_ROOT = "api"
_NEWS, _TOPICS, _PROVIDERS, _SCHEMAS = "news", "topics", "providers", "schemas"
_OPENAPI = "openapi.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
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


class Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One report of a record's story; ``copy`` tells in another's words what that one told."""

    title: str
    url: str | None
    published_date_time: str
    provider: ProviderName
    locale: str | None
    copy: bool


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
    ledger: PublicLedger | msgspec.UnsetType = msgspec.UNSET
    related: tuple[Related, ...]
    coverage: tuple[Report, ...]
    """The record's own article first, the others by time; empty where the desk knows no story."""
    body: str


class Page(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One page of a list."""

    page: int
    value: Sequence[Value]
    next_page: str | None


class TopicEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A topic of the pack."""

    name: str
    shortname: str | None
    parent: str | None
    description: str | None
    path: str
    """Of its first page, below the API."""
    count: int


class ProviderEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A provider with published records."""

    name: str
    domain: str
    description: str | None
    path: str
    """Of its first page, below the API."""
    count: int


class Topics(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All topics, in the pack's order."""

    value: Sequence[TopicEntry]


class Providers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All providers, by name."""

    value: Sequence[ProviderEntry]


SCHEMAS: dict[str, type[msgspec.Struct]] = {
    "page": Page, "document": Document, "topics": Topics, "providers": Providers,
}  # fmt: skip
"""The kinds of files, each with its schema in ``api/schemas``."""


def publish(edition: Edition, root: Path) -> Written:
    """Bring ``root/api`` to ``edition``. Raises ``PublishError``."""
    api = root / _ROOT
    lists, descriptions = listings(edition), described(edition)
    written = [
        settle(api / _NEWS, documents(edition), {".json"}),
        *(
            settle(api / folder, _below(folder, {**lists, **descriptions}), {".json"})
            for folder in (_TOPICS, _PROVIDERS, _SCHEMAS)
        ),
        settle(api, {_OPENAPI: descriptions[_OPENAPI]}, ()),
    ]
    return Written(
        wrote=sum(each.wrote for each in written),
        removed=sum(each.removed for each in written),
        kept=sum(each.kept for each in written),
    )


def documents(edition: Edition) -> dict[str, bytes]:
    """Return the files of records and their pages by path below ``api/news``."""
    newest, names = _newest(edition)
    values = [_document(edition, path, names[path], record) for path, record in newest]
    files = {
        f"{names[path]}.json": _json(value) for (path, _), value in zip(newest, values, strict=True)
    }
    listed = [_listed(value) for value in values]
    files |= _pages(edition, _NEWS, "", listed)
    for topic, name in topic_names(edition.pack).items():
        shown = [value for value in listed if topic in value.topics]
        files |= _pages(edition, _NEWS, f"{name}/", shown)
    return files


def listings(edition: Edition) -> dict[str, bytes]:
    """Return the lists of topics and providers, and each provider's pages, by path below ``api``."""
    newest, names = _newest(edition)
    of_provider: dict[str, list[Value]] = {}
    counts = dict.fromkeys(topic_names(edition.pack), 0)
    for path, record in newest:
        value = _listed(_document(edition, path, names[path], record, whole=False))
        of_provider.setdefault(record.provider.domain, []).append(value)
        for topic in set(record.topics or ()) & counts.keys():
            counts[topic] += 1
    folders = provider_names(of_provider)
    files = {
        f"{_TOPICS}/index.json": _json(Topics(value=list(_topics(edition, counts)))),
        f"{_PROVIDERS}/index.json": _json(
            Providers(value=_providers(edition, of_provider, folders))
        ),
    }
    for domain, values in of_provider.items():
        pages = _pages(edition, _PROVIDERS, f"{folders[domain]}/", values)
        files |= {f"{_PROVIDERS}/{path}": data for path, data in pages.items()}
    return files


def described(edition: Edition) -> dict[str, bytes]:
    """Return the OpenAPI description and the JSON Schemas, by path below ``api``."""
    files = {}
    for name, kind in SCHEMAS.items():
        schema = {"$schema": _DIALECT, **msgspec.json.schema(kind)}
        files[f"{_SCHEMAS}/{name}.json"] = _json(schema)
    _, components = msgspec.json.schema_components(
        [*SCHEMAS.values()], ref_template="#/components/schemas/{name}"
    )
    number = _parameter("number", "integer", "The page, from 1 on")
    topic = _parameter("topic", "string", "A topic's name in addresses (see topics)")
    provider = _parameter("provider", "string", "A provider's name in addresses (see providers)")
    record = _parameter("record", "string", "A record's name (a value's path without news/)")
    paths = {
        "/news/index.json": _get("The newest records", "Page"),
        "/news/page/{number}/index.json": _get("A page of them", "Page", number),
        "/news/{topic}/index.json": _get("The newest records of a topic", "Page", topic),
        "/news/{topic}/page/{number}/index.json": _get("A page of them", "Page", topic, number),
        "/news/{record}.json": _get("One record with its story's coverage", "Document", record),
        "/topics/index.json": _get("The topics", "Topics"),
        "/providers/index.json": _get("The providers", "Providers"),
        "/providers/{provider}/index.json": _get("The newest of a provider", "Page", provider),
        "/providers/{provider}/page/{number}/index.json": _get(
            "A page of them", "Page", provider, number
        ),
    }
    base = edition.settings.publish.base_url.rstrip("/")
    files[_OPENAPI] = _json(
        {
            "openapi": "3.1.0",
            "info": {
                "title": edition.settings.name,
                "version": "1",
                "description": "Static files: what is not there is answered with 404.",
            },
            "servers": [{"url": f"{base}/{_ROOT}"}],
            "paths": paths,
            "components": {"schemas": components},
        }
    )
    return files


def _get(summary: str, kind: str, *parameters: dict[str, object]) -> dict[str, object]:
    schema = {"$ref": f"#/components/schemas/{kind}"}
    answer = {"description": summary, "content": {"application/json": {"schema": schema}}}
    missing = {"description": "There is none"}
    operation = {"summary": summary, "responses": {"200": answer, "404": missing}}
    return {"get": {**operation, **({"parameters": list(parameters)} if parameters else {})}}


def _parameter(name: str, kind: str, description: str) -> dict[str, object]:
    schema = {"type": kind}
    return {
        "name": name, "in": "path", "required": True, "description": description, "schema": schema,
    }  # fmt: skip


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of ``folder`` by path below it."""
    start = f"{folder}/"
    return {
        path.removeprefix(start): data for path, data in files.items() if path.startswith(start)
    }


def _newest(edition: Edition) -> tuple[list[tuple[str, Record]], dict[str, str]]:
    """Return what is published, newest first, and each record's name by its path."""
    shown = [(path, record) for path, record in edition.records if record.published]
    names = record_names([path for path, _ in shown], {*topic_names(edition.pack).values()})
    newest = sorted(shown, key=lambda item: item[0])
    newest.sort(key=lambda item: _moment(item[1]), reverse=True)
    return newest, names


def _topics(edition: Edition, counts: Mapping[str, int]) -> Iterator[TopicEntry]:
    names = topic_names(edition.pack)
    for topic in edition.pack.topics:
        yield TopicEntry(
            name=topic.name,
            shortname=topic.shortname or None,
            parent=topic.parent or None,
            description=topic.description or None,
            path=f"{_NEWS}/{names[topic.name]}/index.json",
            count=counts[topic.name],
        )


def _providers(
    edition: Edition, of_provider: Mapping[str, Sequence[Value]], folders: Mapping[str, str]
) -> list[ProviderEntry]:
    known = {provider.domain: provider for provider in edition.registry.providers}
    entries = [
        ProviderEntry(
            name=values[0].provider.name,
            domain=domain,
            description=(known[domain].description or None) if domain in known else None,
            path=f"{_PROVIDERS}/{folders[domain]}/index.json",
            count=len(values),
        )
        for domain, values in of_provider.items()
    ]
    return sorted(entries, key=lambda entry: (entry.name.casefold(), entry.domain))


def _pages(edition: Edition, root: str, folder: str, values: Sequence[Value]) -> dict[str, bytes]:
    pages = dict(_split(edition, f"{_ROOT}/{root}/{folder}", values))
    return {f"{folder}page/{number}/index.json": data for number, data in pages.items()} | {
        f"{folder}index.json": pages[1]
    }


def _split(edition: Edition, folder: str, values: Sequence[Value]) -> Iterator[tuple[int, bytes]]:
    size = edition.settings.publish.page_size
    base = edition.settings.publish.base_url.rstrip("/")
    last = max(1, -(-len(values) // size))
    for number in range(1, last + 1):
        following = f"{base}/{folder}page/{number + 1}/index.json"
        page = Page(
            page=number,
            value=values[(number - 1) * size : number * size],
            next_page=following if number < last else None,
        )
        yield number, _json(page)


def _document(
    edition: Edition, path: str, name: str, record: Record, *, whole: bool = True
) -> Document:
    """Return a record's document; not ``whole``: without its coverage, which is looked up."""
    told = edition.tell(path, record) if whole else None
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
        ledger=_ledger(edition, record),
        related=tuple(_related(item) for item in record.related),
        coverage=tuple(_report(report) for report in told.coverage) if told else (),
        body=record.body.strip("\n"),
    )


def _ledger(edition: Edition, record: Record) -> PublicLedger | msgspec.UnsetType:
    if record.ledger is None or not edition.settings.publish.public_ledger:
        return msgspec.UNSET
    return record.ledger


def _listed(document: Document) -> Value:
    return msgspec.convert(document, Value, from_attributes=True)


def _report(report: publisher.Report) -> Report:
    return Report(
        title=report.title,
        url=report.url or None,
        published_date_time=report.published_date_time,
        provider=report.provider,
        locale=report.language or None,
        copy=report.copy,
    )


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


def _json(value: object) -> bytes:
    """Return canonical JSON, indented by 2 so that a person can read it, with an end of line."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
