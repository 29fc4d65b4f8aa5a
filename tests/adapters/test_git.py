"""The repository of records on real Git: a commit counts at once, and a human's work is never lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wiredesk.adapters.git import GitRepository
from wiredesk.errors import BranchMoved, PublishError

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
A, B, C = "_news/a.md", "_news/b.md", "_news/c.md"


def git(folder: Path, *arguments: str) -> str:
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A Human",
        "GIT_AUTHOR_EMAIL": "human@harbour-courier.example",
        "GIT_COMMITTER_NAME": "A Human",
        "GIT_COMMITTER_EMAIL": "human@harbour-courier.example",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "records"


@pytest.fixture
def written(folder: Path) -> tuple[GitRepository, str]:
    """A repository with two files of ours."""
    repository = GitRepository(folder)
    head = repository.snapshot("_news").head
    assert head == ""
    return repository, repository.commit(head, {A: b"a1\n", B: b"b1\n"}, "publish 2 new", AT)


Written = tuple[GitRepository, str]


def test_a_missing_repository_is_made_and_is_clean_after_a_commit(
    written: Written, folder: Path
) -> None:
    _, commit = written
    assert git(folder, "rev-parse", "main") == commit
    assert git(folder, "status", "--porcelain") == ""
    assert (folder / A).read_bytes() == b"a1\n"
    assert git(folder, "log", "--format=%an %ad %cd %s", "--date=iso-strict") == (
        "wiredesk 2026-03-01T12:00:00+00:00 2026-03-01T12:00:00+00:00 publish 2 new"
    )
    assert git(folder, "fsck", "--strict") == ""


def test_the_same_commits_have_the_same_ids_anywhere(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "GIT_AUTHOR_NAME": "x", "GIT_DIR": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere/index", "GIT_COMMITTER_DATE": "@0 +0000",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    other = GitRepository(tmp_path / "elsewhere")
    assert (
        other.commit(other.snapshot("_news").head, {B: b"b1\n", A: b"a1\n"}, "publish 2 new", AT)
        == (written[1])
    )


def test_a_snapshot_has_what_was_committed(written: Written) -> None:
    repository, commit = written
    snapshot = repository.snapshot("_news")
    assert snapshot.head == commit
    assert snapshot.files == {A: b"a1\n", B: b"b1\n"}
    assert (snapshot.withdrawn, snapshot.blocked, snapshot.notices) == (
        frozenset(),
        frozenset(),
        (),
    )


def test_a_change_of_nothing_makes_no_commit(written: Written) -> None:
    repository, commit = written
    assert repository.commit(commit, {A: b"a1\n"}, "nothing", AT) == commit


def test_a_humans_uncommitted_edit_is_the_truth_and_is_not_written_over(
    written: Written, folder: Path
) -> None:
    repository, commit = written
    (folder / A).write_bytes(b"by hand\n")
    snapshot = repository.snapshot("_news")
    assert snapshot.files[A] == b"by hand\n"
    (folder / A).write_bytes(b"by hand, later\n")
    repository.commit(commit, {A: b"by hand, and the desk\n", B: b"b2\n"}, "update", AT)
    assert (folder / A).read_bytes() == b"by hand, later\n"
    assert (folder / B).read_bytes() == b"b2\n"
    assert repository.snapshot("_news").files[A] == b"by hand, later\n"


def test_a_humans_edit_that_was_seen_and_merged_is_laid_out(written: Written, folder: Path) -> None:
    repository, commit = written
    (folder / A).write_bytes(b"by hand\n")
    repository.snapshot("_news")
    repository.commit(commit, {A: b"merged\n"}, "update", AT)
    assert (folder / A).read_bytes() == b"merged\n"
    assert git(folder, "status", "--porcelain") == ""


def test_a_file_that_appeared_since_the_snapshot_is_not_written_over(
    written: Written, folder: Path
) -> None:
    repository, commit = written
    repository.snapshot("_news")
    (folder / C).write_bytes(b"a human's own\n")
    repository.commit(commit, {C: b"ours\n"}, "new", AT)
    assert (folder / C).read_bytes() == b"a human's own\n"


@pytest.mark.parametrize("committed", [True, False])
def test_a_deleted_file_is_withdrawn(written: Written, folder: Path, *, committed: bool) -> None:
    repository, _ = written
    (folder / A).unlink()
    if committed:
        git(folder, "commit", "-qam", "not fit to print")
    snapshot = repository.snapshot("_news")
    assert snapshot.withdrawn == {A}
    assert A not in snapshot.files
    assert not (folder / A).exists()


def test_what_history_lost_can_be_read_again_from_a_clone(
    written: Written, folder: Path, tmp_path: Path
) -> None:
    git(folder, "rm", "-q", A)
    git(folder, "mv", B, C)
    git(folder, "commit", "-qm", "by hand")
    git(tmp_path, "clone", "-q", str(folder), "copy")
    clone = GitRepository(tmp_path / "copy")
    assert clone.removed("_news") == {A: b"a1\n", B: b"b1\n"}
    assert clone.snapshot("_news").files == {C: b"b1\n"}


def test_a_clone_is_taken_as_it_is(written: Written, folder: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(folder), "copy")
    clone = GitRepository(tmp_path / "copy")
    assert clone.snapshot("_news").files == {A: b"a1\n", B: b"b1\n"}
    (tmp_path / "copy" / A).unlink()
    assert clone.snapshot("_news").withdrawn == {A}


def test_a_commit_that_was_pushed_in_is_laid_out_with_its_deletions(
    written: Written, folder: Path, tmp_path: Path
) -> None:
    repository, _ = written
    git(tmp_path, "clone", "-q", str(folder), "copy")
    copy = tmp_path / "copy"
    (copy / A).write_bytes(b"edited elsewhere\n")
    git(copy, "rm", "-q", B)
    git(copy, "commit", "-qam", "elsewhere")
    git(folder, "fetch", "-q", str(copy), "main")
    git(folder, "update-ref", "refs/heads/main", "FETCH_HEAD")
    snapshot = repository.snapshot("_news")
    assert snapshot.files == {A: b"edited elsewhere\n"}
    assert snapshot.withdrawn == {B}
    assert (folder / A).read_bytes() == b"edited elsewhere\n"
    assert not (folder / B).exists()
    assert git(folder, "status", "--porcelain") == ""


def test_another_ones_commit_is_not_written_over(written: Written, folder: Path) -> None:
    repository, head = written
    (folder / A).write_bytes(b"by hand\n")
    git(folder, "commit", "-qam", "by hand")
    with pytest.raises(BranchMoved):
        repository.commit(head, {B: b"b2\n"}, "update", AT)
    assert git(folder, "show", f"main:{A}") == "by hand"
    assert (folder / B).read_bytes() == b"b1\n"


def test_staged_work_of_a_human_stays_staged(written: Written, folder: Path) -> None:
    repository, head = written
    (folder / A).write_bytes(b"staged\n")
    git(folder, "add", A)
    (folder / A).write_bytes(b"a1\n")
    (folder / "notes.txt").write_bytes(b"mine\n")
    git(folder, "add", "notes.txt")
    repository.snapshot("_news")
    repository.commit(head, {A: b"a2\n", B: b"b2\n"}, "update", AT)
    assert git(folder, "show", f":{A}") == "staged"
    assert git(folder, "show", ":notes.txt") == "mine"
    assert git(folder, "show", f":{B}") == "b2"


def test_hooks_filters_and_line_end_settings_of_the_user_take_no_part(
    written: Written, folder: Path
) -> None:
    repository, head = written
    for hook in ("pre-commit", "post-commit", "reference-transaction", "post-index-change"):
        script = folder / ".git" / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {folder}/hooked\nexit 1\n")
        script.chmod(0o755)
    git(folder, "config", "core.autocrlf", "true")
    git(folder, "config", "commit.gpgSign", "true")
    git(folder, "config", "filter.evil.clean", f"touch {folder}/filtered")
    (folder / ".gitattributes").write_text("*.md filter=evil\n")
    repository.snapshot("_news")
    repository.commit(head, {A: b"one\r\ntwo\n"}, "update", AT)
    assert not (folder / "hooked").exists()
    assert not (folder / "filtered").exists()
    assert (folder / A).read_bytes() == b"one\r\ntwo\n"
    blob = subprocess.run(
        ["git", "cat-file", "blob", f"main:{A}"], cwd=folder, capture_output=True, check=True
    )
    assert blob.stdout == b"one\r\ntwo\n"


def test_symlinks_and_devices_are_ignored_and_told(
    written: Written, folder: Path, tmp_path: Path
) -> None:
    repository, head = written
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (folder / A).unlink()
    (folder / A).symlink_to(secret)
    (folder / "_news" / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "_news" / "pipe.md")
    snapshot = repository.snapshot("_news")
    assert snapshot.files == {B: b"b1\n"}
    assert snapshot.withdrawn == frozenset()
    assert snapshot.blocked == {A, "_news/elsewhere", "_news/pipe.md"}
    assert len(snapshot.notices) == 3
    repository.commit(head, {A: b"a2\n"}, "update", AT)
    assert secret.read_bytes() == b"secret"
    with pytest.raises(PublishError, match="symlink"):
        repository.commit(repository.snapshot("_news").head, {"_news/elsewhere/x": b""}, "x", AT)
    assert not (tmp_path / "x").exists()


def test_a_folder_of_records_that_is_a_symlink_is_refused(
    written: Written, folder: Path, tmp_path: Path
) -> None:
    shutil.rmtree(folder / "_news")
    (folder / "_news").symlink_to(tmp_path)
    with pytest.raises(PublishError, match="symlink"):
        written[0].snapshot("_news")


@pytest.mark.parametrize(
    "path",
    ["../x", "/x", "_news/../x", ".git/hooks/post-commit", "_news/.GIT/x", "_news//x", "a\nb", "",
     "x\\y"],
)  # fmt: skip
def test_a_path_out_of_bounds_is_refused(written: Written, path: str) -> None:
    with pytest.raises(PublishError):
        written[0].commit(written[1], {path: b""}, "x", AT)


def test_another_branch_in_the_work_tree_is_refused(written: Written, folder: Path) -> None:
    git(folder, "switch", "-qc", "draft")
    with pytest.raises(PublishError, match="draft is checked out"):
        written[0].snapshot("_news")


def test_a_merge_under_way_is_not_disturbed(written: Written, folder: Path) -> None:
    (folder / ".git" / "MERGE_HEAD").write_text(f"{written[1]}\n")
    with pytest.raises(PublishError, match="under way"):
        written[0].snapshot("_news")


@pytest.mark.parametrize("lock", ["index.lock", "refs/heads/main.lock"])
def test_a_lock_that_a_dead_git_left_is_removed(written: Written, folder: Path, lock: str) -> None:
    repository, head = written
    (folder / ".git" / lock).write_bytes(b"")
    repository.commit(head, {A: b"a2\n"}, "update", AT)
    assert not (folder / ".git" / lock).exists()
    assert git(folder, "status", "--porcelain") == ""


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="needs a list of processes")
def test_a_lock_of_a_living_git_is_respected(
    written: Written, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiredesk.adapters.git._LOCK_PATIENCE", 0.1)
    (folder / ".git" / "index.lock").write_bytes(b"")
    with subprocess.Popen(
        ["git", "cat-file", "--batch"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as alive:
        time.sleep(0.05)
        with pytest.raises(PublishError, match="at work"):
            written[0].commit(written[1], {A: b"a2\n"}, "update", AT)
        assert alive.stdin is not None
        alive.stdin.close()
    assert (folder / ".git" / "index.lock").exists()


def test_a_desk_inside_another_repository_does_not_touch_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    inner = GitRepository(tmp_path / "desk" / "records")
    inner.commit(inner.snapshot("_news").head, {A: b"a\n"}, "publish", AT)
    assert git(tmp_path, "for-each-ref") == ""


KILLED = """
    import os, signal, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from wiredesk.adapters.git import GitRepository

    folder, last = Path(sys.argv[1]), int(sys.argv[2])
    seen = 0

    def count(event, arguments):
        global seen
        if event in ("subprocess.Popen", "os.rename", "os.link", "os.remove", "os.mkdir") or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        ):
            seen += 1
            if seen == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    repository = GitRepository(folder)
    snapshot = repository.snapshot("_news")
    changes = {"_news/a.md": b"a2\\n", "_news/b.md": b"by hand, merged\\n", "_news/c.md": b"c1\\n"}
    if {path: snapshot.files.get(path) for path in changes} != changes:
        repository.commit(snapshot.head, changes, "update", datetime(2026, 3, 2, tzinfo=UTC))
    print(seen)
"""


def test_a_kill_at_any_moment_leads_to_the_same_end(tmp_path: Path) -> None:
    start = tmp_path / "start"
    first = GitRepository(start)
    first.commit(first.snapshot("_news").head, {A: b"a1\n", B: b"b1\n"}, "publish", AT)
    (start / B).write_bytes(b"by hand\n")
    script = textwrap.dedent(KILLED)

    def run(folder: Path, last: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", script, str(folder), str(last)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def state(folder: Path) -> tuple[str, str, str, list[bytes]]:
        return (
            git(folder, "rev-parse", "main"),
            git(folder, "rev-parse", "refs/wiredesk/laid"),
            git(folder, "status", "--porcelain"),
            [(folder / path).read_bytes() for path in (A, B, C)],
        )

    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(start, undisturbed)
    moments = int(run(undisturbed, -1).stdout)
    assert moments > 20
    meant = state(undisturbed)
    assert meant[2] == ""
    for moment in range(2, moments + 1, 3):
        folder = tmp_path / f"killed-{moment}"
        shutil.copytree(start, folder)
        assert run(folder, moment).returncode == -9
        again = run(folder, -1)
        assert again.returncode == 0, (moment, again.stderr)
        assert state(folder) == meant, moment
