"""The repository port: a versioned folder of text files that humans edit too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec


class Snapshot(msgspec.Struct, frozen=True):
    """The files as a human sees them now: committed, with uncommitted changes laid over."""

    head: str
    """Id of the commit that they build on, or empty for a repository without one."""
    files: dict[str, bytes]
    withdrawn: frozenset[str]
    """Paths that a human deleted, whether committed or not, and that we had written."""
    blocked: frozenset[str] = frozenset()
    """Paths where something stands that is no file we would read (a symlink, a device, too long): they
    are neither in ``files`` nor withdrawn, and never written.
    """
    notices: tuple[str, ...] = ()
    """Sentences for the editor about what is blocked."""


class Repository(Protocol):
    """Keeps the records. What it has committed is never lost to a later write."""

    def snapshot(self, under: str) -> Snapshot:
        """Return all files below the folder ``under``. Raises ``PublishError``."""
        ...

    def commit(
        self, head: str, changes: Mapping[str, bytes | None], message: str, at: datetime
    ) -> str:
        """Write ``changes`` (None removes) as one commit on top of ``head``, dated ``at``, then lay
        them into the work tree; return the commit's id (``head`` itself when that has it all).
        Raises ``BranchMoved``, with nothing changed, when the branch is no longer at ``head``, and
        ``PublishError`` when the repository cannot be written.
        """
        ...

    def removed(self, under: str) -> Mapping[str, bytes]:
        """Return the last content of each file below ``under`` that history had and the branch has
        not. Raises ``PublishError``.
        """
        ...
