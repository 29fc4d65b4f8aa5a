"""The suites of others, read as data where they are at hand: how much of what they say is read."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared" / "data" / "feeds"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not SHARED.exists(), reason="the shared material is not beside this checkout"
    ),
]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("feed_suites", ROOT / "bench" / "feed_suites.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["feed_suites"] = module
    spec.loader.exec_module(module)
    return module


def test_of_what_feedparsers_suite_says_of_entries_nearly_all_is_read(bench: ModuleType) -> None:
    ours, _, _ = bench.judge(SHARED, beside=False)
    assert ours.all >= 840
    assert ours.held >= 825, "\n".join(ours.misses)
    assert set(ours.refused) <= {"dtd"}


def test_every_item_of_the_w3cs_and_of_real_feeds_is_found(bench: ModuleType) -> None:
    stated = [body for body in bench.w3c(SHARED) if b"<!ENTITY" not in body]
    found = [bench.reads(body) for body in stated]
    assert sum(items for items, _, _ in found) >= sum(map(bench.stated, stated)) - 1
    assert sum(dated for _, dated, _ in found) >= 800
    real = [body for _, body in bench.files(SHARED / "feedjira_samples.tar.xz", (".xml", ".json"))]
    items, dated, linked = (sum(counts) for counts in zip(*map(bench.reads, real), strict=True))
    assert (items, dated, linked) >= (312, 307, 310)
