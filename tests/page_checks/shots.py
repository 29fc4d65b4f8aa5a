"""Pictures of each kind of page, of the sample desk: ``./dev screenshots`` writes docs/screenshots."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from wiredesk.doors.site_commands import server

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "docs" / "screenshots"
WIDTHS = {320: 900, 768: 1024, 1440: 1000}
STORY = "2026-03-04-northern-union-assembly-passes-law-making-ai-developers-liable-for-harm"
PAGES = {
    "front": "/",
    "latest": "/latest.html",
    "story": f"/news/{STORY}.html",
    "topics": "/topics/",
    "topic": "/topics/ai/",
    "topic-month": "/topics/ai/2026-03.html",
    "providers": "/providers/",
    "provider": "/providers/northwire-example/",
    "archive": "/archive/",
    "archive-month": "/archive/2026-03/",
    "day": "/archive/2026-03-04.html",
    "search": "/search.html?q=chip",
    "about": "/about.html",
    "missing": "/nowhere.html",
}

LETTERS: list[dict[str, object]] = [
    {"name": "newsletter-700-light", "path": "/letter.html", "width": 700, "height": 700, "full": True},
    {
        "name": "newsletter-320-dark", "path": "/letter.html", "width": 320, "height": 700, "full": True,
        "dark": True,
    },
]  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder) / "desk"
        arabic = Path(folder) / "arabic"
        for place, language in ((desk, ""), (arabic, "ar")):
            _sample(place, language)
        OUT.mkdir(parents=True, exist_ok=True)
        for old in OUT.glob("*.png"):
            old.unlink()
        shots = [
            {"name": f"{name}-{width}", "path": path, "width": width, "height": height}
            for name, path in PAGES.items()
            for width, height in WIDTHS.items()
        ]
        shots += [
            {"name": f"{name}-dark-1440", "path": PAGES[name], "width": 1440, "height": 1000,
             "dark": True}
            for name in ("front", "story")
        ]  # fmt: skip
        _take(desk, shots)
        _take(_letter(desk), LETTERS, headers=False)  # a mail program has no policy of the site's
        _take(arabic, [{"name": "front-arabic-768", "path": "/", "width": 768, "height": 1024}])
    pictures = sorted(map(str, OUT.glob("*.png")))
    subprocess.run(["pngquant", "--force", "--ext", ".png", "--nofs", "32", *pictures], check=True)


def _sample(desk: Path, language: str) -> None:
    wiredesk = [sys.executable, "-m", "wiredesk"]
    subprocess.run([*wiredesk, "sample", str(desk), "-q"], check=True)
    if language:
        settings = desk / "desk.toml"
        text = settings.read_text("utf-8").replace("[site]", f'[site]\nlanguage = "{language}"')
        settings.write_text(text, "utf-8")
        subprocess.run([*wiredesk, "site", "build", str(desk), "-q"], check=True)


def _letter(desk: Path) -> Path:
    """Return a folder with an edition of the newsletter, as a mail program would show it."""
    at = "2026-03-07T06:00:00"
    command = [
        sys.executable,
        "-m",
        "wiredesk",
        "newsletter",
        "preview",
        desk,
        "--at",
        at,
        "--html",
    ]
    done = subprocess.run(list(map(str, command)), capture_output=True, check=True)
    page = desk / "letter" / "public" / "letter.html"
    page.parent.mkdir(parents=True)
    page.write_bytes(done.stdout)
    return desk / "letter"


def _take(desk: Path, shots: list[dict[str, object]], *, headers: bool = True) -> None:
    with server(desk / "public", 0, headers=headers) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        asked = {"url": f"http://127.0.0.1:{running.server_port}", "out": str(OUT), "shots": shots}
        subprocess.run(
            ["node", str(HERE / "shots.mjs")], input=json.dumps(asked), text=True, check=True
        )
        running.shutdown()


if __name__ == "__main__":
    main()
