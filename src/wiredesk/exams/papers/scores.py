"""scores: what must hold of quality and heat, whatever comes, and what headlines are suspected of.

Random stories, drawn here, go through ``wiredesk stage score`` twice, with one thing changed; every
story in which a property does not hold is a violation. Ordinary headlines (``clickbait/``, ``stories/``)
must not be taken for market reports or for clickbait, not even those about entertainment;
clickbait ought to be, and so ought market reports, of which we wrote some. Naive Bayes, learning from
ordinary headlines and clickbait, shows what a classifier makes of entertainment.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from wiredesk.exams.baselines.bayes import NaiveBayes
from wiredesk.exams.chance import Chance
from wiredesk.exams.material import Corpus, headlines
from wiredesk.exams.sitting import (
    OURS,
    Better,
    Effort,
    Figure,
    Row,
    Said,
    Sitting,
    Skipped,
    count,
)

MARKET_REPORTS = Path(__file__).parents[1] / "data" / "market_reports.txt"
STORIES: dict[Effort, int] = {"quick": 150, "usual": 1_000, "long": 10_000}
TITLES: dict[Effort, int] = {"quick": 2_000, "usual": 1 << 30, "long": 1 << 30}
"""Stories that are drawn, and headlines of a file that are looked at, by effort."""
_NOW = datetime(2026, 3, 12, tzinfo=UTC)
_HOURS = 10 * 24
"""Before the time of judgement, within which reports are made: some are older than a window."""
_SAID = """
    ferry quay harbour council yard battery mayor contract price auditor vote night boat sound crown
    opposition payment winter island ticket minister bridge court judge strike harvest flood
