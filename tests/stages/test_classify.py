"""Statements about ``stages.classify``: words, senses, places, order and evidence."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wiredesk.records.article import Article, ProviderName
from wiredesk.records.judgement import Evidence, TopicMatch
from wiredesk.records.topic import Topic, TopicPack
from wiredesk.stages.classify import Classify
from wiredesk.stages.classify import points as module
from wiredesk.stages.classify.evidence import EVIDENCE_CAP

ROOT = Topic(
    name="AI",
    description="Learning machines.",
    keywords=("AI", "artificial intelligence", "machine learning", "!algorithm", "人工知能"),
    hashtags=("AI", "MachineLearning"),
    exclude=("influenza (AI)", "artificial intelligence of the heart"),
    order=0,
)
HARDWARE = Topic(
    name="AI Hardware",
    parent="AI",
    keywords=("AI chip", "chipmaker", "GPU", "!chip", "!wafer"),
    exclude=("potato chip",),
    order=1,
)
MODELS = Topic(
    name="Language Models",
    parent="AI",
    keywords=(
        "language model",
        "ChatGPT",
        "OpenAI",
        "GPT-4",
        "!Claude",
        "!Gemini",
        "!Ai",
        "!model",
    ),
    exclude=("Claude Debussy",),
    order=2,
)
AGENTS = Topic(name="Agents", parent="Language Models", keywords=("AI agent", "!agent"), order=3)
SILENT = Topic(name="Silent", parent="AI", description="Only described.", order=4)
PACK = TopicPack((ROOT, HARDWARE, MODELS, AGENTS, SILENT))
CLASSIFY = Classify(PACK)
FILLER = "The council met on Tuesday and spoke of roads, rain and the price of bread. "


def article(
    title: str = "", text: str = "", excerpt: str = "", tags: tuple[str, ...] = ()
) -> Article:
    return Article(
        id="a",
        title=title,
        text=text,
        excerpt=excerpt,
        hashtags=tags,
        provider=ProviderName(name="Harbour Courier", domain="harbour-courier.example"),
    )


def topics(
    title: str = "", text: str = "", excerpt: str = "", tags: tuple[str, ...] = ()
) -> list[str]:
    return [match.topic for match in CLASSIFY(article(title, text, excerpt, tags))]


def evidence(matches: tuple[TopicMatch, ...], topic: str) -> tuple[Evidence, ...]:
    return next(match.evidence for match in matches if match.topic == topic)


def only(*keywords: str, exclude: tuple[str, ...] = ()) -> Classify:
    return Classify(TopicPack((Topic(name="T", keywords=keywords, exclude=exclude),)))


# Order and ancestors


def test_a_child_stands_before_its_ancestors() -> None:
    assert topics("New AI chip for phones") == ["AI Hardware", "AI"]
    assert topics("An AI agent books a table") == ["Agents", "Language Models", "AI"]


def test_every_child_stands_before_an_ancestor_that_they_share() -> None:
    assert topics("GPU runs ChatGPT", excerpt="ChatGPT is quick.") == [
        "Language Models",
        "AI Hardware",
        "AI",
    ]


def test_of_equal_topics_the_first_in_the_pack_stands_first() -> None:
    assert topics("GPU runs ChatGPT") == ["AI Hardware", "Language Models", "AI"]


def test_an_ancestor_says_which_child_brought_it() -> None:
    found = CLASSIFY(article("A GPU for all"))
    assert evidence(found, "AI") == (Evidence(keyword="AI Hardware", place="topic", rule="child"),)


def test_a_topic_that_is_only_described_never_matches() -> None:
    assert "Silent" not in topics("Silent: AI, GPU, ChatGPT, silent")


def test_an_empty_pack_gives_no_topics() -> None:
    assert Classify(TopicPack())(article("AI")) == ()
    assert Classify(TopicPack((SILENT,)))(article("AI")) == ()


def test_a_parent_that_is_not_in_the_pack_is_passed_over() -> None:
    lost = Classify(TopicPack((Topic(name="T", parent="Gone", keywords=("heron",)),)))
    assert [match.topic for match in lost(article("A heron"))] == ["T"]


# Words


@pytest.mark.parametrize(
    "title",
    [
        "Police said they were against the Airport plan",
        "Baidu shares rise",
        "A chair in the rain",
        "The paint said it all",
        "chipmunk and chipolata",
        "Remodelling the languages",
    ],
)
def test_a_keyword_inside_another_word_is_none(title: str) -> None:
    loose = only("ai", "chip", "language model")
    assert loose(article(title, text=title)) == ()


@pytest.mark.parametrize(
    "title", ["AI wins", "(AI)", "“AI” now", "What is AI?", "AI/ML", "#AI", "No—AI"]
)
def test_punctuation_ends_a_word(title: str) -> None:
    assert topics(title) == ["AI"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("AI-powered boats", True),
        ("anti-AI march", True),
        ("AI- and data-driven boats", True),
        ("Flight AI-171 is late", False),
        ("The X-AI-9 tram", False),
        ("openai.AI", True),
        ("mail me at x@AI", False),
    ],
)
def test_hyphens_belong_to_the_word_unless_they_leave_its_sense(title: str, *, found: bool) -> None:
    assert bool(topics(title)) is found


@pytest.mark.parametrize(
    "title", ["OpenAI's plan", "OpenAI\u2019s plan", "At OpenAI, a plan", "'OpenAI'"]
)
def test_a_possessive_is_the_word(title: str) -> None:
    assert topics(title) == ["Language Models", "AI"]


def test_an_apostrophe_inside_a_word_is_part_of_it() -> None:
    assert only("don")(article("I don't know", "I don't. I don\u2019t. don't")) == ()


def test_regular_plurals_are_the_word() -> None:
    assert topics("GPUs are scarce") == topics("Chipmakers meet") == ["AI Hardware", "AI"]
    assert only("lens")(article("Lenses for all"))
    assert not only("robot")(article("A robotic arm"))


def test_a_web_address_is_not_a_mention() -> None:
    assert only("openai")(article("See openai.com/blog for more")) == ()
    assert only("openai")(article("That was OpenAI.The firm said")) != ()


def test_phrases_run_across_line_breaks_and_hyphens() -> None:
    assert topics("x", text="It is machine\r\nlearning, of a kind.") == ["AI"]
    assert topics("A machine-learning method") == topics("Machine  learning at sea") == ["AI"]


def test_languages_without_spaces_need_no_boundary() -> None:
    assert topics("囲碁で人工知能が勝つ") == ["AI"]
    assert topics("新しいAIが勝つ") == ["AI"]
    assert only("인공지능")(article("인공지능이 이겼다"))


def test_compatibility_forms_are_read_as_plain_ones() -> None:
    assert topics("\uff21\uff29 wins") == ["AI"]
    assert topics("Machine lear\u00adning at sea") == ["AI"]


def test_a_letter_that_grows_in_lower_case_moves_no_offset() -> None:
    found = CLASSIFY(article("İİİİ met GPU makers İ"))
    assert "GPU" in evidence(found, "AI Hardware")[0].quote


# Case


def test_capitals_in_a_keyword_must_be_there() -> None:
    assert topics("ai and Ai") == []
    assert topics("chatgpt") == []
    assert topics("MACHINE Learning") == ["AI"]


def test_words_of_a_phrase_without_capitals_may_have_them() -> None:
    assert topics("The AI Chip Is Here") == ["AI Hardware", "AI"]
    assert topics("The Ai chip is here") == []


def test_in_a_shouting_headline_an_acronym_needs_support() -> None:
    acronym = only("IT", "!router")
    assert acronym(article("IT IS RAINING AGAIN")) == ()
    assert acronym(article("IT STAFF BLAME ROUTER"))
    assert topics("OPENAI OPENS OFFICE") == ["Language Models", "AI"]


# Senses


def test_an_ambiguous_word_alone_is_nothing() -> None:
    assert topics("A chip off the old block", "The chip. The chip! A chip?") == []
    assert topics("The agent met the model") == ["Agents", "Language Models", "AI"]


def test_an_ambiguous_word_is_supported_by_a_sure_one_of_the_tree() -> None:
    assert topics("Chip shares fall as AI cools") == ["AI Hardware", "AI"]


def test_an_ambiguous_word_is_supported_by_another_of_its_own_line_only() -> None:
    assert topics("Chip and wafer prices fall") == ["AI Hardware", "AI"]
    assert topics("Claude or Gemini: which one?") == ["Language Models", "AI"]
    assert topics("A chip in the model's paint") == []


def test_an_ambiguous_word_is_supported_by_a_tag() -> None:
    assert topics("The chip is here", tags=("machine learning",)) == ["AI Hardware", "AI"]


def test_a_passing_word_far_away_supports_nothing() -> None:
    text = FILLER * 20 + "The recipe was made with AI."
    assert topics("A new chip flavour", text) == []


def test_a_supporter_is_named_in_the_evidence() -> None:
    lines = evidence(CLASSIFY(article("Chip shares fall as AI cools")), "AI Hardware")
    assert [(line.keyword, line.rule) for line in lines] == [
        ("!chip", "ambiguous"),
        ("AI", "support"),
    ]


def test_a_word_inside_a_longer_keyword_is_no_second_keyword() -> None:
    split = Classify(
        TopicPack((ROOT, HARDWARE, MODELS, Topic(name="Cars", keywords=("car model", "!model"))))
    )
    assert [match.topic for match in split(article("A car model is shown"))] == ["Cars"]


@pytest.mark.parametrize(
    "title",
    [
        "Ai Weiwei and AI meet in a small museum",
        "Claude Monet painting copied by AI in a barn",
        "Police hunt Claude Dubois after AI fraud in town",
        "Actor Jean Claude plays an AI in a new film",
        "Chip Kelly uses AI to plan the next game",
        "Agent Smith is an AI in the old film",
    ],
)
def test_a_word_beside_another_capital_is_a_name(title: str) -> None:
    assert topics(title) == ["AI"]


@pytest.mark.parametrize(
    "title",
    [
        "Why Claude is the AI of the year for many",
        "Now Claude writes songs, says AI maker",
        "Google's Gemini is an AI for the masses",
        "The new Claude API makes AI cheaper for all",
    ],
)
def test_a_capital_that_says_nothing_makes_no_name(title: str) -> None:
    assert topics(title) == ["Language Models", "AI"]


def test_in_a_headline_of_capitals_a_neighbour_makes_no_name() -> None:
    assert topics("OpenAI Rival Claude Wins Coding Contest") == ["Language Models", "AI"]


def test_who_is_introduced_with_a_full_name_stays_that_person() -> None:
    text = "The painter Claude Monet saw it first. Claude was old then; Claude liked AI."
    assert topics("Claude and AI: a love story of art", text) == ["AI"]


def test_who_is_introduced_by_an_excluded_name_stays_that_person() -> None:
    text = "The composer Claude Debussy wrote it. An AI plays it as Claude would."
    assert topics("AI Plays What Claude Wrote", text) == ["AI"]


def test_an_exclusion_takes_the_hits_that_it_covers_and_no_more() -> None:
    assert topics("Potato chip made by AI") == ["AI"]
    assert topics("Potato chip factory buys AI chip") == ["AI Hardware", "AI"]
    assert topics("Bird flu: avian influenza (AI) is back") == []


def test_an_exclusion_holds_for_the_topics_below() -> None:
    low = Classify(
        TopicPack(
            (
                Topic(name="Up", exclude=("sea lion",)),
                Topic(name="Low", parent="Up", keywords=("lion",)),
            )
        )
    )
    assert low(article("A sea lion")) == ()
    assert [match.topic for match in low(article("A lion"))] == ["Low", "Up"]


# Tags


@pytest.mark.parametrize(
    "tag", ["AI", "#ai", "machine-learning", "Machine Learning", "#MachineLearning"]
)
def test_the_publishers_tags_match_in_any_spelling(tag: str) -> None:
    found = CLASSIFY(article("Something", tags=(tag,)))
    assert [match.topic for match in found] == ["AI"]
    assert evidence(found, "AI")[0].place == "hashtag"


def test_a_tag_matches_as_a_whole() -> None:
    assert topics("Something", tags=("AI policy in the air", "Fair")) == []


def test_a_hashtag_in_the_text_counts() -> None:
    assert topics("Good news #machinelearning") == ["AI"]


# Places


def test_a_single_passing_mention_deep_in_a_text_is_not_its_topic() -> None:
    assert topics("Roads", FILLER * 20 + "Somebody spoke of AI. " + FILLER) == []


def test_several_mentions_deep_in_a_text_are() -> None:
    assert topics("Roads", FILLER * 20 + "Somebody spoke of AI. " * 3) == ["AI"]


def test_the_lead_the_excerpt_and_the_title_each_suffice() -> None:
    assert topics("x", "Somebody spoke of AI. " + FILLER * 20) == ["AI"]
    assert topics("x", excerpt="Somebody spoke of AI.") == ["AI"]
    assert topics("Somebody spoke of AI") == ["AI"]


def test_a_headline_outweighs_the_lead() -> None:
    assert topics("The GPU is back", "ChatGPT was asked. " + FILLER)[0] == "AI Hardware"
    assert topics("ChatGPT was asked", "The GPU is back. " + FILLER)[0] == "Language Models"


def test_the_points_are_ordered_as_the_places_are() -> None:
    assert module.TITLE_POINTS > module.EXCERPT_POINTS > module.LEAD_POINTS > module.BODY_POINTS
    assert module.BODY_POINTS < module.NEEDED_POINTS <= module.LEAD_POINTS


def test_evidence_counts_and_quotes() -> None:
    text = FILLER + "Then the GPU came, and a GPU left. " + FILLER
    (line,) = evidence(CLASSIFY(article("x", text)), "AI Hardware")
    assert (line.keyword, line.place, line.rule, line.times) == ("GPU", "text", "strong", 2)
    assert line.quote.startswith("… ")
    assert line.quote.endswith(" …")
    assert "Then the GPU came" in line.quote


def test_evidence_is_never_endless() -> None:
    many = only(*(f"word{n}x" for n in range(100)))
    found = many(article(" ".join(f"word{n}x" for n in range(100))))
    assert len(found[0].evidence) == EVIDENCE_CAP


# Bad input


@pytest.mark.parametrize("keyword", ["", "!", " ", "!  ", "\u200b"])
def test_an_empty_keyword_matches_nothing(keyword: str) -> None:
    assert only(keyword)(article("Anything at all")) == ()


def test_a_keyword_listed_twice_counts_once() -> None:
    once, twice = (
        only("heron")(article("A heron")),
        only("heron", "Heron", "heron")(article("A heron")),
    )
    assert once == twice


def test_a_hundred_thousand_keywords_are_ready_within_seconds() -> None:
    start = time.process_time()
    many = only(*(f"keyword number {n}" for n in range(100_000)))
    assert many(article("This is keyword number 99999"))
    assert time.process_time() - start < 5


def test_a_long_run_of_hits_stays_linear() -> None:
    start = time.process_time()
    CLASSIFY(article("x", "AI model agent chip potato chip Claude " * 5_000))
    assert time.process_time() - start < 5


# Properties

WORDS = st.sampled_from(
    (
        "the",
        "chip",
        "AI",
        "Claude",
        "Monet",
        "model",
        "agent",
        "OpenAI",
        "GPU",
        "said",
        "against",
        "wafer",
        "AI-171",
        "ai's\nx",
        ".",
        "potato",
    )
)
SMALL = st.sampled_from("abcdefghijklmnopqrstuvwxyzäéøßđ")
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from(["teacup", "sideways", "lantern"]))
def test_adding_a_word_of_no_field_removes_no_topic(title: str, text: str, word: str) -> None:
    assume(not text.isupper())  # a small word makes an end of shouting
    before, after = set(topics(title, text)), set(topics(title, f"{text} {word}"))
    assert before <= after


@given(TEXTS, TEXTS, st.permutations(range(len(PACK.topics))))
def test_the_order_of_the_pack_changes_no_topic(title: str, text: str, order: list[int]) -> None:
    turned = Classify(TopicPack(tuple(PACK.topics[index] for index in order)))
    one, other = CLASSIFY(article(title, text)), turned(article(title, text))
    assert {match.topic for match in one} == {match.topic for match in other}


@given(TEXTS, st.permutations(ROOT.keywords + MODELS.keywords))
def test_the_order_of_keywords_changes_no_topic(text: str, keywords: list[str]) -> None:
    here = Classify(TopicPack((Topic(name="T", keywords=tuple(keywords)),)))
    there = Classify(TopicPack((Topic(name="T", keywords=tuple(sorted(keywords))),)))
    assert bool(here(article(text))) == bool(there(article(text)))


@given(
    st.text(SMALL, min_size=1, max_size=4),
    st.text(SMALL, min_size=2, max_size=8),
    st.text(SMALL, min_size=1, max_size=4),
)
def test_a_keyword_within_a_longer_word_never_matches(before: str, word: str, after: str) -> None:
    long = before + word + after
    if word not in ("s", "es") and long.count(word) == 1:
        assert only(word)(article(f"{before}{word}{after} {before}{word}")) == ()


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_gives_an_answer_and_always_the_same(title: str, text: str) -> None:
    found = CLASSIFY(article(title, text))
    assert found == Classify(PACK)(article(title, text))
    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[TopicMatch, ...]) == found
