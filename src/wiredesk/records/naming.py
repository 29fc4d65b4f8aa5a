"""What topics, providers and records are called in the outputs: names for addresses and folders.

ASCII, told apart where two would meet, and the same in every output of a desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from wiredesk.records.paths import FOLDER, is_device, slug
from wiredesk.records.topic import TopicPack

RESERVED = frozenset({"", "page", "index"})
"""Names that mean something themselves where records and topics are listed."""
_MOST_NAME = 200


def topic_names(pack: TopicPack) -> dict[str, str]:
    """Return the name of each topic of the pack: its own as a slug, told apart where two meet."""
    return _told_apart((topic.name, slug(topic.name)) for topic in pack.topics)


def provider_names(domains: Iterable[str]) -> dict[str, str]:
    """Return the name of each provider by its domain: the domain with hyphens for its dots."""
    return _told_apart(
        (domain, slug(domain.replace(".", "-"))[:_MOST_NAME]) for domain in sorted(set(domains))
    )


def record_names(paths: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Return the name of each record by its path: its file's stem, folders joined by hyphens; none
    of those that are ``taken``.
    """
    names: dict[str, str] = {}
    used = {*taken, *RESERVED}
    for path in sorted(paths):
        stem = path.removeprefix(f"{FOLDER}/").removesuffix(".md").replace("/", "-")
        if stem in used or len(stem.encode()) > _MOST_NAME:
            stem = f"{slug(stem)[:80]}-{_digits(path)}".lstrip("-")
        used.add(stem)
        names[path] = stem
    return names


def _told_apart(slugs: Iterable[tuple[str, str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    used: set[str] = set()
    for name, plain in slugs:
        told = plain
        if plain in RESERVED or is_device(plain) or plain in used:
            told = f"{plain}-{_digits(name)}".lstrip("-")
        used.add(told)
        names[name] = told
    return names


def _digits(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
