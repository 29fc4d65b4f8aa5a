from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.adapters.warc import RecordingWeb, ReplayWeb, recorded_at
from wiredesk.errors import ConfigError, FetchError, NotRecorded, PublishError, Refused
from wiredesk.ports.web import Web
from wiredesk.records.page import Answer, Request

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOME = "https://harbour-courier.example/"
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "wire" / "wire.warc.gz"


class Sequel:
    """A web that gives its answers in order, whatever is asked."""

    def __init__(self, *answers: Answer | FetchError) -> None:
        self._answers = iter(answers)

    def exchange(self, request: Request) -> Answer:
        given = next(self._answers)
        if isinstance(given, FetchError):
            raise given
        return given


def page(url: str = HOME, validators: bool = False) -> Request:
    return Request(
        url=url, purpose="page", headers=(("if-none-match", '"v1"'),) if validators else ()
    )


def answer(body: bytes = b"", status: int = 200, url: str = HOME, **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(url=url, status=status, headers=named, body=body, at=AT)


def outcome(web: Web, request: Request) -> Answer | tuple[type[FetchError], str, str]:
    try:
        return web.exchange(request)
    except FetchError as error:
        return type(error), error.reason, error.message


def record(path: Path, exchanges: list[tuple[Request, Answer | FetchError]]) -> Path:
    web = Sequel(*(given for _, given in exchanges))
    with closing(RecordingWeb(web, path, AT)) as recording:
        for request, _ in exchanges:
            outcome(recording, request)
    return path


def archive(
    path: Path, *responses: bytes, date: str = "2026-03-01T09:30:00Z", more: str = ""
) -> Path:
    """Write an archive as others do: answers as they came off the wire."""
    members = []
    for number, block in enumerate(responses):
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {date}\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
            f"WARC-Target-URI: {HOME}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"{more}Content-Length: {len(block)}\r\n\r\n"
        )
        members.append(head.encode() + block + b"\r\n\r\n")
    packed = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(each, mtime=0) if packed else each for each in members))
    return path


FIELD_NAMES = st.sampled_from(
    """content-type content-length content-encoding transfer-encoding etag x-a location x-crawler-a
    x-crawler-content-length x-crawler-x-crawler-content-encoding""".split()  # noqa: SIM905 - a table
)
FIELD_VALUES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=20
).map(lambda value: value.strip(" \t"))
ANSWERS = st.builds(
    Answer,
    url=st.just(HOME),
    status=st.sampled_from([200, 201, 301, 404, 410, 451, 500, 599]),
    headers=st.lists(st.tuples(FIELD_NAMES, FIELD_VALUES), max_size=8).map(tuple),
    body=st.binary(max_size=300) | st.binary(max_size=50).map(lambda b: gzip.compress(b, mtime=0)),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001 - zoned below
        lambda at: at.replace(tzinfo=UTC, microsecond=0)
    ),
)
FAILURES = st.builds(
    lambda kind, reason, message: kind(reason, message),
    st.sampled_from([FetchError, Refused]),
    st.sampled_from(["timeout", "wire-cap"]),
    st.text(max_size=40).filter(lambda text: text.isprintable()),
)


def at_home(what: Answer | FetchError, number: int) -> Answer | FetchError:
    return what if isinstance(what, FetchError) else replace(what, url=f"{HOME}{number}")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), ANSWERS | FAILURES), max_size=8))
def test_a_replay_gives_the_very_answers_and_errors_that_were_recorded(
    said: list[tuple[int, Answer | FetchError]],
) -> None:
    exchanges = [(page(f"{HOME}{number}"), at_home(what, number)) for number, what in said]
    web = Sequel(*(what for _, what in exchanges))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.warc.gz"
        with closing(RecordingWeb(web, path, AT)) as recording:
            first = [outcome(recording, request) for request, _ in exchanges]
        replay = ReplayWeb(path)
        assert [outcome(replay, request) for request, _ in exchanges] == first
        assert replay.damage == ""


def test_the_same_exchanges_give_the_same_bytes_in_whatever_order_threads_ask(
    tmp_path: Path,
) -> None:
    urls = [f"https://paper-{n}.example/" for n in range(40)]
    web = MemoryWeb({url: answer(url.encode(), url=url, etag="x") for url in urls})
    files = []
    for name, workers, order in (("a", 1, urls), ("b", 8, urls[::-1])):
        path = tmp_path / f"{name}.warc.gz"
        with (
            closing(RecordingWeb(web, path, AT)) as recording,
            ThreadPoolExecutor(workers) as pool,
        ):
            list(pool.map(recording.exchange, map(page, order)))
        files.append(path.read_bytes())
    assert files[0] == files[1]


