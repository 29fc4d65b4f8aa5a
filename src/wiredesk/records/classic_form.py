"""The classic form of a record's front matter: which keys, in which order, written in which way.

Each value has one way to be written, so that a file in the form comes back byte by byte from the
values alone. What stands between two known keys and is not the form's own (an unknown key, a
comment, one empty line more or less) is a gap, kept as an ``Extra`` after the key before it::

    parse   lines -> entries by indent -> known keys to values, the rest to gaps
    write   values in the order of the form, and after each its gap or the form's separator

The work is linear in the size of the file, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import cast

import msgspec

from wiredesk.errors import MalformedRecord
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.judgement import LedgerLine
from wiredesk.records.record import Extra, PublicLedger, Record, RelatedItem


class Scalar(msgspec.Struct, frozen=True):
    """How one kind of value is written after its key; ``read`` gives None for any other way."""

    expected: str
    read: Callable[[str], object]
    write: Callable[[object], str]


class Form(msgspec.Struct, frozen=True):
    """A block of keys in their order, and the value that it becomes."""

    make: Callable[..., object]
    kinds: Mapping[str, Kind]
    names: Mapping[str, str]
    """Attribute of each key."""
    defaults: Mapping[str, object]
    """Value of each key when it is absent; one without a default must be there."""
    always: frozenset[str]
    """Keys that are written even when they hold their default, and that must be there."""
    ours: frozenset[str] = frozenset()
    """Keys that are not of the classic form: what stands there in another shape is a foreign key."""


class Listing(msgspec.Struct, frozen=True):
    """A list, an item a line (scalar) or a block (form)."""

    item: Scalar | Form


Kind = Scalar | Form | Listing

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'["\\\n\r\t]')
_UNESCAPES = {escape: character for character, escape in _ESCAPES.items()}
_UNESCAPED = re.compile(r'\\["\\nrt]')
_QUOTE = re.compile(r'"[^"\\\n\r\t]*(?:\\["\\nrt][^"\\\n\r\t]*)*"')
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_KEY = re.compile(
    r"""([^\s#:?\-\[\]{},&*!|>%@`"'][^:]*(?::[^ :][^:]*)*|"[^"]*"|'[^']*'):(?: (.*))?""", re.DOTALL
)
"""A key of a block and what follows it on its line; DOTALL, as a plain value may hold any character."""


def is_time(text: str) -> bool:
    """Tell whether ``text`` is an ISO 8601 time with an offset, and one that UTC can tell too."""
    try:
        time = datetime.fromisoformat(text)
        return time.tzinfo is not None and time.astimezone(UTC) is not None
    except (ValueError, OverflowError):
        return False


def _read_quoted(text: str) -> str | None:
    if _QUOTE.fullmatch(text) is None:
        return None
    return _UNESCAPED.sub(lambda found: _UNESCAPES[found[0]], text[1:-1])


def _write_quoted(value: object) -> str:
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found[0]], str(value)) + '"'


def _write_plain(value: object) -> str:
    text = str(value)
    if "\n" in text:
        raise ValueError(f"a value without quotes has no line break: {text!r}")
    return text


QUOTED = Scalar(
    'text in double quotes, with \\", \\\\, \\n, \\r and \\t', _read_quoted, _write_quoted
)
PLAIN = Scalar("text after the colon and one space", lambda text: text, _write_plain)
WORD = Scalar(
    "text without quotes",
    lambda text: None if text.startswith(('"', "'")) else text,
    _write_plain,
)
"""Plain too, but of the desk's own words: quotes around one are YAML's, not part of it."""
TIME = Scalar(
    "a time with an offset or Z, such as 2026-03-02T09:30:00Z",
    lambda text: text if _TIME.fullmatch(text) and is_time(text) else None,
    _write_plain,
)
WHOLE = Scalar("a whole number", lambda text: int(text) if _WHOLE.fullmatch(text) else None, str)
FLAG = Scalar(
    "true or false", {"true": True, "false": False}.get, lambda value: "true" if value else "false"
)


def _form(
    struct: type[msgspec.Struct],
    kinds: Mapping[str, Kind],
    always: Iterable[str],
    ours: Iterable[str] = (),
) -> Form:
    fields = [
        field for field in msgspec.structs.fields(struct) if field.name not in {"extras", "body"}
    ]
    return Form(
        make=struct,
        kinds=kinds,
        names={field.encode_name: field.name for field in fields},
        defaults={field.encode_name: field.default for field in fields if not field.required},
        always=frozenset({*always, *(field.encode_name for field in fields if field.required)}),
        ours=frozenset(ours),
    )


