"""Material of our own for the exams: sets in the forms of the guide, from the made-up wire."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wiredesk.exams.material import Material
from wiredesk.exams.measures import runs
from wiredesk.exams.ours import Ours
from wiredesk.exams.sitting import Effort, Row, Said, Sitting
from wiredesk.exams.wire import wire


def write(path: Path, rows: Iterable[dict[str, Any]], *, packed: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    return path


def reports(count: int, *names: object, long: bool = False) -> list[dict[str, Any]]:
    """Return labelled lines of a wire; long ones have the leads of three reports as their text."""
    found = []
    for report, more in zip(
        wire(count, *names, languages=("en",)), wire(3 * count, *names, "more"), strict=False
    ):
        one = report.article
        lead = f"{one.text} {one.text.upper()} {more.article.text}" if long else one.text
        found.append(
            {
                "id": one.id,
                "title": one.title,
                "text": lead,
                "event": str(report.event),
                "date": one.published_date_time.isoformat() if one.published_date_time else "",
                "url": f"https://{one.domain}/{one.id}",
            }
        )
    return found


def headline(row: dict[str, Any]) -> dict[str, Any]:
    kept = {key: row[key] for key in ("id", "title")}
    return kept | {"story": row["event"], "topic": "Entertainment", "domain": row["url"][8:-17]}


def whole_material(root: Path) -> Path:
    """Write a little of every form."""
    texts = reports(80, "texts", long=True)
    write(root / "stories" / "texts_own.jsonl.gz", texts, packed=True)
    write(root / "stories" / "headlines_own.jsonl", map(headline, reports(120, "headlines")))
    others = reports(60, "others", long=True)
    topics = [
        {
            "id": row["id"],
            "topic": "sports",
            "title": f"Football: {row['title']}",
            "text": row["text"],
        }
        for row in others
    ]
    write(root / "topics" / "others.jsonl", topics)
    documents = [row | {"body": row["text"], "text": None} for row in reports(50, "w", long=True)]
    documents.append(documents[0] | {"id": "again", "title": "Another title for it"})
    write(root / "neardup" / "docs_own.jsonl", documents)
    pair = {"a": documents[0]["id"], "b": "again", "jaccard4": 1.0, "containment": 1.0}
    (root / "neardup" / "pairs_own.json").write_text(json.dumps([pair]))
    (root / "clickbait").mkdir()
    titles = [row["title"] for row in reports(70, "ordinary")]
    (root / "clickbait" / "ordinary_own.txt").write_text("\n".join(titles))
    bait = [f"You won't believe what happened to {title}" for title in titles]
    (root / "clickbait" / "clickbait_own.txt").write_text("\n".join(bait))
    _compared(root / "related", [row["text"] for row in texts[:6]])
    (root / "senses").mkdir()
    write(root / "senses" / "own.jsonl", SENSES)
    return root


def _compared(folder: Path, texts: list[str]) -> None:
    folder.mkdir()
    (folder / "judged.cor").write_text("\n".join(texts))
    (folder / "background.cor").write_text("\n".join([*texts, *texts]))
    table = [[len(runs(a, 1) & runs(b, 1)) / 100 for b in texts] for a in texts]
    lines = ("\t".join(map(str, row)) for row in table)
    (folder / "similarities.txt").write_text("\n".join(lines))


SENSES: list[dict[str, Any]] = [
    {"id": 1, "pack": "ai", "keyword": "Claude", "topic": "Language Models", "about": True,
     "title": "Anthropic gives its language model Claude a memory"},
    {"id": 2, "pack": "ai", "keyword": "Claude", "topic": "Language Models", "about": False,
     "title": "Claude Duvernay, who painted the harbour of Lorne, dies at 91"},
    {"id": 3, "pack": "ai", "keyword": "x", "topic": "No Such Topic", "about": True, "title": "x"},
]  # fmt: skip


def sitting(root: Path, *, baselines: bool = False, effort: Effort = "quick") -> Sitting:
    ours = Ours()
    return Sitting(Material(root, ours.lines), ours, baselines, effort)


def rows(said: Iterable[Said]) -> list[Row]:
    return [one for one in said if isinstance(one, Row)]


def value(row: Row, figure: str) -> float:
    return next(one.value for one in row.figures if one.name == figure)


def by_event(lines: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    events: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        events[line["event"]].append(line["id"])
    return events
