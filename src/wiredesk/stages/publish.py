"""Publish: drafts become record files, merged with what humans made of them, in one commit.

::

    drafts ─▶ find each one's file ─▶ merge with it ─▶ seal ─▶ write, if a byte differs ─▶ commit

The file says itself whose it is and what we last wrote in it: its sealed field names the story, and
holds under ``base`` the digests of the desk's own values. What the store says (``Publication``) is
only needed when a human took the sealed field away. A file is never moved by us, one that a human
moved is followed, one that a human deleted is not written again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from wiredesk.errors import BranchMoved, MalformedRecord, PublishError, SealError
from wiredesk.ports.repository import Repository, Snapshot
from wiredesk.ports.sealing import Sealing
from wiredesk.records import frontmatter
from wiredesk.records.frontmatter import Newline
from wiredesk.records.merge import Conflict, digests, merge
from wiredesk.records.paths import FOLDER, SUFFIX, record_path
from wiredesk.records.record import Record
from wiredesk.records.story import Draft, Publication

FIELD = "secured"
"""The key whose value is sealed; bound into it."""

_ATTEMPTS = 3
_LISTED = 100
"""Paths that a commit message lists at most."""
_SEALED_ID = re.compile(rb"wd1\.[0-9a-f]{8}\.[0-9]{1,9}\.([A-Za-z0-9_-]{1,64})\.")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A record file as it stands, read and opened."""

    path: str
    data: bytes
    record: Record
    newline: Newline
    story: str = ""
    """Proven by the sealed field; empty for a file that has none that opens."""
    revision: int = 0
    secret: dict[str, object] = msgspec.field(default_factory=dict)

    @property
    def base(self) -> dict[str, str]:
        """The digests of the desk's own values at the time of writing."""
        base = self.secret.get("base")
        return msgspec.convert(base, dict[str, str]) if isinstance(base, dict) else {}


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing came to."""

    publications: tuple[Publication, ...]
    """Of every draft that was written or found as it should be, and of every older one that a human
    moved, deleted or brought back; by story. A story whose file cannot be read has none.
    """
    records: tuple[tuple[str, Record], ...]
    """Every readable record in the repository, by path."""
    conflicts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    """Sentences for the editor, the conflicts among them."""
    new: int = 0
    changed: int = 0
    kept: int = 0
    withdrawn: int = 0
    commit: str = ""
    """The commit's id, or empty when nothing changed."""


def read_record(path: str, data: bytes, seal: Sealing) -> Written:
    """Return the record file ``data`` with its sealed field opened.

    Raises ``MalformedRecord``, and ``SealError`` when there is no sealed field that opens.
    """
    parsed = frontmatter.parse(data, path)
    opened = seal.open(parsed.record.secured or "", field=FIELD)
    try:
        secret = msgspec.json.decode(opened.plaintext, type=dict[str, object])
    except msgspec.DecodeError:
        raise SealError from None
    return Written(
        path=path,
        data=data,
        record=parsed.record,
        newline=parsed.newline,
        story=opened.record_id,
        revision=opened.revision,
        secret=secret,
    )


class Publish:
    """Writes drafts into a repository."""

    def __init__(self, repository: Repository, seal: Sealing, newline: str = "lf") -> None:
        """Take where to write, what to seal with, and the line ends of new files (lf or crlf)."""
        self._repository, self._seal = repository, seal
        self._newline: Newline = "\r\n" if newline == "crlf" else "\n"

    def __call__(
        self,
        drafts: Sequence[Draft],
        publications: Mapping[str, Publication],
        at: datetime,
        redraft: Callable[[str], Draft | None] = lambda _: None,
    ) -> Published:
        """Bring the records of ``drafts`` up to date; leave all others as they are, but for those
        whose seal was taken away by hand: ``redraft`` gives the draft of such a story.

        ``publications`` has what the store knows, by story id; the commit is dated ``at``. When
        somebody commits at the same time, all is done again from there. Raises ``PublishError``.
        """
        for _ in range(_ATTEMPTS):
            snapshot = self._repository.snapshot(FOLDER)
            plan = _Plan(snapshot, self._seal, self._newline, publications)
            for draft in sorted(drafts, key=_order):
                plan.add(draft)
            plan.follow_humans(redraft)
            plan.follow_pointers(redraft)
            try:
                return plan.published(self._commit(snapshot, plan, at))
            except BranchMoved:
                continue
        raise PublishError("the records' branch kept moving; run again when nobody commits to it")

    def look(self, publications: Mapping[str, Publication]) -> Published:
        """Return the records as they stand, and write nothing. Raises ``PublishError``."""
        snapshot = self._repository.snapshot(FOLDER)
        return _Plan(snapshot, self._seal, self._newline, publications).published("")

    def _commit(self, snapshot: Snapshot, plan: _Plan, at: datetime) -> str:
        if not plan.changes:
            return ""
        commit = self._repository.commit(snapshot.head, plan.changes, plan.message(), at)
        return "" if commit == snapshot.head else commit


