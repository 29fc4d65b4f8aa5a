"""fetch: an address in, a page out; the one function for every outgoing request (THREATS R1).

It walks redirects by hand, each hop checked like the first, trusts a 304 only where it sent a
validator, and turns every other ending into an error with a class that is counted and a sentence
for an editor. How one hop is made, and that only public addresses are reached, is the web port's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, Refused
from wiredesk.ports.web import Timed, Web
from wiredesk.records.entry import Validators
from wiredesk.records.page import Answer, Page, Purpose, Request
from wiredesk.records.waiting import retry_after
from wiredesk.records.walls import named
from wiredesk.records.weburl import checked

_OK, _NOT_MODIFIED = 200, 304
_NONE = Validators()
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that lead elsewhere (RFC 9110, section 15.4); 300 and 305 leave the choice to people."""
_FOR_GOOD = frozenset({301, 308})

_FAILURES = {
    401: ("denied", "wants us to sign in"),
    402: ("denied", "wants to be paid"),
    403: ("denied", "does not let us in"),
    404: ("missing", "has nothing there"),
    407: ("denied", "wants us to sign in to a proxy"),
    410: ("gone", "has removed it for good"),
    429: ("throttled", "asks us to come less often"),
    451: ("denied", "may not show it for legal reasons"),
}
_SERVER_FAILS = range(500, 600)

_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
"""Types that are neither a feed nor a page, whatever a link said."""
_UNSTATED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_SVG = "image/svg+xml"


class Fetch:
    """The fetcher port over a web: keeps nothing between calls, so threads may share it.

    ``spent`` gives the seconds that this thread's requests have taken so far, by which all hops of a
    redirect share one deadline; the web's own, if it says.
    """

    def __init__(
        self, web: Web, settings: FetchSettings, spent: Callable[[], float] | None = None
    ) -> None:
        self._web = web
        self._settings = settings
        self._spent = spent or (web.spent if isinstance(web, Timed) else float)

    def __call__(self, url: str, purpose: Purpose, validators: Validators = _NONE) -> Page:
        """Return the page at ``url``: status 200, or 304 if validators were sent and match.

        Raises ``Refused`` (``url``, ``port``, ``redirect``, ``loop``, ``hops``, ``type`` and the
        web's own) and ``FetchError`` (``wall``, ``gone``, ``missing``, ``denied``,
        ``throttled``, ``server``, ``odd-status`` and the web's own).
        """
        until = self._spent() + self._settings.budget(purpose).deadline
        page = self._walked(url, purpose, validators, until)
        if page.status == _NOT_MODIFIED and validators != _NONE:
            if _believable(page, validators):
                return page
            page = self._walked(url, purpose, _NONE, until)
        if maker := named(page.status, page.headers, page.body):
            raise FetchError(
                "wall", f"{page.final_url} is behind a wall against programs ({maker})"
            )
        if page.status != _OK:
            raise _failure(page)
        _check_type(page, purpose)
        return page

    def _walked(self, url: str, purpose: Purpose, validators: Validators, until: float) -> Page:
        """Follow redirects up to the first answer that is none, all before one deadline."""
        headers = _conditions(validators)
        hops = [checked(url)]
        moved, for_good = "", True
        while True:
            within = until - self._spent()
            if within <= 0:
                seconds = self._settings.budget(purpose).deadline
                raise FetchError("timeout", f"{hops[0]} leads nowhere within {seconds:g} s")
            answer = self._web.exchange(
                Request(url=hops[-1], purpose=purpose, headers=headers, within=within)
            )
            if answer.status not in _REDIRECTS:
                return _page(url, hops, answer, moved)
            target = _redirected(answer)
            if target in hops:
                raise Refused("loop", f"{hops[0]} redirects in a circle")
            if len(hops) > self._settings.max_hops:
                raise Refused(
                    "hops", f"{hops[0]} redirects more than {self._settings.max_hops} times"
                )
            hops.append(target)
            for_good = for_good and answer.status in _FOR_GOOD
            moved = target if for_good else moved


def _conditions(validators: Validators) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("if-none-match", validators.etag),
        ("if-modified-since", validators.last_modified),
    )
    return tuple((name, value) for name, value in pairs if value)


def _redirected(answer: Answer) -> str:
    """Return where a redirect leads. Exactly one Location may say so (RFC 9110, section 10.2.2)."""
    locations = [value for name, value in answer.headers if name == "location"]
    if len(locations) != 1 or not locations[0]:
        found = "without saying where" if not any(locations) else "to several places at once"
        raise Refused("redirect", f"{answer.url} redirects {found}")
    return checked(_as_sent(locations[0]), base=answer.url)


def _as_sent(value: str) -> str:
    """Read UTF-8 where a server sent it raw, as browsers do; header values come as ISO-8859-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _page(url: str, hops: list[str], answer: Answer, moved: str) -> Page:
    return Page(
        url=url,
        final_url=hops[-1],
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        at=answer.at,
        hops=tuple(hops),
        moved=moved,
    )


def _believable(page: Page, validators: Validators) -> bool:
    """Whether a 304 speaks of the version that was asked about (weak comparison, RFC 9110 8.8.3.2)."""
    etag = page.header("etag")
    return not (etag and validators.etag) or _opaque(etag) == _opaque(validators.etag)


def _opaque(etag: str) -> str:
    return etag.removeprefix("W/")


def _check_type(page: Page, purpose: Purpose) -> None:
    """Refuse what says of itself that it is of no use; what it really is, its reader finds out."""
    stated = page.header("content-type").partition(";")[0].strip().lower()
    if purpose == "image":
        useless = stated not in _UNSTATED and not stated.startswith("image/")
        useless = useless or stated == _SVG
    else:
        useless = purpose in {"feed", "page"} and stated.startswith(_NO_TEXT)
    if useless:
        raise Refused("type", f"{page.final_url} is of the type {stated[:60]}, no {purpose}")


def _failure(page: Page) -> FetchError:
    reason, what = _FAILURES.get(page.status, ("odd-status", "gave no answer that we understand"))
    if page.status in _SERVER_FAILS:
        reason, what = "server", "has trouble of its own"
    wait = page.header("retry-after")[:40]
    asked = bool(wait) and reason in {"throttled", "server"}
    later = f", to come back after {wait}" if asked else ""
    message = f"{page.final_url} {what} (status {page.status}{later})"
    return FetchError(reason, message, _until(page) if asked else None)


def _until(page: Page) -> datetime | None:
    seconds = retry_after(page.headers, page.at.timestamp())
    return None if seconds is None else page.at + timedelta(seconds=ceil(seconds))
