"""From bytes to text, by rule: what a feed is written in is never guessed from its words."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
"""Marks, and the first characters of a declaration without one (XML 1.0, appendix F)."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_WEB = """
    big5 big5hkscs cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 cp949
    euc_jp euc_kr gb18030 gb2312 gbk iso2022_jp iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6
    iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r
    koi8-u mac-roman shift_jis utf-8 utf-16-be utf-16-le
"""
_KNOWN = frozenset(_WEB.split())
"""The encodings of the web (https://encoding.spec.whatwg.org/), by Python's names: no UTF-7, no
codec that is not one of text."""
_AS_ON_THE_WEB = {"ascii": "cp1252", "iso8859-1": "cp1252", "utf-16": "utf-16-le"}
_CP1252 = "wiredesk-cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_CP1252, _as_cp1252)


def decoded(body: bytes, content_type: str = "") -> str:
    """Return ``body`` as text: by its byte order mark, else the charset of ``content_type``, else
    that of its XML declaration, if it is one of the web's and fits every byte; else as UTF-8, of
    which single bytes that are not are read as Windows-1252.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    for name in _named(body, content_type):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", _CP1252)


def _named(body: bytes, content_type: str) -> list[str]:
    header, declared = _CHARSET.search(content_type), _DECLARED.match(body[:400])
    labels = [header[1]] if header else []
    labels += [declared[1].decode("ascii")] if declared else []
    names = [_codec(label) for label in labels]
    # UTF-16 is taken from its bytes alone: text that could be read so far is written otherwise.
    return [name for name in names if name in _KNOWN and not name.startswith("utf-16")]


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except (LookupError, UnicodeError):
        return ""
    return _AS_ON_THE_WEB.get(name, name)
