import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import SHARED_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import EvaluationError
from core.models.cloze import build_cloze, score_cloze
from core.score.examples import choose_examples
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.split import count_folds, split_corpus

PROTOTYPES = SHARED_DATA.parent / "prototypes"


def random_texts(n_documents: int, n_tokens: int, seed: int = 0, n_words: int = 400) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, n_words + 1)
    ids = rng.choice(n_words, size=(n_documents, n_tokens), p=share / share.sum())
    letters = np.array(list("abcdefghij"))
    return [["w" + "".join(letters[[i // 100, i // 10 % 10, i % 10]]) for i in row] for row in ids]


def corpus_of(texts: list[list[str]], labels: list[str] | None = None) -> Corpus:
    documents = [
        Document(f"d{i}", ". ".join([" ".join(tokens[:20]), " ".join(tokens[20:])]), labels and labels[i])
        for i, tokens in enumerate(texts)
    ]
    return build_corpus(documents)


def words_of(corpus: Corpus, index: int) -> tuple[str, ...]:
    return tuple(corpus.words[i] for i in corpus.document(index))


# --- split ---------------------------------------------------------------------------------------------------------


def test_documents_are_set_aside_whole_and_every_one_is_in_one_part() -> None:
    corpus = corpus_of(random_texts(40, 60))
    split = split_corpus(corpus, seed=3)
    assert split.unit == "documents"
    assert split.near_duplicates == 0
    assert (len(split.development), len(split.test), split.train.n_documents) == (6, 6, 28)
    train = {words_of(split.train, i) for i in range(split.train.n_documents)}
    everything = train | set(split.development) | set(split.test)
    assert everything == {words_of(corpus, i) for i in range(40)}
    assert split.test[0] == words_of(corpus, split.test_documents[0])
    assert split.development[2] == words_of(corpus, split.development_documents[2])


def test_training_part_is_what_tokenising_its_documents_alone_gives() -> None:
    texts = random_texts(35, 50)
    split = split_corpus(corpus_of(texts, labels=[str(i % 3) for i in range(35)]), seed=1)
    chosen = [int(name[1:]) for name in split.train.document_names]
    alone = build_corpus(
        [Document(f"d{i}", " ".join(texts[i][:20]) + ". " + " ".join(texts[i][20:]), str(i % 3)) for i in chosen]
    )
    assert split.train.words == alone.words
    for name in ("counts", "tokens", "sentence_starts", "document_starts"):
        np.testing.assert_array_equal(getattr(split.train, name), getattr(alone, name))
        assert getattr(split.train, name).dtype == getattr(alone, name).dtype
        assert not getattr(split.train, name).flags.writeable
    assert split.train.labels == alone.labels
    assert split.train.digest != corpus_of(texts).digest


@settings(deadline=None)
@given(st.integers(0, 10), st.lists(st.integers(0, 900), min_size=1, max_size=45).filter(any))
def test_no_token_is_lost_or_used_twice(seed: int, lengths: list[int]) -> None:
    # every token is a word of its own, so nothing is a near-duplicate
    names = iter(range(sum(lengths)))
    texts = [" ".join(str(next(names)) for _ in range(length)) for length in lengths]
    corpus = build_corpus(Document("d", text) for text in texts)
    split = split_corpus(corpus, seed)
    parts = [word for part in (split.development, split.test) for block in part for word in block]
    assert sorted(parts + list(split.train.words)) == sorted(corpus.words)
    assert split.train.n_tokens + len(parts) == corpus.n_tokens
    assert split.near_duplicates == 0


def test_same_seed_same_split_other_seed_other_split() -> None:
    corpus = corpus_of(random_texts(40, 60))
    first, again, other = (split_corpus(corpus, seed) for seed in (1, 1, 2))
    assert first.test == again.test
    assert first.train.digest == again.train.digest
    assert first.test != other.test
    assert first.train.digest != other.train.digest


@pytest.mark.parametrize("lengths", [[2000] * 5, [60] * 39 + [4000]], ids=["few documents", "one giant"])
def test_blocks_when_documents_are_few_or_one_has_it_all(lengths: list[int]) -> None:
    corpus = corpus_of([random_texts(1, length, seed=i)[0] for i, length in enumerate(lengths)])
    split = split_corpus(corpus, seed=0)
    assert split.unit == "blocks"
    assert all(len(block) < 400 for block in split.test)
    for block, document in zip(split.test, split.test_documents, strict=True):
        assert " ".join(block) in " ".join(words_of(corpus, document))


@pytest.mark.parametrize("n_tokens", [1, 10, 399])
def test_text_too_short_to_split_is_all_training(n_tokens: int) -> None:
    split = split_corpus(corpus_of(random_texts(1, n_tokens)), seed=0)
    assert split.train.n_tokens == n_tokens
    assert split.development == split.test == ()


def test_near_duplicates_of_earlier_text_are_kept_out() -> None:
    texts = random_texts(40, 80)
    edited = [[*text[:30], "edited", *text[31:]] for text in texts[:10]]
    split = split_corpus(corpus_of(texts + edited), seed=0)
    chosen = {words_of(split.train, i) for i in range(split.train.n_documents)}
    held = [*split.development, *split.test]
    originals = {tuple(a): tuple(b) for a, b in zip(texts[:10], edited, strict=True)}
    originals |= {b: a for a, b in originals.items()}
    assert split.near_duplicates > 0
    assert not any(originals.get(block) in chosen for block in held)
    assert not any(originals.get(block) in held for block in held)
    assert len(held) + split.near_duplicates + split.train.n_documents == 50


def test_identical_documents_leave_nothing_to_score() -> None:
    split = split_corpus(corpus_of(random_texts(1, 50) * 60), seed=0)
    assert split.development == split.test == ()
    assert split.near_duplicates == 18


def test_shares_must_add_up() -> None:
    with pytest.raises(ValueError, match="sum 1"):
        split_corpus(corpus_of(random_texts(3, 10)), 0, shares=(0.7, 0.2, 0.2))


# --- cloze ---------------------------------------------------------------------------------------------------------


def vocabulary(n_words: int = 200) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray]:
    """Words by falling count, counts, covered (4 in 5), vectors."""
    rng = np.random.default_rng(7)
    words = tuple(f"w{i}" for i in range(n_words))
    counts = np.sort(rng.integers(2, 500, n_words))[::-1]
    return words, counts, np.arange(n_words) % 5 != 3, rng.normal(size=(n_words, 8)).astype(np.float32)


def held_out_blocks(n_blocks: int = 12, n_tokens: int = 60) -> list[list[str]]:
    rng = np.random.default_rng(8)
    return [[f"w{i}" for i in rng.integers(0, 240, n_tokens)] for _ in range(n_blocks)]  # 40 words are unknown


def test_questions_follow_the_rules() -> None:
    words, counts, covered, _ = vocabulary()
    blocks = held_out_blocks()
    cloze = build_cloze(blocks, words, counts, covered, seed=0, positions=150)
    assert len(cloze) == 150
    for row in range(len(cloze)):
        target, group, offset = cloze.targets[row], cloze.groups[row], cloze.offsets[row]
        assert blocks[group][offset] == words[target]
        assert target >= 50
        around = blocks[group][max(0, offset - 5) : offset] + blocks[group][offset + 1 : offset + 6]
        seen = [words.index(word) for word in around if word in words and covered[words.index(word)]]
        assert len(seen) >= 3
        assert target not in seen
        assert set(cloze.contexts[[row]].indices) == set(seen)
        frequency = counts / counts.sum()
        assert cloze.contexts[[row]].sum() == pytest.approx(sum(1e-3 / (1e-3 + frequency[i]) for i in seen))
        assert target not in cloze.distractors[row]
    assert covered[cloze.distractors].all()
    assert covered[cloze.targets].all()


def alternatives_by_hand(
    block: list[str], offset: int, words: tuple[str, ...], hidden: np.ndarray, window: int
) -> set[int]:
    """All words that may stand beside the hidden one: of its neighbourhood by frequency, none of them in sight."""
    choices = list(np.flatnonzero(hidden))
    target = words.index(block[offset])
    rank = choices.index(target)
    near = choices[max(0, rank - max(25, rank // 10)) : rank + max(25, rank // 10) + 1]
    around = block[max(0, offset - window) : offset] + block[offset + 1 : offset + 1 + window]
    return {each for each in near if each != target and words[each] not in around}


@st.composite
def cloze_worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A vocabulary, tiny or not, of which the file has much or next to nothing; some blocks; any window."""
    n_words = draw(st.integers(51, 400))
    seed = draw(st.integers(0, 2**16))
    rng = np.random.default_rng(seed)
    covered = rng.random(n_words) < draw(st.sampled_from([0.03, 0.1, 0.5, 0.9, 1.0]))
    # blocks are of few words each, so that alternatives often stand in sight
    blocks = [
        [f"w{i}" for i in rng.choice(rng.integers(0, n_words + 5, draw(st.integers(3, 30))), draw(st.integers(0, 60)))]
        for _ in range(draw(st.integers(1, 5)))
    ]
    return {
        "blocks": blocks,
        "words": tuple(f"w{i}" for i in range(n_words)),
        "counts": np.sort(rng.integers(1, 500, n_words))[::-1],
        "covered": covered,
        "hidden": draw(st.sampled_from([None, ~covered])),
        "window": draw(st.integers(2, 8)),
        "distractors": draw(st.sampled_from([1, 3, 10, 30])),
        "seed": seed,
    }


@settings(deadline=None)  # the machine may be busy
@given(cloze_worlds())
def test_alternatives_are_different_out_of_sight_and_as_many_as_there_are(world: dict[str, Any]) -> None:
    cloze = build_cloze(**world)
    blocks, words, covered, window = (world[name] for name in ("blocks", "words", "covered", "window"))
    hidden = covered if world["hidden"] is None else world["hidden"]
    asked = {}
    for row in range(len(cloze)):
        place = int(cloze.groups[row]), int(cloze.offsets[row])
        possible = alternatives_by_hand(blocks[place[0]], place[1], words, hidden, window)
        given_ = [int(each) for each in cloze.distractors[row] if each >= 0]
        assert len(set(given_)) == len(given_) == min(world["distractors"], len(possible))
        assert set(given_) <= possible
        assert (cloze.distractors[row, len(given_) :] == -1).all()  # those that lack stand last
        asked[place] = len(given_)
    known = {word: row for row, word in enumerate(words)}
    for group, block in enumerate(blocks):
        for offset, word in enumerate(block):
            row = known.get(word, -1)
            around = block[max(0, offset - window) : offset] + block[offset + 1 : offset + 1 + window]
            seen = [each for each in around if each in known and covered[known[each]]]
            suitable = row >= 50 and hidden[row] and len(seen) >= 3 and word not in around
            possible = suitable and alternatives_by_hand(block, offset, words, hidden, window)
            assert bool(possible) == ((group, offset) in asked)
    score = score_cloze(cloze, np.ones((len(words), 4), np.float32))
    np.testing.assert_array_equal(score, 0.5)  # who knows nothing is at chance, however few there are


def test_every_alternative_is_as_likely_as_another() -> None:
    words = tuple(f"w{i}" for i in range(80))
    counts, covered = np.arange(80, 0, -1), np.ones(80, bool)
    block = ["w0", "w1", "w45", "w60", "w46", "w2", "w3"]  # w60 alone can be hidden; w45 and w46 are in sight
    cloze = build_cloze([block] * 4000, words, counts, covered, seed=3)
    assert cloze.distractors.shape == (4000, 10)
    assert set(cloze.targets) == {60}
    drawn = np.bincount(cloze.distractors.ravel(), minlength=80)
    possible = [i for i in range(35, 80) if i not in (45, 46, 60)]
    expected = 40_000 / len(possible)
    assert drawn[possible].sum() == 40_000
    assert np.abs(drawn[possible] - expected).max() < 5 * np.sqrt(expected)


def test_score_is_the_share_of_those_there_are() -> None:
    """Three words can be hidden, one of them the question's own and one in sight: one alternative is left."""
    words = tuple(f"w{i}" for i in range(60))
    covered = np.isin(np.arange(60), [0, 1, 2, 55, 57, 59])
    hidden = np.isin(np.arange(60), [55, 57, 59])
    block = ["w0", "w1", "w57", "w2", "w55", "w30", "w31", "w32", "w33", "w34", "w0"]
    cloze = build_cloze([block], words, np.arange(60, 0, -1), covered, seed=0, hidden=hidden)
    assert cloze.targets.tolist() == [57, 55]
    assert cloze.distractors.tolist() == [[59] + [-1] * 9] * 2
    vectors = np.random.default_rng(0).normal(size=(60, 5))
    centred = vectors - vectors[covered].mean(0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    guesses = cloze.contexts @ centred
    beaten = [
        float(guess @ centred[target] > guess @ centred[59]) for guess, target in zip(guesses, (57, 55), strict=True)
    ]
    assert score_cloze(cloze, vectors).tolist() == beaten
    examples = choose_examples(cloze, [tuple(block)], ["d"], words, vectors, -vectors, seed=1)
    assert [sorted(choice.word for choice in each.choices) for each in examples] == [
        sorted([each.word, "w59"]) for each in examples
    ]


def test_score_by_hand() -> None:
    words, counts, covered, vectors = vocabulary()
    cloze = build_cloze(held_out_blocks(), words, counts, covered, seed=0)
    centred = vectors - vectors[covered].mean(0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    scores = score_cloze(cloze, vectors)
    for row in (0, 17, len(cloze) - 1):
        guess = cloze.contexts[[row]].toarray()[0] @ centred
        beaten = [guess @ centred[cloze.targets[row]] > guess @ centred[other] for other in cloze.distractors[row]]
        assert scores[row] == pytest.approx(np.mean(beaten))
    assert scores.shape == (len(cloze),)
    assert abs(scores.mean() - 0.5) < 0.05  # random vectors know nothing


def test_score_ignores_shift_scale_and_rotation() -> None:
    words, counts, covered, vectors = vocabulary()
    cloze = build_cloze(held_out_blocks(), words, counts, covered, seed=0)
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(8, 8)))[0]
    moved = vectors.astype(np.float64) @ rotation * 3 + 5
    np.testing.assert_allclose(score_cloze(cloze, moved), score_cloze(cloze, vectors.astype(np.float64)), atol=1e-9)


def test_perfect_knowledge_scores_one_and_none_scores_half() -> None:
    # two topics; a word's neighbours are of its own topic; distractors of either
    rng = np.random.default_rng(0)
    words = tuple(f"w{i}" for i in range(400))
    counts, covered = np.full(400, 5), np.ones(400, bool)
    blocks = [[f"w{2 * i + topic}" for i in rng.integers(0, 200, 80)] for topic in (0, 1) for _ in range(5)]
    cloze = build_cloze(blocks, words, counts, covered, seed=0)
    vectors = np.array([[1.0, 0.0] if i % 2 else [0.0, 1.0] for i in range(400)], np.float32)
    of_other_topic = (cloze.distractors % 2 != cloze.targets[:, None] % 2).mean(1)
    np.testing.assert_allclose(score_cloze(cloze, vectors), of_other_topic + (1 - of_other_topic) / 2)
    np.testing.assert_allclose(score_cloze(cloze, np.ones((400, 2), np.float32)), 0.5)


def test_no_question_is_an_empty_result() -> None:
    words, counts, covered, vectors = vocabulary()
    for blocks, known in (([], covered), ([["nothing", "known"] * 20], covered), (held_out_blocks(), covered & False)):
        cloze = build_cloze(blocks, words, counts, known, seed=0)
        assert len(cloze) == 0
        assert score_cloze(cloze, vectors).shape == (0,)


def test_wrong_arguments_are_refused() -> None:
    words, counts, covered, vectors = vocabulary()
    with pytest.raises(ValueError, match="do not match"):
        build_cloze([], words, counts[1:], covered, seed=0)
    with pytest.raises(ValueError, match="falling count"):
        build_cloze([], words, counts[::-1], covered, seed=0)
    vectors[3, 3] = np.inf
    with pytest.raises(EvaluationError, match="lower alpha"):
        score_cloze(build_cloze(held_out_blocks(), words, counts, covered, seed=0), vectors)


def test_reference_values() -> None:
    """Frozen from the reference implementation's scores of the same questions (see the next test)."""
    words, counts, covered, vectors = vocabulary()
    cloze = build_cloze(held_out_blocks(), words, counts, covered, seed=0)
    assert len(cloze) == REFERENCE_POSITIONS
    assert score_cloze(cloze, vectors).mean() == pytest.approx(REFERENCE_MEAN, abs=1e-6)


REFERENCE_POSITIONS, REFERENCE_MEAN = 358, 0.49497207


@pytest.mark.skipif(not PROTOTYPES.is_dir(), reason="the reference implementation is not here")
@pytest.mark.parametrize("positions", [4000, 100])
def test_equals_the_reference_implementation(monkeypatch: pytest.MonkeyPatch, positions: int) -> None:
    monkeypatch.syspath_prepend(str(PROTOTYPES))
    import science_lib

    words, counts, covered, vectors = vocabulary()
    context = SimpleNamespace(words=list(words), n=counts.astype(float), idx={w: i for i, w in enumerate(words)})
    context.p = context.n / context.n.sum()
    context.cov, context.sif = covered, 1e-3 / (1e-3 + context.p)
    reference = science_lib.Eval(context, held_out_blocks(), seed=5, npos=positions)
    cloze = build_cloze(held_out_blocks(), words, counts, covered, seed=5, positions=positions)
    np.testing.assert_array_equal(reference.t, cloze.targets)
    reference.D = cloze.distractors  # its own may repeat and may stand in the context
    expected = reference.cloze(science_lib.unit(vectors - vectors[reference.E].mean(0)))
    np.testing.assert_allclose(score_cloze(cloze, vectors), expected, atol=1e-6)
    sys.modules.pop("science_lib")


def test_new_words_are_hidden_among_covered_ones() -> None:
    words, counts, covered, vectors = vocabulary()
    cloze = build_cloze(held_out_blocks(), words, counts, covered, seed=0, hidden=~covered)
    assert len(cloze) > 20
    assert not covered[cloze.targets].any()
    assert not covered[cloze.distractors].any()
    assert covered[cloze.contexts.indices].all()
    only_pretrained = np.where(covered[:, None], vectors, 0)
    np.testing.assert_array_equal(score_cloze(cloze, only_pretrained), 0.5)  # knows none of them: a tie


def test_folds_test_other_documents_each_and_the_first_is_the_default() -> None:
    corpus = corpus_of(random_texts(40, 60))
    folds = [split_corpus(corpus, 5, fold=fold) for fold in range(count_folds(corpus))]
    tested = [document for split in folds for document in split.test_documents]
    assert len(folds) == 6
    assert len(tested) == len(set(tested)) == 36
    assert folds[0].test == split_corpus(corpus, 5).test
    for split in folds:
        assert not set(split.test) & set(split.development)
        assert split.train.n_documents == 28
    with pytest.raises(ValueError, match="no fold 6"):
        split_corpus(corpus, 5, fold=6)
    assert count_folds(corpus_of(random_texts(1, 50))) == 1
