"""The commands ``decide``: what an editor says of stories and articles, noted in the desk's journal."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import TypedDict

import click
import msgspec

from wiredesk.adapters.clock import SystemClock
from wiredesk.adapters.desk_folder.journal import append
from wiredesk.app.desk import Desk, desk_around, open_desk, open_store
from wiredesk.app.records import held_by_hand, story_of_file
from wiredesk.engine.finding import Finder, Told
from wiredesk.errors import ConfigError, NotFound
from wiredesk.ports.store import Store
from wiredesk.records.article import Article
from wiredesk.records.decided import Decided
from wiredesk.records.decided import decide as come_to
from wiredesk.records.decision import (
    Decision,
    Exclude,
    Merge,
    Pin,
    Publish,
    Retitle,
    Spike,
    Split,
    Topics,
    Undo,
    sentence,
    tidy,
)

_SECOND = timedelta(seconds=1)
_FOLDER = click.Path(path_type=Path, file_okay=False)


class _Saying(msgspec.Struct, frozen=True):
    """What the options say that every decision has."""

    why: str
    who: str
    folder: Path | None


class _Signed(TypedDict):
    who: str
    when: datetime
    why: str
    about: str


_desk_option = click.option(
    "--desk", "folder", type=_FOLDER, help="The desk; found by itself from a record's file."
)


_why_option = click.option("-m", "--why", required=True, help="The reason, for whoever asks later.")
_who_option = click.option(
    "--who",
    envvar="WIREDESK_WHO",
    default="",
    help="Who decides.  [default: $WIREDESK_WHO, or your login]",
)


def _said(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every decision has, and give them as ``said``."""

    @wraps(command)
    def run(*, why: str, who: str, folder: Path | None, **others: object) -> None:
        command(said=_Saying(why, who, folder), **others)

    return _why_option(_who_option(_desk_option(run)))


@click.group("decide")
def decide() -> None:
    """Say what the desk shall do with a story or an article.

    A decision is noted, with who, when and why, in the desk's decisions.jsonl; the
    next run carries it out, and every later one, until it is undone. A STORY is
    its id (or how that begins), the path or name of its record, the address of one
    of its articles or of its page on the site, or a part of its title. An ARTICLE is
    its id, its address, or a part of its title or its provider's name.

    \b
    Example:
      wiredesk decide show "export curbs"
      wiredesk decide spike "export curbs" --why "it is a rumour"
    """


@decide.command()
@click.argument("stories", nargs=-1, required=True, metavar="STORY STORY...")
@_said
def merge(stories: tuple[str, ...], *, said: _Saying) -> None:
    """Make one story of several.

    The older story keeps its id and its record; the records of the others stay as
    pointers to that, and are not published any more.
    """
    with _editing(said, stories) as editor:
        told = {story.story: story for story in map(editor.story, stories)}
        if len(told) < 2:  # noqa: PLR2004 - a merge is of two
            raise NotFound("name two stories or more; these are one already")
        editor.note(
            Merge(
                stories={one.story: one.ids for one in told.values()}, **editor.said(*told.values())
            )
        )


_alone_option = click.option(
    "--alone", is_flag=True, help="Leave copies of the articles where they are."
)


@decide.command()
@click.argument("record", metavar="STORY")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@_alone_option
@_said
def split(record: str, articles: tuple[str, ...], *, alone: bool, said: _Saying) -> None:
    """Make a story of its own of ARTICLEs of the STORY.

    They stay together, with a record of their own, and never share a story with the
    rest again. The part that the lead is in keeps the story's id and record. Copies
    of an article that leaves go with it.
    """
    with _editing(said, [record]) as editor:
        told = editor.story(record)
        leaving = editor.leaving(told, articles, alone=alone)
        if told.lead in {article.id for article in leaving}:
            click.echo(
                "The lead is among them: they keep the record, and the others get a new one."
            )
            leaving = [article for article in told.articles if article not in leaving]
        editor.note(
            Split(
                story=told.story,
                articles=tuple(article.id for article in leaving),
                rest=_rest(told, leaving),
                becomes=editor.finder.fresh(leaving[0]),
                **editor.said(told, *leaving),
            )
        )


