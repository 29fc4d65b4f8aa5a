"""What readers get: how fast feeds are written, mails are made, and letters are handed over.

    .venv/bin/python bench/letters.py

Feeds: 10,000 records on 26 topics, written into a new folder, and once more with nothing new.
Mails: one edition of 12 stories, made for one recipient after another.
Letters: 1,000 recipients, through the real store on the disk (two synced steps each) and a real SMTP
server on loopback, in this process, so that its work counts too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wiredesk.adapters.clock import FixedClock
from wiredesk.adapters.smtp import SmtpPost
from wiredesk.adapters.sqlite.letters import SqliteLetters
from wiredesk.config import NewsletterSettings, SeriesSettings, Settings, SmtpSettings
from wiredesk.engine.newsletter.sending import Sending
from wiredesk.ports.publisher import Edition
from wiredesk.publishers import feeds
from wiredesk.publishers.newsletter import message, render
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.keys import Key, KeyRing
from wiredesk.records.newsletter import Issue, Item, Subscriber
from wiredesk.records.record import Record
from wiredesk.records.topic import Topic, TopicPack

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
TOPICS = tuple(f"Topic {number}" for number in range(26))
COURIER = ProviderName(name="Harbour Courier", domain="courier.example")
RECORDS, READERS, MAILS = 10_000, 1_000, 300


def record(number: int) -> Record:
    at = START - timedelta(minutes=number)
    return Record(
        title=f"Story {number}: two electric ferries for Port Lorne",
        excerpt="The council voted on Tuesday night to buy two electric ferries. " * 4,
        published_date_time=at.isoformat(),
        web_url=f"https://courier.example/{number}",
        quality=70,
        heat=number % 100,
        published=True,
        provider=COURIER,
        topics=(TOPICS[number % 26],),
        images=(Image(url=f"https://courier.example/{number}.jpg", width=640, height=360),),
    )


def edition() -> Edition:
    records = [(f"_news/{number}.md", record(number)) for number in range(RECORDS)]
    return Edition(
        records=records,
        languages={},
        pack=TopicPack(tuple(Topic(name=name) for name in TOPICS)),
        as_of=START,
        settings=Settings(),
        ids={path: f"{number}" for number, (path, _) in enumerate(records)},
    )


def issue() -> Issue:
    items = tuple(
        Item(
            story=f"{number}",
            url=f"https://courier.example/{number}",
            title=f"Story {number}: two electric ferries for Port Lorne",
            excerpt="The council voted on Tuesday night to buy two electric ferries. " * 4,
            provider=COURIER,
            published=START,
            heat=70,
            section=TOPICS[number % 5],
        )
        for number in range(12)
    )
    return Issue(
        id="daily-2026-03-01-0600", series="daily", due=START, since=START, review_until=START,
        status="released", released_at=START, items=items,
    )  # fmt: skip


def timed(what: str, count: int, work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:34} {count / wall:10,.0f} {count / cpu:10,.0f} {wall:8.2f} {cpu:8.2f}")


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "adapters"))
    from mailserver import Mailbox, mail_server  # noqa: PLC0415 - the tests' own server

    print(f"{'':34} {'a second':>10} {'a CPU s':>10} {'wall s':>8} {'CPU s':>8}")
    given = edition()
    with tempfile.TemporaryDirectory() as folder:
        files = len(feeds.documents(given))
        timed(f"feeds, all {files} new", files, lambda: feeds.publish(given, Path(folder)))
        timed("feeds, nothing new", files, lambda: feeds.publish(given, Path(folder)))
    series = (SeriesSettings(name="daily", cron="0 6 * * *"),)
    mailbox = Mailbox()
    with mail_server(mailbox) as port, tempfile.TemporaryDirectory() as folder:
        smtp = SmtpSettings(host="127.0.0.1", port=port, security="none")
        mail = NewsletterSettings(
            deliver="smtp", sender="news@desk.example", url="https://desk.example/mail", series=series,
            smtp=smtp,
        )  # fmt: skip
        settings = Settings(newsletter=mail)
        letter = render(issue(), settings)
        print(f"one edition of 12 stories: {len(letter.html.encode()):,} bytes of HTML")
        timed("editions rendered", 20, lambda: [render(issue(), settings) for _ in range(20)])
        timed(
            "mails made",
            MAILS,
            lambda: [
                message(
                    letter,
                    recipient=f"r{number}@reader.example",
                    id=f"{number}@desk.example",
                    unsubscribe=f"https://desk.example/mail/unsubscribe?t={number:064}",
                )
                for number in range(MAILS)
            ],
        )
        with (
            closing(SqliteLetters(Path(folder) / "newsletter.sqlite")) as letters,
            closing(SmtpPost(smtp, Path(folder))) as post,
        ):
            letters.keep(
                issue(),
                *(
                    Subscriber(
                        id=f"{n:020x}",
                        address=f"r{n}@reader.example",
                        status="active",
                        series=("daily",),
                    )
                    for n in range(READERS)
                ),
            )
            ring = KeyRing(Key(b"k" * 32))
            sending = Sending(
                letters=letters, clock=FixedClock(START), settings=settings, ring=ring, post=post
            )
            timed("letters handed over", READERS, sending)
        if len(mailbox.letters) != READERS:
            raise SystemExit("not everybody got a letter")


if __name__ == "__main__":
    main()
