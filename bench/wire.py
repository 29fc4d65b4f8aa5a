"""A wire of real pages to published records: pages a second and peak memory, beside other tools.

    ./dev bench                                  or: .venv/bin/python bench/wire.py
    .venv/bin/python bench/wire.py --wire DIR    another wire: wire.warc.gz and wire.opml
    .venv/bin/python bench/wire.py --markdown    the table of docs/benchmarks.md

Every measurement has a process of its own, cold: what it imports is its start-up, not its rate.
wiredesk takes the whole way (archive to feeds to pages to articles, topics, stories, numbers,
records in Git, the JSON API); the others only read the same pages, given to them in memory.
news-please has a virtual environment of its own in bench/.cache, because the versions that it
allows are not those that wiredesk is tested with; without one, its lines are left out.
"""

# ruff: noqa: PLC0415 - a child imports only what it is to measure, and the parent stays small

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / ".." / "shared" / "wire"
SAMPLE = ROOT / "src" / "wiredesk" / "samples" / "wire.warc.gz"
CACHE = ROOT / "bench" / ".cache"
INSTALL_SECONDS = 900
CHILD_SECONDS = 600

Pages = list[tuple[str, bytes]]
Work = Callable[[], int]


class Wire(NamedTuple):
    """An archive and its list of feeds; None for the sample, whose desk has its own."""

    name: str
    warc: Path
    opml: Path | None


class Run(NamedTuple):
    """One process: pages that went in, what came out, seconds, start-up, and megabytes."""

    out: int
    seconds: float
    start: float
    peak: float


# What a child does: import, get ready, and return the work that is measured.


def reading_by_wiredesk(folder: Path, _: Path) -> Work:
    from datetime import UTC, datetime

    from wiredesk.errors import Unreadable
    from wiredesk.records.page import Page
    from wiredesk.records.provider import ProviderRegistry
    from wiredesk.stages.read import Read

    now, given = datetime(2026, 11, 1, tzinfo=UTC), held(folder)

    def work() -> int:
        read, count = Read(ProviderRegistry()), 0
        for url, body in given:
            try:
                page = Page(url=url, final_url=url, status=200, body=body, at=now)
                count += bool(read(page).title)
            except Unreadable:
                pass
        return count

    return work


def publishing_by_wiredesk(folder: Path, warc: Path) -> Work:
    from wiredesk.app.desk import open_desk
    from wiredesk.app.running import pipeline as running

    importlib.import_module("wiredesk.stages.read")

    def work() -> int:
        desk = open_desk(folder / "desk")
        with running(desk, _Silent(), replay=warc) as pipeline:
            report = pipeline.run()
        return report.new_records + report.changed_records

    return work


def reading_by_trafilatura(folder: Path, _: Path) -> Work:
    import trafilatura

    given = held(folder)

    def work() -> int:
        return sum(
            trafilatura.bare_extraction(
                body, url=url, with_metadata=True, fast=True, include_comments=False
            )
            is not None
            for url, body in given
        )

    return work


def reading_by_news_please(folder: Path, _: Path) -> Work:
    news_please = importlib.import_module("newsplease").NewsPlease
    given = [(url, body.decode("utf-8", "replace")) for url, body in held(folder)]

    def work() -> int:
        count = 0
        for url, html in given:
            with suppress(Exception):  # some languages want extras: such a page is not read
                count += bool(news_please.from_html(html, url=url, fetch_images=False).title)
        return count

    return work


CONTENDERS: dict[str, Callable[[Path, Path], Work]] = {
    "wiredesk, whole way to records": publishing_by_wiredesk,
    "wiredesk, again with nothing new": publishing_by_wiredesk,
    "wiredesk, read stage alone": reading_by_wiredesk,
    "trafilatura alone, fast, with metadata": reading_by_trafilatura,
    "news-please, from_html": reading_by_news_please,
}
APART = "news-please, from_html"


class _Silent:
    """No bars."""

    def watch(self, what: str, pieces: Any, total: int) -> Iterator[Any]:  # noqa: ARG002, ANN401 - the port's
        yield from pieces