@decide.command()
@click.argument("record", metavar="STORY")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@_alone_option
@_said
def exclude(record: str, articles: tuple[str, ...], *, alone: bool, said: _Saying) -> None:
    """Take ARTICLEs out of the STORY.

    They find their own place, in another story or alone, and never come back to
    this one. Copies of an article that leaves go with it.
    """
    with _editing(said, [record]) as editor:
        told = editor.story(record)
        leaving = editor.leaving(told, articles, alone=alone)
        editor.note(
            Exclude(
                story=told.story,
                articles=tuple(article.id for article in leaving),
                rest=_rest(told, leaving),
                **editor.said(told, *leaving),
            )
        )


def _gate(record: str, said: _Saying, kind: type[Publish | Spike]) -> None:
    """Note what the gate shall do with a story."""
    with _editing(said, [record]) as editor:
        told = editor.story(record)
        editor.note(kind(story=told.story, article=told.lead, **editor.said(told)))
        editor.warn(told, "published")


@decide.command()
@click.argument("record", metavar="STORY")
@_said
def publish(record: str, *, said: _Saying) -> None:
    """Publish the STORY, whatever its heat and its topics."""
    _gate(record, said, Publish)


@decide.command()
@click.argument("record", metavar="STORY")
@_said
def spike(record: str, *, said: _Saying) -> None:
    """Hold the STORY back, whatever its heat."""
    _gate(record, said, Spike)


@decide.command()
@click.argument("record", metavar="STORY")
@click.argument("title")
@_said
def retitle(record: str, title: str, *, said: _Saying) -> None:
    """Call the STORY by another TITLE, whichever article leads its story.

    The name of its file stays.
    """
    with _editing(said, [record]) as editor:
        told = editor.story(record)
        if not title.strip():
            raise click.UsageError("a title has a word at least; to take it back: decide undo")
        editor.note(Retitle(story=told.story, article=told.lead, title=title, **editor.said(told)))
        editor.warn(told, "title")


@decide.command()
@click.argument("record", metavar="STORY")
@click.option("--add", multiple=True, help="A topic that it is on. May be repeated.")
@click.option("--remove", multiple=True, help="A topic that it is not on. May be repeated.")
@_said
def topics(record: str, add: tuple[str, ...], remove: tuple[str, ...], *, said: _Saying) -> None:
    """Put the STORY on topics and take it off others, whichever article leads it.

    With an added topic come those above it; with a removed one go those below it.
    """
    with _editing(said, [record]) as editor:
        if not (add or remove):
            raise click.UsageError("name topics with --add and --remove")
        told = editor.story(record)
        adding, removing = [*map(editor.topic, add)], [*map(editor.topic, remove)]
        if {*adding} & {*removing}:
            raise click.UsageError("a topic cannot be both added and removed")
        decision = Topics(
            story=told.story,
            article=told.lead,
            add=tuple(adding),
            remove=tuple(removing),
            **editor.said(told),
        )
        editor.note(decision)
        editor.warn(told, "topics")


@decide.command()
@click.argument("record", metavar="STORY")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The last day on which it leads, such as 2026-03-07 (in UTC).",
)
@_said
def pin(record: str, until: datetime, *, said: _Saying) -> None:
    """Let the STORY lead the site's front page, whatever its heat, up to the end of a day.

    Its heat stays what it is, and so does whether it is published. Days are those
    of the desk, which goes by its newest article.
    """
    with _editing(said, [record]) as editor:
        told = editor.story(record)
        day = until.date()
        if day < SystemClock().now().date():
            raise click.UsageError(f"--until: {day} is over")
        editor.note(Pin(story=told.story, article=told.lead, until=day, **editor.said(told)))
        if not told.published:
            click.echo("It is not published, though; for that: wiredesk decide publish")


