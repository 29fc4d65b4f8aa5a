"""Newsroom pages of the sample wire: each newsroom states its facts, and clutters, in its own way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from newsroom import Article, Newsroom

_COOKIES = {
    "en": "We and our 214 partners use cookies to remember you. Accept all or manage choices.",
    "de": "Wir und unsere 214 Partner verwenden Cookies. Alle annehmen oder Auswahl verwalten.",
    "es": "Nosotros y nuestros 214 socios usamos cookies. Aceptar todo o configurar.",
}
_RELATED = {"en": "More from us", "de": "Mehr zum Thema", "es": "Más noticias"}
_AMP_BOILERPLATE = (
    "<style amp-boilerplate>body{-webkit-animation:-amp-start 8s steps(1,end) 0s 1 normal both}"
    "</style><noscript><style amp-boilerplate>body{animation:none}</style></noscript>"
    '<script async src="https://cdn.ampproject.org/v0.js"></script>'
)


def page(article: Article, others: Sequence[Article]) -> bytes:
    """Return the article's page; ``others`` are the newsroom's articles that it may point at."""
    room = article.newsroom
    habits = room.page
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{room.language}">',
        f'<head>\n<meta charset="utf-8">\n<title>{escape(article.title)} | {escape(room.name)}</title>',
        *_metadata(article, habits["facts"]),
        "</head>\n<body>",
        _masthead(room),
        _content(article, habits),
        _related(article, others) if habits.get("related") else "",
        _footer(room, habits),
        "</body>\n</html>\n",
    ]
    return "\n".join(part for part in parts if part).encode()


def amp_page(article: Article) -> bytes:
    """Return the article's AMP page (amp.dev, the required markup)."""
    return (
        f'<!doctype html>\n<html amp lang="{article.newsroom.language}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{escape(article.title)}</title>\n'
        f'<link rel="canonical" href="{article.canonical}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"{_AMP_BOILERPLATE}\n</head>\n<body>\n<article>\n<h1>{escape(article.title)}</h1>\n"
        f"{_prose(article)}\n</article>\n</body>\n</html>\n"
    ).encode()


def not_found(room: Newsroom) -> bytes:
    """Return what the newsroom's server says of a page that is not there."""
    return (
        f"<!doctype html><html><head><title>Not found | {escape(room.name)}</title></head>"
        "<body><h1>404</h1><p>This page is not here (any more).</p></body></html>\n"
    ).encode()


def _metadata(article: Article, facts: Sequence[str]) -> list[str]:
    tags = [f'<link rel="canonical" href="{article.canonical}">']
    if article.amp:
        tags.append(f'<link rel="amphtml" href="{article.amp_url}">')
    tags.append(f'<meta name="description" content="{escape(article.summary)}">')
    if "og" in facts:
        tags += _open_graph(article)
    if "meta" in facts:
        tags.append(f'<meta name="author" content="{escape(article.byline)}">')
        if article.published:
            tags.append(f'<meta name="date" content="{_iso(article)}">')
    if "jsonld" in facts:
        # "<" as \u003c, so that no title can end the script element.
        data = json.dumps(_linked_data(article), ensure_ascii=False).replace("<", "\\u003c")
        tags.append(f'<script type="application/ld+json">{data}</script>')
    return tags


def _open_graph(article: Article) -> list[str]:
    values = {
        "og:type": "video.other" if article.video else "article",
        "og:title": article.title,
        "og:url": article.canonical,
        "og:site_name": article.newsroom.name,
        "og:description": article.summary,
    }
    if article.published:
        values["article:published_time"] = _iso(article)
    if article.picture:
        values["og:image"] = article.picture
    if article.picture and article.newsroom.image and article.newsroom.image[2] == "stated":
        values["og:image:width"] = str(article.newsroom.image[0])
        values["og:image:height"] = str(article.newsroom.image[1])
    if article.video:
        values |= {"og:video:url": article.video, "og:video:type": "text/html"}
        values |= {"og:video:width": "1280", "og:video:height": "720"}
    return [f'<meta property="{key}" content="{escape(value)}">' for key, value in values.items()]


