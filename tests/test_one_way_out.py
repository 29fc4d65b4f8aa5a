"""The network is reached from one module only (THREATS R1), mail servers from another, and what comes in
comes by the doors.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "wiredesk"
THE_ONE = "adapters/web.py"
HOMES = {
    "adapters/smtp.py": ["smtplib", "ssl"],
    "doors/bounded.py": [
        "http.server", "http.server.BaseHTTPRequestHandler", "http.server.ThreadingHTTPServer", "socket",
    ],
}  # fmt: skip
"""Others that need sockets, for what, and no more: letters to the desk's own mail server (named by its
settings, never by a stranger), and requests that are answered.
"""
A_WAY_IN = ("doors/site_commands.py", "http.server")
"""Listens on loopback for a look at the site, and asks nobody anything."""

NETWORK_MODULES = frozenset(
    """aiohttp asyncio.streams curl_cffi ftplib http.client http.server httpcore httpx imaplib
    nntplib poplib pycurl requests smtplib socket socketserver ssl telnetlib
    trafilatura.downloads urllib3 urllib.request urllib.robotparser websocket websockets
    xmlrpc""".split()  # noqa: SIM905 - a table
)
NETWORK_CALLS = frozenset(
    """create_connection fetch_response fetch_url getaddrinfo open_connection urlopen
    urlretrieve""".split()  # noqa: SIM905 - a table
)


def imported(tree: ast.AST) -> Iterator[str]:
    """Give every module and ``module.name`` that is imported, at any depth of the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            yield getattr(target, "attr", getattr(target, "id", ""))


def ways_out(source: str) -> list[str]:
    tree = ast.parse(source)
    modules = {
        name
        for name in imported(tree)
        if any(name == module or name.startswith(f"{module}.") for module in NETWORK_MODULES)
    }
    return sorted(modules | (set(called(tree)) & NETWORK_CALLS))


def test_r1_no_module_but_the_one_reaches_the_network() -> None:
    found = {
        path.relative_to(SOURCE).as_posix(): ways
        for path in sorted(SOURCE.rglob("*.py"))
        if (ways := ways_out(path.read_text(encoding="utf-8")))
    }
    assert found.pop(THE_ONE)
    module, listens = A_WAY_IN
    assert {way.rpartition(".")[0] for way in found.pop(module)} <= {"http", listens}
    assert found == HOMES


def test_the_search_finds_what_it_is_there_for() -> None:
    assert ways_out("def f():\n    from urllib import request") == ["urllib.request"]
    assert ways_out("import requests.sessions") == ["requests.sessions"]
    assert ways_out("trafilatura.fetch_url(x)") == ["fetch_url"]
    assert ways_out("from urllib.parse import urlsplit\nfrom http import HTTPStatus") == []
