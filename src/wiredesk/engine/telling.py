"""Telling: one story from its articles, with its lead, its numbers and the gate's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from wiredesk.config import ScoreSettings
from wiredesk.engine.profiles import Profile, Teller
from wiredesk.ports.signal import Place, Standing
from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article
from wiredesk.records.identity import content_digest
from wiredesk.records.judgement import LedgerLine, Membership, Relation, Score
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.story import Story
from wiredesk.records.weburl import host_of
from wiredesk.stages.gate import gate
from wiredesk.stages.score import superseded

_NEVER = datetime.min.replace(tzinfo=UTC)


class Tell:
    """Makes the story of some memberships, by one profile and one registry."""

    def __init__(
        self,
        profile: Profile,
        registry: ProviderRegistry,
        settings: ScoreSettings,
        *,
        needs_topic: bool,
    ) -> None:
        self._profile, self._registry, self._settings = profile, registry, settings
        self._needs_topic = needs_topic

    def assessed(self, row: ArticleRow, made_by: str) -> ArticleRow:
        """Return ``row`` with what is said of its article alone, as it is if that cannot have changed:
        ``made_by`` is a digest of all that it depends on beside the row and its publisher.

        An article whose text is gone (``Article.sealed_digest``) keeps what was said when it was there.
        """
        textless = bool(row.article.sealed_digest) and not row.article.text
        if row.scored and textless:
            return row
        standing = self._standing(row)
        basis = content_digest(
            [
                made_by,
                row.digest,
                row.topics,
                standing.provider,
                standing.rating,
                standing.advertises,
            ]
        )
        if row.scored == basis:
            return row
        return msgspec.structs.replace(row, lines=self._profile.lines(standing), scored=basis)

    def said_of(self, row: ArticleRow) -> tuple[LedgerLine, ...]:
        """Return what is said of an article alone."""
        return self._profile.lines(self._standing(row))

    def told_again(self, story: Story, articles: Iterable[Article]) -> list[Teller]:
        """Return the articles of a story as they were told, its lead first, from what is kept of them
        without their texts.
        """
        by_id = {article.id: article for article in articles}
        tellers = [
            Teller(
                article=by_id[member.id],
                membership=member,
                provider=self._registry.of_host(by_id[member.id].domain),
                topics=(),
                digest="",
                lines=self._profile.own(story.scores[member.id].quality, member.duplicate_of),
                quality=story.scores[member.id].quality,
            )
            for member in story.members
        ]
        return sorted(tellers, key=lambda teller: teller.article.id != story.lead)

    def restored(self, row: ArticleRow, score: Score, copy_of: str, made_by: str) -> ArticleRow:
        """Return the row of an article that was told with ``score``, with what was said of it then."""
        lines = self._profile.own(score.quality, copy_of)
        return msgspec.structs.replace(row, lines=lines, scored=made_by)

    def tellers(
        self, members: Sequence[Membership], rows: Mapping[str, ArticleRow]
    ) -> list[Teller]:
        """Return the articles of one story with their quality, its lead first."""
        return sorted((self._teller(member, members, rows) for member in members), key=_order)

    def story(
        self,
        tellers: Sequence[Teller],
        everyone: Mapping[str, Teller],
        relations: Sequence[Relation],
        as_of: datetime,
        *,
        ruling: bool | None = None,
    ) -> Story:
        """Return the story of ``tellers``; ``everyone`` has every article of the window by id, and
        ``ruling`` is an editor's word on whether it is published.
        """
        lead = tellers[0]
        scores = self.scores(tellers, len(relations), as_of)
        published, why = gate(
            scores[lead.article.id].heat.total,
            peak=self._profile.gated(tellers, len(relations), as_of),
            threshold=self._settings.threshold,
            topics=tuple(match.topic for match in lead.topics),
            needs_topic=self._needs_topic,
            superseded=False,
            ruling=ruling,
        )
        shown = [*tellers, *(everyone[relation.id] for relation in relations)]
        return Story(
            id=lead.membership.story,
            lead=lead.article.id,
            members=tuple(teller.membership for teller in tellers),
            topics=lead.topics,
            scores=scores,
            related=tuple(Relation(id=item.id, why=item.why) for item in relations),
            published=published,
            gate=why,
            language=lead.article.language,
            newest=max(_time(teller.article) for teller in tellers),
            as_of=as_of,
            basis=content_digest([(teller.digest, teller.quality.total) for teller in shown]),
        )

    def scores(self, tellers: Sequence[Teller], related: int, as_of: datetime) -> dict[str, Score]:
        """Return the numbers of each article of a story: its lead's heat is the story's."""
        lead, *others = tellers
        heat = self._profile.heat(tellers, related, as_of)
        stands_for = superseded(lead.article.id)
        return {
            lead.article.id: Score(quality=lead.quality, heat=heat),
            **{other.article.id: Score(quality=other.quality, heat=stands_for) for other in others},
        }

    def _teller(
        self, member: Membership, members: Sequence[Membership], rows: Mapping[str, ArticleRow]
    ) -> Teller:
        row = rows[member.id]
        article = row.article
        others = (rows[mate.id].article for mate in members)
        first = all(
            _time(article) <= _time(other) for other in others if other.domain != article.domain
        )
        lines = row.lines if row.scored else self.said_of(row)
        return Teller(
            article=article,
            membership=member,
            provider=self._registry.of_host(article.domain),
            topics=row.topics,
            digest=row.digest,
            lines=lines,
            quality=self._profile.quality(lines, Place(copy_of=member.duplicate_of, first=first)),
        )

    def _standing(self, row: ArticleRow) -> Standing:
        article = row.article
        return Standing(
            article=article,
            topics=row.topics,
            provider=self._registry.of_host(article.domain),
            rating=self._registry.rating_of(_host(article)),
            advertises=self._registry.advertises(article.domain),
        )


def _host(article: Article) -> str:
    """Return the host of the article's page if it is its provider's, else the provider's domain."""
    host = host_of(article.web_url)
    return host if f".{host}".endswith(f".{article.domain}") else article.domain


def _order(teller: Teller) -> tuple[bool, int, float, str]:
    """Order the tellers of a story, its lead first: no copies, the best, the newer on a tie."""
    article = teller.article
    copy = bool(teller.membership.duplicate_of)
    return copy, -teller.quality.total, -_time(article).timestamp(), article.id


def _time(article: Article) -> datetime:
    return article.published_date_time or article.fetched_at or _NEVER


def steady(story: Story, before: Story | None) -> Story:
    """Return ``before`` if ``story`` differs from it only in how the same numbers come about: with
    time, voices fade and the age grows long before a heat moves by a whole point, and a record is
    not to be written anew for that.
    """
    if before is None or before.scores.keys() != story.scores.keys():
        return story
    scores = {
        name: msgspec.structs.replace(score, heat=old.heat)
        if (old := before.scores[name]).heat.total == score.heat.total
        else score
        for name, score in story.scores.items()
    }
    same = msgspec.structs.replace(story, scores=scores, as_of=before.as_of)
    return before if same == before else story
