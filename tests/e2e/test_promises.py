"""The promises of a desk, on the bundled sample wire, by the real command."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from desks import empty_wire, git, outputs, records, tree, wiredesk

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.warc import RecordingWeb
from wiredesk.records.frontmatter import parse
from wiredesk.records.page import Answer, Purpose, Request

KILLS = 20


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = tmp_path_factory.mktemp("sample") / "desk"
    wiredesk("sample", desk)
    return desk


@pytest.fixture
def copy(sample: Path, tmp_path: Path) -> Path:
    desk = tmp_path / "desk"
    shutil.copytree(sample, desk)
    return desk


def test_a_second_run_changes_no_byte_and_makes_no_commit(copy: Path) -> None:
    before = outputs(copy)
    report = json.loads(wiredesk("sample", copy, "--json").stdout)
    assert outputs(copy) == before
    assert report["commit"] == ""
    assert report["newRecords"] == report["changedRecords"] == 0


@pytest.mark.parametrize(
    ("workers", "env"),
    [
        (1, {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}),
        (2, {"TZ": "America/St_Johns", "PYTHONHASHSEED": "77", "LC_ALL": "C"}),
        (3, {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"}),
    ],
)
def test_zone_locale_hash_seed_and_workers_change_no_byte(
    sample: Path, tmp_path: Path, workers: int, env: dict[str, str]
) -> None:
    desk = unrun(sample, tmp_path, workers=workers)
    wiredesk("sample", desk, env=env)
    assert outputs(desk) == outputs(sample)


def test_killed_at_random_moments_the_next_run_ends_in_the_same_state(
    sample: Path, tmp_path: Path
) -> None:
    undisturbed = outputs(sample)
    dice = random.Random(20260306)
    desk = unrun(sample, tmp_path)
    began = time.monotonic()
    wiredesk("sample", desk)
    whole = time.monotonic() - began
    for attempt in range(KILLS):
        desk = unrun(sample, tmp_path / str(attempt))
        process = subprocess.Popen(
            [sys.executable, "-m", "wiredesk", "sample", str(desk)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(dice.uniform(0.1, whole))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wiredesk("sample", desk)
        assert outputs(desk) == undisturbed, f"killed run {attempt}"


def test_a_recorded_run_is_replayed_to_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    wire = resources.files("wiredesk") / "samples" / "wire.warc.gz"
    desk, again = unrun(sample, tmp_path / "one"), unrun(sample, tmp_path / "two")
    recording = tmp_path / "run.warc.gz"
    with resources.as_file(wire) as path:
        code = (
            "from pathlib import Path; import sys\n"
            "from wiredesk.app.desk import open_desk\n"
            "from wiredesk.app.running import pipeline\n"
            "from wiredesk.doors.progress import Silent\n"
            "desk, wire, run = map(Path, sys.argv[1:])\n"
            "with pipeline(open_desk(desk), Silent(), record=run, replay=wire) as p: p.run()\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(desk), str(path), str(recording)], check=True
        )
    wiredesk("run", again, "--replay", recording)
    assert outputs(again) == outputs(desk) == outputs(sample)


def test_a_lost_store_is_rebuilt_from_a_clone_and_the_key(copy: Path, tmp_path: Path) -> None:
    before = outputs(copy)
    shutil.rmtree(copy / "state")
    shutil.rmtree(copy / "public")
    mirror = tmp_path / "mirror.git"
    shutil.move(copy / "records", tmp_path / "old")
    subprocess.run(["git", "clone", "-q", "--mirror", tmp_path / "old", mirror], check=True)
    subprocess.run(["git", "clone", "-q", mirror, copy / "records"], check=True)
    wiredesk("rebuild", copy)
    wiredesk("sample", copy)
    assert outputs(copy) == before


def test_after_a_rebuild_a_run_without_network_changes_no_record(copy: Path) -> None:
    before = tree(copy)
    shutil.rmtree(copy / "state")
    wiredesk("rebuild", copy)
    report = json.loads(wiredesk("run", copy, "--replay", empty_wire(copy), "--json").stdout)
    assert tree(copy) == before
    assert report["commit"] == ""


def test_a_humans_edit_of_a_record_survives_and_shows(copy: Path) -> None:
    file = next(f for f in records(copy) if "published: true" in f.read_text())
    text = file.read_text()
    title = next(line for line in text.splitlines() if line.startswith("title: "))
    edited = text.replace(title, 'title: "The editor says it better"') + "A note by the editor.\n"
    file.write_text(edited.replace("type: article", "type: article\nmood: calm", 1))
    wiredesk("sample", copy)
    assert "The editor says it better" in file.read_text()
    index = json.loads((copy / "public/api/news/index.json").read_text())
    assert "The editor says it better" in [value["title"] for value in index["value"]]
    for setting in (70, 71):  # other numbers, so that every record is drafted anew
        desk_toml = copy / "desk.toml"
        desk_toml.write_text(
            desk_toml.read_text().partition("[score]")[0]
            + f"[score]\nhalf_life_hours = {setting}\n"
        )
        wiredesk("sample", copy)
        kept = file.read_text()
        assert "The editor says it better" in kept
        assert "mood: calm" in kept
        assert kept.endswith("A note by the editor.\n")
    assert git(copy, "status", "--porcelain") == ""


def test_a_seal_that_was_taken_away_is_put_back(copy: Path) -> None:
    file = records(copy)[0]
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("secured: ")))
    said = wiredesk("sample", copy).stdout
    assert "sealed anew" in said
    assert "secured: " in file.read_text()
    shutil.rmtree(copy / "state")
    before = outputs(copy)
    wiredesk("rebuild", copy)
    wiredesk("sample", copy)
    assert outputs(copy) == before


def test_a_copy_of_a_record_is_no_record_not_even_after_a_rebuild(copy: Path) -> None:
    file = records(copy)[3]
    shutil.copy(file, file.with_name("0-copy.md"))
    wiredesk("sample", copy)
    before = (copy / "public/api/news/index.json").read_bytes()
    shutil.rmtree(copy / "state")
    wiredesk("rebuild", copy, ok=False)
    wiredesk("sample", copy)
    assert (copy / "public/api/news/index.json").read_bytes() == before


def test_records_without_a_store_ask_for_a_rebuild(copy: Path) -> None:
    shutil.rmtree(copy / "state")
    done = wiredesk("sample", copy, ok=False)
    assert done.returncode == 2
    assert "wiredesk rebuild" in done.stderr


def test_one_more_article_seals_no_record_anew_for_nothing(copy: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    page = pages / "library.html"
    words = "The town library lends its books again, and a chatbot answers at night. " * 20
    page.write_text(
        "<html lang=en><head><title>Library opens with an AI chatbot</title>"
        '<meta property="article:published_time" content="2026-03-06T17:00:00Z"></head>'
        f"<body><article><h1>Library opens with an AI chatbot</h1><p>{words}</p></article></body></html>"
    )
    os.utime(page, (1772820000, 1772820000))  # 2026-03-06T18:00:00Z, when the wire was recorded
    desk_toml = copy / "desk.toml"
    desk_toml.write_text(
        f'{desk_toml.read_text()}\n[[sources]]\nkind = "folder"\npath = "{pages}"\n'
    )
    report = json.loads(wiredesk("sample", copy, "--json").stdout)
    assert report["newRecords"] == 1
    changed = git(copy, "show", "--format=", "--numstat", "HEAD").splitlines()
    only_one_line = [line for line in changed if line.startswith("1\t1\t")]
    assert only_one_line == []


def test_an_old_archive_is_judged_on_a_desk_of_today(copy: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    words = "The harbour gets an AI system that counts ships, and a language model explains. " * 20
    (pages / "old.html").write_text(
        "<html lang=en><head><title>AI counts ships</title>"
        '<meta property="article:published_time" content="2019-05-01T10:00:00Z"></head>'
        f"<body><article><h1>AI counts ships</h1><p>{words}</p></article></body></html>"
    )
    os.utime(pages / "old.html", (1556704800, 1556704800))
    desk_toml = copy / "desk.toml"
    desk_toml.write_text(
        f'{desk_toml.read_text()}\n[[sources]]\nkind = "folder"\npath = "{pages}"\n'
    )
    report = json.loads(wiredesk("sample", copy, "--json").stdout)
    assert report["newRecords"] == 1
    assert (copy / "records/_news/2019-05-01-ai-counts-ships.md").exists()


def test_a_record_that_an_editor_spiked_stays_off_the_api(copy: Path) -> None:
    file = next(f for f in records(copy) if "published: true" in f.read_text())
    file.write_text(file.read_text().replace("published: true", "published: false"))
    wiredesk("sample", copy)
    assert f"news/{file.stem}" not in (copy / "public/api/news/index.json").read_text()


def test_a_record_that_an_editor_deleted_does_not_come_back(copy: Path) -> None:
    file = records(copy)[0]
    file.unlink()
    wiredesk("sample", copy)
    assert not file.exists()
    shutil.rmtree(copy / "state")
    wiredesk("rebuild", copy)
    wiredesk("sample", copy)
    assert not file.exists()


def test_nothing_secret_is_in_the_api(sample: Path) -> None:
    key = (sample / "keys/desk.key").read_text().strip()
    for file in (sample / "public").rglob("*.json"):
        text = file.read_text()
        assert "secured" not in text
        assert "wd1." not in text
        assert key not in text
        if file.name != "openapi.json" and file.parent.name != "schemas":
            assert '"ledger"' not in text
            assert '"points"' not in text


def test_every_record_of_ours_round_trips(sample: Path) -> None:
    assert wiredesk("record", "check", "--quiet", *records(sample)).stdout == ""


def test_explain_says_why(sample: Path) -> None:
    file = next(f for f in records(sample) if "published: true" in f.read_text())
    said = wiredesk("explain", file).stdout
    for word in (
        "Quality",
        "Heat",
        "Outlook",
        "Topics",
        "Where each field came from",
        "The story:",
    ):
        assert word in said


def test_explain_adds_up_to_the_numbers_of_the_record(sample: Path) -> None:
    for file in records(sample)[:8]:
        shown = parse(file.read_bytes()).record
        said = wiredesk("explain", file).stdout
        numbers = [int(line.split()[1]) for line in said.splitlines() if line.startswith("  = ")]
        assert numbers == [shown.quality, shown.heat]
        told = json.loads(wiredesk("explain", "--json", file).stdout)
        assert told["outlook"]["threshold"] == 70
        assert bool(told["outlook"]["missing"]) is not shown.published


def test_explain_needs_no_desk_but_its_key(sample: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(records(sample)[0], tmp_path))
    said = wiredesk("explain", file, "--key", sample / "keys/desk.key").stdout
    assert "Quality" in said
    assert "Outlook" not in said


def test_a_ledger_that_is_shown_adds_up_survives_and_changes_no_byte_again(copy: Path) -> None:
    toml = copy / "desk.toml"
    plain = toml.read_text()
    silent = {file.name: file.read_text().partition("secured: ")[0] for file in records(copy)}
    toml.write_text(plain.replace("[publish]\n", "[publish]\npublic_ledger = true\n"))
    wiredesk("sample", copy)
    for file in records(copy):
        shown = parse(file.read_bytes()).record
        assert shown.ledger is not None
        assert sum(line.points for line in shown.ledger.quality) == shown.quality
        assert sum(line.points for line in shown.ledger.heat) == shown.heat
    assert wiredesk("record", "check", "--quiet", *records(copy)).stdout == ""
    document = next((copy / "public/api/news").glob("2026-*.json"))
    told = json.loads(document.read_text())
    assert sum(line["points"] for line in told["ledger"]["heat"]) == told["heat"]
    assert "ledger" not in (copy / "public/api/news/index.json").read_text()
    file = records(copy)[0]
    file.write_text(file.read_text().replace("type: article", "type: article\nmood: calm", 1))
    before = outputs(copy)
    wiredesk("sample", copy)
    assert outputs(copy) == before
    shutil.rmtree(copy / "state")
    wiredesk("rebuild", copy)
    wiredesk("sample", copy)
    assert outputs(copy) == before
    toml.write_text(plain)
    wiredesk("sample", copy)
    hidden = {file.name: file.read_text().partition("secured: ")[0] for file in records(copy)}
    assert hidden == silent | {file.name: hidden[file.name] for file in records(copy)[:1]}
    assert "mood: calm" in hidden[file.name]
    assert "\nledger:" not in "".join(hidden.values())


def test_a_list_of_ratings_says_who_stands_how_and_what_of_it_was_of_no_use(copy: Path) -> None:
    (copy / "list.csv").write_text("domain,pc1\ndaily-zing.example,0.95\nbroken.example\n")
    toml = copy / "desk.toml"
    toml.write_text(f'{toml.read_text()}\n[score]\nratings = "list.csv"\n')
    said = wiredesk("sample", copy).stdout
    assert "list.csv:3: there is no column 2" in said
    shown = {file: parse(file.read_bytes()).record.provider.domain for file in records(copy)}
    rated = next(file for file, domain in shown.items() if domain.endswith("daily-zing.example"))
    told = json.loads(wiredesk("explain", "--json", rated).stdout)["story"]
    ledger = told["scores"][told["lead"]]["quality"]
    reasons = [line["reason"] for line in ledger["lines"] if line["signal"] == "standing"]
    assert reasons == ["daily-zing.example is rated 0.95 of 1 in list.csv"]


def test_without_a_network_each_source_reports_and_the_run_ends_well(tmp_path: Path) -> None:
    desk = tmp_path / "my-desk"
    wiredesk("new", desk, "--pack", "ai")
    report = json.loads(wiredesk("run", desk, "--replay", empty_wire(desk), "--json").stdout)
    feeds = [source for source in report["sources"] if source["id"].startswith("feed:")]
    assert len(feeds) >= 20
    assert all(source["failure"] for source in feeds)


def test_two_runs_at_once_are_refused_with_exit_75(copy: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from wiredesk.adapters.sqlite import SqliteStore\n"
        "store = SqliteStore(Path(sys.argv[1]))\n"
        "with store.writer():\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(copy / "state/desk.sqlite")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    done = wiredesk("sample", copy, ok=False)
    holder.communicate()
    assert done.returncode == 75
    assert "Traceback" not in done.stderr


def unrun(sample: Path, folder: Path, workers: int = 0) -> Path:
    """Return a copy of the sample desk that has not run yet."""
    desk = folder / "desk"
    shutil.copytree(
        sample, desk, ignore=shutil.ignore_patterns("state", "records", "public", "__pycache__")
    )
    desk_toml = desk / "desk.toml"
    desk_toml.write_text(f"workers = {workers}\n{desk_toml.read_text()}")
    return desk


def test_a_page_behind_a_wall_is_an_article_of_what_its_entry_says(tmp_path: Path) -> None:
    at = datetime(2026, 3, 6, 18, tzinfo=UTC)
    feed, walled = "https://harbour-courier.example/feed", "https://harbour-courier.example/a"
    items = (
        f"<item><title>AI chip shown</title><link>{walled}</link><guid>1</guid></item>"
        f"<item><title>&lt;b&gt;</title><link>{walled}-untitled</link><guid>2</guid></item>"
    )
    body = f'<rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'.encode()
    web = MemoryWeb(
        {
            feed: Answer(url=feed, status=200, body=body, at=at),
            walled: Answer(url=walled, status=403, at=at),
            f"{walled}-untitled": Answer(url=f"{walled}-untitled", status=401, at=at),
        }
    )
    wire = tmp_path / "wall.warc.gz"
    with RecordingWeb(web, wire, at) as recording:
        asked: tuple[tuple[str, Purpose], ...] = (
            (feed, "feed"),
            (walled, "page"),
            (f"{walled}-untitled", "page"),
        )
        for url, purpose in asked:
            recording.exchange(Request(url=url, purpose=purpose))
    desk = tmp_path / "desk"
    wiredesk("new", desk, "--source", feed)
    report = json.loads(wiredesk("run", desk, "--replay", wire, "--json").stdout)
    assert report["read"] == 1
    told = json.loads(wiredesk("articles", desk, "--json").stdout)
    assert (told["title"], told["origins"]) == (
        "AI chip shown",
        {"article": "entry alone", "publishedDateTime": "first seen"},
    )
