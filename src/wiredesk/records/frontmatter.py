"""The codec of the record file: front matter in the classic form, and a body.

``emit`` writes from the values alone; that a file in the form comes back byte by byte is a matter
of the form having one way to write each value. ``parse`` reads that form line by line; a file that
is not in it is read as YAML (bounded, ``records.safe_yaml``) and marked: written again, it takes the
classic form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from wiredesk.errors import MalformedRecord
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.record import Extra, Record, RelatedItem
from wiredesk.records.safe_yaml import Items, Mapping, Misread, Node, Text, mapping, plain, read

MOST_BYTES = 10_000_000
"""Bytes of a record file; a larger one is no record."""

Newline = Literal["\n", "\r\n"]

_FENCE = "---"
_QUOTED = {
    "title", "excerpt", "originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "featuredContent",
    "secured", "url",
}  # fmt: skip
"""Keys whose values stand in quotes (an image's title among them); all others are plain."""

_VALUES = (
    "category", "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl",
    "cdnAmpWebUrl", "type", "quality", "heat", "published",
)  # fmt: skip
_BLOCKS = ("featuredContent", "provider", "topics", "images", "related", "secured")
_KNOWN = frozenset((*_VALUES, *_BLOCKS))
_IMAGE = ("url", "width", "height", "title", "isCached")
_RELATED = (
    "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl",
    "type", "featuredContent", "provider", "quality", "images",
)  # fmt: skip

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'["\\\n\r\t]')
_UNESCAPES = {escape: character for character, escape in _ESCAPES.items()}
_UNESCAPED = re.compile(r'\\["\\nrt]')
_QUOTE = re.compile(r'"(?:[^"\\]|\\["\\nrt])*"')
_KEY = re.compile(r"([A-Za-z_][\w-]*):(?: (.*))?", re.DOTALL)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")


class RecordFile(msgspec.Struct, frozen=True, kw_only=True):
    """A record as a file has it. ``classic``: writing it again gives the same bytes.

    ``differs_at`` is the first line (from 1) that would be written in another way, else 0.
    """

    record: Record
    newline: Newline = "\n"
    classic: bool = True
    differs_at: int = 0


def parse(data: bytes, file: str = "<record>") -> RecordFile:
    """Return the record in ``data``. Raises ``MalformedRecord`` naming ``file`` and the line."""
    if len(data) > MOST_BYTES:
        raise MalformedRecord(file, 1, f"a record of at most {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise MalformedRecord(file, line, "text in UTF-8") from error
    newline: Newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    lines = text.replace(newline, "\n").split("\n")
    try:
        record = _Reader(lines).record()
        if emit(record, newline) == data:
            return RecordFile(record=record, newline=newline)
    except (_NotClassic, msgspec.ValidationError):
        record = None
    if record is None:
        record = _from_yaml(text.replace("\r\n", "\n").removeprefix("\ufeff"), file)
    written = emit(record, newline).split(b"\n")
    differs = next(
        (
            number
            for number, (one, other) in enumerate(zip(data.split(b"\n"), written, strict=False), 1)
            if one != other
        ),
        1,
    )
    return RecordFile(record=record, newline=newline, classic=False, differs_at=differs)


def emit(record: Record, newline: Newline = "\n") -> bytes:
    """Return the file of ``record`` in the classic form.

    Raises ValueError for a value that the form cannot hold: a line break in a plain value.
    """
    head = "".join(_Writer(record).lines())
    text = f"{_FENCE}\n{head}{_FENCE}\n{record.body}"
    return text.replace("\n", newline).encode("utf-8")


class _NotClassic(Exception):
    """The file is not in the classic form; it may be YAML all the same."""


# Writing


def _quoted(value: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found[0]], value) + '"'


def _scalar(key: str, value: object, *, quoted: bool) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = str(value)
    if quoted:
        return f"{key}: {_quoted(text)}\n"
    if "\n" in text:
        raise ValueError(f"{key}: a value without quotes has no line break: {text!r}")
    return f"{key}: {text}\n"


