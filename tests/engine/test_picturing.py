"""Which copies of pictures stay, and what a picture that cannot be had costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from newsroom import NOON, SITE

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.picture_folder import PictureFolder
from wiredesk.config import FetchSettings, ImageSettings
from wiredesk.engine.picturing import Picturing, too_old_or_many
from wiredesk.errors import FetchError, Unreadable
from wiredesk.ports.apart import here
from wiredesk.records.page import Answer
from wiredesk.records.picture import Copy, Thumbnail
from wiredesk.stages.fetch import Fetch


def copy(name: str, days: float = 0, size: int = 1_000_000) -> Copy:
    return Copy(name=name, width=9, height=9, size=size, needed=NOON - timedelta(days=days))


def test_what_was_not_needed_for_long_goes_then_what_was_needed_longest_ago() -> None:
    copies = {name: copy(name, days) for name, days in (("a", 1), ("b", 5), ("c", 3), ("d", 99))}
    assert too_old_or_many(copies, NOON, ImageSettings()) == {"d"}
    assert too_old_or_many(copies, NOON, ImageSettings(megabytes=2)) == {"d", "b"}
    assert too_old_or_many(copies, NOON, ImageSettings(megabytes=1, days=2)) == {"b", "c", "d"}
    alike = {name: copy(name) for name in "cab"}
    assert too_old_or_many(alike, NOON, ImageSettings(megabytes=1)) == {"a", "b"}


def small(body: bytes) -> Thumbnail:
    if body == b"broken":
        raise Unreadable("broken", "the picture is broken")
    return Thumbnail(body=body, width=2, height=2, original_width=4, original_height=4)


def picturing(root: Path, answers: Mapping[str, bytes], **settings: float) -> Picturing:
    given: dict[str, Answer | FetchError] = {
        f"{SITE}/{name}": Answer(
            url=f"{SITE}/{name}", status=200, headers=(("content-type", "image/png"),), body=body, at=NOON
        )
        for name, body in answers.items()
    }  # fmt: skip
    return Picturing(
        pictures=PictureFolder(root),
        fetch=Fetch(MemoryWeb(given), FetchSettings()),
        apart=here,
        make=small,
        settings=ImageSettings(cache=True, **settings),  # type: ignore[arg-type]
        concurrency=2,
    )


def files(root: Path) -> int:
    return len(list(root.glob("*.webp")))


def test_a_picture_that_cannot_be_had_costs_no_other(tmp_path: Path) -> None:
    kept = picturing(tmp_path, {"a": b"one", "b": b"broken"})
    kept({"s1": f"{SITE}/a", "s2": f"{SITE}/b", "s3": f"{SITE}/none"}, NOON)
    assert (kept.of_story("s1"), kept.of_story("s2"), kept.of_story("s3")) == (f"{SITE}/a", "", "")
    assert (list(kept.copies), files(tmp_path)) == ([f"{SITE}/a"], 1)


def test_two_stories_with_one_picture_share_a_copy_that_is_kept(tmp_path: Path) -> None:
    picturing(tmp_path, {"a": b"one"})({"s1": f"{SITE}/a", "s2": f"{SITE}/a"}, NOON)
    later = picturing(tmp_path, {})
    assert later.of_story("s2") == f"{SITE}/a"
    assert later.body(later.copies[f"{SITE}/a"].name) == b"one"


def test_what_goes_takes_its_file_along_and_leaves_the_mark_of_no_story(tmp_path: Path) -> None:
    kept = picturing(tmp_path, {"a": b"one", "b": b"two"}, days=10)
    kept({"s1": f"{SITE}/a"}, NOON)
    (tmp_path / "stray.webp").write_bytes(b"left by a killed run")
    kept({"s2": f"{SITE}/b"}, NOON + timedelta(days=11))
    assert (kept.of_story("s1"), kept.of_story("s2")) == ("", f"{SITE}/b")
    assert files(tmp_path) == 1


def test_a_copy_whose_file_is_gone_is_no_copy(tmp_path: Path) -> None:
    picturing(tmp_path, {"a": b"one"})({"s1": f"{SITE}/a"}, NOON)
    next(tmp_path.glob("*.webp")).unlink()
    assert picturing(tmp_path, {}).of_story("s1") == ""
