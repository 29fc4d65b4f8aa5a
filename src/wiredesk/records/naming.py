"""What topics are called in the outputs: names for addresses and folders, the same in every output."""

from __future__ import annotations

from hashlib import sha256

from wiredesk.records.paths import is_device, slug
from wiredesk.records.topic import TopicPack

RESERVED = frozenset({"", "page", "index"})
"""Names that mean something themselves where records and topics are listed."""


def topic_names(pack: TopicPack) -> dict[str, str]:
    """Return the folder of each topic of the pack: its name as a slug, told apart where two meet."""
    names: dict[str, str] = {}
    for topic in pack.topics:
        plain = slug(topic.name)
        if plain in RESERVED or is_device(plain) or plain in names.values():
            plain = f"{plain}-{sha256(topic.name.encode()).hexdigest()[:8]}".lstrip("-")
        names[topic.name] = plain
    return names
