"""Sending: each recipient once at most, and a word about every one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from letterdesk import RING, LetterDesk, settings, story

from wiredesk.adapters.memory_post import MemoryPost
from wiredesk.engine.newsletter.sending import GIVE_UP, SOFT_BOUNCES, Sent, bounced
from wiredesk.errors import PostError, StoreBusy
from wiredesk.ports.post import Envelope, Outcome
from wiredesk.records.letter_tokens import read_token
from wiredesk.records.newsletter import Subscriber

READERS = ("ada@reader.example", "bram@reader.example", "cleo@other.example")


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def desk(tmp_path: Path) -> LetterDesk:
    desk = LetterDesk(tmp_path, stories=(story("a"),))
    desk.subscribe(*READERS)
    desk.issuing.compose_due()
    desk.issuing.release_due()
    return desk


def post(desk: LetterDesk) -> MemoryPost:
    assert isinstance(desk.post, MemoryPost)
    return desk.post


def counts(desk: LetterDesk) -> dict[str, int]:
    (sent,) = desk.sending()
    return sent.counts


def got(desk: LetterDesk) -> list[str]:
    return sorted(envelope.recipient for envelope in post(desk).letters)


def says(**outcomes: Outcome) -> Callable[[Envelope], Outcome]:
    """Answer by the recipient's name; take all others."""

    def answer(envelope: Envelope) -> Outcome:
        name = envelope.recipient.partition("@")[0]
        return outcomes.get(name, Outcome(kind="accepted", code=250))

    return answer


def test_everybody_gets_it_once_and_then_it_is_sent(desk: LetterDesk) -> None:
    assert counts(desk) == {"sent": 3}
    assert got(desk) == sorted(READERS)
    assert desk.letters.issues()[0].status == "sent"
    assert desk.sending() == []
    assert len(post(desk).letters) == 3


def test_only_who_asked_for_it_and_had_confirmed_gets_it(desk: LetterDesk) -> None:
    for status in ("pending", "left", "bounced", "suppressed"):
        desk.subscribe(f"{status}@reader.example", status=status)
    desk.subscribe("weekly@reader.example", series=("weekly",))
    desk.subscribe("late@reader.example", confirmed_at=desk.time + timedelta(seconds=1))
    desk.sending()
    assert got(desk) == sorted(READERS)


