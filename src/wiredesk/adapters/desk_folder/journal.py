"""The journal of decisions: ``decisions.jsonl`` in the desk's folder, a JSON object a line.

It is only ever added to, so that Git can keep it and people can read, write and merge it. What counts
is when a decision was made, not where its line stands; of one second, the lower line is the later one.
A line that cannot be read says nothing, costs no other line, and is never written over. Empty lines and
lines that start with ``#`` are people's own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wiredesk.adapters.desk_folder.files import bytes_of
from wiredesk.errors import ConfigError
from wiredesk.records.decision import Decision, Undo, flaw, tidy
from wiredesk.records.identity import sparse

MOST_BYTES = 100_000_000
"""Bytes of a journal: some 100,000 decisions."""
MOST_LINE = 1_000_000


class Journal(msgspec.Struct, frozen=True):
    """The decisions of a desk by their time, and a sentence for each line that cannot be used."""

    decisions: tuple[Decision, ...] = ()
    problems: tuple[str, ...] = ()


def read_journal(path: Path) -> Journal:
    """Return the journal in ``path``; an absent one is empty. Raises ``ConfigError`` for one that
    cannot be read at all.
    """
    read: list[tuple[int, Decision]] = []
    problems: dict[int, str] = {}
    data = bytes_of(path, MOST_BYTES) if path.exists() else b""
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(b"#"):
            continue
        try:
            read.append((number, _decision(line)))
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            problems[number] = str(error).replace("`", "")
            if number == len(lines):
                problems[number] += " (the line has no end: its writing was cut off)"
    decisions: dict[str, Decision] = {}
    for number, decision in sorted(read, key=lambda one: (one[1].when, one[0])):
        if wrong := _contradiction(decision, decisions):
            problems[number] = wrong
        else:
            decisions.setdefault(decision.id, decision)
    told = (
        f"{path}:{number}: no decision, and left as it is: {problem}"
        for number, problem in sorted(problems.items())
    )
    return Journal(tuple(decisions.values()), tuple(told))


def _decision(line: bytes) -> Decision:
    if len(line) > MOST_LINE:
        raise ValueError(f"a line of more than {MOST_LINE:,} bytes")
    decision = tidy(msgspec.json.decode(line, type=Decision))
    if wrong := flaw(decision):
        raise ValueError(wrong)
    return decision


def _contradiction(decision: Decision, before: dict[str, Decision]) -> str:
    if isinstance(decision, Undo) and decision.undoes not in before:
        return f"there is no decision {decision.undoes!r} before it to be undone"
    if before.get(decision.id, decision) != decision:
        return f"another decision before it has the id {decision.id!r} already"
    return ""


def append(path: Path, decision: Decision) -> None:
    """Add a decision to the journal; when this returns it is on the disk, whoever else was adding one.

    Raises ``ConfigError``, with the journal as it was.
    """
    line = msgspec.json.format(msgspec.json.encode(sparse(decision)), indent=0) + b"\n"
    try:
        with _locked(path) as file:
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                line = b"\n" + line  # somebody's last line has no end: it stays a line of its own
            if os.write(file, line) < len(line):
                os.ftruncate(file, size)
                raise ConfigError(f"{path}: the disk is full; nothing was noted")
            os.fsync(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Give the file, open for adding to it and for us alone; it is made when it is not there."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is(path, file):
                yield file
                return
        finally:
            os.close(file)


def _is(path: Path, file: int) -> bool:
    """Tell whether ``file`` is still what is at ``path``: an editor or Git may put another there."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False
