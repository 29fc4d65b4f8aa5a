"""Finding: which record and which article an editor means.

What is looked at is the desk as its next run will find it: decisions that were noted and not carried
out yet count already, as far as they say where articles belong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.engine.deciding import before
from wiredesk.errors import NotFound, Refused
from wiredesk.ports.store import Store
from wiredesk.records.article import Article
from wiredesk.records.decided import Decided
from wiredesk.records.identity import fresh_story_id
from wiredesk.records.paths import SUFFIX
from wiredesk.records.story import Publication
from wiredesk.records.weburl import canonical_key
from wiredesk.stages.group.standing import Standing

LEAST_PREFIX = 4
"""Characters of an id that are enough to name it, if no other one begins with them."""
_LAST = datetime.max.replace(tzinfo=UTC)
_DAY = re.compile(r"\A\d{4}-\d\d-\d\d-")
"""Begins the name of a record's file."""
_PAGE = re.compile(r"/news/([^/?#]+)\.(?:html|json)(?:[?#].*)?\Z")
"""Ends the address of a record's page on the site, and of its document in the API."""
_SHOWN = 12
"""Candidates that a message lists."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A story as the next run will find it: its articles by time, and which of them leads it now."""

    story: str
    articles: tuple[Article, ...]
    lead: str
    title: str
    published: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its articles."""
        return tuple(article.id for article in self.articles)


class Finder:
    """Finds stories and articles by what people call them."""

    def __init__(self, store: Store, decided: Decided) -> None:
        self._stories = {story.id: story for story in store.stories()}
        self._publications = {item.story: item for item in store.publications()}
        stand = before(self._stories.values(), decided)
        articles = {row.article.id: row.article for row in store.articles()}
        told = [articles[one] for one in stand.known if one in articles]
        in_time = sorted(told, key=lambda article: (article.moment or _LAST, article.id))
        standing = Standing([article.id for article in in_time], stand.known, stand.decided)
        self._taken = standing.taken
        self._into: dict[str, str] = {}
        self._told: dict[str, tuple[Article, ...]] = {}
        for members in standing.together(article.id for article in in_time).values():
            if published := standing.published(members):
                story = stand.decided.eldest(published)
                self._told[story] = tuple(articles[member] for member in members)
                self._into.update((gone, story) for gone in published if gone != story)

    def story(self, name: str) -> Told:
        """Return the story called ``name``: by its id, the path or name of its record, the address of
        one of its articles or of its page, the beginning of its id, or a part of its title, or else of
        one of its articles' titles. Raises ``NotFound``.
        """
        found = self._named(name)
        if not found:
            raise NotFound(f"{name}: no story here has such an id, record, address or title")
        if len(found) > 1:
            lines = [f"  {story}  {self._title(story)}" for story in found[:_SHOWN]]
            more = [f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
            raise NotFound("\n".join([f"{name!r} may be any of:", *lines, *more]))
        story = found[0]
        if story not in self._told:
            into = self._living(story)
            where = f"; it is told in {self._path(into)} (story {into})" if into else ""
            raise NotFound(f"{name}: story {story} tells nothing any more{where}")
        return self._as_told(story)

    def article(self, told: Told, name: str) -> Article:
        """Return the article of a story called ``name``: its id, the beginning of that, its address,
        or a part of its title or of its provider's name. Raises ``NotFound``.
        """
        found = _called(told.articles, name)
        if len(found) == 1:
            return found[0]
        why = (
            f"{name!r} may be any of"
            if found
            else f"nothing in the story is called {name!r}; it has"
        )
        lines = [f"  {_shown(article)}" for article in (found or told.articles)[:_SHOWN]]
        raise NotFound("\n".join([f"{why}:", *lines]))

    def copies(self, told: Told, articles: Sequence[Article]) -> list[Article]:
        """Return those of the story's other articles that are copies of ``articles``."""
        chosen = {article.id for article in articles}
        copied = {
            member.id
            for story in self._stories.values()
            for member in story.members
            if member.duplicate_of in chosen and not story.merged_into
        }
        return [article for article in told.articles if article.id in copied - chosen]

    def fresh(self, article: Article) -> str:
        """Return the id of the story that is made of ``article`` and what goes with it."""
        return fresh_story_id(article.id, self._taken)

    def tells(self, story: str) -> bool:
        """Tell whether the story of that id still tells any articles."""
        return story in self._told

    def publication(self, story: str) -> Publication | None:
        """Return what was published of a story."""
        return self._publications.get(story)

    def carried_out(self) -> set[str]:
        """Return the ids of the decisions that some story was told with."""
        return {decision.id for story in self._stories.values() for decision in story.decisions}

    def at_work(self) -> set[str]:
        """Return the ids of those that a story is told with that is part of no other."""
        told = (story for story in self._stories.values() if not story.merged_into)
        return {decision.id for story in told for decision in story.decisions}

    def _named(self, name: str) -> list[str]:
        """Return the stories that go by ``name``, by the strictest way in which any does."""
        known = {**self._stories, **dict.fromkeys(self._told)}
        if name in known:
            return [name]
        if len(name.strip()) < LEAST_PREFIX:
            return []
        ways: tuple[Callable[[], list[str]], ...] = (
            lambda: self._by_path(name.removesuffix(SUFFIX)),
            lambda: self._by_address(name),
            lambda: sorted(story for story in known if story.startswith(name)),
            lambda: self._by_title(name.casefold()),
        )
        return next((found for way in ways if (found := way())), [])

    def _by_path(self, name: str) -> list[str]:
        """Return the stories of the records at the path, of the file name, or of that without its day."""
        stems = {
            story: item.path.removesuffix(SUFFIX) for story, item in self._publications.items()
        }
        return [
            story
            for story, stem in stems.items()
            if f"/{name}".endswith(f"/{stem}")
            or stem.endswith(f"/{name}")
            or _DAY.sub("", stem.rpartition("/")[2]) == name
        ]

    def _by_address(self, name: str) -> list[str]:
        """Return the stories with an article at the address, or with a page of ours there."""
        key = _key(name)
        if not key:
            return []
        told = [
            story
            for story, articles in self._told.items()
            if any(key in _addresses(article) for article in articles)
        ]
        page = _PAGE.search(name)
        return told or (self._by_path(page[1]) if page else [])

    def _by_title(self, said: str) -> list[str]:
        titles = {story: self._title(story).casefold() for story in self._told}
        ways: tuple[Callable[[str], bool], ...] = (
            lambda story: titles[story] == said,
            lambda story: said in titles[story],
            lambda story: any(said in one.title.casefold() for one in self._told[story]),
        )
        return next((found for way in ways if (found := [*filter(way, self._told)])), [])

    def _title(self, story: str) -> str:
        return self._as_told(story).title if story in self._told else "(merged)"

    def _as_told(self, story: str) -> Told:
        articles, held = self._told[story], self._stories.get(story)
        ids = [article.id for article in articles]
        lead = held.lead if held is not None and held.lead in ids else ids[0]
        title = next(article.title for article in articles if article.id == lead)
        return Told(
            story=story,
            articles=articles,
            lead=lead,
            title=(held.title if held is not None else "") or title,
            published=held.published if held is not None else False,
        )

    def _living(self, story: str) -> str:
        seen: set[str] = set()
        while story and story not in self._told and story not in seen:
            seen.add(story)
            held = self._stories.get(story)
            story = self._into.get(story) or (held.merged_into if held is not None else "")
        return story if story in self._told else ""

    def _path(self, story: str) -> str:
        item = self._publications.get(story)
        return item.path if item is not None else "a record that is not written yet"


def _called(articles: Sequence[Article], name: str) -> list[Article]:
    """Return the articles that go by ``name``, by the strictest way in which any does."""
    key = _key(name)
    said = name.casefold()
    ways: tuple[Callable[[Article], bool], ...] = (
        lambda one: one.id == name,
        lambda one: bool(key) and key in _addresses(one),
        lambda one: len(name) >= LEAST_PREFIX and one.id.startswith(name),
        lambda one: one.title.casefold() == said,
        lambda one: said in one.title.casefold(),
        lambda one: said in one.provider.name.casefold(),
    )
    if not name.strip():
        return []
    return next((found for way in ways if (found := [*filter(way, articles)])), [])


def _addresses(article: Article) -> set[str]:
    return {*map(_key, (article.web_url, article.original_url, article.amp_web_url))} - {""}


def _key(url: str) -> str:
    if "://" not in url:
        return ""
    try:
        return canonical_key(url)
    except Refused:
        return ""


def _shown(article: Article) -> str:
    return f"{article.id}  {article.provider.name}: {article.title}"
