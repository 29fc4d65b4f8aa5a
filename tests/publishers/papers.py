"""Editions for the tests of the site: a small newsroom's, a hostile one's, a large one's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from wiredesk.config import PublishSettings, Settings, SiteSettings
from wiredesk.ports.publisher import Edition, Report, Standing, Told
from wiredesk.ports.shelf import Shelf
from wiredesk.publishers.site import files, is_ours
from wiredesk.publishers.site.paper import Paper
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.judgement import Ledger, LedgerLine
from wiredesk.records.provider import Provider, ProviderRegistry
from wiredesk.records.record import Record, RelatedItem
from wiredesk.records.topic import Topic, TopicPack

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
COURIER = ProviderName(name="Harbour Courier", domain="harbour-courier.example")
GAZETTE = ProviderName(name="Vellmark Gazette", domain="vellmark-gazette.example")
PACK = TopicPack(
    (
        Topic(name="Ports", description="Harbours and what happens in them"),
        Topic(name="Sea Trade", parent="Ports"),
    )
)
REGISTRY = ProviderRegistry(
    (Provider(name="Harbour Courier", domain=COURIER.domain, description="The port's own paper"),)
)
HEAT = Ledger(
    (
        LedgerLine(signal="quality", points=60, reason="quality of its lead, taken alone"),
        LedgerLine(signal="voices", points=20, reason="2 other independent providers report it"),
        LedgerLine(
            signal="age", points=-10, reason="the last provider to join reported it 20 hours ago"
        ),
    )
)
QUALITY = Ledger((LedgerLine(signal="standing", points=60, reason="it has a good name"),))


def record(number: int, **changes: object) -> Record:
    made = Record(
        title=f"Ferry number {number} leaves the harbour without its captain",
        excerpt="The ferry left on time. The captain did not, and told the Courier why.",
        published_date_time=(NOON - timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        web_url=f"https://harbour-courier.example/{number}",
        quality=60,
        heat=70 + number % 7,
        published=True,
        provider=COURIER if number % 3 else GAZETTE,
        topics=("Sea Trade", "Ports") if number % 2 else ("Ports",),
        images=(Image(url="https://img.harbour-courier.example/i.jpg", width=1200, height=675),),
        related=(
            RelatedItem(
                title="Captains, and where they go",
                web_url="https://harbour-courier.example/1",
                published_date_time="2026-03-01T10:00:00Z",
                provider=COURIER,
            ),
        ),
        secured="wd1.TOPSECRET",
    )
    return msgspec.structs.replace(made, **changes)


def told(path: str, of: Record) -> Told:
    """Return a story of three reports, led by the record."""
    stamp = of.published_date_time
    return Told(
        coverage=(
            Report(title=of.title, provider=of.provider, url=of.web_url or "",
                   published_date_time=stamp),
            Report(title="Captainless ferry seen", provider=GAZETTE,
                   url="https://vellmark-gazette.example/seen", published_date_time=stamp),
            Report(title=of.title, provider=GAZETTE, copy=True,
                   url="https://vellmark-gazette.example/copy", published_date_time=stamp),
        ),
        quality=QUALITY,
        heat=HEAT,
    )  # fmt: skip


def edition(
    records: Sequence[Record], *, home: Path | None = None, pack: TopicPack = PACK,
    base_url: str = "https://desk.example", name: str = "Harbour desk", language: str = "en",
    **site: object,
) -> Edition:  # fmt: skip
    """Return an edition of ``records``, each with a story of its own."""
    paths = [f"_news/2026-03-01-story-{place}.md" for place in range(len(records))]
    return Edition(
        records=list(zip(paths, records, strict=True)),
        languages={},
        pack=pack,
        as_of=NOON,
        settings=Settings(
            name=name,
            language=language,
            publish=PublishSettings(base_url=base_url),
            site=msgspec.convert(site, SiteSettings),
        ),
        registry=REGISTRY,
        stories={path: Standing(version="1", reports=3) for path in paths},
        tell=told,
        home=home,
        memory=home / "state" if home else None,
    )


def pages(given: Edition) -> dict[str, bytes]:
    """Return every file of an edition's site."""
    return {page.path: page.make() for page in files(Paper(given))}


def laid(given: Edition, root: Path, memory: Path | None = None) -> Shelf:
    """Lay the site of an edition below ``root`` and return the shelf, to ask what it did."""
    shelf = Shelf(root, memory)
    for page in files(Paper(given)):
        shelf.put(page.path, page.key, page.make)
    shelf.close(is_ours)
    return shelf


ALERTS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--></script><script>alert(1)</script><!--",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    '" onmouseover="alert(1)" x="',
    '" autofocus onfocus=alert(1) x="',
    "' style='animation:x' onanimationstart='alert(1)",
    "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=alert(1)></b>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<form action=javascript:alert(1)><button autofocus>x</button></form>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "{{7*7}} {% print(7*7) %} ${7*7} {{''.__class__.__mro__}}",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028<script>alert(1)</script>\u2029",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\u202e>tpircs/<)1(trela>tpircs<",
    "＜script＞alert(1)＜/script＞",  # noqa: RUF001 - full-width signs on purpose
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<xmp><script>alert(1)</script></xmp>",
)
"""Texts that want to run something (THREATS O01, F13, H05, I04); at least 35."""

ADDRESSES = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)", "https://x.example/\" onclick=\"alert(1)", "//evil.example/x",
    "https://a@b@c.example/", "\njavascript:alert(1)", "https://x.example/'><script>alert(1)</script>",
    "https://x.example/i.svg", "file:///etc/hostname", "blob:https://x.example/1",
)  # fmt: skip


def hostile() -> Edition:
    """Return an edition in which every text is one of ``ALERTS``, and every address is odd."""
    records = []
    for place, text in enumerate(ALERTS):
        address = ADDRESSES[place % len(ADDRESSES)]
        provider = ProviderName(name=text, domain=text if place % 2 else "x.example")
        records.append(
            record(
                place,
                title=text,
                excerpt=text,
                web_url=address,
                original_url=address,
                provider=provider,
                topics=(text, "Ports"),
                images=(
                    Image(url=address, width=800, height=450, title=text, is_cached=True),
                    Image(url=f"/x{text}", width=640, height=450, title=text, is_cached=True),
                ),
                related=(
                    RelatedItem(title=text, web_url=address, excerpt=text, provider=provider),
                ),
                body=f"\n{text}\n\n{text}\n",
            )
        )
    pack = TopicPack(
        (
            Topic(name="Ports", description=ALERTS[0]),
            *(Topic(name=text, description=text, parent="Ports") for text in ALERTS),
        )
    )
    given = edition(records, pack=pack, name=ALERTS[7], tagline=ALERTS[4], about=ALERTS[1])
    languages = {
        path: "ar" if place % 2 else '"><script>' for place, (path, _) in enumerate(given.records)
    }
    return msgspec.structs.replace(given, tell=_told_by_enemies, languages=languages)


def _told_by_enemies(path: str, of: Record) -> Told:
    text, address = of.title, of.web_url or ""
    line = LedgerLine(signal=text, points=3, reason=text)
    report = Report(title=text, provider=of.provider, url=address, language=text,
                    published_date_time=text)  # fmt: skip
    return Told(coverage=(report, report, msgspec.structs.replace(report, copy=True)),
                quality=Ledger((line,)), heat=Ledger((line,)))  # fmt: skip
