from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from made import write

from wiredesk.exams.distractors import among
from wiredesk.exams.material import Material, digest, headlines, read_bytes
from wiredesk.exams.ours import Ours


def material(root: Path) -> Material:
    return Material(root, Ours().lines)


def test_sets_are_found_by_listing_whatever_their_names_and_packed_or_not(tmp_path: Path) -> None:
    write(tmp_path / "stories" / "b_test.jsonl", [{"id": 1}])
    write(tmp_path / "stories" / "a-of-2026.jsonl.gz", [{"id": 2}], packed=True)
    (tmp_path / "stories" / "notes.md").write_text("x")
    corpora = material(tmp_path).corpora("stories")
    assert [corpus.name for corpus in corpora] == ["a-of-2026", "b_test"]
    assert [corpus.articles[0].id for corpus in corpora] == ["2", "1"]
    assert material(tmp_path).corpora("nowhere") == []


def test_the_truth_is_a_story_or_an_event_within_its_topic(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"id": "a", "story": "s", "topic": "Business"},
        {"id": "b", "event": 1, "topic": "4"},
        {"id": "c", "event": 1, "topic": "5"},
        {"id": "d", "title": "of no story"},
        {"id": "e", "event": "x", "bad": True},
    ]
    write(tmp_path / "stories" / "x.jsonl", lines)
    (corpus,) = material(tmp_path).corpora("stories")
    assert corpus.truth == {"a": "s", "b": "4/1", "c": "5/1"}
    assert [article.id for article in corpus.articles] == ["a", "b", "c", "d"]


def test_a_line_or_a_file_that_cannot_be_used_is_told_and_costs_only_itself(tmp_path: Path) -> None:
    write(tmp_path / "stories" / "good.jsonl", [{"id": "a"}, {"id": "a"}, {"title": "no id"}])
    (tmp_path / "stories" / "torn.jsonl.gz").write_bytes(b"\x1f\x8b\x08 and then nothing")
    good, torn = material(tmp_path).corpora("stories")
    assert [article.id for article in good.articles] == ["a", "a+"]
    assert good.troubles == [
        "line 3: it has no id (a text or a number), and no guid or url instead"
    ]
    assert torn.articles == []
    assert "torn.jsonl.gz" in torn.troubles[0]


def test_what_is_packed_wrongly_is_said_as_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    whole = write(tmp_path / "y.gz", [{"id": 1}], packed=True).read_bytes()
    path.write_bytes(whole[:-9])
    with pytest.raises(OSError, match=r"x\.gz"):
        read_bytes(path)


def test_a_set_of_full_texts_is_told_from_one_of_headlines(tmp_path: Path) -> None:
    write(tmp_path / "stories" / "long.jsonl", [{"id": 1, "text": "word " * 60}])
    write(tmp_path / "stories" / "short.jsonl", [{"id": 1, "text": "word " * 59}])
    long, short = material(tmp_path).corpora("stories")
    assert long.has_texts
    assert not short.has_texts


def test_distractors_are_of_the_sets_form_and_dated_as_it_is(tmp_path: Path) -> None:
    text = "word " * 60
    dated = {"date": "2026-03-02", "event": "x"}
    write(tmp_path / "stories" / "a_long.jsonl", [{"id": 1, "text": text} | dated])
    write(tmp_path / "stories" / "b_titles.jsonl", [{"id": 1, "title": "Rain"} | dated])
    write(tmp_path / "stories" / "c_between.jsonl", [{"id": 1, "text": "short"} | dated])
    long, titles, between = material(tmp_path).corpora("stories")
    missing = among(material(tmp_path), long)
    assert missing is not None
    assert "topics" in missing.missing
    write(tmp_path / "topics" / "t.jsonl", [{"id": n, "text": text} for n in range(5)])
    (tmp_path / "clickbait").mkdir()
    (tmp_path / "clickbait" / "ordinary.txt").write_text("One\n\nTwo\n")
    found = among(material(tmp_path), long)
    assert found is not None
    assert found.distractors == 5
    dates = {article.published_date_time for article in found.articles}
    assert len(found.articles) == 6
    assert len(dates) == 1
    short = among(material(tmp_path), titles)
    assert short is not None
    assert [article.title for article in short.articles[1:]] in (["One", "Two"], ["Two", "One"])
    assert among(material(tmp_path), between) is None


def test_a_files_digest_is_that_of_sha256sum_and_headlines_are_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b" One \n\nTwo\xff\n")
    assert digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list(headlines(path)) == ["One", "Two\ufffd"]
