"""The pictures of an article, the leading one first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wiredesk.records.article import Image
from wiredesk.records.entry import Entry
from wiredesk.records.picture import LEAST_SIDE, MOST_SIDE, may_lead
from wiredesk.records.plaintext import plain
from wiredesk.records.weburl import host_of, registrable_domain
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.found import Found
from wiredesk.stages.read.linked import Node, text_of

MOST_IMAGES = 5

_DIGITS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*")
_NO_PHOTOGRAPH = re.compile(r"\.(?:svg|ico|bmp|tiff?|eps|psd|heic)$", re.IGNORECASE)
_STAND_IN = re.compile(
    r"(?:spacer|blank|pixel|placeholder|transparent|1x1|noimage|no[-_]image|favicon|apple-touch-icon|"
    r"default[-_](?:image|thumb(?:nail)?|og)|avatar|gravatar|loading|spinner)"
    r"(?:[-_]?\d+(?:x\d+)?)?(?:\.\w{2,5})?",
    re.IGNORECASE,
)
_LOGO = re.compile(r"(?P<of>[a-z0-9]*)[-_]?logo(?:[-_].{0,30})?\.\w{2,5}", re.IGNORECASE)
_OF_SITE = {
    "",
    "site",
    "og",
    "fb",
    "facebook",
    "default",
    "social",
    "share",
    "header",
    "main",
    "new",
    "our",
}
_FIGURES = (
    "article figure img",
    "main figure img",
    "figure img",
    "article img",
    "main img",
    "amp-img",
)
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src")


def pictures_of(document: Document, entry: Entry | None) -> Found[tuple[Image, ...]]:
    """Return up to five pictures with absolute addresses, and the sizes that somebody states.

    By trust: og:image, JSON-LD, twitter:image, the page's other hints, the entry, figures of the
    article. Logos, stand-ins, tracking pixels and strips are none.
    """
    logos = {
        text_of(url)
        for node in _logos(document)
        for url in (node.get("url"), node.get("contentUrl"))
    }
    found: dict[str, Image] = {}
    origin = ""
    for image, where in _candidates(document, entry):
        url = document.address(image.url)
        if not url or url in logos or image.url in logos or not _is_picture(url, image):
            continue
        key = url.partition("?")[0]
        known = found.get(key)
        if known is None and (where == "figure" and len(found) >= 1 and origin != "figure"):
            continue
        if known is None:
            origin = origin or where
            found[key] = Image(url=url, width=image.width, height=image.height, title=image.title)
        elif not known.width and image.width and url == known.url:
            found[key] = Image(
                url=known.url,
                width=image.width,
                height=image.height,
                title=known.title or image.title,
            )
        if len(found) >= MOST_IMAGES:
            break
    return Found(tuple(found.values()), origin)


def _candidates(document: Document, entry: Entry | None) -> Iterator[tuple[Image, str]]:
    yield from ((image, "og:image") for image in _opengraph(document))
    linked = document.linked
    for node in (linked.article, linked.video, linked.page):
        for key in ("image", "thumbnailUrl", "primaryImageOfPage"):
            yield from ((image, "json-ld") for image in _listed(document, node.get(key)))
    for name in (
        "twitter:image",
        "twitter:image:src",
        "sailthru.image.full",
        "parsely-image-url",
        "image",
        "thumbnail",
    ):
        yield from ((Image(url=url), name) for url in document.metas(name)[:1])
    yield from ((Image(url=url), "image_src") for url in document.links.get("image_src", [])[:1])
    if entry is not None:
        yield from ((image, "entry") for image in entry.images)
    yield from ((image, "figure") for image in _figures(document))


def _opengraph(document: Document) -> list[Image]:
    """Pair each og:image with its size, which counts only where as many sizes as images are stated."""
    urls = document.metas("og:image") or document.metas("og:image:url", "og:image:secure_url")
    widths, heights = document.metas("og:image:width"), document.metas("og:image:height")
    titles = document.metas("og:image:alt")
    if not len(urls) == len(widths) == len(heights):
        first = (
            (widths[:1], heights[:1]) if widths and heights and len(set(urls)) == 1 else ([], [])
        )
        widths, heights = first
    return [
        Image(
            url=url,
            width=_pixels(widths[at]) if at < len(widths) else 0,
            height=_pixels(heights[at]) if at < len(heights) else 0,
            title=plain(titles[at], 300) if len(titles) == len(urls) else "",
        )
        for at, url in enumerate(urls[:MOST_IMAGES])
    ]


def _listed(document: Document, value: object) -> Iterator[Image]:
    for item in document.linked.resolved(value)[:MOST_IMAGES]:
        if isinstance(item, str):
            yield Image(url=item)
            continue
        url = (
            text_of(item.get("url")) or text_of(item.get("contentUrl")) or text_of(item.get("@id"))
        )
        if url:
            yield Image(
                url=url,
                width=_pixels(item.get("width")),
                height=_pixels(item.get("height")),
                title=plain(text_of(item.get("caption")), 300),
            )


def _figures(document: Document) -> Iterator[Image]:
    for selector in _FIGURES:
        for node in document.nodes(selector)[:10]:
            attributes = node.attributes
            url = next(
                (
                    value
                    for key in _SOURCES
                    if (value := attributes.get(key)) and not value.startswith("data:")
                ),
                "",
            )
            if url:
                width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
                yield Image(
                    url=url,
                    width=width if height else 0,
                    height=height if width else 0,
                    title=plain(attributes.get("alt") or "", 300),
                )


def _logos(document: Document) -> list[Node]:
    linked = document.linked
    publishers = [
        node for node in linked.resolved(linked.article.get("publisher")) if isinstance(node, dict)
    ]
    return [
        logo
        for node in publishers
        for logo in linked.resolved(node.get("logo"))
        if isinstance(logo, dict)
    ]


def _pixels(value: object) -> int:
    if isinstance(value, dict):
        value = value.get("value")
    parts = (
        _DIGITS.fullmatch(str(value))
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else None
    )
    pixels = int(parts[1]) if parts is not None else 0
    return pixels if pixels <= MOST_SIDE else 0


def _is_picture(url: str, image: Image) -> bool:
    path = url.partition("?")[0]
    name = path.rpartition("/")[2]
    if _NO_PHOTOGRAPH.search(path) or _STAND_IN.fullmatch(name):
        return False
    logo = _LOGO.fullmatch(name)
    if logo is not None:
        of = logo["of"].lower()
        if of in _OF_SITE or of == registrable_domain(host_of(url)).partition(".")[0]:
            return False
    if not image.width or not image.height:
        return not (
            (image.width and image.width < LEAST_SIDE)
            or (image.height and image.height < LEAST_SIDE)
        )
    return may_lead(image.width, image.height)