PROVIDER = _form(ProviderName, {"name": PLAIN, "domain": PLAIN}, ())
IMAGE = _form(
    Image,
    {"url": QUOTED, "width": WHOLE, "height": WHOLE, "title": QUOTED, "isCached": FLAG},
    (),
)
RELATED = _form(
    RelatedItem,
    {
        "title": QUOTED,
        "excerpt": QUOTED,
        "publishedDateTime": TIME,
        "originalUrl": QUOTED,
        "webUrl": QUOTED,
        "ampWebUrl": QUOTED,
        "cdnAmpWebUrl": QUOTED,
        "type": WORD,
        "featuredContent": QUOTED,
        "provider": PROVIDER,
        "quality": WHOLE,
        "images": Listing(IMAGE),
    },
    (),
)
LINE = _form(LedgerLine, {"signal": WORD, "points": WHOLE, "reason": QUOTED}, ())
LEDGER = _form(PublicLedger, {"quality": Listing(LINE), "heat": Listing(LINE)}, ())
RECORD = _form(
    Record,
    {
        "category": WORD,
        "title": QUOTED,
        "excerpt": QUOTED,
        "publishedDateTime": TIME,
        "originalUrl": QUOTED,
        "webUrl": QUOTED,
        "ampWebUrl": QUOTED,
        "cdnAmpWebUrl": QUOTED,
        "type": WORD,
        "quality": WHOLE,
        "heat": WHOLE,
        "published": FLAG,
        "mergedInto": PLAIN,
        "featuredContent": QUOTED,
        "provider": PROVIDER,
        "topics": Listing(PLAIN),
        "images": Listing(IMAGE),
        "related": Listing(RELATED),
        "ledger": LEDGER,
        "secured": QUOTED,
    },
    ("category", "type"),
    ours=("ledger",),
)
_HEAD = tuple(RECORD.kinds)[: tuple(RECORD.kinds).index("featuredContent")]
"""The keys of one line each that come first, with no empty line between them."""
LAST_OF_HEAD = _HEAD[-1]


def _separator(prefix: str, before: str, after: str) -> list[str]:
    """Return the lines that the form puts between two keys (``after`` is empty at the end)."""
    head = before in _HEAD and after in _HEAD
    if prefix or not before or head or (before == "secured" and not after):
        return []
    return [""]


def read_lines(lines: Sequence[str], file: str) -> Record:
    """Return the record in the ``lines`` between the two ``---``.

    Keys in another order are read too. Raises ``MalformedRecord`` at the first line that the form
    does not have; the first line after the opening ``---`` counts as line 2.
    """
    reader = _Reader(lines, file)
    found = reader.block(RECORD, 0, len(lines), 0, "")
    return msgspec.structs.replace(msgspec.convert(found, Record), extras=tuple(reader.extras))


class _Entry(msgspec.Struct, frozen=True):
    """A key, the text after it on its line, and its lines: from ``at`` up to ``stop``."""

    key: str
    text: str | None
    at: int
    stop: int


