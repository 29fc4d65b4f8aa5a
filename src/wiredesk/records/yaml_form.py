"""Front matter that is YAML but not in the classic form: other quotes, another order, comments.

Values are taken as the text that was written (``records.safe_yaml``) and must fit the same keys.
Unknown keys stay, comments do not.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import msgspec

from wiredesk.errors import MalformedRecord
from wiredesk.records.classic_form import (
    FLAG,
    LAST_OF_HEAD,
    PLAIN,
    PROVIDER,
    QUOTED,
    RECORD,
    TIME,
    WHOLE,
    WORD,
    Form,
    Kind,
    Listing,
    Scalar,
    is_time,
)
from wiredesk.records.record import Extra, Record
from wiredesk.records.safe_yaml import Items, Mapping, Misread, Node, Text, mapping, plain, read

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_BARE = r"""(?![\s"'|>&*!{\[])(.*(?:: | #).*|.*:|[@`%?,\]}-].*)"""
_BARE_NAME = re.compile(rf"( *(?:- )?name: +){_BARE}", re.DOTALL)
_BARE_TOPIC = re.compile(rf"( *- +){_BARE}", re.DOTALL)
_BREAK = re.compile(r"[\r\n]")
_SIMPLE_KEY = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_ASSUMED = {"category": "news", "type": "article"}


def read_text(lines: Sequence[str], file: str, not_classic: MalformedRecord) -> Record:
    """Return the record in the ``lines`` between the two ``---``.

    Raises ``MalformedRecord``: that of YAML or, where that is about a line which the classic form
    allows, ``not_classic`` (the first thing that is not in the classic form).
    """
    try:
        root = _read(lines)
    except Misread as error:
        raise _told(not_classic, error) from error
    reader = _Reader(lines)
    try:
        values = reader.fields(RECORD, mapping(root, "the front matter"), "")
    except Misread as error:
        if error.line + 2 < not_classic.line:
            raise not_classic from error
        raise MalformedRecord(file, error.line + 2, error.expected) from error
    record = msgspec.convert(values, Record)
    return msgspec.structs.replace(record, extras=tuple(reader.extras))


def _read(lines: Sequence[str]) -> Node:
    """Read YAML with bare names and topics put in quotes where it would misread them: classic
    desks leave them bare, whatever is in them.
    """
    among_topics = False
    safe: list[str] = []
    for line in lines:
        found = (_BARE_TOPIC if among_topics else _BARE_NAME).fullmatch(line)
        safe.append(found[1] + json.dumps(found[2]) if found else line)
        among_topics = line == "topics:" or (among_topics and not line[:1].strip())
    return read("\n".join(safe))


def _told(not_classic: MalformedRecord, error: Misread) -> MalformedRecord:
    line = error.line + 2
    if line < not_classic.line:
        return not_classic
    also = f"{not_classic.expected}; as YAML, line {line}: {error.expected}"
    return MalformedRecord(not_classic.file, not_classic.line, also)


class _Reader:
    """Fits YAML's nodes to the keys of a record; ``extras`` grows by the unknown ones."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.extras: list[Extra] = []

    def fields(self, form: Form, known: Mapping, prefix: str) -> object:
        """Return the value of a block. Raises ``Misread``."""
        values: dict[str, object] = {}
        unknown = [key for key in known.items if key not in form.kinds]
        for key, node in known.items.items():
            if key in form.kinds and not _is_absent(form, key, node):
                if key in form.ours and not self._is_ours(form.kinds[key], key, node):
                    unknown.append(key)
                    continue
                values[form.names[key]] = self._value(form.kinds[key], key, node, prefix)
        for key in form.kinds:
            if key in form.always and form.names[key] not in values:
                values[form.names[key]] = _assumed(form, key, known, values)
        self._keep_unknown(form, known, unknown, prefix)
        return form.make(**values)

    def _is_ours(self, kind: Kind, key: str, node: Node) -> bool:
        """Tell whether what stands under a key of ours can be read as that, and says anything."""
        known = len(self.extras)
        try:
            value = self._value(kind, key, node, "")
        except Misread:
            return False
        finally:
            del self.extras[known:]
        return not isinstance(kind, Form) or value != kind.make()

    def _value(self, kind: Kind, key: str, node: Node, prefix: str) -> object:
        if isinstance(kind, Scalar):
            return _scalar(kind, key, node)
        path = f"{prefix}{key}"
        if isinstance(kind, Listing):
            return tuple(
                _scalar(kind.item, key, item)
                if isinstance(kind.item, Scalar)
                else self.fields(kind.item, mapping(item, path), f"{path}.{place}.")
                for place, item in enumerate(_sequence(key, node))
            )
        if kind is PROVIDER and isinstance(node, Text):
            name = _scalar(PLAIN, key, node)
            return kind.make(name=name, domain=name)
        return self.fields(kind, mapping(node, path), f"{path}.")

    def _keep_unknown(
        self, form: Form, known: Mapping, unknown: Sequence[str], prefix: str
    ) -> None:
        """Keep unknown keys at the end of their block; at the top, at the end of the first keys."""
        if not unknown:
            return
        if prefix:
            indent = "  " * prefix.count(".")
            raw = "".join(_json_line(key, known.items[key], indent) for key in unknown)
            self.extras.append(Extra(after=prefix + tuple(form.kinds)[-1], raw=raw))
        else:
            starts = sorted(known.lines.values())
            raw = "".join(self._raw(key, known, starts) for key in unknown)
            self.extras.append(Extra(after=LAST_OF_HEAD, raw=raw + "\n"))

    def _raw(self, key: str, known: Mapping, starts: Sequence[int]) -> str:
        """Return an unknown key's lines as they stood or, where it has no lines of its own, as JSON."""
        start = known.lines[key]
        first, after = bisect_left(starts, start), bisect_right(starts, start)
        if after - first > 1 or not self._lines[start].startswith(f"{key}:"):
            return _json_line(key, known.items[key], "")
        lines = self._lines[start : starts[after] if after < len(starts) else len(self._lines)]
        return "\n".join(lines).rstrip("\n ") + "\n"


def _is_absent(form: Form, key: str, node: Node) -> bool:
    """Tell whether a key that may be absent has nothing for its value."""
    return (
        key not in form.always and isinstance(node, Text) and node.plain and node.value in _NOTHING
    )


def _assumed(form: Form, key: str, known: Mapping, values: dict[str, object]) -> object:
    """Return what stands for a key that the classic form always has, or raise ``Misread``."""
    if form is RECORD and key in _ASSUMED:
        return _ASSUMED[key]
    if form is PROVIDER and values:
        return next(iter(values.values()))
    raise Misread(known.line - (form is RECORD), f"the key {key!r} below")


def _sequence(key: str, node: Node) -> Sequence[Node]:
    if not isinstance(node, Items):
        raise Misread(node.line, f"a list for {key!r}")
    return node.items


def _scalar(kind: Scalar, key: str, node: Node) -> object:
    if not isinstance(node, Text):
        raise Misread(node.line, f"one value for {key!r}")
    text = node.value
    value: object = None
    if kind is WHOLE:
        value = int(text) if _WHOLE.fullmatch(text) else None
    elif kind is FLAG:
        value = {"true": True, "false": False}.get(text.lower())
    elif "\0" not in text and (kind is QUOTED or not _BREAK.search(text)):
        value = text if kind is not TIME or is_time(text) else None
    if value is None:
        raise Misread(node.line, f"for {key!r} {_WANTED.get(kind.expected, kind.expected)}")
    return value


_WANTED = {kind.expected: "text on one line" for kind in (QUOTED, PLAIN, WORD)}
"""What a value is to be where its way of writing is free."""


def _json_line(key: str, node: Node, indent: str) -> str:
    name = key if _SIMPLE_KEY.fullmatch(key) else msgspec.json.encode(key).decode()
    return f"{indent}{name}: {msgspec.json.encode(plain(node)).decode()}\n"
