"""Plain text: what is left of a stranger's text before anything is stored (THREATS R6, R7)."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from selectolax.lexbor import LexborHTMLParser

TITLE_LIMIT = 300
EXCERPT_LIMIT = 500
"""Longest title and excerpt that are stored, in characters (THREATS R6)."""

_ELLIPSIS = "…"
_SPACES = dict.fromkeys(map(ord, "\t\n\x0b\x0c\r\x85\u2028\u2029"), " ")
_DROPPED = dict.fromkeys(
    (
        *(code for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in _SPACES),
        0xAD,  # soft hyphen: hides a word from every search
        *(0x200B, 0x2060, 0xFEFF),  # zero width space, word joiner, byte order mark
        *range(0x202A, 0x202F),  # bidirectional embeddings and overrides
        *range(0x2066, 0x206A),  # bidirectional isolates
        *range(0xFFF9, 0xFFFC),  # interlinear annotations
        *range(0xFDD0, 0xFDF0),  # noncharacters, which XML forbids in part
        *(0xFFFE, 0xFFFF),
    ),
    "",
)
_TRANSLATION: dict[int, str] = {**_DROPPED, **_SPACES}
_SURROGATES = re.compile("[\ud800-\udfff]+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|dd|div|dl|dt|fieldset|figcaption|figure|footer|"
    r"form|h[1-6]|header|hr|li|main|nav|ol|option|p|pre|section|table|td|th|tr|ul)\b)",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|img|em|strong|b|i|ul|ol|li|h[1-6]|figure|blockquote|iframe|script|style)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_UNSEEN = ["script", "style", "noscript", "template", "iframe", "object", "svg", "head"]


def plain(text: str, limit: int = 0) -> str:
    """Return ``text`` as one line of plain text in NFC, without controls, invisible marks and
    overrides of writing direction, whitespace folded; at most ``limit`` characters (0: no limit),
    cut after a word and then ended by an ellipsis. Text that is plain already comes back as it is.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SURROGATES.sub("", text.translate(_TRANSLATION)))
    elif not text.isprintable():
        text = text.translate(_TRANSLATION)
    return _cut(" ".join(text.split()), limit)


def paragraphs(text: str, limit: int = 0) -> str:
    """Return ``text`` with each line made plain, empty lines dropped, cut like ``plain``."""
    lines = (plain(line) for line in text.split("\n"))
    return _cut("\n".join(filter(None, lines)), limit)


def from_html(fragment: str, limit: int = 0) -> str:
    """Return what a reader sees of an HTML fragment, as ``plain`` text.

    Markup that was escaped once too often, as feeds often have it, is taken for markup: entities and
    tags are looked for a second time, and no more.
    """
    text = _seen(fragment)
    if _MARKUP.search(text):
        text = _seen(text)
    return plain(decoded(text), limit)


def decoded(text: str) -> str:
    """Return ``text`` with entities decoded that are still in it: meant for values that a parser
    has decoded already, and whose publisher had encoded them twice (``AT&amp;amp;T``).
    """
    return _ENTITY.sub(lambda entity: unescape(entity[0]), text) if "&" in text else text


def _seen(fragment: str) -> str:
    if "<" not in fragment:
        return unescape(fragment)
    tree = LexborHTMLParser(f"<body>{_BLOCK.sub(' <', fragment)}")
    tree.strip_tags(_UNSEEN)
    return tree.body.text(deep=True, separator="") if tree.body is not None else ""


def _cut(text: str, limit: int) -> str:
    if not limit or len(text) <= limit:
        return text
    end = limit - len(_ELLIPSIS)
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if space * 2 >= limit:
        end = space
    else:  # a script without spaces, or one endless word: cut between characters as people see them
        while end > 0 and _joins(text[end]):
            end -= 1
    return text[:end].rstrip(" \n,;:.-–—") + _ELLIPSIS  # noqa: RUF001 - both dashes are meant


def _joins(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"}
