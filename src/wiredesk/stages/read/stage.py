"""The read stage: from a page and its entry to an article."""

from __future__ import annotations

import re
from datetime import datetime

from wiredesk.errors import Refused, Unreadable
from wiredesk.records.ampcache import CACHE_DOMAIN
from wiredesk.records.article import Article, Image
from wiredesk.records.entry import Entry
from wiredesk.records.identity import article_id
from wiredesk.records.page import Page
from wiredesk.records.plaintext import TITLE_LIMIT, plain
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.weburl import canonical_key, checked, cleaned, host_of, registrable_domain
from wiredesk.stages.read.chain import chain_of
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.films import film_of, youtube_player
from wiredesk.stages.read.moments import believable, modified_of, published_of
from wiredesk.stages.read.people import byline_of
from wiredesk.stages.read.pictures import pictures_of
from wiredesk.stages.read.titles import site_name_of, title_of
from wiredesk.stages.read.words import EXCERPT_LENGTH, excerpt_of, hashtags_of, language_of, text_in

_NO_ARTICLE = re.compile(
    r"(?:access (?:to this page has been )?denied|just a moment\.*|attention required!.*|"
    r"are you a (?:robot|human)\??|"
    r"(?:error )?(?:403|404|410|500|502|503)\b.*|(?:page )?not found|forbidden|bot verification|"
    r"security check|"
    r"please verify you are (?:a )?human|pardon our interruption.*|captcha)",
    re.IGNORECASE,
)
_HOME = re.compile(r"https?://[^/]+/?(?:index\.\w{2,5})?")
_THIN = 600


class Read:
    """Understands pages. Needs the desk's providers; the time is the page's own (``page.at``)."""

    def __init__(self, registry: ProviderRegistry) -> None:
        self._registry = registry

    def __call__(self, page: Page, entry: Entry | None = None) -> Article:
        """Return the article of ``page``. Raises ``Unreadable`` for what is none (class ``type``,
        ``empty``, ``depth``, ``attributes``, ``url``, ``wall``, ``index``, ``title``).
        """
        try:
            return self._article(Document(page), page, entry)
        except Refused as refusal:
            raise Unreadable("url", f"{page.url}: {refusal.message}") from refusal

    def _article(self, document: Document, page: Page, entry: Entry | None) -> Article:
        chain = chain_of(document, page, entry)
        site = site_name_of(document)
        title = title_of(document, entry, site)
        walled = _walled(document)
        text = text_in(document, walled=walled)
        _must_be_article(document, title.value, text.value, chain.web)
        excerpt = excerpt_of(document, entry, text.value, title.value)
        byline = byline_of(document, entry, site)
        published = published_of(document, entry, page.at)
        modified = modified_of(document, entry, page.at)
        language = language_of(document, entry, text.value)
        images = pictures_of(document, entry)
        film = film_of(document, entry, chain.web)
        host = host_of(chain.web)
        origins = chain.origins | {
            "title": title.origin,
            "text": text.origin,
            "excerpt": excerpt.origin,
            "byline": byline.origin,
            "language": language.origin,
            "images": images.origin,
            "featuredContent": film.origin,
            "publishedDateTime": published.origin if published is not None else "",
            "modifiedDateTime": modified.origin if modified is not None else "",
        }
        return Article(
            id=article_id(
                canonical_key(chain.web),
                entry.guid if entry is not None and entry.shared_url else "",
            ),
            title=title.value,
            provider=self._registry.named(host, registrable_domain(host), site),
            excerpt=excerpt.value,
            text=text.value,
            byline=byline.value,
            language=language.value,
            published_date_time=published.value if published is not None else None,
            modified_date_time=modified.value if modified is not None else None,
            original_url=chain.original,
            web_url=chain.web,
            amp_web_url=chain.amp,
            cdn_amp_web_url=chain.cached,
            type="video" if film.value else "article",
            featured_content=film.value,
            images=images.value,
            hashtags=hashtags_of(document, entry),
            paywalled=walled,
            source=entry.source if entry is not None else "",
            guid=entry.guid if entry is not None else "",
            fetched_at=page.at,
            origins={name: origin for name, origin in sorted(origins.items()) if origin},
        )


def read_entry(registry: ProviderRegistry, entry: Entry, now: datetime) -> Article:
    """Return an article from the entry alone, for pages behind a wall. Raises ``Unreadable``."""
    try:
        original = checked(entry.url)
        web = cleaned(original)
    except Refused as refusal:
        raise Unreadable("url", f"{entry.url}: {refusal.message}") from refusal
    if not entry.title:
        raise Unreadable("title", f"{entry.url}: neither its page nor its entry has a title")
    host = host_of(web)
    film = entry.video or youtube_player(web)
    published = (
        entry.published
        if entry.published is not None and believable(entry.published, now)
        else None
    )
    return Article(
        id=article_id(canonical_key(web), entry.guid if entry.shared_url else ""),
        title=plain(entry.title, TITLE_LIMIT),
        provider=registry.named(host, registrable_domain(host)),
        excerpt=plain(entry.summary, EXCERPT_LENGTH),
        byline=entry.author,
        language=entry.language.partition("-")[0].lower(),
        published_date_time=published,
        modified_date_time=entry.updated
        if entry.updated is not None and believable(entry.updated, now)
        else None,
        original_url=original,
        web_url=web,
        type="video" if film else "article",
        featured_content=film,
        images=_fit(entry.images),
        hashtags=entry.categories,
        source=entry.source,
        guid=entry.guid,
        fetched_at=now,
        origins={"article": "entry alone"},
    )


def _fit(images: tuple[Image, ...]) -> tuple[Image, ...]:
    fit = []
    for image in images:
        try:
            checked(image.url)
        except Refused:
            continue
        fit.append(image)
    return tuple(fit)


def _walled(document: Document) -> bool:
    for node in (document.linked.article, document.linked.page):
        if str(node.get("isAccessibleForFree", "")).lower() == "false":
            return True
    return "locked" in document.metas("article:content_tier")


def _must_be_article(document: Document, title: str, text: str, web_url: str) -> None:
    thin = len(text) < _THIN and not document.linked.article
    kind, _ = document.meta("og:type")
    at_home = _HOME.fullmatch(web_url) and not host_of(web_url).endswith(CACHE_DOMAIN)
    if thin and at_home and kind.lower() != "article":
        raise Unreadable("index", f"{document.url} is a homepage")
    if not title:
        raise Unreadable("title", f"{document.url} has no title")
    if thin and _NO_ARTICLE.fullmatch(title):
        raise Unreadable("wall", f"{document.url} shows {title!r} instead of an article")
