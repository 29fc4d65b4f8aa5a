"""From a due date to a released edition: composing, the editor's window, and what stays of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from wiredesk.config import SeriesSettings, Settings
from wiredesk.engine.newsletter.composing import GRACE, Newsroom, compose, items_of
from wiredesk.engine.newsletter.schedule import before, is_due, issue_id, last_due
from wiredesk.errors import BranchMoved, ConfigError, PublishError
from wiredesk.ports.clock import Clock
from wiredesk.ports.letters import Letters
from wiredesk.ports.repository import Repository
from wiredesk.publishers.newsletter import (
    FOLDER,
    MOST_BYTES,
    archive,
    record,
    record_path,
    render,
)
from wiredesk.records.newsletter import Issue, Item
from wiredesk.records.paths import FOLDER as RECORDS
from wiredesk.records.topic import TopicPack

MOST_BACK = timedelta(days=31)
"""How far an edition looks back at most, however long ago the last one was."""
_ATTEMPTS = 3


class Issuing:
    """Makes, holds and releases editions. All methods raise ``StoreError``."""

    def __init__(
        self,
        *,
        letters: Letters,
        clock: Clock,
        settings: Settings,
        pack: TopicPack,
        newsroom: Callable[[datetime], Newsroom],
        repository: Repository,
        public: Path,
    ) -> None:
        self._letters, self._clock, self._settings = letters, clock, settings
        self._pack, self._newsroom = pack, newsroom
        self._repository, self._public = repository, public

    # By the calendar

    def compose_due(self) -> list[Issue]:
        """Make the editions that are due and not made yet; return them. Only for the sender: two at once
        would choose the same stories. Raises ``PublishError`` when the records cannot be read now.
        """
        mail, now = self._settings.newsletter, self._clock.now()
        made: list[Issue] = []
        for series in mail.series:
            issues = list(self._letters.issues())
            due = is_due(series, mail.zone, now, issues)
            if due is not None:
                issue = self._composed(series, due, now, issues)
                self._letters.keep(issue)
                made.append(issue)
        return made

    def preview(self, name: str, at: datetime | None) -> Issue:
        """Return the edition of a series as it would be now, or at a time; nothing is kept.

        Raises ``ConfigError`` for a series that the desk has not.
        """
        series = self.series(name)
        when = at or self._clock.now()
        issues = [issue for issue in self._letters.issues() if issue.due < when]
        due = last_due(series, self._settings.newsletter.zone, when) if at is None else when
        issue = self._composed(series, due, when, issues)
        return self._with_content(issue, self._now(issue), when)

    def series(self, name: str) -> SeriesSettings:
        """Return the series of that name, or the first for an empty one. Raises ``ConfigError``."""
        known = self._settings.newsletter.series
        found = next((each for each in known if not name or each.name == name), None)
        if found is None:
            told = ", ".join(each.name for each in known) or "none yet; add [[newsletter.series]]"
            raise ConfigError(f"desk.toml: there is no newsletter {name!r}; there are: {told}")
        return found

    def _composed(
        self, series: SeriesSettings, due: datetime, now: datetime, issues: Sequence[Issue]
    ) -> Issue:
        mail = self._settings.newsletter
        went = [
            issue.due
            for issue in issues
            if issue.series == series.name and issue.status not in {"dropped", "empty"}
        ]
        since = max(max(went, default=before(series, mail.zone, due)), due - MOST_BACK)
        choice = compose(series, self._pack, self._newsroom(since - GRACE), issues, since)
        return Issue(
            id=issue_id(series.name, due),
            series=series.name,
            due=due,
            since=since,
            review_until=now + timedelta(minutes=mail.review_minutes),
            status="waiting" if choice.picks else "empty",
            picks=choice.picks,
            passed=choice.passed,
        )

    # By an editor

    def hold(self, issue_id: str) -> Issue:
        """Keep an edition from being released by itself. Raises ``ConfigError``."""
        return self._changed(issue_id, "waiting", status="held")

    def drop(self, issue_id: str) -> Issue:
        """Never send an edition, or to nobody else if it is being sent; the stories of one that nobody
        has are free for the next. Raises ``ConfigError``.
        """
        return self._changed(issue_id, "waiting", "held", "released", status="dropped")

    def remove(self, issue_id: str, story: str) -> Issue:
        """Take a story out of an edition, for all later ones too. Raises ``ConfigError``."""
        with self._letters.changing():
            issue = self._open(issue_id, "waiting", "held")
            gone = tuple(pick for pick in issue.picks if pick.story == story)
            if not gone:
                raise ConfigError(f"{issue_id}: has no story {story}")
            left = tuple(pick for pick in issue.picks if pick.story != story)
            issue = msgspec.structs.replace(issue, picks=left, removed=(*issue.removed, *gone))
            self._letters.keep(issue)
        return issue

    def release(self, issue_id: str) -> Issue:
        """Fix an edition's content now, whether its window has ended or not. Raises ``ConfigError``."""
        room = self._now(self._open(issue_id, "waiting", "held"))
        with self._letters.changing():
            issue = self._open(issue_id, "waiting", "held")
            issue = self._with_content(issue, room, self._clock.now())
            self._letters.keep(issue)
        return issue

    def show(self, issue_id: str) -> Issue:
        """Return an edition, before its release with the content that it would have now.

        Raises ``ConfigError`` for one that is not there.
        """
        issue = self._open(issue_id)
        if issue.status not in {"waiting", "held"}:
            return issue
        now = self._with_content(issue, self._now(issue), self._clock.now())
        return msgspec.structs.replace(issue, items=now.items)

    def release_due(self) -> list[Issue]:
        """Release the editions whose window has ended; return them."""
        now = self._clock.now()
        due = [
            issue.id
            for issue in self._letters.issues()
            if issue.status == "waiting" and issue.review_until <= now
        ]
        return [self.release(issue_id) for issue_id in due]

    def _now(self, issue: Issue) -> Newsroom:
        return self._newsroom(issue.since - GRACE)

    def _with_content(self, issue: Issue, room: Newsroom, now: datetime) -> Issue:
        """Return ``issue`` released with the content of now, as much of it as a mail may hold."""
        items = items_of(issue, room, self._pack)
        if not items:
            return msgspec.structs.replace(issue, status="empty")
        path = record_path(issue, self._settings.newsletter.zone)
        fixed = msgspec.structs.replace(issue, status="released", released_at=now, path=path)
        items = self._fitting(fixed, items)
        kept = {item.story for item in items}
        picks = tuple(pick for pick in issue.picks if pick.story in kept)
        return msgspec.structs.replace(fixed, items=items, picks=picks)

    def _fitting(self, issue: Issue, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """Return the first of ``items`` that make a mail which is shown whole."""
        while len(items) > 1:
            made = render(msgspec.structs.replace(issue, items=items), self._settings)
            if len(made.html.encode()) <= MOST_BYTES:
                break
            items = items[:-1]
        return items

    def _changed(self, issue_id: str, *was: str, status: str) -> Issue:
        with self._letters.changing():
            issue = msgspec.convert(
                {**msgspec.to_builtins(self._open(issue_id, *was)), "status": status}, Issue
            )
            self._letters.keep(issue)
        return issue

    def _open(self, issue_id: str, *statuses: str) -> Issue:
        issue = self._letters.issue(issue_id)
        if issue is None:
            raise ConfigError(f"there is no edition {issue_id}; see: wiredesk newsletter list")
        if statuses and issue.status not in statuses:
            raise ConfigError(f"{issue_id}: is {issue.status}, so this comes too late")
        return issue

    # What stays

    def record_released(self) -> list[str]:
        """Write the record of each released edition that has none yet, and all fragments; return a
        sentence for what could not be written now.
        """
        issues = self._letters.issues()
        due = [issue for issue in issues if issue.is_public and not issue.recorded]
        try:
            for issue in due:
                self._commit(issue)
            archive(tuple(issues), self._settings, self._public)
        except PublishError as error:
            return [f"{error}; the next run tries again"]
        return []

    def _commit(self, issue: Issue) -> None:
        """Write one record, unless something is at its path: what is there is a human's, or ours."""
        for _ in range(_ATTEMPTS):
            self._repository.snapshot(RECORDS)  # so that what others committed there is laid first
            snapshot = self._repository.snapshot(FOLDER)
            try:
                if issue.path not in snapshot.files:
                    body = record(issue, self._settings)
                    told = f"newsletter {issue.id}\n\n{FOLDER}: {len(issue.items)} stories\n"
                    self._repository.commit(snapshot.head, {issue.path: body}, told, issue.due)
                break
            except BranchMoved:
                continue
        else:
            raise PublishError("the records' branch kept moving")
        with self._letters.changing():
            current = self._open(issue.id)
            self._letters.keep(msgspec.structs.replace(current, recorded=True))
