"""What two narrow packs take in of articles that are hardly ever on their matter.

    .venv/bin/python bench/off_matter.py [DATA]

DATA is a folder of material as ``wiredesk exam`` takes it; from it are used the ordinary headlines
(``clickbait/ordinary*.txt``) and the texts of ``topics/``. None of these articles was labelled for the
packs: the fewer are taken the better, though some are taken rightly.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import msgspec

import wiredesk
from wiredesk.adapters.desk_folder import read_pack
from wiredesk.exams.material import Material
from wiredesk.exams.ours import Ours
from wiredesk.records.article import Article, ProviderName
from wiredesk.stages.classify import topics_of

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
PACKS = Path(wiredesk.__file__).parent / "packs"


def ordinary(folder: Path) -> list[Article]:
    lines = [
        line
        for path in sorted((folder / "clickbait").glob("ordinary*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    provider = ProviderName(name="Test", domain="test.example")
    return [
        Article(id=f"o{number}", title=line, provider=provider) for number, line in enumerate(lines)
    ]


def texts(folder: Path) -> list[Article]:
    found = [
        line.article
        for corpus in Material(folder, Ours().lines).corpora("topics")
        for line in corpus.lines
    ]
    return [msgspec.structs.replace(one, id=f"t{place}") for place, one in enumerate(found)]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not folder.is_dir():
        print(f"off_matter: no data at {folder}")
        return
    headlines, with_text = ordinary(folder), texts(folder)
    print(f"{'pack':8} {'articles':26} {'in all':>7} {'keywords':>8} {'model':>6} {'a second':>8}")
    for name in ("ai", "climate"):
        pack = read_pack(PACKS / name / "topics")
        for what, articles in (
            ("ordinary headlines", headlines),
            ("the same among texts", [*headlines, *with_text]),
        ):
            start = time.process_time()
            given = topics_of(articles, pack)
            seconds = time.process_time() - start
            named = sum(any(one.points for one in found) for found in given.values())
            print(
                f"{name:8} {what:26} {len(articles):7} {named:8}"
                f" {sum(map(bool, given.values())) - named:6} {len(articles) / seconds:8.0f}"
            )


if __name__ == "__main__":
    main()
