"""Topics by keywords on the BBC texts: whole words with senses beside plain substrings.

    .venv/bin/python bench/topics.py [FILE]

FILE holds JSON lines with ``id``, ``topic``, ``title``, ``text`` (gzipped or not). The pack below was
written from the five names alone, before a look at the texts: what a stranger would write for a desk.
An article without a topic counts as wrong.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from wiredesk.records.article import Article, ProviderName
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Classify

DATA = (
    Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "topics" / "bbc_dev.jsonl.gz"
)

KEYWORDS = {
    "business": """
        company, firm, profit, revenue, shares, shareholder, investor, investment, stock market,
        stock exchange, economy, economic growth, economist, inflation, interest rate, central bank,
        bank, Federal Reserve, IMF, World Bank, GDP, exports, imports, trade deficit, manufacturing,
        merger, takeover, acquisition, bankruptcy, creditor, debt, bond, dollar, euro, currency,
        oil prices, crude, unemployment, jobless, retailer, carmaker, airline, sales, earnings,
        turnover, dividend, chief executive, !market, !deal, !growth, !prices, !jobs, !quarter""",
    "entertainment": """
        film, movie, cinema, box office, actor, actress, director, Oscar, Bafta, Golden Globe, Grammy,
        Hollywood, Bollywood, album, singer, song, pop star, rock band, band, musician, music, concert,
        gig, festival, theatre, musical, comedy, drama, sitcom, soap, TV show, TV series, presenter,
        novel, author, celebrity, premiere, screenplay, chart, number one, !star, !show, !award,
        !nominated, !series, !hit""",
    "politics": """
        government, minister, prime minister, MP, MPs, Labour, Tory, Tories, Conservative, Lib Dem,
        Liberal Democrat, parliament, Commons, House of Lords, election, general election, voter,
        manifesto, Downing Street, Whitehall, Blair, Gordon Brown, chancellor, home secretary,
        foreign secretary, Tony Blair, Michael Howard, Charles Kennedy, UKIP, immigration, asylum,
        referendum, council tax, legislation, !bill, !vote, !party, !policy, !campaign, !cabinet,
        !secretary""",
    "sports": """
        football, footballer, rugby, cricket, tennis, athletics, golf, boxing, Olympic, Olympics,
        world cup, Six Nations, premiership, Premier League, Champions League, FA Cup, grand slam,
        Australian Open, Wimbledon, Davis Cup, coach, striker, midfielder, defender, goalkeeper,
        fly-half, scrum, tournament, champion, championship, marathon, sprinter, Chelsea, Arsenal,
        Liverpool, Manchester United, Real Madrid, penalty, referee, injury, squad, season, doping,
        !match, !goal, !win, !final, !team, !club, !game, !player, !title, !race, !side""",
    "tech": """
        computer, computing, software, hardware, internet, online, web, website, web site, broadband,
        e-mail, spam, virus, hacker, security software, phishing, Microsoft, Windows, Linux, Apple,
        iPod, Google, Yahoo, search engine, browser, blog, blogger, mobile phone, handset, 3G,
        wireless, wi-fi, bluetooth, gadget, digital music, download, file-sharing, peer-to-peer,
        DVD, high-definition, PC, laptop, server, chip, processor, video game, gamer, console,
        PlayStation, Xbox, Nintendo, technology, robot, !game, !network, !mobile, !digital, !users,
        !device""",
}


class Labelled(msgspec.Struct):
    """A text and the topic that its publisher gave it."""

    id: str
    topic: str
    title: str
    text: str


def pack() -> TopicPack:
    """Return the five topics."""
    return TopicPack(
        tuple(
            Topic(name=name, keywords=tuple(" ".join(words.split()).split(", ")), order=order)
            for order, (name, words) in enumerate(KEYWORDS.items())
        )
    )


def load(path: Path) -> list[Labelled]:
    """Return the labelled texts of ``path``."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return [msgspec.json.decode(line, type=Labelled) for line in data.splitlines() if line.strip()]


def article(labelled: Labelled) -> Article:
    """Return the text as the stage gets it."""
    return Article(
        id=labelled.id,
        title=labelled.title,
        text=labelled.text,
        provider=ProviderName(name="Test", domain="test.example"),
    )


def by_substrings(topics: TopicPack) -> Callable[[Article], str]:
    """Return the baseline: the topic most of whose keywords are anywhere in the text, by count."""
    bare = {
        topic.name: [word.removeprefix("!").lower() for word in topic.keywords]
        for topic in topics.topics
    }

    def guess(text: Article) -> str:
        said = f"{text.title}\n{text.text}".lower()
        return max(bare, key=lambda name: sum(said.count(word) for word in bare[name]))

    return guess


def by_classify(topics: TopicPack) -> Callable[[Article], str]:
    """Return the stage's own strongest topic, or nothing."""
    classify = Classify(topics)

    def guess(text: Article) -> str:
        given = classify(text)
        return given[0].topic if given else ""

    return guess


def forms(articles: Sequence[Article]) -> Iterator[tuple[str, list[Article]]]:
    """Yield the texts as they are, and as headlines alone."""
    yield "full text", list(articles)
    yield "headline", [msgspec.structs.replace(text, text="") for text in articles]


def main() -> int:
    """Print accuracy, coverage and speed of both ways."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not path.exists():
        print(f"topics: no data at {path}")
        return 0
    labelled = load(path)
    topics = pack()
    print(
        f"{'form':10} {'way':12} {'accuracy':>8} {'given':>6} {'right of given':>14} {'docs/s':>8}"
    )
    for form, articles in forms([article(one) for one in labelled]):
        for way, guess in (
            ("substrings", by_substrings(topics)),
            ("classify", by_classify(topics)),
        ):
            start = time.perf_counter()
            guesses = [guess(text) for text in articles]
            seconds = time.perf_counter() - start
            given = sum(bool(one) for one in guesses)
            right = sum(one == text.topic for one, text in zip(guesses, labelled, strict=True))
            print(
                f"{form:10} {way:12} {right / len(labelled):8.3f} {given / len(labelled):6.3f}"
                f" {right / given:14.3f} {len(labelled) / seconds:8.0f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
