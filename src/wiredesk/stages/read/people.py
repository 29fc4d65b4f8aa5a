"""Who wrote a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wiredesk.records.entry import Entry
from wiredesk.records.plaintext import from_html, plain
from wiredesk.stages.read.document import Document, seen
from wiredesk.stages.read.found import Found
from wiredesk.stages.read.linked import Node, kinds_of

_STATED = (
    "byl", "byline", "parsely-author", "article:author_name", "article_author", "article:author",
    "article.author", "sailthru.author", "author", "dc.creator", "dcterms.creator", "authors",
    "citation_author", "og:article:author", "creator", "rbauthors", "cxenseparse:author",
)  # fmt: skip
"""The article's author before the page's: ``author`` often is the house that owns the template."""
_VISIBLE = (
    "[itemprop=author] [itemprop=name]", "[itemprop=author]", "article a[rel~=author]",
    "a[rel~=author]", ".author.vcard .fn", ".byline .author", ".byline a",
    "[class*=byline__name i]", "[class*=author-name i]", "[class*=author__name i]",
    "[class*=authorname i]", "[class*=author-link i]", "[class*=author_link i]",
    "a[href*='/author/']", "[class*=byline i]", ".author", "[class*=author i]",
)  # fmt: skip
_PROFILES = (
    "a[href*='/authors/']", "a[href*='/profile/']", "a[href*='/staff/']", "a[href*='/editors/']",
    "a[href*='/contributors/']", "a[href*='/contributor/']", "a[href*='/columnists/']",
    "a[href*='/journalist']", "a[href^='/user/']",
)  # fmt: skip
"""Pages of people; only a text of the shape of a name is taken from a link to one."""
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|reviewed|story|words)\s+)?(?:by|von|par|por|de|di|автор|文|作者|著者)[:\s●：]+",  # noqa: RUF001 - East Asian punctuation is meant
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"https?://|www\.|@|^(?:admin(?:istrator)?|editor|staff|author|unknown|none|null|user|root|webmaster|guest)$"
    r"|\b(?:minutes?|min) read\b|^\d+$|\b\d{4}\b|^\w+\.? \d\d?(?:st|nd|rd|th)?$|\d:\d\d|^see all$"
    r"|^(?:著者|作者|執筆者)$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\(?\b[\w.+-]+@[\w-]+\.[\w.-]+\)?|https?://\S+|(?<!\w)@\w+")
_TAIL = re.compile(
    r"\s*[|/•·].*$|\s+\d{4}[-/]\d.*$|\s+(?:updated?|published|posted|on)\b[:\s]+.*\d.*$|[,\s]+\w+\.?\s+\d{1,2},?\s+\d{4}.*$"
    r"|\s+(?:for|of|from)\s+[A-Z].*$|,\s*(?:staff|special|senior|contributing|correspondent|reporter|editor|writer).*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[,;&，、；／]|\s(?:and|und|et|y)\s)\s*", re.IGNORECASE)  # noqa: RUF001 - meant
_HANDLE = re.compile(r"[a-z0-9_.-]+")
_HOUSE = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|corp|plc|staff|team|desk|newsroom|redaktion|editors?|agency|press)\.?$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:written by|author|by|verfasst von|escrito por|écrit par)", re.IGNORECASE)
_LINE = re.compile(
    r">\s{0,20}(?:(?:Written )?[Bb]y|BY|Von|Par|Por)(?:\s|:|&nbsp;|<[^<>]{0,200}>){1,8}([^<>]{3,120})<"
)
"""An element that begins with "By", and the words after it, whatever elements are in between."""
_NEAR = 20_000
"""Characters of markup after the headline in which its "By …" is looked for."""
_PERSON = re.compile(r"(?:u/\S+|[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3})")  # noqa: RUF001 - meant
_MOST_NAME, _MOST_NAMES, _MOST_WORDS = 60, 10, 6


def byline_of(document: Document, entry: Entry | None, site: str) -> Found[str]:
    """Return the authors' names, joined by commas, or an empty text.

    By trust: JSON-LD, the page's ``meta``, the entry, what the page shows as its author, a line
    "By …". Addresses, "by" and the site's own name are no names. Handles and houses (``Inc``, the
    publisher) are taken only where no person is named.
    """
    weak: list[Found[str]] = []
    houses = _houses(document)
    for values, origin in _candidates(document, entry):
        names = _names(values, site)
        persons = [name for name in names if not _is_weak(name, houses)]
        if persons:
            return Found(", ".join(persons), origin)
        if names:
            weak.append(Found(", ".join(names), origin))
    return weak[0] if weak else Found("", "")


def _candidates(document: Document, entry: Entry | None) -> Iterator[tuple[list[str], str]]:
    linked = document.linked
    stated = [
        linked.resolved(node.get(key))
        for node in (linked.article, linked.page, linked.video)
        for key in ("author", "creator")
    ]
    for nodes in stated:
        yield linked.names([node for node in nodes if not _is_organisation(node)]), "json-ld"
    for name in _STATED:
        yield document.metas(name), name
    label, _ = document.meta("twitter:label1")
    if _LABEL.fullmatch(label):
        yield document.metas("twitter:data1"), "twitter:data1"
    yield [entry.author] if entry is not None else [], "entry"
    yield from ((values, "visible byline") for values in _visible(document))
    for nodes in stated:
        yield linked.names(nodes), "json-ld"


def _is_organisation(node: Node | str) -> bool:
    return not isinstance(node, str) and any("organization" in kind for kind in kinds_of(node))


def _houses(document: Document) -> set[str]:
    """Return what the page calls its publisher."""
    linked = document.linked
    stated = linked.names([node.get("publisher") for node in (linked.article, linked.page)])
    stated += document.metas("og:site_name", "copyright", "publisher", "dc.publisher")
    return {name.casefold() for name in stated}


def _visible(document: Document) -> Iterator[list[str]]:
    for selector in _VISIBLE:
        texts = [seen(node) for node in document.nodes(selector)[:4]]
        first = next((text for text in texts if text), "")
        if first and len(first) <= 2 * _MOST_NAME:
            yield texts if "name" in selector else [first]
    for line in _LINE.finditer(document.html[: document.start + _NEAR], document.start):
        yield [text] if len(text := from_html(line[1])) <= 2 * _MOST_NAME else []
    for selector in _PROFILES:
        texts = [seen(node) for node in document.nodes(selector)[:4]]
        yield [text for text in texts if _PERSON.fullmatch(text)][:1]


def _names(values: list[str], site: str) -> list[str]:
    names: dict[str, str] = {}
    for value in values[:_MOST_NAMES]:
        for name in _SPLIT.split(_trimmed(value, site)):
            name = plain(name.strip(" .,:;-–—|()"))  # noqa: RUF001, PLW2901 - the same name, trimmed
            if _is_name(name, site):
                names.setdefault(name.casefold(), name)
    return list(names.values())[:_MOST_NAMES]


def _trimmed(value: str, site: str) -> str:
    value = _BY.sub("", _BY.sub("", plain(value)[:500].strip("[]")))
    if value.startswith(("http://", "https://")):
        return ""
    value = _TAIL.sub("", _MAIL.sub("", value).strip())
    if site and value.casefold().endswith(f" {site.casefold()}"):
        value = value[: -len(site)]
    return value


def _is_name(name: str, site: str) -> bool:
    if not 2 <= len(name) <= _MOST_NAME or len(name.split()) > _MOST_WORDS:  # noqa: PLR2004
        return False
    return not _NOT_A_NAME.search(name) and name.casefold() != site.casefold()


def _is_weak(name: str, houses: set[str]) -> bool:
    """Tell a handle or a house from a person."""
    return bool(_HANDLE.fullmatch(name) or _HOUSE.search(name)) or name.casefold() in houses
