"""The addresses of an article: as found, as shown, as AMP, and in the AMP cache."""

from __future__ import annotations

import re

import msgspec

from wiredesk.errors import Refused
from wiredesk.records.ampcache import CACHE_DOMAIN, amp_cache_url
from wiredesk.records.entry import Entry
from wiredesk.records.page import Page
from wiredesk.records.weburl import cleaned, host_of, same_site
from wiredesk.stages.read.document import Document

_CACHED = re.compile(rf"https://[^/]+\.{re.escape(CACHE_DOMAIN)}/[cv]/(s/)?([^?#]+)(.*)")
_HOME = re.compile(r"https?://[^/]+/?(?:index\.\w{2,5})?(?:[?#]|$)")


class Chain(msgspec.Struct, frozen=True):
    """An article's addresses, and where each came from."""

    original: str
    web: str
    amp: str
    cached: str
    origins: dict[str, str]


def chain_of(document: Document, page: Page, entry: Entry | None) -> Chain:
    """Return the article's addresses.

    ``rel=canonical`` and ``og:url`` are believed only below the registrable domain of the page that
    answered, and never when they lead from an article to a homepage (THREATS H04).
    """
    original = entry.url if entry is not None and entry.url else page.url
    answered = _uncached(page.final_url)
    web, origin = _shown(document, answered)
    amp, amp_origin = _amp(document, answered, web)
    origins = {
        "originalUrl": "entry" if entry is not None and entry.url else "request",
        "webUrl": origin,
    }
    if not amp:
        return Chain(original, web, "", "", origins)
    if host_of(amp).endswith(CACHE_DOMAIN):
        cached, amp = amp, _uncached(amp)
    else:
        cached = amp_cache_url(amp)
    return Chain(
        original, web, amp, cached, origins | {"ampWebUrl": amp_origin, "cdnAmpWebUrl": "computed"}
    )


def _shown(document: Document, answered: str) -> tuple[str, str]:
    stated = [(href, "canonical") for href in document.links.get("canonical", [])]
    stated += [(url, "og:url") for url in document.metas("og:url")]
    for href, origin in stated[:6]:
        url = document.address(href)
        if (
            url
            and same_site(url, answered)
            and not (_HOME.match(url) and not _HOME.match(answered))
        ):
            return cleaned(url), origin
    return cleaned(answered), "answer"


def _amp(document: Document, answered: str, web: str) -> tuple[str, str]:
    if document.is_amp:
        return cleaned(answered), "page"
    url = document.link("amphtml")
    if not url or not (same_site(url, answered) or same_site(url, web) or _of_cache(url, answered)):
        return "", ""
    return cleaned(url), "amphtml"


def _of_cache(url: str, answered: str) -> bool:
    return host_of(url).endswith(f".{CACHE_DOMAIN}") and same_site(_uncached(url), answered)


def _uncached(url: str) -> str:
    """Return the address that an AMP cache's address stands for, or ``url`` itself."""
    parts = _CACHED.fullmatch(url)
    if parts is None:
        return url
    try:
        return cleaned(f"{'https' if parts[1] else 'http'}://{parts[2]}{parts[3]}")
    except Refused:
        return url
