"""Commands around the site for readers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import click

from wiredesk.doors.progress import progress_for
from wiredesk.errors import ConfigError

_FOLDER = click.Path(path_type=Path, file_okay=False)
_LOOPBACK = "127.0.0.1"


@click.group()
def site() -> None:
    """Build the site for readers, or look at it.

    Every run of a desk builds its site and its JSON API; `build` is for a
    change that needs no run: an edited record, a setting, a theme.
    """


@site.command()
@click.argument("folder", type=_FOLDER)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def build(folder: Path, *, quiet: bool) -> None:
    """Build the outputs of the desk in FOLDER from its records as they stand.

    No source is asked, nothing is judged, no record is written. Only what
    changed is made and written.
    """
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import
    from wiredesk.app.publishing import publish_again  # noqa: PLC0415 - slow to import

    desk = open_desk(folder)
    shown = publish_again(desk, progress_for(quiet=quiet))
    if not quiet:
        click.echo(f"{shown} published records. The site is {desk.public}/index.html")
        click.echo(f"Look at it: wiredesk site serve {folder}")


@site.command()
@click.argument("folder", type=_FOLDER)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(folder: Path, port: int) -> None:
    """Show the site of the desk in FOLDER on this machine alone.

    With the headers that a web server should send (they are in `_headers`).
    For a look, not for the public: there any web server does.
    """
    from wiredesk.app.desk import open_desk  # noqa: PLC0415 - slow to import

    public = open_desk(folder).public
    if not (public / "index.html").is_file():
        raise ConfigError(f"{public}: there is no site yet; first: wiredesk run {folder}")
    with server(public, port) as serving:
        click.echo(f"http://{_LOOPBACK}:{serving.server_port}/ (Ctrl-C ends it)")
        serving.serve_forever()


def server(public: Path, port: int, *, headers: bool = True) -> ThreadingHTTPServer:
    """Return a server of the files below ``public`` on loopback, not yet serving. ``port`` 0 takes a
    free one; without ``headers`` only what HTTP needs is sent. Raises ``ConfigError``.
    """
    sent = tuple(_headers(public / "_headers")) if headers else ()
    kind = type("Handler", (_Handler,), {"sent": sent})
    try:
        return _Server((_LOOPBACK, port), partial(kind, directory=str(public)))
    except OSError as error:
        raise ConfigError(f"port {port}: {error.strerror}; name another with --port") from error


def _headers(file: Path) -> Iterator[tuple[str, str, str]]:
    """Give path pattern, name and value of each header in a file ``_headers``."""
    pattern = ""
    for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
        if line.startswith("/"):
            pattern = line.strip()
        elif line.strip():
            name, _, value = line.strip().partition(": ")
            yield pattern, name, value


class _Server(ThreadingHTTPServer):
    """Says nothing of readers who turn away in the middle of an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a broken connection; tell of all else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # socketserver's


class _Handler(SimpleHTTPRequestHandler):
    """Serves files, with the site's headers and its own page for what is missing."""

    sent: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    extensions_map: ClassVar[dict[str, str]] = {  # type: ignore[misc]  # the machine's table is not asked
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".xml": "application/xml",
        ".txt": "text/plain; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".webp": "image/webp",
        ".jpg": "image/jpeg",
        ".ico": "image/vnd.microsoft.icon",
        ".webmanifest": "application/manifest+json",
        "": "application/octet-stream",
    }

    def end_headers(self) -> None:
        """Add the site's headers to the answer."""
        path = self.path.partition("?")[0]
        for pattern, name, value in self.sent:
            if path.startswith(pattern.rstrip("*")):
                self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is missing with the site's own page."""
        page = Path(self.directory) / "404.html"
        if code != 404 or not page.is_file():  # noqa: PLR2004 - HTTP's
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: this is for a look."""
