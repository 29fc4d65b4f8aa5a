"""``desk.toml``: the settings, with every unknown key and unfit value told by its line."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from ipaddress import ip_address, ip_network
from pathlib import Path, PurePosixPath
from typing import get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from cronsim import CronSim, CronSimError

from wiredesk.adapters.desk_folder.files import text_of
from wiredesk.config import Settings
from wiredesk.errors import ConfigError

_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_BASE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~-]+)*/?")
_TABLE = re.compile(r"\s*\[(\[)?\s*([\w.\"' -]+?)\s*\]")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)")
_MOST_PORT = 65_535
_SERIES = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_WEB = re.compile(r"https?://[!-~]+")
_MAIL_URL = re.compile(r"(?:https://[!-~]+|http://(?:localhost|127\.0\.0\.1)(?::\d+)?[!-~]*)")
"""RFC 8058 wants https; a desk that is tried out on its own machine may do without."""
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_STORIES, _MOST_SERIES = 50, 5
_SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)

Problem = tuple[str, str]
"""Where (a setting in dotted form) and what is wrong there."""


def read_settings(path: Path) -> Settings:
    """Return the settings in ``desk.toml``: the keys of ``config.Settings``, its sources as
    ``[[sources]]`` tables. Raises ``ConfigError``.
    """
    text = text_of(path)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _AT_LINE.search(str(error))
        at = line[1] if line else text.rstrip().count("\n") + 1
        raise ConfigError(f"{path}:{at}: not TOML: {_AT_LINE.sub('', str(error))}") from error
    problems = list(_misfits(found, Settings, ""))
    if not problems:
        settings = msgspec.convert(found, Settings)
        problems = list(_unsound(settings))
        if not problems:
            return settings
    lines = _lines_of_settings(text)
    raise ConfigError(
        *(f"{path}:{_line_at(where, lines)}: {where}: {problem}" for where, problem in problems)
    )


def _misfits(values: Mapping[str, object], kind: type, prefix: str) -> Iterator[Problem]:
    """Tell which of ``values`` are no fields of the struct ``kind``, or of another type."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, value in values.items():
        if name in fields:
            yield from _misfit(value, fields[name].type, f"{prefix}{name}")
        else:
            near = get_close_matches(name, fields, n=1)
            yield f"{prefix}{name}", f"no such setting{f'; {near[0]}?' if near else ''}"
    for name, field in fields.items():
        if field.required and name not in values:
            yield prefix.rstrip("."), f"{name} is missing"


def _misfit(value: object, kind: object, where: str) -> Iterator[Problem]:
    item = next(iter(get_args(kind)), None)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if isinstance(value, dict):
            yield from _misfits(value, kind, f"{where}.")
        else:
            yield where, f"a table [{where}], not {value!r}"
    elif isinstance(item, type) and issubclass(item, msgspec.Struct):
        if isinstance(value, list):
            for place, one in enumerate(value):
                yield from _misfit(one, item, f"{where}.{place}")
        else:
            yield where, f"[[{where}]] tables, not {value!r}"
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            yield where, str(error).replace("`", "").replace("Expected", "expected", 1)


def _lines_of_settings(text: str) -> dict[str, int]:
    """Return the line of each table and key; good enough to point at, however odd the TOML."""
    lines: dict[str, int] = {}
    places: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := _TABLE.match(line):
            table = re.sub(r"[\s\"']", "", header[2])
            if header[1]:
                places[table] = places.get(table, -1) + 1
                table = f"{table}.{places[table]}"
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1].replace('"', "").replace("'", "")
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _line_at(where: str, lines: Mapping[str, int]) -> int:
    """Return the line of a setting, or of the nearest table around it."""
    while where and where not in lines:
        where = where.rpartition(".")[0]
    return lines.get(where, 1)


