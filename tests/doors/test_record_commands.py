"""The commands ``record check`` and ``record score``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wiredesk.doors.record_commands import record
from wiredesk.records.frontmatter import MOST_BYTES

RECORD = """\
---
category: news
title: "New chip for AI in the harbour"
publishedDateTime: 2026-03-02T09:30:00Z
webUrl: "https://harbour-courier.example/a"
ampWebUrl: "https://harbour-courier.example/amp/a"
type: article

provider:
  name: Harbour: Courier
  domain: harbour-courier.example

topics:
  - AI Hardware
  - AI

images:
  - url: "https://harbour-courier.example/a.jpg"

---

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Records, topics and providers."""
    (tmp_path / "good.md").write_bytes(RECORD.encode())
    (tmp_path / "crlf.md").write_bytes(RECORD.replace("\n", "\r\n").encode())
    other = RECORD.replace("Harbour: Courier", "Courier").replace(
        'webUrl: "https://harbour-courier.example/a"', "webUrl: https://harbour-courier.example/a"
    )
    (tmp_path / "other.md").write_bytes(other.encode())
    broken = RECORD.replace("T09:30:00Z", " in March")
    (tmp_path / "broken.md").write_bytes(broken.encode())
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "01-ai.yaml").write_text("name: AI\nkeywords: [ai]\n")
    hardware = "name: AI Hardware\nparent: Computing\nkeywords: [chip]\n"
    (tmp_path / "topics" / "02-hardware.yaml").write_text(hardware)
    (tmp_path / "providers").mkdir()
    provider = "name: Harbour Courier\nstanding: 30\n"
    (tmp_path / "providers" / "harbour-courier.example.yaml").write_text(provider)
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(record, [str(argument) for argument in arguments])


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_file_in_the_form_gives_the_same_bytes(folder: Path) -> None:
    done = run("check", folder / "good.md", folder / "crlf.md")
    assert done.exit_code == 0
    assert done.stdout == f"{folder}/good.md: the same bytes\n{folder}/crlf.md: the same bytes\n"
    assert done.stderr == ""


def test_quiet_says_only_what_does_not_round_trip(folder: Path) -> None:
    assert run("check", "--quiet", folder / "good.md").output == ""
    done = run("check", "--quiet", folder / "good.md", folder / "other.md")
    assert done.output.count("\n") == 1


def test_another_form_is_named_with_the_first_line_that_differs(folder: Path) -> None:
    done = run("check", folder / "other.md")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{folder}/other.md:5: reads well")


def test_malformed_input_is_told_with_its_line_and_does_not_stop_the_others(folder: Path) -> None:
    done = run("check", folder / "broken.md", folder / "absent.md", folder / "good.md", folder)
    assert done.exit_code == 1
    assert done.stdout == f"{folder}/good.md: the same bytes\n"
    broken, absent, directory = done.stderr.splitlines()
    assert broken.startswith(f"{folder}/broken.md:4: expected for 'publishedDateTime' a time")
    assert absent == (
        f"{folder}/absent.md:1: expected a file that can be read (No such file or directory)"
    )
    assert directory == f"{folder}:1: expected a file that can be read (Is a directory)"


def test_json_is_one_object_a_file(folder: Path) -> None:
    done = run("check", "--json", folder / "good.md", folder / "other.md", folder / "broken.md")
    assert done.exit_code == 1
    assert [(line["roundTrips"], line["line"]) for line in lines(done.stdout)] == [
        (True, 0),
        (False, 5),
        (False, 4),
    ]


def test_a_huge_file_is_not_read_whole(folder: Path) -> None:
    with (folder / "huge.md").open("wb") as file:
        file.truncate(50 * MOST_BYTES)
    done = run("check", folder / "huge.md")
    assert done.exit_code == 1
    assert "a record of at most 10,000,000 bytes" in done.stderr


def test_no_file_is_a_wrong_usage() -> None:
    assert run("check").exit_code == 2
    assert run("score").exit_code == 2


@pytest.mark.shared
def test_the_seed_record_passes() -> None:
    seed = Path(__file__).resolve().parents[3] / "shared" / "contract" / "record.md"
    if not seed.exists():
        pytest.skip("the shared contract is not beside the checkout")
    done = run("check", seed)
    assert (done.exit_code, done.stdout) == (0, f"{seed}: the same bytes\n")


def test_scores_are_one_json_object_a_line(folder: Path) -> None:
    topics, providers = folder / "topics", folder / "providers"
    done = run("score", "--topics", topics, folder / "good.md", folder / "crlf.md")
    assert done.exit_code == 0
    assert lines(done.stdout) == [
        {"file": f"{folder}/{name}.md", "quality": 74, "heat": 74, "published": True}
        for name in ("good", "crlf")
    ]
    known = run("score", "--topics", topics, "--providers", providers, folder / "good.md")
    assert lines(known.stdout)[0]["quality"] == 104


def test_explain_adds_the_ledgers(folder: Path) -> None:
    done = run("score", "--topics", folder / "topics", "--explain", folder / "good.md")
    (line,) = lines(done.stdout)
    ledger = line["ledger"]
    assert isinstance(ledger, dict)
    assert sum(one["points"] for one in ledger["quality"]) == line["quality"] == 74
    assert sum(one["points"] for one in ledger["heat"]) == line["heat"] == 74
    assert {one["signal"] for one in ledger["quality"]} == {"topics", "keyword", "image", "amp"}
    assert all(one["reason"] for one in ledger["quality"])


def test_a_broken_record_does_not_stop_the_scores_of_the_others(folder: Path) -> None:
    done = run("score", "--topics", folder / "topics", folder / "broken.md", folder / "other.md")
    assert done.exit_code == 1
    assert [line["quality"] for line in lines(done.stdout)] == [74]
    assert done.stderr.startswith(f"wiredesk: {folder}/broken.md:4: expected")


def test_the_threshold_is_the_options_then_the_desks_then_70(folder: Path) -> None:
    base = ("score", "--topics", folder / "topics", folder / "good.md")
    desk = folder / "desk.toml"
    desk.write_text("[score]\nthreshold = 75\n[score.classic]\nimage = 19\n")
    for path in (desk, folder):
        assert lines(run(*base, "--desk", path).stdout)[0] == {
            "file": f"{folder}/good.md", "quality": 73, "heat": 73, "published": False,
        }  # fmt: skip
    assert lines(run(*base, "--desk", desk, "--threshold", 73).stdout)[0]["published"] is True
    assert lines(run(*base, "--threshold", 75).stdout)[0]["published"] is False


def test_a_topic_file_that_cannot_be_used_ends_the_command_with_2(folder: Path) -> None:
    (folder / "topics" / "03-x.yaml").write_text("name: X\nkeyword: [x]\n")
    code = "import sys; from wiredesk.doors.cli import main; sys.argv[0] = 'wiredesk'; main()"
    command = [sys.executable, "-c", code, "record", "score"]
    done = subprocess.run(
        [*command, "--topics", folder / "topics", folder / "good.md"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "03-x.yaml:2: there is no key 'keyword' here; keywords?" in done.stderr