"""
_WORDS = _SAID.split()

Line = dict[str, object]
Numbers = Mapping[str, "Scored"]


class Scored(msgspec.Struct):
    """What the stage says of a line."""

    id: str
    quality: int
    heat: int
    story: str
    ledger: dict[str, list[Entry]]


class Entry(msgspec.Struct):
    """A line of a ledger."""

    signal: str
    points: int


def sit(sitting: Sitting) -> Iterator[Said]:
    """Look for violations, then at headlines."""
    yield from _properties(sitting)
    yield from _suspicions(sitting)


def _scored(sitting: Sitting, lines: Iterable[Line], as_of: datetime = _NOW) -> Numbers:
    answers = sitting.ours.filtered("score", map(msgspec.json.encode, lines), as_of)
    return {one.id: one for one in (msgspec.convert(answer, Scored) for answer in answers)}


# Properties.


def _properties(sitting: Sitting) -> Iterator[Row]:
    stories = [_story(number) for number in range(STORIES[sitting.effort])]
    start = time.process_time()
    before = _scored(sitting, _all(stories))
    seconds = time.process_time() - start
    for case, violated in PROPERTIES:
        found = violated(sitting, stories, before)
        yield Row(
            material="random stories",
            case=case,
            figures=(count("violations", found),),
            documents=sum(map(len, stories)),
            seconds=seconds,
        )


def _story(number: int) -> list[Line]:
    """Return the reports of one story, by providers of whom some report more than once."""
    chance = Chance("story", number)
    reports: list[Line] = []
    for turn in range(1 + chance.below(8)):
        report = _report(chance, f"s{number}", f"s{number}-{turn}", f"p{chance.below(6)}.example")
        if reports and chance.unit() < 0.15:  # noqa: PLR2004 - a part of them
            original = reports[0]
            report |= {"duplicateOf": original["id"], "text": original["text"]}
        reports.append(report)
    return reports


def _report(chance: Chance, story: str, name: str, domain: str) -> Line:
    """Return a report that may lack anything but a title."""
    report: Line = {
        "id": name,
        "story": story,
        "title": " ".join(chance.sample(_WORDS, 4 + chance.below(6))).capitalize(),
        "text": " ".join(
            " ".join(chance.sample(_WORDS, 12)).capitalize() + "." for _ in range(chance.below(40))
        ),
        "domain": domain,
        "language": "en",
    }
    parts: Line = {
        "publishedDateTime": (_NOW - timedelta(hours=chance.unit() * _HOURS)).isoformat(),
        "excerpt": " ".join(chance.sample(_WORDS, 14)).capitalize() + ".",
        "byline": "Ines Marrow",
        "images": [{"url": f"https://{domain}/a.jpg", "width": 1200, "height": 630}],
    }
    return report | {key: value for key, value in parts.items() if chance.below(5)}


def _all(stories: Iterable[Sequence[Line]]) -> list[Line]:
    return [line for story in stories for line in story]


def _heats(numbers: Numbers) -> dict[str, int]:
    """Return the heat of each story: that of its lead, all others being superseded."""
    heats: dict[str, int] = defaultdict(lambda: -1)
    for one in numbers.values():
        heats[one.story] = max(heats[one.story], one.heat)
    return heats


def _changed(
    sitting: Sitting,
    stories: Sequence[Sequence[Line]],
    change: Callable[[Chance, Sequence[Line]], Sequence[Line]],
) -> Numbers:
    changed = (change(Chance("change", number), story) for number, story in enumerate(stories))
    return _scored(sitting, _all(changed))


def _cooled(sitting: Sitting, stories: Sequence[Sequence[Line]], before: Numbers) -> int:
    def joined(chance: Chance, story: Sequence[Line]) -> Sequence[Line]:
        name = str(story[0]["story"])
        return [*story, _report(chance, name, f"{name}-new", "newcomer.example")]

    old, new = _heats(before), _heats(_changed(sitting, stories, joined))
    return sum(new[name] < heat for name, heat in old.items())


def _heated_by_time(sitting: Sitting, stories: Sequence[Sequence[Line]], before: Numbers) -> int:
    old, found = _heats(before), 0
    for hours in (1, 30, 300):
        later = _heats(_scored(sitting, _all(stories), _NOW + timedelta(hours=hours)))
        found += sum(later[name] > heat for name, heat in old.items())
    return found


def _heated_by_repeating(
    sitting: Sitting, stories: Sequence[Sequence[Line]], before: Numbers
) -> int:
    def again(chance: Chance, story: Sequence[Line]) -> Sequence[Line]:
        one = story[chance.below(len(story))]
        repeated = one | {"id": f"{one['id']}-again"}
        if "publishedDateTime" in one:
            first = datetime.fromisoformat(str(one["publishedDateTime"]))
            later = first + (_NOW - first) * chance.unit()
            repeated["publishedDateTime"] = later.isoformat()
        return [*story, repeated]

    old, new = _heats(before), _heats(_changed(sitting, stories, again))
    return sum(new[name] > heat for name, heat in old.items())


def _moved_by_order(sitting: Sitting, stories: Sequence[Sequence[Line]], before: Numbers) -> int:
    lines = Chance("order").sample(_all(stories), sum(map(len, stories)))
    after = _scored(sitting, lines)
    return sum(
        msgspec.json.encode(after[name]) != msgspec.json.encode(its) for name, its in before.items()
    )


def _moved_by_names(sitting: Sitting, stories: Sequence[Sequence[Line]], before: Numbers) -> int:
    """Let the providers change names among themselves: nobody knows any of them."""

    def renamed(chance: Chance, story: Sequence[Line]) -> Sequence[Line]:
        names = sorted({str(line["domain"]) for line in story})
        others = dict(zip(names, chance.sample(names, len(names)), strict=True))
        return [line | {"domain": others[str(line["domain"])]} for line in story]

    old, new = _heats(before), _heats(_changed(sitting, stories, renamed))
    return sum(new[name] != heat for name, heat in old.items())


def _sums_amiss(_: Sitting, __: Sequence[Sequence[Line]], before: Numbers) -> int:
    return sum(
        sum(entry.points for entry in one.ledger[which]) != total
        for one in before.values()
        for which, total in (("quality", one.quality), ("heat", one.heat))
    )


def _led_amiss(_: Sitting, stories: Sequence[Sequence[Line]], before: Numbers) -> int:
    """Count stories in which not just one article, and no copy, stands for the others."""
    found = 0
    for story in stories:
        leads = [line for line in story if before[str(line["id"])].heat >= 0]
        whole = any("duplicateOf" not in line for line in story)
        found += len(leads) != 1 or (whole and "duplicateOf" in leads[0])
    return found


def _worse_by(key: str) -> Callable[[Sitting, Sequence[Sequence[Line]], Numbers], int]:
    def found(sitting: Sitting, stories: Sequence[Sequence[Line]], before: Numbers) -> int:
        def without(_: Chance, story: Sequence[Line]) -> Sequence[Line]:
            return [{name: value for name, value in line.items() if name != key} for line in story]

        after = _changed(sitting, stories, without)
        return sum(before[name].quality < its.quality for name, its in after.items())

    return found


PROPERTIES: tuple[tuple[str, Callable[[Sitting, Sequence[Sequence[Line]], Numbers], int]], ...] = (
    ("one more independent provider never cools", _cooled),
    ("time without news never heats", _heated_by_time),
    ("nobody heats by repeating itself", _heated_by_repeating),
    ("the order of the lines has no say", _moved_by_order),
    ("how unknown providers are called has no say", _moved_by_names),
    ("ledgers add up to their numbers", _sums_amiss),
    ("one article leads, and no copy", _led_amiss),
    ("a picture never costs quality", _worse_by("images")),
    ("a byline never costs quality", _worse_by("byline")),
    ("a summary never costs quality", _worse_by("excerpt")),
)


# Headlines under suspicion.


def _suspicions(sitting: Sitting) -> Iterator[Said]:
    yield from _flagged(
        sitting,
        MARKET_REPORTS,
        "market reports of our own",
        list(headlines(MARKET_REPORTS)),
        {"market-report": "more"},
    )
    files = sitting.material.files("clickbait", ".txt")
    honest = [path for path in files if path.name.startswith("ordinary")]
    bait = [path for path in files if path.name.startswith("clickbait")]
    if not honest or not bait:
        root = sitting.material.root
        yield Skipped(
            "scores: clickbait", f"{root}/clickbait lacks ordinary*.txt or clickbait*.txt"
        )
    for path in honest:
        case = "ordinary headlines"
        yield from _flagged(sitting, path, case, list(headlines(path)), _NEVER)
    for path in bait:
        case = "clickbait"
        yield from _flagged(sitting, path, case, list(headlines(path)), {"clickbait": "more"})
    matters = [
        (corpus, f"headlines: {matter}", titles)
        for corpus in sitting.material.corpora("stories")
        if not any(article.text for article in corpus.articles)
        for matter, titles in _by_matter(corpus)
    ]
    for corpus, case, titles in matters:
        yield from _flagged(sitting, corpus.path, case, titles, _NEVER)
    suspected = _bayes(sitting, honest, bait)
    if suspected is None:
        return
    for corpus, case, titles in matters:
        part = sum(map(suspected, titles)) / len(titles)
        yield Row(
            material=corpus.name,
            case=case,
            contender="naive Bayes with labels",
            figures=(Figure("clickbait", part, "less", digits=4),),
        )


def _by_matter(corpus: Corpus) -> list[tuple[str, list[str]]]:
    titles: dict[str, list[str]] = defaultdict(list)
    for line in corpus.lines:
        titles[line.said("topic") or "any matter"].append(line.article.title)
    return sorted(titles.items())


_NEVER: dict[str, Better] = {"market-report": "less", "clickbait": "less"}


def _flagged(
    sitting: Sitting, path: Path, case: str, titles: Sequence[str], signals: Mapping[str, Better]
) -> Iterator[Row]:
    titles = Chance("titles").sample(titles, TITLES[sitting.effort])
    lines: list[Line] = [
        {"id": str(place), "story": str(place), "title": title, "language": "en"}
        for place, title in enumerate(titles)
    ]
    start = time.process_time()
    answers = _scored(sitting, lines).values()
    seconds = time.process_time() - start
    said = [{entry.signal for entry in answer.ledger["quality"]} for answer in answers]
    yield Row(
        material=path.name.partition(".")[0],
        case=case,
        contender=OURS,
        figures=tuple(
            Figure(signal, sum(signal in its for its in said) / len(said), better, digits=4)
            for signal, better in signals.items()
        ),
        documents=len(titles),
        seconds=seconds,
        files=() if path == MARKET_REPORTS else (path,),
    )


def _bayes(
    sitting: Sitting, honest: Sequence[Path], bait: Sequence[Path]
) -> Callable[[str], bool] | None:
    if not sitting.baselines or not honest or not bait:
        return None
    ordinary = [title for path in honest for title in headlines(path)]
    baiting = [title for path in bait for title in headlines(path)]
    labels = ["no"] * len(ordinary) + ["yes"] * len(baiting)
    model = NaiveBayes([*ordinary, *baiting], labels)
    return lambda title: model(title) == "yes"
