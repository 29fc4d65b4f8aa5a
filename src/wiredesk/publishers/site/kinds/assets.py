"""Styles, scripts, icons, the logo, and a theme's own files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from wiredesk.publishers.site import icons
from wiredesk.publishers.site.items import digest
from wiredesk.publishers.site.paper import Page, Paper

_SIZES = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}


def pages(paper: Paper) -> Iterator[Page]:
    """Give each file."""
    for name, path in paper.asset_links().items():
        yield Page(path, paper.key(path), partial(paper.asset, name))
    colour = paper.site.accent
    yield Page("favicon.svg", digest(colour, "svg"), partial(icons.svg, colour))
    yield Page("favicon.ico", digest(colour, "ico"), partial(icons.ico, colour))
    for name, size in _SIZES.items():
        yield Page(f"assets/{name}", digest(colour, size), partial(icons.png, colour, size))
    if paper.logo:
        name, content = paper.logo
        yield Page(f"assets/{name}", digest(content), partial(bytes, content))
    yield from _of_theme(paper.theme / "static" if paper.theme else None)


def _of_theme(folder: Path | None) -> Iterator[Page]:
    """Give the files of ``theme/static``, below ``assets/theme/``."""
    if folder is None or not folder.is_dir():
        return
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            place = file.relative_to(folder).as_posix()
            yield Page(f"assets/theme/{place}", digest(content), partial(bytes, content))
