"""An article: what was understood from a page and its entry."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Image(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A picture; ``width`` and ``height`` in pixels, 0 when nobody has said or measured them."""

    url: str
    width: int = 0
    height: int = 0
    title: str = ""
    is_cached: bool = False


class ProviderName(msgspec.Struct, frozen=True, kw_only=True):
    """Who published, as a record shows it."""

    name: str
    domain: str


class Article(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One text by one provider. JSON uses the record's names; texts are plain and normalised (R6).

    ``id`` never changes for one article (see ``records.identity``). ``origins`` says for each field
    where its value came from (``og:title``, ``entry``, ``json-ld``, ``url``).
    """

    id: str
    title: str
    provider: ProviderName
    excerpt: str = ""
    text: str = ""
    """The article's own words, for judgement only; never published."""
    byline: str = ""
    language: str = ""
    """BCP 47 primary subtag in lower case, such as ``en``."""
    published_date_time: datetime | None = None
    modified_date_time: datetime | None = None
    original_url: str = ""
    web_url: str = ""
    amp_web_url: str = ""
    cdn_amp_web_url: str = ""
    type: str = "article"
    featured_content: str = ""
    images: tuple[Image, ...] = ()
    hashtags: tuple[str, ...] = ()
    """The publisher's own categories and tags: evidence for topics, not published."""
    paywalled: bool = False
    source: str = ""
    guid: str = ""
    fetched_at: datetime | None = None
    origins: dict[str, str] = msgspec.field(default_factory=dict)
    sealed_digest: str = ""
    """Set on an article restored from a published record, whose text is gone: the digest that it had."""

    @property
    def domain(self) -> str:
        """The provider's registrable domain."""
        return self.provider.domain

    @property
    def moment(self) -> datetime | None:
        """When it was published, or at least found."""
        return self.published_date_time or self.fetched_at
