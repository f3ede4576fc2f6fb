"""The joined words of a vectors file, and the texts in which they are joined."""

from pathlib import Path

import numpy as np
import pytest

from core.cli.recipes import Inputs, open_corpus
from core.config import TrainConfig
from core.errors import Cancelled, PretrainedError
from core.models.description import RunDescription, RunInputs, TextSource
from core.pretrained.index import build_index
from core.pretrained.joined_words import joined_words
from core.pretrained.vectors import write_glove
from core.progress import silent
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.texts import TextChoice, has_text, keep_uploads, kept_text, open_uploads

WORDS = ["the", "new_york", "_", "a_", "_a", "new_york_city", "são_paulo", "york", "b_c"]
PAIRS = ("new_york", "são_paulo", "b_c")
TEXT = b"He left New York for the City. New\nYork, new york: S\xc3\xa3o Paulo."


@pytest.fixture(params=["text", "header", "binary", "index"])
def file(request, tmp_path, cache):
    vectors = np.arange(len(WORDS) * 3, dtype=np.float32).reshape(-1, 3)
    path = tmp_path / "vectors.bin"
    if request.param == "binary":
        rows = [word.encode() + b" " + row.tobytes() + b"\n" for word, row in zip(WORDS, vectors, strict=True)]
        path.write_bytes(f"{len(WORDS)} 3\n".encode() + b"".join(rows))
    else:
        write_glove(path, WORDS, vectors, header=request.param == "header")
    if request.param == "index":
        build_index(silent, path)
    return path


def test_every_kind_of_file_tells_its_joined_words(file):
    assert joined_words(file) == PAIRS


def test_reading_can_be_cancelled(tmp_path, cache):
    path = tmp_path / "vectors.txt"
    write_glove(path, WORDS, np.ones((len(WORDS), 3)))

    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        joined_words(path, progress=cancel)


def test_a_text_has_the_pairs_of_the_file_joined(file):
    options = CorpusOptions(phrases=True, phrase_file=str(file))
    corpus = open_uploads([Upload("a.txt", TEXT)], tokenising=options).corpus
    assert [corpus.words[token] for token in corpus.tokens] == (
        ["he", "left", "new_york", "for", "the", "city", "new", "york", "new_york", "são_paulo"]
    )
    plain = open_uploads([Upload("a.txt", TEXT)], tokenising=CorpusOptions(phrase_file=str(file))).corpus
    assert "new_york" not in plain.words  # joining is off


def test_where_the_file_is_does_not_tell_corpora_apart(file, tmp_path):
    other = Path(tmp_path / "other.bin")
    other.write_bytes(file.read_bytes())
    digest = keep_uploads([Upload("a.txt", TEXT)])
    options = [CorpusOptions(phrases=True, phrase_file=str(path)) for path in (file, other)]
    texts = [kept_text(TextChoice(digest, tokenising=each)) for each in options]
    assert texts[0].corpus.digest == texts[1].corpus.digest
    assert [text.corpus.options for text in texts] == options
    other.unlink()
    assert has_text(TextChoice(digest, tokenising=options[1]))  # what was read stays


def test_a_model_is_made_again_with_the_file_in_another_place(file, tmp_path, monkeypatch):
    there = tmp_path / "a.txt"
    there.write_bytes(TEXT)
    options = CorpusOptions(phrases=True, phrase_file="/nowhere/vectors.txt")
    expected = open_uploads([Upload("a.txt", TEXT)], tokenising=CorpusOptions(phrases=True, phrase_file=str(file)))
    inputs = RunInputs(TextSource("a.txt", expected.corpus.digest, options), None)
    recipe = RunDescription("counts", "counts", 1, TrainConfig(strategy="counts"), inputs, {})
    corpus, _ = open_corpus(recipe, Inputs((there,), None, file, None))
    assert corpus.digest == expected.corpus.digest
    with pytest.raises(PretrainedError, match=r"vectors\.txt"):
        open_corpus(recipe, Inputs((there,), None, None, None))
