from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from wiredesk.adapters.memory_web import MemoryWeb
from wiredesk.config import FetchSettings
from wiredesk.errors import FetchError, NotRecorded, Refused
from wiredesk.records.entry import Validators
from wiredesk.records.page import Answer, Page, Purpose, Request
from wiredesk.stages.fetch import Fetch

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
HOME = "https://harbour-courier.example/"


def answer(url: str, status: int = 200, *headers: tuple[str, str], body: bytes = b"") -> Answer:
    return Answer(url=url, status=status, headers=headers, body=body, at=AT)


def redirect(url: str, target: str, status: int = 301) -> Answer:
    return answer(url, status, ("location", target))


class TalkingWeb:
    """Answers by a function of the request."""

    def __init__(self, says: Callable[[Request], Answer]) -> None:
        self.says = says
        self.asked: list[Request] = []

    def exchange(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.says(request)


def fetched(*answers: Answer, purpose: Purpose = "page") -> Page:
    web = MemoryWeb({each.url: each for each in answers})
    return Fetch(web, FetchSettings())(answers[0].url, purpose)


def refusal(*answers: Answer, purpose: Purpose = "page") -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(*answers, purpose=purpose)
    return caught.value


def test_a_page_is_what_the_address_answered() -> None:
    page = fetched(answer(HOME, 200, ("content-type", "text/html"), body=b"<p>Harbour"))

    assert page == Page(
        url=HOME,
        final_url=HOME,
        status=200,
        headers=(("content-type", "text/html"),),
        body=b"<p>Harbour",
        at=AT,
        hops=(HOME,),
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_every_hop_is_told(status: int) -> None:
    page = fetched(
        redirect("http://harbour-courier.example/a", "https://harbour-courier.example/a", status),
        redirect("https://harbour-courier.example/a", "/b?x=1#top", status),
        answer("https://harbour-courier.example/b?x=1"),
    )

    assert page.url == page.hops[0] == "http://harbour-courier.example/a"
    assert page.final_url == page.hops[-1] == "https://harbour-courier.example/b?x=1"
    assert len(page.hops) == 3


def test_a_location_in_raw_utf_8_is_read_as_utf_8() -> None:
    sent = "/über".encode().decode("latin-1")
    page = fetched(redirect(HOME, sent), answer(HOME + "%C3%BCber"))
    assert page.final_url == HOME + "%C3%BCber"


def test_the_address_is_made_fit_before_it_is_asked() -> None:
    web = MemoryWeb({HOME: answer(HOME)})
    page = Fetch(web, FetchSettings())(" HTTPS://Harbour-Courier.example:443/#top ", "page")

    assert [request.url for request in web.asked] == [HOME]
    assert page.final_url == HOME


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/hostname",
        "ftp://harbour-courier.example/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "http://user@harbour-courier.example/",
        "http://2130706433/",
        "http://127.1/",
        "http://harbour-courier.example:0/",
        "http://127.0.0.1\\@harbour-courier.example/",
        "//",
    ],
)
def test_u06_a_redirect_to_no_proper_web_address_is_refused(target: str) -> None:
    assert isinstance(refusal(redirect(HOME, target)), Refused)


@pytest.mark.parametrize(
    "headers",
    [(), (("location", ""),), (("location", "/a"), ("location", "/b"))],
    ids=["none", "empty", "two"],
)
def test_u10_a_redirect_must_say_where_once(headers: tuple[tuple[str, str], ...]) -> None:
    assert refusal(answer(HOME, 302, *headers)).reason == "redirect"


def test_u10_a_redirect_to_itself_is_a_loop() -> None:
    error = refusal(redirect(HOME, "/"))
    assert (error.reason, error.message) == ("loop", f"{HOME} redirects in a circle")


def test_u10_two_addresses_that_redirect_to_each_other_are_a_loop() -> None:
    assert refusal(redirect(HOME, "/a"), redirect(HOME + "a", HOME)).reason == "loop"


@pytest.mark.parametrize(("most", "why"), [(4, "hops"), (5, "")])
def test_u10_five_redirects_are_followed_and_no_more(most: int, why: str) -> None:
    chain = [redirect(f"{HOME}{n}", f"/{n + 1}") for n in range(5)]
    web = MemoryWeb({each.url: each for each in (*chain, answer(f"{HOME}5"))})
    fetch = Fetch(web, FetchSettings(max_hops=most))

    if why:
        with pytest.raises(Refused, match=rf"\[{why}\]"):
            fetch(f"{HOME}0", "page")
    else:
        assert fetch(f"{HOME}0", "page").final_url == f"{HOME}5"
    assert len(web.asked) == most + 1


