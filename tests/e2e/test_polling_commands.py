"""Asking only what is due, by the real commands, against a newsroom on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner
from server import RawServer, answer, serving

from wiredesk.app.desk import open_desk
from wiredesk.app.network import open_hubs
from wiredesk.doors.cli import cli

FEED = (
    b'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
    b'<title>Harbour Courier</title><atom:link rel="hub" href="https://hub.example/"/>'
    b"<item><title>A ferry for Port Lorne</title><link>/a</link><guid>1</guid></item>"
    b"</channel></rss>"
)
PAGE = (
    b"<html><head><title>Port Lorne</title>"
    b'<link rel="alternate" type="application/rss+xml" href="/feed">'
    b'<link rel="alternate" type="application/rss+xml" href="/no-feed">'
    b'<link rel="alternate" hreflang="de" href="/de"></head>'
    b"<body><p>A ferry for Port Lorne has been bought by the council.</p></body></html>"
)
ANSWERS = {
    b"/": answer(PAGE, "Content-Type: text/html"),
    b"/a": answer(PAGE, "Content-Type: text/html"),
    b"/feed": answer(FEED, 'ETag: "1"'),
    b"/no-feed": answer(PAGE, "Content-Type: text/html"),
    b"/robots.txt": answer(b"User-agent: *\nDisallow: /shut\n", "Content-Type: text/plain"),
}
NOTHING = answer(b"", status="404 Not Found")


@pytest.fixture
def newsroom() -> Iterator[RawServer]:
    with serving(lambda head: [ANSWERS.get(head.split(b" ")[1], NOTHING)]) as server:
        yield server


def asked(server: RawServer) -> list[str]:
    paths = [head.split(b" ")[1].decode() for head in server.requests]
    server.requests.clear()
    return paths


def wiredesk(*arguments: str | Path) -> str:
    done = CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def desk_of(server: RawServer, folder: Path) -> Path:
    desk = folder / "desk"
    wiredesk("new", desk, "--source", f"http://localhost:{server.port}/feed")
    toml = desk / "desk.toml"
    networks = 'allow_networks = ["127.0.0.1/32", "::1/128"]'
    settings = f"[fetch]\nports = [{server.port}]\nhost_gap = 0.01\n{networks}\n"
    toml.write_text(toml.read_text().replace("[fetch]\n", settings))
    (desk / "feeds.opml").write_text('<opml version="2.0"><body/></opml>')
    return desk


def test_a_source_is_asked_when_it_is_due_or_named_or_woken(
    newsroom: RawServer, tmp_path: Path
) -> None:
    desk = desk_of(newsroom, tmp_path)
    first = json.loads(wiredesk("run", desk, "--json"))
    assert [source["new"] for source in first["sources"]] == [0, 1]
    assert asked(newsroom) == ["/feed", "/robots.txt", "/a"]

    again = json.loads(wiredesk("run", desk, "--json"))
    assert [source["id"] for source in again["sources"]] == ["opml:feeds.opml"]
    assert (again["resting"], asked(newsroom)) == (1, [])
    assert "1 not due" in wiredesk("run", desk)

    wiredesk("run", desk, "--ask", f"http://localhost:{newsroom.port}/feed")
    assert asked(newsroom) == ["/feed"]
    wiredesk("run", desk, "--all")
    assert asked(newsroom) == ["/feed"]

    shown = wiredesk("sources", desk)
    assert "Harbour Courier: healthy" in shown
    assert "asked 3 times: 2 brought nothing new, 0 failed; 1 entries in all" in shown
    assert "asked next 20" in shown
    told = json.loads(wiredesk("sources", desk, "Harbour Courier", "--json"))
    assert (told["standing"], told["polling"]["hub"]) == ("healthy", "https://hub.example/")

    assert "asked in the next run" in wiredesk("sources", desk, "localhost", "--wake")
    wiredesk("run", desk)
    assert asked(newsroom) == ["/feed"]


def test_a_source_that_nobody_names_any_more_is_told_so(
    newsroom: RawServer, tmp_path: Path
) -> None:
    desk = desk_of(newsroom, tmp_path)
    wiredesk("run", desk, "--quiet")
    toml = desk / "desk.toml"
    toml.write_text(toml.read_text().replace("/feed", "/another"))
    wiredesk("run", desk, "--quiet")
    shown = wiredesk("sources", desk, "/feed")
    assert shown.splitlines()[1] == "  not asked any more: neither the desk nor a list names it"
    assert "failing since" in wiredesk("sources", desk, "/another")


def test_sources_that_nobody_knows_are_an_error(newsroom: RawServer, tmp_path: Path) -> None:
    desk = desk_of(newsroom, tmp_path)
    wiredesk("run", desk, "--quiet")
    done = CliRunner().invoke(cli, ["sources", str(desk), "nobody"])
    assert "no source of this desk is called 'nobody'" in str(done.exception)
    done = CliRunner().invoke(cli, ["sources", str(desk), "--wake"])
    assert done.exit_code == 2


def test_discover_prints_the_feeds_that_a_page_names(newsroom: RawServer, tmp_path: Path) -> None:
    desk = desk_of(newsroom, tmp_path)
    site = f"http://localhost:{newsroom.port}"
    found = json.loads(wiredesk("discover", f"{site}/", "--desk", desk, "--json"))
    assert found == {
        "url": f"{site}/feed",
        "title": "Harbour Courier",
        "entries": 1,
        "hub": "https://hub.example/",
        "how": "named by the page",
    }
    assert "(the address itself)" in wiredesk("discover", f"{site}/feed", "--desk", desk)


def test_a_feed_with_a_hub_is_subscribed_and_a_push_has_it_asked_again(
    tmp_path: Path,
) -> None:
    def script(head: bytes) -> list[bytes | float]:
        path = head.split(b" ")[1]
        if path == b"/hub":
            return [answer(b"", status="202 Accepted")]
        hub = f"http://localhost:{server.port}/hub".encode()
        link = b'<atom:link rel="self" href="/feed"/><atom:link rel="hub" href="https://hub.example/"/>'
        told = FEED.replace(
            link[link.index(b"><") + 1 :], link.replace(b"https://hub.example/", hub)
        )
        return [answer(told) if path == b"/feed" else ANSWERS.get(path, NOTHING)]

    with serving(script) as server:
        desk = desk_of(server, tmp_path)
        with (desk / "desk.toml").open("a") as toml:
            toml.write('\n[websub]\ncallback = "https://desk.example/hub"\n')
        report = json.loads(wiredesk("run", desk, "--json"))
        assert not any(source["failure"] for source in report["sources"])
        posts = [head for head in server.requests if head.startswith(b"POST /hub ")]
        assert len(posts) == 1
        assert b"content-type: application/x-www-form-urlencoded" in posts[0]
        assert "asked" in wiredesk("websub", "list", desk)
        asked(server)
        with open_hubs(open_desk(desk)) as hubs:
            (held,) = hubs.subscriptions()
            hubs.tell(held.source, time.time() - 1, signed=True)
        wiredesk("run", desk)
        assert asked(server) == [], "not within a minute of the last poll"
        report = json.loads(wiredesk("run", desk, "--json"))
        assert report["resting"] == 1


def test_the_desks_own_hub_is_told_which_feeds_were_written_anew(tmp_path: Path) -> None:
    forms: list[str] = []

    def script(head: bytes) -> list[bytes | float]:
        if head.startswith(b"POST /own-hub "):
            forms.append(head.partition(b"\r\n\r\n")[2].decode())
            return [answer(b"", status="204 No Content")]
        return [ANSWERS.get(head.split(b" ")[1], NOTHING)]

    with serving(script) as server:
        desk = desk_of(server, tmp_path)
        with (desk / "desk.toml").open("a") as toml:
            hub = f"http://localhost:{server.port}/own-hub"
            toml.write(f'\n[publish]\nbase_url = "https://d.example"\n[feeds]\nhub = "{hub}"\n')
        report = json.loads(wiredesk("run", desk, "--json"))
        assert report["published"] == 0 or report["newRecords"] == 1
        wiredesk("run", desk, "--all")
    (form,) = forms
    told = parse_qs(form)
    assert told["hub.mode"] == ["publish"]
    assert "https://d.example/feeds/rss.xml" in told["hub.url"]


def watching(desk: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "wiredesk", "watch", str(desk), "--every", "1"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_watch_runs_what_is_due_and_ends_when_it_is_told_to(
    newsroom: RawServer, tmp_path: Path
) -> None:
    desk = desk_of(newsroom, tmp_path)
    process = watching(desk)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "2 asked, 0 failing, 0 not due, 1 new, 1 read, 1 records written; next 20" in first
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=20)
        assert time.monotonic() - began < 5
    finally:
        process.kill()
    assert (rest, process.returncode) == ("wiredesk: ended; what is settled stays\n", 0)
    assert json.loads(wiredesk("run", desk, "--json"))["resting"] == 1


def test_watch_ends_at_once_though_many_pages_wait_for_their_turn(tmp_path: Path) -> None:
    items = b"".join(
        b"<item><title>N</title><link>/n/%d</link><guid>%d</guid></item>" % (n, n)
        for n in range(40)
    )
    feed = FEED.replace(b"</channel>", items + b"</channel>")

    def script(head: bytes) -> list[bytes | float]:
        path = head.split(b" ")[1]
        return [answer(feed) if path == b"/feed" else ANSWERS.get(path, NOTHING)]

    with serving(script) as server:
        desk = desk_of(server, tmp_path)
        toml = desk / "desk.toml"
        toml.write_text(toml.read_text().replace("host_gap = 0.01", "host_gap = 2"))
        process = watching(desk)
        try:
            until = time.monotonic() + 20
            while len(server.requests) < 2 and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            process.communicate(timeout=20)
            assert time.monotonic() - began < 5, "forty pages would have taken eighty seconds"
        finally:
            process.kill()
    assert process.returncode == 0
    assert json.loads(wiredesk("sources", desk, "localhost", "--json"))["standing"] == "healthy"


def test_watch_wakes_up_when_a_hub_tells_of_news_and_keeps_to_sound_files(
    newsroom: RawServer, tmp_path: Path
) -> None:
    desk = desk_of(newsroom, tmp_path)
    toml = desk / "desk.toml"
    toml.write_text(toml.read_text() + '\n[websub]\ncallback = "https://desk.example/hub"\n')
    opened = open_desk(desk)
    process = watching(desk)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        toml.write_text("this is no longer TOML")
        with open_hubs(opened) as hubs:
            hubs.tell(f"feed:http://localhost:{newsroom.port}/feed", time.time(), signed=True)
        began = time.monotonic()
        assert "1 asked, 0 failing, 1 not due, 0 new" in process.stdout.readline()
        assert time.monotonic() - began < 20, "it would have slept for ten minutes"
    finally:
        process.kill()
        process.communicate()
