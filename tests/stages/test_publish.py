"""Publishing into real Git: what is new is written, what a human did is kept, nothing else moves."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from wiredesk.adapters.git import GitRepository
from wiredesk.records.article import ProviderName
from wiredesk.records.keys import Key, KeyRing
from wiredesk.records.record import Record
from wiredesk.records.story import Draft, Publication
from wiredesk.stages.publish import Publish, Published, read_record
from wiredesk.stages.seal import Seal

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OLD, NEW = Key(bytes(range(32))), Key(bytes(range(1, 33)))
SEAL = Seal(NEW)
SHIPS, TRAINS = "5" * 20, "7" * 20


def drafted(story: str, title: str, heat: int = 80, note: str = "private words") -> Draft:
    record = Record(
        title=title,
        excerpt="What happened.",
        published_date_time="2026-03-01T12:00:00Z",
        web_url="https://harbour-courier.example/a",
        quality=70,
        heat=heat,
        published=True,
        provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
        topics=("Ports",),
    )
    return Draft(story=story, record=record, secret={"note": note})


class Desk:
    """A repository and what a store would remember of it."""

    def __init__(self, folder: Path, seal: Seal = SEAL, newline: str = "lf") -> None:
        self.folder, self.newline, self.seal = folder, newline, seal
        self.known: dict[str, Publication] = {}

    def publish(self, *drafts: Draft, later: Sequence[Draft] = ()) -> Published:
        """Publish ``drafts``; ``later`` are given when they are asked for."""
        repository = GitRepository(self.folder)
        redraft = {draft.story: draft for draft in later}.get
        done = Publish(repository, self.seal, self.newline)(drafts, self.known, AT, redraft)
        self.known |= {publication.story: publication for publication in done.publications}
        return done

    def git(self, *arguments: str) -> str:
        human = ["-c", "user.name=A Human", "-c", "user.email=human@harbour-courier.example"]
        done = subprocess.run(
            ["git", *human, *arguments], cwd=self.folder, capture_output=True, check=True, text=True
        )
        return done.stdout.strip()

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_bytes().decode()
        assert old in text
        file.write_bytes(text.replace(old, new).encode())

    def file(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "records")


SHIPS_FILE = "_news/2026-03-01-ships.md"


def test_new_stories_become_files_in_one_commit_with_a_readable_message(desk: Desk) -> None:
    done = desk.publish(drafted(TRAINS, "Trains"), drafted(SHIPS, "Ships"))
    assert (done.new, done.changed, done.kept, done.withdrawn) == (2, 0, 0, 0)
    assert done.commit == desk.git("rev-parse", "HEAD")
    assert desk.git("log", "--format=%B") == (
        "publish 2 new stories\n\n_news/2026-03-01-ships.md\n_news/2026-03-01-trains.md"
    )
    assert [path for path, _ in done.records] == [SHIPS_FILE, "_news/2026-03-01-trains.md"]
    assert desk.git("status", "--porcelain") == ""


def test_again_with_nothing_new_there_is_no_commit_and_no_byte_changes(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    before = desk.file(SHIPS_FILE)
    done = desk.publish(drafted(SHIPS, "Ships"))
    assert (done.commit, done.kept, done.changed) == ("", 1, 0)
    assert desk.file(SHIPS_FILE) == before


def test_a_lost_store_finds_each_story_again_by_its_seal(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    known = dict(desk.known)
    desk.known.clear()
    done = desk.publish(drafted(SHIPS, "Ships"))
    assert done.commit == ""
    assert desk.known == known


def test_the_order_of_drafts_does_not_matter(tmp_path: Path) -> None:
    drafts = [drafted(SHIPS, "Same"), drafted(TRAINS, "Same")]
    one, other = Desk(tmp_path / "one"), Desk(tmp_path / "other")
    assert one.publish(*drafts).commit == other.publish(*reversed(drafts)).commit
    assert [path for path, _ in one.publish().records] == [
        "_news/2026-03-01-same-77777777.md",
        "_news/2026-03-01-same.md",
    ]


def test_a_changed_title_does_not_move_the_file(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    done = desk.publish(drafted(SHIPS, "Ships at last"))
    assert [path for path, _ in done.records] == [SHIPS_FILE]
    assert done.changed == 1
    assert desk.known[SHIPS].revision == 2
    assert "Ships at last" in desk.file(SHIPS_FILE)


@pytest.mark.parametrize("committed", [True, False])
def test_a_humans_edit_holds_and_a_conflict_is_told(desk: Desk, *, committed: bool) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    desk.edit(SHIPS_FILE, '"Ships"', '"Boats"')
    desk.edit(SHIPS_FILE, "published: true", "published: false")
    if committed:
        desk.git("commit", "-qam", "boats")
    assert desk.publish(drafted(SHIPS, "Ships", heat=90)).conflicts == ()
    done = desk.publish(drafted(SHIPS, "Vessels", heat=90))
    ((_, record),) = done.records
    assert (record.title, record.published, record.heat) == ("Boats", False, 90)
    (conflict,) = done.conflicts
    assert conflict == (
        f'{SHIPS_FILE}: title was changed by hand to "Boats", which is kept; '
        'the desk would now write "Vessels"'
    )
    assert desk.publish(drafted(SHIPS, "Vessels", heat=90)).commit == ""


def test_foreign_keys_body_and_line_ends_survive(desk: Desk) -> None:
    desk.newline = "crlf"
    desk.publish(drafted(SHIPS, "Ships"))
    desk.edit(SHIPS_FILE, "published: true\r\n", "published: true\r\nsticky: yes\r\n")
    file = desk.folder / SHIPS_FILE
    file.write_bytes(file.read_bytes() + b"A note below.\r\n")
    desk.newline = "lf"
    assert desk.publish(drafted(SHIPS, "Ships", heat=91)).changed == 1
    text = desk.file(SHIPS_FILE)
    assert "sticky: yes\r\n" in text
    assert text.endswith("A note below.\r\n")
    assert "heat: 91\r\n" in text


def test_a_renamed_file_is_followed(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    desk.git("mv", SHIPS_FILE, "_news/boats.md")
    desk.git("commit", "-qm", "rename")
    assert desk.publish().publications[0].path == "_news/boats.md"
    done = desk.publish(drafted(SHIPS, "Ships", heat=90))
    assert [path for path, _ in done.records] == ["_news/boats.md"]


def test_a_deleted_file_is_never_written_again_until_it_is_brought_back(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"), drafted(TRAINS, "Trains"))
    desk.git("rm", "-q", SHIPS_FILE)
    desk.git("commit", "-qm", "not fit to print")
    done = desk.publish(drafted(SHIPS, "Ships", heat=120))
    assert done.withdrawn == 1
    assert desk.known[SHIPS].withdrawn
    assert desk.publish(drafted(SHIPS, "Ships", heat=130)).commit == ""
    assert not (desk.folder / SHIPS_FILE).exists()
    desk.git("revert", "--no-edit", "HEAD")
    desk.publish()
    assert not desk.known[SHIPS].withdrawn


def test_an_unreadable_file_costs_only_itself(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"), drafted(TRAINS, "Trains"))
    (desk.folder / SHIPS_FILE).write_bytes(b"---\ntitle: [\n" + desk.file(SHIPS_FILE).encode()[4:])
    broken = desk.file(SHIPS_FILE)
    done = desk.publish(drafted(SHIPS, "Ships", heat=90), drafted(TRAINS, "Trains", heat=90))
    assert desk.file(SHIPS_FILE) == broken
    assert any(notice.startswith(f"{SHIPS_FILE}:") for notice in done.notices)
    assert [publication.story for publication in done.publications] == [TRAINS]
    assert (done.changed, done.withdrawn) == (1, 0)


def test_a_sealed_field_that_a_human_took_away_is_sealed_anew(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    file = desk.folder / SHIPS_FILE
    lines = file.read_bytes().decode().splitlines(keepends=True)
    file.write_bytes("".join(line for line in lines if "secured" not in line).encode())
    desk.edit(SHIPS_FILE, '"Ships"', '"Boats"')
    desk.publish(drafted(SHIPS, "Ships"))
    written = read_record(SHIPS_FILE, file.read_bytes(), SEAL)
    assert (written.story, written.revision, written.record.title) == (SHIPS, 2, "Boats")


def test_an_older_state_is_told_and_brought_up_to_date(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    old = desk.file(SHIPS_FILE)
    desk.publish(drafted(SHIPS, "Ships", heat=90))
    (desk.folder / SHIPS_FILE).write_bytes(old.encode())
    done = desk.publish(drafted(SHIPS, "Ships", heat=90))
    assert any("older state (revision 1, known 2)" in notice for notice in done.notices)
    assert (done.records[0][1].heat, desk.known[SHIPS].revision) == (90, 3)


def test_a_copy_of_a_record_is_told_and_not_published(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"))
    (desk.folder / "_news/a-copy.md").write_bytes(desk.file(SHIPS_FILE).encode())
    done = desk.publish(drafted(SHIPS, "Ships"))
    assert [path for path, _ in done.records] == [SHIPS_FILE]
    assert any("a copy of" in notice for notice in done.notices)


def test_what_is_private_is_in_no_public_byte_and_opens_with_the_key(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships", note="the informant's name"))
    data = (desk.folder / SHIPS_FILE).read_bytes()
    assert b"informant" not in data
    assert read_record(SHIPS_FILE, data, SEAL).secret["note"] == "the informant's name"


def test_after_a_rotation_what_is_written_is_sealed_with_the_new_key(desk: Desk) -> None:
    desk.seal = Seal(OLD)
    desk.publish(drafted(SHIPS, "Ships"), drafted(TRAINS, "Trains"))
    desk.seal = Seal(KeyRing(NEW, OLD))
    done = desk.publish(drafted(SHIPS, "Ships"))
    assert done.changed == 1
    by_path = {path: record.secured or "" for path, record in done.records}
    assert by_path[SHIPS_FILE].startswith(f"wd1.{NEW.id}.2.")
    assert by_path["_news/2026-03-01-trains.md"].startswith(f"wd1.{OLD.id}.1.")


def test_a_draft_that_the_form_cannot_hold_costs_only_itself(desk: Desk) -> None:
    bad = drafted(SHIPS, "Ships")
    bad = msgspec.structs.replace(
        bad, record=msgspec.structs.replace(bad.record, topics=("two\nlines",))
    )
    done = desk.publish(bad, drafted(TRAINS, "Trains"))
    assert done.new == 1
    assert any("cannot be written" in notice for notice in done.notices)


def pointer(story: str, into: str) -> Draft:
    told = drafted(story, "Trains")
    record = msgspec.structs.replace(told.record, heat=-1, published=False)
    secret: dict[str, object] = {"story": {"merged_into": into}}
    return msgspec.structs.replace(told, record=record, merged_into=into, secret=secret)


def test_the_record_of_a_merged_story_names_the_file_that_stands_for_it(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"), drafted(TRAINS, "Trains"))
    desk.publish(pointer(TRAINS, SHIPS))
    assert "\nmergedInto: 2026-03-01-ships.md\n" in desk.file("_news/2026-03-01-trains.md")
    assert desk.publish(pointer(TRAINS, SHIPS)).commit == ""
    desk.publish(drafted(TRAINS, "Trains"))
    assert "mergedInto" not in desk.file("_news/2026-03-01-trains.md"), "it is a story again"


def test_a_pointer_follows_the_file_that_a_human_renames(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"), drafted(TRAINS, "Trains"))
    desk.publish(pointer(TRAINS, SHIPS))
    (desk.folder / SHIPS_FILE).rename(desk.folder / "_news/ferries.md")
    desk.publish(later=[pointer(TRAINS, SHIPS)])
    assert "\nmergedInto: ferries.md\n" in desk.file("_news/2026-03-01-trains.md")
    assert desk.publish(later=[pointer(TRAINS, SHIPS)]).commit == ""


def test_a_pointer_that_a_human_changed_stays_as_it_is(desk: Desk) -> None:
    desk.publish(drafted(SHIPS, "Ships"), drafted(TRAINS, "Trains"))
    desk.publish(pointer(TRAINS, SHIPS))
    trains = "_news/2026-03-01-trains.md"
    desk.edit(trains, "mergedInto: 2026-03-01-ships.md", "mergedInto: elsewhere.md")
    (desk.folder / SHIPS_FILE).rename(desk.folder / "_news/ferries.md")
    desk.publish(later=[pointer(TRAINS, SHIPS)])
    assert "\nmergedInto: elsewhere.md\n" in desk.file(trains)
