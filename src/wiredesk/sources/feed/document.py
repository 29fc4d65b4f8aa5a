"""A feed's XML, made safe and well-formed before anything looks for a meaning in it.

libxml2 (through lxml) reads it without DTD, entities and network. What is left is small (500 items),
flat and free of what would cost the reader of feeds more than it is worth. A feed that is not
well-formed is mended where the mistake is a common one and then read as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from html.entities import html5

import msgspec
from lxml import etree
from lxml.etree import _Element

from wiredesk.errors import SourceError
from wiredesk.records import dates
from wiredesk.sources.feed.item import MOST, newest, too_many
from wiredesk.sources.feed.manner import Manner, stated

MOST_ATTRIBUTES = 100
"""Attributes of one element, and prefixes of one feed (THREATS F07)."""
_MOST_HEAD = 200
"""Elements at a feed's beginning in which it says how to ask it; its items, in RSS 2.0, follow them."""
_MOST_CATEGORIES = 30
"""Categories of an item. The library compares each attribute and each category with all before it,
so that only a few can be let through.
"""
_LONGEST_TEXT, _LONGEST_WORDS, _MOST_PARTS = 20_000, 300, 1_000
"""Characters of a text that are looked at for its summary, and of anything else; elements of a part
of an item.
"""

_ITEMS = frozenset({"item", "entry"})
_DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified")
_RANKS = {name: rank for rank, name in enumerate(_DATES)}
_CATEGORIES = frozenset({"category", "subject", "keywords", "tags"})
_TEXTS = frozenset({"title", "summary", "description", "content", "encoded", "body", "fullitem"})
_LONG = _TEXTS | {"guid", "id", "identifier", "link", "origlink"}
_BASE, _LANGUAGE = (f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("base", "lang"))
_THUMBNAIL = "{http://search.yahoo.com/mrss/}thumbnail"

_DOCTYPE = re.compile(
    r"((?>\s+|<!--.*?-->|<\?.*?\?>)*+)<!DOCTYPE[^\[>]*+([\[>])", re.IGNORECASE | re.DOTALL
)
_PROLOG = 4_096
"""Characters in which a feed begins, whatever was put before it."""
_START = re.compile(r"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF|RDF|html|opml)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^>]{0,400}\?>")
_HEX_HALF = r"[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}"
_DECIMAL_HALF = r"0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3])"
_HALF = f"&#(?:{_HEX_HALF}|{_DECIMAL_HALF});"
_SURROGATES = re.compile(f"(?:{_HALF})+")
"""References to U+D800 to U+DFFF (55296 to 57343), one or more in a row."""
_REFERENCE = re.compile(r"&#([xX]?[0-9a-fA-F]+);")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids (section 2.2)."""
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_PREFIX = re.compile(r"\sxmlns:([^\s=<>\"']+)\s*=")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A feed's XML, taken apart."""

    root: _Element
    """The feed without anything in it."""
    place: _Element
    """What in ``root`` its title and its items are put into."""
    head: list[_Element]
    """What it says of itself."""
    items: list[_Element]
    bases: list[str]
    """What the relative addresses of each item are relative to."""
    language: str
    manner: Manner
    notices: tuple[str, ...]

    def xml(self, parts: Iterable[_Element]) -> bytes:
        """Return the feed with these parts of it only, in UTF-8."""
        self.place[:] = parts
        return bytes(etree.tostring(self.root, encoding="utf-8"))


def opened(text: str, address: str) -> Document:
    """Return the XML that ``text`` is. Raises ``SourceError`` (class ``dtd``, ``attributes``,
    ``html`` or ``not-a-feed``).
    """
    text = _NOT_XML.sub("", text).replace("\x85", "\n")  # as XML 1.1 has it, not as Windows-1252
    text = _SURROGATES.sub(_joined, text)
    if start := _START.search(text, 0, _PROLOG):
        text = text[start.start() :]
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    if len(set(_PREFIX.findall(text))) > MOST_ATTRIBUTES:
        raise SourceError("attributes", f"{address} declares countless namespaces")
    root, notices = _root(_without_doctype(text, address), address)
    kind = local(root.tag)
    if kind not in {"rss", "rdf", "feed", "channel"}:
        raise _no_feed(kind, address)
    return _document(root, address, notices)