class _Reader:
    """Reads blocks of lines; ``extras`` grows as gaps are met."""

    def __init__(self, lines: Sequence[str], file: str) -> None:
        self._lines, self._file = list(lines), file
        self._depths = [_depth(line) for line in lines]
        self.extras: list[Extra] = []

    def block(self, form: Form, at: int, end: int, indent: int, prefix: str) -> object:
        """Return the value of the keys at ``indent`` in the lines from ``at`` up to ``end``."""
        start, before, gap = at, "", list[str]()
        values: dict[str, object] = {}
        seen: set[str] = set()
        while at < end:
            entry = self._entry(at, end, indent)
            key, at = entry.key, entry.stop
            if key in seen:
                raise self._malformed(entry.at, f"the key {key!r} only once")
            if key:
                seen.add(key)
            value = self._known_or_foreign(form, entry, indent, prefix)
            if value is _NEUTRAL:
                gap += self._lines[entry.at : entry.stop]
            else:
                self._keep(gap, prefix, before, key)
                values[form.names[key]] = value
                before, gap = key, []
        self._keep(gap, prefix, before, "")
        for key in form.kinds:
            if key in form.always and form.names[key] not in values:
                raise self._malformed(start - 1 if not prefix else start, f"the key {key!r} below")
        return form.make(**values)

    def _keep(self, gap: list[str], prefix: str, before: str, after: str) -> None:
        if gap != _separator(prefix, before, after):
            raw = "".join(f"{line}\n" for line in gap)
            self.extras.append(Extra(after=prefix + before, raw=raw))

    def _known_or_foreign(self, form: Form, entry: _Entry, indent: int, prefix: str) -> object:
        """Return the value of a key, with leniency for those that a foreign key may share a name with."""
        if entry.key not in form.ours:
            return self._value(form, entry, indent, prefix)
        known, its = len(self.extras), slice(entry.at, entry.stop)
        lines, depths = self._lines[its], self._depths[its]
        kind, value = form.kinds[entry.key], _NEUTRAL
        with suppress(MalformedRecord):
            value = self._value(form, entry, indent, prefix)
        if value is _NEUTRAL or (isinstance(kind, Form) and value == kind.make()):
            del self.extras[known:]
            self._lines[its], self._depths[its] = lines, depths
            return _NEUTRAL
        return value

    def _value(self, form: Form, entry: _Entry, indent: int, prefix: str) -> object:
        """Return the value of a known key; ``_NEUTRAL`` for what is no key of the form, or one that
        says no more than its absence (``isCached: false``).
        """
        kind = form.kinds.get(entry.key)
        if kind is None:
            self._check_foreign(form, entry)
            return _NEUTRAL
        if isinstance(kind, Scalar):
            value = self._scalar(kind, entry)
        elif entry.text is not None:
            raise self._malformed(entry.at, f"nothing after '{entry.key}:' on its line")
        else:
            value = self._nested(kind, entry, indent + 2, f"{prefix}{entry.key}.")
        neutral = entry.key not in form.always and value == form.defaults[entry.key]
        return _NEUTRAL if neutral else value

    def _nested(self, kind: Form | Listing, entry: _Entry, indent: int, prefix: str) -> object:
        if isinstance(kind, Form):
            return self.block(kind, entry.at + 1, entry.stop, indent, prefix)
        known = len(self.extras)
        items = self._items(kind.item, entry.at + 1, entry.stop, indent, prefix)
        if not items and kind.item is not PLAIN:
            del self.extras[known:]
        return items

    def _scalar(self, kind: Scalar, entry: _Entry) -> object:
        value = None if entry.text is None else kind.read(entry.text)
        if value is None:
            raise self._malformed(entry.at, f"for {entry.key!r} {kind.expected}")
        if entry.stop > entry.at + 1:
            raise self._malformed(entry.at + 1, f"the next key: {entry.key!r} has one line")
        return value

    def _items(
        self, kind: Scalar | Form, at: int, end: int, indent: int, prefix: str
    ) -> tuple[object, ...]:
        items: list[object] = []
        before, gap = "", list[str]()
        dash = " " * indent + "- "
        while at < end:
            line = self._lines[at]
            if self._is_idle(at):
                gap.append(line)
                at += 1
                continue
            if not line.startswith(dash):
                raise self._malformed(at, f"an item that begins with {dash!r}")
            self._keep(gap, prefix, before, str(len(items)))
            stop = self._entry_end(at, end, indent)
            before, gap = str(len(items)), []
            items.append(self._item(kind, at, stop, indent, f"{prefix}{len(items)}."))
            at = stop
        self._keep(gap, prefix, before, "")
        return tuple(items)

    def _item(self, kind: Scalar | Form, at: int, stop: int, indent: int, prefix: str) -> object:
        text = self._lines[at][indent + 2 :]
        if isinstance(kind, Scalar):
            return self._scalar(kind, _Entry(prefix.rstrip("."), text, at, stop))
        self._lines[at] = " " * (indent + 2) + text
        self._depths[at] = _depth(self._lines[at])
        if self._is_idle(at):
            raise self._malformed(at, "a key after the dash")
        return self.block(kind, at, stop, indent + 2, prefix)

    def _entry(self, at: int, end: int, indent: int) -> _Entry:
        """Return the key at a line; one without a name for an empty line or a comment."""
        if self._is_idle(at):
            return _Entry("", None, at, at + 1)
        found = _KEY.fullmatch(self._lines[at], indent) if self._depths[at] == indent else None
        if found is None:
            raise self._malformed(at, f"a key with a colon, {indent} spaces from the left")
        return _Entry(found[1], found[2], at, self._entry_end(at, end, indent))

    def _check_foreign(self, form: Form, entry: _Entry) -> None:
        known = entry.key.strip(" \t\"'")
        if known != entry.key and known in form.kinds:
            raise self._malformed(entry.at, f"the key {known!r} written as {known}:")

    def _is_idle(self, at: int) -> bool:
        """Tell whether the line is empty or a comment."""
        return self._depths[at] < 0

    def _entry_end(self, at: int, end: int, indent: int) -> int:
        """Return the line after the last one that belongs to the key (or item) at ``at``: deeper
        ones, list items below a key at its own depth, and empty lines and comments between those.
        """
        dash = None if self._lines[at].startswith("- ", indent) else " " * indent + "- "
        last = at + 1
        for scan in range(at + 1, end):
            depth = self._depths[scan]
            if depth > indent:
                last = scan + 1
            elif depth >= 0:
                if dash is None or not self._lines[scan].startswith(dash):
                    break
                last = scan + 1
        return last

    def _malformed(self, at: int, expected: str) -> MalformedRecord:
        return MalformedRecord(self._file, at + 2, expected)


