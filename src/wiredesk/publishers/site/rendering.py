"""Rendering: templates, a theme's before ours, always with autoescape.

A template sees the page's values, the site's words and nothing else. ``look`` is a digest of all
that shapes every page: the templates, styles and scripts of both, the words and the settings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2

from wiredesk.errors import PublishError
from wiredesk.publishers.site.items import digest

_OURS = "templates"
_FORBIDDEN = re.compile(
    "[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
"""Controls and noncharacters, which no page may hold (HTML, section 13.2.3.5)."""
_STYLES = ("site.css",)
_SCRIPTS = ("site.js", "search.js")


class Templates:
    """The desk's templates, and the files that go with them."""

    def __init__(self, theme: Path | None, values: Mapping[str, object]) -> None:
        """Take the theme's folder, if there is one, and what every template sees."""
        self._theme = theme if theme is not None and theme.is_dir() else None
        ours = jinja2.PackageLoader(__package__, _OURS)
        loaders: list[jinja2.BaseLoader] = [jinja2.PrefixLoader({"wiredesk": ours}), ours]
        if self._theme:
            loaders.insert(0, jinja2.FileSystemLoader(self._theme))
        self._environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.globals.update(values)
        self._environment.filters["iso"] = iso

    def asset(self, name: str) -> bytes:
        """Return a style or script: ours, then the theme's file of that name behind it."""
        ours = (resources.files(__package__) / "assets" / name).read_bytes()
        theirs = self._theme / name if self._theme else None
        return ours + (theirs.read_bytes() if theirs and theirs.is_file() else b"")

    def digest(self) -> bytes:
        """Return a digest of all templates, styles and scripts."""
        files = [*_read(resources.files(__package__) / _OURS)]
        if self._theme:
            files += _read(self._theme)
        return digest(files, [self.asset(name) for name in (*_STYLES, *_SCRIPTS)])

    def page(self, template: str, values: Callable[[], Mapping[str, object]]) -> bytes:
        """Return a page. Raises ``PublishError`` for a theme's template that fails."""
        try:
            text = self._environment.get_template(template).render(values())
        except jinja2.TemplateError as error:
            where = f"{getattr(error, 'name', None) or template}:{getattr(error, 'lineno', '?')}"
            raise PublishError(f"theme: {where}: {error}") from error
        return _FORBIDDEN.sub("", text).encode("utf-8", "replace")

    def maker(
        self, template: str, values: Callable[[], Mapping[str, object]]
    ) -> Callable[[], bytes]:
        """Return what makes the page when it is asked to."""
        return partial(self.page, template, values)


def iso(when: datetime) -> str:
    """Return a time as ``datetime`` attributes have it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(folder: Traversable) -> Iterable[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_file():
            yield entry.name, entry.read_bytes()
        elif entry.is_dir() and not entry.name.startswith((".", "__")):
            yield from ((f"{entry.name}/{name}", data) for name, data in _read(entry))
