"""Identities: what makes two articles, or two stories, the same one for life."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache
from hashlib import sha256

import msgspec

_LENGTH = 20
"""Hex digits of an id: 80 bits, so that a billion articles meet by chance with odds below 1e-6."""


def _digest(*parts: str) -> str:
    joined = "\x1f".join(f"{len(part)}:{part}" for part in parts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()


def article_id(canonical_key: str, guid: str = "") -> str:
    """Return the id of the article at ``canonical_key`` (``records.weburl.canonical_key``).

    ``guid`` is given only where a feed lists several entries under one address.
    """
    return _digest("article", canonical_key, guid)[:_LENGTH]


def story_id(founding_article: str) -> str:
    """Return the id of the story that was opened by the article of that id."""
    return _digest("story", founding_article)[:_LENGTH]


def fresh_story_id(founding_article: str, taken: Container[str]) -> str:
    """Return the id of a story that is opened by the article of that id: ``story_id``, unless that
    is ``taken`` by a story that the article has left.
    """
    name = story_id(founding_article)
    while name in taken:
        name = _digest("part", name, founding_article)[:_LENGTH]
    return name


def content_digest(value: object) -> str:
    """Return a digest of any value of ours by its canonical JSON (keys in order): 32 hex digits.

    No struct of ours omits its defaults from JSON: msgspec tells a default by object identity, so
    that equal values, one of which has been in another process, would have two encodings.
    """
    return sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:32]


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def sparse(value: object) -> object:
    """Return any value of ours as JSON values, without the fields that have their default.

    The default is told by equality, so that equal values are sparse in the same way.
    """
    match value:
        case msgspec.Struct():
            kept = {
                field.encode_name: sparse(held)
                for field in _fields(type(value))
                if (held := getattr(value, field.name)) != _default(field)
            }
            config = value.__struct_config__
            return {config.tag_field: config.tag, **kept} if config.tag_field else kept
        case dict():
            return {key: sparse(held) for key, held in value.items()}
        case list() | tuple():
            return [sparse(held) for held in value]
        case date():  # a datetime is one, too
            return msgspec.to_builtins(value)
        case _:
            return value