@decide.command()
@click.argument("decision")
@_said
def undo(decision: str, *, said: _Saying) -> None:
    """Let DECISION (its id in the journal) be as if it had never been said.

    What it moved goes back to where it was; what was said besides still holds. An
    undo can be undone, too.
    """
    with _editing(said, []) as editor:
        target = editor.decision(decision)
        editor.note(Undo(undoes=target.id, **editor.said(target)))


@decide.command("list")
@_desk_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_decisions(folder: Path | None, *, as_json: bool) -> None:
    """List the decisions of the desk, the latest last, and what has become of each.

    Lines of the journal that cannot be read are told on standard error.
    """
    desk = open_desk(_folder(folder, []))
    decided, finder = desk.decided, None
    if desk.store_path.exists():
        with open_store(desk) as store:
            finder = Finder(store, decided)
    for problem in desk.journal.problems:
        click.echo(problem, err=True)
    for decision in desk.journal.decisions:
        state = _state(decision, decided, finder)
        if as_json:
            told = {**msgspec.to_builtins(decision), "state": state}
            click.echo(msgspec.json.encode(told))
        else:
            _show(decision, state)


@decide.command()
@click.argument("story")
@_desk_option
def show(story: str, folder: Path | None) -> None:
    """Show the STORY as the next run will find it: its articles, and what was decided about it."""
    desk = open_desk(_folder(folder, [story]))
    with open_store(desk) as store:
        editor = _Editor(desk, store, "", "")
        told, decided = editor.story(story), desk.decided
        publication = editor.finder.publication(told.story)
        click.echo(told.title)
        click.echo(f"  story {told.story}, {'' if told.published else 'not '}published")
        if publication is not None:
            click.echo(f"  {desk.records / publication.path}")
        click.echo("Articles")
        for article in told.articles:
            mark = "  (leads)" if article.id == told.lead else ""
            click.echo(f"  {article.id}  {article.provider.name}: {article.title}{mark}")
        decisions = decided.concerning(told.story, told.ids)
        click.echo("Decisions" if decisions else "Nothing was decided about it.")
        for decision in decisions:
            _show(decision, _state(decision, decided, editor.finder))


def _state(decision: Decision, decided: Decided, finder: Finder | None) -> str:
    """Return what has become of a decision; ``finder`` is None on a desk that never ran."""
    if decision.id in decided.undone:
        return "undone"
    if decision.id in decided.overruled:
        return "overruled by a later one"
    match decision:
        case Undo(undoes=undoes):
            waits = finder is not None and undoes in finder.at_work()
        case _:
            waits = finder is None or decision.id not in finder.carried_out()
    return "waits for the next run" if waits else "holds"


def _show(decision: Decision, state: str) -> None:
    who = decision.who or "nobody named"
    click.echo(f"{decision.id}  {sentence(decision)}")
    click.echo(f"  {decision.when.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {who}: {state}")
    if decision.why:
        click.echo(f"  {decision.why}")


