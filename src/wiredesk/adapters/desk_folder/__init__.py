"""A desk's own files: ``desk.toml``, topics and providers. All that is wrong is told at once, a line
for each problem, with file and, wherever there is one, line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from wiredesk.adapters.desk_folder.files import Found
from wiredesk.adapters.desk_folder.providers import read_registry
from wiredesk.adapters.desk_folder.ratings import read_ratings
from wiredesk.adapters.desk_folder.settings import read_settings
from wiredesk.adapters.desk_folder.topics import read_pack
from wiredesk.config import Settings
from wiredesk.errors import ConfigError
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.topic import TopicPack

__all__ = ["read_desk", "read_pack", "read_ratings", "read_registry", "read_settings"]


def read_desk(root: Path) -> tuple[Settings, TopicPack, ProviderRegistry]:
    """Return all that a desk's own files say; the registry has the ratings that the settings name.

    Raises ``ConfigError`` with the problems of all.
    """
    problems: list[str] = []

    def tried(read: Callable[[Path], Found], path: Path) -> Found | None:
        try:
            return read(path)
        except ConfigError as error:
            problems.extend(error.problems)
            return None

    settings = tried(read_settings, root / "desk.toml")
    pack = tried(read_pack, root / "topics")
    registry = tried(read_registry, root / "providers")
    ratings = None
    if settings is not None and settings.score.ratings:
        read = partial(read_ratings, best=settings.score.ratings_best)
        ratings = tried(read, root / settings.score.ratings)
    if problems or settings is None or pack is None or registry is None:
        raise ConfigError(*problems)
    if ratings is not None:
        registry = msgspec.structs.replace(registry, ratings=ratings)
    return settings, pack, registry
