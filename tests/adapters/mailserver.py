"""Mail servers on loopback: a real one (aiosmtpd), and one that says and does what it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mailbox:
    """What a real server took, and how it answers: ``rcpt`` and ``data`` give a reply to say instead."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, bytes]] = []
        self.options: list[str] = []
        self.rcpt: Callable[[str], str | None] = lambda _: None
        self.data: Callable[[str], str | None] = lambda _: None

    async def handle_MAIL(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        self.options += options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (said := self.rcpt(address)) is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (recipient,) = envelope.rcpt_tos
        if (said := self.data(recipient)) is not None:
            return said
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append((envelope.mail_from or "", recipient, content))
        return "250 2.0.0 taken"


@contextmanager
def mail_server(mailbox: Mailbox, **more: Any) -> Iterator[int]:
    """Run a real server; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def with_password(user: str, password: str) -> Callable[..., AuthResult]:
    """Return what lets one user in."""

    def check(*asked: Any) -> AuthResult:
        given = asked[-1]
        fits = isinstance(given, LoginPassword) and (given.login, given.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=fits, handled=fits)

    return check


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Return the file of a new authority for 127.0.0.1 and localhost, and a server's context by it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


Script = Sequence[tuple[bytes, bytes]]
"""(what a line from the client begins with, what is said to it); b"" for what is said at first. A saying
that ends in no line end is the last: the connection is cut there.
"""


class Scripted:
    """A server of raw sockets that follows a script, then cuts the connection."""

    def __init__(self, script: Script, cut_text_at: int = -1) -> None:
        self._script, self._cut_text_at = script, cut_text_at
        self.heard: list[bytes] = []
        self.text = b""
        """What came of a letter's text, without the dot that ends it."""
        self.ended = False
        """Whether that dot came."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        try:
            while True:
                connection, _ = self._socket.accept()
                with connection:
                    connection.settimeout(5)
                    self._talk(connection)
        except OSError:
            return

    def _talk(self, connection: socket.socket) -> None:
        file = connection.makefile("rb")
        for begins, said in self._script:
            if begins == b".":
                if not self._take_text(connection, file):
                    return
            elif begins:
                line = file.readline()
                self.heard.append(line)
                if not line.lower().startswith(begins):
                    return
            connection.sendall(said)
            if not said.endswith(b"\n"):
                break
        connection.shutdown(socket.SHUT_RDWR)

    def _take_text(self, connection: socket.socket, file: Any) -> bool:
        if self._cut_text_at >= 0:
            self.text = file.read(self._cut_text_at)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return False  # a reset, with bytes unread
        while (line := file.readline()) not in {b".\r\n", b""}:
            self.text += line
        self.ended = line == b".\r\n"
        return self.ended
