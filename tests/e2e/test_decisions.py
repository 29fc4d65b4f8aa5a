"""An editor's decisions, on the bundled sample wire, by the real command."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from desks import outputs, records, wiredesk

from wiredesk.doors.decide_commands import decide as decide_group
from wiredesk.errors import NotFound
from wiredesk.records.frontmatter import parse

KEPT = "2026-03-05-wayfare-pauses-robotaxis-in-dunmore-after-vehicle-stops-on-lifting-bridge"
GONE = "2026-03-05-we-felt-the-road-go-up-couple-trapped-in-driverless-cab-on-dunmore-bridge"
SPIKED = "2026-03-03-fire-at-ostra-micro-packaging-plant-halts-ai-chip-shipments"
PINNED = "2026-03-02-sable-to-build-9-billion-euro-ai-chip-plant-in-vellmark"
LAW = "2026-03-04-northern-union-assembly-passes-law-making-ai-developers-liable-for-harm"
HERON = "2026-03-03-kestrel-lab-releases-heron-3-language-model-opens-two-of-three-versions"
EYES = "2026-03-03-ai-eye-screening-as-safe-as-human-graders-in-large-diabetes-trial"
DECISIONS = (
    ("merge", "wayfare pauses", "felt the road", "-m", "one bridge, one night"),
    ("spike", SPIKED, "-m", "nobody at the plant confirms it"),
    (
        "retitle",
        f"https://sample-desk.example/news/{HERON}.html",
        "Heron 3 is out",
        "-m",
        "shorter",
    ),
    ("topics", EYES, "--add", "Robotics", "--remove", "AI in Health", "-m", "a machine does it"),
    ("pin", "9 billion euro", "--until", "2099-01-01", "-m", "our own scoop"),
    ("split", LAW, "nobody loved", "-m", "an essay, not the news"),
    ("exclude", HERON, "hands on", "-m", "a review"),
)
MOMENTS = (0.6, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5) if os.environ.get("WIREDESK_LONG") else (1.1,)
"""Seconds after which a run is killed."""


def decide(desk: Path, *arguments: str | Path) -> str:
    return wiredesk("decide", *arguments, "--desk", desk, env={"WIREDESK_WHO": "Ada"}).stdout


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = tmp_path_factory.mktemp("sample") / "desk"
    wiredesk("sample", desk, "--quiet")
    return desk


@pytest.fixture(scope="module")
def noted(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample desk with decisions that no run has carried out yet."""
    desk = tmp_path_factory.mktemp("noted") / "desk"
    shutil.copytree(sample, desk)
    first, *others = DECISIONS
    assert "The next run carries it out" in decide(desk, *first)
    for arguments in others:  # in this process, which is faster
        said = CliRunner().invoke(decide_group, [*arguments, "--who", "Ada", "--desk", str(desk)])
        assert "The next run carries it out" in said.output
    return desk


