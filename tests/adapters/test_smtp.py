"""Handing over letters, against a real server and against servers that refuse, lie and break off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mailserver import Mailbox, Scripted, certificate, mail_server, with_password

from wiredesk.adapters.smtp import SmtpPost
from wiredesk.config import SmtpSettings
from wiredesk.errors import PostError
from wiredesk.ports.post import Envelope, Outcome

LETTER = b"Subject: x\r\n\r\n.a line with a dot\r\nend\r\n"
ENVELOPE = Envelope(
    sender="bounces@desk.example", recipient="ada@reader.example", id="abc~1~def", data=LETTER
)


def post(port: int, root: Path = Path(), **more: Any) -> SmtpPost:
    fields: dict[str, Any] = {"host": "127.0.0.1", "security": "none", "timeout": 5.0} | more
    return SmtpPost(SmtpSettings(port=port, **fields), root)


class Commits:
    """Counts how often it was asked whether a letter may go out."""

    def __init__(self, *, allowed: bool = True) -> None:
        self.count, self.allowed = 0, allowed

    def __call__(self) -> bool:
        self.count += 1
        return self.allowed


def sent(port: int, commit: Callable[[], bool] | None = None, **more: Any) -> Outcome:
    given = post(port, **more)
    try:
        return given.send(ENVELOPE, commit or Commits())
    finally:
        given.close()


def test_a_real_server_takes_a_letter_as_it_is() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = sent(port)
    assert (outcome.kind, outcome.code) == ("accepted", 250)
    assert mailbox.letters == [("bounces@desk.example", "ada@reader.example", LETTER)]


def test_many_letters_go_through_one_session_whatever_becomes_of_each() -> None:
    mailbox = Mailbox()
    answers = {"b": "550 5.1.1 no such user", "c": "451 4.7.1 greylisted"}
    mailbox.rcpt = lambda address: answers.get(address[0])
    mailbox.data = lambda address: "554 5.7.1 spam" if address.startswith("d") else None
    with mail_server(mailbox) as port:
        given = post(port)
        kinds = []
        for name in "abcdea":
            recipient = f"{name}@reader.example"
            envelope = Envelope(sender="n@desk.example", recipient=recipient, id="1", data=LETTER)
            kinds.append(given.send(envelope, Commits()).kind)
        given.close()
    assert kinds == ["accepted", "refused", "later", "unfit", "accepted", "accepted"]
    assert [letter[1][0] for letter in mailbox.letters] == ["a", "e", "a"]


def test_what_must_not_go_out_any_more_does_not() -> None:
    mailbox, commit = Mailbox(), Commits(allowed=False)
    with mail_server(mailbox) as port:
        assert sent(port, commit).kind == "unsent"
    assert (mailbox.letters, commit.count) == ([], 1)


def test_a_refused_recipient_is_never_committed() -> None:
    mailbox, commit = Mailbox(), Commits()
    mailbox.rcpt = lambda _: "550 no"
    with mail_server(mailbox) as port:
        assert sent(port, commit).kind == "refused"
    assert commit.count == 0


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is in TLS already
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls_with_a_password(tmp_path: Path, security: str) -> None:
    mailbox = Mailbox()
    ca_file, context = certificate(tmp_path)
    (tmp_path / "password").write_text("se:cret 7\n")
    more: dict[str, Any] = (
        {"ssl_context": context} if security == "tls" else {"tls_context": context}
    )
    more |= {"auth_required": True, "authenticator": with_password("desk", "se:cret 7")}
    more |= {"require_starttls": True} if security == "starttls" else {"auth_require_tls": False}
    settings: dict[str, Any] = {
        "security": security,
        "user": "desk",
        "password_file": "password",
        "ca_file": ca_file.name,
        "root": tmp_path,
    }
    with mail_server(mailbox, **more) as port:
        assert sent(port, **settings).kind == "accepted"
        (tmp_path / "password").write_text("wrong\n")
        with pytest.raises(PostError, match="user and password") as caught:
            sent(port, **settings)
        assert "wrong" not in str(caught.value)
        (tmp_path / "password").write_text("schl\u00fcssel")
        with pytest.raises(PostError, match="is not ASCII"):
            sent(port, **settings)
        (tmp_path / "password").unlink()
        with pytest.raises(PostError, match="password_file"):
            sent(port, **settings)
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path, security: str) -> None:
    mailbox = Mailbox()
    _, context = certificate(tmp_path)
    more: dict[str, Any] = (
        {"ssl_context": context} if security == "tls" else {"tls_context": context}
    )
    with mail_server(mailbox, **more) as port, pytest.raises(PostError, match="certificate"):
        sent(port, security=security)
    assert mailbox.letters == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port, pytest.raises(PostError, match="STARTTLS"):
        sent(port, security="starttls")
    assert mailbox.letters == []


def test_nobody_listening_is_told() -> None:
    with mail_server(Mailbox()) as port:
        pass
    with pytest.raises(PostError, match=f"127.0.0.1:{port} takes no letters.*none went out"):
        sent(port)


def test_a_server_that_closed_the_session_is_asked_anew() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        given = post(port)
        given.send(ENVELOPE, Commits())
    assert given.send(ENVELOPE, Commits()).kind == "unsent"
    with pytest.raises(PostError):
        given.send(ENVELOPE, Commits())


HELLO = ((b"", b"220 mx ready\r\n"), (b"ehlo", b"250 mx\r\n"))
TO_RCPT = (*HELLO, (b"mail", b"250 ok\r\n"))
TO_DATA = (*TO_RCPT, (b"rcpt", b"250 ok\r\n"))
TO_TEXT = (*TO_DATA, (b"data", b"354 go\r\n"))


def scripted(
    *script: tuple[bytes, bytes], cut_text_at: int = -1
) -> tuple[Outcome, Scripted, Commits]:
    server, commit = Scripted(script, cut_text_at), Commits()
    try:
        return sent(server.port, commit), server, commit
    finally:
        server.stop()


@pytest.mark.parametrize(
    "script",
    [
        [(b"", b"")],
        [(b"", b"22")],
        [(b"", b"220 mx rea")],
        [(b"", b"554 no service\r\n")],
        [(b"", b"421 too busy\r\n")],
        [(b"", b"garbage\r\n")],
        [*HELLO[:1], (b"ehlo", b"")],
        [*HELLO[:1], (b"ehlo", b"250-mx\r\n250 SI")],
        [*HELLO[:1], (b"ehlo", b"502 no\r\n"), (b"helo", b"500 no\r\n")],
        [*HELLO, (b"mail", b"550 5.7.1 not you\r\n")],
        [*HELLO, (b"mail", b"530 authenticate first\r\n")],
    ],
)
def test_a_server_that_takes_no_letters_is_an_error_and_nothing_is_claimed(
    script: list[tuple[bytes, bytes]],
) -> None:
    server, commit = Scripted(script), Commits()
    with pytest.raises(PostError, match="none went out"):
        sent(server.port, commit)
    server.stop()
    assert commit.count == 0
    assert server.text == b""


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([*HELLO, (b"mail", b"")], "unsent"),
        ([*HELLO, (b"mail", b"25")], "unsent"),
        ([*HELLO, (b"mail", b"451 later\r\n")], "later"),
        ([*HELLO, (b"mail", b"421 closing\r\n")], "later"),
        ([*TO_RCPT, (b"rcpt", b"")], "unsent"),
        ([*TO_RCPT, (b"rcpt", b"250")], "unsent"),
        ([*TO_RCPT, (b"rcpt", b"450 4.2.0 greylisted\r\n")], "later"),
        ([*TO_RCPT, (b"rcpt", b"421 closing\r\n")], "later"),
        ([*TO_RCPT, (b"rcpt", b"550 5.1.1 unknown\r\n")], "refused"),
        ([*TO_RCPT, (b"rcpt", b"999 odd\r\n")], "later"),
        ([*TO_RCPT, (b"rcpt", b"what?\r\n")], "later"),
    ],
)
def test_before_the_text_nothing_is_claimed(script: list[tuple[bytes, bytes]], kind: str) -> None:
    outcome, server, commit = scripted(*script)
    assert outcome.kind == kind
    assert (commit.count, server.text) == (0, b"")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"", "unsent"),
        (b"3", "unsent"),
        (b"354 go", "unsent"),
        (b"451 later\r\n", "later"),
        (b"552 too big\r\n", "unfit"),
        (b"250 what?\r\n", "later"),
    ],
)
def test_a_server_that_does_not_want_the_text_does_not_get_it(said: bytes, kind: str) -> None:
    outcome, server, commit = scripted(*TO_DATA, (b"data", said))
    assert outcome.kind == kind
    assert (commit.count, server.text) == (1, b"")


@pytest.mark.parametrize("at", [0, 1, 17, 200_000, 900_000])
def test_a_break_within_the_text_means_that_it_was_not_taken(at: int) -> None:
    server, commit = Scripted([*TO_TEXT, (b".", b"")], cut_text_at=at), Commits()
    large = Envelope(
        sender="n@desk.example",
        recipient="a@b.example",
        id="1",
        data=(b"x" * 998 + b"\r\n") * 20_000,
    )
    given = post(server.port)
    assert given.send(large, commit).kind == "unsent"
    server.stop()
    assert not server.ended
    assert commit.count == 1


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"250 taken\r\n", "accepted"),
        (b"250-taken\r\n250 as 17\r\n", "accepted"),
        (b"452 4.3.1 full\r\n", "later"),
        (b"421 4.3.2 closing\r\n", "later"),
        (b"554 5.7.1 spam\r\n", "unfit"),
        (b"", "doubt"),
        (b"2", "doubt"),
        (b"250", "doubt"),
        (b"250 taken", "doubt"),
        (b"250 taken\r", "doubt"),
        (b"250-taken\r\n", "doubt"),
        (b"250-taken\r\n25", "doubt"),
        (b"554 5.7.1 sp", "doubt"),
        (b"\x00\xff\r\n", "doubt"),
        (b"99999 odd\r\n", "doubt"),
        (b"354 again\r\n", "doubt"),
        (b"x" * 100_000, "doubt"),
    ],
)
def test_after_the_text_only_a_whole_answer_counts(said: bytes, kind: str) -> None:
    outcome, server, commit = scripted(*TO_TEXT, (b".", said))
    assert server.ended
    assert server.text == LETTER.replace(b"\r\n.", b"\r\n..")
    assert outcome.kind == kind
    assert commit.count == 1


def test_a_server_that_goes_silent_after_the_text_leaves_doubt() -> None:
    class Silent(Scripted):
        def _take_text(self, connection: Any, file: Any) -> bool:
            super()._take_text(connection, file)
            file.read(1)
            return False

    server, commit = Silent([*TO_TEXT, (b".", b"")]), Commits()
    given = post(server.port, timeout=0.5)
    assert given.send(ENVELOPE, commit).kind == "doubt"
    given.close()
    server.stop()


def test_the_envelope_id_and_the_size_are_said_where_the_server_knows_them() -> None:
    extended = ((b"", b"220 mx\r\n"), (b"ehlo", b"250-mx\r\n250-DSN\r\n250 SIZE 1000000\r\n"))
    outcome, server, _ = scripted(
        *extended, (b"mail", b"250 ok\r\n"), (b"rcpt", b"250 ok\r\n"), (b"data", b"354 go\r\n"),
        (b".", b"250 ok\r\n"),
    )  # fmt: skip
    assert outcome.kind == "accepted"
    mail = next(line for line in server.heard if line.lower().startswith(b"mail"))
    assert b"ENVID=abc~1~def" in mail
    assert b"SIZE=%d" % len(LETTER) in mail
    assert b"ENVID" not in b"".join(scripted(*TO_TEXT, (b".", b"250 ok\r\n"))[1].heard)


def test_what_a_server_says_is_kept_as_one_plain_line() -> None:
    said = b"550-5.1.1 no\x1b[31m\r\n550 such\xe2\x80\xae user " + b"x" * 500 + b"\r\n"
    outcome, _, _ = scripted(*TO_RCPT, (b"rcpt", said))
    assert outcome.reply.startswith("5.1.1 no[31m such user x")
    assert len(outcome.reply) <= 300
