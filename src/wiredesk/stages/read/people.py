"""Who wrote a page."""

from __future__ import annotations

import re

from wiredesk.records.entry import Entry
from wiredesk.records.plaintext import plain
from wiredesk.stages.read.document import Document, seen
from wiredesk.stages.read.found import Found
from wiredesk.stages.read.linked import Linked, kinds_of

_STATED = (
    "byl", "parsely-author", "sailthru.author", "author", "article:author", "dc.creator",
    "dcterms.creator",
    "article:author_name", "article.author", "authors", "citation_author", "og:article:author",
    "creator", "rbauthors",
    "cxenseparse:author", "twitter:data1",
)  # fmt: skip
_VISIBLE = (
    "[itemprop=author] [itemprop=name]", "[itemprop=author]", "article a[rel~=author]",
    "a[rel~=author]",
    ".author.vcard .fn", ".byline .author", ".byline a", "[class*=byline__name]",
    "[class*=author-name]",
    "[class*=author__name]", "[class*=authorName]", "a[href*='/author/']", "[class*=byline]",
    ".author", "[class*=author]",
)  # fmt: skip
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|reviewed|story|words)\s+)?(?:by|von|par|por|de|di|автор|文|作者)[:\s]+",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"https?://|www\.|@|^(?:admin(?:istrator)?|editor|staff|author|unknown|none|null|user|root|webmaster|guest)$"
    r"|\b(?:minutes?|min) read\b|^\d+$|^see all$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\(?\b[\w.+-]+@[\w-]+\.[\w.-]+\)?|https?://\S+|(?<!\w)@\w+")
_TAIL = re.compile(
    r"\s*[|/•·].*$|\s+\d{4}[-/]\d.*$|\s+(?:updated?|published|posted|on)\b[:\s]+.*\d.*$|[,\s]+\w+\.?\s+\d{1,2},?\s+\d{4}.*$"
    r"|\s+(?:for|of|from)\s+[A-Z].*$|,\s*(?:staff|special|senior|contributing|correspondent|reporter|editor|writer).*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\s+and\s+|\s+und\s+|\s*&\s*)\s*", re.IGNORECASE)
_MOST_NAME, _MOST_NAMES, _MOST_WORDS = 60, 10, 6


def byline_of(document: Document, entry: Entry | None, site: str) -> Found[str]:
    """Return the authors' names, joined by commas, or an empty text.

    By trust: JSON-LD, the page's ``meta``, the entry, then what the page shows as its author.
    Addresses, handles, "by" and the site's own name are no names.
    """
    linked = document.linked
    stated: list[tuple[list[str], str]] = [
        (linked.names(_persons(linked, node.get(key))), "json-ld")
        for node in (linked.article, linked.page, linked.video)
        for key in ("author", "creator")
    ]
    stated += [(document.metas(name), name) for name in _STATED if name != "twitter:data1"]
    stated.append(([entry.author] if entry is not None else [], "entry"))
    for values, origin in stated:
        names = _names(values, site)
        if names:
            return Found(", ".join(names), origin)
    return _visible(document, site)


def _persons(linked: Linked, value: object) -> object:
    """Leave out an organisation where the authors are typed: the publisher is no author."""
    nodes = linked.resolved(value)
    return [node for node in nodes if isinstance(node, str) or "organization" not in kinds_of(node)]


def _visible(document: Document, site: str) -> Found[str]:
    for selector in _VISIBLE:
        texts = [seen(node) for node in document.nodes(selector)[:4]]
        first = next((text for text in texts if text), "")
        if first and len(first) <= 2 * _MOST_NAME:
            names = _names(texts if "name" in selector else [first], site)
            if names:
                return Found(", ".join(names), "visible byline")
    return Found("", "")


def _names(values: list[str], site: str) -> list[str]:
    names: dict[str, str] = {}
    for value in values[:_MOST_NAMES]:
        for name in _SPLIT.split(_trimmed(value, site)):
            name = plain(name.strip(" .,:;-–—|()"))  # noqa: RUF001, PLW2901 - the same name, trimmed
            if _is_name(name, site):
                names.setdefault(name.casefold(), name)
    return list(names.values())[:_MOST_NAMES]


def _trimmed(value: str, site: str) -> str:
    value = _BY.sub("", plain(value)[:500])
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
