"""RSS 0.9x to 2.0, RSS 1.0 and Atom 0.3 and 1.0, with Dublin Core, Media RSS, podcasts and YouTube.

libxml2 (through lxml) reads the XML, without DTD, entities and network; here is only what the
elements mean. A feed that is not well-formed is mended where the mistake is a common one and then
read as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from html.entities import html5
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element

from wiredesk.errors import SourceError
from wiredesk.sources.feed import dates
from wiredesk.sources.feed.item import Feed, Item, Picture, Text, newest, too_many

MOST_ATTRIBUTES = 1_000
"""Attributes of one element (THREATS F07)."""

_CORE = ""
_NAMESPACES = {
    "http://www.w3.org/2005/atom": _CORE,
    "http://purl.org/atom/ns#": _CORE,
    "http://purl.org/rss/1.0/": _CORE,
    "http://purl.org/net/rss1.1#": _CORE,
    "http://my.netscape.com/rdf/simple/0.9/": _CORE,
    "http://channel.netscape.com/rdf/simple/0.9/": _CORE,
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": _CORE,
    "http://backend.userland.com/rss2": _CORE,
    "http://backend.userland.com/rss": _CORE,
    "http://blogs.law.harvard.edu/tech/rss": _CORE,
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": _CORE,
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.youtube.com/xml/schemas/2015": "yt:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
}
"""What a namespace is called below, whatever prefix a feed gives it; compared in lower case."""
_PREFIXES = {"atom": _CORE, "rss": _CORE, "rdf": _CORE, "dcterms": "dc:"}
"""Prefixes that a broken feed uses without declaring them; others stand for themselves."""

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DOCTYPE = re.compile(
    r"((?>\s+|<!--.*?-->|<\?.*?\?>)*+)<!DOCTYPE[^\[>]*+([\[>])", re.IGNORECASE | re.DOTALL
)
_PROLOG = 4_096
"""Characters in which a feed begins, whatever was put before it."""
_START = re.compile(r"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF|RDF|html|opml)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml[^>]{0,400}\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids (section 2.2)."""
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)


def parsed(text: str, address: str) -> Feed:
    """Return the feed that ``text`` is. Raises ``SourceError`` (class ``dtd``, ``attributes``,
    ``html`` or ``not-a-feed``).
    """
    text = _NOT_XML.sub("", text)
    if start := _START.search(text, 0, _PROLOG):
        text = text[start.start() :]
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    text = _without_doctype(text, address)
    root, notices = _root(text, address)
    kind = _name(root.tag)
    if kind not in {"rss", "rdf", "feed", "channel"}:
        raise _no_feed(kind, address)
    channel = root.find("{*}channel") if kind in {"rss", "rdf"} else root
    return _feed(root, root if channel is None else channel, notices)


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
        return found[0]
    character = html5.get(name, "")
    return character if character and character not in "&<>" else f"&amp;{name}"


def _no_feed(kind: str, address: str) -> SourceError:
    if kind == "html":
        return SourceError(
            "html", f"{address} answers with a web page, not with a feed; look there for its feed"
        )
    what = f"a document of kind <{kind[:40]}>" if kind else "something"
    return SourceError("not-a-feed", f"{address} answers with {what} that is neither RSS nor Atom")


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    """Return an element's name in lower case, with its namespace's short name before it."""
    if tag.startswith("{"):
        namespace, _, local = tag[1:].partition("}")
        known = _NAMESPACES.get(namespace.lower())
        return (known if known is not None else f"{namespace}:") + local.lower()
    prefix, colon, local = tag.lower().rpartition(":")
    return (_PREFIXES.get(prefix, prefix + colon) if colon else "") + local


def _feed(root: _Element, channel: _Element, notices: tuple[str, ...]) -> Feed:
    items = [element for element in root.iter() if _name(str(element.tag)) in {"item", "entry"}]
    for element in (root, channel):
        _check_attributes(element)
    kept = newest([_time(element) for element in items])
    if len(kept) < len(items):
        notices = (*notices, too_many(len(items)))
    about = {_name(str(child.tag)): child for child in reversed(channel)}
    title, language = about.get("title"), about.get("language", about.get("dc:language"))
    spoken = channel.get(_XML + "lang", root.get(_XML + "lang", ""))
    return Feed(
        title=_text_of(title).as_plain(0) if title is not None else "",
        language=_words(language) if language is not None else spoken,
        items=[_item(items[n]) for n in kept],
        notices=notices,
    )


def _check_attributes(element: _Element) -> None:
    if len(element.attrib) > MOST_ATTRIBUTES:
        raise SourceError(
            "attributes", f"an element of the feed has {len(element.attrib):,} attributes"
        )


_PUBLISHED = ("pubdate", "published", "issued", "dc:date", "dc:issued", "dc:created", "date")
_UPDATED = ("updated", "modified", "dc:modified", "lastbuilddate")


def _time(element: _Element) -> datetime | None:
    values = {_name(str(child.tag)): child.text or "" for child in reversed(element)}
    stated = (values[name] for name in (*_PUBLISHED, *_UPDATED) if values.get(name))
    return next(filter(None, map(dates.read, stated)), None)


