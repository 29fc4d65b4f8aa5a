"""The words of an article: its text, its excerpt, its language and its tags."""

from __future__ import annotations

import logging
import re

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from wiredesk.records.entry import Entry
from wiredesk.records.language import guessed
from wiredesk.records.plaintext import paragraphs, plain
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.found import Found
from wiredesk.stages.read.linked import text_of

logging.getLogger("trafilatura").setLevel(
    logging.CRITICAL
)  # an empty page is an outcome, told by us

_PARSER = etree.HTMLParser(
    collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True
)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
_NO_XML = bytes(code for code in range(0x20) if code not in b"\t\n\f\r")
_DOCTYPE = re.compile(r"\s{0,100}<!doctype[^>]{0,1000}>", re.IGNORECASE)
_UNREAD = ("script", "style", "svg", "aside", "footer")
_LINKED, _KEPT = "//script[contains(@type, 'ld+json')]", "kept"

EXCERPT_LENGTH = 300
_LEAST_EXCERPT, _LEAST_TEXT, _MOST_TEXT = 25, 200, 200_000
_MOST_TAGS, _MOST_TAG = 30, 60

_BOILERPLATE = re.compile(
    r"^(?:the post .{1,300} appeared first on|continue reading|read (?:more|the full)|click here|"
    r"subscribe|sign up|"
    r"log ?in|we use cookies|this (?:site|website) uses|please enable|"
    r"javascript (?:is|must)|enable javascript|"
    r"advertisement|share this|by continuing|your browser|home ?page|copyright|all rights reserved)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:the post .{1,300} (?:appeared first|first appeared) on .*|"
    r"\[?(?:continue reading|read more|read full story)"
    r"(?:\b.{0,120})?|\[(?:…|\.\.\.|&hellip;)\])\s*$",
    re.IGNORECASE,
)
_SUBTAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_TAG_BREAK = re.compile(r"\s*[,;|]\s*")


def text_in(document: Document, *, walled: bool) -> Found[str]:
    """Return the article's own words, one paragraph a line, without comments.

    What JSON-LD repeats as ``articleBody`` is taken only where the page shows nearly nothing, and
    never from behind a paywall (``walled``).
    """
    text = paragraphs(_shown(document.html), _MOST_TEXT)
    if len(text) < _LEAST_TEXT and not walled:
        body = text_of(document.linked.article.get("articleBody"))
        if len(body) > len(text):
            return Found(plain(body, _MOST_TEXT), "json-ld")
    return Found(text, "page" if text else "")


def _shown(html: str) -> str:
    """Return what trafilatura takes for the article, from a tree that is parsed here: with plain
    classes, and without what is no text of an article.
    """
    try:
        # libxml2 misreads some doctypes, and lxml's trees hold no characters that XML has not
        doctype = _DOCTYPE.match(html)
        markup = html[doctype.end() if doctype is not None else 0 :].encode("utf-8", "replace")
        markup = markup.translate(None, _NO_XML)
        tree = etree.fromstring(markup, _PARSER)
        if tree is None:
            return ""
        for script in tree.xpath(_LINKED):  # trafilatura's own last resort
            script.tag = _KEPT
        etree.strip_elements(tree, *_UNREAD, with_tail=False)
        for script in tree.iter(_KEPT):
            script.tag = "script"
        return trafilatura.extract(tree, fast=True, include_comments=False) or ""
    except (etree.LxmlError, ValueError, TypeError, AttributeError, RecursionError):
        return ""


def excerpt_of(document: Document, entry: Entry | None, text: str, title: str) -> Found[str]:
    """Return a short summary: as the page describes itself, as its entry does, or its first words."""
    stated = [
        (value, name)
        for name in ("og:description", "description")
        for value in document.metas(name)[:1]
    ]
    stated.append((text_of(document.linked.article.get("description")), "json-ld"))
    stated += [
        (value, "twitter:description") for value in document.metas("twitter:description")[:1]
    ]
    stated.append((entry.summary if entry is not None else "", "entry"))
    stated += [(line, "text") for line in text.split("\n", 8)[:8]]
    for value, origin in stated:
        summary = _TAIL.sub("", value)
        if (
            len(summary) >= _LEAST_EXCERPT
            and summary.casefold() != title.casefold()
            and not _BOILERPLATE.match(summary)
        ):
            return Found(plain(summary, EXCERPT_LENGTH), origin)
    return Found("", "")


def language_of(document: Document, entry: Entry | None, text: str) -> Found[str]:
    """Return the primary subtag (BCP 47) of the article's language, or an empty text.

    The page's own word counts (html lang, og:locale, JSON-LD, then the entry's) unless a text that
    is long enough is surely in another language: many templates say ``en`` whatever is in them.
    """
    linked = document.linked
    stated = [
        (document.root.get("lang") or document.root.get("xml:lang") or "", "html lang"),
        (next(iter(document.metas("og:locale")), ""), "og:locale"),
        (next(iter(linked.names(linked.article.get("inLanguage"))), ""), "json-ld"),
        (next(iter(document.metas("content-language", "language", "dc.language")), ""), "meta"),
        (entry.language if entry is not None else "", "entry"),
    ]
    said = next(
        (
            Found(parts[1].lower(), origin)
            for value, origin in stated
            if (parts := _SUBTAG.fullmatch(value.strip()))
        ),
        Found("", ""),
    )
    language, sure = guessed(text)
    if language and language != said.value and (sure or not said.value):
        return Found(language, "text")
    return said


def hashtags_of(document: Document, entry: Entry | None) -> tuple[str, ...]:
    """Return the publisher's own tags and categories, each once, in the order of their trust."""
    linked = document.linked
    stated = [
        *document.metas("article:tag", "og:article:tag", "article:section"),
        *linked.names(linked.article.get("keywords")),
        *document.metas("news_keywords", "keywords", "parsely-tags"),
        *(entry.categories if entry is not None else ()),
    ]
    tags: dict[str, str] = {}
    for value in stated:
        for tag in _TAG_BREAK.split(value)[:_MOST_TAGS]:
            if 1 < len(tag) <= _MOST_TAG:
                tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:_MOST_TAGS]
