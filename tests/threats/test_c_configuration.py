"""Configuration that means harm, or was mistyped: the cases C of the threats, by their ids. The rows of
C02, C03 and C07 are in tests/records/test_safe_yaml.py and tests/adapters/test_desk_folder.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from configured import of_words, read_text_yaml, ready
from papers import edition, pages, record
from trials import tried

from wiredesk.adapters.desk_folder.topics import read_pack
from wiredesk.adapters.keys import exposure
from wiredesk.app.desk import new_desk, open_desk
from wiredesk.app.running import pipeline as desk_pipeline
from wiredesk.doors.progress import Silent
from wiredesk.errors import ConfigError
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Classify


def bomb() -> str:
    steps = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    return "a0: &a0 [lol]\n" + "\n".join(steps)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bomb(), id="C02-aliases"),
        pytest.param("a: " + "[" * 2_000, id="C02-depth"),
        pytest.param("".join(" " * n + "a:\n" for n in range(2_000)), id="C02-depth-of-keys"),
        pytest.param("a: " + "x" * 5_000_000, id="C02-5-MB"),
        pytest.param("a: 1\na: 2", id="C02-twice"),
        pytest.param("a: \0", id="C02-NUL"),
        pytest.param("\ufeffa: 1", id="C02-BOM"),
        pytest.param("<<: {a: 1}\n<<: {b: 2}", id="C02-merge"),
        pytest.param("a: !!python/object/apply:os.system ['true']", id="C02-tag"),
        pytest.param("? {a: 1}\n: x", id="C02-key-that-is-none"),
    ],
)
def test_c02_yaml_that_is_a_bomb_is_refused(text: str) -> None:
    assert tried(read_text_yaml, text).within(2, 200).as_(str).startswith("line")


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "1:30", "012", "0x10", "0o7", "2021-12-14", "1e3", "~", "null", "="]
)
def test_c03_a_word_is_never_a_number_a_date_or_a_truth(tmp_path: Path, word: str) -> None:
    (tmp_path / "a.yaml").write_text(f"name: x{word}\nkeywords: [{word}, x]\n", "utf-8")
    assert read_pack(tmp_path).topics[0].keywords == (word, "x")


def topics(pack: TopicPack, title: str) -> list[str]:
    article = Article(
        id="x",
        title=title,
        language="en",
        provider=ProviderName(name="Courier", domain="courier.example"),
        published_date_time=datetime(2026, 3, 1, tzinfo=UTC),
    )
    return [match.topic for match in Classify(pack)(article)]


def test_c04_a_pattern_in_a_keyword_is_no_pattern() -> None:
    assert topics(of_words(["(a+)+$"]), "a" * 200 + "!") == []
    assert topics(of_words(["f.rry", "ferr.*"]), "A ferry runs") == []


@pytest.mark.parametrize("empty", ["''", "' '", '"\\t"', "'!'", "'!!'", "'#'"])
def test_c04_an_empty_keyword_is_refused(tmp_path: Path, empty: str) -> None:
    (tmp_path / "a.yaml").write_text(f"name: A\nkeywords: [x, {empty}]\n", "utf-8")
    with pytest.raises(ConfigError, match=r"a\.yaml:2: keywords: an empty one"):
        read_pack(tmp_path)


def test_c04_a_keyword_of_one_letter_is_a_word_of_its_own() -> None:
    assert topics(of_words(["R"]), "Letters are in every report") == []


def test_c04_100000_keywords_are_ready_in_a_second() -> None:
    assert tried(ready, 100_000).as_(float) < 1


MARKUP = [
    "<b>{{7*7}}</b>",
    "${7*7}",
    "{% for x in y %}",
    "</script><script>alert(1)</script>",
    "<!--",
]


@pytest.mark.parametrize("name", MARKUP)
def test_c06_a_name_is_shown_as_it_was_written(name: str) -> None:
    pack = TopicPack((Topic(name=name, description=name),))
    made = pages(edition([record(1, topics=(name,))], pack=pack, name=name, tagline=name))
    shown = made["index.html"].decode()
    assert "<script>alert(1)" not in shown
    assert "<b>{{7*7}}" not in shown
    assert "49" not in [word.strip("<>/b ") for word in shown.split()]


def run(desk: Path) -> tuple[int, str]:
    """Run the desk by the command; return the exit code and what it said."""
    command = [sys.executable, "-m", "wiredesk", "run", str(desk)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return new_desk(tmp_path / "desk", "plain", ("https://courier.example/feed",)).root


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param("nmae = 'x'", "no such setting; name?", id="C07-unknown-key"),
        pytest.param("workers = 'many'", "workers: expected int", id="C07-wrong-type"),
        pytest.param("[fetch]\nconcurrency = 0", "fetch.concurrency: more than 0", id="C07-bounds"),
    ],
)
def test_c07_a_desk_with_a_wrong_setting_does_not_start(desk: Path, wrong: str, told: str) -> None:
    (desk / "desk.toml").write_text(wrong, "utf-8")
    code, said = run(desk)
    assert code == 2
    assert told in said
    assert not (desk / "state").exists()


@pytest.mark.parametrize("kind", ["missing", "folder", "unreadable"])
def test_c07_a_desk_whose_file_cannot_be_read_does_not_start(desk: Path, kind: str) -> None:
    file = desk / "desk.toml"
    if kind == "unreadable":
        if os.geteuid() == 0:
            pytest.skip("root may read every file")
        file.chmod(0)
    else:
        file.unlink()
        if kind == "folder":
            file.mkdir()
    code, said = run(desk)
    assert (code, said.count("\n")) == (2, 1)


def test_c07_each_problem_has_its_line(desk: Path) -> None:
    (desk / "desk.toml").write_text("nmae = 'x'\nworkers = 'many'\n[fecth]\n", "utf-8")
    lines = run(desk)[1].splitlines()
    assert [sum(f"desk.toml:{n}:" in line for line in lines) for n in (1, 2, 3)] == [1, 1, 1]


def test_c08_a_secret_that_others_can_read_is_told(desk: Path) -> None:
    assert exposure(desk / "keys" / "desk.key") == ""
    (desk / "keys" / "desk.key").chmod(0o644)
    (desk / "mail.password").write_text("s3cret", "utf-8")
    (desk / "mail.password").chmod(0o644)
    settings = '[newsletter.smtp]\npassword_file = "mail.password"\nuser = "desk"\n'
    (desk / "desk.toml").write_text(settings, "utf-8")
    with desk_pipeline(open_desk(desk), Silent()) as made:
        warned = " ".join(made.warnings)
    assert "desk.key" in warned
    assert "mail.password" in warned
    assert "s3cret" not in warned


def test_c08_no_setting_holds_a_secret_itself(desk: Path) -> None:
    (desk / "desk.toml").write_text('[newsletter.smtp]\npassword = "s3cret"\n', "utf-8")
    code, said = run(desk)
    assert (code, "s3cret" in said) == (2, False)