def _item(element: _Element) -> Item:
    _check_attributes(element)
    children: dict[str, list[_Element]] = {}
    for child in element:
        children.setdefault(_name(str(child.tag)), []).append(child)
    item = Item(base=element.base or "", language=element.get(_XML + "lang", ""))
    item.guid = _first(children, "guid", "id", "dc:identifier") or element.get(_RDF_ABOUT, "")
    item.links = [_video_page(children), *_links(element, children)]
    item.title = _first_text(children, "title", "media:title", "dc:title", "itunes:title")
    item.summary = _first_text(
        children, "description", "summary", "dc:description", "itunes:summary", "itunes:subtitle"
    )
    item.content = _first_text(children, "content:encoded", "content", "body", "fullitem")
    item.author = _author(children)
    item.language = _first(children, "dc:language", "language") or item.language
    item.published, item.updated = _first(children, *_PUBLISHED), _first(children, *_UPDATED)
    item.categories = [*_categories(children)]
    item.pictures = [*_pictures(children)]
    item.video = _player(children)
    if not item.summary.value:
        described = (child for child in _media(children) if _name(child.tag) == "media:description")
        item.summary = next(map(_text_of, described), Text())
    return item


def _first(children: dict[str, list[_Element]], *names: str) -> str:
    """Return the first of the named children that says anything."""
    found = (_words(child) for name in names for child in children.get(name, ()))
    return next(filter(None, found), "")


def _first_text(children: dict[str, list[_Element]], *names: str) -> Text:
    found = (_text_of(child) for name in names for child in children.get(name, ()))
    return next((text for text in found if text.value.strip()), Text())


def _words(element: _Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _text_of(element: _Element) -> Text:
    """Return a text construct (RFC 4287, section 3.1); markup that stands in it unescaped, which only
    Atom's ``xhtml`` allows, counts as markup.
    """
    if len(element):
        return Text(etree.tostring(element, encoding="unicode", with_tail=False))
    kind = element.get("type", "html").lower()
    return Text(element.text or "", html=kind not in {"text", "text/plain", "plain"})


def _links(element: _Element, children: dict[str, list[_Element]]) -> Iterator[str]:
    """Give what may be the article's address, the best one first."""
    yield _first(children, "feedburner:origlink")
    links = children.get("link", [])
    atom = [link for link in links if link.get("href") is not None]
    pages = [link for link in atom if link.get("rel", "alternate") in {"alternate", ""}]
    pages.sort(key=lambda link: "html" not in link.get("type", "html"))
    yield from (_words(link) for link in links if link.text and link.get("href") is None)
    yield from (_resolved(link) for link in pages)
    for guid in children.get("guid", ()):
        if guid.get("isPermaLink", "true").strip().lower() != "false" and "://" in _words(guid):
            yield _words(guid)
    yield from (
        value for value in (_first(children, "id"), element.get(_RDF_ABOUT, "")) if "://" in value
    )


def _resolved(link: _Element) -> str:
    """Return a link's address; one with an ``xml:base`` of its own is resolved against it."""
    href: str = link.get("href", "")
    if link.get(_XML + "base") is None:
        return href
    try:
        return urljoin(link.base or "", href)
    except ValueError:
        return href


def _author(children: dict[str, list[_Element]]) -> str:
    for author in children.get("author", ()):
        if name := next((_words(part) for part in author if _name(str(part.tag)) == "name"), ""):
            return name
    stated = _first(children, "dc:creator", "author", "itunes:author", "managingeditor")
    address, _, name = stated.partition(" (")  # RSS: "desk@paper.example (Jo Doe)"
    return name.removesuffix(")") if "@" in address and name else stated


def _categories(children: dict[str, list[_Element]]) -> Iterator[str]:
    for name in ("category", "dc:subject", "media:category"):
        for child in children.get(name, ()):
            yield child.get("label") or child.get("term") or _words(child)
    for child in (*children.get("itunes:keywords", ()), *children.get("media:keywords", ())):
        yield from _words(child).split(",")


def _media(children: dict[str, list[_Element]]) -> Iterator[_Element]:
    """Give the Media RSS elements of an item, those of groups and contents too."""
    for name in ("media:group", "media:content", "media:thumbnail", "media:player"):
        for child in children.get(name, ()):
            yield from (part for part in child.iter() if _name(str(part.tag)).startswith("media:"))
    yield from children.get("media:description", ())


def _pictures(children: dict[str, list[_Element]]) -> Iterator[Picture]:
    for part in _media(children):
        name, url = _name(str(part.tag)), part.get("url", "")
        if name == "media:thumbnail" or (name == "media:content" and _is_picture(part, url)):
            yield Picture(url, part.get("width", ""), part.get("height", ""))
    links = (link for link in children.get("link", ()) if link.get("rel") == "enclosure")
    for part in (*children.get("enclosure", ()), *links):
        url = part.get("url") or part.get("href", "")
        if _is_picture(part, url):
            yield Picture(url)
    yield from (Picture(part.get("href", "")) for part in children.get("itunes:image", ()))
    for part in children.get("image", ()):
        yield Picture(
            next((_words(child) for child in part if _name(str(child.tag)) == "url"), _words(part))
        )


def _is_picture(part: _Element, url: str) -> bool:
    kind = part.get("medium") or part.get("type", "").partition("/")[0]
    return kind == "image" if kind else bool(_PICTURE_FILE.search(url))


def _video_page(children: dict[str, list[_Element]]) -> str:
    video = _youtube(children)
    return f"https://www.youtube.com/watch?v={video}" if video else ""


def _youtube(children: dict[str, list[_Element]]) -> str:
    found = _first(children, "yt:videoid")
    return found if re.fullmatch(r"[A-Za-z0-9_-]{6,20}", found) else ""


def _player(children: dict[str, list[_Element]]) -> str:
    """Return the address of a player: YouTube's, or that of Media RSS."""
    if video := _youtube(children):
        return f"https://www.youtube.com/embed/{video}"
    return next(
        (
            part.get("url", "")
            for part in _media(children)
            if _name(str(part.tag)) == "media:player"
        ),
        "",
    )