def test_a_recording_is_a_proper_warc_with_valid_digests(tmp_path: Path) -> None:
    path = record(
        tmp_path / "run.warc.gz",
        [
            (page(), answer(b"hello", content_encoding="gzip", content_length="25")),
            (page(HOME + "x"), FetchError("timeout", "no answer")),
        ],
    )
    seen = []
    with path.open("rb") as stream:
        for each in ArchiveIterator(stream, parse_http=False):
            seen.append((str(each.record_type), each.headers.get("WARC-Target-URI")))
            assert each.verify_block_digest()
    assert seen == [
        ("warcinfo", None),
        ("response", HOME),
        ("metadata", HOME + "x"),
    ]
    with path.open("rb") as stream:
        _, response, _ = [(r.http_headers, r.reader.read()) for r in ArchiveIterator(stream)]
    assert response[1] == b"hello"
    assert dict(response[0].items()) == {
        "x-crawler-content-encoding": "gzip",
        "x-crawler-content-length": "25",
        "content-length": "5",
    }


def test_the_finished_file_appears_at_once_and_what_a_crash_leaves_can_be_replayed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.warc.gz"
    path.write_bytes(b"an older recording")
    recording = RecordingWeb(Sequel(answer(b"one"), answer(b"two")), path, AT)
    recording.exchange(page())

    unfinished = tmp_path / "run.warc.gz.part"
    assert path.read_bytes() == b"an older recording"
    assert ReplayWeb(unfinished).exchange(page()).body == b"one"
    recording.exchange(page())
    recording.close()
    recording.close()
    assert [file.name for file in tmp_path.iterdir()] == ["run.warc.gz"]
    assert [ReplayWeb(path).exchange(page()).body] == [b"one"]


def test_a_recording_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="cannot be written"):
        RecordingWeb(MemoryWeb({}), tmp_path / "missing" / "run.warc.gz", AT)


def test_an_address_that_would_break_a_record_is_kept_harmless(tmp_path: Path) -> None:
    url = "http://a\r\nWARC-Type: response\r\n\r\n"
    path = record(tmp_path / "run.warc.gz", [(page(url), Refused("url", "no address"))])

    with pytest.raises(Refused, match="no address"):
        ReplayWeb(path).exchange(page(url))


def test_answers_come_in_order_and_the_last_one_repeats(tmp_path: Path) -> None:
    path = record(
        tmp_path / "run.warc.gz",
        [
            (page(), answer(b"one")),
            (page(), FetchError("server", "trouble")),
            (page(), answer(b"3")),
        ],
    )
    replay = ReplayWeb(path)

    assert replay.exchange(page()).body == b"one"
    with pytest.raises(FetchError, match="trouble"):
        replay.exchange(page())
    assert [replay.exchange(page()).body for _ in range(3)] == [b"3"] * 3


def test_a_304_is_only_given_to_a_request_with_validators(tmp_path: Path) -> None:
    exchanges: list[tuple[Request, Answer | FetchError]] = [
        (page(validators=True), answer(status=304)),
        (page(validators=True), answer(b"new")),
        (page(validators=True), answer(status=304)),
    ]
    path = record(tmp_path / "run.warc.gz", exchanges)

    replay = ReplayWeb(path)
    assert [replay.exchange(page(validators=True)).status for _ in range(4)] == [304, 200, 304, 304]
    fresh = ReplayWeb(path)
    assert [fresh.exchange(page()).body for _ in range(3)] == [b"new"] * 3


def test_an_address_with_nothing_but_a_304_is_not_recorded_for_a_fresh_desk(tmp_path: Path) -> None:
    path = record(tmp_path / "run.warc.gz", [(page(validators=True), answer(status=304))])
    with pytest.raises(NotRecorded, match=r"is not in run\.warc\.gz"):
        ReplayWeb(path).exchange(page())


def test_what_is_not_there_is_not_recorded(tmp_path: Path) -> None:
    replay = ReplayWeb(record(tmp_path / "run.warc.gz", [(page(), answer(b"one"))]))
    with pytest.raises(NotRecorded):
        replay.exchange(page(HOME + "other"))


def test_an_address_is_found_however_it_is_written(tmp_path: Path) -> None:
    replay = ReplayWeb(record(tmp_path / "run.warc.gz", [(page(), answer(b"one"))]))
    asked = "HTTPS://Harbour-Courier.example:443/#top"
    assert replay.exchange(page(asked)) == Answer(url=asked, status=200, body=b"one", at=AT)


