"""An edition as it stays: a Markdown record for the repository, and a fragment of HTML for a page."""

from __future__ import annotations

import re
from html import escape
from zoneinfo import ZoneInfo

import msgspec

from wiredesk.publishers.newsletter.words import Masthead, said_by, sections
from wiredesk.records.newsletter import Issue, Item

FOLDER = "_newsletters"
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~$&:@])")
"""What CommonMark, its tables, links and mentions, or a template of a site's generator, could act on."""
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def record_path(issue: Issue, zone: str) -> str:
    """Return where the record of ``issue`` goes: ``_newsletters/YYYY-MM-DD-series-HHMM.md``, day and time
    in the readers' zone; where the clocks go back, the second one of a time gets ``-2``.
    """
    local = issue.due.astimezone(ZoneInfo(zone))
    again = "-2" if local.fold else ""
    return f"{FOLDER}/{local:%Y-%m-%d}-{issue.series}-{local:%H%M}{again}.md"


def as_record(issue: Issue, head: Masthead) -> bytes:
    """Return the edition as Markdown with front matter, every text of a stranger's escaped."""
    lines = [
        "---",
        f"title: {_quoted(head.title)}",
        f"edition: {issue.id}",
        f"series: {issue.series}",
        f"date: {issue.due.strftime(_STAMP)}",
        f"subject: {_quoted(head.subject)}",
        "stories:",
    ]
    for item in issue.items:
        lines += [
            f"  - story: {item.story}",
            f"    title: {_quoted(item.title)}",
            f"    url: {_quoted(item.url)}",
            f"    provider: {_quoted(item.provider.name)}",
            f"    heat: {item.heat}",
        ]
    lines += ["---", ""]
    for name, places in sections(issue):
        lines += [f"## {_marked(name)}", ""] if name else []
        for place in places:
            lines += _story_as_markdown(issue.items[place], head)
    return ("\n".join(lines).rstrip() + "\n").encode()


def _story_as_markdown(item: Item, head: Masthead) -> list[str]:
    link = item.url.replace("<", "%3C").replace(">", "%3E")
    lines = [f"### [{_marked(item.title)}](<{link}>)", ""]
    lines += [_marked(item.excerpt), ""] if item.excerpt else []
    return [*lines, _marked(said_by(item, head.zone)), ""]


def as_fragment(issue: Issue, head: Masthead) -> bytes:
    """Return the edition as one ``article`` element, without styles or scripts."""
    parts = [
        f'<article class="newsletter" lang="{escape(head.language)}">',
        f"<h1>{escape(head.title)}</h1>",
        f'<p class="date"><time datetime="{issue.due.strftime(_STAMP)}">{escape(head.date)}</time></p>',
    ]
    for name, places in sections(issue):
        parts += ["<section>"] + ([f"<h2>{escape(name)}</h2>"] if name else [])
        level = "h3" if name else "h2"
        for place in places:
            item = issue.items[place]
            lang = f' lang="{escape(item.language)}"' if item.language else ""
            linked = f'<a href="{escape(item.url)}">{escape(item.title)}</a>'
            parts += [
                f'<{level}{lang} dir="auto">{linked}</{level}>',
                f'<p{lang} dir="auto">{escape(item.excerpt)}</p>' if item.excerpt else "",
                f'<p class="byline">{escape(said_by(item, head.zone))}</p>',
            ]
        parts.append("</section>")
    parts.append("</article>")
    return ("\n".join(filter(None, parts)) + "\n").encode()


def _marked(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back: JSON's strings are YAML's double-quoted ones."""
    return msgspec.json.encode(text).decode()
