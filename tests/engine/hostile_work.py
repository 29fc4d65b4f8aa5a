"""Work for child processes, which must be able to import it: some of it goes wrong in every way."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

from wiredesk.errors import Unreadable
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.entry import Entry
from wiredesk.records.page import Page

KILLS = b"kills"
_prepared: list[str] = []


def titled(page: Page, entry: Entry | None) -> Article:
    """Read a page as its title; one that holds ``KILLS`` ends the process."""
    if page.body == KILLS:
        os._exit(9)
    return Article(
        id=page.final_url,
        title=page.body.decode(),
        provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
        source=entry.source if entry else "",
        guid=entry.guid if entry else "",
        web_url=page.final_url,
        fetched_at=page.at,
    )


def doubled(number: int) -> int:
    """Return twice ``number``; a negative one ends the process, as a parser's crash would."""
    if number < 0:
        os.abort()
    return 2 * number


def prepare(word: str) -> None:
    """Keep a word in this process."""
    _prepared.append(word)


def prepared() -> tuple[list[str], int]:
    """Return those words, and the process."""
    return _prepared, os.getpid()


def echoed(article: Article) -> Article:
    """Return what came."""
    return article


def liar() -> int:
    """Return what is no number."""
    return "no number"  # type: ignore[return-value]


def refuses(word: str) -> str:
    """Raise an error of ours."""
    raise Unreadable(word, f"{word} cannot be read")


def stumbles() -> str:
    """Raise an error that nobody foresaw."""
    raise RecursionError("too deep")


def spins() -> str:
    """Never end, at work."""
    while True:
        pass


def sleeps() -> str:
    """Never end, at rest."""
    time.sleep(60)
    return "awake"


def hoards() -> int:
    """Take all memory."""
    return len([bytearray(50_000_000) for _ in range(100)])


def writes(path: str) -> str:
    """Write a file."""
    Path(path).write_text("here", "utf-8")
    return "written"


def removes(path: str) -> str:
    """Remove a file."""
    Path(path).unlink()
    return "removed"


def calls(port: int) -> str:
    """Reach out over the network."""
    socket.create_connection(("127.0.0.1", port), 1)
    return "connected"


def runs() -> str:
    """Start a program."""
    return str(subprocess.run(["true"], check=True))


def forks() -> str:
    """Start a process."""
    return str(os.fork())