def child(name: str, folder: Path, warc: Path) -> None:
    """Get ready, say so, work, and say how it went."""
    work = CONTENDERS[name](folder, warc)
    print("ready", flush=True)
    began = time.perf_counter()
    out = work()
    seconds = time.perf_counter() - began
    peak = max(
        resource.getrusage(whose).ru_maxrss
        for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    kilobytes = peak / 1024 if sys.platform == "darwin" else peak
    print(json.dumps({"out": out, "seconds": seconds, "peak": kilobytes / 1024}), flush=True)


# What the parent does. It stays small: a new process begins with its parent's peak memory.


def measured(python: Path, name: str, folder: Path, warc: Path) -> Run:
    began = time.perf_counter()
    command = [str(python), "-W", "ignore", __file__, "--child", name, str(folder), str(warc)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            start = time.perf_counter() - began
            rest, errors = process.communicate(timeout=CHILD_SECONDS)
        finally:
            process.kill()
    if first != "ready\n" or process.returncode:
        sys.exit(f"{name}: {errors}")
    said = json.loads(rest.splitlines()[-1])
    return Run(said["out"], said["seconds"], start, said["peak"])


def rounds(wire: Wire, pythons: dict[str, Path], times: int) -> dict[str, list[Run]]:
    """Return the runs of each contender, the contenders taking turns."""
    runs: dict[str, list[Run]] = {name: [] for name in pythons}
    for number in range(times):
        with tempfile.TemporaryDirectory(prefix="wiredesk-bench-") as name:
            folder = Path(name)
            keep(folder, pages(wire.warc))
            new_desk(folder / "desk", wire)
            for contender, python in pythons.items():
                show(f"{wire.name}: round {number + 1} of {times}: {contender}")
                runs[contender].append(measured(python, contender, folder, wire.warc))
    show("")
    return runs


def new_desk(folder: Path, wire: Wire) -> None:
    """Make a desk that has not run, in a process of its own."""
    if wire.opml is None:
        code = "import sys; from pathlib import Path\n"
        code += "from wiredesk.adapters.starter import lay_out_sample\n"
        code += "lay_out_sample(Path(sys.argv[1]))"
        command = [sys.executable, "-c", code, str(folder)]
    else:
        command = [sys.executable, "-m", "wiredesk", "new", str(folder), "--pack", "plain"]
        command += ["--source", str(wire.opml.resolve())]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def pages(warc: Path) -> Pages:
    """Return the HTML pages that an archive holds, each address once."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    found: dict[str, bytes] = {}
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            http = record.http_headers
            kind = http.get("Content-Type") or "" if http else ""
            if http and http.status_code == 200 and "html" in kind:
                found.setdefault(record.headers["WARC-Target-URI"], record.reader.read())
    return list(found.items())


def keep(folder: Path, found: Pages) -> None:
    as_text = [(url, body.decode("latin-1")) for url, body in found]
    (folder / "pages.json").write_text(json.dumps(as_text), encoding="utf-8")


def held(folder: Path) -> Pages:
    as_text = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    return [(url, body.encode("latin-1")) for url, body in as_text]


def news_please() -> Path | None:
    """Return the Python that has news-please, made on first use; None when it cannot be had."""
    home = CACHE / "news-please"
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        show("installing news-please into bench/.cache (once)")
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        try:
            for wanted in ("pip>=25", "news-please>=1.6"):
                subprocess.run([*pip, wanted], check=True, timeout=INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"news-please could not be installed, so it is left out: {error}")
            return None
        (home / "installed").touch()
    return python


def table(wire: Wire, runs: dict[str, list[Run]]) -> Iterator[tuple[str, ...]]:
    """Give the rows of a wire's table, its head first."""
    count = len(pages(wire.warc))
    yield "contender", "pages/s median", "min", "max", "seconds", "start-up s", "peak MB", "out"
    for name, each in runs.items():
        rates = sorted(count / run.seconds for run in each)
        yield (
            name,
            *(f"{rate:.1f}" for rate in (statistics.median(rates), rates[0], rates[-1])),
            f"{statistics.median(run.seconds for run in each):.2f}",
            f"{statistics.median(run.start for run in each):.2f}",
            f"{max(run.peak for run in each):.0f}",
            str(each[-1].out),
        )


def printed(rows: list[tuple[str, ...]], *, markdown: bool) -> Iterator[str]:
    if markdown:
        head, *body = rows
        yield f"| {' | '.join(head)} |"
        yield f"|---|{'---:|' * (len(head) - 1)}"
        yield from (f"| {' | '.join(row)} |" for row in body)
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *figures in rows:
        shown = (figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True))
        yield "  ".join((name.ljust(widths[0]), *shown))


def machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.system()} "
        f"{platform.machine()}, load {load:.1f} at the start, {time.strftime('%Y-%m-%d')}"
    )


def show(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def wires(folder: Path) -> list[Wire]:
    """Return the wires that are there; say which one is not."""
    given = [Wire("sample wire (bundled)", SAMPLE, None)]
    real = Wire("real wire", folder / "wire.warc.gz", folder / "wire.opml")
    if real.warc.is_file() and real.opml and real.opml.is_file():
        given.insert(0, real)
    else:
        print(f"{folder}: no wire.warc.gz and wire.opml there, so the real wire is left out")
    return given


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wire", type=Path, default=SHARED, help="folder of another wire")
    parser.add_argument("--rounds", type=int, default=5, help="processes for each (default: 5)")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, folder, warc = arguments.child
        child(name, Path(folder), Path(warc))
        return
    apart = news_please()
    pythons = dict.fromkeys((name for name in CONTENDERS if name != APART), Path(sys.executable))
    if apart is not None:
        pythons[APART] = apart
    print(machine())
    for wire in wires(arguments.wire):
        runs = rounds(wire, pythons, arguments.rounds)
        print(f"\n{wire.name}: {len(pages(wire.warc))} pages, {arguments.rounds} rounds\n")
        print("\n".join(printed(list(table(wire, runs)), markdown=arguments.markdown)))


if __name__ == "__main__":
    main()
