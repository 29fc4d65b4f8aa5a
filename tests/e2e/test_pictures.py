"""A desk that keeps copies of pictures: recorded, replayed, run again, short of room, and lost."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from desks import empty_wire, outputs, records, wiredesk
from PIL import Image as Pixels

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.warc import RecordingWeb
from wiredesk.records.page import Answer, Purpose, Request

SITE = "https://harbour-courier.example"
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
MATTERS = {
    "ferry": "The council of Port Lorne buys two electric ferries from the yard at Nessby. ",
    "glass": "A glass works in Velm has fired its first furnace on hydrogen, and means to sell it. ",
    "choir": "Four choirs of the northern valleys sing the forgotten mass of Ines Marrow in June. ",
}
LINK = rf'webUrl: "{SITE}/(\w+)"'
TOML = f"""
name = "Pictured"
[[sources]]
kind = "feed"
url = "{SITE}/feed"
[score]
threshold = 1
[images]
cache = true
"""


def answer(url: str, kind: str, body: bytes) -> Answer:
    return Answer(url=url, status=200, headers=(("content-type", kind),), body=body, at=NOON)


def jpeg(shade: int) -> bytes:
    out = BytesIO()
    exif = Pixels.Exif()
    exif[0x010E] = "Quay 7"
    Pixels.new("RGB", (1_600, 900), (shade, 90, 120)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def wire(path: Path) -> Path:
    """Record a feed of three stories; the picture of one is a script by another name."""
    items, answers = "", {}
    for number, (name, words) in enumerate(MATTERS.items()):
        url, image = f"{SITE}/{name}", f"{SITE}/{name}.jpg"
        items += f"<item><title>{words}</title><link>{url}</link></item>"
        head = (
            f'<title>{words}</title><meta property="og:image" content="{image}">'
            '<meta property="og:image:width" content="1600">'
            '<meta property="og:image:height" content="900">'
        )
        html = f"<html lang=en><head>{head}</head><body><h1>{words}</h1><p>{words * 12}</p></body>"
        answers[url] = ("page", answer(url, "text/html", html.encode()))
        body = b"<svg onload='alert(1)'/>" if name == "choir" else jpeg(60 * number)
        answers[image] = ("image", answer(image, "image/jpeg", body))
    feed = f"<rss version='2.0'><channel><title>Courier</title>{items}</channel></rss>"
    answers[f"{SITE}/feed"] = ("feed", answer(f"{SITE}/feed", "text/xml", feed.encode()))
    web = MemoryWeb({url: given for url, (_, given) in answers.items()})
    with RecordingWeb(web, path, NOON) as recording:
        for url, (purpose, _) in answers.items():
            asked: Purpose = purpose  # type: ignore[assignment]  # one of the three above
            recording.exchange(Request(url=url, purpose=asked))
    return path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wire(tmp_path_factory.mktemp("wire") / "wire.warc.gz")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, recorded: Path) -> Path:
    desk = tmp_path_factory.mktemp("made") / "desk"
    wiredesk("new", desk, "--pack", "plain")
    (desk / "desk.toml").write_text(TOML, "utf-8")
    fresh = desk.with_name("fresh")
    shutil.copytree(desk, fresh)
    wiredesk("run", desk, "--replay", recorded)
    return desk


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "desk"
    shutil.copytree(made, copy)
    return copy


def marked(desk: Path) -> list[str]:
    """Return the pages whose records say that their picture is cached."""
    found = [path.read_text("utf-8") for path in records(desk)]
    leads = [text.partition("\nrelated:")[0] for text in found]
    return sorted(
        url[1] for lead in leads if "isCached: true" in lead and (url := re.search(LINK, lead))
    )


def copies(desk: Path) -> list[Path]:
    return sorted((desk / "public" / "pictures").glob("*.webp"))


def test_copies_are_kept_marked_and_shown(desk: Path) -> None:
    assert marked(desk) == ["ferry", "glass"]  # that of the choir was a script
    assert len(copies(desk)) == 2
    front = (desk / "public" / "index.html").read_text("utf-8")
    for file in copies(desk):
        assert f'src="/pictures/{file.name}"' in front
        with Pixels.open(file) as shown:
            assert (shown.format, shown.size) == ("WEBP", (1_280, 720))
        assert b"Quay 7" not in file.read_bytes()
    assert SITE not in "".join(re.findall(r'<img src="([^"]+)"', front))


def test_a_replay_elsewhere_gives_the_same_bytes(
    made: Path, tmp_path: Path, recorded: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(made.with_name("fresh"), other)
    wiredesk("run", other, "--replay", recorded)
    assert outputs(other) == outputs(made)


def test_a_run_with_nothing_new_asks_for_no_picture_and_changes_nothing(
    desk: Path, recorded: Path, tmp_path: Path
) -> None:
    before = outputs(desk)
    wiredesk("run", desk, "--replay", recorded)
    assert outputs(desk) == before
    wiredesk("run", desk, "--replay", empty_wire(tmp_path))
    wiredesk("site", "build", desk)
    assert outputs(desk) == before


def test_copies_that_are_lost_are_told_by_no_record(desk: Path, tmp_path: Path) -> None:
    shutil.rmtree(desk / "state" / "pictures")
    wiredesk("run", desk, "--replay", empty_wire(tmp_path))
    assert marked(desk) == []
    assert copies(desk) == []
    again = outputs(desk)
    wiredesk("run", desk, "--replay", empty_wire(tmp_path))
    assert outputs(desk) == again


def test_a_desk_that_keeps_none_any_more_shows_none(desk: Path, tmp_path: Path) -> None:
    (desk / "desk.toml").write_text(TOML.replace("cache = true", "cache = false"), "utf-8")
    wiredesk("run", desk, "--replay", empty_wire(tmp_path))
    assert (marked(desk), copies(desk)) == ([], [])
