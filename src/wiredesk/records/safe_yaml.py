"""YAML that strangers wrote, read with bounds and without surprises.

Only the structure is YAML's (PyYAML's parser, by its C part where there is one): every scalar stays
the text that was written, so that ``no``, ``012``, ``1:30`` and ``2021-12-14`` are what they look
like (THREATS C03). Anchors, aliases, tags and duplicate keys are refused, and so are NUL, depth
beyond 32 and more than a million bytes (C02).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import yaml

MOST_BYTES = 1_000_000
DEEPEST = 32

_UNFIT = re.compile(
    "\\A\ufeff|[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\U0010ffe0-\U0010ffe3]"
)
"""What YAML does not allow (YAML 1.2.2, section 5.1), the byte order mark (C02), our stand-ins."""

_STAND_INS = {ord(mark): 0x10FFE0 + place for place, mark in enumerate("\r\x85\u2028\u2029")}
"""Private characters for those that are line breaks to YAML's parser, and to nobody's editor: a value
keeps them, and lines are counted as people count them.
"""
_ORIGINALS = {stand_in: mark for mark, stand_in in _STAND_INS.items()}

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Misread(ValueError):
    """The text is not YAML within our bounds: its line, counted from 0, and what was expected."""

    def __init__(self, line: int, expected: str) -> None:
        super().__init__(f"line {line + 1}: expected {expected}")
        self.line, self.expected = line, expected


class Text(msgspec.Struct, frozen=True):
    """A scalar as it was written; ``plain`` when it had no quotes around it."""

    value: str
    line: int
    plain: bool = True


class Items(msgspec.Struct, frozen=True):
    """A sequence."""

    items: tuple[Node, ...]
    line: int


class Mapping(msgspec.Struct, frozen=True):
    """A mapping in the order of its keys; ``lines`` has the line of each key."""

    items: dict[str, Node]
    lines: dict[str, int]
    line: int


Node = Text | Items | Mapping


def read(text: str) -> Node:
    """Return the one document in ``text``. Raises ``Misread``."""
    if len(text) > MOST_BYTES:
        raise Misread(0, f"at most {MOST_BYTES:,} characters")
    if (found := _UNFIT.search(text)) is not None:
        line = text.count("\n", 0, found.start())
        raise Misread(line, f"no character U+{ord(found[0]):04X}")
    text = text.replace("\r\n", "\n").translate(_STAND_INS)
    try:
        events = yaml.parse(text, Loader=_Loader)
        return _document(events)
    except yaml.YAMLError as error:
        context = getattr(error, "context", None) or ""
        # Of a quote that never ends, YAML's parser names the end of the file: its start helps more.
        name = "context_mark" if "quoted" in context else "problem_mark"
        mark = getattr(error, name, None)
        problem = getattr(error, "problem", None) or "text that YAML allows"
        last = text.rstrip("\n").count("\n")
        raise Misread(min(mark.line, last) if mark else 0, f"YAML ({problem})") from error


def mapping(node: Node, what: str) -> Mapping:
    """Return ``node`` if it is a mapping. Raises ``Misread`` saying that ``what`` should be one."""
    if not isinstance(node, Mapping):
        raise Misread(node.line, f"keys with values in {what}")
    return node


def plain(node: Node) -> object:
    """Return ``node`` as dictionaries, lists and strings."""
    match node:
        case Text(value):
            return value
        case Items(items):
            return [plain(item) for item in items]
        case Mapping(items):
            return {key: plain(value) for key, value in items.items()}


def _document(events: Iterator[yaml.Event]) -> Node:
    for event in events:
        if isinstance(event, yaml.StreamEndEvent):
            return Mapping({}, {}, 0)
        if isinstance(event, yaml.DocumentStartEvent):
            break
    node = _node(next(events), events, 0)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            raise Misread(_line(event), "one document")
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = _line(event)
    if depth > DEEPEST:
        raise Misread(line, f"at most {DEEPEST} levels")
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Misread(line, "no anchors and aliases")
    if getattr(event, "tag", None) not in {None, "!"}:
        raise Misread(line, "no tags")
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value.translate(_ORIGINALS), line, not event.style)
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(tuple(_items(events, depth)), line)
    return _mapping(events, line, depth)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _items(events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events, depth + 1)


def _mapping(events: Iterator[yaml.Event], line: int, depth: int) -> Mapping:
    items: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _node(event, events, depth + 1)
        if not isinstance(key, Text):
            raise Misread(_line(event), "a name before the colon")
        if key.value in items:
            raise Misread(key.line, f"the key {key.value!r} only once")
        lines[key.value] = key.line
        items[key.value] = _node(next(events), events, depth + 1)
    return Mapping(items, lines, line)