class _Editor:
    """A desk under an editor's hands: finds what is meant, and notes what is said."""

    def __init__(self, desk: Desk, store: Store, who: str, why: str) -> None:
        self.finder = Finder(store, desk.decided)
        self._desk, self._store, self._who, self._why = desk, store, who, why

    def story(self, record: str) -> Told:
        """Return the story of a record. Raises ``NotFound``."""
        path = Path(record)
        named = story_of_file(self._desk, path) if path.is_file() else ""
        return self.finder.story(named or record)

    def leaving(self, told: Told, names: Sequence[str], *, alone: bool) -> list[Article]:
        """Return the articles that leave a story, by time, their copies among them."""
        chosen = [self.finder.article(told, name) for name in names]
        copies = [] if alone else self.finder.copies(told, chosen)
        leaving = {article.id for article in (*chosen, *copies)}
        if leaving >= {*told.ids}:
            with_copies = " with its copies" if copies else ""
            raise NotFound(f"that{with_copies} is the whole story; to hold it back: decide spike")
        if copies:
            copied = "1 copy" if len(copies) == 1 else f"{len(copies)} copies"
            click.echo(f"With {copied} of what leaves.")
        return [article for article in told.articles if article.id in leaving]

    def topic(self, name: str) -> str:
        """Return the name of a topic of the pack. Raises ``NotFound``."""
        names = {topic.name.casefold(): topic.name for topic in self._desk.pack.topics}
        if name.casefold() in names:
            return names[name.casefold()]
        near = get_close_matches(name.casefold(), names, n=1)
        hint = f"; {names[near[0]]}?" if near else ""
        raise NotFound(f"there is no topic {name!r}{hint}")

    def decision(self, name: str) -> Decision:
        """Return the decision of that id, or of one that begins so. Raises ``NotFound``."""
        decisions = self._desk.journal.decisions
        found = [one for one in decisions if one.id == name] or [
            one for one in decisions if name and one.id.startswith(name)
        ]
        if len(found) != 1:
            several = ", ".join(one.id for one in found)
            raise NotFound(
                f"{name}: may be any of {several}" if found else f"there is no decision {name!r}"
            )
        if found[0].id in self._desk.decided.undone:
            raise NotFound(f"decision {found[0].id} is undone already")
        return found[0]

    def said(self, *named: Told | Article | Decision) -> _Signed:
        """Return what every decision has, about what is ``named``. It is later than all before it,
        whatever clocks say: the last word counts.
        """
        decisions = self._desk.journal.decisions
        now = SystemClock().now().replace(microsecond=0)
        when = max([now, *(one.when + _SECOND for one in decisions[-1:])])
        titles = (one.title if isinstance(one, Told | Article) else sentence(one) for one in named)
        return {"who": self._who, "when": when, "why": self._why, "about": " | ".join(titles)}

    def note(self, decision: Decision) -> None:
        """Add a decision to the journal, and say what follows."""
        decision = tidy(decision)
        path = self._desk.journal_path
        append(path, decision)
        click.echo(f"Noted in {path} as {decision.id}: {sentence(decision)}.")
        after = Finder(self._store, come_to([*self._desk.journal.decisions, decision]))
        if isinstance(decision, Merge):
            kept = next(story for story in decision.stories if after.tells(story))
            click.echo(f"Story {kept} stays; the others will point to it.")
        elif isinstance(decision, Split):
            click.echo(
                f"What leaves will be story {decision.becomes}: {len(decision.articles)} of"
                f" {len(decision.articles) + len(decision.rest)} articles."
            )
        click.echo(f"The next run carries it out: wiredesk run {self._desk.root}")

    def warn(self, told: Told, key: str) -> None:
        """Say so when a human's change in the record's file holds against what was noted."""
        publication = self.finder.publication(told.story)
        if publication is not None and held_by_hand(self._desk, publication.path, key):
            click.echo(
                f"But {key} was changed by hand in {self._desk.records / publication.path}, and that"
                " holds: change it there, or set it back to what the desk wrote."
            )


@contextmanager
def _editing(said: _Saying, records: Sequence[str]) -> Iterator[_Editor]:
    if not said.why.strip():
        raise click.UsageError("say why: --why has no word")
    desk = open_desk(_folder(said.folder, records))
    with open_store(desk) as store:
        yield _Editor(desk, store, said.who or _login(), said.why)


def _folder(folder: Path | None, records: Sequence[str]) -> Path:
    """Return the desk's folder: as it is named, else the one around the first record that is a file,
    else the one around the current folder.
    """
    if folder is not None:
        return folder
    files = (Path(record) for record in records if Path(record).is_file())
    around = desk_around(next(files, Path()))
    if around is None:
        raise ConfigError("there is no desk here; name it with --desk")
    return around


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may have no name for whoever runs it
        return ""


def _rest(told: Told, leaving: Sequence[Article]) -> tuple[str, ...]:
    gone = {article.id for article in leaving}
    return tuple(one for one in told.ids if one not in gone)
