"""topics: the right topic first, on full texts and on headlines, without a label.

The sets are those of ``topics/``, a label a line. The pack is the examined desk's, or five topics that
were written from their names and general knowledge, without a look at any text: what a stranger would
write. An article without a topic counts as wrong. The articles are the whole desk: full texts,
headlines alone, or headlines among texts (a fifth with its headlines among the texts of the others,
five times): a desk that reads texts, and has entries without. The baselines take the same keywords as
substrings and as whole words; naive Bayes, which learns from four fifths of the labels and guesses the
rest, shows what labels would make possible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from wiredesk.adapters.desk_folder.topics import read_pack
from wiredesk.exams.baselines.bayes import FOLDS, cross_validated, folds
from wiredesk.exams.baselines.keywords import Substrings, WholeWords
from wiredesk.exams.material import Corpus
from wiredesk.exams.sitting import OURS, Figure, Remark, Row, Said, Sitting, Skipped
from wiredesk.records.article import Article
from wiredesk.records.topic import TopicPack

FIVE_TOPICS = Path(__file__).parents[1] / "data" / "five_topics"

AMONG = "headline among texts"
"""The form in which a desk holds texts and is asked about entries without."""

Guess = Callable[[Sequence[Article], Sequence[Article]], Sequence[str]]
"""Answers, with a desk of articles, what is asked: the articles themselves, or their headlines."""


def sit(sitting: Sitting) -> Iterator[Said]:
    """Examine each labelled set of the material."""
    pack = read_pack(FIVE_TOPICS) if sitting.ours.by_default else sitting.ours.desk.pack
    corpora = sitting.material.corpora("topics")
    if not corpora:
        yield Skipped("topics", f"there is no set of JSON lines in {sitting.material.root}/topics")
    for corpus in corpora:
        yield from (Remark(f"{corpus.name}: {trouble}") for trouble in corpus.troubles)
        labelled = [
            (line.article, name)
            for line in corpus.lines
            if (name := _named(pack, line.said("topic")))
        ]
        if len(labelled) < len(corpus.lines):
            yield Skipped(
                f"topics: {len(corpus.lines) - len(labelled):,} lines of {corpus.name}",
                "their label is no topic of the pack (wiredesk exam topics --desk DESK takes another)",
            )
        if labelled:
            yield from _examined(sitting, corpus, pack, labelled)


def _named(pack: TopicPack, label: str) -> str:
    """Return the pack's name of a labelled topic, or nothing."""
    wanted = label.casefold()
    names = (
        topic.name
        for topic in pack.topics
        if wanted in {topic.name.casefold(), topic.shortname.casefold()}
    )
    return next(names, "") if wanted else ""


def _examined(
    sitting: Sitting, corpus: Corpus, pack: TopicPack, labelled: Sequence[tuple[Article, str]]
) -> Iterator[Row]:
    texts = [article for article, _ in labelled]
    labels = [label for _, label in labelled]
    bare = [msgspec.structs.replace(text, text="", excerpt="") for text in texts]
    forms = [("headline", bare, bare)]
    if corpus.has_texts:
        forms = [("full text", texts, texts), *forms, (AMONG, texts, bare)]
    for form, desk, asked in forms:
        for contender, guess in _contenders(sitting, pack, labels):
            start = time.process_time()
            guesses = guess(desk, asked)
            seconds = time.process_time() - start
            right = sum(map(str.__eq__, guesses, labels))
            given = sum(map(bool, guesses))
            yield Row(
                material=corpus.name,
                case=form,
                contender=contender,
                figures=(
                    Figure("accuracy", right / len(labels)),
                    Figure("given", given / len(labels), "neither"),
                    Figure("right of given", right / given if given else 0.0, margin=0.01),
                ),
                documents=len(labels),
                seconds=seconds,
                files=(corpus.path,),
            )


def _contenders(
    sitting: Sitting, pack: TopicPack, labels: Sequence[str]
) -> Iterator[tuple[str, Guess]]:
    def ours(articles: Sequence[Article]) -> list[str]:
        return [topics[0] if topics else "" for topics in sitting.ours.topics(articles, pack)]

    yield OURS, lambda desk, asked: ours(desk) if desk is asked else _in_folds(ours, desk, asked)
    if sitting.baselines:
        yield "substrings", _each(Substrings(pack))
        yield "whole words", _each(WholeWords(pack))
        bayes = f"naive Bayes with labels, {FOLDS} folds"
        yield (
            bayes,
            lambda desk, asked: cross_validated(
                [_said(one) for one in desk], labels, [_said(one) for one in asked]
            ),
        )


def _in_folds(
    guess: Callable[[Sequence[Article]], Sequence[str]],
    desk: Sequence[Article],
    asked: Sequence[Article],
) -> list[str]:
    """Return the guesses of ``asked``, a fold of them at a time in place of those of ``desk``."""
    guesses = [""] * len(desk)
    for fold in folds(len(desk)):
        mixed = list(desk)
        for place in fold:
            mixed[place] = asked[place]
        found = guess(mixed)
        for place in fold:
            guesses[place] = found[place]
    return guesses


def _each(guess: Callable[[str], str]) -> Guess:
    return lambda _, asked: [guess(_said(article)) for article in asked]


def _said(article: Article) -> str:
    return f"{article.title}\n{article.text}"
