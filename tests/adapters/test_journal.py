"""The journal of decisions: only ever added to; a line that is broken costs itself."""

from __future__ import annotations

import json
import multiprocessing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiredesk.adapters.desk_folder.journal import append, read_journal
from wiredesk.errors import ConfigError
from wiredesk.records.decision import (
    Decision,
    Exclude,
    Merge,
    Pin,
    Publish,
    Retitle,
    Spike,
    Split,
    Topics,
    Undo,
    tidy,
)

WHEN = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPIKE = tidy(
    Spike(who="Ada", when=WHEN, why="a rumour", about="Two ferries", story="s1", article="a1")
)
LATER = WHEN + timedelta(hours=1)
EVERY: list[Decision] = [
    SPIKE,
    tidy(Publish(when=WHEN, why="ours alone", story="s1", article="a1")),
    tidy(Merge(when=WHEN, why="one event", stories={"s1": ("a1",), "s2": ("a2", "a3")})),
    tidy(Split(when=WHEN, story="s1", articles=("a1",), rest=("a2",), becomes="s9")),
    tidy(Exclude(when=WHEN, story="s1", articles=("a1",), rest=("a2",))),
    tidy(Retitle(when=WHEN, story="s1", article="a1", title="“Zwei Fähren”, 二隻")),
    tidy(Topics(when=WHEN, story="s1", article="a1", add=("AI",), remove=("Chips",))),
    tidy(Pin(when=WHEN, story="s1", article="a1", until=date(2026, 3, 5))),
    tidy(Undo(when=LATER, undoes=SPIKE.id)),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.jsonl"


def test_a_desk_without_a_journal_has_no_decisions(path: Path) -> None:
    assert read_journal(path).decisions == ()
    assert not path.exists()


def test_every_kind_is_read_as_it_was_noted(path: Path) -> None:
    for decision in EVERY:
        append(path, decision)
    journal = read_journal(path)
    assert journal.decisions == tuple(EVERY)
    assert journal.problems == ()
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line)["what"] for line in lines] == [
        *("spike", "publish", "merge", "split", "exclude", "retitle", "topics", "pin", "undo")
    ]
    assert "Zwei Fähren" in path.read_text("utf-8"), "for people to read"


def test_noting_never_changes_what_is_there(path: Path) -> None:
    append(path, EVERY[0])
    before = path.read_bytes()
    append(path, EVERY[1])
    assert path.read_bytes().startswith(before)


def test_people_may_write_comments_and_lines_without_an_id(path: Path) -> None:
    by_hand = (
        '{"what": "spike", "when": "2026-03-02T13:00:00+01:00", "story": "s1", "article": "a1"}'
    )
    path.write_text(f"\ufeff# What we decided\r\n\r\n{by_hand}\r\n", "utf-8")
    journal = read_journal(path)
    assert journal.problems == ()
    (decision,) = journal.decisions
    assert isinstance(decision, Spike)
    assert len(decision.id) == 12


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "truncated"),
        ("[]", "Expected object"),
        ("\x00\x01", "malformed"),
        ('{"what": "praise"}', "Invalid value 'praise'"),
        ('{"what": "spike", "story": "s1", "article": "a1"}', "missing required field when"),
        (
            '{"what": "spike", "when": "2026-03-02T12:00:00", "story": "s", "article": "a"}',
            "timezone",
        ),
        (
            '{"what": "spike", "when": "0001-01-01T00:00:00+14:00", "story": "s", "article": "a"}',
            "year",
        ),
        (
            '{"what": "spike", "when": "2026-03-02T12:00:00Z", "story": "../s", "article": "a"}',
            "regex",
        ),
        (
            '{"what": "merge", "when": "2026-03-02T12:00:00Z", "stories": {"s": ["a"]}}',
            "two stories",
        ),
        ('{"what": "undo", "when": "2026-03-02T12:00:00Z", "undoes": "nothing"}', "to be undone"),
        (
            '{"what": "spike", "when": "2026-03-02T12:00:00Z", "story": "s", "article": "a", "x": 1}',
            "x",
        ),
        ("[" * 100_000, ""),
        ('{"x": ' + "[" * 100_000, "depth"),
        ("x" * 1_000_001, "bytes"),
    ],
    ids=lambda value: value[:40],
)
def test_a_broken_line_is_told_by_its_number_and_costs_no_other(
    path: Path, line: str, told: str
) -> None:
    append(path, EVERY[0])
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    append(path, EVERY[1])
    journal = read_journal(path)
    assert journal.decisions == (EVERY[0], EVERY[1])
    (problem,) = journal.problems
    assert problem.startswith(f"{path}:2: ")
    assert told in problem


def test_a_line_that_was_cut_off_is_told_and_the_next_one_is_a_line_of_its_own(path: Path) -> None:
    append(path, EVERY[0])
    append(path, EVERY[1])
    path.write_bytes(path.read_bytes()[:-20])
    journal = read_journal(path)
    assert journal.decisions == (EVERY[0],)
    assert journal.problems[0].startswith(f"{path}:2: ")
    assert "cut off" in journal.problems[0]
    append(path, EVERY[2])
    assert read_journal(path).decisions == (EVERY[0], EVERY[2])


def test_a_last_line_without_its_end_is_whole_if_it_can_be_read(path: Path) -> None:
    append(path, EVERY[0])
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert read_journal(path).decisions == (EVERY[0],)
    append(path, EVERY[1])
    assert read_journal(path).decisions == (EVERY[0], EVERY[1])


def test_the_order_of_lines_says_nothing_where_times_differ(path: Path) -> None:
    undo = EVERY[-1]
    append(path, undo)
    append(path, SPIKE)
    journal = read_journal(path)
    assert journal.decisions == (SPIKE, undo)
    assert journal.problems == ()


def test_a_line_that_git_kept_twice_counts_once_and_two_of_one_id_are_told(path: Path) -> None:
    append(path, SPIKE)
    append(path, SPIKE)
    assert read_journal(path).decisions == (SPIKE,)
    other = tidy(Publish(id=SPIKE.id, when=LATER, story="s2", article="a2"))
    append(path, other)
    journal = read_journal(path)
    assert journal.decisions == (SPIKE,)
    assert SPIKE.id in journal.problems[0]


def _note(path: Path, number: int) -> None:
    for turn in range(20):
        append(path, tidy(Spike(when=WHEN, story=f"s{number}-{turn}", article="a")))


def test_editors_who_decide_at_once_lose_nothing(path: Path) -> None:
    editors = [
        multiprocessing.get_context("fork").Process(target=_note, args=(path, n)) for n in (0, 1)
    ]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert len(read_journal(path).decisions) == 40
    assert read_journal(path).problems == ()


def test_what_is_no_file_is_told(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigError, match="a file was expected"):
        read_journal(path)
    with pytest.raises(ConfigError, match="cannot be written"):
        append(path, SPIKE)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_cost_what_stands_above_them(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.jsonl"
    path.unlink(missing_ok=True)
    append(path, SPIKE)
    path.write_bytes(path.read_bytes() + garbage)
    assert read_journal(path).decisions == (SPIKE,)
    append(path, EVERY[1])
    assert read_journal(path).decisions == (SPIKE, EVERY[1])
