"""Material: real data in the forms of docs/guides/exams.md, found by listing folders.

No file name is known here. A folder says what kind of material is in it; what a set can be used for
is seen in its lines.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from functools import cached_property
from hashlib import file_digest
from pathlib import Path

import msgspec

from wiredesk.engine.lines import Line, Lines, Trouble
from wiredesk.records.article import Article

LONG_TEXT = 60
"""Words from which on a text is one that can be compared by itself."""


class Corpus:
    """A file of JSON lines, an article a line, each under a name of its own."""

    def __init__(self, path: Path, lines: Lines) -> None:
        self.path, self._lines = path, lines
        self.troubles: list[str] = []

    @property
    def name(self) -> str:
        """The file's name without what says its form."""
        return self.path.name.removesuffix(".gz").removesuffix(".jsonl")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines that can be used, in order; ``troubles`` says what cannot. Lines that are marked
        ``bad`` by whoever made the set (a round-up of several events) are left out.
        """
        found: dict[str, Line] = {}
        try:
            data = read_bytes(self.path)
        except OSError as error:
            self.troubles.append(f"{self.path} cannot be read: {error}")
            return ()
        numbered = ((number, line) for number, line in enumerate(data.splitlines(), 1) if line)
        for given in self._lines(numbered):
            if isinstance(given, Trouble):
                self.troubles.append(given.said)
            elif given.fields.get("bad") is not True:
                name = given.article.id
                while name in found:
                    name += "+"
                article = msgspec.structs.replace(given.article, id=name)
                found[name] = msgspec.structs.replace(given, article=article)
        return tuple(found.values())

    @property
    def articles(self) -> list[Article]:
        """The articles in the order of the file."""
        return [line.article for line in self.lines]

    @cached_property
    def truth(self) -> dict[str, str]:
        """The story that each labelled article is about: its ``story``, else its ``event`` (within
        its ``topic``, where events are numbered anew).
        """
        told = {}
        for line in self.lines:
            event = line.said("event")
            story = line.said("story") or (event and f"{line.said('topic')}/{event}")
            if story:
                told[line.article.id] = story
        return told

    @cached_property
    def has_texts(self) -> bool:
        """Whether most articles have a text that is more than a sentence or two."""
        long = sum(len(line.article.text.split()) >= LONG_TEXT for line in self.lines)
        return 2 * long > len(self.lines)


class Material:
    """A folder of material; ``lines`` reads articles."""

    def __init__(self, root: Path, lines: Lines) -> None:
        self.root, self._lines = root, lines
        self._corpora: dict[Path, Corpus] = {}

    def corpora(self, folder: str) -> list[Corpus]:
        """Return the sets of JSON lines in ``folder``, by name."""
        paths = [*self.files(folder, ".jsonl"), *self.files(folder, ".jsonl.gz")]
        found = (self._corpora.setdefault(path, Corpus(path, self._lines)) for path in paths)
        return sorted(found, key=lambda corpus: corpus.path.name)

    def files(self, folder: str, suffix: str) -> list[Path]:
        """Return the files in ``folder`` whose names end in ``suffix``, by name."""
        inside = self.root / folder
        every = inside.iterdir() if inside.is_dir() else ()
        return sorted(path for path in every if path.name.endswith(suffix) and path.is_file())


def read_bytes(path: Path) -> bytes:
    """Return what a file holds, unpacked if its name says that it is packed. Raises ``OSError``."""
    data = path.read_bytes()
    if not path.name.endswith(".gz"):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error) as error:
        raise OSError(f"{path} is no whole gzip file") from error


def headlines(path: Path) -> Iterator[str]:
    """Give the lines of a file of headlines, one a line, that say something."""
    for line in read_bytes(path).decode("utf-8", "replace").splitlines():
        if title := line.strip():
            yield title


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as it is, in hexadecimal, as ``sha256sum`` does."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
