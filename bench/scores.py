"""What the signals make of real headlines and domains, and what a burst would change.

    .venv/bin/python bench/scores.py [DATA]

DATA is the folder of the shared material (``../shared/data``). Three tables: how many headlines are
taken for advertising or bait, and saved pages for releases; how far an open list of ratings covers the
publishers of a stream of headlines, and what it would give the advertisers of our table; and how the
ranking of synthetic stories moves when bursts count.
"""

from __future__ import annotations

import gzip
import random
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import trafilatura
from trafilatura.settings import Document

from wiredesk.adapters.desk_folder import read_ratings
from wiredesk.config import ScoreSettings
from wiredesk.records.advertisers import carried_by
from wiredesk.signals.clickbait import BAIT, baited
from wiredesk.signals.press_release import is_press_release
from wiredesk.signals.spam import is_market_report, offered
from wiredesk.stages.score import Score, Voice

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
OWN = Path(__file__).resolve().parents[1] / "tests" / "signals" / "texts"
START = datetime(2026, 3, 2, tzinfo=UTC)
SIZES = (1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6, 9, 15, 30)
"""Providers of a synthetic story: most stories are told by few."""


class Row(msgspec.Struct):
    title: str = ""
    text: str = ""
    body: str = ""
    domain: str = ""
    topic: str = ""


def rows(file: Path) -> list[Row]:
    if file.suffix == ".txt":
        told = file.read_text("utf-8").splitlines()
        kept = (line.partition(" || ") for line in told if line.strip() and line[0] != "#")
        return [Row(title=title.strip(), text=text) for title, _, text in kept]
    with gzip.open(file, "rb") as lines:
        return [msgspec.json.decode(line, type=Row) for line in lines]


def headlines(data: Path) -> Iterator[str]:
    yield "| headlines | all | market reports | offers | bait | lists | releases |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    stream = rows(data / "stories" / "headlines_dev.jsonl.gz")
    sets = {
        "ordinary (clickbait set)": rows(data / "clickbait" / "ordinary_dev.txt"),
        "headline stream": stream,
        "headline stream, entertainment": [one for one in stream if one.topic == "Entertainment"],
        "BBC, with texts": rows(data / "topics" / "bbc_dev.jsonl.gz"),
        "WikiNews, with texts": rows(data / "stories" / "wikinews_dev.jsonl.gz"),
        "BASIL, with texts": rows(data / "stories" / "basil_dev.jsonl.gz"),
        "baiting (clickbait set)": rows(data / "clickbait" / "clickbait_dev.txt"),
        "invented market reports": rows(OWN / "market_reports.txt"),
        "invented honest reports of markets": rows(OWN / "honest_markets.txt"),
    }
    for name, its in sets.items():
        points = [baited(one.title)[0] for one in its]
        counts = (
            len(its),
            sum(is_market_report(one.title, one.text[:1200]) for one in its),
            sum(bool(offered(one.title)) for one in its),
            sum(one == BAIT for one in points),
            sum(BAIT < one < 0 for one in points),
            sum(is_press_release(one.text) for one in its),
        )
        yield f"| {name} | {' | '.join(f'{count:,}' for count in counts)} |"


def pages(data: Path) -> Iterator[str]:
    """Whether pages that people wrote are taken for press releases or market reports."""
    found = Counter[str]()
    for name in ("trafilatura_eval.tar.xz", "postlight_pages.tar.xz"):
        with tarfile.open(data / "extract" / name) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".html"):
                    file = archive.extractfile(member)
                    found += _of_page(file.read() if file else b"")
    yield (
        f"of {found['pages']:,} saved pages {found['releases']} are taken for press releases and "
        f"{found['reports']} for market reports"
    )


def _of_page(html: bytes) -> Counter[str]:
    article = trafilatura.bare_extraction(html, fast=True, with_metadata=True)
    if not isinstance(article, Document) or not article.text:
        return Counter()
    return Counter(
        pages=1,
        releases=is_press_release(article.text),
        reports=is_market_report(article.title or "", article.text[:1200]),
    )


def standing(data: Path) -> Iterator[str]:
    ratings = read_ratings(data / "reputation" / "domain_pc1.csv", 1.0)
    stream = Counter(one.domain for one in rows(data / "stories" / "headlines_dev.jsonl.gz"))
    rated = {domain: rating for domain in stream if (rating := ratings.of_host(domain))}
    articles, covered = stream.total(), sum(stream[domain] for domain in rated)
    by_part = sum(rating.domain != domain.removeprefix("www.") for domain, rating in rated.items())
    yield f"{len(ratings.values):,} domains are rated; {len(ratings.notices)} notices"
    yield f"{len(rated)} of {len(stream)} domains ({len(rated) / len(stream):.3f}) of the stream"
    yield f"{covered:,} of {articles:,} articles ({covered / articles:.3f}) have a rated publisher"
    yield f"{by_part} of these domains are rated by a part of their host"
    points = sorted(round(20 * rating.value) for rating in rated.values())
    quarters = [points[len(points) * part // 4] for part in range(1, 4)]
    yield f"points of rated domains: quarters at {quarters}"
    wires = [domain for domain in ratings.values if carried_by(domain)]
    worth = [round(20 * ratings.values[domain]) for domain in wires]
    yield f"{len(wires)} rated domains are advertisers' by our table; the list would give them {worth}"


def burst() -> Iterator[str]:
    dice = random.Random(11)
    on, off = (Score((), (), ScoreSettings(burst=one)) for one in (True, False))
    stories = [(dice.randint(20, 75), list(_story(dice))) for _ in range(3000)]
    changed = moved = shown = both = 0
    passed: Counter[bool] = Counter()
    for hours in range(24, 168, 12):
        now = START + timedelta(hours=hours)
        live = [
            (quality, [one for one in voices if one.at is not None and one.at <= now])
            for quality, voices in stories
        ]
        live = [story for story in live if story[1]]
        plain = [off.heat(*story, now).total for story in live]
        bursting = [on.heat(*story, now).total for story in live]
        changed += sum(one != other for one, other in zip(plain, bursting, strict=True))
        moved += len(live)
        both += len(_top(plain) & _top(bursting))
        shown += 10
    for quality, voices in stories:
        passed[False] += off.peak(quality, voices).total >= 70
        passed[True] += on.peak(quality, voices).total >= 70
    yield f"{changed:,} of {moved:,} heats are other with bursts ({changed / moved:.4f})"
    yield f"{both} of {shown} places among the ten hottest are held by the same stories"
    yield f"{passed[False]} stories pass a gate of 70 without, {passed[True]} with bursts"


def _story(dice: random.Random) -> Iterator[Voice]:
    """Give the first reports of a story: most providers follow the first within a day."""
    at = START + timedelta(hours=dice.uniform(0, 160))
    for provider in range(dice.choice(SIZES)):
        yield Voice(group=str(provider), at=at + timedelta(hours=dice.expovariate(1 / 10)))


def _top(heats: Sequence[int]) -> set[int]:
    return set(sorted(range(len(heats)), key=lambda place: (-heats[place], place))[:10])


def main(data: Path = DATA) -> None:
    if data.is_dir():
        print("\n".join([*headlines(data), "", *pages(data), "", *standing(data), ""]))
    else:
        print(f"{data} is not there: no headlines, no list")
    print("\n".join(burst()))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
