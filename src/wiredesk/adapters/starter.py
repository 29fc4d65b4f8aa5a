"""What comes with wiredesk to start from: the packs, the sample desk and its wire."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from wiredesk.errors import ConfigError

_IGNORED = "keys/\nstate/\nrecords/\npublic/\n"
"""What a desk kept under version control leaves out: secrets, state, and what can be made again."""


_SITEMAP = re.compile(r"sitemap[^/]*\.xml(?:\.gz)?(?:[?#]|$)", re.IGNORECASE)
"""Addresses that are called as sitemaps are."""


def packs() -> list[str]:
    """Return the names of the packs that come with wiredesk."""
    folder = resources.files("wiredesk") / "packs"
    return sorted(item.name for item in folder.iterdir() if (item / "desk.toml").is_file())


def lay_out(root: Path, pack: str, sources: Iterable[str] = ()) -> None:
    """Make a desk in the new or empty folder ``root`` from a pack; its key is still to be made.

    ``sources`` are addresses of further sources, each of the kind that it looks like. Raises
    ``ConfigError``, with nothing made, when the folder is not empty, or for an unknown pack or kind.
    """
    if pack not in packs():
        raise ConfigError(f"there is no pack {pack!r}; there are: {', '.join(packs())}")
    tables = [_table(address) for address in sources]
    _empty(root)
    _copy("packs", pack, root)
    with (root / "desk.toml").open("a", encoding="utf-8") as file:
        file.writelines(tables)
    for folder in ("topics", "providers"):
        (root / folder).mkdir(exist_ok=True)
    (root / ".gitignore").write_text(_IGNORED, encoding="utf-8")


def lay_out_sample(root: Path) -> None:
    """Make the sample desk in ``root`` if it is not there: its key is public on purpose, so that it
    gives the same bytes on every machine. Raises ``ConfigError``.
    """
    if not (root / "desk.toml").is_file():
        _empty(root)
        _copy("packs", "ai/topics", root / "topics")
        _copy("samples", "desk", root)
        (root / "keys" / "desk.key").chmod(0o600)


@contextmanager
def sample_wire() -> Iterator[Path]:
    """Give the path of the bundled recording."""
    with resources.as_file(resources.files("wiredesk") / "samples" / "wire.warc.gz") as path:
        yield path


def _empty(root: Path) -> None:
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ConfigError(f"{root}: is there already and not empty; name a new folder")


def _copy(kind: str, name: str, target: Path) -> None:
    with resources.as_file(resources.files("wiredesk") / kind / name) as folder:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            folder,
            target,
            dirs_exist_ok=True,
            copy_function=shutil.copyfile,
            ignore=shutil.ignore_patterns("__pycache__", "*.py"),
        )


def _table(address: str) -> str:
    if "://" in address:
        kind = "sitemap" if _SITEMAP.search(address) else "feed"
        return f'\n[[sources]]\nkind = "{kind}"\nurl = {json.dumps(address)}\n'
    path = Path(address).resolve()
    if not path.exists():
        raise ConfigError(f"{address}: there is no such file or folder")
    if path.is_dir():
        kind = "folder"
    elif path.name.endswith((".warc", ".warc.gz")):
        kind = "warc"
    elif path.suffix in {".opml", ".xml"}:
        kind = "opml"
    else:
        raise ConfigError(
            f"{address}: not a URL, a folder of pages, an OPML list (.opml) or a WARC (.warc, .warc.gz)"
        )
    return f'\n[[sources]]\nkind = "{kind}"\npath = {json.dumps(str(path))}\n'