def _joined(found: re.Match[str]) -> str:
    """Return the character that two references to halves of it stand for; U+FFFD for one half.

    XML knows no such reference, but feeds write emoji so, and a recovering parser would keep the
    halves as text that is none.
    """
    codes = [
        int(code[1:], 16) if code[0] in "xX" else int(code) for code in _REFERENCE.findall(found[0])
    ]
    halves = "".join(chr(code) for code in codes)
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@lru_cache(maxsize=1024)
def local(tag: str) -> str:
    """Return an element's name in lower case, without its namespace or undeclared prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _without_doctype(text: str, address: str) -> str:
    """Take out a harmless DOCTYPE (RSS 0.91 had one); refuse one that declares anything, for
    entities in it can grow without bound or read files (THREATS F01, F03, F04).
    """
    found = _DOCTYPE.match(text)
    if found is None:
        return text
    if found[2] == "[":
        raise _own_entities(address)
    return found[1] + text[found.end() :]


def _own_entities(address: str) -> SourceError:
    return SourceError("dtd", f"{address} declares entities of its own, which are never expanded")


def _root(text: str, address: str) -> tuple[_Element, tuple[str, ...]]:
    try:
        return _parse(text, address, recover=False), ()
    except etree.XMLSyntaxError as error:
        notice = f"the feed is not well-formed XML ({error.msg}); it was read as far as it goes"
    try:
        return _parse(_mended(text), address, recover=True), (notice,)
    except etree.XMLSyntaxError as error:
        raise _no_feed("", address) from error


def _parse(text: str, address: str, *, recover: bool) -> _Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode(), parser, base_url=address)
    if root is None:  # what recovery gives for text without any element
        raise etree.XMLSyntaxError("no element", 0, 0, 0)
    if root.getroottree().docinfo.internalDTD is not None:  # one that stood where none may stand
        raise _own_entities(address)
    return root


def _mended(text: str) -> str:
    """Resolve the entities of HTML, which XML does not know, and escape stray ampersands, outside
    of CDATA sections: recovery would drop both.
    """
    parts = _CDATA.split(text)
    parts[::2] = [_AMPERSAND.sub(_reference, part) for part in parts[::2]]
    return "".join(parts)


def _reference(found: re.Match[str]) -> str:
    name = found[1] or ""
    if name in _OF_XML or name.startswith("#"):
        return f"&{name.replace('X', 'x', 1)}"  # XML knows the small x alone
    character = html5.get(name, "")
    return character if character and character not in "&<>" else f"&amp;{name}"


def _no_feed(kind: str, address: str) -> SourceError:
    if kind == "html":
        return SourceError(
            "html", f"{address} answers with a web page, not with a feed; look there for its feed"
        )
    what = f"a document of kind <{kind[:40]}>" if kind else "something"
    return SourceError("not-a-feed", f"{address} answers with {what} that is neither RSS nor Atom")


def _document(root: _Element, address: str, notices: tuple[str, ...]) -> Document:
    found = root.find("{*}channel")
    channel = root if found is None else found
    if max(len(root.attrib), len(channel.attrib)) > MOST_ATTRIBUTES:
        raise SourceError("attributes", f"{address} begins with an element of countless attributes")
    language = channel.get(_LANGUAGE, root.get(_LANGUAGE, ""))
    manner = stated(channel[:_MOST_HEAD], address)
    head = [child for child in channel if local(child.tag) in {"title", "language"}]
    items, dropped = _items(root)
    bases = [item.base or address for item in items]
    for item, base in zip(items, bases, strict=True):
        item.set(_BASE, base)
        _simplify(item)
    for element, parts in ((channel, []), (root, [] if found is None else [found])):
        element.text, element[:] = None, parts
        etree.strip_attributes(element, _BASE, _LANGUAGE)
    return Document(
        root=root,
        place=channel,
        head=[child for child in head if not _is_flood(child)],
        items=items,
        bases=bases,
        language=language,
        manner=manner,
        notices=(*notices, *dropped),
    )


def _items(root: _Element) -> tuple[list[_Element], list[str]]:
    """Return the items that are read, and sentences on those that are not."""
    listed = [*root.iter("{*}item", "{*}entry")]
    listed = listed or [element for element in root.iter() if local(element.tag) in _ITEMS]
    kept = listed
    if len(listed) > MOST:
        kept = [listed[n] for n in newest([_time(item) for item in listed])]
    items = [item for item in kept if not _is_flood(item)]
    notices = [too_many(len(listed))] if len(kept) < len(listed) else []
    if flooded := len(kept) - len(items):
        notices.append(f"{flooded} item(s) with countless attributes were dropped")
    return items, notices


def _time(item: _Element) -> datetime | None:
    stated = [
        (_RANKS[name], text)
        for child in item
        if (name := local(child.tag)) in _RANKS and (text := child.text)
    ]
    return next((time for _, text in sorted(stated) if (time := dates.read(text))), None)


def _is_flood(part: _Element) -> bool:
    return any(len(element.attrib) > MOST_ATTRIBUTES for element in part.iter())


def _simplify(item: _Element) -> None:
    """Leave of an item what is worth reading, and settle what the library would guess."""
    item[_MOST_PARTS:] = []
    for child in list(item):
        name = local(child.tag)
        if not (len(child) or child.attrib or (child.text or "").strip()):
            item.remove(child)  # an empty element would hide a later one that says something
        elif name == "image":
            _as_thumbnail(child)
        elif name in {"title", "summary"} or (name == "content" and child.get("url") is None):
            child.set("type", child.get("type", "html"))  # most feeds that say nothing mean markup
        elif name in {"guid", "id"} and "://" not in (child.text or ""):
            child.set("isPermaLink", "false")  # it is a key, not an address to be resolved
        _shorten(child, long=name in _LONG)
    _drop_categories(item)


def _as_thumbnail(image: _Element) -> None:
    """Say in Media RSS what an ``image`` with an address in it says, which no standard knows."""
    texts = (part.text or "" for part in image.iter() if local(part.tag) in {"image", "url"})
    address = next((text.strip() for text in texts if "." in text), "")
    if address and not image.attrib:
        image.clear()
        image.tag = _THUMBNAIL
        image.set("url", address)


def _shorten(child: _Element, *, long: bool) -> None:
    for part in [*child.iter()][_MOST_PARTS:]:
        if (parent := part.getparent()) is not None:
            parent.remove(part)
    for part in child.iter():
        limit = _LONGEST_TEXT if long or local(part.tag) in _LONG else _LONGEST_WORDS
        part.text = _NOT_XML.sub("", (part.text or "")[:limit])  # recovery resolves &#1; too
        part.tail = _NOT_XML.sub("", part.tail or "") if long and part is not child else None


def _drop_categories(item: _Element) -> None:
    """Leave the first categories; each may be a list of them."""
    left = _MOST_CATEGORIES
    for element in [part for part in item.iter() if local(part.tag) in _CATEGORIES]:
        words = (element.text or "").split(",")[:left]
        element.text = ",".join(words)
        left -= len(words)
        parent = element.getparent()
        if not words and parent is not None:
            parent.remove(element)
