"""Puts together what reads, classifies, groups, scores and relates for a desk."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from wiredesk import signals
from wiredesk.adapters.apart import Children
from wiredesk.adapters.clock import SystemClock
from wiredesk.adapters.kept_meanings import KeptMeanings
from wiredesk.app.desk import Desk, make_repository, make_seal
from wiredesk.engine.corrections import Corrections
from wiredesk.engine.filters import (
    Filter,
    classify_filter,
    group_filter,
    read_filter,
    relate_filter,
    score_filter,
)
from wiredesk.engine.judging import Judge
from wiredesk.engine.kinds import load_model
from wiredesk.engine.lines import Lines
from wiredesk.engine.profiles import ClassicProfile, DeskProfile, Profile
from wiredesk.engine.reading import PRELOAD, ReadPage, make_reader, prepare, read_page
from wiredesk.engine.telling import Tell
from wiredesk.errors import ConfigError
from wiredesk.ports.store import Store
from wiredesk.records.provider import ProviderRegistry
from wiredesk.stages.classify import Topics
from wiredesk.stages.group import Group
from wiredesk.stages.relate import Relate
from wiredesk.stages.score import Score


def make_profile(desk: Desk) -> Profile:
    """Return the arithmetic that the desk's settings name. Raises ``ConfigError``."""
    settings = desk.settings.score
    match settings.profile:
        case "desk":
            window = desk.settings.group.window_days
            families = signals.load_signals(), signals.load_comparisons()
            return DeskProfile(Score(*families, settings, window))
        case "classic":
            return ClassicProfile(desk.pack, settings)
        case other:
            raise ConfigError(f"desk.toml: score.profile: {other!r} is neither desk nor classic")


def make_group(desk: Desk) -> Group:
    """Return the desk's grouping, with the model that its settings name.

    Raises ``ConfigError`` for a model that is not there.
    """
    settings = desk.settings.group
    if not settings.model:
        return Group(settings)
    kept = KeptMeanings(load_model(settings.model), desk.root / "state" / "meanings.sqlite")
    return Group(settings, kept)


def make_judge(desk: Desk, store: Store) -> Judge:
    """Return the desk's judge over ``store``."""
    settings = desk.settings
    return Judge(
        store=store,
        settings=settings,
        pack=desk.pack,
        registry=desk.registry,
        classify=Topics(desk.pack, settings.classify),
        group=make_group(desk),
        relate=Relate(settings.relate),
        tell=make_tell(desk),
        labels=Corrections(make_repository(desk), make_seal(desk), desk.pack),
        decided=desk.decided,
    )


def make_tell(desk: Desk) -> Tell:
    """Return what makes the desk's stories of their articles."""
    return Tell(
        make_profile(desk),
        desk.registry,
        desk.settings.score,
        needs_topic=bool(desk.pack.topics),
    )


def read_apart(registry: ProviderRegistry) -> ReadPage:
    """Return what reads one page after the other in a child under limits, which lives as long as it
    does. It raises ``Unreadable`` and ``Ended``.
    """
    apart = Children(1, prepare=partial(prepare, make_reader, registry), preload=PRELOAD)
    return partial(apart, read_page)


def stage_filter(
    name: str, desk: Desk, as_of: datetime | None, *, keywords: bool = False
) -> Filter:
    """Return the stage ``name`` of the desk as a filter on JSON lines; ``keywords`` leaves the model of
    ``classify`` aside.
    """
    settings = desk.settings
    topics, group = Topics(desk.pack, settings.classify), make_group(desk)
    lines = Lines(settings.language, desk.registry)
    match name:
        case "read":
            return read_filter(read_apart(desk.registry), as_of or SystemClock().now())
        case "classify":
            return classify_filter(lines, topics, keywords=keywords)
        case "group":
            return group_filter(lines, group)
        case "score":
            return score_filter(lines, topics, group, make_tell(desk), as_of)
        case "relate":
            return relate_filter(lines, group, Relate(settings.relate))
        case other:
            raise ConfigError(f"there is no stage {other!r} that runs alone")
