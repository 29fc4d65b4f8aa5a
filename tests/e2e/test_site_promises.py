"""The site of the sample desk, by the real command."""

from __future__ import annotations

import threading
import urllib.request
from pathlib import Path

from desks import outputs, records, tree, wiredesk

from wiredesk.doors.site_commands import server


def test_a_humans_edit_shows_on_the_site_and_survives(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    wiredesk("sample", desk)
    record = next(path for path in records(desk) if "liable-for-harm" in path.name)
    text = record.read_text("utf-8")
    start, end = text.index("title: "), text.index("\n", text.index("title: "))
    edited = text[:start] + 'title: "The law that says who pays"' + text[end:]
    record.write_text(edited.rstrip("\n") + "\n\nAsked twice, answered once.\n", "utf-8")
    before = tree(desk)

    wiredesk("site", "build", desk)
    page = (desk / "public" / "news" / f"{record.stem}.html").read_text("utf-8")
    assert "The law that says who pays" in page
    assert "Asked twice, answered once." in page
    assert "same text" in page, "its coverage, which is sealed, is shown"
    assert "The law that says who pays" in (desk / "public" / "index.html").read_text("utf-8")
    assert tree(desk) == before, "building the site writes no record"

    after = outputs(desk)
    wiredesk("sample", desk)
    assert outputs(desk) == after, "a run with nothing new changes nothing"


def test_the_site_is_shown_on_loopback_with_its_headers(tmp_path: Path) -> None:
    wiredesk("sample", tmp_path / "desk")
    with server(tmp_path / "desk" / "public", 0) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{serving.server_port}"
        with urllib.request.urlopen(f"{address}/site.webmanifest") as answer:
            assert answer.headers["Content-Type"] == "application/manifest+json"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        serving.shutdown()


def test_what_is_sealed_is_in_no_output(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    wiredesk("sample", desk)
    for file in (desk / "public").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for sealed in (b"wd1.", b"secured", b"fetchedAt", b"feed:https", b'"guid"'):
                assert sealed not in content, file
