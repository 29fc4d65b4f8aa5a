"""Lines: an article as anybody's JSON line has it, for the filters and the exams.

Names are read in any case, with or without underscores, and by their usual aliases; what is unknown
is passed over. A field that cannot be used is left out and said; only a line that is no object, or
has nothing to be called by, is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from wiredesk.records import dates
from wiredesk.records.article import Article, Image, ProviderName
from wiredesk.records.language import guessed
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.weburl import host_of, registrable_domain

Numbered = Iterable[tuple[int, bytes]]
"""Lines with their numbers, from 1 on."""

_ID = ("id", "guid", "weburl", "url", "link")
_TITLE = ("title", "headline")
_TEXT = ("text", "body", "content")
_SENTENCES = ("sentences",)
_EXCERPT = ("excerpt", "summary", "description", "lead")
_DATE = ("publisheddatetime", "publishedat", "published", "pubdate", "date", "datetime")
_PROVIDER = ("provider", "source", "publisher", "outlet")
_URL = ("weburl", "url", "link")
_LANGUAGE = ("language", "lang")
_BYLINE = ("byline", "author", "authors")
_IMAGES = ("images", "image")
_TAGS = ("hashtags", "tags")
_MILLISECONDS = 100_000_000_000
"""A Unix time from here on is no time in seconds: it would be in the year 5138."""


class Trouble(msgspec.Struct, frozen=True):
    """What was wrong with a line, in words, and whether it cost the line or a field only."""

    said: str
    lost: bool = True


class Line(msgspec.Struct, frozen=True):
    """A line's article; ``id`` as the line had it (a number stays one), and all its fields by their
    names in lower case without underscores, for what only one stage, or an exam, asks for.
    """

    id: str | int
    article: Article
    fields: Mapping[str, object]

    def said(self, name: str) -> str:
        """Return a field that is a text or a number as a text; empty for anything else."""
        value = self.fields.get(name)
        stated = isinstance(value, str | int) and not isinstance(value, bool)
        return str(value) if stated else ""


class Lines:
    """Reads articles from lines. ``language`` is that of a line that states none and is too short to
    tell; ``registry`` says how providers are called.
    """

    def __init__(self, language: str, registry: ProviderRegistry) -> None:
        self._language, self._registry = language, registry

    def __call__(self, lines: Numbered) -> Iterator[Line | Trouble]:
        """Give the articles in order, and what is wrong with lines or fields where it is met."""
        for number, line in lines:
            reading = _Reading(line)
            if reading.refusal:
                yield Trouble(f"line {number}: {reading.refusal}")
                continue
            yield Line(reading.id, self._article(reading), reading.fields)
            for odd in reading.odd:
                yield Trouble(f"line {number}: {odd}", lost=False)

    def _article(self, reading: _Reading) -> Article:
        title, text = reading.text(_TITLE), reading.text(_TEXT)
        if not text:
            sentences = reading.texts(_SENTENCES)
            if not title:  # then the first says what it is about
                title, sentences = "".join(sentences[:1]), sentences[1:]
            text = " ".join(sentences)
        excerpt, web_url = reading.text(_EXCERPT), reading.text(_URL)
        return Article(
            id=str(reading.id),
            title=title,
            provider=self._provider(reading, web_url),
            excerpt=excerpt,
            text=text,
            byline=", ".join(reading.texts(_BYLINE)),
            language=self._language_of(reading, text or excerpt),
            published_date_time=reading.date(),
            web_url=web_url,
            amp_web_url=reading.text(("ampweburl",)),
            type=reading.text(("type",)) or "article",
            featured_content=reading.text(("featuredcontent",)),
            images=reading.images(),
            hashtags=reading.texts(_TAGS),
            paywalled=reading.fields.get("paywalled") is True,
            fetched_at=read_time(reading.fields.get("fetchedat")),
        )

    def _provider(self, reading: _Reading, web_url: str) -> ProviderName:
        stated = reading.provider()
        host = (reading.text(("domain",)) or stated.domain or host_of(web_url)).lower()
        if not host:
            return ProviderName(name=stated.name, domain=stated.name)
        named = self._registry.named(host, registrable_domain(host))
        return ProviderName(name=stated.name or named.name, domain=named.domain)

    def _language_of(self, reading: _Reading, text: str) -> str:
        stated = reading.text(_LANGUAGE).replace("_", "-").partition("-")[0].lower()
        if stated:
            return stated
        language, sure = guessed(text)
        return language if sure else self._language


class _Reading:
    """One line being read: what it has, why it cannot be used, and what of it cannot."""

    def __init__(self, line: bytes) -> None:
        self.id: str | int = ""
        self.fields: dict[str, object] = {}
        self.odd: list[str] = []
        self.refusal = ""
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            self.refusal = str(error)
            return
        if not isinstance(value, dict):
            self.refusal = "it is no JSON object"
            return
        for key, its in value.items():
            self.fields.setdefault(str(key).lower().replace("_", "").replace("-", ""), its)
        called = next((its for name in _ID if _names(its := self.fields.get(name))), None)
        if isinstance(called, str | int):
            self.id = called
        else:
            self.refusal = "it has no id (a text or a number), and no guid or url instead"

    def text(self, names: tuple[str, ...]) -> str:
        """Return the first of the fields that says something; of a list, its texts in a row."""
        return " ".join(self.texts(names))

    def texts(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the texts of the first of the fields that says something."""
        for name in names:
            value = self.fields.get(name)
            many = value if isinstance(value, list) else [value]
            found = tuple(each for each in many if isinstance(each, str) and each)
            if any(each is not None and not isinstance(each, str) for each in many):
                self.odd.append(f"{name} is no text; what is none of it is left out")
            if found:
                return found
        return ()

    def date(self) -> datetime | None:
        """Return the first stated time that can be read, in UTC; without an offset it counts as UTC."""
        unread = ""
        for name in _DATE:
            value = self.fields.get(name)
            if value is None or value == "":
                continue
            time = read_time(value)
            if time is not None:
                return time
            unread = unread or f"its {name} {value!r} cannot be read; it is kept without a date"
        if unread:
            self.odd.append(unread)
        return None

    def provider(self) -> ProviderName:
        """Return the provider by its name, by an object with name and domain, or by nothing."""
        for name in _PROVIDER:
            value = self.fields.get(name)
            if isinstance(value, dict):
                said = {key: its for key, its in value.items() if isinstance(its, str)}
                return ProviderName(name=said.get("name", ""), domain=said.get("domain", ""))
            if isinstance(value, str) and value:
                return ProviderName(name=value, domain="")
        return ProviderName(name="", domain="")

    def images(self) -> tuple[Image, ...]:
        """Return the images, each stated as an address or as a record has it."""
        value = next((its for name in _IMAGES if (its := self.fields.get(name))), [])
        found = []
        for each in value if isinstance(value, list) else [value]:
            try:
                given = Image(url=each) if isinstance(each, str) else msgspec.convert(each, Image)
            except msgspec.ValidationError as error:
                self.odd.append(f"an image is left out: {error}")
            else:
                found.append(given)
        return tuple(found)


def _names(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def read_time(value: object) -> datetime | None:
    """Return the time that a value states, in UTC: ISO 8601, seconds or milliseconds since 1970, or
    as feeds write it; None for anything else. Without an offset it counts as UTC.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS else value, UTC)
        if not isinstance(value, str):
            return None
        try:
            time = datetime.fromisoformat(value.strip())
        except ValueError:
            return dates.read(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