def test_each_letter_is_the_recipients_own(desk: LetterDesk) -> None:
    desk.sending()
    for envelope in post(desk).letters:
        mail = message_from_bytes(envelope.data, policy=policy.default)
        assert mail["To"] == envelope.recipient
        others = [reader for reader in READERS if reader != envelope.recipient]
        assert not any(reader.encode() in envelope.data for reader in others)
        assert envelope.sender == "bounces@desk.example"
        link = mail["List-Unsubscribe"].strip("<>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        subscriber = desk.letters.of_address(envelope.recipient)
        assert subscriber is not None
        proven = read_token(RING, "leave", link.partition("?t=")[2])
        assert proven == (subscriber.id, "daily")
        assert link in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert link in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_crash_around_a_letter_never_sends_it_twice(desk: LetterDesk, kind: str) -> None:
    """``before``: the process dies with its claim on the disk and nothing sent; ``after``: with the
    letter taken and no word of it. Afterwards nobody can tell one from the other.
    """

    def dies(envelope: Envelope) -> Outcome:
        if envelope.recipient == READERS[1]:
            (subscriber,) = [s for s in desk.letters.subscribers() if s.address == READERS[1]]
            issue = desk.letters.issues()[0]
            assert desk.sending._claim(issue.id, subscriber.id)
            if kind == "after":
                post(desk).letters.append(envelope)
            raise Killed
        return Outcome(kind="accepted", code=250)

    post(desk).says = dies
    with pytest.raises(Killed):
        desk.sending()
    post(desk).says = says()
    assert counts(desk) == {"doubt": 1, "sent": 2}
    assert desk.sending() == []
    letters = [e for e in post(desk).letters if e.recipient == READERS[1]]
    assert len(letters) == (1 if kind == "after" else 0)
    doubt = next(d for d in desk.letters.deliveries("daily-2026-03-02-0600") if d.status == "doubt")
    known = desk.letters.subscriber(doubt.subscriber)
    assert known is not None
    assert known.address == READERS[1]


def test_a_doubtful_letter_goes_out_again_only_by_an_editors_word_with_the_same_id(
    desk: LetterDesk,
) -> None:
    post(desk).says = says(bram=Outcome(kind="doubt"))
    assert counts(desk) == {"doubt": 1, "sent": 2}
    assert desk.letters.issues()[0].status == "sent"
    post(desk).says = says()
    assert desk.sending.retry_doubts("daily-2026-03-02-0600") == 1
    assert counts(desk) == {"sent": 3}
    first, second = [e for e in post(desk).letters if e.recipient == READERS[1]]
    assert first.data == second.data
    assert first.id == second.id


def test_a_crash_before_anything_was_claimed_loses_nobody(desk: LetterDesk) -> None:
    def dies(envelope: Envelope) -> Outcome:
        raise Killed

    post(desk).says = dies
    with pytest.raises(Killed):
        desk.sending()
    post(desk).says = says()
    assert counts(desk) == {"sent": 3}


def test_who_leaves_while_it_is_being_sent_does_not_get_it(desk: LetterDesk) -> None:
    last = max(desk.letters.subscribers(), key=lambda each: each.id)

    def leaves(envelope: Envelope) -> Outcome:
        current = desk.letters.subscriber(last.id)
        assert current is not None
        desk.letters.keep(msgspec.structs.replace(current, status="left", series=()))
        return Outcome(kind="accepted", code=250)

    post(desk).says = leaves
    assert counts(desk) == {"sent": 2}
    assert last.address not in got(desk)


def test_who_is_put_off_is_tried_again_after_a_pause_that_grows(desk: LetterDesk) -> None:
    tries: list[timedelta] = []
    start = desk.time

    def grey(envelope: Envelope) -> Outcome:
        if envelope.recipient != READERS[0]:
            return Outcome(kind="accepted", code=250)
        tries.append(desk.time - start)
        return Outcome(kind="later", code=451, reply="4.7.1 greylisted, come back")

    post(desk).says = grey
    for _ in range(2 * 60):
        desk.sending()
        desk.time += timedelta(minutes=1)
    assert [each.total_seconds() / 60 for each in tries] == [0, 5, 15, 35, 75]
    post(desk).says = says()
    desk.time += timedelta(hours=4)
    assert counts(desk) == {"sent": 3}
    assert len(post(desk).letters) == 3


def test_who_is_put_off_for_days_is_given_up(desk: LetterDesk) -> None:
    post(desk).says = says(ada=Outcome(kind="later", code=450, reply="busy"))
    desk.sending()
    desk.time += GIVE_UP + timedelta(hours=4)
    assert counts(desk) == {"failed": 1, "sent": 2}
    assert desk.letters.issues()[0].status == "sent"


def test_a_refused_recipient_costs_nobody_else_and_is_noted(desk: LetterDesk) -> None:
    no = Outcome(kind="refused", code=550, reply="5.1.1 <ada@reader.example> no such user")
    post(desk).says = says(ada=no)
    assert counts(desk) == {"failed": 1, "sent": 2}
    ada = desk.letters.of_address(READERS[0])
    assert ada is not None
    assert ada.status == "bounced"
    (failed,) = [d for d in desk.letters.deliveries("daily-2026-03-02-0600") if d.code == 550]
    assert failed.reply == "5.1.1 <…> no such user"


def test_a_refusal_for_a_passing_reason_takes_nobody_off_until_it_repeats() -> None:
    full = Subscriber(id="1", address="a@b.example", status="active")
    now = settings_time = LetterDesk(Path()).time
    for number in range(1, SOFT_BOUNCES):
        full = bounced(full, "552 5.2.2 mailbox full", now)
        assert full.status == "active", number
        now += timedelta(days=1)
    assert bounced(full, "5.2.2", now).status == "bounced"
    assert bounced(full, "5.2.2", settings_time + timedelta(days=100)).status == "active"


def test_a_server_that_takes_no_letters_stops_the_round_and_loses_nobody(desk: LetterDesk) -> None:
    def down(envelope: Envelope) -> Outcome:
        raise PostError("the mail server takes no letters")

    post(desk).says = down
    (sent,) = desk.sending()
    assert sent == Sent(
        issue="daily-2026-03-02-0600",
        recipients=3,
        counts={"waiting": 3},
        stopped="the mail server takes no letters",
    )
    post(desk).says = says()
    assert counts(desk) == {"sent": 3}


def test_a_letter_that_is_refused_itself_does_not_use_up_the_list(desk: LetterDesk) -> None:
    desk.subscribe(*(f"reader{n}@reader.example" for n in range(20)))
    post(desk).says = lambda _: Outcome(kind="unfit", code=554, reply="<r@reader.example> spam")
    (sent,) = desk.sending()
    assert sent.counts == {"failed": 5, "waiting": 18}
    assert "refuses this letter itself: 554 <…> spam" in sent.stopped
    assert all(each.status == "active" for each in desk.letters.subscribers())


def test_a_dropped_edition_stops_where_it_is(desk: LetterDesk) -> None:
    def drops(envelope: Envelope) -> Outcome:
        desk.issuing.drop("daily-2026-03-02-0600")
        post(desk).says = says()
        return Outcome(kind="accepted", code=250)

    post(desk).says = drops
    desk.sending()
    assert got(desk) == []
    assert desk.letters.issues()[0].status == "dropped"


def test_who_is_forgotten_while_it_is_sent_leaves_no_trace(desk: LetterDesk) -> None:
    def forgets(envelope: Envelope) -> Outcome:
        desk.subscribing.forget(READERS[0])
        return Outcome(kind="refused", code=550, reply=f"no {READERS[0]}")

    post(desk).says = forgets
    desk.sending()
    said = [each.reply for each in desk.letters.deliveries("daily-2026-03-02-0600")]
    assert not any(READERS[0] in reply for reply in said)


def test_nobody_on_the_list_is_no_trouble(tmp_path: Path) -> None:
    desk = LetterDesk(tmp_path, settings(), stories=(story("a"),))
    desk.cycle()
    assert desk.letters.issues()[0].status == "sent"


def test_what_a_crash_left_of_a_dropped_edition_is_in_doubt_too(desk: LetterDesk) -> None:
    def dies(envelope: Envelope) -> Outcome:
        (reader,) = [s for s in desk.letters.subscribers() if s.address == envelope.recipient]
        assert desk.sending._claim("daily-2026-03-02-0600", reader.id)
        raise Killed

    post(desk).says = dies
    with pytest.raises(Killed):
        desk.sending()
    desk.issuing.drop("daily-2026-03-02-0600")
    desk.sending()
    assert [d.status for d in desk.letters.deliveries("daily-2026-03-02-0600")] == ["doubt"]


def test_two_rounds_at_once_are_refused(desk: LetterDesk) -> None:
    with desk.letters.sending(), pytest.raises(StoreBusy):
        desk.cycle()
