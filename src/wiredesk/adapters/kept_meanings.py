"""Meanings that are kept in a file, so that no text is read twice by a model.

A cache and nothing else: it may be deleted at any time, and one that cannot be read is begun anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import cast

import apsw
import numpy as np

from wiredesk.ports.meaning import Meanings, Model

AT_ONCE = 64
"""Texts that are read between two writings: what a killed run has read is not read again."""

_SCHEMA = """
create table if not exists meanings (
  model text not null, text blob not null, meaning blob not null, primary key (model, text)
) without rowid
"""


class KeptMeanings:
    """``ports.meaning.Model`` that asks ``model`` for what is not in the file ``path``."""

    def __init__(self, model: Model, path: Path) -> None:
        self._model = model
        self.name = model.name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._file = _opened(path)
        except apsw.Error:
            path.unlink(missing_ok=True)
            self._file = _opened(path)

    def __call__(self, texts: Sequence[str]) -> Meanings:
        """Return the meanings of the texts, in order."""
        digests = [
            blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts
        ]
        known = {
            digest: kept for digest in set(digests) if (kept := self._kept(digest)) is not None
        }
        missing = {
            digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known
        }
        waiting = sorted(missing)
        for first in range(0, len(waiting), AT_ONCE):
            some = waiting[first : first + AT_ONCE]
            meanings = self._model([missing[digest] for digest in some])
            self._keep(some, meanings)
            known.update(zip(some, meanings, strict=True))
        if not texts:
            return self._model([])
        return np.stack([known[digest] for digest in digests])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _kept(self, digest: bytes) -> Meanings | None:
        row = self._file.execute(
            "select meaning from meanings where model = ? and text = ?", (self.name, digest)
        ).fetchone()
        return np.frombuffer(cast("bytes", row[0]), dtype="<i2") if row else None

    def _keep(self, digests: Sequence[bytes], meanings: Meanings) -> None:
        rows = (
            (self.name, digest, meaning.astype("<i2").tobytes())
            for digest, meaning in zip(digests, meanings, strict=True)
        )
        with self._file:
            self._file.executemany("insert or replace into meanings values (?, ?, ?)", rows)


def _opened(path: Path) -> apsw.Connection:
    file = apsw.Connection(str(path))
    file.set_busy_timeout(5_000)
    file.execute("pragma journal_mode = wal")
    file.execute(_SCHEMA)
    file.execute("select count(*) from meanings where model = ''").fetchone()
    return file
