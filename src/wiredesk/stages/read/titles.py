"""The headline of a page, and the name of its site."""

from __future__ import annotations

import re

from wiredesk.records.entry import Entry
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.weburl import host_of, registrable_domain
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.found import Found
from wiredesk.stages.read.linked import text_of

_SEPARATOR = re.compile(r"\s+[|–—·•»:\-]{1,2}\s+|\s*\|\s*|(?<=\w)[:|]\s(?=\S+$)")  # noqa: RUF001 - dashes are meant
_LETTERS = re.compile(r"[\W_]+")
_MOST_SITE_NAME = 60
_LEAST_HEADLINE, _LEAST_WORDS = 12, 4
_WORD = re.compile(r"\w+")


def title_of(document: Document, entry: Entry | None, site: str) -> Found[str]:
    """Return the headline without its site's name, or an empty text.

    By trust: the heading, if it speaks of what the page's head states (og:title is often shortened
    or sharpened for networks); og:title, JSON-LD, the entry, the title element.
    """
    heading = document.heading()
    names = _names(document, site)
    stated, origin = document.meta("og:title", "twitter:title", "parsely-title", "sailthru.title")
    candidates = [
        (heading if _same_matter(heading, stated or document.page_title()) else "", "h1"),
        (_without_site(stated, names), origin),
        (text_of(document.linked.article.get("headline")), "json-ld"),
        (heading, "h1"),
        (entry.title if entry is not None else "", "entry"),
        (_without_site(document.page_title(), names), "title"),
    ]
    for value, where in candidates:
        if value and _bare(value) not in names:
            shorter = _shared_start(value, heading)
            return Found(plain(shorter, TITLE_LIMIT), "h1" if shorter != value else where)
    return Found("", "")


def site_name_of(document: Document) -> str:
    """Return the site's own name for itself, or an empty text."""
    linked = document.linked
    stated = document.metas("og:site_name", "application-name", "al:android:app_name")
    published = linked.names(linked.article.get("publisher"))
    for name in (*stated[:1], *published[:1], *stated[1:]):
        if len(name) <= _MOST_SITE_NAME and "://" not in name and not name.startswith("@"):
            return name
    return ""


def _names(document: Document, site: str) -> set[str]:
    """Return what the site is called, reduced to letters."""
    domain = registrable_domain(host_of(document.url))
    names = {
        site,
        *document.metas("og:site_name", "application-name"),
        domain,
        domain.partition(".")[0],
    }
    names.update(document.linked.names(document.linked.article.get("publisher")))
    return {bare for name in names if (bare := _bare(name))}


def _bare(text: str) -> str:
    bare = _LETTERS.sub("", text.casefold())
    return bare.removeprefix("the") if len(bare) > len("the") else bare


def _without_site(title: str, names: set[str]) -> str:
    """Drop parts at the end, then at the start, that name the site."""
    cut = True
    while cut and title:
        cut = False
        for separator in reversed(list(_SEPARATOR.finditer(title))):
            if _names_site(title[separator.end() :], names):
                title, cut = title[: separator.start()].strip(), True
                break
    first = _SEPARATOR.search(title)
    if first is not None and _bare(title[: first.start()]) in names:
        return title[first.end() :].strip()
    return title


def _names_site(part: str, names: set[str]) -> bool:
    bare = _bare(part)
    if bare in names:
        return True
    return any(len(name) > 3 and (name in bare) and len(bare) <= 2 * len(name) for name in names)  # noqa: PLR2004


def _same_matter(heading: str, stated: str) -> bool:
    """Tell whether a heading is a headline (four words, or a line without spaces) that shares a
    third of its words with the stated title.
    """
    words, others = (set(_WORD.findall(text.casefold())) for text in (heading, stated))
    if not words or len(heading) < _LEAST_HEADLINE or heading.casefold() == stated.casefold():
        return bool(words) and heading.casefold() == stated.casefold()
    if len(words) < _LEAST_WORDS:
        return len(heading) * 2 > len(stated) and heading.casefold() in stated.casefold()
    return len(words & others) * 3 >= len(words)


def _shared_start(title: str, heading: str) -> str:
    """Return the heading where the title is that heading and a tail behind a separator."""
    if heading and len(heading) < len(title) and title.casefold().startswith(heading.casefold()):
        tail = title[len(heading) :]
        separator = _SEPARATOR.match(tail)
        if separator is not None and len(heading.split()) > 2:  # noqa: PLR2004
            return heading
    return title
