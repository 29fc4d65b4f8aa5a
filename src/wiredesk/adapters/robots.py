"""A web that asks ``robots.txt`` first, for pages and images (RFC 9309)."""

from __future__ import annotations

from threading import Lock
from urllib.parse import urlsplit

from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, NotRecorded, Refused
from wiredesk.ports.clock import Timer
from wiredesk.ports.fetcher import Fetcher
from wiredesk.ports.hosts import Hosts
from wiredesk.ports.web import Web
from wiredesk.records import robots
from wiredesk.records.host import RobotsFile
from wiredesk.records.page import Answer, Request

_ASKED_FOR = frozenset({"page", "image"})
"""A feed is there to be polled and was named by an editor; it is asked without
(docs/decisions/0110-politeness.md).
"""


class RobotsWeb:
    """The web behind, for what the publisher's ``robots.txt`` lets us ask.

    ``fetch`` gets the file itself; it is remembered in ``hosts`` for a day.
    """

    def __init__(
        self, web: Web, fetch: Fetcher, settings: FetchSettings, hosts: Hosts, timer: Timer
    ) -> None:
        self._web, self._fetch = web, fetch
        self._agent = settings.user_agent.partition("/")[0]
        self._longest = settings.longest_gap
        self._hosts, self._timer = hosts, timer
        self._guard = Lock()
        self._turns: dict[str, Lock] = {}

    def exchange(self, request: Request) -> Answer:
        """Ask if it is allowed. Raises what the web behind it raises, and ``Refused`` (class
        ``robots``) for what is not.
        """
        if request.purpose in _ASKED_FOR:
            self._check(request.url)
        return self._web.exchange(request)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise Refused("url", f"{url[:100]} is no address") from error
        authority = f"{parts.scheme}://{parts.netloc}"
        file = self._file(authority)
        if robots.allows(file, url, self._agent):
            return
        host = parts.hostname or authority
        if file.verdict == "disallow":
            raise FetchError("robots-unreachable", f"{host} does not give its robots.txt")
        raise Refused("robots", f"{host} does not want {url} to be asked by programs (robots.txt)")

    def _file(self, authority: str) -> RobotsFile:
        with self._guard:
            turn = self._turns.setdefault(authority, Lock())
        with turn:
            known = self._hosts.robots(authority)
            if known is None or known.until <= self._timer.moment():
                known = self._asked(authority, known)
                self._hosts.keep(known)
        with self._guard:
            self._turns.pop(authority, None)
        return known

    def _asked(self, authority: str, before: RobotsFile | None) -> RobotsFile:
        try:
            page = self._fetch(f"{authority}/robots.txt", "robots")
        except NotRecorded:  # a replay of a time when nobody asked
            return robots.failed(authority, "missing", before, self._timer.moment())
        except FetchError as error:
            if error.reason == "waiting":  # it was not asked, so nothing is known
                raise
            return robots.failed(authority, error.reason, before, self._timer.moment())
        now = self._timer.moment()
        return robots.given(authority, page.body, self._agent, now, self._longest)
