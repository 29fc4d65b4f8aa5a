"""Newsletters by the real command, to a real mail server, over kills at any moment."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from desks import empty_wire, git, wiredesk
from mailserver import Mailbox, certificate, mail_server

from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.records.newsletter import Delivery

READERS = [f"reader{number:02}@reader.example" for number in range(40)]
KILLS = 8

ROUND = """
import sys
from datetime import datetime
from pathlib import Path
from wiredesk.adapters.clock import FixedClock
from wiredesk.app.desk import open_desk
from wiredesk.app.letters import newsletter
desk = open_desk(Path(sys.argv[1]))
with newsletter(desk, FixedClock(datetime.fromisoformat(sys.argv[2]))) as work:
    print("ready", flush=True)
    done = work()
    print(done.troubles)
"""
"""A round at a given time: what `wiredesk newsletter run` does at the machine's."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = tmp_path_factory.mktemp("sample") / "desk"
    wiredesk("sample", desk)
    return desk


def with_newsletter(
    desk: Path, port: int, cron: str = "0 6 * * *", review: int = 0, more: str = ""
) -> None:
    text = f"""
[newsletter]
deliver = "smtp"
sender = "news@desk.example"
url = "https://desk.example/mail"
review_minutes = {review}

[[newsletter.series]]
name = "daily"
cron = "{cron}"

[newsletter.smtp]
host = "127.0.0.1"
port = {port}
{more or 'security = "none"'}
"""
    toml = desk / "desk.toml"
    toml.write_text(toml.read_text().partition("\n[newsletter]")[0] + text)


