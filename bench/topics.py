"""Topics on the BBC texts: keywords, and keywords with what the model learns from the texts, no labels.

    .venv/bin/python bench/topics.py [FILE]

FILE holds JSON lines with ``id``, ``topic``, ``title``, ``text`` (gzipped or not). The pack below is what
a stranger would write from the five names and general knowledge: no text was looked at. Three forms:

- full text: all texts at once, as the desk judges them;
- headline: a fifth of the articles with their headline alone among the others with their text, five
  times, so that each is judged once: a desk that holds texts, and feeds that give none;
- headlines alone: nothing but headlines on the whole desk.

The first topic counts; an article without one counts as wrong. The last table says what two packs make of
articles that are hardly ever on their matter.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec

import wiredesk
from wiredesk.adapters.desk_folder import read_pack
from wiredesk.records.article import Article, ProviderName
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Classify, topics_of

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
DATA = SHARED / "topics" / "bbc_dev.jsonl.gz"
ORDINARY = SHARED / "clickbait" / "ordinary_dev.txt"
PACKS = Path(wiredesk.__file__).parent / "packs"
FOLDS = 5

Way = Callable[[Sequence[Article], TopicPack], list[str]]
"""Gives the strongest topic of each article, or an empty string."""

KEYWORDS = {
    "business": """
        company, firm, profit, revenue, shares, shareholder, investor, investment, stock market,
        stock exchange, economy, economic growth, economist, inflation, interest rate, central bank,
        bank, Federal Reserve, IMF, World Bank, GDP, exports, imports, trade deficit, manufacturing,
        merger, takeover, acquisition, bankruptcy, creditor, debt, bond, dollar, euro, currency,
        oil prices, crude, unemployment, jobless, retailer, carmaker, airline, sales, earnings,
        turnover, dividend, chief executive, business, stocks, shareholding, stake, pension fund,
        hedge fund, insurer, mortgage, house prices, lender, brewer, drugmaker, steelmaker, oil firm,
        supermarket, budget airline, consumer spending, retail sales, consumer confidence, recession,
        market share, job cuts, redundancies, layoffs, privatisation, stock listing, flotation,
        accounting scandal, auditor, competition watchdog, antitrust, free trade, tariffs, WTO, Opec,
        Wall Street, Nasdaq, Dow Jones, FTSE 100, Nikkei, rate rise, rate cut, budget deficit, exporter,
        factory output, industrial output, joint venture, bid for, buyout, profit warning, car sales,
        !market, !deal, !growth, !prices, !jobs, !quarter, !bid, !rival, !costs, !fuel""",
    "entertainment": """
        film, movie, cinema, box office, actor, actress, director, Oscar, Bafta, Golden Globe, Grammy,
        Hollywood, Bollywood, album, singer, song, pop star, rock band, band, musician, music, concert,
        gig, festival, theatre, musical, comedy, drama, sitcom, soap, TV show, TV series, presenter,
        novel, author, celebrity, premiere, screenplay, chart, number one, entertainment, Brit Awards,
        Emmy, Cannes, Sundance, Eurovision, Glastonbury, Broadway, West End, Disney, Pixar, James Bond,
        Harry Potter, Star Wars, Shakespeare, opera, ballet, orchestra, composer, rapper, hip-hop, R&B,
        rock star, guitarist, drummer, frontman, pop group, boy band, girl band, screenwriter, film-maker,
        sequel, blockbuster, box set, documentary, animation, cartoon, comic, comedian, stand-up, artist,
        painter, painting, exhibition, gallery, museum, poet, poetry, novelist, bestseller, Booker Prize,
        book prize, reality TV, talent show, chat show, TV channel, broadcaster, viewers, ratings,
        US chart, UK chart, singles chart, record label, film festival, best actor, best film,
        !star, !show, !award, !nominated, !series, !hit, !stage, !role, !cast, !audience""",
    "politics": """
        government, minister, prime minister, MP, MPs, Labour, Tory, Tories, Conservative, Lib Dem,
        Liberal Democrat, parliament, Commons, House of Lords, election, general election, voter,
        manifesto, Downing Street, Whitehall, Blair, Gordon Brown, chancellor, home secretary,
        foreign secretary, Tony Blair, Michael Howard, Charles Kennedy, UKIP, immigration, asylum,
        referendum, council tax, legislation, politics, politician, Lib Dems, Lords, peers, peer,
        by-election, constituency, backbencher, shadow cabinet, shadow chancellor, opposition leader,
        party conference, party leader, spin doctor, political party, civil liberties, ID card,
        ID cards, human rights, civil servant, MEP, MEPs, European Commission, EU constitution, SNP,
        Plaid Cymru, BNP, Green Party, Scottish Parliament, Welsh Assembly, Stormont, Sinn Fein, DUP,
        devolution, Speaker, local council, councillor, mayor, Home Office, Foreign Office, Treasury,
        Ministry of Defence, education secretary, health secretary, defence secretary, work secretary,
        transport secretary, attorney general, lord chancellor, terror laws, anti-terror, hunting ban,
        fox hunting, smoking ban, tuition fees, NHS, public services, tax cuts, election campaign,
        postal vote, turnout, opinion poll, marginal seat, cabinet minister, deputy prime minister,
        !bill, !vote, !party, !policy, !campaign, !cabinet, !secretary, !reform, !poll, !tax""",
    "sports": """
        football, footballer, rugby, cricket, tennis, athletics, golf, boxing, Olympic, Olympics,
        world cup, Six Nations, premiership, Premier League, Champions League, FA Cup, grand slam,
        Australian Open, Wimbledon, Davis Cup, coach, striker, midfielder, defender, goalkeeper,
        fly-half, scrum, tournament, champion, championship, marathon, sprinter, Chelsea, Arsenal,
        Liverpool, Manchester United, Real Madrid, penalty, referee, injury, squad, season, doping,
        sport, sports, Man Utd, Newcastle United, Tottenham, Everton, Aston Villa, Celtic, Rangers,
        Barcelona, Juventus, AC Milan, Bayern Munich, Uefa, Fifa, Carling Cup, Uefa Cup, Euro 2004,
        Commonwealth Games, French Open, US Open, Ryder Cup, Tri-Nations, All Blacks, Wallabies,
        Springboks, Lions tour, Heineken Cup, RFU, IRB, IAAF, IOC, world record, indoor championships,
        cross country, 100m, 200m, 400m, 800m, 1500m, 60m, hurdles, long jump, javelin, gold medal,
        silver medal, bronze medal, hamstring, knee injury, test match, one-day international, wicket,
        batsman, bowler, prop, hooker, lock, centre, winger, full-back, captain, team-mate, seed,
        quarter-final, semi-final, replay, kick-off, half-time, transfer, relegation, play-off, derby,
        !match, !goal, !win, !final, !team, !club, !game, !player, !title, !race, !side, !cup,
        !victory""",
    "tech": """
        computer, computing, software, hardware, internet, online, web, website, web site, broadband,
        e-mail, spam, virus, hacker, security software, phishing, Microsoft, Windows, Linux, Apple,
        iPod, Google, Yahoo, search engine, browser, blog, blogger, mobile phone, handset, 3G,
        wireless, wi-fi, bluetooth, gadget, digital music, download, file-sharing, peer-to-peer,
        DVD, high-definition, PC, laptop, server, chip, processor, video game, gamer, console,
        PlayStation, Xbox, Nintendo, technology, robot, tech, hi-tech, PCs, Macintosh, Mac, Intel, IBM,
        Sony PSP, PSP, Nintendo DS, GameCube, Game Boy, Half-Life, Grand Theft Auto, Halo, Nokia,
        Motorola, Skype, voip, net phone, net users, net surfers, internet users, web users, web pages,
        e-commerce, online shopping, online music, iTunes, MP3, MP3 player, digital camera,
        camera phone, text message, SMS, mobiles, smartphone, palmtop, PDA, operating system,
        open source, source code, programmer, software patent, Firefox, Internet Explorer, spyware,
        adware, worm, trojan, firewall, encryption, cyber crime, denial of service, domain name,
        hard drive, memory card, flat screen, plasma screen, set-top box, digital TV, HDTV, hi-def,
        Blu-ray, personal video recorder, TiVo, RFID, GPS, biometric, supercomputer, nanotechnology,
        virtual world, online game, massively multiplayer, developer, chipmaker, e-mails, inbox,
        !game, !network, !mobile, !digital, !users, !device, !net, !site, !data, !screen""",
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
    """Return the strongest topic by keywords, or nothing."""
    classify = Classify(topics)

    def guess(text: Article) -> str:
        given = classify(text)
        return given[0].topic if given else ""

    return guess


def one_by_one(make: Callable[[TopicPack], Callable[[Article], str]]) -> Way:
    """Return the way that judges each article by itself."""
    return lambda articles, topics: list(map(make(topics), articles))


def by_the_set(articles: Sequence[Article], topics: TopicPack) -> list[str]:
    """Return the strongest topic by keywords and by what the model learns from all the articles."""
    given = topics_of(articles, topics)
    return [given[one.id][0].topic if given[one.id] else "" for one in articles]


def in_fifths(way: Way) -> Way:
    """Return the way on headlines, each among the full texts of the other four fifths."""

    def guess(articles: Sequence[Article], topics: TopicPack) -> list[str]:
        part = [sha256(one.id.encode()).digest()[0] % FOLDS for one in articles]
        guesses = [""] * len(articles)
        for fold in range(FOLDS):
            desk = [
                bare(one) if its == fold else one for one, its in zip(articles, part, strict=True)
            ]
            for place, found in enumerate(way(desk, topics)):
                if part[place] == fold:
                    guesses[place] = found
        return guesses

    return guess


def bare(text: Article) -> Article:
    """Return the headline of an article."""
    return msgspec.structs.replace(text, text="")


def main() -> int:
    """Print accuracy, coverage and speed of each way."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not path.exists():
        print(f"topics: no data at {path}")
        return 0
    labelled = load(path)
    topics = pack()
    texts = [article(one) for one in labelled]
    headlines = list(map(bare, texts))
    print(
        f"{'form':16} {'way':12} {'accuracy':>8} {'given':>6} {'right of given':>14} {'docs/s':>8}"
    )
    keywords, substrings = one_by_one(by_classify), one_by_one(by_substrings)
    for form, way, run, articles, times in (
        ("full text", "substrings", substrings, texts, 1),
        ("full text", "keywords", keywords, texts, 1),
        ("full text", "with model", by_the_set, texts, 1),
        ("headline", "keywords", keywords, headlines, 1),
        ("headline", "with model", in_fifths(by_the_set), texts, FOLDS),
        ("headlines alone", "with model", by_the_set, headlines, 1),
    ):
        start = time.perf_counter()
        guesses = run(articles, topics)
        seconds = time.perf_counter() - start
        given = sum(bool(one) for one in guesses)
        right = sum(one == text.topic for one, text in zip(guesses, labelled, strict=True))
        print(
            f"{form:16} {way:12} {right / len(labelled):8.3f} {given / len(labelled):6.3f}"
            f" {right / max(1, given):14.3f} {times * len(labelled) / seconds:8.0f}"
        )
    off_topic(texts)
    return 0


def off_topic(texts: Sequence[Article]) -> None:
    """Print how many ordinary headlines and BBC texts two narrow packs take for their matter."""
    if not ORDINARY.exists():
        return
    lines = ORDINARY.read_text("utf-8").splitlines()
    ordinary = [
        article(Labelled(id=f"o{number}", topic="", title=line, text=""))
        for number, line in enumerate(lines)
        if line.strip()
    ]
    print(f"\n{'pack':8} {'articles':24} {'in all':>7} {'by keywords':>11} {'by the model':>12}")
    for name in ("ai", "climate"):
        topics = read_pack(PACKS / name / "topics")
        for what, articles in (
            ("ordinary headlines", ordinary),
            ("the same and BBC texts", [*ordinary, *texts]),
        ):
            given = topics_of(articles, topics)
            named = sum(any(one.points for one in found) for found in given.values())
            print(
                f"{name:8} {what:24} {len(articles):7} {named:11}"
                f" {sum(map(bool, given.values())) - named:12}"
            )


if __name__ == "__main__":
    sys.exit(main())
