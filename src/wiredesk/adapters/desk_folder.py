"""A desk's own files: ``desk.toml``, topics and providers. Bad ones are told all at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from wiredesk.config import Settings
from wiredesk.errors import ConfigError
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.safe_yaml import Misread, mapping, plain, read
from wiredesk.records.topic import Topic, TopicPack

MOST_BYTES = 1_000_000
"""Bytes of any one file of a desk."""
MOST_FILES = 10_000
MOST_KEYWORDS = 100_000

_CLASSIC_KEYS = {"taxonomy", "_id", "images", "services"}
"""Keys of classic desks that mean nothing here."""
_TABLES = {"fetch", "group", "score", "relate", "publish"}

T = TypeVar("T")


def read_settings(path: Path) -> Settings:
    """Return the settings in ``desk.toml``.

    Sources are ``[[source]]`` tables; ``[desk]`` has the name and what else is the desk's own;
    ``[fetch]``, ``[group]``, ``[score]``, ``[relate]`` and ``[publish]`` are as in ``config``.
    Raises ``ConfigError``.
    """
    try:
        found = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    desk = found.pop("desk", {})
    sources = found.pop("source", [])
    unknown = sorted(found.keys() - _TABLES)
    if unknown:
        raise ConfigError(*(f"{path}: there is no table [{name}]" for name in unknown))
    if not isinstance(desk, dict) or not isinstance(sources, list):
        raise ConfigError(f"{path}: [desk] is one table, and each source is a [[source]] table")
    settings = _converted({**found, **desk, "sources": sources}, Settings, path)
    problems = [f"{path}: {problem}" for problem in _unsound(settings)]
    if problems:
        raise ConfigError(*problems)
    return settings


def read_pack(folder: Path) -> TopicPack:
    """Return the topics in ``folder`` (``NN-name.yaml``, ordered by number, then name).

    An absent folder is a desk without topics. Raises ``ConfigError``.
    """
    topics = _all(folder, ("*.yaml", "*.yml"), _topic)
    problems = list(_unsound_pack(topics))
    if problems:
        raise ConfigError(*(f"{folder}: {problem}" for problem in problems))
    return TopicPack(tuple(sorted(topics, key=lambda topic: (topic.order, topic.name))))


def read_registry(folder: Path) -> ProviderRegistry:
    """Return the providers in ``folder`` (``<domain>.yaml``, or ``.md`` with front matter).

    An absent folder is an empty registry. Raises ``ConfigError``.
    """
    providers = _all(folder, ("*.yaml", "*.yml", "*.md"), _provider)
    seen: dict[str, str] = {}
    problems = []
    for provider in providers:
        if provider.domain in seen:
            problems.append(f"{folder}: {provider.domain} is there twice")
        seen[provider.domain] = provider.name
    if problems:
        raise ConfigError(*problems)
    return ProviderRegistry(tuple(sorted(providers, key=lambda provider: provider.domain)))


def _unsound(settings: Settings) -> Iterator[str]:
    positive = {
        "group.window_days": settings.group.window_days,
        "group.sigma_days": settings.group.sigma_days,
        "score.half_life_hours": settings.score.half_life_hours,
        "publish.page_size": settings.publish.page_size,
        "fetch.concurrency": settings.fetch.concurrency,
    }
    yield from (
        f"{name}: more than 0, not {value}" for name, value in positive.items() if value <= 0
    )
    if settings.publish.newline not in {"lf", "crlf"}:
        yield f"publish.newline: lf or crlf, not {settings.publish.newline!r}"
    if settings.score.profile not in {"desk", "classic"}:
        yield f"score.profile: desk or classic, not {settings.score.profile!r}"
    for name, folder in (
        ("publish.records", settings.publish.records),
        ("publish.public", settings.publish.public),
    ):
        if Path(folder).is_absolute() or ".." in Path(folder).parts or not folder:
            yield f"{name}: a folder below the desk, not {folder!r}"
    for source in settings.sources:
        if bool(source.url) == bool(source.path):
            yield f"[[source]] {source.name or source.kind}: either url or path"


def _unsound_pack(topics: list[Topic]) -> Iterator[str]:
    names = [topic.name for topic in topics]
    yield from (
        f"topic {name!r} is there twice" for name in sorted({*names}) if names.count(name) > 1
    )
    parents = {topic.name: topic.parent for topic in topics}
    for topic in topics:
        if topic.parent and topic.parent not in parents:
            yield f"topic {topic.name!r}: there is no topic {topic.parent!r} to be its parent"
        above = [topic.name]
        while (parent := parents.get(above[-1], "")) and parent not in above:
            above.append(parent)
        if parent == topic.name:
            yield f"topic {topic.name!r}: it is its own ancestor"
    if sum(len(topic.keywords) for topic in topics) > MOST_KEYWORDS:
        yield f"more than {MOST_KEYWORDS:,} keywords"


def _all(folder: Path, patterns: tuple[str, ...], one: Callable[[Path], T]) -> list[T]:
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise ConfigError(f"{folder}: a folder was expected")
    files = sorted(file for pattern in patterns for file in folder.glob(pattern))
    if len(files) > MOST_FILES:
        raise ConfigError(f"{folder}: more than {MOST_FILES:,} files")
    found: list[T] = []
    problems: list[str] = []
    for file in files:
        try:
            found.append(one(file))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)
    return found


def _topic(file: Path) -> Topic:
    values = _yaml(file, _text(file))
    number = re.match(r"\d+", file.name)
    for key in ("keywords", "hashtags", "exclude"):
        values[key] = [str(word).strip() for word in _listed(values.get(key), key, file)]
        if not all(word.strip("!") for word in values[key]):
            raise ConfigError(f"{file}: {key}: an empty one would match everything")
    values["order"] = int(number[0]) if number else MOST_FILES
    return _converted(values, Topic, file)


def _provider(file: Path) -> Provider:
    text = _text(file)
    if file.suffix == ".md":
        _, _, text = text.partition("---\n")
        text = text.partition("\n---")[0]
    values = _yaml(file, text)
    if isinstance(standing := values.get("standing"), str):
        if not re.fullmatch(r"-?\d{1,4}", standing):
            raise ConfigError(f"{file}: standing: a whole number, not {standing!r}")
        values["standing"] = int(standing)
    values.setdefault("domain", file.name.removesuffix(file.suffix))
    values["domain"] = str(values["domain"]).lower().strip(".")
    return _converted(values, Provider, file)


def _listed(value: object, key: str, file: Path) -> list[object]:
    if value is None or value == "":
        return []
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise ConfigError(f"{file}: {key}: a list of words or phrases")


def _yaml(file: Path, text: str) -> dict[str, object]:
    try:
        root = mapping(read(text.replace("\r\n", "\n")), "the file")
    except Misread as error:
        raise ConfigError(f"{file}:{error.line + 1}: expected {error.expected}") from error
    return {key: plain(node) for key, node in root.items.items() if key not in _CLASSIC_KEYS}


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ConfigError(f"{file}: larger than {MOST_BYTES:,} bytes")
        return file.read_text("utf-8")
    except IsADirectoryError as error:
        raise ConfigError(f"{file}: a file was expected, not a folder") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not text in UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error


def _converted(values: Mapping[str, object], kind: type[T], file: Path) -> T:
    allowed = {field.encode_name for field in msgspec.structs.fields(kind)}
    unknown = sorted(values.keys() - allowed)
    if unknown:
        raise ConfigError(*(f"{file}: there is no setting {name!r}" for name in unknown))
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{file}: {str(error).replace('`$.', '`')}") from error
