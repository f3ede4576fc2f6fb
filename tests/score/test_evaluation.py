import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.config import TrainConfig, default_config
from core.errors import Cancelled, EvaluationError, TrainingError
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding
from core.models.training import train as train_model
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, silent
from core.score.evaluation import evaluate
from core.score.verdict import find_outcome, judge
from core.score.word_pairs import WordPairs
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document

N_WORDS, TOPICS, SIZE = 320, 4, 12
WORDS = ["".join(chr(97 + i // 26**k % 26) for k in (2, 1, 0)) for i in range(N_WORDS)]
TOPIC = {word: i % TOPICS for i, word in enumerate(WORDS)}


def topical_corpus(n_documents: int = 60, n_tokens: int = 120, *, labelled: bool = False, seed: int = 0) -> Corpus:
    """Documents of one topic each, out of words of that topic and words of any."""
    rng = np.random.default_rng(seed)
    documents = []
    for i in range(n_documents):
        own = np.arange(i % TOPICS, N_WORDS, TOPICS)
        ids = np.where(rng.random(n_tokens) < 0.7, rng.choice(own, n_tokens), rng.integers(0, N_WORDS, n_tokens))
        label = f"topic {i % TOPICS}" if labelled else None
        documents.append(Document(f"d{i}", " ".join(WORDS[j] for j in ids), label))
    return build_corpus(documents)


def random_vectors(words: tuple[str, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(len(words), SIZE)).astype(np.float32)


def topic_vectors(words: tuple[str, ...]) -> np.ndarray:
    vectors = 0.3 * random_vectors(words, 1)
    vectors[np.arange(len(words)), [TOPIC.get(word, 0) for word in words]] += 1.0
    return vectors


def fake_train(corpus: Corpus, config: TrainConfig, progress: Progress = silent) -> Embedding:
    """Knows the topics where it is said to learn and the text is in order; else random vectors."""
    progress(0.5, "half way")
    words = corpus.words[: corpus.vocabulary_size(config.min_count)]
    learns = config.strategy in ("tuned", "counts") and "shuffled" not in corpus.name
    start, end = random_vectors(words, 2), topic_vectors(words) if learns else random_vectors(words, config.seed)
    covered = np.array([word[-1] not in "xyz" for word in words])
    return Embedding(
        name=config.strategy,
        words=words,
        vectors=start if config.strategy == "pretrained" else end,
        counts=np.array(corpus.counts[: len(words)]),
        covered=covered if config.strategy in ("pretrained", "tuned", "blend") else np.zeros(len(words), bool),
        config=config,
        sources=Sources(TextSource("text", "digest"), seconds=2.0),
        ends=(start, end) if config.strategy == "tuned" else None,
    )


def configs(*strategies: str, **changes: object) -> dict[str, TrainConfig]:
    return {name: default_config(name, vector_size=SIZE, min_count=1, **changes) for name in strategies}  # type: ignore[arg-type]


def test_a_model_that_learned_is_told_from_one_that_did_not() -> None:
    card = evaluate(
        topical_corpus(300), configs("pretrained", "scratch", "counts", "tuned"), fake_train, chosen="tuned"
    )
    tuned, untouched = card.model("tuned"), card.model("pretrained")
    assert find_outcome(card) == "helped"
    assert tuned.cloze.value > 0.7
    assert abs(untouched.cloze.value - 0.5) < 0.03
    assert tuned.delta.value == pytest.approx(tuned.cloze.value - untouched.cloze.value)
    assert tuned.delta.low < tuned.delta.value < tuned.delta.high
    assert (untouched.delta, card.reference, card.scratch) == ((0, 0, 0), "pretrained", "counts")
    assert card.placebo is not None
    assert abs(card.placebo.cloze.value - 0.5) < 0.03
    assert card.placebo.behind.low > 0.1
    assert (card.unit, card.splits, card.documents) == ("documents", 1, 45)
    assert tuned.seconds == 2.0
    assert sum(band.positions for band in tuned.bands) == card.positions
    assert card.model("tuned").new_words is not None
    assert card.model("tuned").new_words.value > 0.65 > 0.55 > card.model("scratch").new_words.value  # type: ignore[union-attr]


def test_examples_are_from_the_text_the_largest_gain_the_largest_loss_and_one_at_random() -> None:
    corpus = topical_corpus(300)
    card = evaluate(corpus, configs("pretrained", "tuned"), fake_train, chosen="tuned")
    gained, lost, drawn = card.examples
    assert [example.pick for example in card.examples] == ["gained", "lost", "drawn"]
    assert gained.beaten - gained.reference_beaten == gained.alternatives == 10
    assert lost.beaten < lost.reference_beaten
    assert 0 <= drawn.beaten <= 10
    assert gained.hit
    assert gained.choices[0].word == gained.word
    assert gained.document != lost.document
    alike = dict.fromkeys(("one", "two"), configs("scratch")["scratch"])
    same = evaluate(topical_corpus(40), alike, fake_train, chosen="one")  # no gain and no loss to show
    assert [(each.pick, each.beaten - each.reference_beaten) for each in same.examples] == [("drawn", 0)]
    for example in card.examples:
        document = corpus.document(corpus.document_names.index(example.document))
        text = " ".join(corpus.words[i] for i in document)
        assert " ".join([*example.before, example.word, *example.after]) in text
        assert example.word in {choice.word for choice in example.choices}
        fits = [choice.chosen for choice in example.choices]
        assert fits == sorted(fits, reverse=True)


def test_dose_is_chosen_on_the_development_part_and_the_placebo_has_the_same() -> None:
    seen: list[tuple[str, float | None]] = []

    def watching(corpus: Corpus, config: TrainConfig, progress: Progress) -> Embedding:
        seen.append((corpus.name, config.dose))
        return fake_train(corpus, config, progress)

    card = evaluate(topical_corpus(300), configs("pretrained", "tuned"), watching, chosen="tuned")
    dose = card.model("tuned").dose
    assert dose is not None
    assert dose >= 0.5
    assert card.configs["tuned"].dose == dose
    assert [asked for name, asked in seen if "shuffled" in name] == [dose]
    assert [asked for name, asked in seen if "shuffled" not in name] == [None, 1.0]
    fixed = evaluate(topical_corpus(300), configs("pretrained", "tuned", dose=0.0), fake_train, chosen="tuned")
    assert fixed.model("tuned").dose == 0.0


def test_texts_are_split_until_enough_is_known_and_no_document_is_tested_twice() -> None:
    clear = evaluate(topical_corpus(40), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert (clear.splits, clear.documents) == (2, 12)  # ten documents are asked about, six a split
    assert len(clear.model("tuned").doses) == 2
    assert clear.model("tuned").seconds == 4.0
    assert find_outcome(clear) == "helped"
    two = {"a": configs("scratch", seed=1)["scratch"], "b": configs("scratch", seed=2)["scratch"]}
    open_ = evaluate(topical_corpus(40), two, fake_train, chosen="a", reference="b")
    assert (open_.splits, open_.documents) == (6, 36)
    assert open_.positions > 1000


def test_ten_documents_are_enough_to_hold_documents_out() -> None:
    card = evaluate(topical_corpus(12, 400), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert (card.unit, card.splits, card.documents, card.of_documents) == ("documents", 6, 12, 12)
    assert judge(card).answer == "Helped with new documents like these"
    few = evaluate(topical_corpus(9, 600), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert (few.unit, few.of_documents) == ("blocks", 9)
    assert judge(few).answer == "Helped with more of the same documents"


def test_one_long_document_is_tested_on_blocks() -> None:
    rng = np.random.default_rng(0)
    text = " ".join(WORDS[i] for start in range(60) for i in rng.choice(np.arange(start % 4, N_WORDS, 4), 200))
    card = evaluate(build_corpus([Document("book", text)]), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert (card.unit, card.documents, card.of_documents) == ("blocks", 18, 1)
    assert find_outcome(card) == "helped"
    assert judge(card).headline.startswith("Helped with more of the same document. “Fine-tune with dose control” fits")
    assert any("stretches of 200 words" in caveat for caveat in judge(card).caveats)


def test_same_input_same_scorecard_other_seed_other_scorecard() -> None:
    corpus, asked = topical_corpus(40), configs("pretrained", "tuned")
    first, again = (evaluate(corpus, asked, fake_train, chosen="tuned") for _ in range(2))
    assert repr(first) == repr(again)
    assert (
        evaluate(corpus, asked, fake_train, chosen="tuned", seed=9).model("tuned").cloze != first.model("tuned").cloze
    )


def test_random_models_are_never_said_to_differ() -> None:
    corpus = topical_corpus(60)
    for seed in range(5):
        two = {"a": configs("scratch", seed=seed)["scratch"], "b": configs("scratch", seed=seed + 100)["scratch"]}
        card = evaluate(corpus, two, fake_train, chosen="a", reference="b")
        assert find_outcome(card) in ("no measurable difference", "not enough text")
        assert card.evaluated == card.vocabulary  # without pretrained vectors every word counts as known


def test_vocabularies_of_other_minimum_counts_are_asked_what_all_know() -> None:
    mixed = {**configs("pretrained"), "tuned": replace(configs("tuned")["tuned"], min_count=14)}
    card = evaluate(topical_corpus(60), mixed, fake_train, chosen="tuned")
    assert 50 < card.vocabulary < N_WORDS
    assert card.positions > 100


# --- bad and odd input ---------------------------------------------------------------------------------------------


def refused(corpus: Corpus, train: Callable[..., Embedding] = fake_train, **changes: object) -> str:
    with pytest.raises(EvaluationError) as caught:
        evaluate(corpus, configs("pretrained", "tuned", **changes), train, chosen="tuned")
    return str(caught.value)


@pytest.mark.parametrize("n_tokens", [10, 350])
def test_ten_tokens(n_tokens: int) -> None:
    corpus = build_corpus([Document("d", " ".join(WORDS[:n_tokens]))])
    assert f"{len(corpus.tokens)} tokens, too few" in refused(corpus)


def test_one_token_is_named_in_the_singular() -> None:
    assert "The text has 1 token, too few" in refused(build_corpus([Document("d", WORDS[0])]))


def test_a_text_of_few_different_words_is_refused_before_anything_is_trained() -> None:
    def never(*_: object) -> Embedding:
        raise AssertionError("trained")

    rng = np.random.default_rng(1)
    texts = [Document(str(i), " ".join(rng.choice(WORDS[:50], 100))) for i in range(40)]
    message = refused(build_corpus(texts), never)
    assert "has 50 different words" in message
    assert "a longer text." in message
    assert "minimum count" not in message

    rare = {name: replace(config, min_count=1_000) for name, config in configs("pretrained", "tuned").items()}
    with pytest.raises(EvaluationError, match="or lower the minimum count"):
        evaluate(topical_corpus(60), rare, never, chosen="tuned")


def test_identical_documents_are_named_as_a_leak() -> None:
    text = " ".join(WORDS[:100])
    assert "repeat the text that the models learn from" in refused(build_corpus([Document("d", text)] * 50))


def test_held_out_text_without_a_covered_word() -> None:
    def covers_nothing(*args: object) -> Embedding:
        model = fake_train(*args)  # type: ignore[arg-type]
        return replace(model, covered=np.zeros(len(model.words), bool))

    assert "both in the training part and in the vectors file" in refused(topical_corpus(40), covers_nothing)


def test_a_model_is_not_compared_with_itself() -> None:
    with pytest.raises(EvaluationError, match="compared with itself"):
        evaluate(topical_corpus(40), configs("pretrained"), fake_train, chosen="pretrained")
    with pytest.raises(ValueError, match="no model"):
        evaluate(topical_corpus(40), configs("pretrained"), fake_train, chosen="tuned")


def test_errors_of_training_and_cancelling_come_through() -> None:
    def failing(*_: object) -> Embedding:
        raise TrainingError("No word occurs 5 times.")

    with pytest.raises(TrainingError, match="5 times"):
        evaluate(topical_corpus(40), configs("pretrained", "tuned"), failing, chosen="tuned")

    def cancelling(fraction: float, message: str) -> None:
        if fraction > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        evaluate(topical_corpus(40), configs("pretrained", "tuned"), fake_train, chosen="tuned", progress=cancelling)


def test_progress_rises_to_one() -> None:
    seen: list[float] = []
    evaluate(
        topical_corpus(40),
        configs("pretrained", "tuned"),
        fake_train,
        chosen="tuned",
        progress=lambda fraction, _: seen.append(fraction),
    )
    assert seen == sorted(seen)
    assert 0 <= seen[0] < 0.1
    assert seen[-1] == 1.0


def test_progress_is_shared_out_among_the_splits_that_are_expected() -> None:
    """At the beginning of a split as much is left as the splits that are left need, by what is known then."""
    seen: dict[str, float] = {}

    def note(fraction: float, message: str) -> None:
        seen.setdefault(message.split(",")[0], fraction)

    two = {"a": configs("scratch", seed=1)["scratch"], "b": configs("scratch", seed=2)["scratch"]}
    evaluate(topical_corpus(40), two, fake_train, chosen="a", reference="b", progress=note)
    begun = [fraction for message, fraction in seen.items() if message.startswith("split")]
    assert [message for message in seen if message.startswith("split")] == [
        "split 1 of 2 or more", *(f"split {number} of 6" for number in range(2, 7))
    ]  # fmt: skip
    assert 0.4 < begun[1] < 0.6  # two were expected, then six
    np.testing.assert_allclose(np.diff(begun[1:]), begun[2] - begun[1])


# --- labels and word pairs -----------------------------------------------------------------------------------------


def test_labels_are_found_by_the_model_that_knows_the_topics() -> None:
    card = evaluate(topical_corpus(60, labelled=True), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert (len(card.labels.classes), card.labels.documents, card.labels.majority) == (4, 60, 0.25)
    known, random = card.model("tuned").classification, card.model("pretrained").classification
    assert known is not None
    assert random is not None
    assert 1 >= known.high >= known.value > 0.97 > random.value > 0.5
    assert card.model("tuned").classification_delta.value == pytest.approx(known.value - random.value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ([None] * 40, "no labels"),
        (["one"] * 40, "same label, “one”"),
        (["one"] * 39 + ["two"], "only “one” has that many"),
        ([f"{i}" for i in range(40)], "no label has that many"),
    ],
)
def test_labels_that_cannot_be_learned_are_explained(labels: list[str | None], problem: str) -> None:
    corpus = replace(topical_corpus(40), labels=tuple(labels))
    card = evaluate(corpus, configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert problem in card.labels.problem
    assert card.model("tuned").classification is None


def test_own_word_pairs_are_judged_and_missing_words_named() -> None:
    rng = np.random.default_rng(0)
    pairs = [(str(a), str(b), 10.0 * (TOPIC[a] == TOPIC[b])) for a, b in rng.choice(WORDS, (300, 2)) if a != b]
    mine = WordPairs("mine.csv", (*pairs, ("unheard", "of", 3.0)), ((WORDS[0], WORDS[4], WORDS[1], WORDS[5]),))
    card = evaluate(topical_corpus(60), configs("pretrained", "tuned"), fake_train, chosen="tuned", pairs=[mine])
    tuned, untouched = card.model("tuned"), card.model("pretrained")
    assert tuned.pairs["mine.csv"].correlation > 0.6 > 0.2 > abs(untouched.pairs["mine.csv"].correlation)
    assert tuned.pairs["mine.csv"].of == len(pairs) + 1 > tuned.pairs["mine.csv"].pairs
    assert tuned.guards["mine.csv"].low > 0
    assert {"unheard", "of"} <= set(card.missing["mine.csv"])
    assert tuned.analogies["mine.csv"][1] == 1
    assert math.isnan(tuned.pairs["wordsim353"].correlation)


# --- with real training --------------------------------------------------------------------------------------------


def test_real_models_sit_the_exam() -> None:
    corpus = topical_corpus(60, 100)
    known = tuple(word for word in WORDS if word[-1] not in "xyz")
    pretrained = PretrainedVectors("random.txt", known, random_vectors(known, 5), "digest", "glove", len(known))
    card = evaluate(
        corpus,
        configs("pretrained", "counts", "tuned", epochs=5),
        lambda part, config, progress: train_model(part, config, pretrained, progress),
        chosen="tuned",
    )
    assert card.splits == 2
    assert card.model("tuned").delta.low > 0.05
    assert card.model("counts").cloze.value > 0.7
    assert card.placebo is not None
    assert card.placebo.behind.low > 0
    assert find_outcome(card) == "helped"