def readers(desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    confirmed = "2026-01-01T00:00:00+00:00"
    lines = [f"{reader},active,daily,{confirmed}" for reader in READERS]
    file.write_text("\n".join(["address,status,series,confirmed", *lines]) + "\n")
    said = wiredesk("newsletter", "import", desk, file).stdout
    assert said == f"{len(READERS)} added, 0 were there, 0 lines not used\n"


def deliveries(desk: Path) -> list[Delivery]:
    with closing(SqliteLetters(desk / "state" / "newsletter.sqlite")) as letters:
        return [each for issue in letters.issues() for each in letters.deliveries(issue.id)]


def test_killed_at_any_moment_nobody_gets_a_letter_twice_and_nobody_is_lost(
    sample: Path, tmp_path: Path
) -> None:
    mailbox = Mailbox()
    dice = random.Random(20260307)
    at = "2026-03-07T06:00:00+00:00"
    with mail_server(mailbox) as port:
        desk = tmp_path / "desk"
        shutil.copytree(sample, desk)
        with_newsletter(desk, port)
        readers(desk, tmp_path)
        for _ in range(KILLS):
            process = subprocess.Popen(
                [sys.executable, "-c", ROUND, str(desk), at],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                text=True,
            )
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(dice.uniform(0, 0.5))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        done = subprocess.run(
            [sys.executable, "-c", ROUND, str(desk), at], capture_output=True, text=True, check=True
        )
    assert done.stdout.splitlines()[-1] == "()"
    arrived = Counter(recipient for _, recipient, _ in mailbox.letters)
    assert max(arrived.values()) == 1
    told = Counter(each.status for each in deliveries(desk))
    assert set(told) <= {"sent", "doubt"}
    assert told.total() == len(READERS)
    assert told["sent"] <= len(arrived) <= told["sent"] + told["doubt"]
    listed = json.loads(wiredesk("newsletter", "list", desk, "--json").stdout)
    assert listed["status"] == "sent"
    assert listed["deliveries"] == dict(sorted(told.items()))
    assert (
        git(desk, "log", "--format=%s", "--", "_newsletters") == "newsletter daily-2026-03-07-0600"
    )
    ids = {
        message_from_bytes(data, policy=policy.default)["Message-ID"]
        for *_, data in mailbox.letters
    }
    assert len(ids) == len(mailbox.letters)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A desk with one story of an hour ago."""
    pages, desk = tmp_path / "pages", tmp_path / "desk"
    pages.mkdir()
    at = datetime.now(UTC) - timedelta(hours=1)
    words = "The council voted to buy two electric ferries after years of dispute. " * 20
    (pages / "ferry.html").write_text(
        f"<html lang=en><head><title>Two electric ferries for Port Lorne</title>"
        f'<meta property="article:published_time" content="{at:%Y-%m-%dT%H:%M:%SZ}"></head>'
        f"<body><article><h1>Two electric ferries for Port Lorne</h1><p>{words}</p></article>"
        "</body></html>"
    )
    wiredesk("new", desk, "--source", pages)
    toml = desk / "desk.toml"
    toml.write_text(re.sub(r"(?m)^threshold = \d+$", "threshold = 0", toml.read_text()))
    wiredesk("run", desk, "--replay", empty_wire(tmp_path))
    return desk


def test_from_the_due_date_over_the_editor_to_the_mailbox(fresh: Path, tmp_path: Path) -> None:
    mailbox = Mailbox()
    ca_file, context = certificate(tmp_path)
    shutil.copy(ca_file, fresh / "ca.pem")
    with mail_server(mailbox, tls_context=context, require_starttls=True) as port:
        more = 'security = "starttls"\nca_file = "ca.pem"'
        with_newsletter(fresh, port, cron="0 0 * * *", review=600, more=more)
        readers(fresh, tmp_path)
        wiredesk("newsletter", "run", fresh)
        listed = json.loads(wiredesk("newsletter", "list", fresh, "--json").stdout)
        assert (listed["status"], listed["stories"]) == ("waiting", 1)
        edition = listed["id"]
        assert "electric ferries" in wiredesk("newsletter", "show", fresh, edition).stdout
        assert "held" in wiredesk("newsletter", "hold", fresh, edition).stdout
        record = next((fresh / "records" / "_news").iterdir())
        record.write_text(record.read_text().replace("Two electric", "Electric", 1))
        assert "released" in wiredesk("newsletter", "release", fresh, edition).stdout
        said = wiredesk("newsletter", "run", fresh).stdout
        assert f"{edition}: 40 recipients: 40 sent" in said
        assert wiredesk("newsletter", "run", fresh).stdout == ""
    assert sorted(recipient for _, recipient, _ in mailbox.letters) == READERS
    mail = message_from_bytes(mailbox.letters[0][2], policy=policy.default)
    assert mail["Subject"] == "News desk: Electric ferries for Port Lorne"
    assert not any(b"reader.example" in file.read_bytes() for file in public_files(fresh))
    assert "reader.example" not in git(fresh, "log", "-p", "--all")
    told = wiredesk("newsletter", "show", fresh, edition, "--recipients").stdout.splitlines()
    assert len(told) == 40
    assert re.fullmatch(r"sent +\S+ +250 reader\d\d@reader\.example 2\.0\.0 taken", told[0])


def public_files(desk: Path) -> Iterator[Path]:
    for folder in ("public", "records/_news", "records/_newsletters"):
        yield from (file for file in (desk / folder).rglob("*") if file.is_file())


def test_the_list_goes_out_comes_in_and_is_forgotten(fresh: Path, tmp_path: Path) -> None:
    with_newsletter(fresh, 1)
    readers(fresh, tmp_path)
    exported = wiredesk("newsletter", "export", fresh).stdout
    assert exported.splitlines()[0] == '"address","status","series","confirmed"'
    assert len(exported.splitlines()) == 41
    assert wiredesk("newsletter", "subscribers", fresh).stdout.split() == [
        "40", "active", "40", "get", "daily",
    ]  # fmt: skip
    assert wiredesk("newsletter", "forget", fresh, READERS[0]).stdout == "forgotten\n"
    assert wiredesk("newsletter", "forget", fresh, READERS[0]).stdout == "nothing is known of it\n"
    assert wiredesk("newsletter", "suppress", fresh, READERS[1]).stdout == "suppressed\n"
    local = READERS[0].partition("@")[0].encode()
    files = [file for file in fresh.rglob("*") if file.is_file()]
    assert not any(local in file.read_bytes() for file in files)


def test_a_server_that_is_down_is_told_and_the_next_run_goes_on(
    fresh: Path, tmp_path: Path
) -> None:
    with_newsletter(fresh, 1, cron="0 0 * * *")
    readers(fresh, tmp_path)
    done = wiredesk("newsletter", "run", fresh, ok=False)
    assert done.returncode == 1
    assert "127.0.0.1:1 takes no letters" in done.stderr
    assert "40 waiting" in done.stdout
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        toml = fresh / "desk.toml"
        toml.write_text(toml.read_text().replace("port = 1\n", f"port = {port}\n"))
        wiredesk("newsletter", "run", fresh)
    assert len(mailbox.letters) == 40


def test_a_letter_that_came_back_is_read_from_a_pipe_or_a_folder(
    fresh: Path, tmp_path: Path
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        with_newsletter(fresh, port, cron="0 0 * * *")
        readers(fresh, tmp_path)
        wiredesk("newsletter", "run", fresh)
    headers = mailbox.letters[0][2].partition(b"\r\n\r\n")[0].decode()
    report = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; somebody\nAction: failed\nStatus: 5.1.1\n\n--b\n"
        f"Content-Type: text/rfc822-headers\n\n{headers}\n--b--\n"
    )
    folder = tmp_path / "maildir" / "new"
    folder.mkdir(parents=True)
    (folder / "1").write_text(report)
    (folder / "2").write_text("Subject: hello\n\nI am away.\n")
    said = wiredesk("newsletter", "bounces", fresh, tmp_path / "maildir").stdout
    assert said == "1 bounced, 1 no report\n"
    assert "39 active" in wiredesk("newsletter", "subscribers", fresh).stdout


def test_a_desk_without_newsletters_says_what_to_add(fresh: Path) -> None:
    done = wiredesk("newsletter", "run", fresh, ok=False)
    assert (done.returncode, "[[newsletter.series]]" in done.stderr) == (2, True)


def test_the_door_lets_a_reader_in_and_out_and_ends_when_told(fresh: Path) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        with_newsletter(fresh, port)
        door = subprocess.Popen(
            [sys.executable, "-m", "wiredesk", "newsletter", "serve", str(fresh), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert door.stdout is not None
        said = re.search(r"http://127\.0\.0\.1:(\d+)/", door.stdout.readline())
        assert said is not None
        assert post(int(said[1]), "/mail/subscribe", "address=ada%40reader.example") == 202
        for _ in range(100):
            if mailbox.letters:
                break
            time.sleep(0.1)
        text = message_from_bytes(mailbox.letters[0][2], policy=policy.default).get_content()
        link = text.partition("https://desk.example")[2].split()[0]
        assert post(int(said[1]), link, "") == 200
        assert wiredesk("newsletter", "subscribers", fresh).stdout.split()[:2] == ["1", "active"]
        door.send_signal(signal.SIGTERM)
        out, err = door.communicate(timeout=30)
    assert (door.returncode, out, err) == (0, "", "")


def post(port: int, path: str, form: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("POST", path, form)
        return connection.getresponse().status
