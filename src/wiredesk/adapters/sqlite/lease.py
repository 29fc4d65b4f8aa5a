"""The one writer's lease: a lock on a file beside the database, and what that file remembers.

The lock says who may write now; the kernel drops it when its process dies, however it dies. The
file's line says ``pid identity settled``: who holds it, which store it belongs to, and how many
settlements were acknowledged. The database holds the last two as well, and must never be behind:
if it is, a part of it (the ``-wal`` file, most likely) was taken away or exchanged.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from wiredesk.errors import StoreBusy, StoreError

_LINE = 64
"""Bytes of the file: written in place, so that it can neither grow nor be cut short."""

_held: set[int] = set()
"""Descriptors of locks that this process holds."""


def _forget_in_child() -> None:
    """Close inherited descriptors, or a worker that outlives a killed writer would keep its lock."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


class Memory(msgspec.Struct, frozen=True):
    """What the lock file remembers; all empty when there is none yet."""

    pid: int = 0
    identity: str = ""
    settled: int = 0


class Lease:
    """The lease of the store at ``database``."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + "-lock")

    def remembered(self) -> Memory:
        """Return what the file says; an empty memory when it is absent or not ours."""
        try:
            words = self.path.read_bytes()[:_LINE].decode("ascii").split()
        except (FileNotFoundError, UnicodeDecodeError):
            return Memory()
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}") from error
        match words:
            case [pid, identity, settled] if pid.isdigit() and settled.isdigit():
                return Memory(int(pid), identity, int(settled))
            case _:
                return Memory()

    @contextmanager
    def held(self) -> Iterator[int]:
        """Hold the lock; give the descriptor to ``remember`` by. Raises ``StoreBusy``."""
        descriptor = self._open()
        _held.add(descriptor)
        try:
            self._lock(descriptor)
            yield descriptor
        finally:
            if descriptor in _held:  # not in a forked child, where it is closed already
                _held.discard(descriptor)
                with suppress(OSError):  # a child that was just forked may have it open still
                    fcntl.flock(descriptor, fcntl.LOCK_UN)
                os.close(descriptor)

    def remember(self, descriptor: int, memory: Memory) -> None:
        """Write ``memory`` into the held lock file."""
        line = f"{memory.pid} {memory.identity} {memory.settled}".ljust(_LINE - 1) + "\n"
        try:
            os.pwrite(descriptor, line.encode("ascii"), 0)
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written: {error.strerror}") from error

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{self.path} cannot be opened: {error.strerror}") from error

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = self.remembered().pid
            who = f"process {pid}" if pid else "another process"
            raise StoreBusy(
                f"{who} is writing to this desk; wait until it has ended ({self.path})"
            ) from error
        except OSError as error:
            raise StoreError(f"{self.path} cannot be locked: {error.strerror}") from error
