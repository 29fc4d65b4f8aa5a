"""The newsletter's pages: only POST acts, and nothing tells a stranger who is on the list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from letterdesk import DAILY, RING, WEEKLY, LetterDesk, settings
from selectolax.lexbor import LexborHTMLParser

from wiredesk.config import NewsletterSettings, SeriesSettings, Settings
from wiredesk.doors.newsletter_pages import HEADERS, Answered, Asked, Limit, Pages
from wiredesk.records.letter_tokens import token
from wiredesk.records.newsletter import Subscriber

ADA = "ada@reader.example"


class Door:
    """The pages over a list in memory."""

    def __init__(self, folder: Path) -> None:
        self.desk = LetterDesk(folder, settings(DAILY, WEEKLY))
        self.asked: list[tuple[str, Sequence[str]]] = []
        self.pages = Pages(
            self.desk.settings, self.desk.subscribing, lambda *work: self.asked.append(work)
        )

    def get(self, path: str) -> Answered:
        path, _, query = path.partition("?")
        return self.pages.answer(Asked(method="GET", path=path, query=query, client="c"))

    def post(self, path: str, form: str = "", client: str = "c") -> Answered:
        path, _, query = path.partition("?")
        return self.pages.answer(
            Asked(method="POST", path=path, query=query, form=form, client=client)
        )

    def somebody(self, status: str = "active") -> Subscriber:
        (made,) = self.desk.subscribe(ADA, status=status)
        return made


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def form(address: str, *series: str) -> str:
    return urlencode([("address", address), *(("series", name) for name in series)])


def test_the_form_names_every_newsletter_and_what_it_posts_to(door: Door) -> None:
    for path in ("/", "", "/mail", "/mail/", "/subscribe", "/anything"):
        page = LexborHTMLParser(door.get(path).page)
        values = [box.attributes["value"] for box in page.css("input[name=series]")]
        assert values == ["daily", "weekly"]
        (to,) = page.css("form")
        assert to.attributes == {"method": "post", "action": "subscribe"}


def test_asking_takes_note_and_has_one_answer_for_all(door: Door) -> None:
    new = door.post("/mail/subscribe", form(ADA, "daily"))
    assert new.status == 202
    for status in ("pending", "active", "left", "bounced", "suppressed"):
        (known,) = door.desk.subscribe(f"{status}@reader.example", status=status)
        assert door.post("/subscribe", form(known.address)) == new
    assert door.asked[0] == (ADA, ["daily"])
    assert len(door.asked) == 6


def test_a_robot_that_fills_the_hidden_field_is_thanked_and_forgotten(door: Door) -> None:
    answer = door.post("/subscribe", form(ADA) + "&website=x")
    assert (answer.status, door.asked) == (202, [])


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@localhost", f"{ADA}\nBcc: x@y.example", "a\0@b.example"]
)
def test_what_is_no_address_is_not_noted_nor_shown(door: Door, address: str) -> None:
    answer = door.post("/subscribe", form(address))
    assert (answer.status, door.asked) == (400, [])
    assert not address or address not in answer.page


@pytest.mark.parametrize(
    "body", ["", "%", "a" * 4096, "&" * 4096, "address=%ff%fe", "series=x&" * 60]
)
def test_an_odd_form_is_no_address(door: Door, body: str) -> None:
    assert door.post("/subscribe", body).status == 400


def test_opening_a_link_does_nothing_but_offer_a_button(door: Door) -> None:
    one = door.somebody()
    for path in ("unsubscribe", "confirm"):
        link = f"/mail/{path}?t={token(RING, 'leave', one.id, 'daily')}"
        for method in ("GET", "HEAD"):
            found = door.pages.answer(
                Asked(method=method, path=f"/mail/{path}", query=link.partition("?")[2])
            )
            assert found.status == 200
            (button,) = LexborHTMLParser(found.page).css("form[method=post]")
            assert "action" not in button.attributes, "it posts to its own address, token and all"
    assert door.desk.letters.subscribers() == [one]


def test_one_click_unsubscribes_and_may_be_repeated(door: Door) -> None:
    one = door.somebody()
    for name in ("daily", "weekly"):
        link = f"/mail/unsubscribe?t={token(RING, 'leave', one.id, name)}"
        first = door.post(link, "List-Unsubscribe=One-Click")
        assert first.status == 200
        assert door.post(link, "List-Unsubscribe=One-Click") == first
    left = door.desk.letters.subscriber(one.id)
    assert left is not None
    assert left.status == "left"


def test_one_who_was_forgotten_gets_the_same_answer(door: Door) -> None:
    one = door.somebody()
    link = f"/unsubscribe?t={token(RING, 'leave', one.id, 'daily')}"
    answer = door.post(link)
    door.desk.subscribing.forget(ADA)
    assert door.post(link) == answer


def test_confirming_needs_the_button(door: Door) -> None:
    one = door.somebody("pending")
    proof = token(RING, "confirm", one.id, f"0.{int(door.desk.time.timestamp())}.daily")
    assert door.post(f"/confirm?t={quote(proof)}").status == 200
    active = door.desk.letters.subscriber(one.id)
    assert active is not None
    assert (active.status, active.series) == ("active", ("daily",))


@pytest.mark.parametrize(
    "proof", ["", "xyzzy", "%00", "a" * 4000, "<script>", "aaaaaaaa~daily~" + "0" * 32]
)
@pytest.mark.parametrize("path", ["confirm", "unsubscribe"])
def test_a_forged_link_does_nothing_and_is_not_repeated(door: Door, path: str, proof: str) -> None:
    one = door.somebody()
    answer = door.post(f"/{path}?t={quote(proof)}")
    assert answer.status == 404
    assert not proof or proof not in answer.page
    assert door.desk.letters.subscribers() == [one]


def test_a_client_that_posts_too_often_waits(door: Door) -> None:
    answers = [door.post("/subscribe", form(f"r{n}@reader.example")).status for n in range(25)]
    assert answers == [202] * 20 + [429] * 5
    assert door.post("/subscribe", form(ADA), client="other").status == 202


def test_all_together_cannot_flood_the_mail_server(door: Door) -> None:
    door.pages = Pages(
        door.desk.settings, door.desk.subscribing, lambda *work: door.asked.append(work),
        by_all=Limit(3, 600),
    )  # fmt: skip
    answers = [door.post("/subscribe", form(ADA), client=f"c{n}").status for n in range(5)]
    assert answers == [202, 202, 202, 429, 429]
    assert len(door.asked) == 3


def test_a_limit_forgets_with_time_and_keeps_no_endless_list() -> None:
    now = [0.0]
    limit = Limit(2, 10, lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 10.1
    assert limit.allows("a")
    for number in range(20_000):
        limit.allows(f"client {number}")
    assert len(limit._seen) == 10_000


def test_other_methods_are_refused(door: Door) -> None:
    assert door.pages.answer(Asked(method="DELETE", path="/")).status == 405


def test_a_page_loads_nothing_and_may_be_framed_by_nobody(door: Door) -> None:
    headers = dict(HEADERS)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    page = LexborHTMLParser(door.get("/").page)
    assert not page.css("script, link, img, iframe, [src], [onload], [style]")
    assert page.css_first("html").attributes["lang"] == "en"  # type: ignore[union-attr]


def test_a_name_with_markup_in_it_is_shown_as_it_is(tmp_path: Path) -> None:
    odd = '"><script>alert(1)</script>{{7*7}}'
    series = (SeriesSettings(name="daily", cron="0 7 * * *", title=odd),)
    given = Settings(name=odd, newsletter=NewsletterSettings(series=series))
    door = Door(tmp_path)
    page = (
        Pages(given, door.desk.subscribing, lambda *_: None)
        .answer(Asked(method="GET", path="/"))
        .page
    )
    assert not LexborHTMLParser(page).css("script")
    assert LexborHTMLParser(page).css_first("h1").text() == f"{odd} by mail"  # type: ignore[union-attr]
