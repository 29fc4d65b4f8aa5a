"""The sample wire's sources as values: newsrooms and their articles, read from ``source/``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """One invented publisher and the habits of its pages and feed."""

    id: str
    name: str
    host: str
    path: str
    page: dict[str, Any]
    feed: dict[str, Any]
    about: str
    kind: str = "news"
    group: str = ""
    standing: int = 0
    language: str = "en"
    query: str = ""
    """Tracking parameters that the feed puts behind each link."""
    image: tuple[int, int, str] | None = None
    registered: bool = True

    @property
    def root(self) -> str:
        """The newsroom's address without a path."""
        return f"https://{self.host}"

    @property
    def domain(self) -> str:
        """The registrable domain, under which the desk's registry has the newsroom."""
        return self.host.removeprefix("www.")


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article as its newsroom runs it; the fields are explained in docs/sample-wire.md."""

    newsroom: Newsroom
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    published: datetime | None = None
    event: str = ""
    topics: tuple[str, ...] = ()
    byline: str = ""
    tags: tuple[str, ...] = ()
    copy_of: str = ""
    take: str = ""
    off_topic: str = ""
    feed_title: str = ""
    section_title: str = ""
    redirect_from: str = ""
    video: str = ""
    amp: bool = False
    paywalled: bool = False
    clickbait: bool = False
    spam: bool = False
    missing: bool = False
    pixel_only: bool = False
    late: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The article's name in the source: its newsroom's folder and its file."""
        return f"{self.newsroom.id}/{self.slug}"

    @property
    def path(self) -> str:
        """The article's path at its newsroom."""
        when = self.published or datetime(2026, 3, 4, tzinfo=UTC)
        return self.newsroom.path.format(
            slug=self.slug,
            year=f"{when:%Y}",
            month=f"{when:%m}",
            date=f"{when:%d}",
            day=f"{when:%Y%m%d}",
        )

    @property
    def canonical(self) -> str:
        """The address that the newsroom wants to be known by."""
        return self.newsroom.root + self.path

    @property
    def fetched(self) -> str:
        """The address that answers with the page: the feed's link, behind any redirect."""
        query = "" if self.redirect_from else self.newsroom.query
        return f"{self.canonical}?{query}" if query else self.canonical

    @property
    def link(self) -> str:
        """The address that the feed gives."""
        return self.newsroom.root + self.redirect_from if self.redirect_from else self.fetched

    @property
    def amp_url(self) -> str:
        """The address of the AMP page, or empty."""
        return self.canonical.rstrip("/") + "/amp/" if self.amp else ""

    @property
    def picture(self) -> str:
        """The address of the lead picture, or empty."""
        if self.pixel_only:
            return f"https://pixel.{self.newsroom.domain}/count.gif"
        if self.newsroom.image is None:
            return ""
        return f"https://img.{self.newsroom.domain}/{self.slug}.png"

    @property
    def summary(self) -> str:
        """What the feed says of the article: its first two sentences without the dateline."""
        first = re.sub(r"^[A-Z ]+, March \d+[^-]*? --? ", "", self.paragraphs[0])
        return " ".join(re.split(r"(?<=[.!?”\"])\s+(?=[A-ZÄÖÜ“\"„«])", first)[:2])


def read_newsrooms(source: Path) -> tuple[list[Newsroom], list[dict[str, str]]]:
    """Return the newsrooms and the broken feeds of ``source/newsrooms.toml``."""
    table = tomllib.loads((source / "newsrooms.toml").read_text(encoding="utf-8"))
    rooms = [
        Newsroom(**(row | {"image": tuple(row["image"]) if "image" in row else None}))
        for row in table["newsroom"]
    ]
    return rooms, table["broken"]


def read_articles(source: Path, newsrooms: list[Newsroom]) -> list[Article]:
    """Return all articles, by newsroom in its order, then by date and name. Copies are filled in."""
    rows = {
        (room.id, path.stem): _read(path)
        for room in newsrooms
        for path in sorted((source / "articles" / room.id).glob("*.md"))
    }
    by_id = {room.id: room for room in newsrooms}
    articles = [
        Article(newsroom=by_id[room], slug=slug, paragraphs=_text(rows, room, slug), **head)
        for (room, slug), (head, _) in rows.items()
    ]
    order = [room.id for room in newsrooms]
    return sorted(articles, key=lambda each: (order.index(each.newsroom.id), _age(each), each.slug))


def _age(article: Article) -> float:
    return article.published.timestamp() if article.published else 0.0


def _read(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    fields = tomllib.loads(head)
    for name in ("topics", "tags"):
        fields[name] = tuple(fields.get(name, ()))
    return fields, tuple(part.strip() for part in body.split("\n\n") if part.strip())


def _text(
    rows: dict[tuple[str, str], tuple[dict[str, Any], tuple[str, ...]]], room: str, slug: str
) -> tuple[str, ...]:
    """Return an article's paragraphs; a copy has those of its original, then its own."""
    head, own = rows[room, slug]
    if not head.get("copy_of"):
        return own
    original_room, original_slug = head["copy_of"].split("/")
    taken = rows[original_room, original_slug][1]
    if head["take"] == "half":
        taken = taken[: (len(taken) + 1) // 2]
    return taken + own