_NEUTRAL = object()
"""Stands for lines that give no value, and so are a gap."""


def _depth(line: str) -> int:
    """Return by how many spaces a line is indented, -1 for an empty one or a comment."""
    bare = line.lstrip(" ")
    idle = not bare or bare[0] == "#" or (bare[0] in "\t\r" and not bare.strip("\t\r"))
    return -1 if idle else len(line) - len(bare)


def write_lines(record: Record) -> list[str]:
    """Return the lines between the two ``---``. Raises ValueError for a line break in a value that
    stands without quotes.
    """
    return _Writer(record.extras).block(RECORD, record, 0, "")


class _Writer:
    """Writes blocks, with each gap where it was."""

    def __init__(self, extras: Iterable[Extra]) -> None:
        self._gaps: dict[str, list[str]] = {}
        for extra in extras:
            self._gaps.setdefault(extra.after, []).extend(extra.raw.removesuffix("\n").split("\n"))
            if not extra.raw:
                self._gaps[extra.after].pop()

    def block(self, form: Form, value: object, indent: int, prefix: str) -> list[str]:
        """Return the lines of ``value``; the gap after a key that is gone stays in its place."""
        written: dict[str, list[str]] = {}
        for key, kind in form.kinds.items():
            item = getattr(value, form.names[key])
            if key in form.always or item != form.defaults[key]:
                written[key] = self._entry(kind, key, item, indent, prefix)
        if not self._gaps and prefix:
            return [line for lines in written.values() for line in lines]
        before = ""
        lines, gapped = self._gap("", prefix, written, indent)
        for key in form.kinds:
            if key in written:
                lines += [] if gapped else _separator(prefix, before, key)
                lines += written[key]
                before, gapped = key, False
            more, found = self._gap(key, prefix, written, indent)
            if key in written or any(more):
                lines += more
                gapped = gapped or found
        return lines if gapped else lines + _separator(prefix, before, "")

    def _gap(
        self, key: str, prefix: str, written: Mapping[str, object], indent: int
    ) -> tuple[list[str], bool]:
        """Return the gap after a key, without what has since become a known key's own line."""
        gap = self._gaps.get(prefix + key)
        if gap is None:
            return [], False
        return list(_without(gap, written, indent)), True

    def _entry(self, kind: Kind, key: str, value: object, indent: int, prefix: str) -> list[str]:
        space = " " * indent
        if isinstance(kind, Scalar):
            return [f"{space}{key}: {kind.write(value)}"]
        lines = [f"{space}{key}:"]
        if isinstance(kind, Form):
            return lines + self.block(kind, value, indent + 2, f"{prefix}{key}.")
        lines += self._gaps.get(f"{prefix}{key}.", [])
        for place, item in enumerate(cast("tuple[object, ...]", value)):
            lines += self._item(kind.item, item, indent + 2, f"{prefix}{key}.{place}")
        return lines

    def _item(self, kind: Scalar | Form, value: object, indent: int, path: str) -> list[str]:
        dash = " " * indent + "- "
        if isinstance(kind, Scalar):
            lines = [dash + kind.write(value)]
        else:
            lines = self.block(kind, value, indent + 2, f"{path}.")
            lines[0] = dash + lines[0][indent + 2 :]
        return lines + self._gaps.get(path, [])


def _without(gap: Iterable[str], written: Mapping[str, object], indent: int) -> Iterator[str]:
    """Give the lines of a gap but for the keys in ``written``, each with all below it."""
    dropping = False
    for line in gap:
        depth = _depth(line)
        if depth == indent and not line.startswith("- ", indent):
            dropping = _name_at(line, indent) in written
        elif 0 <= depth < indent:
            dropping = False
        if depth < 0 or not dropping:
            yield line


def _name_at(line: str, indent: int) -> str:
    return line[indent:].partition(":")[0] if _depth(line) == indent else ""
