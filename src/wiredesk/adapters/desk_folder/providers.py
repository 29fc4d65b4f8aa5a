"""A desk's providers, one file each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec

from wiredesk.adapters.desk_folder.files import all_of, text_of
from wiredesk.adapters.desk_folder.yaml_file import YamlFile
from wiredesk.errors import ConfigError
from wiredesk.records.provider import Provider, ProviderKind, ProviderRegistry

_DOMAIN = re.compile(r"[^\s/:@.]+(?:\.[^\s/:@.]+)*")


def read_registry(folder: Path) -> ProviderRegistry:
    """Return the providers in ``folder`` (``<domain>.yaml``, or ``.md`` with front matter).

    An absent folder is an empty registry. Raises ``ConfigError``.
    """
    providers = all_of(folder, (".yaml", ".yml", ".md"), _provider)
    first: dict[str, Path] = {}
    problems = [
        f"{file}: {provider.domain} is in {first[provider.domain].name} already"
        for file, provider in providers
        if first.setdefault(provider.domain, file) is not file
    ]
    if problems:
        raise ConfigError(*problems)
    in_order = sorted((provider for _, provider in providers), key=lambda one: one.domain)
    return ProviderRegistry(tuple(in_order))


def _provider(file: Path) -> Provider:
    text = text_of(file)
    if file.suffix == ".md":
        text = _front_matter(file, text.replace("\r\n", "\n"))
    yaml = YamlFile(file, text, 1 if file.suffix == ".md" else 0)
    provider = Provider(
        name=yaml.needed("name"),
        domain=yaml.needed("domain", file.stem).lower().strip("."),
        description=yaml.text("description"),
        standing=yaml.number("standing"),
        group=yaml.text("group"),
    )
    if not _DOMAIN.fullmatch(provider.domain):
        yaml.tell(f"domain: a host such as courier.example, not {provider.domain!r}", "domain")
    kind = yaml.text("kind", provider.kind)
    if kind not in get_args(ProviderKind):
        yaml.tell(f"kind: one of {', '.join(get_args(ProviderKind))}, not {kind!r}", "kind")
    yaml.only(Provider.__struct_fields__)
    yaml.sound()
    return msgspec.convert({**msgspec.structs.asdict(provider), "kind": kind}, Provider)


def _front_matter(file: Path, text: str) -> str:
    opening, _, rest = text.partition("\n")
    inside, closing, _ = f"\n{rest}\n".partition("\n---\n")
    if opening.rstrip() != "---" or not closing:
        raise ConfigError(f"{file}:1: expected front matter between two lines '---'")
    return inside.removeprefix("\n")