def test_u10_endless_new_addresses_end() -> None:
    def onwards(request: Request) -> Answer:
        return redirect(request.url, f"{request.url}x")

    web = TalkingWeb(onwards)
    with pytest.raises(Refused, match=r"redirects more than 5 times \[hops\]"):
        Fetch(web, FetchSettings())(HOME, "feed")
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (401, "denied"),
        (402, "denied"),
        (403, "denied"),
        (404, "missing"),
        (410, "gone"),
        (429, "throttled"),
        (451, "denied"),
        (500, "server"),
        (503, "server"),
        (599, "server"),
        (204, "odd-status"),
        (206, "odd-status"),
        (300, "odd-status"),
        (305, "odd-status"),
        (400, "odd-status"),
        (418, "odd-status"),
    ],
)
def test_a_status_that_is_no_page_is_an_error_with_a_class_and_a_sentence(
    status: int, why: str
) -> None:
    error = refusal(answer(HOME, status))
    assert error.reason == why
    assert error.message.startswith(HOME)
    assert f"status {status}" in error.message


@pytest.mark.parametrize("status", [429, 503])
def test_s09_the_wish_to_be_left_alone_is_told(status: int) -> None:
    error = refusal(answer(HOME, status, ("retry-after", "120")))
    assert error.message.endswith(f"(status {status}, to come back after 120)")


SEEN = Validators('"v1"', "Sun, 01 Mar 2026 08:00:00 GMT")


def unchanged_unless_bare(etag: str = "") -> TalkingWeb:
    def says(request: Request) -> Answer:
        if request.headers:
            return answer(HOME, 304, *([("etag", etag)] if etag else []))
        return answer(HOME, 200, body=b"whole")

    return TalkingWeb(says)


def test_validators_are_sent_and_a_304_is_passed_on() -> None:
    web = unchanged_unless_bare()
    page = Fetch(web, FetchSettings())(HOME, "feed", SEEN)

    assert page.status == 304
    assert web.asked[0].headers == (
        ("if-none-match", '"v1"'),
        ("if-modified-since", "Sun, 01 Mar 2026 08:00:00 GMT"),
    )


@pytest.mark.parametrize("etag", ['"v1"', 'W/"v1"'])
def test_a_304_may_repeat_our_etag_in_weak_form_too(etag: str) -> None:
    assert Fetch(unchanged_unless_bare(etag), FetchSettings())(HOME, "feed", SEEN).status == 304


def test_s07_a_304_about_another_version_is_asked_again_without_validators() -> None:
    web = unchanged_unless_bare('"v2"')
    page = Fetch(web, FetchSettings())(HOME, "feed", SEEN)

    assert (page.status, page.body) == (200, b"whole")
    assert [bool(request.headers) for request in web.asked] == [True, False]


def test_s07_a_304_that_nobody_asked_for_is_an_error() -> None:
    web = MemoryWeb({HOME: answer(HOME, 304)})
    with pytest.raises(FetchError, match=r"status 304\) \[odd-status\]"):
        Fetch(web, FetchSettings())(HOME, "feed")
    assert len(web.asked) == 1


def test_s07_a_server_that_only_ever_says_304_is_an_error() -> None:
    web = MemoryWeb({HOME: answer(HOME, 304, ("etag", '"v9"'))})
    with pytest.raises(FetchError, match=r"\[odd-status\]"):
        Fetch(web, FetchSettings())(HOME, "feed", SEEN)
    assert len(web.asked) == 2


def test_s07_a_200_is_believed_though_its_etag_is_the_old_one() -> None:
    web = MemoryWeb({HOME: answer(HOME, 200, ("etag", '"v1"'), body=b"other")})
    assert Fetch(web, FetchSettings())(HOME, "feed", SEEN).body == b"other"


@pytest.mark.parametrize(
    ("purpose", "stated", "useful"),
    [
        ("page", "text/html; charset=utf-8", True),
        ("page", "application/xhtml+xml", True),
        ("page", "", True),
        ("page", "application/pdf", False),
        ("page", "video/mp4", False),
        ("page", "IMAGE/PNG", False),
        ("feed", "application/rss+xml", True),
        ("feed", "text/html", True),
        ("feed", "application/octet-stream", True),
        ("feed", "application/gzip", True),
        ("feed", "audio/mpeg", False),
        ("image", "image/webp", True),
        ("image", "", True),
        ("image", "application/octet-stream", True),
        ("image", "text/html", False),
        ("image", "image/svg+xml", False),
        ("robots", "image/png", True),
    ],
)
def test_a_type_that_is_of_no_use_for_the_purpose_is_refused(
    purpose: Purpose, stated: str, useful: bool
) -> None:
    given = answer(HOME, 200, ("content-type", stated))
    if useful:
        assert fetched(given, purpose=purpose).status == 200
    else:
        assert refusal(given, purpose=purpose).reason == "type"


def test_what_the_web_raises_passes_through() -> None:
    fetch = Fetch(MemoryWeb({HOME: FetchError("timeout", "too slow")}), FetchSettings())

    with pytest.raises(FetchError, match="too slow"):
        fetch(HOME, "page")
    with pytest.raises(NotRecorded):
        fetch(HOME + "unknown", "page")
