"""What is left of a stranger's text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.records.plaintext import decoded, from_html, paragraphs, plain


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  A \t quiet\r\nday ", "A quiet day"),
        ("nul\x00 bell\x07 back\x08", "nul bell back"),
        ("next\x85line\u2028and\u2029paragraph", "next line and paragraph"),
        ("over\u202eride\u202c and iso\u2066late\u2069", "override and isolate"),
        ("\ufeffmark", "mark"),
        ("soft\u00adhy\u200bphen", "softhyphen"),
        ("non\u00a0breaking", "non breaking"),
        ("Cafe\u0301", "Café"),
        ("half \ud83d pair", "half pair"),
        ("odd\uffff\ufdd0", "odd"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("5 &lt; 6 &amp; 7", "5 &lt; 6 &amp; 7"),
        ("", ""),
    ],
)
def test_text_becomes_one_plain_line(raw: str, text: str) -> None:
    assert plain(raw) == text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("U<b>S</b>A", "USA"),
        ("line<br>line<br/>line", "line line line"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("a<noscript><img src=x></noscript>b", "ab"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("It&amp;#8217;s", "It’s"),  # noqa: RUF001 - the apostrophe that publishers write
        ("<p>Fish &amp;amp; chips</p>", "Fish & chips"),
        ("&lt;p&gt;Escaped &lt;b&gt;once&lt;/b&gt; more&lt;/p&gt;", "Escaped once more"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;said", "said"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("1 &lt; 2", "1 < 2"),
        ("Q&A and R&D", "Q&A and R&D"),
        ("broken <b", "broken"),
        ("<img src=x onerror=alert(1)>after", "after"),
        ("<title>t</title>after", "tafter"),
        ("", ""),
    ],
)
def test_a_fragment_gives_what_a_reader_sees(fragment: str, text: str) -> None:
    assert from_html(fragment) == text


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("The harbour reopened on Monday", 100, "The harbour reopened on Monday"),
        ("The harbour reopened on Monday", 30, "The harbour reopened on Monday"),
        ("The harbour reopened on Monday", 29, "The harbour reopened on…"),
        ("The harbour, reopened on Monday", 20, "The harbour…"),
        ("港口在周一重新开放了", 6, "港口在周一…"),
        ("aaaaaaaaaaaa", 5, "aaaa…"),
        ("aaaax\u0302\u0323bbb", 6, "aaaa…"),
    ],
)
def test_long_text_is_cut_after_a_word(text: str, limit: int, cut: str) -> None:
    assert plain(text, limit) == unicodedata.normalize("NFC", cut)


def test_paragraphs_stay_apart() -> None:
    assert paragraphs(" One\x00 \n\n two\u2028three\n") == "One\ntwo three"


def test_entities_that_a_parser_left_are_decoded_once() -> None:
    assert decoded("AT&amp;T") == "AT&T"
    assert decoded("a &amp;amp; b") == "a &amp; b"
    assert decoded("x&y; &unknownentity; &") == "x&y; &unknownentity; &"


@given(st.text(), st.integers(0, 40))
def test_plain_text_stays_as_it_is(raw: str, limit: int) -> None:
    text = plain(raw, limit)
    assert plain(text, limit) == text
    assert not limit or len(text) <= limit
    assert not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text
    )


@given(st.text(st.sampled_from("<>/&;#p bscriptxamlg039\"'=-!\x00é")))
def test_no_fragment_breaks_the_reader(fragment: str) -> None:
    assert "\x00" not in from_html(fragment, 50)


@pytest.mark.parametrize("bait", [" " * 1_000_000, "&" * 1_000_000, "<" * 300_000, "<p " * 200_000])
def test_bait_is_read_in_linear_time(bait: str) -> None:
    start = time.perf_counter()
    from_html(bait, 100)
    assert time.perf_counter() - start < 2
