"""YAML that strangers wrote: structure alone, within bounds."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records.safe_yaml import (
    DEEPEST,
    MOST_BYTES,
    Items,
    Mapping,
    Misread,
    Text,
    mapping,
    plain,
    read,
)

BOMB = """\
a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g]
"""


def misread(text: str) -> Misread:
    with pytest.raises(Misread) as refused:
        read(text)
    return refused.value


def test_a_document_is_read_in_its_order_with_its_lines() -> None:
    root = mapping(read("b: 1\na:\n  - x\n  - {c: ''}\n"), "it")
    assert list(root.items) == ["b", "a"]
    assert root.lines == {"b": 0, "a": 1}
    assert root.items["b"] == Text("1", 0)
    assert isinstance(root.items["a"], Items)
    assert plain(root) == {"b": "1", "a": ["x", {"c": ""}]}


def test_nothing_is_an_empty_mapping() -> None:
    assert read("") == Mapping({}, {}, 0)
    assert read("# only a comment\n") == Mapping({}, {}, 0)


@pytest.mark.parametrize("written", ["x", '"x"', "'x'", "|-\n  x", ">-\n  x"])
def test_a_scalar_says_whether_it_stood_bare(written: str) -> None:
    found = mapping(read(f"a: {written}\n"), "it").items["a"]
    assert isinstance(found, Text)
    assert (found.value, found.plain) == ("x", written == "x")


# C02


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (BOMB, 0, "no anchors"),
        ("a: 1\nb: *a\n", 1, "no anchors"),
        ("a: &x 1\n", 0, "no anchors"),
        ("a: 1\nb: 2\na: 3\n", 2, "'a' only once"),
        ("x:\n  a: 1\n  a: 2\n", 2, "'a' only once"),
        ("{a: 1, 'a': 2}", 0, "'a' only once"),
        ("a: 1\nb: x\0y\n", 1, "U+0000"),
        ("\ufeffa: 1\n", 0, "U+FEFF"),
        ("a: 1\nb: \x1b[0m\n", 1, "U+001B"),
        ("a: !!int 1\n", 0, "no tags"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 1, "no tags"),
        ("!x a: 1\n", 0, "no tags"),
        ("? [a]\n: 1\n", 0, "a name before the colon"),
        ("a: 1\n---\nb: 2\n", 1, "one document"),
        ("a: [1\n", 0, "YAML"),
        ("a: 1\nb: 'x\n", 1, "YAML"),
        ("a: 1\n\tb: 2\n", 1, "YAML"),
        ("a: b: c\n", 0, "YAML"),
        ("%YAML 9.9\n", 0, "YAML"),
    ],
)
def test_c02_what_is_unsafe_or_broken_is_refused_by_its_line(
    text: str, line: int, expected: str
) -> None:
    error = misread(text)
    assert (error.line, expected in error.expected) == (line, True), error


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2000,
        "[" * 500_000,
        "{a: " * 200_000,
        "- " * 400_000,
        "? " * 400_000,
        "".join(" " * depth + "a:\n" for depth in range(1000)),
        "&a " * 300_000,
        "a: *" + "x" * 900_000,
        "a: '" + "x\n\n" * 300_000,
        '"' + "\\x41" * 240_000,
        "a: |\n" + " x\n" * 300_000 + "b: [",
        "!" * 900_000,
        BOMB,
    ],
    ids=range(13),
)
def test_c02_hostile_text_is_refused_in_bounded_time_and_memory(text: str) -> None:
    tracemalloc.start()
    started = time.monotonic()
    misread(text)
    assert time.monotonic() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()


def test_c02_more_than_a_million_characters_are_refused_unread() -> None:
    started = time.monotonic()
    assert "1,000,000" in misread("a: " + "x" * 5_000_000).expected
    assert time.monotonic() - started < 0.1
    assert plain(read("a: " + "x" * (MOST_BYTES - 3))) == {"a": "x" * (MOST_BYTES - 3)}


def test_c02_depth_is_bounded_just_there() -> None:
    assert isinstance(read("[" * DEEPEST + "]" * DEEPEST), Items)
    assert "levels" in misread("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2)).expected


# C03


@pytest.mark.parametrize(
    "word",
    ["no", "on", "yes", "y", "1:30", "012", "0o14", "0x1F", "2021-12-14", "1e3", ".5", "1_000",
     "true", "null", "~", ".inf", "=", "<<", "2021-12-14T00:50:00Z"],
)  # fmt: skip
def test_c03_a_word_stays_the_text_that_was_written(word: str) -> None:
    assert plain(read(f"a: {word}\n")) == {"a": word}
    assert plain(read(f"a: [{word}]\n{word}: b\n")) == {"a": [word], word: "b"}


def test_only_a_line_feed_ends_a_line_and_values_keep_what_looks_like_one() -> None:
    root = mapping(read('a: "b\u2028c\x85d\re"\r\nf: x\u2029y\n'), "it")
    assert plain(root) == {"a": "b\u2028c\x85d\re", "f": "x\u2029y"}
    assert root.lines == {"a": 0, "f": 1}


# Always


PIECES = st.sampled_from(
    ["a", "b", ": ", ":", "\n", " ", "  ", "- ", "[", "]", "{", "}", ",", "'", '"', "|", ">", "&a",
     "*a", "!", "?", "#", "%", "---", "...", "\t", "\x85", "\u2028", "\r", "\ufeff", "é", "\0"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_misread_at_one_of_its_lines(text: str) -> None:
    error = refusal(text)
    if error is not None:
        assert 0 <= error.line <= text.count("\n")
        assert str(error).startswith(f"line {error.line + 1}: expected ")


def refusal(text: str) -> Misread | None:
    try:
        plain(read(text))
    except Misread as error:
        return error
    return None
