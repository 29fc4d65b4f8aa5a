"""A desk's topics, one YAML file each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wiredesk.adapters.desk_folder.files import MOST_FILES, all_of, text_of
from wiredesk.adapters.desk_folder.yaml_file import YamlFile
from wiredesk.errors import ConfigError
from wiredesk.records.topic import Topic, TopicPack

MOST_KEYWORDS = 100_000


def read_pack(folder: Path, *, whole: bool = True) -> TopicPack:
    """Return the topics in ``folder`` (``NN-name.yaml``, ordered by number, then name).

    An absent folder is a desk without topics. Unless the pack is to be ``whole``, a topic's parent
    may be missing. Raises ``ConfigError``.
    """
    topics = all_of(folder, (".yaml", ".yml"), _topic)
    problems = list(_unsound_pack(topics, whole=whole))
    if sum(len(topic.keywords) for _, topic in topics) > MOST_KEYWORDS:
        problems.append(f"{folder}: more than {MOST_KEYWORDS:,} keywords")
    if problems:
        raise ConfigError(*problems)
    in_order = sorted((topic for _, topic in topics), key=lambda topic: (topic.order, topic.name))
    return TopicPack(tuple(in_order))


def _topic(file: Path) -> Topic:
    yaml = YamlFile(file, text_of(file), 0)
    number = re.match(r"[0-9]{1,9}", file.name)
    topic = Topic(
        name=yaml.needed("name"),
        shortname=yaml.text("shortname"),
        parent=yaml.text("parent"),
        description=yaml.text("description"),
        keywords=yaml.words("keywords"),
        hashtags=yaml.words("hashtags"),
        exclude=yaml.words("exclude"),
        order=int(number[0]) if number else MOST_FILES,
    )
    yaml.only(tuple(key for key in Topic.__struct_fields__ if key != "order"))
    yaml.sound()
    return topic


def _unsound_pack(topics: Sequence[tuple[Path, Topic]], *, whole: bool) -> Iterator[str]:
    first: dict[str, Path] = {}
    for file, topic in topics:
        if first.setdefault(topic.name, file) is not file:
            yield f"{file}: topic {topic.name!r} is in {first[topic.name].name} already"
    parents = {topic.name: topic.parent for _, topic in topics}
    circular = _circular(parents)
    for file, topic in topics:
        if whole and topic.parent and topic.parent not in parents:
            yield f"{file}: there is no topic {topic.parent!r} to be the parent of {topic.name!r}"
        if topic.name in circular:
            yield f"{file}: topic {topic.name!r} is its own ancestor"


def _circular(parents: Mapping[str, str]) -> set[str]:
    """Return the names that are above themselves."""
    circular: set[str] = set()
    settled: set[str] = set()
    for start in parents:
        above: dict[str, int] = {}
        name = start
        while name in parents and name not in settled and name not in above:
            above[name] = len(above)
            name = parents[name]
        if name in above:
            circular.update(one for one, place in above.items() if place >= above[name])
        settled.update(above)
    return circular
