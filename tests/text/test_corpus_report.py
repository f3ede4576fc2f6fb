"""The numbers of the Data page's report, on texts small enough to count by hand."""

from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest

from core.config import default_config
from core.models.estimates import estimate_bytes, estimate_seconds
from core.pretrained.vectors import write_glove
from core.text.corpus import Corpus, build_corpus
from core.text.fates import Fate, find_fates
from core.text.hints import find_hints
from core.text.languages import stop_words
from core.text.reading.documents import Document
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.recommendation import recommend

FATES = get_args(Fate)

TEXT = "the cat the cat the dog. a bird the cat sat"  # the 4, cat 3, a bird dog sat 1


def corpus_of(*texts: str, options: CorpusOptions = CorpusOptions()) -> Corpus:
    return build_corpus([Document(str(number), text) for number, text in enumerate(texts)], options)


def vectors_file(folder: Path, words: list[str]) -> Path:
    path = folder / "vectors.txt"
    write_glove(path, words, np.eye(len(words), 3, dtype=np.float32) + 1)
    return path


def test_every_word_has_one_fate() -> None:
    corpus = corpus_of(TEXT)
    fates = find_fates(corpus, frozenset({"the", "bird", "zebra"}), min_count=2)
    assert corpus.words == ("the", "cat", "a", "bird", "dog", "sat")
    assert [fates.fate_of(row) for row in range(6)] == ["tuned", "new", "rare", "rare", "rare", "rare"]
    assert [fates.rows(fate).tolist() for fate in FATES] == [[0], [1], [2, 3, 4, 5]]
    assert [fates.tokens(fate) for fate in FATES] == [4, 3, 4]
    assert fates.token_coverage == pytest.approx(5 / 11)
    assert fates.bands() == (("1", 4, 1), ("3–4", 2, 1))


def test_the_fates_of_all_words_add_up() -> None:
    corpus = corpus_of(TEXT * 7, "other words here")
    for min_count in (1, 2, 7, 21, 22, 1000):
        fates = find_fates(corpus, frozenset({"cat", "other"}), min_count)
        assert sorted(row for fate in FATES for row in fates.rows(fate).tolist()) == list(range(len(corpus.words)))
        assert sum(fates.tokens(fate) for fate in FATES) == corpus.n_tokens
        assert all(fate == fates.fate_of(row) for fate in FATES for row in fates.rows(fate).tolist())
    assert sum(words for _, words, _ in fates.bands()) == len(corpus.words)
    assert sum(covered for _, _, covered in fates.bands()) == 2


def test_words_are_found_by_falling_count() -> None:
    fates = find_fates(corpus_of(TEXT), frozenset({"the", "bird"}), min_count=2)
    words = fates.corpus.words
    assert [words[row] for row in fates.find(group="missing")] == ["cat", "a", "dog", "sat"]
    assert [words[row] for row in fates.find("AT")] == ["cat", "sat"]
    assert [words[row] for row in fates.find(group="missing", hidden=stop_words("English"), limit=2)] == ["cat", "dog"]
    assert [words[row] for row in fates.find(group="rare")] == ["a", "bird", "dog", "sat"]


def test_stop_words_are_as_the_tokeniser_cuts_them() -> None:
    words = corpus_of("I can't say it's ours; we'll see. They won't, shan't, he's, I'd, I'm, they've, you're").words
    assert set(words) - stop_words("English") == {"say", "see"}


@pytest.mark.parametrize(
    ("tokens", "said"), [(900, "too few to say anything"), (7_000, "a small effect or none"), (40_000, None)]
)
def test_a_text_that_is_too_small_is_said_to_be(tokens: int, said: str | None) -> None:
    text = SimpleNamespace(corpus=corpus_of("the cat sat on a mat " * (tokens // 6)), copies=None)
    hints = find_hints(text, coverage=0.9)  # type: ignore[arg-type]
    assert [hint.level for hint in hints] == (["warning"] if said else [])
    assert said is None or said in hints[0].text


def test_lower_casing_is_recommended_where_it_raises_coverage(tmp_path: Path) -> None:
    path = vectors_file(tmp_path, ["the", "cat", "sat", "well", "known"])
    documents = [Document("", "The Cat sat. The cat sat. THE well-known Cat sat on Mars")]
    found = recommend(documents, CorpusOptions(lowercase=False), path)
    assert found is not None
    assert found.options == CorpusOptions()
    assert found.now == pytest.approx(6 / 13)
    assert found.then == pytest.approx(11 / 13)
    assert found.sentence == "Lower-casing raises coverage from 46 % to 85 %."
    assert recommend(documents, found.options, path) is None


def test_hyphens_are_recommended_to_be_kept_where_the_file_has_them(tmp_path: Path) -> None:
    path = vectors_file(tmp_path, ["well-known", "a", "cat"])
    found = recommend([Document("", "a well-known cat")], CorpusOptions(), path)
    assert found is not None
    assert found.options.hyphens == "keep"
    assert (found.now, found.then) == (0.5, 1.0)


def test_estimates_grow_with_the_work() -> None:
    small, large = corpus_of(TEXT), corpus_of(*[TEXT] * 300)
    few = default_config("tuned", 0, epochs=2)
    many = default_config("tuned", 0, epochs=20)
    assert 0 < estimate_seconds(small, few) < estimate_seconds(large, few) < estimate_seconds(large, many)
    wide = default_config("tuned", 0, vector_size=300)
    assert 0 < estimate_bytes(large, few) < estimate_bytes(large, wide)
