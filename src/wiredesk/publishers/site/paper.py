"""The paper: all that the pages of one edition are made of, worked out once.

It holds of each record what lists show (``items.Item``); a record's own text and its story's coverage
are looked up when its page is made, and forgotten again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from wiredesk.ports.publisher import Edition, Told
from wiredesk.publishers.site.items import Item, digest, item_of, named, web_address
from wiredesk.publishers.site.pictures import PICTURES, picture
from wiredesk.publishers.site.rendering import Templates
from wiredesk.publishers.site.words import direction_of, read_words
from wiredesk.records.article import Image
from wiredesk.records.naming import provider_names, record_names, topic_names
from wiredesk.records.paths import slug
from wiredesk.records.record import Record

PART = 40
"""Items of one page of a long list: what keeps a page below 100 KB with long headlines, too."""
_NEVER = datetime.fromtimestamp(0, UTC)
_ICONS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


class Page(msgspec.Struct, frozen=True):
    """A file of the site: its path, a digest of all that it shows, and how to make it."""

    path: str
    key: bytes
    make: Callable[[], bytes]


class TopicView(msgspec.Struct, frozen=True, kw_only=True):
    """A topic of the pack, as pages show it."""

    name: str
    slug: str
    description: str
    above: tuple[str, ...]
    """Names of its ancestors, the root first."""
    below: tuple[str, ...]


class ProviderView(msgspec.Struct, frozen=True, kw_only=True):
    """A provider with at least one published record."""

    name: str
    domain: str
    slug: str
    description: str
    home: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list that is cut by month: the ``number``-th, from the oldest on."""

    month: str
    number: int
    items: tuple[Item, ...]
    """Newest first."""
    last: bool

    @property
    def file(self) -> str:
        """Its file below the list's folder."""
        return f"{self.month}.html" if self.number == 1 else f"{self.month}-{self.number}.html"


