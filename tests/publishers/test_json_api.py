"""The static JSON API: pages, topics, documents, and nothing secret."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import papers
import pytest
from jsonschema import Draft202012Validator, ValidationError

from wiredesk.config import PublishSettings, Settings
from wiredesk.ports.publisher import Edition
from wiredesk.publishers.json_api import described, documents, listings, publish
from wiredesk.records.article import Image, ProviderName
from wiredesk.records.naming import topic_names
from wiredesk.records.record import Extra, Record, RelatedItem
from wiredesk.records.topic import Topic, TopicPack

GOLDEN = Path(__file__).parents[1] / "golden" / "api"
COURIER = ProviderName(name="Harbour Courier", domain="harbour-courier.example")
PACK = TopicPack((Topic(name="Ports"), Topic(name="Sea Trade"), Topic(name="Page")))


def record(number: int, *, published: bool | None = True, topic: str = "Ports") -> Record:
    return Record(
        title=f"Story {number}",
        excerpt="What <happened> & “why”.",
        published_date_time=f"2026-03-01T{number % 24:02}:00:00Z",
        web_url=f"https://harbour-courier.example/{number}",
        quality=70,
        heat=80,
        published=published,
        provider=COURIER,
        topics=(topic,),
        images=(Image(url="https://harbour-courier.example/i.jpg", width=640, height=360),),
        related=(RelatedItem(title="Earlier", provider=COURIER),),
        secured="wd1.TOPSECRET",
        extras=(Extra(after="title", raw="editor: TOPSECRET\n"),),
    )


def edition(count: int, *, base_url: str = "") -> Edition:
    return Edition(
        records=[
            (f"_news/2026-03-01-story-{number}.md", record(number)) for number in range(count)
        ],
        languages={"_news/2026-03-01-story-0.md": "de"},
        pack=PACK,
        as_of=datetime(2026, 3, 2, tzinfo=UTC),
        settings=Settings(publish=PublishSettings(base_url=base_url)),
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_api_is_that_of_the_golden_folder() -> None:
    made = documents(edition(2, base_url="https://harbour-courier.example/"))
    if os.environ.get("WIREDESK_GOLDEN") == "write":
        for path, data in made.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(data)
    assert made == tree(GOLDEN)


def test_pages_have_twenty_values_and_name_the_next() -> None:
    files = documents(edition(41, base_url="https://harbour-courier.example/"))
    pages = [msgspec.json.decode(files[f"page/{number}/index.json"]) for number in (1, 2, 3)]
    assert [len(page["value"]) for page in pages] == [20, 20, 1]
    assert [page["page"] for page in pages] == [1, 2, 3]
    assert [page["nextPage"] for page in pages] == [
        "https://harbour-courier.example/api/news/page/2/index.json",
        "https://harbour-courier.example/api/news/page/3/index.json",
        None,
    ]
    assert files["index.json"] == files["page/1/index.json"]
    assert "page/4/index.json" not in files
    second = msgspec.json.decode(files["ports/index.json"])["nextPage"]
    assert second == "https://harbour-courier.example/api/news/ports/page/2/index.json"


def test_the_newest_comes_first_and_equals_by_path() -> None:
    listed = msgspec.json.decode(documents(edition(30))["index.json"])["value"]
    keys = [(value["publishedDateTime"], value["path"]) for value in listed]
    assert keys == sorted(
        sorted(keys, key=lambda key: key[1]), key=lambda key: key[0], reverse=True
    )


def test_times_are_compared_as_moments_and_a_broken_one_is_the_oldest() -> None:
    given = edition(3)
    times = ["2026-03-01T12:00:00+02:00", "2026-03-01T11:00:00Z", "yesterday"]
    records = [
        (path, msgspec.structs.replace(each, published_date_time=time))
        for (path, each), time in zip(given.records, times, strict=True)
    ]
    listed = documents(msgspec.structs.replace(given, records=records))["index.json"]
    titles = [value["title"] for value in msgspec.json.decode(listed)["value"]]
    assert titles == ["Story 1", "Story 0", "Story 2"]


def test_a_value_has_all_its_names_and_null_for_what_is_unknown() -> None:
    given = edition(1)
    bare = Record(title="T", published_date_time="2026-03-01T00:00:00Z", published=True,
                  quality=1, heat=1, provider=COURIER)  # fmt: skip
    files = documents(msgspec.structs.replace(given, records=[("_news/t.md", bare)]))
    (value,) = msgspec.json.decode(files["index.json"])["value"]
    assert list(value) == [
        "path", "title", "type", "heat", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "excerpt",
        "publishedDateTime", "provider", "images", "locale", "categories", "topics",
    ]  # fmt: skip
    assert value["webUrl"] is None
    assert (value["path"], value["locale"], value["categories"]) == ("news/t", "en", ["news"])


def test_what_is_not_published_is_nowhere() -> None:
    given = edition(1)
    for published in (False, None):
        records = [("_news/hidden.md", record(7, published=published)), *given.records]
        assert documents(msgspec.structs.replace(given, records=records)) == documents(given)


def describes(path: str) -> bool:
    """Tell the files that say what may be in the others."""
    return path.endswith("/openapi.json") or "/schemas/" in path


def test_nothing_secret_is_in_any_file(tmp_path: Path) -> None:
    publish(edition(25), tmp_path)
    for path, data in tree(tmp_path).items():
        for secret in (b"TOPSECRET", b"secured", b"wd1.", b"editor"):
            assert secret not in data, path
        assert describes(path) or b"ledger" not in data, path


def test_a_topic_without_records_has_an_empty_page() -> None:
    page = msgspec.json.decode(documents(edition(1))["sea-trade/index.json"])
    assert page == {"page": 1, "value": [], "nextPage": None}


def test_topic_folders_never_meet_each_other_or_what_is_reserved() -> None:
    names = ("Page", "index", "C", "C#", "C++", "港", "con", "AI & Law")
    folders = topic_names(TopicPack(tuple(Topic(name=name) for name in names)))
    assert len(set(folders.values())) == len(names)
    assert not {"page", "index", "", "con"} & set(folders.values())
    assert folders["AI & Law"] == "ai-law"


def test_documents_of_odd_file_names_never_meet() -> None:
    given = edition(1)
    paths = [
        "_news/index.md",
        "_news/page.md",
        "_news/a/b.md",
        "_news/a-b.md",
        f"_news/{'x' * 250}.md",
    ]
    files = documents(msgspec.structs.replace(given, records=[(path, record(1)) for path in paths]))
    listed = msgspec.json.decode(files["index.json"])["value"]
    assert len({value["path"] for value in listed}) == len(paths)
    assert all(f"{value['path'].removeprefix('news/')}.json" in files for value in listed)
    assert all(len(Path(path).name.encode()) <= 255 for path in files)


def test_publishing_again_writes_nothing_and_removes_what_went(tmp_path: Path) -> None:
    first = publish(edition(25), tmp_path)
    assert first.removed == first.kept == 0
    again = publish(edition(25), tmp_path)
    assert (again.wrote, again.removed, again.kept) == (0, 0, first.wrote)
    publish(edition(3), tmp_path)
    assert tree(tmp_path / "api/news") == documents(edition(3))
    assert not (tmp_path / "api/news/page/2").exists()


def test_files_of_others_stay_and_a_killed_runs_leftovers_go(tmp_path: Path) -> None:
    publish(edition(1), tmp_path)
    (tmp_path / "api" / "mine.json").write_bytes(b"{}")
    (tmp_path / "api/news/notes.txt").write_bytes(b"mine")
    (tmp_path / "api/news/.index.json.wiredesk-new").write_bytes(b"{")
    (tmp_path / "api/news/index.json").write_bytes(b"{")
    publish(edition(1), tmp_path)
    left = tree(tmp_path)
    assert left["api/mine.json"] == b"{}"
    assert left["api/news/notes.txt"] == b"mine"
    assert left["api/news/index.json"] == documents(edition(1))["index.json"]
    assert not any(path.endswith("wiredesk-new") for path in left)


def test_topics_and_providers_are_listed_with_their_numbers() -> None:
    files = listings(edition(3))
    topics = msgspec.json.decode(files["topics/index.json"])["value"]
    assert [(topic["name"], topic["count"]) for topic in topics] == [
        ("Ports", 3), ("Sea Trade", 0), ("Page", 0),
    ]  # fmt: skip
    (provider,) = msgspec.json.decode(files["providers/index.json"])["value"]
    assert (provider["name"], provider["count"]) == ("Harbour Courier", 3)
    page = msgspec.json.decode(files[provider["path"]])
    assert [value["title"] for value in page["value"]] == ["Story 2", "Story 1", "Story 0"]
    for topic in topics:
        assert topic["path"].removeprefix("news/") in documents(edition(3))


def test_a_document_tells_who_reports_its_story() -> None:
    told = msgspec.structs.replace(edition(1), tell=papers.told)
    document = msgspec.json.decode(documents(told)["2026-03-01-story-0.json"])
    assert [report["copy"] for report in document["coverage"]] == [False, False, True]
    assert document["coverage"][0]["url"] == document["webUrl"]


def test_every_file_is_as_its_schema_says() -> None:
    given = msgspec.structs.replace(edition(41), tell=papers.told)
    schemas = {
        path.removeprefix("schemas/").removesuffix(".json"): msgspec.json.decode(data)
        for path, data in described(given).items()
        if path.startswith("schemas/")
    }
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    files = {f"news/{path}": data for path, data in documents(given).items()} | listings(given)
    for path, data in files.items():
        kind = "document" if path.count("/") == 1 and "index" not in path else "page"
        kind = path.split("/")[0] if path in {"topics/index.json", "providers/index.json"} else kind
        Draft202012Validator(schemas[kind]).validate(msgspec.json.decode(data))
    with pytest.raises(ValidationError):
        Draft202012Validator(schemas["page"]).validate({"page": "one", "value": []})


def test_the_openapi_description_names_every_kind_of_file_and_every_reference_is_there() -> None:
    description = msgspec.json.decode(described(edition(2))["openapi.json"])
    assert description["openapi"].startswith("3.1")
    found = set(re.findall(r"#/components/schemas/(\w+)", str(description)))
    assert found <= description["components"]["schemas"].keys()
    patterns = [re.sub(r"\{\w+\}", r"[^/]+", path) for path in description["paths"]]
    files = {f"/news/{path}" for path in documents(edition(2))}
    files |= {f"/{path}" for path in listings(edition(2))}
    for path in files:
        assert any(re.fullmatch(pattern, path) for pattern in patterns), path
    for path, item in description["paths"].items():
        named = {one["name"] for one in item["get"].get("parameters", ())}
        assert named == set(re.findall(r"\{(\w+)\}", path))
