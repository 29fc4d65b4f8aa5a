"""Each stage alone on JSON lines: what it takes, what it gives, and that a bad line costs itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from newsroom import CHIP, FERRY

from wiredesk.app.desk import new_desk
from wiredesk.doors.cli import cli

FERRIES: dict[str, Any] = {
    "id": 7,
    "title": "Port Lorne buys two electric ferries",
    "text": FERRY,
    "publishedDateTime": "2026-03-02",
    "provider": "Harbour Courier",
    "domain": "harbour-courier.example",
}
COPY: dict[str, Any] = {
    "id": "copy",
    "title": "Two electric ferries for Port Lorne",
    "text": FERRY,
    "publishedDateTime": "2026-03-02T09:00:00",
    "provider": {"name": "Inland Post", "domain": "inland-post.example"},
}
CHIPS: dict[str, Any] = {
    "id": "chips",
    "title": "Tessel shows an AI chip that learns while it runs",
    "text": CHIP,
    "publishedDateTime": "2026-03-02T13:00:00+01:00",
    "webUrl": "https://www.velm-times.example/chips",
}
BROKEN = ["{", '{"title": "no id"}', '{"id": true, "title": "none"}', "[1]", '"x"', "[" * 5000]
ODD: list[tuple[str, Any, str]] = [
    ("date", "yesterday", "its date 'yesterday' cannot be read; it is kept without a date"),
    ("publishedDateTime", ["2026"], "its publisheddatetime ['2026'] cannot be read"),
    ("published", 1e300, "its published 1e+300 cannot be read"),
    ("text", 5, "text is no text"),
    ("tags", ["boats", 7], "tags is no text; what is none of it is left out"),
    ("images", [3], "an image is left out"),
]
"""A field that cannot be used, and what is said about it."""

Stage = Callable[..., Result]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_desk(tmp_path_factory.mktemp("desks") / "desk", "ai").root


@pytest.fixture
def stage(desk: Path) -> Stage:
    def run(name: str, lines: Sequence[dict[str, Any] | str], *more: str) -> Result:
        text = "".join(f"{x if isinstance(x, str) else json.dumps(x)}\n" for x in lines)
        return CliRunner().invoke(cli, ["stage", name, "--desk", str(desk), *more], input=text)

    return run


def said(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_read_gives_an_article_with_the_records_names(stage: Stage) -> None:
    html = (
        '<html lang="en"><head><title>Two ferries</title><meta name="author" content="Ines Marrow">'
        f"</head><body><article><h1>Two ferries</h1><p>{FERRY}</p></article></body></html>"
    )
    line = {"id": 3, "url": "https://harbour-courier.example/news/two-ferries", "html": html}
    (told,) = said(stage("read", [line], "--as-of", "2026-03-02"))
    assert told["id"] == 3
    assert told["url"] == line["url"]
    assert told["title"] == "Two ferries"
    assert told["webUrl"] == line["url"]
    assert told["byline"] == "Ines Marrow"
    assert told["language"] == "en"
    assert "auditor Bram Oster" in told["text"]


def test_classify_gives_topics_child_first_with_their_evidence(stage: Stage) -> None:
    chips, ferries = said(stage("classify", [CHIPS, FERRIES]))
    assert chips["topics"][-1] == "AI"
    assert set(chips["evidence"]) == set(chips["topics"])
    assert chips["evidence"][chips["topics"][0]][0]["keyword"]
    assert ferries == {"id": 7, "topics": [], "evidence": {}}


SEA = ("quay", "tide", "deck", "sailors", "moorings", "gangway", "skipper", "pilings")
OTHER = ("verdict", "juror", "bailiff", "hearing", "alibi", "stroller", "pram", "bonnet")


def learnable() -> list[dict[str, Any]]:
    """Return lines of which half name robots, in words of the sea; the last has only the words."""
    lines: list[dict[str, Any]] = []
    for number in range(24):
        sea = " ".join(SEA[(number + step) % 8] for step in range(4))
        other = " ".join(OTHER[(number + step) % 8] for step in range(4))
        lines.append({"id": f"a{number}", "title": f"robot {sea} {number}"})
        lines.append({"id": f"b{number}", "title": f"{other} {number}"})
    return [*lines, {"id": "silent", "title": "The skipper, the gangway and the tide"}]


def test_classify_learns_from_all_the_lines_unless_keywords_alone_are_asked_for(
    stage: Stage,
) -> None:
    *_, told = said(stage("classify", learnable()))
    assert told["topics"] == ["AI"]
    assert {line["rule"] for line in told["evidence"]["AI"]} == {"model"}
    *_, alone = said(stage("classify", learnable(), "--keywords"))
    assert alone == {"id": "silent", "topics": [], "evidence": {}}


def test_classify_answers_a_line_with_an_id_that_was_there_before(stage: Stage) -> None:
    for option in ((), ("--keywords",)):
        told = said(stage("classify", [CHIPS, CHIPS | {"title": "Bread", "text": ""}], *option))
        assert [line["id"] for line in told] == ["chips", "chips"]
        assert told[0]["topics"]
        assert told[1]["topics"] == []


def test_group_joins_a_copy_and_gives_numeric_ids_back_as_numbers(stage: Stage) -> None:
    ferries, copy, chips = said(stage("group", [FERRIES, COPY, CHIPS]))
    assert ferries["id"] == 7
    assert copy["duplicateOf"] == 7
    assert ferries["duplicateOf"] is None
    assert copy["story"] == ferries["story"] != chips["story"]


def test_score_adds_up_and_a_copy_leads_no_story(stage: Stage) -> None:
    told = {line["id"]: line for line in said(stage("score", [FERRIES, COPY, CHIPS]))}
    assert set(told) == {7, "copy", "chips"}
    for line in told.values():
        for number in ("quality", "heat"):
            assert line[number] == sum(part["points"] for part in line["ledger"][number])
    assert told["copy"]["heat"] < told[7]["heat"]


def test_score_takes_the_stories_that_its_lines_name(stage: Stage) -> None:
    together = [line | {"story": "s1"} for line in (FERRIES, CHIPS)]
    assert [line["story"] for line in said(stage("score", together))] == ["s1", "s1"]


def test_score_by_a_later_time_never_heats(stage: Stage) -> None:
    now = said(stage("score", [FERRIES, CHIPS], "--as-of", "2026-03-02T12:00:00"))
    later = said(stage("score", [FERRIES, CHIPS], "--as-of", "2026-03-09T12:00:00"))
    assert all(one["heat"] >= other["heat"] for one, other in zip(now, later, strict=True))


def test_relate_never_names_the_article_itself(stage: Stage) -> None:
    other = FERRIES | {"id": "other", "title": "Critics doubt the ferries", "text": FERRY[200:]}
    for line in said(stage("relate", [FERRIES, other, CHIPS])):
        assert line["id"] not in [related["id"] for related in line["related"]]


@pytest.mark.parametrize("name", ["classify", "group", "score", "relate"])
def test_a_line_that_cannot_be_used_is_reported_by_its_number_and_costs_only_itself(
    stage: Stage, name: str
) -> None:
    result = stage(name, [FERRIES, *BROKEN, "", CHIPS])
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [7, "chips"]
    for number in range(2, 2 + len(BROKEN)):
        assert f"line {number}: " in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["classify", "group", "score", "relate"])
@pytest.mark.parametrize(("field", "value", "said"), ODD, ids=[field for field, *_ in ODD])
def test_a_field_that_cannot_be_used_costs_only_itself(
    stage: Stage, name: str, field: str, value: object, said: str
) -> None:
    line = {"id": "a", "title": "Rain over the hills", field: value}
    result = stage(name, [FERRIES, line, CHIPS])
    assert result.exit_code == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [7, "a", "chips"]
    assert f"line 2: {said}" in result.stderr


def test_a_page_that_cannot_be_read_costs_only_itself(stage: Stage) -> None:
    body = f"<title>Two ferries</title><article><p>{FERRY}</p></article>"
    page = {"url": "https://harbour-courier.example/a", "html": body}
    bad = [
        "{",
        {"url": "https://a.example/", "html": ""},
        {"html": "x"},
        {"url": "x", "html": body},
    ]
    result = stage("read", [*bad, page])
    assert result.exit_code == 1
    assert [json.loads(line)["title"] for line in result.stdout.splitlines()] == ["Two ferries"]
    assert [line.split(":")[1].strip() for line in result.stderr.splitlines()] == [
        "line 1",
        "line 2",
        "line 3",
        "line 4",
    ]


@pytest.mark.parametrize("name", ["group", "score"])
def test_an_id_that_comes_twice_has_two_answers_and_is_said(stage: Stage, name: str) -> None:
    result = stage(name, [CHIPS, FERRIES, FERRIES | {"id": "chips"}])
    assert result.exit_code == 0
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in told] == ["chips", 7, "chips"]
    assert told[0] != told[2]
    assert "chips: is there 2 times" in result.stderr


@pytest.mark.parametrize("name", ["read", "classify", "group", "score", "relate"])
def test_no_lines_in_no_lines_out(stage: Stage, name: str) -> None:
    assert said(stage(name, [])) == []


@pytest.mark.parametrize("name", ["group", "score", "relate"])
def test_the_order_of_lines_changes_no_line(stage: Stage, name: str) -> None:
    lines = [FERRIES, COPY, CHIPS]
    forth = sorted(map(str, said(stage(name, lines))))
    assert sorted(map(str, said(stage(name, lines[::-1])))) == forth
