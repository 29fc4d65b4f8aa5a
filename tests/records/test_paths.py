"""Names of record files."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records.paths import record_path, slug

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STORY = "89abcdef0123456789ab"
NAME = re.compile(r"\d{4}-\d\d-\d\d-[a-z0-9]([a-z0-9-]*[a-z0-9])?\.md")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("US to shut all doors for Chinese chip manufacturer, AI Giant",
         "us-to-shut-all-doors-for-chinese-chip-manufacturer-ai-giant"),
        ("  A -- title - with   gaps ", "a-title-with-gaps"),
        ("C'est l'été: 100 %", "cest-lt-100"),
        ("Straße & İzmir", "strae-izmir"),
        ("日本の港", ""),
        ("🚢🚢", ""),
        ("../../.git/hooks/post-commit", "githookspost-commit"),
        ("a\nb\tc\x00d", "abcd"),
    ],
)  # fmt: skip
def test_a_title_becomes_a_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_the_date_is_that_in_utc() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    assert record_path("Ships", late, STORY, ()) == "_news/2026-03-02-ships.md"


@pytest.mark.parametrize("title", ["con", "PRN", "Aux", "nul", "COM1", "lpt0", "LPT9"])
def test_a_device_name_of_windows_gets_digits_of_the_id(title: str) -> None:
    assert record_path(title, AT, STORY, ()) == f"_news/2026-03-01-{title.lower()}-89abcdef.md"


def test_an_empty_slug_is_the_id_alone() -> None:
    assert record_path("港", AT, STORY, ()) == "_news/2026-03-01-89abcdef.md"


def test_a_taken_name_gets_digits_of_the_id_and_more_when_these_are_taken_too() -> None:
    taken = {"_news/2026-03-01-ships.md"}
    assert record_path("Ships", AT, STORY, taken) == "_news/2026-03-01-ships-89abcdef.md"
    taken.add("_news/2026-03-01-ships-89abcdef.md")
    assert record_path("Ships", AT, STORY, taken) == "_news/2026-03-01-ships-89abcdef0.md"


@pytest.mark.parametrize("title", ["Ships", "港", "🚢", "שלום", "con", "ships " * 90])
def test_a_thousand_stories_with_one_title_have_a_thousand_stable_names(title: str) -> None:
    def names(order: list[str]) -> dict[str, str]:
        taken: set[str] = set()
        given_: dict[str, str] = {}
        for story in order:
            given_[story] = record_path(title, AT, story, taken)
            taken.add(given_[story])
        return given_

    stories = [sha256(str(number).encode()).hexdigest()[:20] for number in range(1000)]
    first = names(stories)
    assert len(set(first.values())) == 1000
    assert names(stories) == first


@given(title=st.text(max_size=400), story=st.text("0123456789abcdef", min_size=20, max_size=20))
def test_every_name_is_plain_ascii_bounded_and_below_the_folder(title: str, story: str) -> None:
    taken: set[str] = set()
    for _ in range(2):
        path = PurePosixPath(record_path(title, AT, story, taken))
        assert path.parent == PurePosixPath("_news")
        assert NAME.fullmatch(path.name)
        assert len(path.name.encode()) <= 200
        taken.add(str(path))


def test_a_long_title_is_cut_between_words() -> None:
    name = PurePosixPath(record_path("harbour " * 60, AT, STORY, ())).stem
    assert name.endswith("harbour")
    assert len(slug("x" * 500)) == 177
