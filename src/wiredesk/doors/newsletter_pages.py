"""The newsletter's pages for readers: ask, confirm, leave. A request in, an answer out, no socket.

Only POST acts, so that neither a mail scanner nor a browser's prefetch does. What is said of an address
is the same for all of them. Links carry a token, so nothing is cached and no referrer leaves.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs

import msgspec

from wiredesk.config import Settings
from wiredesk.engine.newsletter.lists import normal
from wiredesk.engine.newsletter.subscribing import Subscribing
from wiredesk.errors import ConfigError
from wiredesk.records.plaintext import TITLE_LIMIT, plain

MOST_FORM = 4_096
"""Bytes of a form."""
_MOST_CLIENTS = 10_000
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1f; --soft: #5a5a64; --ground: #f1f1f4; --paper: #fff;
  --line: #8a8a94; --accent: #a3261b; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f0f4; --soft: #b4b4be; --ground: #121214;
  --paper: #1c1c20; --line: #8a8a94; --accent: #ff9d8f; --on: #121214; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 0 auto; padding: 1.5rem; background: var(--paper);
  border-top: 4px solid var(--accent); }
@media (min-width: 36rem) { main { margin-top: 4rem; padding: 2rem; } }
h1 { font: bold 1.6rem/1.2 Georgia, serif; margin: 0 0 1rem; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 1rem 0 0; padding: 0; } legend, .label { font-weight: bold; padding: 0; }
label { display: block; margin: .25rem 0; } .trap { position: absolute; left: -99rem; }
input[type=email] { width: 100%; box-sizing: border-box; font: inherit; padding: .6rem;
  border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
button { font: inherit; font-weight: bold; margin-top: 1.25rem; padding: .6rem 1.4rem; border: 0;
  background: var(--accent); color: var(--on); cursor: pointer; }
p { margin: 0 0 .75rem; } .soft { color: var(--soft); font-size: .9rem; }
"""
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
)
"""Of every answer."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request: ``query`` and ``form`` as they came, ``client`` who is to be counted as its sender."""

    method: str
    path: str
    query: str = ""
    form: str = ""
    client: str = ""


class Answered(msgspec.Struct, frozen=True):
    """An answer: a status and a page."""

    status: int
    page: str


class Limit:
    """At most ``most`` times in ``seconds`` for each client; the clients seen last are remembered."""

    def __init__(
        self, most: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._now = most, seconds, now
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, client: str) -> bool:
        """Tell whether ``client`` may go on, and count it."""
        now = self._now()
        times = self._seen.setdefault(client, deque())
        self._seen.move_to_end(client)
        while len(self._seen) > _MOST_CLIENTS:
            self._seen.popitem(last=False)
        while times and now - times[0] > self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        return True


class Pages:
    """Answers requests. ``asked`` takes an address and what it asks for, equally quick for all."""

    def __init__(
        self,
        settings: Settings,
        subscribing: Subscribing,
        asked: Callable[[str, Sequence[str]], None],
        *,
        by_client: Limit | None = None,
        by_all: Limit | None = None,
    ) -> None:
        self._settings, self._subscribing, self._asked = settings, subscribing, asked
        self._by_client = by_client or Limit(20, 600)
        self._by_all = by_all or Limit(300, 600)

    def answer(self, asked: Asked) -> Answered:
        """Return the answer to a request, whatever it is."""
        name = asked.path.rstrip("/").rpartition("/")[2]
        act = asked.method == "POST"
        if asked.method not in {"GET", "HEAD", "POST"}:
            return self._said(405, "That cannot be done here", "")
        if act and not self._by_client.allows(asked.client):
            return self._said(429, "Too often", "Please try again in some minutes.")
        if name == "confirm":
            return self._confirm(_first(asked.query, "t"), act=act)
        if name == "unsubscribe":
            return self._leave(_first(asked.query, "t"), act=act)
        if name == "subscribe" and act:
            return self._subscribe(asked.form)
        return self._form()

    def _subscribe(self, form: str) -> Answered:
        address = _first(form, "address").strip()
        if _first(form, "website"):  # a field that people do not see
            return self._on_its_way()
        try:
            normal(address)
        except ConfigError:
            return self._said(400, "Not a mail address", "Please go back and look at it again.")
        if not self._by_all.allows(""):
            return self._said(429, "Too many at once", "Please try again in some minutes.")
        self._asked(address, _all(form, "series"))
        return self._on_its_way()

    def _on_its_way(self) -> Answered:
        return self._said(
            202,
            "Look into your mailbox",
            "If this address can get the newsletter, a mail with a link to confirm is on its way.",
        )

    def _confirm(self, proof: str, *, act: bool) -> Answered:
        if not act:
            return self._button("Confirm", "Do you want to get this newsletter?")
        if self._subscribing.confirm(proof):
            return self._said(200, "You are on the list", "The next edition comes to you.")
        return self._void("It may be older than 7 days. Please ask for the newsletter again.")

    def _leave(self, proof: str, *, act: bool) -> Answered:
        if not act:
            return self._button("Unsubscribe", "Do you want to get this newsletter no more?")
        if self._subscribing.leave(proof):
            return self._said(200, "You are off the list", "You get this newsletter no more.")
        return self._void("Please take the link of the last newsletter that you got.")

    def _void(self, hint: str) -> Answered:
        return self._said(404, "This link does not work", hint)

    def _said(self, status: int, title: str, words: str) -> Answered:
        return Answered(status, self._page(title, f"<p>{escape(words)}</p>" if words else ""))

    def _button(self, word: str, question: str) -> Answered:
        form = (
            f'<p>{escape(question)}</p><form method="post"><button>{escape(word)}</button></form>'
        )
        return Answered(200, self._page(word, form))

    def _form(self) -> Answered:
        name = plain(self._settings.name, TITLE_LIMIT)
        choices = "".join(
            f'<label><input type="checkbox" name="series" value="{escape(series.name)}" checked> '
            f"{escape(plain(series.title or self._settings.name, TITLE_LIMIT))}</label>"
            for series in self._settings.newsletter.series
        )
        body = (
            '<form method="post" action="subscribe">'
            '<p><label class="label" for="address">Your mail address</label>'
            '<input type="email" id="address" name="address" required autocomplete="email"></p>'
            '<p class="trap" aria-hidden="true"><label>Leave this empty'
            ' <input name="website" tabindex="-1" autocomplete="off"></label></p>'
            f"<fieldset><legend>What you want to get</legend>{choices}</fieldset>"
            "<button>Subscribe</button></form>"
        )
        return Answered(200, self._page(f"{name} by mail", body))

    def _page(self, title: str, body: str) -> str:
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
            f"<body><main><h1>{escape(title)}</h1>{body}"
            "</main></body></html>\n"
        )


def _all(form: str, name: str) -> list[str]:
    try:
        return parse_qs(form, max_num_fields=50).get(name, [])
    except ValueError:
        return []


def _first(form: str, name: str) -> str:
    return next(iter(_all(form, name)), "")