class _Writer:
    """Writes one record, each extra after what it followed."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._values = _named(record)
        self._extras: dict[str, str] = {}
        for extra in record.extras:
            self._extras[extra.after] = self._extras.get(extra.after, "") + extra.raw
        self._written: set[str] = set()

    def lines(self) -> Iterator[str]:
        yield self._extra("")
        for key in _VALUES:
            yield from self._value(key, self._values.get(key), "")
            yield self._extra(key)
        yield "\n"
        yield self._extra("values")
        if self._record.featured_content is not None:
            yield _scalar("featuredContent", self._record.featured_content, quoted=True)
            yield "\n"
        yield self._extra("featuredContent")
        yield "provider:\n"
        yield from self._fields(_named(self._record.provider), ("name", "domain"), "provider", "  ")
        yield "\n"
        yield self._extra("provider")
        yield from self._topics()
        if self._record.images:
            yield "images:\n"
            yield from self._images(self._record.images, "images", "  ")
            yield "\n"
        yield self._extra("images")
        yield from self._related()
        if self._record.secured is not None:
            yield _scalar("secured", self._record.secured, quoted=True)
        yield self._extra("secured")
        yield from (raw for after, raw in self._extras.items() if after not in self._written)

    def _extra(self, after: str) -> str:
        self._written.add(after)
        return self._extras.get(after, "")

    def _value(self, key: str, value: object, indent: str) -> Iterator[str]:
        if value is not None:
            yield indent + _scalar(key, value, quoted=key in _QUOTED)

    def _fields(
        self, values: dict[str, object], keys: Sequence[str], path: str, indent: str
    ) -> Iterator[str]:
        for key in keys:
            yield from self._value(key, values.get(key), indent)
            yield self._extra(f"{path}.{key}")

    def _topics(self) -> Iterator[str]:
        if self._record.topics is not None:
            yield "topics:\n"
            for topic in self._record.topics:
                if "\n" in topic:
                    raise ValueError(f"topics: a name has no line break: {topic!r}")
                yield f"  - {topic}\n"
            yield "\n"
        yield self._extra("topics")

    def _images(self, images: Sequence[Image], path: str, indent: str) -> Iterator[str]:
        for place, image in enumerate(images):
            values = {key: value or None for key, value in _named(image).items()}
            text = "".join(self._fields(values, _IMAGE, f"{path}.{place}", indent + "  "))
            yield _item(text, indent)

    def _related(self) -> Iterator[str]:
        if self._record.related:
            yield "related:\n"
            for place, item in enumerate(self._record.related):
                yield _item("".join(self._related_item(item, f"related.{place}")), "  ")
            yield "\n"
        yield self._extra("related")

    def _related_item(self, item: RelatedItem, path: str) -> Iterator[str]:
        values = _named(item)
        for key in _RELATED:
            if key == "provider" and item.provider is not None:
                yield "    provider:\n"
                names = _named(item.provider)
                yield from self._fields(names, ("name", "domain"), f"{path}.provider", "      ")
            elif key == "images" and item.images:
                yield "    images:\n"
                yield from self._images(item.images, f"{path}.images", "      ")
            elif key not in {"provider", "images"}:
                yield from self._value(key, values.get(key), "    ")
            yield self._extra(f"{path}.{key}")


def _item(text: str, indent: str) -> str:
    """Put the dash of a list item before the first of its lines."""
    return f"{indent}- {text[len(indent) + 2 :]}"


_NAMES: dict[type, tuple[tuple[str, str], ...]] = {
    kind: tuple((field.name, field.encode_name) for field in msgspec.structs.fields(kind))
    for kind in (Record, RelatedItem, Image, ProviderName)
}


def _named(value: Record | RelatedItem | Image | ProviderName) -> dict[str, object]:
    return {key: getattr(value, name) for name, key in _NAMES[type(value)]}


# Reading the classic form

_TYPED: dict[str, type[int] | type[bool]] = {
    "quality": int, "heat": int, "width": int, "height": int, "published": bool, "isCached": bool,
}  # fmt: skip
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")


class _Reader:
    """Reads the lines of one file in the classic form; anything else is ``_NotClassic``."""

    def __init__(self, lines: Sequence[str]) -> None:
        if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
            raise _NotClassic
        self._end = lines.index(_FENCE, 1)
        self._body = "\n".join(lines[self._end + 1 :])
        self._lines = list(lines[: self._end])
        self._at = 1
        self._extras: list[Extra] = []

    def record(self) -> Record:
        """Return the record."""
        values: dict[str, object] = {}
        anchor = ""
        while self._at < self._end:
            if not self._lines[self._at]:
                self._at += 1
                anchor = "values" if anchor in {"", *_VALUES} else anchor
                continue
            key, text = self._key("")
            if key in _KNOWN and key not in values:
                self._at += 1
                values[key] = self._top(key, text)
                anchor = key
            else:
                self._extras.append(Extra(after=anchor, raw=self._unknown("", anchor)))
        found = {**values, "extras": self._extras, "body": self._body}
        return msgspec.convert(found, Record)

    def _top(self, key: str, text: str | None) -> object:
        match key:
            case "provider":
                self._opens(text)
                return self._fields("  ", "provider", ("name", "domain"))
            case "topics":
                self._opens(text)
                return self._topics()
            case "images":
                self._opens(text)
                return list(self._items("  ", "images", _IMAGE))
            case "related":
                self._opens(text)
                return list(self._items("  ", "related", _RELATED))
            case _:
                return _value(key, text)

    def _opens(self, text: str | None) -> None:
        if text is not None:
            raise _NotClassic

    def _key(self, indent: str) -> tuple[str, str | None]:
        """Return the key and the text of this line; an empty key where there is none."""
        found = _KEY.fullmatch(self._lines[self._at], len(indent))
        return (found[1], found[2]) if found else ("", None)

    def _here(self, indent: str) -> bool:
        """Tell whether this line stands at ``indent``."""
        return self._at < self._end and (
            self._lines[self._at].startswith(indent)
            and not self._lines[self._at].startswith((" ", "- "), len(indent))
            and len(self._lines[self._at]) > len(indent)
        )

    def _topics(self) -> list[str]:
        topics: list[str] = []
        while self._at < self._end and self._lines[self._at].startswith("  - "):
            topics.append(self._lines[self._at][4:])
            self._at += 1
        return topics

    def _items(self, indent: str, path: str, keys: Sequence[str]) -> Iterator[dict[str, object]]:
        place = 0
        while self._at < self._end and self._lines[self._at].startswith(f"{indent}- "):
            line = self._lines[self._at]
            self._lines[self._at] = f"{indent}  {line[len(indent) + 2 :]}"
            yield self._fields(f"{indent}  ", f"{path}.{place}", keys)
            place += 1

    def _fields(self, indent: str, path: str, keys: Sequence[str]) -> dict[str, object]:
        values: dict[str, object] = {}
        anchor = ""
        while self._here(indent):
            key, text = self._key(indent)
            if key in keys and key not in values:
                self._at += 1
                anchor = f"{path}.{key}"
                values[key] = self._nested(key, text, indent, anchor)
            elif anchor:
                self._extras.append(Extra(after=anchor, raw=self._unknown(indent, anchor)))
            else:
                raise _NotClassic
        return values

    def _nested(self, key: str, text: str | None, indent: str, path: str) -> object:
        if key == "provider":
            self._opens(text)
            return self._fields(f"{indent}  ", path, ("name", "domain"))
        if key == "images":
            self._opens(text)
            return list(self._items(f"{indent}  ", path, _IMAGE))
        return _value(key, text)

    def _unknown(self, indent: str, anchor: str) -> str:
        """Return the lines of a key that we do not know: its own, and those deeper than it.

        At the top, after a block, the empty lines that follow belong to it; among the first keys
        they do not, because the form has one there in any case.
        """
        start = self._at
        self._at += 1
        while self._at < self._end and self._lines[self._at].startswith(
            (f"{indent} ", f"{indent}- ")
        ):
            self._at += 1
            self._skip_inner_gap(indent)
        if not indent and anchor not in {"", *_VALUES}:
            while self._at < self._end and not self._lines[self._at]:
                self._at += 1
        return "".join(f"{line}\n" for line in self._lines[start : self._at])

    def _skip_inner_gap(self, indent: str) -> None:
        """Go over empty lines inside a block: those with a deeper line after them."""
        after = self._at
        while after < self._end and not self._lines[after]:
            after += 1
        if after < self._end and self._lines[after].startswith(f"{indent} "):
            self._at = after


def _value(key: str, text: str | None) -> object:
    """Return a value in the classic form from the text after ``key: ``."""
    if text is None:
        raise _NotClassic
    if key in _QUOTED:
        if _QUOTE.fullmatch(text) is None:
            raise _NotClassic
        return _UNESCAPED.sub(lambda found: _UNESCAPES[found[0]], text[1:-1])
    kind = _TYPED.get(key)
    if kind is bool:
        if text not in {"true", "false"}:
            raise _NotClassic
        return text == "true"
    if kind is int:
        if _INTEGER.fullmatch(text) is None:
            raise _NotClassic
        return int(text)
    if key == "publishedDateTime" and _TIME.fullmatch(text) is None:
        raise _NotClassic
    return text


# Reading any other front matter


def _from_yaml(text: str, file: str) -> Record:
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise MalformedRecord(file, 1, f"a line {_FENCE!r} that opens the front matter")
    ends = (at for at, line in enumerate(lines) if at and line.rstrip() in {_FENCE, "..."})
    end = next(ends, None)
    if end is None:
        raise MalformedRecord(file, len(lines), f"a line {_FENCE!r} that closes the front matter")
    try:
        root = mapping(read("\n".join(lines[1:end])), "the front matter")
        values = _Yaml(root, lines[1:end]).values()
    except Misread as error:
        raise MalformedRecord(file, error.line + 2, error.expected) from error
    values["body"] = "\n".join(lines[end + 1 :])
    return msgspec.convert(values, Record)


class _Yaml:
    """Takes the values of a record out of front matter that was read as YAML."""

    def __init__(self, root: Mapping, lines: Sequence[str]) -> None:
        self._root, self._lines = root, lines
        self._extras: list[Extra] = []

    def values(self) -> dict[str, object]:
        """Return what ``Record`` is made of; raises ``Misread``."""
        for key in ("title", "publishedDateTime", "provider"):
            if key not in self._root.items:
                raise Misread(len(self._lines), f"the key {key!r} somewhere")
        values: dict[str, object] = {}
        anchor = ""
        for key, node in self._root.items.items():
            if key in _KNOWN:
                values[key] = self._known(key, node, key)
                anchor = key
            else:
                self._extras.append(Extra(after=anchor, raw=self._raw(key)))
        return {**values, "extras": self._extras}

    def _raw(self, key: str) -> str:
        """Return an unknown key as it stood, or, where it shares its line, as JSON."""
        starts = sorted({*self._root.lines.values(), len(self._lines)})
        start = self._root.lines[key]
        end = starts[starts.index(start) + 1]
        shared = sum(line == start for line in self._root.lines.values()) > 1
        if shared or not self._lines[start].startswith(key):
            return _json_line(key, self._root.items[key], "")
        return "".join(f"{line}\n" for line in self._lines[start:end] if line.strip())

    def _known(self, key: str, node: Node, path: str) -> object:
        match key:
            case "provider":
                return self._provider(node, path)
            case "topics":
                return [_text(item) for item in _sequence(node)]
            case "images":
                return self._listed(node, path, _IMAGE)
            case "related":
                return self._listed(node, path, _RELATED)
            case _:
                return _typed(key, node)

    def _provider(self, node: Node, path: str) -> dict[str, object]:
        if isinstance(node, Text):
            return {"name": node.value, "domain": node.value}
        values = self._fields(node, path, ("name", "domain"))
        for key, other in (("name", "domain"), ("domain", "name")):
            values.setdefault(key, values.get(other, ""))
        return values

    def _listed(self, node: Node, path: str, keys: Sequence[str]) -> list[dict[str, object]]:
        return [
            self._fields(item, f"{path}.{place}", keys)
            for place, item in enumerate(_sequence(node))
        ]

    def _fields(self, node: Node, path: str, keys: Sequence[str]) -> dict[str, object]:
        known = mapping(node, path)
        values: dict[str, object] = {}
        for key, value in known.items.items():
            if key in keys:
                values[key] = self._known(key, value, f"{path}.{key}")
        last = next((key for key in reversed(keys) if key in values), "")
        indent = "  " * (1 + path.count("."))
        for key, value in known.items.items():
            if key not in keys:
                raw = _json_line(key, value, indent)
                self._extras.append(Extra(after=f"{path}.{last}", raw=raw))
        return values


def _json_line(key: str, node: Node, indent: str) -> str:
    name = key if _KEY.fullmatch(f"{key}:") else msgspec.json.encode(key).decode()
    return f"{indent}{name}: {msgspec.json.encode(plain(node)).decode()}\n"


def _sequence(node: Node) -> Sequence[Node]:
    match node:
        case Items(items):
            return items
        case Text(""):
            return ()
        case Text():
            return (node,)
        case _:
            raise Misread(node.line, "a list")


def _text(node: Node) -> str:
    if not isinstance(node, Text):
        raise Misread(node.line, "text")
    return node.value


def _typed(key: str, node: Node) -> object:
    text = _text(node)
    kind = _TYPED.get(key)
    if kind is int:
        if _INTEGER.fullmatch(text) is None:
            raise Misread(node.line, f"a whole number for {key!r}, not {text!r}")
        return int(text)
    if kind is bool:
        if text not in {"true", "false"}:
            raise Misread(node.line, f"true or false for {key!r}, not {text!r}")
        return text == "true"
    if key == "publishedDateTime":
        try:
            datetime.fromisoformat(text)
        except ValueError as error:
            raise Misread(
                node.line, f"a time such as 2026-03-02T09:30:00Z, not {text!r}"
            ) from error
    return text
