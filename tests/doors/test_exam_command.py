"""The command: tables and lines, floors and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from made import write

from wiredesk.app.desk import new_desk
from wiredesk.doors.cli import cli
from wiredesk.exams.run import names

LINES = [
    {"id": 1, "topic": "sports", "title": "Referee sends off goalkeeper in rugby cup"},
    {"id": 2, "topic": "sports", "title": "Nothing that any keyword knows"},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "data" / "topics" / "own.jsonl", LINES)
    return tmp_path / "data"


def exam(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["exam", *map(str, arguments)])


def table(result: Result) -> list[dict[str, str]]:
    lines = [line.strip("| ").split(" | ") for line in result.output.splitlines() if "|" in line]
    head, _, *rows = ([cell.strip() for cell in line] for line in lines)
    return [dict(zip(head, [*row, ""], strict=False)) for row in rows]


def test_a_table_has_ours_the_baselines_and_the_rate(data: Path) -> None:
    result = exam("topics", "--data", data)
    assert result.exit_code == 0, result.output
    assert [row["way"] for row in table(result)] == [
        "wiredesk",
        "substrings",
        "whole words",
        "naive Bayes with labels, 5 folds",
    ]
    ours = table(result)[0]
    assert (ours["set"], ours["form"], ours["accuracy"]) == ("own", "headline", "0.500")
    assert ours["documents"] == "2"
    assert "a second" in ours
    assert ours["floor"] == "none"


def test_without_baselines_ours_is_alone(data: Path) -> None:
    result = exam("topics", "--data", data, "--no-baselines")
    assert [row["way"] for row in table(result)] == ["wiredesk"]


def test_json_has_one_object_a_line(data: Path) -> None:
    result = exam("topics", "stories", "--data", data, "--json")
    told: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert {line["kind"] for line in told} == {"row", "skipped"}
    row = told[0]
    assert row["exam"] == "topics"
    assert row["figures"][0]["name"] == "accuracy"
    assert row["files"] == [str(data / "topics" / "own.jsonl")]


def test_what_is_pinned_is_held_and_a_sunk_floor_is_exit_1(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    floors = ("--floors", file, "--no-baselines", "--data", data)
    assert exam("topics", *floors, "--pin").exit_code == 0
    held = exam("topics", *floors)
    assert held.exit_code == 0
    assert table(held)[0]["floor"] == "held"
    assert "2 floors held, 0 sunk" in held.output
    file.write_text(file.read_text().replace("0.495", "0.9"))
    sunk = exam("topics", *floors)
    assert sunk.exit_code == 1
    assert table(sunk)[0]["floor"] == "SUNK: accuracy beyond 0.9"
    refused = exam("topics", *floors, "--pin")
    assert refused.exit_code == 1
    assert "stays at 0.9" in refused.stderr
    assert "0.9" in file.read_text()


def test_a_desks_own_settings_and_topics_can_be_examined_and_are_not_pinned(
    data: Path, tmp_path: Path
) -> None:
    desk = new_desk(tmp_path / "desk", "ai").root
    result = exam("topics", "--data", data, "--desk", desk)
    assert result.exit_code == 0
    assert "skipped: topics: 2 lines of own: their label is no topic of the pack" in result.output
    assert exam("topics", "--data", data, "--desk", desk, "--pin").exit_code == 2


def test_a_model_that_there_is_not_is_said_and_a_desk_names_its_own(
    data: Path, tmp_path: Path
) -> None:
    result = exam("topics", "--data", data, "--model", "no_such_model")
    assert "no_such_model" in str(result.exception)
    assert exam("topics", "--data", data, "--model", "x", "--desk", tmp_path).exit_code == 2


def test_wrong_usage_is_exit_2_and_says_what_there_is(data: Path) -> None:
    for arguments in (("nothing", "--data", data), ("topics", "--data", data / "none")):
        result = exam(*arguments)
        assert result.exit_code != 0
        assert "Traceback" not in result.output
    assert all(f"  {name} " in exam("--help").output for name in names())
