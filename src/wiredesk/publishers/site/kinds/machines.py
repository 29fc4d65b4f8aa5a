"""What machines ask for: robots.txt, sitemaps, llms.txt, the manifest, and headers for static hosts.

Sitemaps need the site's own address (``publish.base_url``), else there are none. A story's page whose
original is its publisher's is in the news sitemap, which other aggregators read, but not in the
sitemap for search engines: that lists only pages that are originals of this site.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from xml.sax.saxutils import escape

import msgspec

from wiredesk.publishers.site.items import Item, digest
from wiredesk.publishers.site.paper import Page, Paper
from wiredesk.publishers.site.rendering import iso

MOST_NEWS = 1000
NEWS_DAYS = 2
"""Of a news sitemap (Google's extension 0.9): 1,000 articles of the last two days."""
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

Entry = tuple[str, str]
"""Path of a page, and when its newest story was published (empty: not stated)."""


def pages(paper: Paper) -> Iterator[Page]:
    """Give each file."""
    yield _text("robots.txt", _robots(paper))
    yield _text("llms.txt", _llms(paper))
    yield _text("_headers", _headers(paper))
    yield _text("site.webmanifest", _manifest(paper))
    if paper.origin:
        yield from _sitemaps(paper)


def _text(path: str, text: str) -> Page:
    content = text.encode("utf-8", "replace")
    return Page(path, digest(content), partial(bytes, content))


def _robots(paper: Paper) -> str:
    lines = ["User-agent: *", "Allow: /"]
    if paper.origin:
        lines += ["", f"Sitemap: {paper.absolute('sitemap.xml')}"]
    return "\n".join([*lines, ""])


def _llms(paper: Paper) -> str:
    """Return what this site is, for language models (llmstxt.org): Markdown with links to data."""
    text = paper.words.text

    def link(name: str, path: str) -> str:
        return f"- [{_flat(name)}]({paper.absolute(path) or paper.link(path)})"

    topics = [link(topic.name, f"topics/{topic.slug}/") for topic in paper.topics.values()]
    lines = [
        f"# {_flat(paper.settings.name)}",
        "",
        *([f"> {_flat(paper.site.tagline)}", ""] if paper.site.tagline else []),
        _flat(text["colophon"]),
        "",
        f"## {text['about_data']}",
        "",
        link(text["latest"], "api/news/index.json"),
        link(text["topics"], "api/topics/index.json"),
        link(text["providers"], "api/providers/index.json"),
        link("OpenAPI", "api/openapi.json"),
        "",
        "## HTML",
        "",
        link(text["front"], ""),
        link(text["latest"], "latest.html"),
        link(text["archive"], "archive/"),
        link(text["about"], "about.html"),
        *(["", f"## {text['topics']}", "", *topics] if topics else []),
        "",
    ]
    return "\n".join(lines)


def _flat(text: str) -> str:
    """Return text that is text in Markdown, too."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#" else sign for sign in " ".join(text.split()))


def _headers(paper: Paper) -> str:
    """Return headers in the form that several static hosts read from a file of this name."""
    rules = {
        "/*": (
            f"Content-Security-Policy: {paper.policy(header=True)}",
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "Cross-Origin-Opener-Policy: same-origin",
            "Permissions-Policy: interest-cohort=(), browsing-topics=()",
        ),
        "/assets/site.*": ("Cache-Control: public, max-age=31536000, immutable",),
        "/assets/search.*": ("Cache-Control: public, max-age=31536000, immutable",),
        "/pictures/*": (
            "Content-Security-Policy: default-src 'none'; sandbox",
            "Cache-Control: public, max-age=31536000, immutable",
        ),
        "/api/*": ("Access-Control-Allow-Origin: *",),
    }
    blocks = ["\n".join([path, *(f"  {line}" for line in lines)]) for path, lines in rules.items()]
    return "\n\n".join([*blocks, ""])


def _manifest(paper: Paper) -> str:
    icons = [
        {
            "src": paper.link(f"assets/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    manifest = {
        "name": paper.settings.name,
        "short_name": paper.settings.name[:30],
        "description": paper.site.tagline or paper.settings.name,
        "lang": paper.words.language,
        "dir": paper.words.direction,
        "start_url": paper.link(""),
        "scope": paper.link(""),
        "display": "minimal-ui",
        "background_color": "#ffffff",
        "theme_color": paper.site.accent,
        "icons": icons,
    }
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2).decode("utf-8") + "\n"


def _sitemaps(paper: Paper) -> Iterator[Page]:
    own = {"sitemaps/pages.xml": _pages(paper)}
    if paper.site.canonical == "self":
        months: dict[str, list[Entry]] = {}
        for item in paper.items:
            entry = (f"news/{item.name}.html", iso(item.at))
            months.setdefault(f"sitemaps/{item.month}.xml", []).append(entry)
        own |= months
    for path, entries in own.items():
        yield Page(path, digest(paper.origin, entries), partial(_sitemap, paper, entries))
    listed = [*own, *(["sitemap-news.xml"] if paper.site.canonical == "self" else [])]
    yield Page("sitemap.xml", digest(paper.origin, listed), partial(_index, paper, listed))
    since = paper.as_of - timedelta(days=NEWS_DAYS)
    news = [item for item in paper.items if item.at >= since][:MOST_NEWS]
    key = paper.key([item.key for item in news])
    yield Page("sitemap-news.xml", key, partial(_news, paper, news))


def _pages(paper: Paper) -> list[Entry]:
    """Return this site's own pages; those of months that are over are in the archive's."""
    newest = [iso(paper.items[0].at)] if paper.items else [""]
    days = sorted(paper.by_day, reverse=True)
    return [
        ("", newest[0]),
        ("latest.html", newest[0]),
        ("topics/", ""),
        *(_entry(f"topics/{paper.topics[name].slug}/", of) for name, of in paper.by_topic.items()),
        ("providers/", ""),
        *(_entry(f"providers/{view.slug}/", paper.by_provider[domain])
          for domain, view in paper.providers.items()),
        ("archive/", ""),
        *((f"archive/{month}/", "") for month in dict.fromkeys(day[:7] for day in days)),
        *((f"archive/{day}.html", "") for day in days),
        ("about.html", ""),
    ]  # fmt: skip


def _entry(path: str, items: Sequence[Item]) -> Entry:
    return path, iso(items[0].at) if items else ""


def _sitemap(paper: Paper, entries: Sequence[Entry]) -> bytes:
    urls = (
        f"<url><loc>{escape(paper.absolute(path))}</loc>"
        f"{f'<lastmod>{at}</lastmod>' if at else ''}</url>\n"
        for path, at in entries
    )
    return f'{_HEAD}<urlset xmlns="{_SITEMAPS}">\n{"".join(urls)}</urlset>\n'.encode()


def _index(paper: Paper, paths: Sequence[str]) -> bytes:
    maps = (f"<sitemap><loc>{escape(paper.absolute(path))}</loc></sitemap>\n" for path in paths)
    return f'{_HEAD}<sitemapindex xmlns="{_SITEMAPS}">\n{"".join(maps)}</sitemapindex>\n'.encode()


def _news(paper: Paper, items: Sequence[Item]) -> bytes:
    language = paper.settings.language
    urls = (
        f"<url><loc>{escape(paper.absolute(f'news/{item.name}.html'))}</loc><news:news>"
        f"<news:publication><news:name>{escape(paper.settings.name)}</news:name>"
        f"<news:language>{escape(item.language or language)}</news:language></news:publication>"
        f"<news:publication_date>{iso(item.at)}</news:publication_date>"
        f"<news:title>{escape(item.title)}</news:title></news:news></url>\n"
        for item in items
    )
    body = "".join(urls)
    head = f'{_HEAD}<urlset xmlns="{_SITEMAPS}" xmlns:news="{_NEWS}">\n'
    return f"{head}{body}</urlset>\n".encode("utf-8", "replace")
