"""XML of strangers that is simple by its nature (lists, sitemaps): read whole or not at all."""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree
from lxml.etree import _Element

from wiredesk.errors import SourceError

MOST_ATTRIBUTES = 100
"""Attributes of one element (THREATS F07)."""


def root_of(body: bytes, address: str, kinds: Collection[str], what: str) -> _Element:
    """Return the root of well-formed XML whose name (in lower case, without namespace) is among
    ``kinds``; nothing is loaded, included or expanded.

    Raises ``SourceError``: class ``xml``, ``dtd`` (it declares a document type) or ``not-WHAT``.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError("xml", f"{address} is not well-formed XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError("dtd", f"{address} declares a document type, which no {what} needs")
    if local(root) not in kinds:
        name = str(root.tag)[:40]
        raise SourceError(f"not-{what}", f"{address} is no {what}: it begins with <{name}>")
    return root


def local(element: _Element) -> str:
    """Return an element's name in lower case, without its namespace."""
    return str(etree.QName(element).localname).lower()


def is_flooded(element: _Element) -> bool:
    """Tell whether an element has countless attributes, which are slow to look at."""
    return len(element.attrib) > MOST_ATTRIBUTES
