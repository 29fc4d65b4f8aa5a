"""Puts together a desk's newsletters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path

from wiredesk.adapters.clock import SystemClock
from wiredesk.adapters.keys import random_id, read_keys
from wiredesk.adapters.smtp import SmtpPost
from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.app.desk import Desk, make_repository, open_store
from wiredesk.engine.newsletter.issuing import Issuing
from wiredesk.engine.newsletter.newsroom import read_newsroom
from wiredesk.engine.newsletter.rounds import Round
from wiredesk.engine.newsletter.sending import Sending
from wiredesk.engine.newsletter.subscribing import Subscribing
from wiredesk.errors import ConfigError
from wiredesk.ports.clock import Clock
from wiredesk.records.newsletter import Issue


def letters_path(desk: Desk) -> Path:
    """Return where the newsletters' own file is."""
    return desk.root / "state" / "newsletter.sqlite"


@contextmanager
def newsletter(desk: Desk, clock: Clock | None = None) -> Iterator[Round]:
    """Give the desk's newsletters. Raises ``ConfigError``, ``StoreError``."""
    settings, time = desk.settings, clock or SystemClock()
    if not settings.newsletter.series:
        raise ConfigError(f"{desk.root}: desk.toml has no newsletter; add [[newsletter.series]]")
    ring = read_keys(desk.key_path)
    repository = make_repository(desk)
    with ExitStack() as stack:
        store = cache(lambda: stack.enter_context(open_store(desk)))
        letters = stack.enter_context(closing(SqliteLetters(letters_path(desk))))
        post = stack.enter_context(closing(SmtpPost(settings.newsletter.smtp, desk.root)))
        yield Round(
            settings=settings,
            letters=letters,
            issuing=Issuing(
                letters=letters,
                clock=time,
                settings=settings,
                pack=desk.pack,
                newsroom=lambda since: read_newsroom(store(), repository, since),
                repository=repository,
                public=desk.public,
            ),
            sending=Sending(letters=letters, clock=time, settings=settings, ring=ring, post=post),
            subscribing=Subscribing(
                letters=letters, clock=time, settings=settings, ring=ring, new_id=random_id
            ),
            post=post,
            outbox=desk.root / "outbox",
        )


def released(desk: Desk) -> tuple[Issue, ...]:
    """Return the editions of the desk; none where it has no newsletters yet."""
    if not letters_path(desk).exists():
        return ()
    with closing(SqliteLetters(letters_path(desk))) as letters:
        return tuple(letters.issues())
