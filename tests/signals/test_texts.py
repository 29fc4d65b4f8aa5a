"""How well advertising is told from news: on invented texts beside this file, and on real headlines."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from wiredesk.signals.clickbait import baited
from wiredesk.signals.press_release import is_press_release
from wiredesk.signals.spam import is_market_report, offered

TEXTS = Path(__file__).with_name("texts")
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
ORDINARY = (
    "clickbait/ordinary_dev.txt",
    "stories/headlines_dev.jsonl.gz",
    "topics/bbc_dev.jsonl.gz",
)


def headlines(name: str) -> list[tuple[str, str]]:
    """The headlines of a file, each with what goes on below it."""
    lines = (TEXTS / name).read_text("utf-8").splitlines()
    parted = (line.partition(" || ") for line in lines if line and line[0] != "#")
    return [(title, lead) for title, _, lead in parted]


def blocks(name: str) -> list[str]:
    _, _, text = (TEXTS / name).read_text("utf-8").partition("\n")
    return [block.strip("\n") for block in text.split("----\n")]


def real(name: str) -> list[str]:
    file = SHARED / name
    if not file.exists():
        pytest.skip("the shared headlines are not beside this checkout")
    if file.suffix == ".txt":
        return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["title"] for line in lines]


def found(told: Callable[[str], object], texts: Iterable[str]) -> Iterator[str]:
    return (text for text in texts if told(text))


def test_nearly_all_market_reports_are_told() -> None:
    advertised = headlines("market_reports.txt")
    missed = [one for one in advertised if not is_market_report(*one)]
    assert len(advertised) >= 100
    assert len(missed) / len(advertised) <= 0.06, missed


def test_no_honest_report_of_a_market_is_taken_for_one() -> None:
    honest = headlines("honest_markets.txt")
    assert len(honest) >= 110
    assert [one for one in honest if is_market_report(*one)] == []


def test_all_press_releases_are_told_by_their_wording() -> None:
    releases = blocks("press_releases.txt")
    assert len(releases) == 20
    assert [text for text in releases if not is_press_release(text)] == []


def test_no_honest_report_is_taken_for_a_press_release() -> None:
    reports = blocks("honest_reports.txt")
    assert len(reports) == 20
    assert [text for text in reports if is_press_release(text)] == []


def test_what_stands_in_the_middle_of_a_long_report_makes_no_release_of_it() -> None:
    middle = "It was sent out as a release, (BUSINESS WIRE) and all, and nobody asked. "
    assert is_press_release(middle)
    assert not is_press_release("The council met. " * 400 + middle + "The council met. " * 400)


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title], ids=["upper", "lower", "title"])
def test_capitals_have_no_say(case: Callable[[str], str]) -> None:
    assert is_market_report(case("Smart buoy market size to reach USD 4.2 billion by 2031"))
    assert baited(case("You won't believe what this captain did"))[0] < 0
    assert not is_market_report(case("Stock market falls as bond yields reach 5%"))


@pytest.mark.parametrize(
    "part", ["(", "market ", "2031 ", "a, ", "10 things a ", "size share ", "how a "]
)
def test_no_text_takes_long_however_it_repeats_itself(part: str) -> None:
    title, text = (part * 300)[:300], (part * 6000)[:6000]
    started = time.process_time()
    is_market_report(title, text[:1200])
    is_market_report("A sonar market", text[:1200])
    baited(title)
    offered(title)
    is_press_release(text)
    assert time.process_time() - started < 0.5


@pytest.mark.shared
@pytest.mark.parametrize("name", ORDINARY)
def test_no_ordinary_headline_is_taken_for_advertising(name: str) -> None:
    titles = real(name)
    assert [*found(is_market_report, titles)] == []
    assert [*found(offered, titles)] == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ORDINARY)
def test_hardly_any_ordinary_headline_is_taken_for_bait(name: str) -> None:
    titles = real(name)
    points = [baited(title)[0] for title in titles]
    assert sum(one <= -8 for one in points) / len(titles) < 0.001
    assert sum(one < 0 for one in points) / len(titles) < 0.004


@pytest.mark.shared
def test_two_of_five_baiting_titles_are_told() -> None:
    titles = real("clickbait/clickbait_dev.txt")
    assert len([*found(lambda title: baited(title)[0], titles)]) / len(titles) > 0.4
