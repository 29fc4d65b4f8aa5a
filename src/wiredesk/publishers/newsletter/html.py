"""The edition as HTML that survives mail clients: MJML for tables and Outlook, styles in the elements.

Colours, sizes and rules are stated as classes here and put into the elements by css-inline, because
some clients drop style sheets; what is only an improvement (dark mode, a narrow screen) stays in a
style sheet. All text is escaped here; nothing comes from a template that could run.
"""

from __future__ import annotations

from functools import cache
from html import escape as escape_markup

import css_inline
import mrml

from wiredesk.publishers.newsletter.words import Masthead, said_by, sections
from wiredesk.records.newsletter import Issue, Item
from wiredesk.records.plaintext import plain

UNSUBSCRIBE = "https://unsubscribe.invalid/here"
"""Stands for the recipient's own link until ``message`` puts it there."""

_SERIF = "Georgia, 'Times New Roman', serif"
_SANS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_INK, _SOFT, _LINE, _PAPER, _GROUND, _ACCENT = (
    "#1b1b1f", "#5a5a64", "#dcdce2", "#ffffff", "#f1f1f4", "#a3261b",
)  # fmt: skip
_DARK = (
    "@media (prefers-color-scheme: dark) {"
    " .ground, .ground > div, body { background-color: #121214 !important; }"
    " .paper, .paper > table { background-color: #1c1c20 !important; }"
    " .ink div, .ink a { color: #f0f0f4 !important; }"
    " .soft div, .soft a { color: #b4b4be !important; }"
    " .ink .kicker { color: #ff9d8f !important; }"
    " .rule p { border-top-color: #3a3a42 !important; }"
    " .band > table > tbody > tr > td { border-top-color: #ff9d8f !important; }"
    " }"
)
_NARROW = "@media only screen and (max-width: 480px) { .lead a { font-size: 23px !important; } }"
_STYLE = f"""
h1, h2, h3 {{ margin: 0; font-weight: bold; }}
.name {{ font-family: {_SERIF}; font-size: 28px; line-height: 1.15; }}
.title {{ font-size: 18px; line-height: 1.3; }}
.title a {{ color: {_INK}; text-decoration: none; font-family: {_SERIF}; font-size: 18px;
  line-height: 1.3; font-weight: bold; }}
.lead a {{ font-size: 26px; line-height: 1.2; }}
.kicker {{ color: {_ACCENT}; font-size: 12px; letter-spacing: 0.04em;
  text-transform: uppercase; }}
.soft a {{ color: {_SOFT}; text-decoration: underline; }}
"""


def as_html(issue: Issue, head: Masthead, *, with_foot: bool = True) -> str:
    """Return the edition as an HTML document; ``with_foot`` says how to leave the list."""
    parts = [_opening(head), _title(head)]
    for name, places in sections(issue):
        parts += [_heading(name)] if name else []
        for place in places:
            above = 8 if name and place == places[0] else 22
            parts.append(_story(issue.items[place], head, lead=not place, above=above))
    parts += [_foot(head, with_foot=with_foot), "</mj-column></mj-section></mj-body></mjml>"]
    made: str = mrml.to_html("".join(parts), render_options=_plain_fonts()).content
    return _with_schemes(_inliner().inline(made))


@cache
def _plain_fonts() -> mrml.RenderOptions:
    """Name no web fonts: for some families, MJML would have the mail load them from Google."""
    return mrml.RenderOptions(fonts={})


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        extra_css=_STYLE,
    )


def escape(text: str) -> str:
    """Return a text for markup, without what XML cannot hold: no title may cost the whole mail."""
    return escape_markup(plain(text))


def _opening(head: Masthead) -> str:
    return (
        f'<mjml lang="{escape(head.language)}"><mj-head><mj-title>{escape(head.subject)}</mj-title>'
        f"<mj-preview>{escape(head.preview)}</mj-preview>"
        f"<mj-attributes>"
        f'<mj-all font-family="{escape(_SANS)}"/>'
        f'<mj-text font-size="15px" line-height="1.5" color="{_INK}" padding="0 24px"/>'
        f"</mj-attributes><mj-style>{_DARK} {_NARROW}</mj-style></mj-head>"
        f'<mj-body width="640px" background-color="{_GROUND}" css-class="ground">'
        f'<mj-section background-color="{_PAPER}" padding="28px 0 24px" css-class="paper band"'
        f' border-top="4px solid {_ACCENT}"><mj-column>'
    )


def _title(head: Masthead) -> str:
    name = escape(head.title)
    linked = f'<a href="{escape(head.home)}" style="color:inherit;text-decoration:none">{name}</a>'
    return (
        f'<mj-text css-class="ink"><h1 class="name">{linked if head.home else name}</h1></mj-text>'
        f'<mj-text css-class="soft" color="{_SOFT}" font-size="14px" padding="6px 24px 4px">'
        f"{escape(head.date)}</mj-text>"
    )


def _heading(name: str) -> str:
    return _rule(22) + _text(f'<h2 class="kicker">{escape(name)}</h2>', 14)


def _story(item: Item, head: Masthead, *, lead: bool, above: int) -> str:
    link = escape(item.url)
    shown = "title lead" if lead else "title"
    language = item.language if item.language and item.language != head.language else ""
    lang = f' lang="{escape(language)}"' if language else ""
    byline = escape(said_by(item, head.zone))
    parts = [
        _picture(item) if head.images and item.image else "",
        _text(
            f'<h3 class="{shown}"{lang} dir="auto"><a href="{link}">{escape(item.title)}</a></h3>',
            above,
        ),
    ]
    if item.excerpt:
        parts.append(_text(f'<div{lang} dir="auto">{escape(item.excerpt)}</div>', 5))
    return "".join([*parts, _small(byline, 5)])


def _text(html: str, above: int) -> str:
    return f'<mj-text css-class="ink" padding="{above}px 24px 0">{html}</mj-text>'


def _small(html: str, above: int) -> str:
    look = f'css-class="soft" color="{_SOFT}" font-size="13px"'
    return f'<mj-text {look} padding="{above}px 24px 0">{html}</mj-text>'


def _rule(above: int) -> str:
    look = f'css-class="rule" border-width="1px" border-color="{_LINE}"'
    return f'<mj-divider {look} padding="{above}px 24px 0"/>'


def _picture(item: Item) -> str:
    url = escape(item.image.url) if item.image else ""
    return f'<mj-image src="{url}" href="{escape(item.url)}" alt="" padding="16px 24px 0"/>'


def _foot(head: Masthead, *, with_foot: bool) -> str:
    lines = ["Excerpts and links: each story belongs to its publisher."]
    if with_foot:
        lines.append(
            f'You get this because you asked for it. <a href="{UNSUBSCRIBE}">Unsubscribe</a>'
        )
    if head.postal:
        lines.append(escape(head.postal))
    return _rule(26) + _small("<br/>".join(lines), 14)


def _with_schemes(html: str) -> str:
    """Say that the mail has colours for light and for dark, so that no client inverts them itself."""
    metas = "".join(
        f'<meta name="{name}" content="light dark">'
        for name in ("color-scheme", "supported-color-schemes")
    )
    return html.replace("</head>", f"{metas}</head>", 1)
