"""Feeds of the sample wire: RSS 2.0, RSS 1.0, Atom, JSON Feed, Media RSS, YouTube's; and broken ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from newsroom import Article, Newsroom

_BUILT = datetime(2026, 3, 6, 18, tzinfo=UTC)
_KINDS = {
    "rss": "application/rss+xml",
    "mediarss": "application/rss+xml",
    "rss1": "application/rdf+xml",
    "atom": "application/atom+xml",
    "youtube": "text/xml",
    "json": "application/feed+json",
}


def feed(room: Newsroom, articles: Iterable[Article], *, section: bool = False) -> bytes:
    """Return the newsroom's feed, newest first, in its own encoding. ``section`` gives the second
    feed of a newsroom, in which an article may have another title.
    """
    newest = sorted(articles, key=lambda each: (_when(each), each.slug), reverse=True)
    titled = [(_title(each, section=section), each) for each in newest]
    writers: dict[str, Callable[[Newsroom, list[tuple[str, Article]]], str]] = {
        "rss": _rss, "mediarss": _rss, "rss1": _rss1, "atom": _atom, "youtube": _youtube,
        "json": _json,
    }  # fmt: skip
    text = writers[room.feed["kind"]](room, titled)
    return text.encode(room.feed.get("encoding", "utf-8"), "xmlcharrefreplace")


def content_type(room: Newsroom) -> str:
    """Return the feed's media type as the newsroom's server states it."""
    kind = _KINDS[room.feed["kind"]]
    encoding = room.feed.get("encoding", "utf-8")
    # The two papers with old encodings state them in the XML declaration only.
    return f"{kind}; charset=utf-8" if encoding == "utf-8" else kind


def broken(room: dict[str, str], item: str) -> tuple[int, str, bytes]:
    """Return status, media type and body of a feed that is no use. ``item`` is one whole item."""
    root = f"https://{room['host']}"
    opening = f"<rss version='2.0'><channel><title>{room['name']}</title><link>{root}/</link>"
    if room["how"] == "cut":
        text = f"<?xml version='1.0'?>\n{opening}{item}<item><title>Council to vote on car"
        return 200, "application/rss+xml", text.encode()
    if room["how"] == "html":
        return 200, "text/html; charset=utf-8", _parked(room["name"]).encode()
    if room["how"] == "bomb":
        return 200, "application/rss+xml", _bomb(opening).encode()
    status = {"gone": 410, "unavailable": 503}[room["how"]]
    return status, "text/plain; charset=utf-8", f"{room['name']}: {status}\n".encode()


def _parked(name: str) -> str:
    return (
        f"<!doctype html><html lang=en><head><title>{name}</title></head><body>"
        "<h1>We have moved house</h1><p>Our new website opens soon. Please call again."
        "</p></body></html>\n"
    )


def _bomb(opening: str) -> str:
    levels = [f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10)]
    entities = "\n".join(['<!ENTITY b0 "bramble">', *levels])
    doctype = f"<!DOCTYPE rss [\n{entities}\n]>"
    return f"<?xml version='1.0'?>\n{doctype}\n{opening}<item><title>&b9;</title></item></channel></rss>"


def _when(article: Article) -> datetime:
    return article.published or datetime(2026, 3, 1, tzinfo=UTC)


def _title(article: Article, *, section: bool) -> str:
    return (section and article.section_title) or article.feed_title or article.title


def _declared(room: Newsroom) -> str:
    names = {"cp1252": "windows-1252"}
    encoding = room.feed.get("encoding", "utf-8")
    return f'<?xml version="1.0" encoding="{names.get(encoding, encoding).upper()}"?>\n'


def _rss(room: Newsroom, titled: list[tuple[str, Article]]) -> str:
    media = ' xmlns:media="http://search.yahoo.com/mrss/"'
    dc = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    spaces = dc + media if room.feed["kind"] == "mediarss" else dc
    items = "".join(_rss_item(title, each) for title, each in titled)
    return (
        f'{_declared(room)}<rss version="2.0"{spaces}>\n<channel>\n<title>{escape(room.name)}</title>\n'
        f"<link>{room.root}/</link>\n<description>{escape(room.about)}</description>\n"
        f"<language>{room.language}</language>\n<ttl>30</ttl>\n"
        f"<lastBuildDate>{format_datetime(_BUILT, usegmt=True)}</lastBuildDate>\n"
        f"{items}</channel>\n</rss>\n"
    )


def _rss_item(title: str, article: Article) -> str:
    dated = article.published and format_datetime(article.published, usegmt=True)
    parts = [f"<title>{escape(title)}</title>", f"<link>{escape(article.link)}</link>"]
    parts.append(f'<guid isPermaLink="false">{article.newsroom.id}-{article.slug}</guid>')
    parts += [f"<pubDate>{dated}</pubDate>"] if dated else []
    parts += [f"<dc:creator>{escape(article.byline)}</dc:creator>"] if article.byline else []
    parts += [f"<category>{escape(tag)}</category>" for tag in article.tags]
    parts.append(f"<description>{escape(f'<p>{escape(article.summary)}</p>')}</description>")
    if article.newsroom.feed["kind"] == "mediarss" and article.picture:
        parts.append(f'<media:content url="{article.picture}" medium="image" type="image/png"/>')
    return "<item>\n" + "\n".join(parts) + "\n</item>\n"


def _rss1(room: Newsroom, titled: list[tuple[str, Article]]) -> str:
    listed = "".join(f"<rdf:li resource={quoteattr(each.link)}/>" for _, each in titled)
    items = "".join(
        f"<item rdf:about={quoteattr(each.link)}>\n<title>{escape(title)}</title>\n"
        f"<link>{escape(each.link)}</link>\n<description>{escape(each.summary)}</description>\n"
        f"<dc:creator>{escape(each.byline)}</dc:creator>\n<dc:date>{_iso(each)}</dc:date>\n</item>\n"
        for title, each in titled
    )
    return (
        f'{_declared(room)}<rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{room.root}/">\n<title>{escape(room.name)}</title>\n'
        f"<link>{room.root}/</link>\n<description>{escape(room.about)}</description>\n"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def _iso(article: Article) -> str:
    return f"{_when(article):%Y-%m-%dT%H:%M:%SZ}"


def _atom(room: Newsroom, titled: list[tuple[str, Article]]) -> str:
    entries = "".join(
        f"<entry>\n<title>{escape(title)}</title>\n"
        f'<link rel="alternate" href={quoteattr(each.link)}/>\n'
        f"<id>tag:{room.domain},2026:{each.slug}</id>\n"
        f"<published>{_iso(each)}</published>\n<updated>{_iso(each)}</updated>\n"
        f"<author><name>{escape(each.byline)}</name></author>\n"
        + "".join(f"<category term={quoteattr(tag)}/>\n" for tag in each.tags)
        + f"<summary>{escape(each.summary)}</summary>\n</entry>\n"
        for title, each in titled
    )
    return (
        f'{_declared(room)}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{room.language}">\n'
        f"<title>{escape(room.name)}</title>\n<id>{room.root}/</id>\n"
        f'<link href="{room.root}/"/>\n<link rel="self" href="{room.root}{room.feed["path"]}"/>\n'
        f"<updated>{_BUILT:%Y-%m-%dT%H:%M:%SZ}</updated>\n{entries}</feed>\n"
    )


def _youtube(room: Newsroom, titled: list[tuple[str, Article]]) -> str:
    entries = "".join(
        f"<entry>\n<id>yt:video:{each.slug}</id>\n<yt:channelId>UCwheelhouse0000000000001</yt:channelId>\n"
        f"<title>{escape(title)}</title>\n"
        f'<link rel="alternate" href={quoteattr(each.link)}/>\n'
        f"<author><name>{escape(each.byline)}</name></author>\n"
        f"<published>{_iso(each)}</published>\n<updated>{_iso(each)}</updated>\n"
        f"<media:group>\n<media:title>{escape(title)}</media:title>\n"
        f'<media:content url={quoteattr(each.video)} type="text/html" medium="video" '
        'width="1280" height="720"/>\n'
        f'<media:thumbnail url="{each.picture}" width="1280" height="720"/>\n'
        f"<media:description>{escape(each.summary)}</media:description>\n</media:group>\n</entry>\n"
        for title, each in titled
    )
    return (
        f'{_declared(room)}<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>Wheelhouse on {escape(room.name)}</title>\n<id>{room.root}/channel</id>\n"
        f'<link rel="alternate" href="{room.root}/"/>\n<published>2024-01-09T00:00:00Z</published>\n'
        f"{entries}</feed>\n"
    )


def _json(room: Newsroom, titled: list[tuple[str, Article]]) -> str:
    items = [
        {
            "id": f"{room.domain}/{each.slug}",
            "url": each.link,
            "title": title,
            "summary": each.summary,
            **({"date_published": _iso(each)} if each.published else {}),
            "authors": [{"name": each.byline}],
            **({"image": each.picture} if each.picture else {}),
            "tags": list(each.tags),
        }
        for title, each in titled
    ]
    about = {"version": "https://jsonfeed.org/version/1.1", "title": room.name}
    about |= {"home_page_url": f"{room.root}/", "language": room.language}
    return json.dumps(about | {"items": items}, ensure_ascii=False, indent=1) + "\n"
