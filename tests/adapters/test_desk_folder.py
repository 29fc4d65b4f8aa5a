"""A desk's own files: what they may say, and how all that is wrong with them is told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from wiredesk.adapters.desk_folder import read_desk, read_pack, read_registry, read_settings
from wiredesk.adapters.desk_folder.files import MOST_BYTES
from wiredesk.config import Settings
from wiredesk.errors import ConfigError
from wiredesk.records.entry import SourceSpec
from wiredesk.records.provider import Provider

CLASSIC_TOPIC = """\
taxonomy: topic
_id: 5f0c2c1a
name: Ports
shortname: ports
parent: Shipping
description: Where the ships are
keywords:
  - port
  - " quay "
  - C#
hashtags:
  - "#ports"
images:
  - url: https://harbour-courier.example/ports.jpg
    width: 10
    height: 10
services:
  - feed
"""
CLASSIC_PROVIDER = """\
taxonomy: organization
_id: 61ab
name: "Harbour: Courier"
domain: News.Harbour-Courier.example
description: The port's own paper
images:
  - url: https://harbour-courier.example/logo.png
    width: 60
    height: 60
standing: 30
"""


def write(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def problems(read: object, path: Path) -> list[str]:
    """What is told when ``path`` is read, each problem with the path cut to its last part."""
    with pytest.raises(ConfigError) as refused:
        read(path)  # type: ignore[operator] # one of the readers
    return [problem.replace(f"{path.parent}/", "") for problem in refused.value.problems]


# desk.toml


def settings_of(folder: Path, text: str) -> Settings:
    return read_settings(write(folder, desk__toml=text) / "desk.toml")


def settings_problems(folder: Path, text: str) -> list[str]:
    return problems(read_settings, write(folder, desk__toml=text) / "desk.toml")


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "") == Settings()


def test_settings_are_read_into_their_types(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        'name = "Harbour"\n[[sources]]\nkind = "opml"\npath = "f.opml"\n[score]\n'
        "half_life_hours = 12\n[score.classic]\nregistered = 30\n[fetch]\nports = [80, 8080]\n",
    )
    assert settings.name == "Harbour"
    assert settings.sources == (SourceSpec(kind="opml", path="f.opml"),)
    assert settings.score.half_life_hours == 12.0
    assert settings.score.classic.registered == 30
    assert settings.fetch.ports == (80, 8080)


def test_c07_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = (
        'nmae = "x"\nworkers = "many"\n\n[[sources]]\nkind = "feed"\n'
        'url = "https://a.example/"\n\n[[sources]]\nurl = 3\nslow = true\n\n'
        '[score]\nthreshold = 7.5\n[score.classic]\nimages = 3\n[fetch]\nports = "80"\n'
    )
    assert settings_problems(tmp_path, text) == [
        "desk.toml:1: nmae: no such setting; name?",
        "desk.toml:2: workers: expected int, got str",
        "desk.toml:9: sources.1.url: expected str, got int",
        "desk.toml:10: sources.1.slow: no such setting",
        "desk.toml:8: sources.1: kind is missing",
        "desk.toml:13: score.threshold: expected int, got float",
        "desk.toml:15: score.classic.images: no such setting; image?",
        "desk.toml:17: fetch.ports: expected array, got str",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[publish]\npage_size = 0", "2: publish.page_size: more than 0"),
        ('[publish]\nnewline = "cr"', "2: publish.newline: lf or crlf"),
        ('[publish]\nrecords = "../x"', "2: publish.records: a folder below the desk"),
        ('[publish]\nrecords = "/x"', "2: publish.records: a folder below the desk"),
        ('[publish]\nrecords = "."', "2: publish.records: a folder below the desk"),
        ('[publish]\npublic = "records/"', "2: publish.public: another folder"),
        ('[publish]\nbranch = "--exec"', "2: publish.branch: a branch's name"),
        ('[publish]\nbranch = "a..b"', "2: publish.branch: a branch's name"),
        ('[score]\nprofile = "clasic"', "2: score.profile: desk or classic"),
        ("[score]\nhalf_life_hours = nan", "2: score.half_life_hours: more than 0"),
        ("[score.classic]\ntitle_step = 0", "2: score.classic.title_step: more than 0"),
        ("[group]\nwindow_days = inf", "2: group.window_days: more than 0"),
        ("[group]\njoin_at = 1.5", "2: group.join_at: from 0 to 1"),
        ("[relate]\nmost = -1", "2: relate.most: 0 or more"),
        ("workers = true", "1: workers: expected int, got bool"),
        ("[fetch]\nports = [0]", "2: fetch.ports: from 1 to 65535"),
        ('[fetch]\nallow_networks = ["10.0.0.1/8"]', "2: fetch.allow_networks: networks such as"),
        ('[fetch]\ncontact = "a\\r\\nBcc: b"', "2: fetch.contact: ASCII on one line"),
        ("[feeds]\nitems = 0", "2: feeds.items: more than 0"),
        ('[feeds]\nhub = "hub"', "2: feeds.hub: an http(s) address"),
        ('[websub]\ncallback = "http://127.0.0.1/hub"', "2: websub.callback: a public"),
        ('[websub]\ncallback = "http://[::1]/hub"', "2: websub.callback: a public"),
        ('[websub]\ncallback = "https://10.0.0.8/hub"', "2: websub.callback: a public"),
        ('[websub]\ncallback = "http://localhost/hub"', "2: websub.callback: a public"),
        ('[websub]\ncallback = "ftp://desk.example/hub"', "2: websub.callback: a public"),
        ("[websub]\nlease_days = 0", "2: websub.lease_days: more than 0"),
        ("[polling]\nfloor_minutes = 0", "2: polling.floor_minutes: more than 0"),
        ("[fetch]\nhost_gap = -1", "2: fetch.host_gap: 0 or more"),
        ('[newsletter]\ndeliver = "fax"', "2: newsletter.deliver: files or smtp"),
        ('[newsletter]\nzone = "Mars/Tharsis"', "2: newsletter.zone: a time zone"),
        ('[newsletter]\nzone = "../etc/passwd"', "2: newsletter.zone: a time zone"),
        ('[newsletter]\nsender = "a@b.c\\nBcc: d"', "2: newsletter.sender: a mail address"),
        ("[newsletter]\nreview_minutes = -1", "2: newsletter.review_minutes: 0 or more"),
        ('[newsletter.smtp]\nsecurity = "ssl"', "2: newsletter.smtp.security: starttls, tls"),
        (
            '[newsletter.smtp]\nsecurity = "none"\nuser = "x"\nhost = "mail.example"',
            "2: newsletter.smtp.security: starttls or tls, or the password",
        ),
        (
            '[[newsletter.series]]\nname = "Daily!"\ncron = "0 7 * * *"',
            "2: newsletter.series.0.name: a-z, 0-9",
        ),
        (
            '[[newsletter.series]]\nname = "daily"\ncron = "61 * * * *"',
            "3: newsletter.series.0.cron: a schedule",
        ),
        (
            '[[newsletter.series]]\nname = "daily"\ncron = "0 0 30 2 *"',
            "3: newsletter.series.0.cron: a schedule",
        ),
        (
            '[[newsletter.series]]\nname = "daily"\ncron = "0 7 * * *"\nstories = 51',
            "4: newsletter.series.0.stories: from 1 to 50",
        ),
        ('language = "English"', "1: language: a code such as en"),
        ('key_file = ""', "1: key_file: the path"),
        ('[[sources]]\nkind = "feed"', "1: sources.0: feed: either url or path"),
        ("sources = 3", "1: sources: [[sources]] tables"),
        ("fetch = 3", "1: fetch: a table [fetch]"),
        ("name =", "1: not TOML"),
        ("name = 1\nname = 2", "2: not TOML"),
        ('name = "x', "1: not TOML"),
    ],
)
def test_c07_a_setting_that_cannot_be_meant_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    (problem,) = settings_problems(tmp_path, text)
    assert problem.startswith(f"desk.toml:{told}")


def test_c07_a_missing_file_a_folder_a_device_and_bad_text_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in problems(read_settings, tmp_path / "desk.toml")[0]
    (tmp_path / "folder").mkdir()
    assert "a file was expected" in problems(read_settings, tmp_path / "folder")[0]
    os.mkfifo(tmp_path / "pipe")
    assert "a file was expected" in problems(read_settings, tmp_path / "pipe")[0]
    write(tmp_path, desk__toml=b"\n\xff")
    assert problems(read_settings, tmp_path / "desk.toml") == ["desk.toml:2: not text in UTF-8"]
    write(tmp_path, desk__toml=b"#" * (MOST_BYTES + 1))
    assert "larger than" in problems(read_settings, tmp_path / "desk.toml")[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_c07_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    write(tmp_path, desk__toml="")
    (tmp_path / "desk.toml").chmod(0)
    assert "cannot be read" in problems(read_settings, tmp_path / "desk.toml")[0]


# Topics


def test_a_topic_of_a_classic_desk_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "topics")
    (folder / "07-ports.yaml").write_bytes(CLASSIC_TOPIC.replace("\n", "\r\n").encode())
    (folder / "03-shipping.yaml").write_text("name: Shipping\nparent:\nkeywords: []\n")
    shipping, ports = read_pack(folder).topics
    assert (shipping.name, shipping.parent, shipping.keywords) == ("Shipping", "", ())
    assert (ports.name, ports.shortname, ports.parent, ports.order) == (
        "Ports",
        "ports",
        "Shipping",
        7,
    )
    assert ports.keywords == ("port", " quay ", "C#")
    assert ports.hashtags == ("#ports",)


def test_the_number_orders_topics_then_the_name(tmp_path: Path) -> None:
    names = {"10-b.yaml": "B", "9-a.yaml": "A", "x.yml": "X", "10-a.yaml": "AA"}
    folder = write(tmp_path / "topics")
    for file, name in names.items():
        (folder / file).write_text(f"name: {name}\n")
    assert [topic.name for topic in read_pack(folder).topics] == ["A", "AA", "B", "X"]


def test_what_is_no_topic_file_is_passed_over(tmp_path: Path) -> None:
    folder = write(tmp_path / "topics", README__yaml="x", notes__txt="x")
    (folder / "._01-a.yaml").write_bytes(b"\0\xff")
    assert read_pack(folder).topics == ()
    assert read_pack(tmp_path / "absent").topics == ()


def test_c07_every_topic_file_is_told_with_its_lines(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "topics",
        a__yaml="name: A\nkeyword:\n  - x\nkeywords: x\n",
        b__yaml="keywords:\n  - [x]\n  - ''\n",
        c__yaml="name: [C\n",
        d__yaml="- a\n",
        e__yaml=b"name: \xff\n",
    )
    (folder / "f.yaml").mkdir()
    assert problems(read_pack, folder) == [
        "topics/a.yaml:2: there is no key 'keyword' here; keywords?",
        "topics/a.yaml:4: keywords: a list of words or phrases",
        "topics/b.yaml:1: name: one line of text, which must be there",
        "topics/b.yaml:2: keywords: a word or phrase",
        "topics/b.yaml:3: keywords: an empty one would match everything",
        "topics/c.yaml:1: expected YAML (did not find expected ',' or ']')",
        "topics/d.yaml:1: expected keys with values in the file",
        "topics/e.yaml:1: not text in UTF-8",
        "topics/f.yaml: a file was expected, not a folder or a device",
    ]


def test_a_pack_is_a_tree(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "topics",
        a__yaml="name: A\nparent: B\n",
        b__yaml="name: B\nparent: A\n",
        c__yaml="name: C\nparent: Nobody\n",
        d__yaml="name: D\nparent: A\n",
        e__yaml="name: D\n",
        f__yaml="name: F\nparent: F\n",
    )
    told = problems(read_pack, folder)
    assert told == [
        "topics/e.yaml: topic 'D' is in d.yaml already",
        "topics/a.yaml: topic 'A' is its own ancestor",
        "topics/b.yaml: topic 'B' is its own ancestor",
        "topics/c.yaml: there is no topic 'Nobody' to be the parent of 'C'",
        "topics/f.yaml: topic 'F' is its own ancestor",
    ]


def test_a_part_of_a_pack_may_lack_a_parent(tmp_path: Path) -> None:
    folder = write(tmp_path / "topics", c__yaml="name: C\nparent: Nobody\n")
    assert read_pack(folder, whole=False).ancestors("C") == ("Nobody",)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: &b [*a, *a]\nname: *b\n",
        "name: " + "[" * 2000,
        "name: a\nname: b\n",
        "name: a\0b\n",
        "\ufeffname: a\n",
        "name: !!python/name:os.system x\n",
        "name: " + "x" * 5_000_000,
    ],
    ids=["aliases", "depth", "twice", "nul", "bom", "tag", "5 MB"],
)
def test_c02_hostile_yaml_is_refused_at_once(tmp_path: Path, text: str) -> None:
    started = time.monotonic()
    assert len(problems(read_pack, write(tmp_path / "topics", a__yaml=text))) == 1
    assert time.monotonic() - started < 2


def test_c03_words_stay_words(tmp_path: Path) -> None:
    words = ["no", "on", "1:30", "012", "2021-12-14", "1e3", "0x10", "true", "null"]
    listed = "".join(f"  - {word}\n" for word in words)
    folder = write(tmp_path / "topics", a__yaml=f"name: no\nkeywords:\n{listed}")
    (topic,) = read_pack(folder).topics
    assert topic.name == "no"
    assert list(topic.keywords) == words


def test_c04_a_hundred_thousand_keywords_are_read_and_more_refused(tmp_path: Path) -> None:
    files = {f"{number:02}__yaml": _many(number, 25_000) for number in range(4)}
    folder = write(tmp_path / "topics", **files)
    assert sum(len(topic.keywords) for topic in read_pack(folder).topics) == 100_000
    write(folder, more__yaml="name: More\nkeywords: [one too many]\n")
    assert problems(read_pack, folder) == ["topics: more than 100,000 keywords"]


def _many(topic: int, count: int) -> str:
    return f"name: T{topic}\nkeywords:\n" + "".join(f"- k{number}\n" for number in range(count))


def test_a_regular_expression_is_only_a_word(tmp_path: Path) -> None:
    folder = write(tmp_path / "topics", a__yaml="name: A\nkeywords: ['(a+)+$']\n")
    assert read_pack(folder).topics[0].keywords == ("(a+)+$",)


def test_c06_markup_in_a_name_is_text(tmp_path: Path) -> None:
    folder = write(tmp_path / "topics", a__yaml="name: '<b>{{7*7}}</b> ${x}'\n")
    assert read_pack(folder).topics[0].name == "<b>{{7*7}}</b> ${x}"


# Providers


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_provider_of_a_classic_desk_is_read(tmp_path: Path, newline: str) -> None:
    folder = write(tmp_path / "providers")
    text = CLASSIC_PROVIDER.replace("\n", newline)
    (folder / "harbour.yaml").write_bytes(text.encode())
    page = f"---{newline}{text.replace('News.', '')}---{newline}{newline}About it.{newline}"
    (folder / "other.md").write_bytes(page.encode())
    registry = read_registry(folder)
    assert registry.providers == (
        Provider(
            name="Harbour: Courier",
            domain="harbour-courier.example",
            description="The port's own paper",
            standing=30,
        ),
        Provider(
            name="Harbour: Courier",
            domain="news.harbour-courier.example",
            description="The port's own paper",
            standing=30,
        ),
    )


def test_the_longest_match_on_a_host_wins(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "providers", a__yaml="name: All\ndomain: a.example\n", b__yaml="name: B\n"
    )
    (folder / "blog.a.example.yaml").write_text("name: Blog\n")
    registry = read_registry(folder)
    named = {host: registry.of_host(host) for host in ("www.a.example", "x.blog.a.example")}
    assert {host: found.name if found else "" for host, found in named.items()} == {
        "www.a.example": "All",
        "x.blog.a.example": "Blog",
    }
    assert registry.of_host("nota.example") is None


def test_c07_every_provider_file_is_told_with_its_lines(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "providers",
        a__yaml="name: A\nstanding: much\nkind: gossip\n",
        b__md="no front matter\n",
        c__md="---\nname: C\ndomain: https://c.example/\n---\n",
        d__md="---\ndomain: d.example\nstnading: 1\n---\n",
        README__md="How to add a provider\n",
    )
    kinds = "news, official, wire, press-release, blog"
    assert problems(read_registry, folder) == [
        "providers/a.yaml:2: standing: a whole number, not 'much'",
        f"providers/a.yaml:3: kind: one of {kinds}, not 'gossip'",
        "providers/b.md:1: expected front matter between two lines '---'",
        "providers/c.md:3: domain: a host such as courier.example, not 'https://c.example/'",
        "providers/d.md:2: name: one line of text, which must be there",
        "providers/d.md:3: there is no key 'stnading' here; standing?",
    ]


def test_one_domain_has_one_provider(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "providers",
        a__yaml="name: A\ndomain: x.example\n",
        b__yaml="name: B\ndomain: X.example.\n",
    )
    assert problems(read_registry, folder) == ["providers/b.yaml: x.example is in a.yaml already"]


def test_a_desk_tells_the_problems_of_all_its_files(tmp_path: Path) -> None:
    write(tmp_path, desk__toml="nmae = 1\n")
    write(tmp_path / "topics", a__yaml="nmae: A\n")
    write(tmp_path / "providers", a__yaml="nmae: A\n")
    with pytest.raises(ConfigError) as refused:
        read_desk(tmp_path)
    told = {problem.partition(":")[0] for problem in refused.value.problems}
    assert {Path(file).relative_to(tmp_path).as_posix() for file in told} == {
        "desk.toml",
        "topics/a.yaml",
        "providers/a.yaml",
    }


def test_a_desk_of_settings_alone_is_a_desk(tmp_path: Path) -> None:
    settings, pack, registry = read_desk(write(tmp_path, desk__toml=""))
    assert (settings, pack.topics, registry.providers) == (Settings(), (), ())


def test_a_desk_that_sends_mail_says_from_whom_and_where_readers_leave(tmp_path: Path) -> None:
    series = '[[newsletter.series]]\nname = "daily"\ncron = "0 7 * * *"\n'
    text = f'[newsletter]\ndeliver = "smtp"\n{series}'
    assert [line.partition(", not")[0] for line in settings_problems(tmp_path, text)] == [
        "desk.toml:1: newsletter.sender: the address that letters come from",
        "desk.toml:1: newsletter.url: an https address that readers reach",
    ]
    for url, right in (
        ("https://desk.example/mail", True),
        ("http://127.0.0.1:8025", True),
        ("http://desk.example", False),
        ("https://desk.example/a b", False),
        ("https://desk.example/\\n", False),
    ):
        text = f'[newsletter]\ndeliver = "smtp"\nsender = "n@desk.example"\nurl = "{url}"\n{series}'
        if right:
            file = write(tmp_path, desk__toml=text) / "desk.toml"
            assert read_settings(file).newsletter.url == url
        else:
            (problem,) = settings_problems(tmp_path, text)
            assert "newsletter.url" in problem


def test_two_newsletters_have_two_names(tmp_path: Path) -> None:
    series = '[[newsletter.series]]\nname = "daily"\ncron = "0 7 * * *"\n'
    assert settings_problems(tmp_path, series * 2) == [
        "desk.toml:5: newsletter.series.1.name: another name than the one before it (daily)"
    ]