def _unsound(settings: Settings) -> Iterator[Problem]:
    """Tell which settings cannot be meant, though they have the right type."""
    yield from _out_of_bounds(settings)
    if settings.publish.newline not in {"lf", "crlf"}:
        yield "publish.newline", f"lf or crlf, not {settings.publish.newline!r}"
    yield from _unsound_hubs(settings)
    if settings.score.profile not in {"desk", "classic"}:
        yield "score.profile", f"desk or classic, not {settings.score.profile!r}"
    yield from _unsound_newsletter(settings)
    yield from _unsound_site(settings)
    if not _LANGUAGE.fullmatch(settings.language):
        yield "language", f"a code such as en, not {settings.language!r}"
    if not _BRANCH.fullmatch(settings.publish.branch) or settings.publish.branch.endswith(".lock"):
        yield "publish.branch", f"a branch's name, not {settings.publish.branch!r}"
    for name, text in (
        ("fetch.user_agent", settings.fetch.user_agent),
        ("fetch.contact", settings.fetch.contact),
    ):
        if not (text.isascii() and text.isprintable()):
            yield name, f"ASCII on one line, as it goes into a header, not {text!r}"
    yield from _unsound_places(settings)
    for network in settings.fetch.allow_networks:
        try:
            ip_network(network)
        except ValueError:
            yield "fetch.allow_networks", f"networks such as 10.0.0.0/8, not {network!r}"


def _unsound_newsletter(settings: Settings) -> Iterator[Problem]:
    mail, smtp = settings.newsletter, settings.newsletter.smtp
    if mail.deliver not in {"files", "smtp"}:
        yield "newsletter.deliver", f"files or smtp, not {mail.deliver!r}"
    if smtp.security not in {"starttls", "tls", "none"}:
        yield "newsletter.smtp.security", f"starttls, tls or none, not {smtp.security!r}"
    if smtp.user and smtp.security == "none" and smtp.host not in _HERE:
        yield "newsletter.smtp.security", "starttls or tls, or the password could be overheard"
    addresses = {
        "newsletter.sender": mail.sender,
        "newsletter.reply_to": mail.reply_to,
        "newsletter.bounces": mail.bounces,
    }
    for where, address in addresses.items():
        if address and not _ADDRESS.fullmatch(address):
            yield where, f"a mail address such as news@desk.example, not {address!r}"
    if not _is_zone(mail.zone):
        yield "newsletter.zone", f"a time zone such as Europe/Berlin, not {mail.zone!r}"
    if mail.deliver == "smtp" and mail.series:
        if not mail.sender:
            yield "newsletter.sender", "the address that letters come from"
        if not _MAIL_URL.fullmatch(mail.url):
            yield "newsletter.url", f"an https address that readers reach, not {mail.url!r}"
    yield from _unsound_series(settings)


def _unsound_series(settings: Settings) -> Iterator[Problem]:
    names = [series.name for series in settings.newsletter.series]
    for place, series in enumerate(settings.newsletter.series):
        where = f"newsletter.series.{place}"
        if not _SERIES.fullmatch(series.name):
            yield f"{where}.name", f"a-z, 0-9 and hyphens, 30 at most, not {series.name!r}"
        if names.index(series.name) != place:
            yield f"{where}.name", f"another name than the one before it ({series.name})"
        if not _is_cron(series.cron):
            yield (
                f"{where}.cron",
                f"a schedule as cron has it, such as 0 7 * * *, not {series.cron!r}",
            )
        for name, count in (("stories", series.stories), ("per_topic", series.per_topic)):
            if not 0 < count <= _MOST_STORIES:
                yield f"{where}.{name}", f"from 1 to {_MOST_STORIES}, not {count}"
    if len(names) > _MOST_SERIES:
        yield "newsletter", f"at most {_MOST_SERIES} newsletters"


def _unsound_hubs(settings: Settings) -> Iterator[Problem]:
    hub, callback = settings.feeds.hub, settings.websub.callback
    if hub and not _WEB.fullmatch(hub):
        yield "feeds.hub", f"an http(s) address, not {hub!r}"
    if callback and not _is_callback(callback):
        yield "websub.callback", f"a public http(s) address that hubs reach, not {callback!r}"


def _is_callback(address: str) -> bool:
    """Whether hubs could reach an address: not this machine, nor one of a private network."""
    host = urlsplit(address).hostname or "" if _WEB.fullmatch(address) else ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_cron(expression: str) -> bool:
    try:
        next(CronSim(expression, _SOME_TIME))
    except (CronSimError, StopIteration):
        return False
    return True


