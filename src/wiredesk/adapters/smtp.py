"""The one way out for mail: SMTP (RFC 5321) by the standard library, and exactly what became of a letter.

What decides is how far the dialogue came::

    … RCPT -> commit -> DATA -> 354 -> the text -> its end -> a whole reply
    a break up to the end of the text: the server cannot have it (unsent)
    a break after that:                nobody can know (doubt)

A reply counts when its line is whole: a cut one could say anything.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import NoReturn

import certifi

from wiredesk.config import SmtpSettings
from wiredesk.errors import PostError
from wiredesk.ports.post import Envelope, Outcome, OutcomeKind
from wiredesk.records.plaintext import plain

_READY, _CLOSING = 354, 421
_FINE, _FOR_NOW, _FOR_GOOD = 2, 4, 5
_MOST_REPLY = 300
_NOTHING_FOLLOWS = "the server closed the connection"
_DOT = re.compile(rb"(?m)^\.")


class _WholeLines:
    """A server's lines; one that is cut short is an end of the connection."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        if not line.endswith(b"\n"):
            raise OSError(_NOTHING_FOLLOWS)
        return line

    def close(self) -> None:
        self._file.close()


class _Client(smtplib.SMTP):
    """The library's client, but for whole lines, and text and its reply as two steps."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _WholeLines(self.sock.makefile("rb"))
        return super().getreply()

    def put_text(self, data: bytes) -> None:
        """Send a message and the dot that ends it (RFC 5321, section 4.5.2)."""
        ended = data if data.endswith(b"\r\n") else data + b"\r\n"
        self.send(_DOT.sub(b"..", ended) + b".\r\n")


class _TlsClient(smtplib.SMTP_SSL, _Client):
    """The same from the first byte in TLS."""


class SmtpPost:
    """``ports.post.Post`` by the server of the settings."""

    def __init__(self, settings: SmtpSettings, root: Path) -> None:
        """Take the settings, and the folder that their files are below."""
        self._settings, self._root = settings, root
        self._client: _Client | None = None

    def send(self, envelope: Envelope, commit: Callable[[], bool]) -> Outcome:
        """Hand over a letter. Raises ``PostError`` when the server takes none at all."""
        client = self._client or self._connected()
        self._client = client
        try:
            return self._said(client, envelope, commit)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(kind="unsent", reply=_words(error))

    def close(self) -> None:
        """End the session, if there is one."""
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._client.quit()
            self._drop()

    def _said(self, client: _Client, envelope: Envelope, commit: Callable[[], bool]) -> Outcome:
        options = [f"ENVID={envelope.id}"] if client.has_extn("dsn") else []
        options += [f"SIZE={len(envelope.data)}"] if client.has_extn("size") else []
        code, reply = client.mail(envelope.sender, options)
        if code // 100 == _FOR_GOOD:
            self._refused_all(f"the sender {envelope.sender}", code, reply)
        if code // 100 != _FINE:
            return self._not_taken(client, "later", code, reply)
        code, reply = client.rcpt(envelope.recipient)
        if code // 100 != _FINE:
            return self._not_taken(client, "refused", code, reply)
        if not commit():
            return self._over(client, "unsent", 0, b"")
        code, reply = client.docmd("DATA")
        if code != _READY:
            return self._not_taken(client, "unfit", code, reply)
        client.put_text(envelope.data)
        return self._after_text(client)

    def _not_taken(
        self, client: _Client, for_good: OutcomeKind, code: int, reply: bytes
    ) -> Outcome:
        """Return what a reply before the text means; one that is none of the kind ends the session."""
        if code // 100 == _FOR_GOOD:
            return self._over(client, for_good, code, reply)
        if code == _CLOSING or code // 100 != _FOR_NOW:
            self._drop()
            return Outcome(kind="later", code=code, reply=_words(reply))
        return self._over(client, "later", code, reply)

    def _after_text(self, client: _Client) -> Outcome:
        """Read the reply that decides: without a whole one, nobody can know."""
        try:
            code, reply = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(kind="doubt", reply=_words(error))
        kinds: dict[int, OutcomeKind] = {_FINE: "accepted", _FOR_NOW: "later", _FOR_GOOD: "unfit"}
        kind = kinds.get(code // 100, "doubt")
        if kind == "doubt" or code == _CLOSING:
            self._drop()
        return Outcome(kind=kind, code=code, reply=_words(reply))

    def _over(self, client: _Client, kind: OutcomeKind, code: int, reply: bytes) -> Outcome:
        """End this letter's transaction without ending the session."""
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()
        return Outcome(kind=kind, code=code, reply=_words(reply))

    def _connected(self) -> _Client:
        settings, context = self._settings, self._trust()
        where, patience = (settings.host, settings.port), settings.timeout
        try:
            client = (
                _TlsClient(*where, timeout=patience, context=context)
                if settings.security == "tls"
                else _Client(*where, timeout=patience)
            )
        except (smtplib.SMTPException, OSError) as error:
            raise self._trouble(_words(error)) from error
        try:
            self._introduce(client, context)
        except smtplib.SMTPAuthenticationError as error:
            client.close()
            raise self._trouble(
                f"it does not take the user and password ({error.smtp_code})"
            ) from None
        except (smtplib.SMTPException, OSError, PostError) as error:
            client.close()
            if isinstance(error, PostError):
                raise
            raise self._trouble(_words(error)) from error
        return client

    def _introduce(self, client: _Client, context: ssl.SSLContext) -> None:
        client.ehlo_or_helo_if_needed()
        if self._settings.security == "starttls":
            client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
        if self._settings.user:
            client.login(self._settings.user, self._password())

    def _trust(self) -> ssl.SSLContext:
        """Trust the system's authorities and certifi's (decision 0021), and those of the settings."""
        context = ssl.create_default_context()
        context.load_verify_locations(cafile=certifi.where())
        if self._settings.ca_file:
            try:
                context.load_verify_locations(cafile=self._root / self._settings.ca_file)
            except OSError as error:
                raise PostError(
                    f"newsletter.smtp.ca_file: {self._root / self._settings.ca_file} cannot be used:"
                    f" {error.strerror or error}"
                ) from error
        return context

    def _password(self) -> str:
        file = self._root / self._settings.password_file
        try:
            password = file.read_text("ascii").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = "is not ASCII" if isinstance(error, UnicodeDecodeError) else "cannot be read"
            raise PostError(f"newsletter.smtp.password_file: {file} {why}") from None
        return password

    def _refused_all(self, what: str, code: int, reply: bytes) -> NoReturn:
        self.close()
        raise self._trouble(f"it refuses {what} ({code} {_words(reply)})")

    def _trouble(self, why: str) -> PostError:
        where = f"{self._settings.host}:{self._settings.port}"
        return PostError(f"the mail server {where} takes no letters: {why}; none went out")

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _words(said: bytes | Exception) -> str:
    """Return a server's or the system's words as one line."""
    if isinstance(said, bytes):
        return plain(said.decode("utf-8", "replace"), _MOST_REPLY)
    if isinstance(said, smtplib.SMTPResponseException):
        return f"{said.smtp_code} {_words(_as_bytes(said.smtp_error))}"
    return plain(str(said) or type(said).__name__, _MOST_REPLY)


def _as_bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")
