"""The bundled sample wire: one small week of news, with the truth about its events and copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from wiredesk.config import GroupSettings
from wiredesk.records.article import Article, ProviderName
from wiredesk.stages.group import Group, Grouping

TRUTH = Path(__file__).resolve().parents[3] / "samples" / "source" / "truth.json"


class Told(msgspec.Struct, frozen=True):
    """An article of the sample wire, with its event and what it copies."""

    id: str
    provider: str
    title: str
    published: str
    language: str
    event: str
    copy_of: str
    paragraphs: tuple[str, ...]

    @property
    def story(self) -> str:
        """The event as one language tells it; an article about no event is alone."""
        return f"{self.event} {self.language}" if self.event else self.id

    def article(self, *, excerpt_only: bool = False) -> Article:
        """Return the article, with the first paragraph alone if its page could not be read."""
        return Article(
            id=self.id,
            title=self.title,
            excerpt=self.paragraphs[0] if self.paragraphs else "",
            text="" if excerpt_only else "\n\n".join(self.paragraphs),
            language=self.language,
            provider=ProviderName(name=self.provider, domain=self.provider),
            published_date_time=datetime.fromisoformat(self.published) if self.published else None,
        )


@pytest.fixture(scope="module")
def wire() -> list[Told]:
    return msgspec.json.decode(TRUTH.read_bytes(), type=list[Told])


@pytest.fixture(scope="module")
def grouping(wire: list[Told]) -> Grouping:
    return Group(GroupSettings())([told.article() for told in wire])


def b_cubed_f1(truth: dict[str, str], found: dict[str, str]) -> float:
    """Return B-cubed F1 (Bagga and Baldwin 1998)."""
    stories, events = Counter(found.values()), Counter(truth.values())
    both = Counter((found[one], event) for one, event in truth.items())
    common = [both[found[one], event] for one, event in truth.items()]
    precision = sum(n / stories[found[one]] for one, n in zip(truth, common, strict=True))
    recall = sum(n / events[truth[one]] for one, n in zip(truth, common, strict=True))
    return 2 * precision * recall / (precision + recall) / len(truth)


def found_in(grouping: Grouping) -> dict[str, str]:
    return {member.id: member.story for member in grouping.memberships}


def test_a_small_week_of_news_falls_into_its_events(wire: list[Told], grouping: Grouping) -> None:
    truth = {told.id: told.story for told in wire}
    assert b_cubed_f1(truth, found_in(grouping)) >= 0.85


def test_an_event_is_found_by_titles_and_first_paragraphs_too(wire: list[Told]) -> None:
    truth = {told.id: told.story for told in wire}
    leads = Group(GroupSettings())([told.article(excerpt_only=True) for told in wire])
    assert b_cubed_f1(truth, found_in(leads)) >= 0.75


def test_no_story_tells_of_two_events(wire: list[Told], grouping: Grouping) -> None:
    events: dict[str, set[str]] = defaultdict(set)
    stories = found_in(grouping)
    for told in wire:
        if told.event:
            events[stories[told.id]].add(told.event)
    assert [together for together in events.values() if len(together) > 1] == []


def test_every_copy_is_found_and_nothing_else_is_one(wire: list[Told], grouping: Grouping) -> None:
    families = {told.id: told.copy_of or told.id for told in wire}
    copies = {one.id: one.duplicate_of for one in grouping.memberships if one.duplicate_of}
    wrong = {one: of for one, of in copies.items() if families[one] != families[of]}
    assert wrong == {}
    assert len(copies) == sum(bool(told.copy_of) for told in wire)


def test_two_reports_are_one_story_even_if_they_are_the_whole_window(wire: list[Told]) -> None:
    by_id = {told.id: told.article() for told in wire}
    pair = [by_id["northwire/sable-plant"], by_id["meridian-ledger/sable-plant"]]
    other = by_id["northwire/export-rules"]
    stories = found_in(Group(GroupSettings())([*pair, other]))
    assert stories[pair[0].id] == stories[pair[1].id] != stories[other.id]
