"""Telling: one story from its articles, with its lead, its numbers and the gate's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from wiredesk.config import ScoreSettings
from wiredesk.engine.profiles import Profile, Teller
from wiredesk.ports.signal import Standing
from wiredesk.ports.store import ArticleRow
from wiredesk.records.article import Article
from wiredesk.records.identity import content_digest
from wiredesk.records.judgement import Membership, Relation, Score
from wiredesk.records.provider import ProviderRegistry
from wiredesk.records.story import Story
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

    def tellers(
        self, members: Sequence[Membership], rows: Mapping[str, ArticleRow], as_of: datetime
    ) -> list[Teller]:
        """Return the articles of one story with their quality, its lead first."""
        return sorted(
            (self._teller(member, members, rows, as_of) for member in members), key=_order
        )

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
        self,
        member: Membership,
        members: Sequence[Membership],
        rows: Mapping[str, ArticleRow],
        as_of: datetime,
    ) -> Teller:
        row = rows[member.id]
        article = row.article
        provider = self._registry.of_host(article.domain)
        others = (rows[mate.id].article for mate in members)
        standing = Standing(
            article=article,
            topics=row.topics,
            provider=provider,
            copy_of=member.duplicate_of,
            first_in_story=all(
                _time(article) <= _time(other) for other in others if other.domain != article.domain
            ),
            as_of=as_of,
            settings=self._settings,
        )
        return Teller(
            article=article,
            membership=member,
            provider=provider,
            topics=row.topics,
            digest=row.digest,
            quality=self._profile.quality(standing),
        )


def _order(teller: Teller) -> tuple[bool, int, float, str]:
    """Order the tellers of a story, its lead first: no copies, the best, the newer on a tie."""
    article = teller.article
    copy = bool(teller.membership.duplicate_of)
    return copy, -teller.quality.total, -_time(article).timestamp(), article.id


def _time(article: Article) -> datetime:
    return article.published_date_time or article.fetched_at or _NEVER