@pytest.fixture(scope="module")
def decided(noted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk after the run that carried them out."""
    desk = tmp_path_factory.mktemp("decided") / "desk"
    shutil.copytree(noted, desk)
    wiredesk("sample", desk, "--quiet")
    return desk


def copied(desk: Path, folder: Path) -> Path:
    return Path(shutil.copytree(desk, folder / "desk"))


def public(desk: Path) -> dict[str, str]:
    """Return what readers get."""
    return {path: digest for path, digest in outputs(desk).items() if path.startswith("public/")}


def document(desk: Path, name: str) -> dict[str, object]:
    found = json.loads((desk / f"public/api/news/{name}.json").read_bytes())
    assert isinstance(found, dict)
    return found


def reports(desk: Path, name: str) -> list[str]:
    """Return the titles of all that a story is told by."""
    coverage = document(desk, name)["coverage"]
    assert isinstance(coverage, list)
    return [report["title"] for report in coverage]


def record(desk: Path, name: str) -> str:
    return (desk / f"records/_news/{name}.md").read_text("utf-8")


def test_a_merge_shows_on_the_site_and_in_the_api_and_leaves_a_pointer(decided: Path) -> None:
    pointer = record(decided, GONE)
    assert f"mergedInto: {KEPT}.md\n" in pointer
    assert "published: false\n" in pointer
    shown = [
        file
        for file in (decided / "public").rglob("*")
        if file.is_file() and (GONE in file.name or f"/{GONE}.".encode() in file.read_bytes())
    ]
    assert shown == [], "no list, feed or page leads to it"
    assert any(title.startswith("“We felt the road") for title in reports(decided, KEPT))
    assert "Harbour Courier" in (decided / f"public/news/{KEPT}.html").read_text("utf-8")


def test_what_was_said_of_records_shows(decided: Path) -> None:
    assert not (decided / f"public/api/news/{SPIKED}.json").exists()
    assert document(decided, HERON)["title"] == "Heron 3 is out"
    topics = document(decided, EYES)["topics"]
    assert isinstance(topics, list)
    assert "Robotics" in topics
    assert "AI in Health" not in topics
    front = (decided / "public/index.html").read_text("utf-8")
    assert front.index(PINNED) < min(front.index(name) for name in (KEPT, HERON, LAW))


def test_what_leaves_a_story_is_a_record_of_its_own_and_says_where_it_was(
    decided: Path, sample: Path
) -> None:
    new = [file for file in records(decided) if not (sample / "records/_news" / file.name).exists()]
    titles = [parse(file.read_bytes()).record.title for file in new]
    assert [title.partition(":")[0] for title in titles] == [
        "Hands on with Heron 3",
        "The Act that nobody loved",
    ]
    assert "split from story" in wiredesk("explain", new[1]).stdout
    assert not any(title.startswith("The Act") for title in reports(decided, LAW))
    assert not any(title.startswith("Hands on") for title in reports(decided, HERON))


def test_explain_names_the_decisions(decided: Path) -> None:
    pointer = wiredesk("explain", decided / f"records/_news/{GONE}.md").stdout
    assert "one bridge, one night" in pointer
    said = wiredesk("explain", decided / f"records/_news/{KEPT}.md").stdout
    assert "Decisions" in said
    assert "one bridge, one night" in said
    assert "Ada" in said
    assert "put here by the decision" in said


def test_a_second_run_changes_no_byte(decided: Path, tmp_path: Path) -> None:
    desk = copied(decided, tmp_path)
    before = outputs(desk) | {"journal": (desk / "decisions.jsonl").read_text("utf-8")}
    report = json.loads(wiredesk("sample", desk, "--json").stdout)
    assert outputs(desk) | {"journal": (desk / "decisions.jsonl").read_text("utf-8")} == before
    assert report["commit"] == ""


def test_a_store_that_was_lost_comes_to_the_same(decided: Path, tmp_path: Path) -> None:
    desk = copied(decided, tmp_path)
    shutil.rmtree(desk / "state")
    wiredesk("rebuild", desk)
    wiredesk("sample", desk, "--quiet")
    assert outputs(desk) == outputs(decided)


def test_a_desk_that_starts_anew_with_the_journal_shows_the_same(
    decided: Path, tmp_path: Path
) -> None:
    desk = copied(decided, tmp_path)
    for folder in ("state", "public", "records"):
        shutil.rmtree(desk / folder)
    wiredesk("sample", desk, "--quiet")
    for name in (KEPT, LAW, EYES):
        assert document(desk, name) == document(decided, name)
    for name in (GONE, SPIKED):
        assert not (desk / f"public/api/news/{name}.json").exists()
    assert document(desk, HERON)["title"] == "Heron 3 is out"
    assert not any(title.startswith("Hands on") for title in reports(desk, HERON))
    assert not (desk / f"records/_news/{GONE}.md").exists(), "nothing ever pointed to it"


def test_killed_while_it_is_carried_out_the_next_run_ends_in_the_same_state(
    decided: Path, noted: Path, tmp_path: Path
) -> None:
    for attempt, moment in enumerate(MOMENTS):
        desk = copied(noted, tmp_path / str(attempt))
        process = subprocess.Popen(
            [sys.executable, "-m", "wiredesk", "sample", str(desk)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wiredesk("sample", desk, "--quiet")
        assert outputs(desk) == outputs(decided), f"killed after {moment} s"


def test_undoing_all_of_it_gives_readers_what_they_had(
    decided: Path, sample: Path, tmp_path: Path
) -> None:
    desk = copied(decided, tmp_path)
    listed = decide(desk, "list", "--json")
    for line in listed.splitlines():
        said = CliRunner().invoke(
            decide_group, ["undo", json.loads(line)["id"], "-m", "no", "--desk", str(desk)]
        )
        assert said.exit_code == 0, said.output
    wiredesk("sample", desk, "--quiet")
    assert public(desk) == public(sample)
    states = {json.loads(line)["state"] for line in decide(desk, "list", "--json").splitlines()}
    assert states == {"undone", "holds"}


def test_broken_lines_of_the_journal_are_told_and_cost_nothing_else(
    noted: Path, decided: Path, tmp_path: Path
) -> None:
    desk = copied(noted, tmp_path)
    journal = desk / "decisions.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b'{"what": "praise"}\n' + b"".join(lines) + b'{"what": "spike", "st')
    done = wiredesk("sample", desk)
    assert "decisions.jsonl:1: " in done.stdout + done.stderr
    assert f"decisions.jsonl:{len(lines) + 2}: " in done.stdout + done.stderr
    assert outputs(desk) == outputs(decided)
    decide(desk, "spike", EYES, "-m", "a torn line is closed before the next")
    assert [line["what"] for line in map(json.loads, decide(desk, "list", "--json").splitlines())][
        -1
    ] == "spike"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("spike", "no such thing"), "no story here has such an id, record, address or title"),
        (("spike", "chip"), "may be any of"),
        (("spike", ""), "no story here"),
        (("merge", KEPT, KEPT), "these are one already"),
        (("merge", KEPT, GONE), "tells nothing any more"),
        (("split", EYES, "zebra"), "nothing in the story is called 'zebra'"),
        (("split", EYES, "AI eye", "Computer", "halves"), "the whole story"),
        (("exclude", KEPT, "e"), "may be any of"),
        (("topics", EYES, "--add", "Robotic"), "Robotics?"),
        (("topics", EYES), "name topics with --add and --remove"),
        (("topics", EYES, "--add", "AI", "--remove", "ai"), "both added and removed"),
        (("retitle", EYES, "  "), "a word at least"),
        (("pin", EYES, "--until", "2001-01-01"), "is over"),
        (("pin", EYES, "--until", "soon"), "does not match"),
        (("undo", "nothing"), "there is no decision"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_meant_is_told_and_nothing_is_noted(
    decided: Path, arguments: tuple[str, ...], told: str
) -> None:
    before = (decided / "decisions.jsonl").read_bytes()
    said = CliRunner().invoke(decide_group, [*arguments, "-m", "why not", "--desk", str(decided)])
    assert said.exit_code != 0
    assert told in said.output + (
        str(said.exception) if isinstance(said.exception, NotFound) else ""
    )
    assert (decided / "decisions.jsonl").read_bytes() == before


def test_no_decision_without_a_reason(decided: Path) -> None:
    for reason in ([], ["-m", "  "]):
        said = CliRunner().invoke(decide_group, ["spike", EYES, *reason, "--desk", str(decided)])
        assert said.exit_code == 2
        assert "--why" in said.output


def test_a_story_goes_by_its_id_record_page_article_and_title(decided: Path) -> None:
    told = json.loads(wiredesk("explain", "--json", decided / f"records/_news/{EYES}.md").stdout)
    story = told["story"]["id"]
    article = told["articles"][0]["article"]
    slug = EYES.removeprefix("2026-03-03-")
    names = (
        *(story, story[:8], EYES, slug, f"{EYES}.md", f"_news/{EYES}.md"),
        *(str(decided / f"records/_news/{EYES}.md"), article["webUrl"], "eye SCREENING as safe"),
        *(f"https://sample-desk.example/news/{EYES}.html", "Computer checks eyes"),
    )
    for name in names:
        shown = CliRunner().invoke(decide_group, ["show", name, "--desk", str(decided)])
        assert f"story {story}, published" in shown.output, name


def test_the_part_that_the_lead_is_in_keeps_the_record(noted: Path, tmp_path: Path) -> None:
    desk = copied(noted, tmp_path)
    said = CliRunner().invoke(
        decide_group, ["split", EYES, "AI eye", "-m", "the trial alone", "--desk", str(desk)]
    )
    assert "The lead is among them: they keep the record" in said.output
    assert "With 1 copy of what leaves" in said.output
    assert "1 of 3 articles" in said.output
    line = json.loads((desk / "decisions.jsonl").read_text("utf-8").splitlines()[-1])
    assert len(line["articles"]) == 1
    assert len(line["rest"]) == 2