def _linked_data(article: Article) -> dict[str, Any]:
    kind = "VideoObject" if article.video else "NewsArticle"
    data: dict[str, Any] = {"@context": "https://schema.org", "@type": kind}
    data["name" if article.video else "headline"] = article.title
    data["description"] = article.summary
    if article.published:
        data["uploadDate" if article.video else "datePublished"] = _iso(article)
    data["author"] = {"@type": "Person", "name": article.byline}
    data["publisher"] = {"@type": "Organization", "name": article.newsroom.name}
    if article.picture:
        data["thumbnailUrl" if article.video else "image"] = article.picture
    if article.video:
        data["embedUrl"] = article.video
    if article.paywalled:
        data["isAccessibleForFree"] = False
        data["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".subscriber",
        }
    return data


def _masthead(room: Newsroom) -> str:
    sections = ("Home", "News", "Business", "Technology", "Culture", "Sport")
    links = "".join(f'<li><a href="/{name.lower()}/">{name}</a></li>' for name in sections)
    return f'<header><a class="logo" href="/">{escape(room.name)}</a><nav><ul>{links}</ul></nav></header>'


def _content(article: Article, habits: dict[str, Any]) -> str:
    dated = ""
    if article.published and "time" in habits["facts"]:
        dated = f'<time datetime="{_iso(article)}">{article.published:%d %B %Y, %H:%M}</time>'
    elif article.published and "text" in habits["facts"]:
        dated = f'<span class="stamp">{article.published:%d.%m.%Y %H:%M}</span>'
    by = f'<p class="byline">{escape(article.byline)} {dated}</p>'
    body = f"<h1>{escape(article.title)}</h1>\n{by}\n{_figure(article)}\n{_prose(article)}"
    layouts = {
        "article": f'<main><article class="story">\n{body}\n</article></main>',
        "main": f'<main id="content">\n{body}\n</main>',
        "div": f'<div id="wrap"><div class="post-body">\n{body}\n</div></div>',
        "table": f'<table width="100%"><tr><td class="txt">\n{body}\n</td></tr></table>',
    }
    return layouts[habits["layout"]]


def _figure(article: Article) -> str:
    if article.video:
        return f'<iframe src="{article.video}" width="1280" height="720" allowfullscreen></iframe>'
    if not article.picture or article.pixel_only:
        return ""
    credit = f"<figcaption>Photo: {escape(article.newsroom.name)}</figcaption>"
    return f'<figure><img src="{article.picture}" alt="">{credit}</figure>'


def _prose(article: Article) -> str:
    paragraphs = article.paragraphs
    if article.paywalled:
        # A reader without a subscription gets the beginning.
        paragraphs = paragraphs[: (len(paragraphs) + 1) // 2]
    prose = "\n".join(_block(part) for part in paragraphs)
    wall = '\n<div class="subscriber"><p>Subscribe to read on.</p></div>'
    return prose + (wall if article.paywalled else "")


def _block(part: str) -> str:
    if part.startswith("## "):
        return f"<h2>{escape(part[3:])}</h2>"
    if part.startswith("> "):
        return f"<blockquote><p>{escape(part[2:])}</p></blockquote>"
    if part.startswith("- "):
        items = "".join(f"<li>{escape(line[2:])}</li>" for line in part.splitlines())
        return f"<ul>{items}</ul>"
    return f"<p>{escape(part)}</p>"


def _related(article: Article, others: Sequence[Article]) -> str:
    links = [
        f'<li><a href="{each.canonical}">{escape(each.title)}</a></li>'
        for each in others
        if each.id != article.id
    ][:4]
    heading = _RELATED[article.newsroom.language]
    return f'<aside class="related"><h3>{heading}</h3><ul>{"".join(links)}</ul></aside>'


def _footer(room: Newsroom, habits: dict[str, Any]) -> str:
    cookies = (
        f'<div class="consent">{_COOKIES[room.language]}</div>' if habits.get("cookies") else ""
    )
    address = f"https://pixel.{room.domain}/count.gif"
    pixel = f'<img src="{address}" width="1" height="1" alt="">' if habits.get("pixel") else ""
    return (
        f"<footer>© 2026 {escape(room.name)}. Imprint. Privacy. Contact.{pixel}</footer>{cookies}"
    )


def _iso(article: Article) -> str:
    return f"{article.published:%Y-%m-%dT%H:%M:%SZ}" if article.published else ""
