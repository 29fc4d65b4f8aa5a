"""Whether an article is a video, and the player that shows it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from wiredesk.records.entry import Entry
from wiredesk.stages.read.document import Document
from wiredesk.stages.read.found import Found
from wiredesk.stages.read.linked import text_of

_YOUTUBE = re.compile(r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com")
_FILM_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")


def film_of(document: Document, entry: Entry | None, web_url: str) -> Found[str]:
    """Return the address of the player when the page is about one video, else an empty text.

    A page that carries a video beside a text of its own stays an article.
    """
    if entry is not None and entry.video:
        return Found(entry.video, "entry")
    player = youtube_player(web_url)
    if player:
        return Found(player, "url")
    if not _is_film(document):
        return Found("", "")
    video = document.linked.video
    stated = [(text_of(video.get("embedUrl")), "json-ld")]
    stated += [
        (url, "og:video")
        for url in document.metas("og:video:secure_url", "og:video:url", "og:video")
    ]
    stated += [(url, "twitter:player") for url in document.metas("twitter:player")]
    stated.append((text_of(video.get("contentUrl")), "json-ld"))
    return next(
        (Found(url, origin) for value, origin in stated if (url := document.address(value))),
        Found("", ""),
    )


def youtube_player(url: str) -> str:
    """Return the player of a YouTube address, or an empty text."""
    parts = urlsplit(url)
    film = ""
    if parts.hostname == "youtu.be":
        film = parts.path.strip("/")
    elif parts.hostname and _YOUTUBE.fullmatch(parts.hostname):
        kind, _, rest = parts.path.strip("/").partition("/")
        film = (
            parse_qs(parts.query).get("v", [""])[0]
            if kind == "watch"
            else rest * (kind in {"shorts", "embed", "live"})
        )
    return f"https://www.youtube.com/embed/{film}" if _FILM_ID.fullmatch(film) else ""


def _is_film(document: Document) -> bool:
    kind, _ = document.meta("og:type")
    if kind.lower().startswith("video"):
        return True
    return bool(document.linked.video) and not document.linked.article and kind.lower() != "article"
