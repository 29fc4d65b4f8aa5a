"""From a due date to a released edition: the editor's window, the fixed content, what stays."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import msgspec
import pytest
from letterdesk import DAILY, MONDAY, WEEKLY, LetterDesk, settings, story

from wiredesk.engine.newsletter.composing import Newsroom
from wiredesk.engine.newsletter.issuing import Issuing
from wiredesk.errors import ConfigError, PublishError
from wiredesk.publishers.newsletter import MOST_BYTES, render
from wiredesk.records.newsletter import Issue

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> LetterDesk:
    stories = (story("a", heat=90), story("b", heat=80))
    return LetterDesk(tmp_path, settings(review_minutes=60), stories=stories)


def the_issue(desk: LetterDesk) -> Issue:
    (issue,) = desk.letters.issues()
    return issue


def test_an_edition_waits_for_its_editor_and_is_then_released(desk: LetterDesk) -> None:
    desk.cycle()
    assert (the_issue(desk).id, the_issue(desk).status) == ("daily-2026-03-02-0600", "waiting")
    desk.time += HOUR - timedelta(seconds=1)
    desk.cycle()
    assert the_issue(desk).status == "waiting"
    desk.time += timedelta(seconds=1)
    desk.cycle()
    assert the_issue(desk).status == "sent"
    assert the_issue(desk).released_at == desk.time


def test_what_the_editor_changes_meanwhile_is_what_goes_out(desk: LetterDesk) -> None:
    desk.cycle()
    desk.edit("a", title="Said better")
    desk.edit("b", published=False)
    desk.time += HOUR
    desk.cycle()
    assert [item.title for item in the_issue(desk).items] == ["Said better"]
    desk.edit("a", title="Too late")
    desk.cycle()
    assert [item.title for item in the_issue(desk).items] == ["Said better"]


def test_a_held_edition_stays_until_it_is_released(desk: LetterDesk) -> None:
    desk.cycle()
    desk.issuing.hold(the_issue(desk).id)
    desk.time += 10 * HOUR
    desk.cycle()
    assert the_issue(desk).status == "held"
    desk.issuing.release(the_issue(desk).id)
    desk.cycle()
    assert the_issue(desk).status == "sent"


def test_the_editor_may_release_early(desk: LetterDesk) -> None:
    desk.cycle()
    assert desk.issuing.release(the_issue(desk).id).status == "released"


def test_a_dropped_edition_is_never_sent_and_its_stories_come_in_the_next(desk: LetterDesk) -> None:
    desk.cycle()
    desk.issuing.drop(the_issue(desk).id)
    desk.time += timedelta(days=1, hours=1)
    desk.cycle()
    first, second = desk.letters.issues()
    assert (first.status, second.status) == ("dropped", "waiting")
    assert [pick.story for pick in second.picks] == ["a", "b"]
    desk.time += 2 * HOUR
    desk.cycle()
    assert [each.status for each in desk.letters.issues()] == ["dropped", "sent"]


def test_a_story_that_is_taken_out_is_in_no_later_edition(desk: LetterDesk) -> None:
    desk.cycle()
    assert [p.story for p in desk.issuing.remove(the_issue(desk).id, "a").picks] == ["b"]
    desk.time += timedelta(days=1, hours=1)
    desk.cycle()
    assert [item.story for item in desk.letters.issues()[0].items] == ["b"]
    assert desk.letters.issues()[1].status == "empty"


def test_nothing_to_tell_makes_no_edition_for_readers(desk: LetterDesk) -> None:
    desk.stories = []
    desk.cycle()
    assert the_issue(desk).status == "empty"
    desk.stories = [story("late", MONDAY + HOUR)]
    desk.time += HOUR
    desk.cycle()
    assert the_issue(desk).status == "empty", "the next one has it"
    desk.time = MONDAY + timedelta(days=1)
    desk.cycle()
    assert [pick.story for pick in desk.letters.issues()[1].picks] == ["late"]


def test_an_edition_whose_stories_were_all_withdrawn_is_empty_and_sent_to_nobody(
    desk: LetterDesk,
) -> None:
    desk.subscribe("ada@reader.example")
    desk.cycle()
    desk.stories = []
    desk.time += HOUR
    desk.cycle()
    assert the_issue(desk).status == "empty"
    assert desk.letters.deliveries(the_issue(desk).id) == []


def test_what_comes_too_late_is_told(desk: LetterDesk) -> None:
    with pytest.raises(ConfigError, match="there is no edition nope"):
        desk.issuing.hold("nope")
    desk.cycle()
    with pytest.raises(ConfigError, match="has no story z"):
        desk.issuing.remove(the_issue(desk).id, "z")
    desk.time += HOUR
    desk.cycle()
    for act in (desk.issuing.hold, desk.issuing.drop, desk.issuing.release):
        with pytest.raises(ConfigError, match="is sent, so this comes too late"):
            act(the_issue(desk).id)


def test_two_series_share_their_stories_unless_one_is_a_digest(tmp_path: Path) -> None:
    for digest, told in ((False, []), (True, ["a"])):
        weekly = msgspec.structs.replace(WEEKLY, cron="0 6 * * *", digest=digest)
        desk = LetterDesk(tmp_path / str(digest), settings(DAILY, weekly), stories=(story("a"),))
        desk.cycle()
        of_weekly = next(each for each in desk.letters.issues() if each.series == "weekly")
        assert [item.story for item in of_weekly.items] == told


def test_a_long_edition_is_cut_where_mail_programs_would_cut_it(tmp_path: Path) -> None:
    series = msgspec.structs.replace(DAILY, stories=50, per_topic=50)
    words = "港 " * 149
    stories = [
        story(f"s{n}", heat=100 - n, title=f"{n} {words}", excerpt="Ж" * 500, topics=(f"T{n}",))
        for n in range(50)
    ]
    desk = LetterDesk(tmp_path, settings(series), stories=stories)
    desk.cycle()
    issue = the_issue(desk)
    size = len(render(issue, desk.settings).html.encode())
    assert 0.9 * MOST_BYTES < size <= MOST_BYTES
    assert [item.story for item in issue.items] == [f"s{n}" for n in range(len(issue.items))]
    desk.time += timedelta(days=1)
    desk.cycle()
    following = desk.letters.issues()[1]
    assert following.items[0].story == f"s{len(issue.items)}", "the rest comes in the next one"


def committed(desk: LetterDesk) -> list[str]:
    done = subprocess.run(
        ["git", "-C", str(desk.records), "log", "--format=%s", "--name-only"],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in done.stdout.splitlines() if line]


def test_an_edition_leaves_a_record_in_the_repository_and_a_fragment_for_the_site(
    desk: LetterDesk,
) -> None:
    desk.subscribe("ada@reader.example")
    desk.cycle()
    assert not desk.records.exists()
    desk.time += HOUR
    desk.cycle()
    path = "_newsletters/2026-03-02-daily-0600.md"
    assert committed(desk) == ["newsletter daily-2026-03-02-0600", path]
    record = (desk.records / path).read_text()
    assert "edition: daily-2026-03-02-0600" in record
    assert "### [About a](<https://courier.example/a>)" in record
    fragment = (desk.public / "newsletters" / "2026-03-02-daily-0600.fragment").read_text()
    assert fragment.startswith('<article class="newsletter" lang="en">')
    assert '<a href="https://courier.example/a">About a</a>' in fragment
    for text in (record, fragment, "\n".join(committed(desk))):
        assert "reader.example" not in text


def test_a_record_is_written_once_whatever_a_human_makes_of_it(desk: LetterDesk) -> None:
    desk.cycle()
    desk.time += HOUR
    desk.cycle()
    file = desk.records / the_issue(desk).path
    file.write_text("mine\n")
    desk.cycle()
    assert file.read_text() == "mine\n"
    file.unlink()
    desk.cycle()
    assert not file.exists()
    assert len(committed(desk)) == 2


def test_a_record_that_was_committed_before_a_kill_is_not_written_again(desk: LetterDesk) -> None:
    desk.cycle()
    desk.time += HOUR
    desk.cycle()
    desk.letters.keep(msgspec.structs.replace(the_issue(desk), recorded=False))
    desk.cycle()
    assert the_issue(desk).recorded
    assert len(committed(desk)) == 2


def test_a_repository_that_cannot_be_written_delays_the_record_only(desk: LetterDesk) -> None:
    desk.records.write_text("in the way")
    desk.cycle()
    desk.time += HOUR
    desk.cycle()
    assert the_issue(desk).status == "sent"
    (trouble,) = desk.issuing.record_released()
    assert "the next run tries again" in trouble
    desk.records.unlink()
    assert desk.issuing.record_released() == []
    assert (desk.records / the_issue(desk).path).exists()


def test_a_preview_keeps_nothing(desk: LetterDesk) -> None:
    assert [item.story for item in desk.issuing.preview("", None).items] == ["a", "b"]
    assert desk.letters.issues() == []
    with pytest.raises(ConfigError, match="there are: daily"):
        desk.issuing.preview("monthly", None)


def test_a_desk_that_sends_by_other_means_gets_files_without_recipients(tmp_path: Path) -> None:
    desk = LetterDesk(tmp_path, settings(deliver="files"), stories=(story("a"),))
    desk.subscribe("ada@reader.example")
    desk.cycle()
    folder = desk.outbox / "daily-2026-03-02-0600"
    assert {file.name for file in folder.iterdir()} == {"letter.html", "letter.txt", "subject.txt"}
    for file in folder.iterdir():
        text = file.read_text()
        assert "About a" in text
        assert "nsubscribe" not in text
        assert "reader.example" not in text
    assert the_issue(desk).status == "sent"
    assert desk.letters.deliveries(the_issue(desk).id) == []


def test_records_that_another_run_is_writing_delay_no_letter_that_is_out(desk: LetterDesk) -> None:
    desk.subscribe("ada@reader.example")
    desk.cycle()
    desk.issuing.release(the_issue(desk).id)

    class Locked(LetterDesk):
        @property
        def issuing(self) -> Issuing:
            def busy(since: datetime) -> Newsroom:
                raise PublishError("another wiredesk is writing here")

            inner = LetterDesk.issuing.fget(self)  # type: ignore[attr-defined]
            inner._newsroom = busy
            return cast("Issuing", inner)

    locked = Locked(desk.public.parent, desk.settings, letters=desk.letters, post=desk.post)
    locked.time = MONDAY + timedelta(days=1)
    locked.cycle()
    assert [each.status for each in desk.letters.issues()] == ["sent"]