def _unsound_site(settings: Settings) -> Iterator[Problem]:
    site, base = settings.site, settings.publish.base_url
    if site.images not in {"none", "cached", "publishers"}:
        yield "site.images", f"none, cached or publishers, not {site.images!r}"
    if site.canonical not in {"publisher", "self"}:
        yield "site.canonical", f"publisher or self, not {site.canonical!r}"
    if not _COLOUR.fullmatch(site.accent):
        yield "site.accent", f"a colour as #rrggbb, not {site.accent!r}"
    if site.language and not _LANGUAGE.fullmatch(site.language):
        yield "site.language", f"a code such as en, not {site.language!r}"
    if base and not _BASE.fullmatch(base):
        yield "publish.base_url", f"an address such as https://desk.example, not {base!r}"
    for where, file in (("site.logo", site.logo), ("site.theme", site.theme)):
        place = PurePosixPath(file)
        if place.is_absolute() or ".." in place.parts or "\0" in file:
            yield where, f"below the desk, not {file!r}"


def _out_of_bounds(settings: Settings) -> Iterator[Problem]:
    fetch, group, relate = settings.fetch, settings.group, settings.relate
    above_zero = {
        "fetch.connect_timeout": fetch.connect_timeout,
        "fetch.feed_deadline": fetch.feed_deadline,
        "fetch.page_deadline": fetch.page_deadline,
        "fetch.wire_cap": fetch.wire_cap,
        "fetch.image_cap": fetch.image_cap,
        "fetch.decoded_cap": fetch.decoded_cap,
        "fetch.concurrency": fetch.concurrency,
        "fetch.longest_gap": fetch.longest_gap,
        "websub.lease_days": settings.websub.lease_days,
        "polling.floor_minutes": settings.polling.floor_minutes,
        "polling.ceiling_hours": settings.polling.ceiling_hours,
        "classify.least": settings.classify.least,
        "group.window_days": group.window_days,
        "group.sigma_days": group.sigma_days,
        "score.half_life_hours": settings.score.half_life_hours,
        "score.ratings_best": settings.score.ratings_best,
        "score.classic.title_step": settings.score.classic.title_step,
        "publish.page_size": settings.publish.page_size,
        "feeds.items": settings.feeds.items,
        "newsletter.smtp.timeout": settings.newsletter.smtp.timeout,
        "site.front": settings.site.front,
        "images.megabytes": settings.images.megabytes,
        "images.days": settings.images.days,
        "site.front_days": settings.site.front_days,
    }
    for where, number in above_zero.items():
        if not (math.isfinite(number) and number > 0):
            yield where, f"more than 0, not {number}"
    for where, count in {
        "workers": settings.workers,
        "fetch.max_hops": fetch.max_hops,
        "fetch.host_gap": fetch.host_gap,
        "relate.most": relate.most,
        "newsletter.review_minutes": settings.newsletter.review_minutes,
        "classify.margin": settings.classify.margin,
        "classify.hold": settings.classify.hold,
        "classify.label_weight": settings.classify.label_weight,
    }.items():
        if not count >= 0:
            yield where, f"0 or more, not {count}"
    for where, share in {
        "group.join_at": group.join_at,
        "group.copy_at": group.copy_at,
        "relate.least_likeness": relate.least_likeness,
        "relate.diversity": relate.diversity,
    }.items():
        if not 0 <= share <= 1:
            yield where, f"from 0 to 1, not {share}"
    for port in fetch.ports:
        if not 0 < port <= _MOST_PORT:
            yield "fetch.ports", f"from 1 to {_MOST_PORT}, not {port}"


def _unsound_places(settings: Settings) -> Iterator[Problem]:
    publish = settings.publish
    for where, folder in (("publish.records", publish.records), ("publish.public", publish.public)):
        place = PurePosixPath(folder)
        if place.is_absolute() or ".." in place.parts or not place.parts or "\0" in folder:
            yield where, f"a folder below the desk, not {folder!r}"
    if PurePosixPath(publish.records) == PurePosixPath(publish.public):
        yield "publish.public", "another folder than that of the records"
    if not settings.key_file:
        yield "key_file", "the path of a key file"
    for place_of, source in enumerate(settings.sources):
        if bool(source.url) == bool(source.path):
            yield f"sources.{place_of}", f"{source.name or source.kind}: either url or path"
