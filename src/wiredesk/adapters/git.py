"""The repository of records as a Git repository, through the ``git`` binary.

Three states of a file decide what is true of it: what the branch has (*head*), what the work tree
has (*work*), and what we last laid into the work tree (*laid*, the commit at ``refs/wiredesk/laid``)::

    work == head              as it is
    work == laid, head moved  a run was killed before it laid its commit, or somebody pushed: head
    otherwise                 a human's change that is not committed yet: work

so that a commit counts from the moment its branch moves, the work tree follows when it can, and a
human's change in either is seen. A commit is built beside the human's work: blobs by fast-import, the
tree through an index of our own, the branch moved by compare-and-swap (THREATS R9). No hook, filter,
signature or setting of the user takes part.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import stat
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from wiredesk.errors import BranchMoved, PublishError
from wiredesk.ports.repository import Snapshot

_NAME = "wiredesk"
_MAIL = "wiredesk@localhost"
_LAID = "refs/wiredesk/laid"
_FILE, _EXECUTABLE = "100644", "100755"
_MOST_FILE_BYTES = 4_000_000
_LOCK_PATIENCE = 2.0
"""Seconds to wait for another git to let go of a lock: a killed run's child may live that long."""
_SYNC_ALL_FROM = 32
"""Files from which one sync of the system is faster than one for each file."""
_SAFE_PART = re.compile(r"[^/\x00-\x1f\x7f\\\ud800-\udfff]+")
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    "core.fsync=all",
    "core.autocrlf=false",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.quotePath=false",
    "gc.auto=0",
    "i18n.commitEncoding=UTF-8",
    "core.untrackedCache=false",
)


class Entry(msgspec.Struct, frozen=True):
    """A file of a tree or an index: its mode in octal digits and its object's id."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """True for a regular file: neither a symlink nor a repository in the repository."""
        return self.mode in (_FILE, _EXECUTABLE)


class Work(msgspec.Struct, frozen=True):
    """The work tree's files with their content and object ids, and what cannot be read as a file."""

    files: dict[str, bytes]
    oids: dict[str, str]
    blocked: dict[str, str]
    """Path, and what stands there in words."""


