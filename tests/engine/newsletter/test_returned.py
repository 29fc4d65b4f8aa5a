"""Letters that came back, as servers report it; and mail that only looks so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from letterdesk import RING

from wiredesk.engine.newsletter.returned import Returned, read_returned
from wiredesk.records.letter_tokens import token

MARK = token(RING, "letter", "a" * 20, "daily-2026-03-02-0600")


def report(
    action: str = "failed",
    status: str = "5.1.1",
    *,
    returned: str = f"Message-ID: <{MARK}@desk.example>",
    kind: str = "text/rfc822-headers",
    envelope: str = "",
) -> bytes:
    fields = f"Original-Envelope-Id: {envelope}\n" if envelope else ""
    text = f"""From: MAILER-DAEMON@mx.example
To: bounces@desk.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{fields}
Final-Recipient: rfc822; ada@reader.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: {kind}

{returned}
Subject: Harbour desk

--b--
"""
    return text.replace("\n", "\r\n").encode()


def test_a_failure_says_of_which_letter_and_why() -> None:
    assert read_returned(report()) == Returned(mark=MARK, status="5.1.1")
    full = report(status="4.2.2 (mailbox full)", kind="message/rfc822")
    assert read_returned(full) == Returned(mark=MARK, status="4.2.2")


def test_our_envelope_id_does_as_well_as_our_headers() -> None:
    found = read_returned(report(returned="X: y", envelope=MARK))
    assert found == Returned(mark=MARK, status="5.1.1")


def test_a_report_without_a_mark_of_ours_says_nothing_of_anybody() -> None:
    assert read_returned(report(returned="Message-ID: <x@other.example>")) == Returned(
        mark="", status="5.1.1"
    )


def test_a_delay_a_success_and_an_answer_by_a_person_are_no_failure() -> None:
    assert read_returned(report(action="delayed", status="4.4.1")) is None
    assert read_returned(report(action="delivered", status="2.0.0")) is None
    person = f"From: ada@reader.example\nSubject: Re: news\n\nI am away. <{MARK}@desk.example>\n"
    assert read_returned(person.encode()) is None


def test_a_complaint_is_told_from_a_failure() -> None:
    text = f"""Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a report of abuse.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Someone/1
Version: 1

--b
Content-Type: message/rfc822

Message-ID: <{MARK}@desk.example>
Subject: x

body
--b--
"""
    assert read_returned(text.encode()) == Returned(mark=MARK, complaint=True)


def test_a_folded_message_id_is_found() -> None:
    folded = f"Message-ID:\n <{MARK}@desk.example>"
    assert read_returned(report(returned=folded)) == Returned(mark=MARK, status="5.1.1")


@given(st.binary(max_size=2_000))
def test_whatever_it_is_it_does_no_harm(data: bytes) -> None:
    read_returned(data)
    read_returned(report()[:300] + data + report()[300:])


def test_a_mail_that_is_nested_endlessly_does_no_harm() -> None:
    nested = b"Content-Type: message/rfc822\n\n" * 20_000
    assert read_returned(nested) is None
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000)
    )
    assert read_returned(parts) is None