class Paper:
    """One edition, as pages see it."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.settings = edition, edition.settings
        self.site = edition.settings.site
        language = self.site.language or self.settings.language
        theme = edition.home / self.site.theme if edition.home and self.site.theme else None
        self.theme: Path | None = theme if theme and theme.is_dir() else None
        self.words = read_words(language, self.theme)
        self.origin = edition.settings.publish.base_url.rstrip("/")
        self.base = urlsplit(self.origin).path
        self._places: dict[str, int] = {}
        self.items = self._items()
        self.as_of = self._as_of()
        self.by_topic: dict[str, list[Item]] = {topic.name: [] for topic in edition.pack.topics}
        self.by_provider: dict[str, list[Item]] = defaultdict(list)
        self.by_day: dict[str, list[Item]] = defaultdict(list)
        self.here: dict[str, str] = {}
        for item in self.items:
            for topic in dict.fromkeys(item.topics):
                if topic in self.by_topic:
                    self.by_topic[topic].append(item)
            self.by_provider[item.provider.domain].append(item)
            self.by_day[item.day].append(item)
            if item.url:
                self.here.setdefault(item.url, item.name)
        self.topics = self._topics()
        self.providers = self._providers()
        self.logo = self._logo()
        self.templates = Templates(self.theme, self._values())
        self.look = self._look()

    def key(self, *parts: object) -> bytes:
        """Return the key of a page that shows ``parts``."""
        return digest(self.look, parts)

    def page(
        self,
        path: str,
        template: str,
        shown: object,
        values: Callable[[], Mapping[str, object]],
    ) -> Page:
        """Return the page at ``path``: ``values`` gives all that the template sees of ``shown``."""
        return Page(path, self.key(template, shown), self.templates.maker(template, values))

    def record(self, item: Item) -> Record:
        """Return the whole record of an item."""
        return self.edition.records[self._places[item.path]][1]

    def told(self, item: Item) -> Told | None:
        """Return who reports an item's story, and how its numbers came about."""
        return self.edition.tell(item.path, self.record(item))

    def parts(self, items: Sequence[Item]) -> list[Part]:
        """Return ``items`` (newest first) by month, newest first, cut from the oldest on: a new item
        changes the last part of its month alone.
        """
        months: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            months[item.month].append(item)
        return [
            Part(month=month, number=number, items=tuple(cut), last=number == last)
            for month, listed in sorted(months.items(), reverse=True)
            for last in [-(-len(listed) // PART)]
            for number in range(last, 0, -1)
            for cut in [cut_of(listed, number)]
        ]

    # Addresses

    def link(self, path: str) -> str:
        """Return the address of a file of the site, from the root of its host."""
        return f"{self.base}/{path}"

    def absolute(self, path: str) -> str:
        """Return the whole address of a file of the site; empty where the desk does not know its own."""
        return f"{self.origin}/{path}" if self.origin else ""

    def topic_link(self, name: str) -> str:
        """Return the address of a topic's page; empty for a topic that is not in the pack."""
        topic = self.topics.get(name)
        return self.link(f"topics/{topic.slug}/") if topic else ""

    def provider_link(self, domain: str) -> str:
        """Return the address of a provider's page; empty for one without published records."""
        provider = self.providers.get(domain)
        return self.link(f"providers/{provider.slug}/") if provider else ""

    # What is worked out once

    def _items(self) -> list[Item]:
        found = []
        copies = {
            url: Image(
                url=self.link(f"{PICTURES}/{copy.name}.webp"),
                width=copy.width,
                height=copy.height,
                is_cached=True,
            )
            for url, copy in self.edition.copies.items()
        }
        for place, (path, record) in enumerate(self.edition.records):
            if record.published:
                self._places[path] = place
                shown = picture(record.images, self.settings, copies)
                found.append(item_of(self.edition, path, record, shown))
        taken = {*topic_names(self.edition.pack).values()}  # as in the JSON API: the same names
        names = record_names([item.path for item in found], taken)
        made = [named(item, names[item.path]) for item in found]
        made.sort(key=lambda item: item.path)
        made.sort(key=lambda item: item.at, reverse=True)
        return made

    def _as_of(self) -> datetime:
        if self.edition.as_of > _NEVER or not self.items:
            return self.edition.as_of.astimezone(UTC)
        return self.items[0].at

    def _topics(self) -> dict[str, TopicView]:
        pack = self.edition.pack
        names = topic_names(pack)
        return {
            topic.name: TopicView(
                name=topic.name,
                slug=names[topic.name],
                description=topic.description,
                above=tuple(reversed(pack.ancestors(topic.name))),
                below=tuple(each.name for each in pack.topics if each.parent == topic.name),
            )
            for topic in pack.topics
        }

    def _providers(self) -> dict[str, ProviderView]:
        names = provider_names(self.by_provider)
        known = {provider.domain: provider for provider in self.edition.registry.providers}
        return {
            domain: ProviderView(
                name=items[0].provider.name,
                domain=domain,
                slug=names[domain],
                description=known[domain].description if domain in known else "",
                home=web_address(f"https://{domain}/"),
            )
            for domain, items in sorted(self.by_provider.items())
        }

    def _logo(self) -> tuple[str, bytes] | None:
        """Return the logo's file name on the site and its bytes."""
        home, file = self.edition.home, self.site.logo
        if not home or not file or not (home / file).is_file():
            return None
        suffix = (home / file).suffix.lower()
        return (f"logo{suffix}", (home / file).read_bytes()) if suffix in _ICONS else None

    def policy(self, *, header: bool = False) -> str:
        """Return the Content Security Policy of every page: nothing but this very site.

        ``frame-ancestors`` counts in a header only.
        """
        images = "img-src 'self'" + (" https:" if self.site.images == "publishers" else "")
        rules = [
            "default-src 'none'", "style-src 'self'", "script-src 'self'", "connect-src 'self'",
            images, "manifest-src 'self'", "form-action 'self'", "base-uri 'none'",
        ]  # fmt: skip
        return "; ".join([*rules, "frame-ancestors 'none'"] if header else rules)

    def asset_links(self) -> dict[str, str]:
        """Return the path of each style and script: its name has its content's digest."""
        found = {}
        for name in ("site.css", "site.js", "search.js"):
            stem, _, suffix = name.partition(".")
            found[name] = f"assets/{stem}.{digest(self.asset(name)).hex()[:10]}.{suffix}"
        return found

    def asset(self, name: str) -> bytes:
        """Return a style or script, the style with the desk's colour."""
        content = self.templates.asset(name)
        if name == "site.css":
            content = content.replace(b"#b3261e", self.site.accent.encode("ascii"))
        return content

    def _values(self) -> dict[str, object]:
        site, words = self.site, self.words
        return {
            "desk": {
                "name": self.settings.name,
                "tagline": site.tagline,
                "about": [part for part in re.split(r"\n\s*\n", site.about) if part.strip()],
                "logo": self.link(f"assets/{self.logo[0]}") if self.logo else "",
                "images": site.images,
                "threshold": self.settings.score.threshold,
                "half_life": f"{self.settings.score.half_life_hours:g}",
            },
            "words": words,
            "t": words.text,
            "policy": self.policy(),
            "link": self.link,
            "absolute": self.absolute,
            "topic_link": self.topic_link,
            "provider_link": self.provider_link,
            "direction_of": direction_of,
            "asset": lambda name: self.link(self._assets[name]),
            "sections": (
                ("front", ""), ("latest", "latest.html"), ("topics", "topics/"),
                ("providers", "providers/"), ("archive", "archive/"), ("search", "search.html"),
            ),
        }  # fmt: skip

    def _look(self) -> bytes:
        self._assets = self.asset_links()
        told_apart = {
            view.domain: view.slug
            for view in self.providers.values()
            if view.slug != slug(view.domain.replace(".", "-"))
        }
        return digest(
            self.templates.digest(), self.words, self.settings.name, self.settings.language,
            self.site, self.origin, self.settings.score, list(self.topics.values()),
            told_apart, self.logo, self._assets,
        )  # fmt: skip

    def front(self) -> list[Item]:
        """Return the stories of the front page: the pinned ones, the hottest of its days, then, if
        there are too few, the newest before them.
        """
        since = self.as_of - timedelta(days=self.site.front_days)
        recent = [item for item in self.items if item.at >= since]
        older = self.items[len(recent) : len(recent) + self.site.front]
        ranked = [*hottest(recent), *older]
        if pins := self.edition.pinned:
            rest = (item for item in ranked if item.path not in pins)
            ranked = [*hottest([item for item in self.items if item.path in pins]), *rest]
        return ranked[: self.site.front]


def hottest(items: Sequence[Item]) -> list[Item]:
    """Return ``items`` (newest first) by heat; of equals the newer first."""
    return sorted(items, key=lambda item: -item.heat)


def cut_of(listed: Sequence[Item], number: int) -> Sequence[Item]:
    """Return the ``number``-th cut, from the oldest on, of a list that is newest first."""
    end = len(listed) - (number - 1) * PART
    return listed[max(0, end - PART) : end]