class _Plan:
    """What one call will write, from one snapshot. Does nothing to the world itself."""

    def __init__(
        self,
        snapshot: Snapshot,
        seal: Sealing,
        newline: Newline,
        publications: Mapping[str, Publication],
    ) -> None:
        self._seal, self._newline, self._before = seal, newline, publications
        self._snapshot = snapshot
        self.notices = list(snapshot.notices)
        self.conflicts: list[str] = []
        self._files: dict[str, Written] = {}
        self._broken: dict[str, str] = {}
        """Story of each file that cannot be read, as far as it can be told, by path."""
        for path, data in sorted(snapshot.files.items()):
            if path.endswith(SUFFIX) and not path.rpartition("/")[2].startswith("."):
                self._read(path, data)
        self._by_story = self._stories()
        claimed = (publication.path for publication in publications.values())
        self._taken = {path.lower() for path in (*snapshot.files, *snapshot.blocked, *claimed)}
        self.changes: dict[str, bytes | None] = {}
        self._after: dict[str, Publication] = {}
        self._counts = {"new": 0, "changed": 0, "kept": 0, "withdrawn": 0}

    # Reading what is there

    def _read(self, path: str, data: bytes) -> None:
        try:
            self._files[path] = read_record(path, data, self._seal)
        except MalformedRecord as error:
            named = _SEALED_ID.search(data)
            self._broken[path] = named[1].decode("ascii") if named else ""
            self.notices.append(f"{error}; the file is left as it is")
        except SealError:
            parsed = frontmatter.parse(data, path)
            self._files[path] = Written(
                path=path, data=data, record=parsed.record, newline=parsed.newline
            )

    def _stories(self) -> dict[str, Written]:
        """Return the file of each story. Of several copies the one that the store knows counts,
        else the first by name; the others are no records of their own.
        """
        found: dict[str, list[Written]] = {}
        for file in self._files.values():
            if file.story:
                found.setdefault(file.story, []).append(file)
        chosen: dict[str, Written] = {}
        for story, files in found.items():
            known = self._before[story].path if story in self._before else ""
            first, *copies = sorted(
                files, key=lambda file: (file.secret.get("path") != file.path, file.path)
            )
            chosen[story] = next((file for file in files if file.path == known), first)
            for copy in (file for file in (first, *copies) if file is not chosen[story]):
                self.notices.append(f"{copy.path}: a copy of {chosen[story].path}; not published")
                del self._files[copy.path]
        return chosen

    def _file_of(self, story: str) -> Written | None:
        """Return the story's file: by its seal, else the unsealed one at the path that we gave it."""
        before = self._before.get(story)
        there = self._files.get(before.path) if before else None
        return self._by_story.get(story) or (there if there and not there.story else None)

    def _unreadable(self, story: str) -> bool:
        before = self._before.get(story)
        blocked = (*self._snapshot.blocked, *self._broken)
        return story in self._broken.values() or (before is not None and before.path in blocked)

    # Deciding

    def add(self, draft: Draft) -> None:
        """Decide what becomes of one draft."""
        draft = self._pointing(draft)
        before = self._before.get(draft.story)
        file = self._file_of(draft.story)
        if file is not None:
            self._rewrite(draft, file, before)
        elif self._unreadable(draft.story):
            return
        elif before is None:
            self._write_new(draft)

    def _write_new(self, draft: Draft) -> None:
        record = draft.record
        title = draft.named or record.title
        path = record_path(title, record.published_at, draft.story, self._taken)
        self._taken.add(path)
        base = digests(record)
        file = Written(path=path, data=b"", record=record, newline=self._newline)
        if not self._put(draft, file, record, self._sealed(draft, path, base, 1)):
            return
        self._after[draft.story] = Publication(story=draft.story, path=path, revision=1, base=base)
        self._counts["new"] += 1

    def _rewrite(self, draft: Draft, file: Written, before: Publication | None) -> None:
        base = file.base if file.story else before.base if before else {}
        merged = merge(base, draft.record, file.record)
        known = max(file.revision, before.revision if before else 0)
        if file.story and file.revision < known:
            self.notices.append(
                f"{file.path}: holds an older state (revision {file.revision}, known {known})"
            )
        revision = file.revision
        secured = self._sealed(draft, file.path, merged.base, revision) if revision else ""
        if not secured or secured != file.record.secured or revision < known:
            revision = known + 1
            secured = self._sealed(draft, file.path, merged.base, revision)
        if not self._put(draft, file, merged.record, secured):
            return
        self._after[draft.story] = Publication(
            story=draft.story, path=file.path, revision=revision, base=merged.base
        )
        self._counts["changed" if file.path in self.changes else "kept"] += 1
        self.conflicts += [_sentence(file.path, conflict) for conflict in merged.conflicts]

    def _sealed(self, draft: Draft, path: str, base: Mapping[str, str], revision: int) -> str:
        secret = {**draft.secret, "base": base, "path": path}
        payload = msgspec.json.encode(secret, order="deterministic")
        return self._seal.seal(payload, record_id=draft.story, field=FIELD, revision=revision)

    def _put(self, draft: Draft, file: Written, record: Record, secured: str) -> bool:
        """Take ``record`` as what ``file`` shall hold; False when the form cannot hold it."""
        whole = msgspec.structs.replace(record, secured=secured)
        try:
            data = frontmatter.emit(whole, file.newline)
        except ValueError as error:
            self.notices.append(f"{file.path}: cannot be written: {error}")
            return False
        if data != file.data:
            self.changes[file.path] = data
        self._files[file.path] = msgspec.structs.replace(
            file, data=data, record=whole, story=draft.story
        )
        return True

    def follow_humans(self, redraft: Callable[[str], Draft | None]) -> None:
        """See what humans did to the files of stories that have no draft now."""
        for story, before in sorted(self._before.items()):
            if story in self._after:
                continue
            file = self._file_of(story)
            if file is None:
                if not before.withdrawn and not self._unreadable(story):
                    self._after[story] = msgspec.structs.replace(before, withdrawn=True)
                    self._counts["withdrawn"] += 1
                    self.changes[before.path] = None  # so that a clone knows of it too
            elif not file.story and (draft := redraft(story)) is not None:
                self.notices.append(f"{file.path}: its sealed field was gone, and is sealed anew")
                self.add(draft)
            elif file.path != before.path or before.withdrawn:
                self._after[story] = msgspec.structs.replace(
                    before, path=file.path, withdrawn=False
                )

    def follow_pointers(self, redraft: Callable[[str], Draft | None]) -> None:
        """Bring those pointers up to date that have no draft now, and whose target a human moved."""
        for story, before in sorted(self._before.items()):
            file = self._file_of(story)
            if story in self._after or before.withdrawn or file is None:
                continue
            into = _merged_into(file)
            name = file.record.merged_into
            if into and name and self._name_of(into) not in ("", name) and not _is_held(file):
                draft = redraft(story)
                if draft is not None:
                    self.add(draft)

    def _pointing(self, draft: Draft) -> Draft:
        """Return a draft with the name of the file that stands for its record, if there is one."""
        name = self._name_of(draft.merged_into) if draft.merged_into else ""
        if not name:
            return draft
        record = msgspec.structs.replace(draft.record, merged_into=name)
        return msgspec.structs.replace(draft, record=record)

    def _name_of(self, story: str) -> str:
        """Return the name of a story's file; empty for one that has none."""
        file = self._file_of(story)
        path = file.path if file else self._after[story].path if story in self._after else ""
        return path.removeprefix(f"{FOLDER}/")

    # Telling

    def message(self) -> str:
        """Return the commit's message: a subject, and the paths below it."""
        counts = self._counts
        parts = [
            words
            for words, number in (
                (f"{counts['new']} new {_stories(counts['new'])}", counts["new"]),
                (f"update {counts['changed']}", counts["changed"]),
                (f"keep {counts['kept']}", counts["kept"]),
                (f"withdraw {counts['withdrawn']}", counts["withdrawn"]),
            )
            if number
        ]
        subject = ", ".join(parts)
        if counts["new"]:
            subject = f"publish {subject}"
        paths = sorted(self.changes)
        more = [f"and {len(paths) - _LISTED} more"] if len(paths) > _LISTED else []
        return "\n".join([subject, "", *paths[:_LISTED], *more, ""])

    def published(self, commit: str) -> Published:
        """Return what was published by ``commit``."""
        return Published(
            publications=tuple(self._after[story] for story in sorted(self._after)),
            records=tuple((path, self._files[path].record) for path in sorted(self._files)),
            conflicts=tuple(self.conflicts),
            notices=(*self.notices, *self.conflicts),
            commit=commit,
            **self._counts,
        )


def _merged_into(file: Written) -> str:
    """Return the story that a file's story was merged into, by its seal."""
    story = file.secret.get("story")
    into = story.get("merged_into") if isinstance(story, dict) else None
    return into if isinstance(into, str) else ""


def _is_held(file: Written) -> bool:
    """Tell whether a human changed where a file points to."""
    return digests(file.record).get("mergedInto") != file.base.get("mergedInto")


def _order(draft: Draft) -> tuple[bool, datetime, str]:
    """Order drafts by their time; what points to another record comes after all that are written."""
    return bool(draft.merged_into), draft.record.published_at, draft.story


def _stories(number: int) -> str:
    return "story" if number == 1 else "stories"


def _sentence(path: str, conflict: Conflict) -> str:
    return (
        f"{path}: {conflict.key} was changed by hand to {conflict.theirs}, which is kept; "
        f"the desk would now write {conflict.ours}"
    )
