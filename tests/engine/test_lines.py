"""Anybody's lines as articles: names, aliases, dates, providers, languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from newsroom import FERRY

from wiredesk.engine.lines import Line, Lines, Trouble
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.provider import Provider, ProviderRegistry

REGISTRY = ProviderRegistry((Provider(name="Velm Times Asia", domain="asia.velm-times.example"),))
LINES = Lines("en", REGISTRY)
GERMAN = (
    "Der Rat von Port Lorne hat am Dienstagabend beschlossen, zwei elektrische Fähren bei der Werft in "
    "Nessby zu kaufen. Die Bürgermeisterin sagte, das erste Boot werde im Mai über den Sund fahren, und "
    "die Preise blieben, wie sie sind. Die Opposition nannte das Geschäft ein Wagnis und will, dass der "
    "Prüfer sich den Vertrag ansieht, bevor im August die erste Rate fällig wird."
)


def read(**fields: Any) -> Article:
    (line,) = LINES([(1, json.dumps({"id": "a"} | fields).encode())])
    assert isinstance(line, Line)
    return line.article


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        ({"headline": "Two ferries"}, "title", "Two ferries"),
        ({"body": "Two ferries."}, "text", "Two ferries."),
        ({"content": ["Two", "ferries."]}, "text", "Two ferries."),
        ({"summary": "Two ferries."}, "excerpt", "Two ferries."),
        ({"authors": ["Ines Marrow", "Bram Oster"]}, "byline", "Ines Marrow, Bram Oster"),
        ({"url": "https://velm-times.example/a"}, "web_url", "https://velm-times.example/a"),
        ({"web_url": "https://velm-times.example/a"}, "web_url", "https://velm-times.example/a"),
        ({"lang": "de-AT"}, "language", "de"),
        ({"image": "https://velm-times.example/a.jpg"}, "images",
         (Image(url="https://velm-times.example/a.jpg"),)),
        ({"tags": ["boats"]}, "hashtags", ("boats",)),
        ({"title": None, "text": None, "images": None}, "title", ""),
    ],
)  # fmt: skip
def test_a_field_is_read_by_its_usual_names(
    given: dict[str, Any], field: str, value: object
) -> None:
    assert getattr(read(**given), field) == value


def test_a_records_own_name_goes_before_its_aliases() -> None:
    assert read(description="a desk", excerpt="an excerpt").excerpt == "an excerpt"
    assert read(date="2020-01-01", publishedDateTime="2026-03-02").published_date_time == (
        datetime(2026, 3, 2, tzinfo=UTC)
    )


def test_sentences_are_a_text_and_the_first_is_its_title_where_there_is_none() -> None:
    untitled = read(sentences=["Two ferries .", "They are late ."])
    assert (untitled.title, untitled.text) == ("Two ferries .", "They are late .")
    titled = read(title="Ferries", sentences=["Two ferries .", "They are late ."])
    assert (titled.title, titled.text) == ("Ferries", "Two ferries . They are late .")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T13:00:00+01:00", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        (" 2-MAR-1987 13:00:05.30", datetime(1987, 3, 2, 13, 0, 5, tzinfo=UTC)),
        ("12-MAR-1987 13:00:05.30\x05\x05RM", datetime(1987, 3, 12, 13, 0, 5, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 13:00:00 GMT", datetime(2026, 3, 2, 13, tzinfo=UTC)),
        (1772456400, datetime(2026, 3, 2, 13, tzinfo=UTC)),
        (1772456400000, datetime(2026, 3, 2, 13, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_a_date_is_read_in_any_form_that_states_one(text: object, time: datetime | None) -> None:
    (line, *_) = LINES([(1, json.dumps({"id": "a", "date": text}).encode())])
    assert isinstance(line, Line)
    assert line.article.published_date_time == time


def test_the_first_date_that_can_be_read_is_taken_and_then_nothing_is_said() -> None:
    line = {"id": 1, "published": "soon", "date": "2026-03-02"}
    assert len(list(LINES([(1, json.dumps(line).encode())]))) == 1


@pytest.mark.parametrize(
    ("fields", "provider"),
    [
        ({"provider": "Inland Post"}, ProviderName(name="Inland Post", domain="Inland Post")),
        (
            {"provider": "Post", "domain": "www.post.co.uk"},
            ProviderName(name="Post", domain="post.co.uk"),
        ),
        (
            {"source": "vt", "url": "http://www.velm.com/a"},
            ProviderName(name="vt", domain="velm.com"),
        ),
        (
            {"url": "https://asia.velm-times.example/a"},
            ProviderName(name="Velm Times Asia", domain="asia.velm-times.example"),
        ),
        (
            {"provider": {"name": "Post", "domain": "post.example"}, "source": "feed:x"},
            ProviderName(name="Post", domain="post.example"),
        ),
        ({"source": {"id": None, "name": "Post"}}, ProviderName(name="Post", domain="Post")),
        ({}, ProviderName(name="", domain="")),
    ],
)
def test_a_provider_is_named_as_the_line_does_and_known_by_what_is_registered(
    fields: dict[str, Any], provider: ProviderName
) -> None:
    assert read(**fields).provider == provider


def test_a_language_is_stated_or_told_by_a_long_text_or_the_desks_own() -> None:
    assert read(text=GERMAN).language == "de"
    assert read(text=FERRY).language == "en"
    assert read(text=GERMAN, language="fr").language == "fr"
    assert read(title="Zwei Fähren für Port Lorne").language == "en"


def test_what_has_no_id_is_called_by_its_address() -> None:
    (line,) = LINES([(1, b'{"url": "https://velm-times.example/a"}')])
    assert isinstance(line, Line)
    assert line.id == "https://velm-times.example/a"
    (trouble,) = LINES([(3, b'{"title": "Two ferries"}')])
    assert trouble == Trouble(
        "line 3: it has no id (a text or a number), and no guid or url instead"
    )
