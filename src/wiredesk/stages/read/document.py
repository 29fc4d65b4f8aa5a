"""A page taken apart once: its tree, what its head states, and its JSON-LD."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from wiredesk.errors import Refused, Unreadable
from wiredesk.records.page import Page
from wiredesk.records.plaintext import decoded, plain
from wiredesk.records.weburl import checked
from wiredesk.stages.read.linked import Linked

_MOST_VALUE = 5_000
"""Characters of a stated value that are looked at; longer ones are no titles, names or dates."""
_MOST_STATED = 1_000
"""``meta`` and ``link`` elements that are looked at (THREATS H02)."""
_MOST_DEPTH = 5_000
"""Elements open at once from which a page is not looked at (THREATS H01); honest ones have dozens."""

_MOST_ATTRIBUTES = 5_000
"""Attributes of one element from which a page is not looked at (H02): each is compared with all."""
_LONG_TAG = 20_000
"""Characters of a tag below which they are not counted."""

_HTML_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "application/xml",
    "text/xml",
    "text/plain",
    "",
)
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
}
"""Encodings that browsers read as a wider one (https://encoding.spec.whatwg.org/#names-and-labels)."""
_NEVER = {"utf-7", "utf-16", "utf-32", "unicode_escape", "raw_unicode_escape", "punycode", "idna"}


class Document:
    """What a page states, looked up by name. All values are plain text."""

    def __init__(self, page: Page) -> None:
        kind = page.header("content-type").partition(";")[0].strip().lower()
        markup = page.body.lstrip(b"\xef\xbb\xbf\0 \t\r\n")
        if kind not in _HTML_TYPES or (kind != "text/html" and b"<" not in markup[:1]):
            raise Unreadable("type", f"{page.final_url} is {kind or 'no HTML'}, not a page")
        if not markup:
            raise Unreadable("empty", f"{page.final_url} answered with nothing")
        self.url = page.final_url
        self.html = text_of(page)
        if _deep(self.html):
            raise Unreadable("depth", f"{page.final_url} nests its elements without end")
        if _flooded(self.html):
            raise Unreadable(
                "attributes", f"{page.final_url} has an element of countless attributes"
            )
        self.tree = LexborHTMLParser(self.html)
        root = self.tree.root
        self.root: dict[str, str | None] = root.attributes if root is not None else {}
        self._metas = self._stated_metas()
        self.links = self._stated_links()
        self.linked = Linked(node.text() or "" for node in self._scripts())
        self.base = self._base()

    def metas(self, *names: str) -> list[str]:
        """Return every value stated under ``names`` (lower case), in the order of ``names``."""
        return [value for name in names for value in self._metas.get(name, ())]

    def meta(self, *names: str) -> tuple[str, str]:
        """Return the first value and its name, or two empty strings."""
        return next(
            ((value, name) for name in names for value in self._metas.get(name, ())), ("", "")
        )

    def link(self, rel: str) -> str:
        """Return the first address of that relation, absolute and fit, or an empty string."""
        return next((url for href in self.links.get(rel, ()) if (url := self.address(href))), "")

    def address(self, href: str) -> str:
        """Return ``href`` as an absolute address that may be requested, or an empty string."""
        try:
            return checked(href, self.base) if href.strip() else ""
        except Refused:
            return ""

    def nodes(self, selector: str) -> list[LexborNode]:
        """Return the elements that match a CSS selector."""
        return self.tree.css(selector)

    def heading(self) -> str:
        """Return the text of the one ``h1``, or of the first that is inside the article."""
        for selector in ("article h1", "main h1", "h1"):
            texts = [text for node in self.nodes(selector)[:5] if (text := seen(node))]
            if len(texts) == 1 or (texts and selector != "h1"):
                return texts[0]
        return ""

    def page_title(self) -> str:
        """Return the text of the ``title`` element."""
        node = self.tree.css_first("head > title") or self.tree.css_first("title")
        return seen(node) if node is not None else ""

    @property
    def start(self) -> int:
        """Return where in ``html`` the headline begins, or the body, or 0."""
        return max((tag.start() for tag in islice(_START.finditer(self.html), 2)), default=0)

    @property
    def is_amp(self) -> bool:
        """Whether the page is an AMP document (``<html amp>`` or ``<html ⚡>``)."""
        return "amp" in self.root or "⚡" in self.root or "\u26a1\ufe0f" in self.root

    def _stated_metas(self) -> dict[str, list[str]]:
        stated: dict[str, list[str]] = {}
        for node in self.nodes("meta[content]")[:_MOST_STATED]:
            attributes = node.attributes
            value = plain(decoded((attributes.get("content") or "")[:_MOST_VALUE]))
            for key in ("property", "name", "itemprop", "http-equiv"):
                name = (attributes.get(key) or "").strip().lower()
                if name and value:
                    stated.setdefault(name, []).append(value)
        return stated

    def _stated_links(self) -> dict[str, list[str]]:
        stated: dict[str, list[str]] = {}
        for node in self.nodes("link[rel][href]")[:_MOST_STATED]:
            for rel in (node.attributes.get("rel") or "").lower().split():
                stated.setdefault(rel, []).append(node.attributes.get("href") or "")
        return stated

    def _scripts(self) -> Iterator[LexborNode]:
        for node in self.nodes("script[type]"):
            if "ld+json" in (node.attributes.get("type") or "").lower():
                yield node

    def _base(self) -> str:
        node = self.tree.css_first("head > base[href]")
        href = (node.attributes.get("href") or "") if node is not None else ""
        try:
            return checked(href, self.url) if href else self.url
        except Refused:
            return self.url


def seen(node: LexborNode) -> str:
    """Return the text of an element as one plain line."""
    return plain(decoded(node.text(deep=True, separator=" ")[:_MOST_VALUE]))


def text_of(page: Page) -> str:
    """Return the page's body as text, NUL removed.

    By its byte order mark; else as UTF-8 when it is valid UTF-8; else by the header's, then by the
    page's own charset; else as Windows-1252. UTF-7 and the like are never used (THREATS S14).
    """
    body = page.body
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace").replace("\0", "")
    stated = _charset(page)
    if not stated.startswith("iso2022"):
        try:
            return body.decode("utf-8").replace("\0", "")
        except UnicodeDecodeError:
            pass
    return body.decode(stated or "cp1252", "replace").replace("\0", "")


def _charset(page: Page) -> str:
    """Return the Python name of the stated encoding, or an empty string."""
    header = _CHARSET.search(page.header("content-type"))
    own = _DECLARED.search(page.body[:4096])
    for label in (header[1] if header else "", own[1].decode("ascii") if own else ""):
        try:
            name = codecs.lookup(label).name if label else ""
        except LookupError:
            continue
        if name and not any(name.startswith(never) for never in _NEVER):
            return _WIDER.get(name, name)
    return ""


_START = re.compile(r"<(?:h1|body)\b", re.IGNORECASE)
_TAG = re.compile(
    r"<!--(?:.*?(?:-->|\Z))|<(script|style|textarea)\b.*?(?:</\1|\Z)|<(/?)([a-z][\w:-]*)",
    re.IGNORECASE | re.DOTALL,
)
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_ENDED = "p|li|dt|dd|td|th|tr|tbody|thead|tfoot|colgroup|option|optgroup|rp|rt|html|head|body"
_LEAVES = "path|circle|rect|line|polygon|polyline|ellipse|use|stop"
_SHALLOW = re.compile(f"{_VOID}|{_ENDED}|{_LEAVES}", re.IGNORECASE)
"""Elements that nest in nothing of their kind: void ones, those whose end tag is optional
(https://html.spec.whatwg.org/#optional-tags), and leaves of SVG.
"""


_OPEN_TAG = re.compile(r"<[a-zA-Z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")


def _flooded(html: str) -> bool:
    """Tell whether an element has countless attributes. What evades this is ended by the limits, too."""
    if not any(len(part) > _LONG_TAG for part in html.split(">")):
        return False
    long = (tag[0] for tag in _OPEN_TAG.finditer(html) if len(tag[0]) > _LONG_TAG)
    return any(len(_QUOTED.sub("", tag).split()) > _MOST_ATTRIBUTES for tag in long)


def _deep(html: str) -> bool:
    """Tell whether so many elements stand open at once that parsers take quadratic time.

    Counted by name, as an end tag closes only its own kind. A page that evades this is ended by the
    limits of the process that reads it.
    """
    if html.count("<") <= _MOST_DEPTH:
        return False
    opened: dict[str, int] = {}
    depth = 0
    for tag in _TAG.finditer(html):
        name = (tag[3] or "").lower()
        if not name or _SHALLOW.fullmatch(name):
            continue
        held = opened.get(name, 0)
        if not tag[2]:
            opened[name], depth = held + 1, depth + 1
        elif held:
            opened[name], depth = held - 1, depth - 1
        if depth > _MOST_DEPTH:
            return True
    return False
