"""The classic profile: each term of its arithmetic, and real records' numbers."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.config import ClassicWeights, Settings
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.frontmatter import parse
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.record import Record, RelatedItem
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classic import ClassicScore, score_record

WEIGHTS = ClassicWeights()
THRESHOLD = Settings().score.threshold
PACK = TopicPack(
    (
        Topic(name="AI", keywords=("ai", "robot")),
        Topic(name="AI Hardware", parent="AI", keywords=("chip", "!gpu", "wafer")),
        Topic(name="Ports", keywords=("port", "chip")),
    )
)
REGISTRY = ProviderRegistry(
    (
        Provider(name="Harbour Courier", domain="harbour-courier.example"),
        Provider(name="The Lighthouse", domain="blog.harbour-courier.example", standing=30),
        Provider(name="Ministry", domain="gov.example", kind="official"),
        Provider(name="Tabloid", domain="tabloid.example", standing=-10),
    )
)
PLAIN = Record(
    title="Nothing to see",
    published_date_time="2026-03-02T09:30:00Z",
    web_url="https://unknown.example/a",
    provider=ProviderName(name="Unknown", domain="unknown.example"),
)
SEED_LIKE = msgspec.structs.replace(
    PLAIN,
    title="Island to close its docks for a foreign Chip maker, AI concern",
    topics=("AI Hardware", "AI"),
    amp_web_url="https://unknown.example/amp/a",
    images=(Image(url="https://unknown.example/a.jpg"),),
    related=(RelatedItem(title="One", quality=59), RelatedItem(title="Two", quality=34)),
)


def scored(standing: int | None = None, **changes: object) -> ClassicScore:
    """Score the plain record with changes, by a provider of that standing if one is given."""
    own = Provider(name="Unknown", domain="unknown.example", standing=standing)
    registry = REGISTRY if standing is None else ProviderRegistry((own,))
    record = msgspec.structs.replace(PLAIN, **changes)
    return score_record(record, PACK, registry, WEIGHTS, THRESHOLD)


def quality(**changes: object) -> int:
    return scored(None, **changes).quality.total


@pytest.mark.shared
def test_the_seed_record_has_its_own_numbers() -> None:
    seed = Path(__file__).resolve().parents[3] / "shared" / "contract" / "record.md"
    if not seed.exists():
        pytest.skip("the shared contract is not beside the checkout")
    record = parse(seed.read_bytes()).record
    found = score_record(record, PACK, REGISTRY, WEIGHTS, THRESHOLD)
    assert (found.quality.total, found.heat.total, found.published) == (74, 94, True)
    assert (record.quality, record.heat, record.published) == (74, 94, True)


def test_a_record_like_the_seed_has_74_and_94_and_is_published() -> None:
    found = score_record(SEED_LIKE, PACK, REGISTRY, WEIGHTS, THRESHOLD)
    assert (found.quality.total, found.heat.total, found.published) == (74, 94, True)
    assert [(line.signal, line.points) for line in found.quality.lines] == [
        ("topics", 4),
        ("keyword", 15),
        ("keyword", 15),
        ("image", 20),
        ("amp", 20),
    ]
    assert [(line.signal, line.points) for line in found.heat.lines] == [
        ("quality", 74),
        ("related", 20),
    ]


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({}, 0),
        ({"topics": ()}, 0),
        ({"topics": ("AI",)}, 2),
        ({"topics": ("AI", "No such topic")}, 4),
        ({"images": (Image(url="https://a.example/a.jpg"),)}, 20),
        ({"images": (Image(url="https://a.example/a.jpg"),) * 3}, 20),
        ({"amp_web_url": "https://a.example/amp"}, 20),
        ({"cdn_amp_web_url": "https://a.example/amp"}, 0),
        ({"amp_web_url": ""}, 0),
        ({"featured_content": "https://v.example/embed/1"}, 100),
        ({"type": "video"}, 0),
    ],
)
def test_each_thing_has_its_points(changes: dict[str, object], points: int) -> None:
    assert quality(**changes) == points


@pytest.mark.parametrize(
    ("title", "topics", "points"),
    [
        ("A chip", ("AI Hardware",), 2 + 15),
        ("A CHIP chip chipped", ("AI Hardware",), 2 + 15),
        ("A chip", ("AI",), 2),
        ("A chip in port", ("AI Hardware", "Ports"), 4 + 15 + 15 + 15),
        ("Against the airport", ("AI",), 2 + 15),
        ("A gpu", ("AI Hardware",), 2 + 15),
        ("A wa fer", ("AI Hardware",), 2),
    ],
)
def test_keywords_count_as_substrings_once_a_topic(
    title: str, topics: tuple[str, ...], points: int
) -> None:
    assert quality(title=title, topics=topics) == points


@pytest.mark.parametrize(
    ("address", "points"),
    [
        ("https://harbour-courier.example/a", 40),
        ("https://www.HARBOUR-courier.example:8443/a", 40),
        ("https://blog.harbour-courier.example/a", 30),
        ("https://deep.blog.harbour-courier.example/a", 30),
        ("https://notharbour-courier.example/a", 0),
        ("https://gov.example/a", 50),
        ("https://tabloid.example/a", 0),
        ("https://[broken/a", 0),
        ("not an address", 0),
    ],
)
def test_a_providers_standing_goes_by_the_longest_match_on_the_host(
    address: str, points: int
) -> None:
    assert quality(web_url=address) == points


def test_a_record_without_addresses_goes_by_its_providers_domain() -> None:
    provider = ProviderName(name="Any", domain="gov.example")
    assert quality(web_url=None, provider=provider) == 50
    original = "https://harbour-courier.example/a"
    assert quality(web_url=None, original_url=original, provider=provider) == 40


@pytest.mark.parametrize(
    ("length", "points"), [(69, 20), (70, 20), (71, 20), (72, 19), (73, 19), (74, 18), (111, 0)]
)
def test_a_long_title_costs_a_point_for_each_whole_two_characters(length: int, points: int) -> None:
    images = (Image(url="https://a.example/a.jpg"),)
    assert quality(title="x" * length, images=images) == points


def test_quality_is_never_below_zero_and_says_so() -> None:
    found = scored(title="x" * 200)
    assert (found.quality.total, found.heat.total, found.published) == (0, 0, False)
    assert [line.signal for line in found.quality.lines] == ["long title", "clamp"]
    assert quality(web_url="https://tabloid.example/a") == 0


@pytest.mark.parametrize(("points", "heat"), [(44, 44), (45, 45), (46, 66), (49, 69), (50, 70)])
def test_related_items_heat_only_above_a_quality_of_45(points: int, heat: int) -> None:
    items = (RelatedItem(title="One"), RelatedItem(title="Two", quality=3))
    found = scored(points, related=items)
    assert (found.heat.total, found.published) == (heat, heat >= 70)


@pytest.mark.parametrize(
    ("other", "time", "superseded"),
    [
        (49, "2026-03-03T09:30:00Z", False),
        (51, "2026-03-01T09:30:00Z", True),
        (50, "2026-03-02T09:29:59Z", False),
        (50, "2026-03-02T09:30:00Z", False),
        (50, "2026-03-02T09:30:01Z", True),
        (50, "2026-03-02T10:30:00+02:00", False),
        (50, None, False),
        (None, "2026-03-03T09:30:00Z", False),
    ],
)
def test_a_better_or_as_good_and_newer_article_of_its_story_supersedes(
    other: int | None, time: str | None, superseded: bool
) -> None:
    items = (
        RelatedItem(title="Low", quality=1),
        RelatedItem(title="Other", quality=other, published_date_time=time),
    )
    found = scored(50, related=items)
    assert found.quality.total == 50
    assert (found.heat.total, found.published) == ((-1, False) if superseded else (70, True))


def test_weights_and_threshold_come_from_the_settings() -> None:
    weights = ClassicWeights(topic=1, keyword=10, image=7, amp=3, related=2, related_above=30)
    record = msgspec.structs.replace(SEED_LIKE, related=(RelatedItem(title="x", quality=5),) * 2)
    found = score_record(record, PACK, REGISTRY, weights, 37)
    assert (found.quality.total, found.heat.total, found.published) == (32, 36, False)
    assert score_record(record, PACK, REGISTRY, weights, 36).published


NAMES = st.sampled_from(["AI", "AI Hardware", "Ports", "Unknown"])
RECORDS = st.builds(
    lambda title, topics, qualities, video: msgspec.structs.replace(
        PLAIN,
        title=title,
        topics=tuple(topics),
        related=tuple(RelatedItem(title="x", quality=one) for one in qualities),
        featured_content=video,
    ),
    st.text(max_size=120) | st.sampled_from(["A chip for AI", "Robots in port"]),
    st.lists(NAMES, max_size=4, unique=True),
    st.lists(st.none() | st.integers(-5, 200), max_size=4),
    st.none() | st.just("https://v.example/1"),
)


@given(RECORDS)
def test_every_number_is_the_sum_of_its_ledger(record: Record) -> None:
    found = score_record(record, PACK, REGISTRY, WEIGHTS, THRESHOLD)
    assert found.quality.total == sum(line.points for line in found.quality.lines) >= 0
    assert found.heat.total == -1 or found.heat.total >= found.quality.total
    assert found.published == (found.heat.total >= THRESHOLD)
    assert all(line.points and line.reason for line in found.quality.lines)
