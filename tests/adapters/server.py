"""A loopback server that says whatever bytes it is told to, as slowly as it is told to."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[bytes], Iterable[bytes | float]]
"""Gives, for a request's head, the pieces to send; a number is a pause in seconds."""

RESET = b"\xff\xff reset \xff\xff"
"""A piece that is not sent: the connection is reset instead."""


@dataclass
class RawServer:
    """``requests`` are the heads that came in; ``sent`` counts the bytes that were taken."""

    host: str
    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    sent: int = 0

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}:{self.port}{path}"


@contextmanager
def serving(
    script: Script, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Serve until the block ends."""
    listener = socket.create_server((address, 0), backlog=32)
    server = RawServer(address, listener.getsockname()[1])
    stopped = threading.Event()
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            thread = threading.Thread(target=answer, args=(connection,), daemon=True)
            threads.append(thread)
            thread.start()

    def answer(connection: socket.socket) -> None:
        with suppress(OSError):
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
        with connection, suppress(OSError):
            connection.settimeout(30)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            server.requests.append(head)
            for said in script(head):
                if stopped.is_set():
                    return
                if said is RESET:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return
                if isinstance(said, bytes):
                    connection.sendall(said)
                    server.sent += len(said)
                else:
                    stopped.wait(said)
            with suppress(OSError):  # take a proper leave, so that no reset eats what was sent
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while connection.recv(65536):
                    pass

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        stopped.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(2)
        for thread in threads:
            thread.join(3)


def says(*pieces: bytes | float) -> Script:
    """Say the same to everyone."""
    return lambda _head: pieces


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """Write a proper answer with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@contextmanager
def deaf() -> Iterator[tuple[str, int]]:
    """Listen without ever accepting, the queue of connections full."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    address: tuple[str, int] = listener.getsockname()
    waiting = []
    try:
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            with suppress(OSError):
                filler.connect(address)
            waiting.append(filler)
        time.sleep(0.05)
        yield address
    finally:
        for filler in waiting:
            filler.close()
        listener.close()