class GitRepository:
    """Keeps the records on one branch of the repository at ``folder``, making it when missing."""

    def __init__(self, folder: Path, branch: str = "main") -> None:
        """Take a repository; nothing is touched before it is used."""
        self._folder, self._branch = folder.absolute(), branch
        self._ref = f"refs/heads/{branch}"
        self._git_dir = self._folder / ".git"
        self._hash = "sha1"
        self._seen: dict[str, str] = {}
        """Object ids of the work tree's files at the last snapshot."""

    def snapshot(self, under: str) -> Snapshot:
        """Return the files below ``under`` as a human sees them, and lay what is not laid yet.

        Raises ``PublishError`` also when another branch is checked out or a merge is under way.
        """
        with self._ready():
            head, laid = self._at(self._ref), self._at(_LAID)
            heads, laids = self._tree(head, under), self._tree(laid, under)
            work = self._work(under)
            odd = {path: "it is no file" for path, entry in heads.items() if not entry.is_file}
            blocked = {**odd, **work.blocked}
            stale = {
                path
                for path in (heads.keys() | laids.keys()) - blocked.keys()
                if work.oids.get(path) == _oid(laids, path) != _oid(heads, path)
            }
            fetched = self._contents(heads[path].oid for path in stale if path in heads)
            files = {path: data for path, data in work.files.items() if path not in blocked}
            for path in stale:
                files.pop(path, None)
                if path in heads:
                    files[path] = fetched[heads[path].oid]
            self._seen = dict(work.oids)
            if head != laid and head:
                self._lay({path: files.get(path) for path in stale})
                ours = {path for path in heads.keys() | laids.keys() if path not in blocked}
                self._follow(ours, heads, laids, work.oids)
                self._note_laid(head, laid)
            return Snapshot(
                head=head,
                files=dict(sorted(files.items())),
                withdrawn=frozenset(laids.keys() - files.keys() - blocked.keys()),
                blocked=frozenset(blocked),
                notices=tuple(
                    f"{_printable(path)}: ignored: {why}" for path, why in sorted(blocked.items())
                ),
            )

    def commit(
        self, head: str, changes: Mapping[str, bytes | None], message: str, at: datetime
    ) -> str:
        """Write ``changes`` on top of ``head`` as one commit dated ``at``, then lay them.

        A file that changed in the work tree since the last snapshot is left there as it is: its
        change is a human's, and seen by the next snapshot. Raises ``BranchMoved``, ``PublishError``.
        """
        for path in changes:
            _check_path(path)
        with self._ready():
            if self._at(self._ref) != head:
                raise BranchMoved(f"{self._folder}: somebody else committed to {self._branch}")
            blobs = {path: data for path, data in changes.items() if data is not None}
            self._write_blobs(blobs.values())
            tree = self._write_tree(head, changes)
            commit = head
            if not head or tree != self._ask("rev-parse", f"{head}^{{tree}}"):
                commit = self._write_commit(tree, head, message, at)
                self._move_branch(commit, head)
            laid = self._at(_LAID)
            was = dict(self._seen)
            self._lay(changes)
            self._follow(changes, self._tree(commit, ""), self._tree(laid, ""), was)
            self._note_laid(commit, laid)
            return commit

    def removed(self, under: str) -> dict[str, bytes]:
        """Return the last content of each file that history had below ``under`` and the branch lost.

        A file that was renamed is among them under its old name. Raises ``PublishError``.
        """
        with self._ready():
            head = self._at(self._ref)
            if not head:
                return {}
            log = self._run(
                "log", "--format=", "--raw", "-z", "--no-abbrev", "--no-renames", "-m",
                "--diff-filter=D", "--end-of-options", head, "--", f":(literal){under}",
            )  # fmt: skip
            present = self._tree(head, under)
            last: dict[str, str] = {}
            fields = iter(log.decode("utf-8", "surrogateescape").split("\0"))
            for field in fields:
                if field.lstrip("\n").startswith(":"):
                    mode, _, oid, _, _ = field.lstrip("\n")[1:].split(" ")
                    path = next(fields)
                    if mode in (_FILE, _EXECUTABLE) and path not in present:
                        last.setdefault(path, oid)
            contents = self._contents(last.values())
            return {path: contents[oid] for path, oid in sorted(last.items())}

    # Being ready

    @contextmanager
    def _ready(self) -> Iterator[None]:
        """Hold the repository as its one writer of ours, made when missing and fit to be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._git_dir.exists():
                self._run(
                    "init",
                    "--quiet",
                    "--template=",
                    f"--initial-branch={self._branch}",
                    explicit=False,
                )
            self._git_dir = Path(self._ask("rev-parse", "--absolute-git-dir"))
            self._hash = self._ask("rev-parse", "--show-object-format")
            with (self._git_dir / "wiredesk.lock").open("ab") as lock:
                self._take(lock.fileno())
                self._check_calm()
                self._clear_locks()
                yield
        except OSError as error:
            raise PublishError(f"{error.filename or self._folder}: {error.strerror}") from error

    def _take(self, lock: int) -> None:
        """Take the lock, which the system frees when its holder dies, however that happens."""
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishError(f"{self._folder}: another wiredesk is writing here") from None

    def _check_calm(self) -> None:
        checked_out = (self._git_dir / "HEAD").read_text("utf-8").strip()
        if checked_out != f"ref: {self._ref}":
            what = checked_out.removeprefix("ref: refs/heads/")
            raise PublishError(
                f"{self._folder}: {what} is checked out; run: git switch {self._branch}"
            )
        if any((self._git_dir / name).exists() for name in _UNDER_WAY):
            raise PublishError(
                f"{self._folder}: a merge, rebase or the like is under way; finish it, then run again"
            )

    def _clear_locks(self) -> None:
        """Remove locks that a killed git left; wait for, then refuse, a living one (THREATS D08)."""
        names = (
            "index.lock",
            "HEAD.lock",
            "packed-refs.lock",
            f"{self._ref}.lock",
            f"{_LAID}.lock",
        )
        locks = [self._git_dir / name for name in (*names, "wiredesk.index.lock")]
        deadline = time.monotonic() + _LOCK_PATIENCE
        while any(lock.exists() for lock in locks):
            if not _git_lives_in(self._folder, self._git_dir):
                for lock in locks:
                    lock.unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                held = next((str(lock) for lock in locks if lock.exists()), "")
                raise PublishError(f"{self._folder}: git is at work here ({held}); run again later")
            else:
                time.sleep(0.05)

    # Reading

    def _at(self, ref: str) -> str:
        """Return the commit at ``ref``, or an empty string when there is none."""
        listed = self._ask("for-each-ref", "--format=%(objectname)", ref)
        return listed.splitlines()[0] if listed else ""

    def _tree(self, commit: str, under: str) -> dict[str, Entry]:
        if not commit:
            return {}
        where = ("--", f":(literal){under}") if under else ()
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", commit, *where)
        return _entries(listed, oid_at=2)

    def _index(self, index: Path | None = None) -> dict[str, Entry]:
        return _entries(self._run("ls-files", "-s", "-z", index=index), oid_at=1)

    def _contents(self, oids: Iterable[str]) -> dict[str, bytes]:
        wanted = sorted(set(oids))
        if not wanted:
            return {}
        answer = self._run(
            "cat-file", "--batch", given="".join(f"{oid}\n" for oid in wanted).encode()
        )
        contents: dict[str, bytes] = {}
        place = 0
        for oid in wanted:
            end = answer.index(b"\n", place)
            parts = answer[place:end].split(b" ")
            if len(parts) != 3 or parts[1] != b"blob":  # noqa: PLR2004 - "<oid> blob <size>"
                raise PublishError(f"{self._folder}: object {oid} is missing; run: git fsck")
            place = end + 1 + int(parts[2])
            contents[oid] = answer[end + 1 : place]
            place += 1
        return contents

    def _work(self, under: str) -> Work:
        work = Work({}, {}, {})
        root = self._folder / under
        if root.is_symlink():
            raise PublishError(f"{root}: is a symlink; records are kept in a real folder")
        if root.exists():
            self._walk(root, under, work)
        return work

    def _walk(self, folder: Path, prefix: str, work: Work) -> None:
        with os.scandir(folder) as found:
            items = sorted(found, key=lambda item: item.name)
        for item in items:
            path = f"{prefix}/{item.name}"
            if item.is_dir(follow_symlinks=False):
                self._walk(Path(item.path), path, work)
            elif not item.is_file(follow_symlinks=False):
                work.blocked[path] = "it is a symlink or no file"
            elif not _SAFE_PART.fullmatch(item.name):
                work.blocked[path] = "its name has characters that no record has"
            else:
                self._take_file(Path(item.path), path, work)

    def _take_file(self, file: Path, path: str, work: Work) -> None:
        try:
            data = _read(file)
        except OSError as error:
            work.blocked[path] = f"it cannot be read ({error.strerror})"
            return
        if len(data) > _MOST_FILE_BYTES:
            work.blocked[path] = f"it has over {_MOST_FILE_BYTES} bytes"
            return
        work.files[path] = data
        work.oids[path] = self._oid_of(data)

    def _oid_of(self, data: bytes) -> str:
        return hashlib.new(
            self._hash, b"blob %d\0" % len(data) + data, usedforsecurity=False
        ).hexdigest()

    # Writing a commit

    def _write_blobs(self, contents: Iterable[bytes]) -> None:
        stream = b"".join(b"blob\ndata %d\n%b\n" % (len(data), data) for data in contents)
        if stream:
            self._run("fast-import", "--quiet", "--done", given=stream + b"done\n")

    def _write_tree(self, head: str, changes: Mapping[str, bytes | None]) -> str:
        index = self._git_dir / "wiredesk.index"
        index.unlink(missing_ok=True)
        self._run("read-tree", *([head] if head else ["--empty"]), index=index)
        before = self._index(index)
        meant = {path: self._entry(data, before.get(path)) for path, data in changes.items()}
        self._update_index(meant, index)
        after = self._index(index)
        for path in before.keys() | meant.keys():
            if after.get(path) != meant.get(path, before.get(path)):
                raise PublishError(f"{path}: git did not take this path; nothing was written")
        tree = self._ask("write-tree", index=index)
        index.unlink(missing_ok=True)
        return tree

    def _entry(self, data: bytes | None, before: Entry | None) -> Entry | None:
        if data is None:
            return None
        mode = before.mode if before and before.is_file else _FILE
        return Entry(mode, self._oid_of(data))

    def _update_index(self, meant: Mapping[str, Entry | None], index: Path | None = None) -> None:
        none = Entry("0", "0" * hashlib.new(self._hash, usedforsecurity=False).digest_size * 2)
        lines = (
            b"%b %b\t%b\0" % (entry.mode.encode(), entry.oid.encode(), _raw(path))
            for path, entry in ((path, entry or none) for path, entry in sorted(meant.items()))
        )
        self._run("update-index", "-z", "--index-info", given=b"".join(lines), index=index)

    def _write_commit(self, tree: str, head: str, message: str, at: datetime) -> str:
        stamp = f"@{int(at.astimezone(UTC).timestamp())} +0000"
        who = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", _NAME), ("EMAIL", _MAIL), ("DATE", stamp))
        }
        parents = ("-p", head) if head else ()
        written = self._run(
            "commit-tree", "--no-gpg-sign", *parents, "-F", "-", tree,
            given=message.encode("utf-8"), extra=who,
        )  # fmt: skip
        return written.decode("ascii").strip()

    def _move_branch(self, commit: str, head: str) -> None:
        try:
            self._move(self._ref, commit, head)
        except PublishError as error:
            if self._at(self._ref) != head:
                raise BranchMoved(f"{self._folder}: somebody else committed first") from error
            raise

    def _move(self, ref: str, new: str, old: str) -> None:
        """Move ``ref`` from ``old`` (empty: it must not exist) to ``new``, or raise."""
        self._run("update-ref", "-m", "wiredesk: publish", ref, new, old or "0" * len(new))

    def _note_laid(self, commit: str, laid: str) -> None:
        if commit != laid:
            self._move(_LAID, commit, laid)

    # Laying into the work tree

    def _lay(self, changes: Mapping[str, bytes | None]) -> None:
        """Bring files to ``changes`` where the work tree is as it was seen."""
        due = {
            path: data
            for path, data in changes.items()
            if self._seen.get(path, "") != ("" if data is None else self._oid_of(data))
        }
        staged = [(path, data) for path, data in sorted(due.items()) if data is not None]
        room = self._git_dir / "wiredesk.laying"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        for number, (_, data) in enumerate(staged):
            _write(room / str(number), data, sync=len(staged) < _SYNC_ALL_FROM)
        if len(staged) >= _SYNC_ALL_FROM:
            os.sync()
        for number, (path, data) in enumerate(staged):
            if self._put(room / str(number), path):
                self._seen[path] = self._oid_of(data)
        shutil.rmtree(room)
        for path in sorted(due.keys() - dict(staged).keys()):
            if self._unchanged(path):
                (self._folder / path).unlink(missing_ok=True)
                self._seen.pop(path, None)
        for folder in {(self._folder / path).parent for path in due}:
            _sync_folder(folder)

    def _put(self, fresh: Path, path: str) -> bool:
        """Move ``fresh`` to ``path`` unless a human was there since; tell whether it was done."""
        target = self._folder / path
        self._check_parents(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not self._unchanged(path):
            return False
        if path in self._seen:
            fresh.chmod(stat.S_IMODE(target.lstat().st_mode))
            fresh.replace(target)
            return True
        try:
            target.hardlink_to(fresh)
        except FileExistsError:
            return False
        return True

    def _unchanged(self, path: str) -> bool:
        """Tell whether the work tree has at ``path`` what the last snapshot saw there."""
        target = self._folder / path
        if target.is_symlink():
            return False
        try:
            return self._seen.get(path) == self._oid_of(_read(target))
        except FileNotFoundError:
            return path not in self._seen
        except OSError:
            return False

    def _check_parents(self, target: Path) -> None:
        for parent in target.relative_to(self._folder).parents[:-1]:
            if (self._folder / parent).is_symlink():
                raise PublishError(
                    f"{self._folder / parent}: is a symlink; nothing is written there"
                )

    def _follow(
        self,
        paths: Iterable[str],
        heads: Mapping[str, Entry],
        laids: Mapping[str, Entry],
        was: Mapping[str, str],
    ) -> None:
        """Let the user's index follow the branch at ``paths``, but not where it has what neither the
        branch nor the work tree had: that is staged work.
        """
        if not (self._git_dir / "index").exists():
            self._run("read-tree", self._at(self._ref))
            return
        index = self._index()
        follow: dict[str, Entry | None] = {}
        for path in paths:
            known = {_oid(laids, path), was.get(path)}
            if _oid(index, path) in known and index.get(path) != heads.get(path):
                follow[path] = heads.get(path)
        if follow:
            self._update_index(follow)

    # Calling git

    def _ask(self, *arguments: str, index: Path | None = None) -> str:
        return self._run(*arguments, index=index).decode("utf-8", "surrogateescape").rstrip("\n")

    def _run(
        self,
        *arguments: str,
        given: bytes = b"",
        index: Path | None = None,
        extra: Mapping[str, str] | None = None,
        explicit: bool = True,
    ) -> bytes:
        """Return what git prints for ``arguments``; raises ``PublishError`` with git's own words.

        The repository is named, never searched for: a desk may lie inside another repository.
        """
        place = [f"--git-dir={self._git_dir}", f"--work-tree={self._folder}"] if explicit else []
        settings = [part for each in self._settings() for part in ("-c", each)]
        environment = _environment() | dict(extra or {})
        if index is not None:
            environment["GIT_INDEX_FILE"] = str(index)
        command: Sequence[str] = ["git", *settings, *place, *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - an argument list, no shell; git from PATH on purpose
                command,
                input=given,
                capture_output=True,
                check=False,
                cwd=self._folder,
                env=environment,
            )
        except FileNotFoundError as error:
            raise PublishError(
                "git is not installed; records are kept in a Git repository"
            ) from error
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip().replace("\n", " ")
            raise PublishError(f"{self._folder}: git {arguments[0]} failed: {words}")
        return done.stdout

    def _settings(self) -> tuple[str, ...]:
        return (*_SETTINGS, f"safe.directory={self._folder}")


def _environment() -> dict[str, str]:
    """The process's environment without anything that steers git."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }


def _entries(listed: bytes, oid_at: int) -> dict[str, Entry]:
    """Read the ``-z`` output of ls-tree or ls-files -s; ids stand at field ``oid_at``."""
    entries: dict[str, Entry] = {}
    for line in filter(None, listed.split(b"\0")):
        facts, _, path = line.partition(b"\t")
        fields = facts.decode("ascii").split(" ")
        entries[os.fsdecode(path)] = Entry(fields[0], fields[oid_at])
    return entries


def _oid(entries: Mapping[str, Entry], path: str) -> str | None:
    entry = entries.get(path)
    return entry.oid if entry else None


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _raw(path: str) -> bytes:
    return os.fsencode(path)


def _check_path(path: str) -> None:
    parts = path.split("/")
    if any(
        not _SAFE_PART.fullmatch(part) or part in (".", "..") or part.lower() == ".git"
        for part in parts
    ):
        raise PublishError(f"{path!r}: not a path that is written to")


def _read(file: Path) -> bytes:
    """Return at most one byte more than the cap of a regular file, following no symlink."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as opened:
        return opened.read(_MOST_FILE_BYTES + 1)


def _write(file: Path, data: bytes, *, sync: bool) -> None:
    with file.open("xb") as opened:
        opened.write(data)
        if sync:
            opened.flush()
            os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    if folder.is_dir():
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _git_lives_in(folder: Path, git_dir: Path) -> bool:
    """Tell whether a git process may be at work in the repository.

    Where processes cannot be listed (no ``/proc``) the answer is yes: a lock is then never removed.
    """
    processes = Path("/proc")
    if not (processes / "self" / "comm").exists():
        return True
    for process in processes.iterdir():
        with suppress(OSError):  # it ended, or is not ours to look at
            if process.name.isdecimal() and (process / "comm").read_text() == "git\n":
                place = (process / "cwd").readlink()
                if place.is_relative_to(folder.resolve()) or place.is_relative_to(git_dir):
                    return True
    return False
