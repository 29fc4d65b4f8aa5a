"""Each exam on a little material of our own: it measures what it says, and can fail."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made import headline, reports, rows, sitting, value, whole_material, write

from wiredesk.exams.ours import Ours
from wiredesk.exams.papers import copies, related, scores, senses, speed, stories, topics
from wiredesk.exams.run import load, names
from wiredesk.exams.sitting import OURS, Remark, Row, Said, Sitting, Skipped
from wiredesk.records.article import Article
from wiredesk.records.judgement import Membership, Relation
from wiredesk.records.topic import TopicPack


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_material(tmp_path_factory.mktemp("exams") / "data")


SLOW = {"scores", "speed"}
"""Exams that make their own material."""
AT_HOME = {"senses"}
"""Exams whose material comes with wiredesk."""


class Careless(Ours):
    """A desk that judges as badly as can be: everything is one story, one text, and related."""

    def grouped(self, articles: Any) -> tuple[Membership, ...]:
        ids = [article.id for article in articles]
        return tuple(Membership(id=one, story="s", duplicate_of=ids[0]) for one in ids)

    def related(self, articles: Any, memberships: Any) -> dict[str, tuple[Relation, ...]]:
        ids = [article.id for article in articles]
        shown = [
            Relation(id=one, why=why) for one, why in zip(ids, ("near", "story"), strict=False)
        ]
        return {one: tuple(shown) for one in ids}

    def topics(self, articles: Sequence[Article], pack: TopicPack) -> list[list[str]]:
        return [["Language Models", "tech"]] * len(articles)

    def filtered(self, stage: str, lines: Any, as_of: Any = None) -> Iterator[dict[str, object]]:
        answers = list(super().filtered(stage, lines, as_of))
        sizes = Counter(answer["story"] for answer in answers)
        for answer in answers:
            its = json.loads(msgspec.json.encode(answer))
            its["heat"] = 50 - sizes[its["story"]] + as_of.toordinal() % 20
            its["ledger"]["quality"].append({"signal": "clickbait", "points": 0})
            yield its


def careless(root: Path) -> Sitting:
    given = sitting(root)
    return msgspec.structs.replace(given, ours=Careless())


def test_every_exam_says_what_it_skips_where_there_is_no_material(tmp_path: Path) -> None:
    for name in set(names()) - SLOW - AT_HOME:
        said = list(load(name)(sitting(tmp_path)))
        assert any(isinstance(one, Skipped) for one in said), name
        assert all(row.files == () for row in rows(said)), name


def test_every_exam_sits_with_its_baselines(material: Path) -> None:
    for name in set(names()) - {"speed"}:
        said = list(load(name)(sitting(material, baselines=True)))
        contenders = {row.contender for row in rows(said)}
        assert OURS in contenders, name
        assert len(contenders) > 1, name


def test_an_exam_says_the_same_twice(material: Path) -> None:
    def told(name: str) -> list[Said]:
        said = load(name)(sitting(material, baselines=True))
        return [
            msgspec.structs.replace(one, seconds=0) if isinstance(one, Row) else one for one in said
        ]

    for name in set(names()) - SLOW:
        assert told(name) == told(name), name


def test_stories_are_examined_plain_among_distractors_and_in_small_windows(material: Path) -> None:
    found = rows(stories.sit(sitting(material)))
    cases = {(row.material, row.case) for row in found}
    assert {
        ("texts_own", ""),
        ("texts_own", "with 60 distractors"),
        ("texts_own", "windows of 20"),
        ("headlines_own", "with 70 distractors"),
    } <= cases
    good = {(row.material, row.case): value(row, "F1") for row in found}
    bad = {
        (row.material, row.case): value(row, "F1") for row in rows(stories.sit(careless(material)))
    }
    assert all(good[case] > bad[case] for case in good)


def test_copies_are_found_and_false_merges_are_counted_and_told(material: Path) -> None:
    found = list(copies.sit(sitting(material)))
    made = [row for row in rows(found) if "tenth" in row.case or "half" in row.case]
    assert len(made) == 4
    assert all(value(row, "recall") > 0.9 for row in made)
    assert all(value(row, "false merges") == 0 for row in made)
    pairs = next(row for row in rows(found) if "Jaccard 0.8" in row.case)
    assert value(pairs, "as one") == 1
    merged = list(copies.sit(careless(material)))
    assert all(
        value(row, "false merges") > 0
        for row in rows(merged)
        if any(figure.name == "false merges" for figure in row.figures)
    )
    told = [one.said for one in merged if isinstance(one, Remark) and "texts_own" in one.said]
    assert any("shared by" in sentence for sentence in told)
    assert any("more pairs" in sentence for sentence in told)


def test_a_wire_without_long_texts_and_pairs_without_containment_cost_only_what_they_lack(
    tmp_path: Path,
) -> None:
    documents = reports(20, "short")
    write(tmp_path / "neardup" / "docs.jsonl", documents)
    (tmp_path / "neardup" / "a_broken.json").write_text("[{}]")
    pair = {"a": documents[0]["id"], "b": documents[1]["id"], "jaccard4": 0.9}
    (tmp_path / "neardup" / "pairs.json").write_text(json.dumps([pair]))
    said = list(copies.sit(sitting(tmp_path)))
    skipped = [one.what for one in said if isinstance(one, Skipped)]
    assert skipped == ["copies: copies of docs", "copies: independent reports"]
    assert [row.case for row in rows(said)] == ["1 pairs of Jaccard 0.8 and up", "all of it"]


def test_independent_reports_that_really_share_text_are_told_but_no_false_merge(
    tmp_path: Path,
) -> None:
    first, second = reports(400, "shared", long=True)[:2]
    text = first["text"]
    lines = [
        first | {"event": "e", "url": "https://one.example/a"},
        second | {"event": "e", "url": "https://two.example/b", "text": f"{text} {second['text']}"},
    ]
    write(tmp_path / "stories" / "x.jsonl", lines)
    found = list(copies.sit(sitting(tmp_path)))
    (row,) = rows(found)
    assert row.case == "1 pairs of independent reports"
    assert (value(row, "became one"), value(row, "of two outlets")) == (1, 1)
    assert value(row, "false merges") == 0
    assert any(isinstance(one, Remark) and "1.00 shared" in one.said for one in found)


def test_topics_are_counted_wrong_where_nothing_is_given(tmp_path: Path) -> None:
    lines = [
        {"id": 1, "topic": "Sports", "title": "Referee sends off goalkeeper in rugby cup"},
        {"id": 2, "topic": "sports", "title": "Nothing that any keyword knows"},
        {"id": 3, "topic": "business", "title": "Rugby tournament: championship postponed"},
        {"id": 4, "topic": "gardens", "title": "Roses"},
    ]
    write(tmp_path / "topics" / "x.jsonl", lines)
    said = list(topics.sit(sitting(tmp_path)))
    (row,) = rows(said)
    assert row.case == "headline"
    assert row.documents == 3
    assert value(row, "accuracy") == pytest.approx(1 / 3)
    assert value(row, "given") == pytest.approx(2 / 3)
    assert value(row, "right of given") == pytest.approx(1 / 2)
    assert [one.what for one in said if isinstance(one, Skipped)] == ["topics: 1 lines of x"]


def test_senses_are_examined_by_pack_and_an_unknown_topic_is_skipped(material: Path) -> None:
    said = list(senses.sit(sitting(material)))
    row = next(row for row in rows(said) if row.material == "own")
    assert (value(row, "precision"), value(row, "recall")) == (1, 1)
    assert any(isinstance(one, Skipped) and "lines of own" in one.what for one in said)
    bad = next(row for row in rows(senses.sit(careless(material))) if row.material == "own")
    assert value(bad, "precision") == pytest.approx(1 / 2)


def test_related_counts_what_must_never_be(material: Path) -> None:
    never = ("a text twice", "story after near matter")
    for row in rows(related.sit(sitting(material))):
        if "Pearson" not in row.figures[0].name:
            assert [value(row, figure) for figure in never] == [0, 0], row.material
    bad = next(row for row in rows(related.sit(careless(material))) if row.material == "texts_own")
    assert value(bad, "a text twice") > 0
    assert value(bad, "story after near matter") > 0


def test_recall_at_two_is_of_events_with_three_reports(tmp_path: Path) -> None:
    lines = list(reports(300, "recall", long=True))
    write(tmp_path / "stories" / "x.jsonl", lines)
    (row,) = [row for row in rows(related.sit(sitting(tmp_path))) if row.material == "x"]
    assert value(row, "R@2") > 0.8
    write(tmp_path / "stories" / "x.jsonl", lines[:1])
    (row,) = [row for row in rows(related.sit(sitting(tmp_path))) if row.material == "x"]
    assert "R@2" not in [figure.name for figure in row.figures]


def test_likeness_is_held_against_peoples(material: Path) -> None:
    (row,) = [row for row in rows(related.sit(sitting(material))) if "people" in row.case]
    assert row.documents == 18
    assert value(row, "Pearson") > 0.5


def test_scores_finds_violations_where_there_are_some(material: Path) -> None:
    found = {
        row.case: value(row, row.figures[0].name) for row in rows(scores.sit(careless(material)))
    }
    assert found["ledgers add up to their numbers"] > 0
    assert found["one more independent provider never cools"] > 0
    assert found["time without news never heats"] > 0
    assert found["one article leads, and no copy"] > 0
    assert found["clickbait"] == 1


def test_scores_looks_at_each_kind_of_headline(material: Path) -> None:
    found = {row.case: row for row in rows(scores.sit(sitting(material)))}
    assert value(found["ordinary headlines"], "clickbait") == 0
    assert value(found["clickbait"], "clickbait") == 1
    assert value(found["headlines: Entertainment"], "market-report") == 0
    assert value(found["market reports of our own"], "market-report") > 0.3


@pytest.mark.slow
def test_speed_measures_growing_windows_each_in_a_process_of_its_own(material: Path) -> None:
    found = rows(speed.sit(sitting(material)))
    grouped = [row for row in found if row.case.endswith("grouped")]
    assert [row.documents for row in grouped] == list(speed.GROUPED["quick"])
    assert all(row.seconds > 0 for row in grouped)
    assert all(value(row, "F1") > 0.8 for row in grouped)
    assert all(value(row, "KB an article") > 1 for row in grouped)
    real = next(row for row in found if "document frequencies" in row.case)
    assert 1 <= value(real, "factor apart, mean") <= value(real, "at most")


def test_a_set_of_headlines_has_no_texts_of_its_own() -> None:
    assert set(headline(reports(1)[0])) == {"id", "title", "story", "topic", "domain"}
