"""Elements of XML, and a document's bytes. Whatever a text holds, lxml escapes it."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def add(parent: _Element, name: str, text: str = "", /, **attributes: str) -> _Element:
    """Add an element; attributes without a value are left out."""
    element = etree.SubElement(parent, name)
    for attribute, value in attributes.items():
        if value:
            element.set(attribute, value)
    if text:
        element.text = text
    return element


def document(root: _Element) -> bytes:
    """Return the whole document, indented so that a person can read it."""
    etree.indent(root)
    body: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
