"""Running the real command on real folders, as a stranger would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.warc import RecordingWeb


def wiredesk(
    *arguments: str | Path, env: Mapping[str, str] | None = None, ok: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run the command and return what it said; with ``ok`` it must not fail."""
    done = subprocess.run(
        [sys.executable, "-m", "wiredesk", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
        timeout=120,
        check=False,
    )
    assert not ok or done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done


def outputs(desk: Path) -> dict[str, str]:
    """Return a digest of every file that the desk puts out, and its commit, by path."""
    found = {
        str(file.relative_to(desk)): sha256(file.read_bytes()).hexdigest()
        for folder in ("records", "public")
        for file in sorted((desk / folder).rglob("*"))
        if file.is_file() and ".git" not in file.relative_to(desk / folder).parts
    }
    return found | {"commit": git(desk, "rev-parse", "HEAD"), "tree": tree(desk)}


def tree(desk: Path) -> str:
    """Return the id of the committed tree."""
    return git(desk, "rev-parse", "HEAD^{tree}")


def git(desk: Path, *arguments: str) -> str:
    """Ask Git about the desk's records."""
    done = subprocess.run(
        ["git", "-C", str(desk / "records"), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def records(desk: Path) -> list[Path]:
    """Return the desk's record files."""
    return sorted((desk / "records" / "_news").glob("*.md"))


def empty_wire(folder: Path) -> Path:
    """Return a recording that holds nothing: what a machine without a network hears."""
    path = folder / "nothing.warc.gz"
    RecordingWeb(MemoryWeb({}), path, datetime(2026, 3, 7, tzinfo=UTC)).close()
    return path
