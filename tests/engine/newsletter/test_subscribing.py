"""The list: double opt-in, leaving, bounces, being forgotten, and nothing told to strangers."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from letterdesk import DAILY, RING, WEEKLY, LetterDesk, settings, story

from wiredesk.adapters.memory_post import MemoryPost
from wiredesk.engine.newsletter.lists import Row, normal
from wiredesk.engine.newsletter.returned import Returned
from wiredesk.engine.newsletter.subscribing import CONFIRM_WITHIN
from wiredesk.errors import ConfigError
from wiredesk.ports.post import Outcome
from wiredesk.records.keys import Key, KeyRing
from wiredesk.records.letter_tokens import read_token, token
from wiredesk.records.newsletter import Subscriber

ADA = "ada@reader.example"


@pytest.fixture
def desk(tmp_path: Path) -> LetterDesk:
    return LetterDesk(tmp_path, settings(DAILY, WEEKLY), stories=(story("a"),))


def the_one(desk: LetterDesk, address: str = ADA) -> Subscriber:
    found = desk.letters.of_address(address)
    assert found is not None
    return found


def asked(desk: LetterDesk, *series: str, address: str = ADA) -> str:
    """Ask, and return the proof out of the confirmation mail."""
    assert isinstance(desk.post, MemoryPost)
    before = len(desk.post.letters)
    desk.subscribing.ask(address, series)
    desk.subscribing.send_confirmations(desk.post)
    if len(desk.post.letters) == before:
        return ""
    mail = message_from_bytes(desk.post.letters[-1].data, policy=policy.default)
    assert mail["To"] == address
    assert "List-Unsubscribe" not in mail
    text = mail.get_content()
    found = re.search(r"https://desk\.example/mail/confirm\?t=(\S+)", text)
    assert found is not None
    return found[1]


def test_nobody_gets_anything_before_they_confirm(desk: LetterDesk) -> None:
    proof = asked(desk, "daily")
    assert (the_one(desk).status, the_one(desk).series) == ("pending", ())
    assert desk.subscribing.confirm(proof)
    assert (the_one(desk).status, the_one(desk).series) == ("active", ("daily",))
    assert desk.subscribing.confirm(proof), "again is no harm"
    assert the_one(desk).confirmed_at == desk.time


def test_who_names_no_newsletter_asks_for_all_and_unknown_ones_are_nothing(
    desk: LetterDesk,
) -> None:
    desk.subscribing.confirm(asked(desk))
    assert the_one(desk).series == ("daily", "weekly")
    assert asked(desk, "monthly", address="b@reader.example") == ""


def test_more_may_be_asked_for_later(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk, "daily"))
    at = desk.time
    desk.time += timedelta(days=2)
    desk.subscribing.confirm(asked(desk, "weekly"))
    assert (the_one(desk).series, the_one(desk).confirmed_at) == (("daily", "weekly"), at)
    assert asked(desk, "weekly") == "", "who has it is not asked"


@pytest.mark.parametrize(
    "bad",
    [
        "", "ada", "ada@", "@x.example", "ada@localhost", "a@b@c.example", 'a"b@x.example',
        "ada@reader.example\nBcc: x@y.example", "ada@reader.example\r\nX: y", "ada\x00@reader.example",
        '"a" <x@y.example>,evil@z.example', f"{'a' * 300}@reader.example", "ada@[127.0.0.1]",
        "ада@reader.example", "ada@rea\u202eder.example", "ada@127.0.0.1", "a b@reader.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_repeated(desk: LetterDesk, bad: str) -> None:
    with pytest.raises(ConfigError) as caught:
        desk.subscribing.ask(bad, ())
    assert not bad or bad not in str(caught.value)
    assert desk.letters.subscribers() == []


def test_a_domain_of_other_scripts_is_kept_in_ascii() -> None:
    assert normal("ada@bücher.example") == "ada@xn--bcher-kva.example"


def test_one_mailbox_is_one_subscriber_however_it_is_spelt(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk))
    assert asked(desk, address="ADA@Reader.Example") == ""
    assert len(desk.letters.subscribers()) == 1


def test_a_mailbox_is_asked_at_most_three_times_a_day(desk: LetterDesk) -> None:
    proofs = []
    for _ in range(6):
        proofs.append(asked(desk))
        desk.time += timedelta(hours=1)
    assert [bool(proof) for proof in proofs] == [True, True, True, False, False, False]
    desk.time += timedelta(hours=20)
    assert asked(desk)
    assert desk.subscribing.confirm(proofs[0]), "any of them will do"


def test_a_link_is_void_when_it_is_old_forged_or_for_another_purpose(desk: LetterDesk) -> None:
    proof = asked(desk)
    for forged in ("", "x", proof[:-1], f"{proof[:-1]}{'0' if proof[-1] != '0' else '1'}"):
        assert not desk.subscribing.confirm(forged)
        assert not desk.subscribing.leave(forged)
    leave = token(RING, "leave", the_one(desk).id, "0.1.daily")
    assert not desk.subscribing.confirm(leave)
    assert not desk.subscribing.leave(proof)
    other = token(KeyRing(Key(b"x" * 32)), "confirm", the_one(desk).id, "0.9999999999.daily")
    assert not desk.subscribing.confirm(other)
    desk.time += CONFIRM_WITHIN + timedelta(seconds=1)
    assert not desk.subscribing.confirm(proof)
    assert the_one(desk).status == "pending"


def test_leaving_is_for_one_newsletter_and_may_be_done_again(desk: LetterDesk) -> None:
    proof = asked(desk)
    desk.subscribing.confirm(proof)
    weekly, daily = (token(RING, "leave", the_one(desk).id, name) for name in ("weekly", "daily"))
    assert desk.subscribing.leave(weekly)
    assert (the_one(desk).status, the_one(desk).series) == ("active", ("daily",))
    assert desk.subscribing.leave(weekly)
    assert desk.subscribing.leave(daily)
    assert (the_one(desk).status, the_one(desk).series) == ("left", ())
    assert desk.subscribing.leave(daily)
    assert not desk.subscribing.confirm(proof), "an old link does not bring them back"
    assert desk.subscribing.confirm(asked(desk))


def test_a_link_of_before_a_new_key_still_works(desk: LetterDesk) -> None:
    proof = token(RING, "leave", "a" * 20, "daily")
    ring = KeyRing(Key(b"n" * 32), *RING.keys)
    assert read_token(ring, "leave", proof) == ("a" * 20, "daily")
    assert read_token(KeyRing(Key(b"n" * 32)), "leave", proof) is None


def test_what_a_token_cannot_hold_is_refused() -> None:
    for said in ("a~b", "a b", "A", "x" * 201, "\n"):
        with pytest.raises(ValueError, match="token"):
            token(RING, "leave", "a" * 20, said)


def test_a_suppressed_mailbox_is_never_written_to(desk: LetterDesk) -> None:
    assert not desk.subscribing.take_out(ADA, "suppressed")
    assert asked(desk) == ""
    late = token(RING, "confirm", the_one(desk).id, f"1.{int(desk.time.timestamp())}.daily")
    assert not desk.subscribing.confirm(late)


def test_a_confirmation_that_a_server_put_off_is_sent_later(desk: LetterDesk) -> None:
    assert isinstance(desk.post, MemoryPost)
    post = desk.post
    post.says = lambda _: Outcome(kind="later", code=451)
    desk.subscribing.ask(ADA, ())
    assert desk.subscribing.send_confirmations(post) == 0
    post.says = lambda _: Outcome(kind="accepted", code=250)
    assert desk.subscribing.send_confirmations(post) == 1
    assert desk.subscribing.send_confirmations(post) == 0


def test_who_is_forgotten_is_gone_and_may_come_again(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk))
    leave = token(RING, "leave", the_one(desk).id, "daily")
    assert desk.subscribing.forget("Ada@reader.example ")
    assert desk.letters.of_address(ADA) is None
    assert not desk.subscribing.forget(ADA)
    assert desk.subscribing.leave(leave), "the link says the same as ever"
    assert desk.subscribing.confirm(asked(desk))


def returned(desk: LetterDesk, status: str = "5.1.1", *, complaint: bool = False) -> str:
    mark = token(RING, "letter", the_one(desk).id, "daily-2026-03-02-0600")
    return desk.subscribing.returned(Returned(mark=mark, status=status, complaint=complaint))


def test_a_letter_that_came_back_for_good_takes_its_reader_off(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk))
    assert returned(desk) == "bounced"
    assert the_one(desk).status == "bounced"
    assert desk.subscribing.confirm(asked(desk)), "they may ask again"


def test_a_passing_reason_is_noted_and_only_often_takes_them_off(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk))
    words = []
    for _ in range(5):
        words.append(returned(desk, "4.2.2"))
        desk.time += timedelta(days=7)
    assert words == ["noted", "noted", "noted", "noted", "bounced"]


def test_a_complaint_takes_them_off_for_ever(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk))
    assert returned(desk, complaint=True) == "suppressed"
    assert asked(desk) == ""


def test_a_forged_report_takes_nobody_off(desk: LetterDesk) -> None:
    desk.subscribing.confirm(asked(desk))
    forged = token(KeyRing(Key(b"x" * 32)), "letter", the_one(desk).id, "daily-2026-03-02-0600")
    for mark in ("", forged):
        assert desk.subscribing.returned(Returned(mark=mark, status="5.1.1")) == "unknown"
    assert the_one(desk).status == "active"


def test_a_list_brings_in_who_agreed_and_asks_the_others(desk: LetterDesk) -> None:
    row = Row(address=ADA, status="active", series=("daily",), confirmed=None)
    agreed = Row(
        address="b@reader.example", status="active", series=("weekly",), confirmed=desk.time
    )
    gone = Row(address="c@reader.example", status="suppressed", series=("daily",), confirmed=None)
    assert [desk.subscribing.add(each, agreed=False) for each in (row, agreed, gone)] == [True] * 3
    assert not desk.subscribing.add(row, agreed=True), "who is there stays as they are"
    states = {each.address: (each.status, each.series) for each in desk.letters.subscribers()}
    assert states == {
        ADA: ("pending", ()),
        "b@reader.example": ("active", ("weekly",)),
        "c@reader.example": ("suppressed", ()),
    }
    assert isinstance(desk.post, MemoryPost)
    assert desk.subscribing.send_confirmations(desk.post) == 1
    other = Row(address="d@reader.example", status="pending", series=("daily",), confirmed=None)
    desk.subscribing.add(other, agreed=True)
    assert the_one(desk, "d@reader.example").status == "active"
