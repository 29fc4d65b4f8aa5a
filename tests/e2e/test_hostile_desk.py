"""A desk among strangers: one good paper, and every other source, page and picture means harm."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from desks import records, wiredesk

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.warc import RecordingWeb
from wiredesk.records.page import Answer, Purpose, Request

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
GOOD = "https://harbour-courier.example"
WORDS = "The council of Port Lorne buys two electric ferries from the yard at Nessby. "
MOST_MEGABYTES = 300
"""Of the main process, whatever comes (its children have their own limits)."""


def item(n: int, more: str = "") -> str:
    return f"<item><title>Item {n}</title><link>https://a.example/{n}</link>{more}</item>"


def rss(items: str) -> str:
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"


FLOOD = " ".join(f'a{n}="x"' for n in range(300_000))
FEEDS = {
    "dtd": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 9_000}">]>{rss(item(1))}',
    "attributes": f"<rss><channel {FLOOD}>{item(1)}</channel></rss>",
    "json": "[" * 5_000_000,
    "html": "<!DOCTYPE html><html><body>Sorry</body></html>",
    "not-a-feed": "<opml/>",
    "empty": "",
    "": rss(f"<item><title>{'x' * 9_000_000}</title></item>"),
}
PAGES = {
    "nests": "<b>" * 1_000_000,
    "flood": f"<title>A flood of attributes</title><meta {FLOOD}>",
    "endless": f"<title>A title</title><meta name=description content='{'x' * 4_000_000}",
}
PICTURES = {
    "nests": b"<svg onload='alert(1)'/>",
    "good": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\x7f" * 17,
}
RUN = """
import re, sys
from pathlib import Path
from wiredesk.doors.cli import cli
cli.main(standalone_mode=False)
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1000 if peak else 0, file=sys.stderr)
"""
"""Not by ``getrusage``: that counts what the process was before it became this program, too."""


def wire(path: Path) -> list[str]:
    """Record all of it; return the sources."""
    answers: dict[str, tuple[Purpose, str, bytes]] = {}
    listed = ""
    for number, (name, body) in enumerate({**PAGES, "good": ""}.items()):
        link = f"{GOOD}/{name}"
        listed += f"<item><title>About {name}</title><link>{link}</link></item>"
        head = f'<title>{WORDS}</title><meta property="og:image" content="{GOOD}/{name}.png">'
        whole = body or f"<html lang=en><head>{head}</head><body><p>{WORDS * (12 + number)}</p>"
        answers[link] = ("page", "text/html", whole.encode("latin-1"))
    for name, picture in PICTURES.items():
        answers[f"{GOOD}/{name}.png"] = ("image", "image/png", picture)
    answers[f"{GOOD}/feed"] = ("feed", "text/xml", rss(listed).encode())
    for number, body in enumerate(FEEDS.values()):
        answers[f"https://evil{number}.example/feed"] = ("feed", "text/xml", body.encode())
    given = {
        url: Answer(url=url, status=200, headers=(("content-type", kind),), body=body, at=NOON)
        for url, (_, kind, body) in answers.items()
    }
    with RecordingWeb(MemoryWeb(given), path, NOON) as recording:
        for url, (purpose, _, _) in answers.items():
            recording.exchange(Request(url=url, purpose=purpose))
    return [url for url, (purpose, _, _) in answers.items() if purpose == "feed"]


def test_everything_costs_itself_only_and_the_main_process_stays_small(tmp_path: Path) -> None:
    desk, recorded = tmp_path / "desk", tmp_path / "wire.warc.gz"
    sources = wire(recorded)
    wiredesk("new", desk, "--pack", "plain")
    tables = "".join(f'[[sources]]\nkind = "feed"\nurl = "{url}"\n' for url in sources)
    (desk / "desk.toml").write_text(f"{tables}[score]\nthreshold = 1\n[images]\ncache = true\n")
    command = [sys.executable, "-c", RUN, "run", str(desk), "--replay", str(recorded), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    report = json.loads(done.stdout)
    failures = sorted(source["failure"] for source in report["sources"] if source["failure"])
    assert len(failures) == len([reason for reason in FEEDS if reason])
    for reason in filter(None, FEEDS):
        assert any(failure.endswith(f"[{reason}]") for failure in failures), failures
    assert report["dropped"] == {"attributes": 1, "depth": 1}
    assert len(records(desk)) == 2, done.stdout
    assert int(done.stderr.split()[-1]) < MOST_MEGABYTES, done.stderr
    assert not list((desk / "public").glob("pictures/*"))