CHUNKED = b"4\r\nhell\r\n1\r\no\r\n0\r\n\r\n"


@pytest.mark.parametrize("name", ["others.warc", "others.warc.gz"])
@pytest.mark.parametrize(
    "block",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhello",
        b"HTTP/2 200\r\nX-Crawler-Content-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
def test_archives_of_others_are_read_packed_or_plain(
    name: str, block: bytes, tmp_path: Path
) -> None:
    replay = ReplayWeb(archive(tmp_path / name, block, block))

    got = replay.exchange(page())
    assert (got.status, got.body, got.at) == (200, b"hello", AT)
    assert replay.exchange(page()) == got


def test_an_archived_bomb_is_refused_like_a_live_one(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000, mtime=0)
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb
    with pytest.raises(Refused, match=r"\[decoded-cap\]"):
        ReplayWeb(archive(tmp_path / "others.warc.gz", block)).exchange(page())


def test_an_answer_that_its_archiver_cut_is_an_error(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\nhal"
    path = archive(tmp_path / "others.warc.gz", block, more="WARC-Truncated: length\r\n")
    with pytest.raises(FetchError, match=r"\[truncated\]"):
        ReplayWeb(path).exchange(page())


def test_a_broken_body_does_not_hide_the_status(tmp_path: Path) -> None:
    block = b"HTTP/1.1 404 Not Found\r\nContent-Encoding: br\r\n\r\nrubbish"
    got = ReplayWeb(archive(tmp_path / "others.warc.gz", block)).exchange(page())
    assert (got.status, got.body) == (404, b"")


@pytest.mark.parametrize("packed", [True, False])
def test_a_cut_archive_answers_with_what_is_whole(packed: bool, tmp_path: Path) -> None:
    blocks = [
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes([65 + n]) + zlib.compress(bytes(range(200)))
        for n in range(3)
    ]
    path = archive(tmp_path / ("cut.warc.gz" if packed else "cut.warc"), *blocks)
    whole = path.read_bytes()
    first_two = len(whole) * 2 // 3
    for size in range(first_two + 1, len(whole) - 12, 7):
        path.write_bytes(whole[:size])
        replay = ReplayWeb(path)
        assert [replay.exchange(page()).body[:1] for _ in range(3)] == [b"A", b"B", b"B"], size
        assert replay.damage


def no_file(path: Path) -> None:
    pass


def no_archive(path: Path) -> None:
    path.write_bytes(b"<html>not an archive</html>" * 40)


def packed_as_one(path: Path) -> None:
    one = archive(path.with_suffix(""), *[b"HTTP/1.1 200 OK\r\n\r\nhello"] * 3).read_bytes()
    path.write_bytes(gzip.compress(one, mtime=0))


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [no_file, no_archive, packed_as_one, folder])
def test_a_file_that_is_no_archive_is_told_so(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "wire.warc.gz"
    make(path)
    with pytest.raises(ConfigError, match=r"wire\.warc\.gz: "):
        ReplayWeb(path)


def test_a_recording_says_when_it_began(tmp_path: Path) -> None:
    late = Answer(url=HOME, status=200, at=AT + timedelta(hours=1))
    assert recorded_at(record(tmp_path / "run.warc.gz", [(page(), late)])) == AT


def test_an_archive_without_a_beginning_counts_from_its_latest_answer(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\nhello"
    older = archive(tmp_path / "older.warc.gz", block, date="2026-02-01T00:00:00Z").read_bytes()
    newer = archive(tmp_path / "newer.warc.gz", block, date="2026-03-05T10:00:00Z").read_bytes()
    (tmp_path / "both.warc.gz").write_bytes(newer + older)

    assert recorded_at(tmp_path / "both.warc.gz") == datetime(2026, 3, 5, 10, tzinfo=UTC)


def shared_urls() -> Iterator[str]:
    with SHARED.open("rb") as stream:
        for each in ArchiveIterator(stream, parse_http=False):
            yield each.headers["WARC-Target-URI"]


@pytest.mark.shared
def test_every_answer_of_the_real_wire_can_be_replayed() -> None:
    if not SHARED.exists():
        pytest.skip("the real wire is not beside this checkout")
    replay = ReplayWeb(SHARED)
    urls = list(shared_urls())

    answers = [replay.exchange(Request(url=url, purpose="image")) for url in urls]
    assert len(answers) == 97
    assert all(len(each.body) == int(each.header("content-length")) for each in answers)
    assert replay.damage == ""
    assert recorded_at(SHARED) == datetime(2019, 12, 2, 12, tzinfo=UTC)
