"""What a run tells the human who started it."""

from __future__ import annotations

from pathlib import Path

from wiredesk.engine.outcomes import RunReport

SHOWN = 8
"""Failures of one kind that are shown; the rest is counted (`--json` has them all)."""


def show_summary(report: RunReport, records: Path, public: Path) -> None:
    """Print ``report``; colours only on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.markup import escape  # noqa: PLC0415 - slow to import

    console = Console(highlight=False, soft_wrap=True)
    time = f", as of {report.as_of:%Y-%m-%d %H:%M} UTC" if report.as_of else ""
    console.print(f"[bold]{escape(report.desk)}[/bold]{time}\n")
    for line in _numbers(report):
        console.print(f"  {escape(line)}")
    _show(console, "Failing sources", [f"{s.id}: {s.failure}" for s in report.failing])
    ailing = [f"{s.id}: {notice}" for s in report.sources for notice in s.notices]
    _show(console, "Sources to look at", ailing)
    _show(console, "Entries not read", report.problems)
    _show(console, "For you to look at", report.notices)
    if report.top:
        console.print(
            "\n[bold]Hottest stories[/bold] (heat now; the gate goes by the hottest hour)"
        )
        for story in report.top:
            console.print(
                f"  [bold]{story.heat:>4}[/bold]  {escape(story.title)}"
                f"  [dim]{escape(story.provider)}[/dim]"
            )
    console.print(f"\nRecords  {escape(str(records / '_news'))}")
    console.print(f"API      {escape(str(public / 'api' / 'news' / 'index.json'))}")
    if report.top:
        console.print(f"Why?     wiredesk explain {escape(str(records / report.top[0].path))}")


def _numbers(report: RunReport) -> list[str]:
    asked, failing = len(report.sources), len(report.failing)
    listed = sum(source.listed for source in report.sources)
    fresh = sum(source.new for source in report.sources)
    commit = f"commit {report.commit[:12]}" if report.commit else "nothing to commit"
    sources = f"{_many(asked, 'source')} asked, {failing} failing"
    sources += f", {report.resting} not due" if report.resting else ""
    entries = f"{_many(listed, 'entry', 'entries')} listed, {fresh} of them new"
    read = f"{_many(report.read, 'article')} read"
    read += _counted(report.dropped, "dropped") + _counted(report.later, "put off to the next run")
    window = f"{_many(report.articles, 'article')} in the window: {report.off_topic} off topic"
    stories = f"{_many(report.stories, 'story', 'stories')}, {report.published} published"
    records = f"{_many(report.new_records, 'new record')}, {report.changed_records} changed"
    return [
        f"{sources}; {entries}",
        read,
        f"{window}, {report.copies} copies of others",
        f"{stories}; {records}; {commit}",
    ]


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _counted(reasons: dict[str, int], what: str) -> str:
    if not reasons:
        return ""
    told = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
    return f"; {sum(reasons.values())} {what} ({told})"


def _show(console: object, heading: str, lines: list[str] | tuple[str, ...]) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to import
    from rich.markup import escape  # noqa: PLC0415 - slow to import

    if not lines or not isinstance(console, Console):
        return
    console.print(f"\n[bold yellow]{heading}[/bold yellow]")
    for line in lines[:SHOWN]:
        console.print(f"  {escape(line)}")
    if len(lines) > SHOWN:
        console.print(f"  … and {len(lines) - SHOWN} more")
