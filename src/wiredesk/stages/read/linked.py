"""JSON-LD in a page: read with suspicion, laid out flat, asked by name (https://schema.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from wiredesk.records.plaintext import decoded, plain

Node = dict[str, object]

_MOST_SCRIPTS, _MOST_NODES, _MOST_DEPTH, _MOST_BYTES = 30, 500, 12, 2_000_000
_REFERENCE = 2
_POSTS = {"blogposting", "liveblogposting", "report", "socialmediaposting", "review", "recipe"}
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)|(?:-->|(?://)?\s{0,9}\]\]>)\s{0,9};?$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


class Linked:
    """The nodes of a page's JSON-LD scripts; what is broken in one costs only that one."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self.nodes: list[Node] = []
        for count, script in enumerate(scripts):
            if count < _MOST_SCRIPTS and len(script) < _MOST_BYTES:
                self.nodes.extend(_flat(_parsed(script), 0))
        self.nodes = self.nodes[:_MOST_NODES]
        self._by_id = {
            str(node["@id"]): node
            for node in reversed(self.nodes)
            if len(node) > 1 and "@id" in node
        }
        self.article = self._first(is_article)
        self.video = self._first(lambda kinds: "videoobject" in kinds)
        self.page = self._first(lambda kinds: any(kind.endswith("webpage") for kind in kinds))

    def _first(self, wanted: Callable[[set[str]], bool]) -> Node:
        found = [node for node in self.nodes if wanted(kinds_of(node))]
        return next(
            (node for node in found if "headline" in node or "datePublished" in node),
            found[0] if found else {},
        )

    def resolved(self, value: object) -> list[Node | str]:
        """Return ``value`` as a list of nodes and texts, references to other nodes followed once."""
        found: list[Node | str] = []
        for item in value if isinstance(value, list) else [value]:
            if isinstance(
                item, dict
            ):  # a node of an id, and perhaps a type, only points to another
                found.append(
                    self._by_id.get(str(item.get("@id")), item) if len(item) <= _REFERENCE else item
                )
            elif isinstance(item, str | int | float) and not isinstance(item, bool):
                found.append(str(item))
        return found[:50]

    def names(self, value: object) -> list[str]:
        """Return the names of persons, organisations or things that ``value`` lists."""
        found: list[str] = []
        for item in self.resolved(value):
            name = item if isinstance(item, str) else item.get("name")
            each = name if isinstance(name, list) else [name]
            found.extend(clean for one in each if (clean := text_of(one)))
        return found


def kinds_of(node: Node) -> set[str]:
    """Return the types of a node in lower case, without their vocabulary's address."""
    stated = node.get("@type")
    return {
        kind.rpartition("/")[2].lower()
        for kind in (stated if isinstance(stated, list) else [stated])
        if isinstance(kind, str)
    }


def is_article(kinds: set[str]) -> bool:
    """Tell whether a node of these types is a text that was published."""
    return any(kind.endswith("article") or kind in _POSTS for kind in kinds)


def text_of(value: object) -> str:
    """Return a stated text as one plain line; lists give their first text, all else nothing."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), "")
    return plain(decoded(value[:20_000])) if isinstance(value, str) else ""


def _parsed(script: str) -> object:
    script = _WRAPPING.sub("", _WRAPPING.sub("", script.strip()).strip()).strip().rstrip(";")
    for attempt in (script, _TRAILING_COMMA.sub(r"\1", script)):
        try:
            value: object = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _flat(value: object, depth: int) -> Iterator[Node]:
    """Give every typed node inside ``value``, outer ones first."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:_MOST_NODES]:
            yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "video"):
            if isinstance(value.get(key), dict | list):
                yield from _flat(value[key], depth + 1)
