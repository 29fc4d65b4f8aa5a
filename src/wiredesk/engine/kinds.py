"""Kinds: a source, a publisher or a model is a module, found by its name; none is listed anywhere."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar, cast

from wiredesk import publishers
from wiredesk.errors import ConfigError, Ended, SourceError
from wiredesk.ports.apart import Apart, here
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.meaning import Model
from wiredesk.ports.publisher import Publisher
from wiredesk.ports.source import OpenSource, Source
from wiredesk.records.entry import SourceSpec

B = TypeVar("B")

_KIND = re.compile(r"[a-z0-9][a-z0-9_]*")
"""What a kind may be called: a name in a file must not be able to load any other module."""


class Sources:
    """The desk's sources, opened by kind when they are asked for."""

    def __init__(
        self, root: Path, specs: tuple[SourceSpec, ...], fetch: Fetcher, apart: Apart = here
    ) -> None:
        self._root, self._fetch, self._apart = root, fetch, apart
        self._by_id = {spec.id: spec for spec in specs}

    def of_spec(self, spec: SourceSpec) -> Source:
        """Return the source that ``spec`` names. Raises ``ConfigError`` for an unknown kind."""

        def apart(work: Callable[..., B], /, *things: object) -> B:
            try:
                return self._apart(work, *things)
            except Ended as error:
                raise SourceError(error.reason, f"{spec.id}: {error.message}") from error

        return open_kind(spec.kind)(spec, self._root, self._fetch, apart)

    def of_id(self, source_id: str) -> Source | None:
        """Return the desk's own source of that id; None for one that another source lists."""
        spec = self._by_id.get(source_id)
        return self.of_spec(spec) if spec else None


@cache
def open_kind(kind: str) -> OpenSource:
    """Return ``open_source`` of the module ``wiredesk.sources.<kind>``. Raises ``ConfigError``."""
    if not _KIND.fullmatch(kind):
        raise ConfigError(f"{kind!r} cannot be a kind of source: use a-z, 0-9 and _")
    try:
        module = import_module(f"wiredesk.sources.{kind}")
    except ModuleNotFoundError:
        raise ConfigError(f"there is no kind of source called {kind!r}") from None
    return cast("OpenSource", module.open_source)


def load_model(name: str) -> Model:
    """Return ``open_model`` of the module ``wiredesk.adapters.models.<name>``. Raises ``ConfigError``
    for an unknown one, and for one whose package is not installed.
    """
    path = f"wiredesk.adapters.models.{name}"
    if not _KIND.fullmatch(name) or find_spec(path) is None:
        raise ConfigError(f"desk.toml: group.model: there is no model called {name!r}")
    try:
        return cast("Model", import_module(path).open_model())
    except ImportError as error:
        raise ConfigError(
            f"desk.toml: group.model: {name} is not installed ({error}); install it with"
            " pip install 'wiredesk[model]', or leave the setting empty"
        ) from error


def load_publishers() -> tuple[Publisher, ...]:
    """Return ``publish`` of every module of ``wiredesk.publishers``, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(publishers.__path__))
    return tuple(import_module(f"wiredesk.publishers.{name}").publish for name in names)
