"""One YAML file of a desk, key by key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from wiredesk.errors import ConfigError
from wiredesk.records import safe_yaml
from wiredesk.records.safe_yaml import Items, Misread, Node, Text

_CLASSIC_KEYS = frozenset({"taxonomy", "_id", "images", "services"})
"""Keys of classic desks that mean nothing here."""
_NOTHING = frozenset({"", "~", "null"})
_NUMBER = re.compile(r"-?[0-9]{1,4}")


class YamlFile:
    """One YAML file; its problems grow as its keys are taken."""

    def __init__(self, file: Path, text: str, above: int) -> None:
        """Read ``text``, which stands below ``above`` other lines of ``file``."""
        self._file, self._above = file, above
        self._problems: list[tuple[int, str]] = []
        try:
            root = safe_yaml.mapping(safe_yaml.read(text.replace("\r\n", "\n")), "the file")
        except Misread as error:
            raise ConfigError(
                f"{file}:{error.line + above + 1}: expected {error.expected}"
            ) from error
        self._nodes, self._lines = root.items, root.lines

    def tell(self, problem: str, at: Node | str) -> None:
        """Keep a problem at the line of a node, or of a key (the first line if it is not there)."""
        line = self._lines.get(at, 0) if isinstance(at, str) else at.line
        self._problems.append((line + self._above + 1, problem))

    def only(self, keys: Sequence[str]) -> None:
        """Tell every key that is not among ``keys`` (or a classic desk's)."""
        for key in self._nodes.keys() - _CLASSIC_KEYS - {*keys}:
            near = get_close_matches(key, keys, n=1)
            hint = f"; {near[0]}?" if near else ""
            self.tell(f"there is no key {key!r} here{hint}", key)

    def text(self, key: str, default: str = "") -> str:
        """Return a text; ``default`` when there is none."""
        match self._nodes.get(key):
            case None:
                return default
            case Text(value, _, plain):
                return default if plain and value in _NOTHING else value
            case node:
                self.tell(f"{key}: text, not a list or keys", node)
                return default

    def needed(self, key: str, default: str = "") -> str:
        """Return a text that must be there, on one line."""
        text = self.text(key, default)
        if not text.strip() or "\n" in text:
            self.tell(f"{key}: one line of text, which must be there", key)
        return text

    def number(self, key: str) -> int | None:
        """Return a whole number, or None when there is none."""
        text = self.text(key)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self.tell(f"{key}: a whole number, not {text!r}", key)
            return None
        return int(text)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, spaces inside quotes included."""
        node = self._nodes.get(key)
        if node is None or (isinstance(node, Text) and node.plain and node.value in _NOTHING):
            return ()
        if not isinstance(node, Items):
            self.tell(f"{key}: a list of words or phrases", node)
            return ()
        words: list[str] = []
        for item in node.items:
            if not isinstance(item, Text):
                self.tell(f"{key}: a word or phrase", item)
            elif not item.value.strip("!# \t\r\n"):
                self.tell(f"{key}: an empty one would match everything", item)
            else:
                words.append(item.value)
        return tuple(words)

    def sound(self) -> None:
        """Raise ``ConfigError`` if anything was told, line by line."""
        if self._problems:
            told = (f"{self._file}:{line}: {problem}" for line, problem in sorted(self._problems))
            raise ConfigError(*told)
