"""The topic packs that come with wiredesk are sound and mean what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import wiredesk
from wiredesk.adapters.desk_folder import read_pack, read_registry, read_settings
from wiredesk.records.article import Article, ProviderName
from wiredesk.stages.classify import Classify

PACKS = Path(wiredesk.__file__).parent / "packs"
NAMES = sorted(folder.name for folder in PACKS.iterdir() if (folder / "desk.toml").exists())
AI = Classify(read_pack(PACKS / "ai" / "topics"))


def topics_of(title: str, text: str = "") -> list[str]:
    provider = ProviderName(name="Harbour Courier", domain="harbour-courier.example")
    return [m.topic for m in AI(Article(id="a", title=title, text=text, provider=provider))]


def test_there_are_packs_of_two_fields_and_a_plain_one() -> None:
    assert {"ai", "climate", "plain"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_settings_name_sources_that_are_there(name: str) -> None:
    settings = read_settings(PACKS / name / "desk.toml")
    assert settings.sources
    assert all((PACKS / name / source.path).exists() for source in settings.sources if source.path)


@pytest.mark.parametrize("name", NAMES)
def test_parents_exist(name: str) -> None:
    pack = read_pack(PACKS / name / "topics")
    names = {topic.name for topic in pack.topics}
    assert all(not topic.parent or topic.parent in names for topic in pack.topics)
    assert len(names) == len(pack.topics)


@pytest.mark.parametrize("name", NAMES)
def test_no_keyword_is_a_single_letter_or_empty(name: str) -> None:
    for topic in read_pack(PACKS / name / "topics").topics:
        assert all(len(keyword.lstrip("!").strip()) > 1 for keyword in topic.keywords), topic.name


@pytest.mark.parametrize("name", NAMES)
def test_no_keyword_is_in_two_topics(name: str) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for topic in read_pack(PACKS / name / "topics").topics:
        for keyword in topic.keywords:
            owners[keyword.lstrip("!").lower().replace("-", " ")].append(topic.name)
    assert {keyword: names for keyword, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", NAMES)
def test_standings_are_of_the_desk_profile_and_press_releases_have_none(name: str) -> None:
    for provider in read_registry(PACKS / name / "providers").providers:
        assert provider.standing is not None
        assert 0 <= provider.standing <= 20
        assert (provider.kind == "press-release") is (provider.standing == 0), provider.name


@pytest.mark.parametrize("name", NAMES)
def test_feeds_are_https_and_listed_once(name: str) -> None:
    urls = re.findall(r'xmlUrl="([^"]+)"', (PACKS / name / "feeds.opml").read_text("utf-8"))
    assert len(urls) == len(set(urls))
    assert all(url.startswith("https://") for url in urls)


def test_the_ai_pack_is_a_whole_desk() -> None:
    pack = read_pack(PACKS / "ai" / "topics")
    assert len(pack.topics) >= 20
    assert all(not topic.parent or "AI" in pack.ancestors(topic.name) for topic in pack.topics)
    assert len(read_registry(PACKS / "ai" / "providers").providers) >= 40
    assert (PACKS / "ai" / "feeds.opml").read_text("utf-8").count("xmlUrl") >= 30


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Chip shares fall as Nvidia warns on China", "AI Hardware"),
        ("Anthropic says Claude can now use a computer", "Language Models"),
        ("Claude beats Gemini at chess", "Language Models"),
        ("Deepfake of mayor spreads", "Deepfakes"),
        ("Driverless buses begin in the old town", "Autonomous Vehicles"),
        ("EU's AI Act enters into force", "AI Policy and Regulation"),
        ("Artists sue over AI copyright", "AI and Copyright"),
        ("AI doctor spots cancer", "AI in Health"),
        ("人工知能が囲碁で勝つ", "AI"),
    ],
)
def test_matter_of_the_field_finds_its_topic(title: str, topic: str) -> None:
    assert topics_of(title)[0] == topic
    assert topics_of(title)[-1] == "AI"


@pytest.mark.parametrize(
    "title",
    [
        "Ai Weiwei opens a show against censorship",
        "Claude Monet painting sells for record price",
        "Gemini season: what the stars say for Gemini and Virgo",
        "Pringle maker launches new potato chip flavour",
        "FBI agents raid house of model",
        "A model walks the runway in Milan",
        "Flight AI-171 turned back to the Airport",
        "Bird flu: avian influenza (AI) found on farm",
        "Llamas escape from farm",
        "They said the chair was against the rail",
    ],
)
def test_other_senses_find_none(title: str) -> None:
    assert topics_of(title) == []
