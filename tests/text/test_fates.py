"""The fate of every word, what is said about a text, and the change that would raise coverage."""

from typing import get_args

import numpy as np
import pytest

from core.config import default_config
from core.models.estimates import estimate_bytes, estimate_seconds
from core.pretrained.vectors import write_glove
from core.text.corpus import build_corpus
from core.text.fates import Fate, find_fates
from core.text.figures import draw_coverage, draw_lengths, draw_rank_frequency
from core.text.hints import find_hints
from core.text.languages import stop_words
from core.text.opened import Text, open_text
from core.text.reading.documents import Document, ReadOptions
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.recommendation import recommend

FATES = get_args(Fate)

KNOWN = frozenset({"the", "river", "once"})


@pytest.fixture
def corpus():
    return build_corpus([Document("a", "the river the sea the sea river once rare")])


def test_each_word_has_one_fate(corpus):
    fates = find_fates(corpus, KNOWN, 2)
    words = {fate: [corpus.words[row] for row in fates.rows(fate)] for fate in FATES}
    assert words == {"tuned": ["the", "river"], "new": ["sea"], "rare": ["once", "rare"]}
    assert {fate: fates.tokens(fate) for fate in FATES} == {"tuned": 5, "new": 2, "rare": 2}
    assert [fates.fate_of(row) for row in range(5)] == ["tuned", "tuned", "new", "rare", "rare"]
    assert fates.token_coverage == pytest.approx(6 / 9)


def test_words_are_found_by_part_group_and_frequency(corpus):
    fates = find_fates(corpus, KNOWN, 2)

    def words(*arguments, **options):
        return [corpus.words[row] for row in fates.find(*arguments, **options)]

    assert words() == list(corpus.words)
    assert words("R", "all") == ["river", "rare"]
    assert words("", "missing") == ["sea", "rare"]
    assert words("", "covered") == ["the", "river", "once"]
    assert words("", "rare") == ["once", "rare"]
    assert words("", "all", stop_words(None)) == ["river", "sea", "rare"]
    assert words("", "all", limit=2) == ["the", "river"]
    assert words("nowhere") == []


def test_bands_count_every_word_once(corpus):
    fates = find_fates(corpus, KNOWN, 2)
    assert fates.bands() == (("1", 2, 1), ("2", 2, 1), ("3–4", 1, 1))


def test_figures_hold_what_they_say(corpus):
    coverage = draw_coverage(find_fates(corpus, KNOWN, 2))
    known, missing = coverage.data
    assert np.allclose(np.asarray(known.y) + np.asarray(missing.y), 100)
    assert list(known.customdata) == [1, 1, 1]
    ranks = draw_rank_frequency(corpus, 2).data[0]
    assert list(ranks.y) == corpus.counts.tolist()
    lengths = draw_lengths(np.array([3, 3, 5, 900])).data[0]
    assert sum(lengths.y) == 4
    assert sum(draw_lengths(np.array([7])).data[0].y) == 1


def test_figures_of_a_large_vocabulary_stay_small():
    corpus = build_corpus([Document("a", " ".join(f"w{n} " * (1 + 5000 // (n + 1)) for n in range(5000)))])
    assert len(draw_rank_frequency(corpus, 1).data[0].x) <= 400


@pytest.fixture
def capitals(tmp_path):
    write_glove(tmp_path / "lower.txt", ["the", "river", "runs", "0"], np.ones((4, 2), np.float32))
    return tmp_path / "lower.txt"


def test_lower_casing_is_recommended_where_the_file_is_lower_case(capitals):
    documents = [Document("a", "The River runs. " * 20)]
    found = recommend(documents, CorpusOptions(lowercase=False), capitals)
    assert found.options == CorpusOptions()
    assert (found.now, found.then) == (pytest.approx(1 / 3), 1.0)
    assert found.sentence == "Lower-casing raises coverage from 33 % to 100 %."


def test_nothing_is_recommended_where_nothing_helps(capitals):
    assert recommend([Document("a", "the river runs")], CorpusOptions(), capitals) is None
    assert recommend([Document("a", "Вода течёт")], CorpusOptions(), capitals) is None


@pytest.mark.parametrize(
    ("habit", "file", "text"),
    [
        ("arabic", "\u0643\u062a\u0627\u0628 \u0641\u064a", "\u06a9\u062a\u0627\u0628 \u0641\u06cc"),
        ("persian", "\u06a9\u062a\u0627\u0628 \u0641\u06cc", "\u0643\u062a\u0627\u0628 \u0641\u064a"),
        ("urdu", "\u06a9\u06c1 \u06cc\u06c1", "\u06a9\u0647 \u06cc\u0647"),
    ],
)
def test_the_letters_of_the_files_language_are_recommended(tmp_path, habit, file, text):
    write_glove(tmp_path / "words.txt", file.split(), np.ones((2, 2), np.float32))
    others = tuple(other for other in ("arabic", "persian") if other != habit and habit != "urdu")
    found = recommend([Document("a", text)], CorpusOptions(habits=others), tmp_path / "words.txt")
    assert (found.options.habits, found.now, found.then) == ((habit,), 0, 1)


def test_the_joined_words_of_the_file_count_when_words_are_joined(tmp_path):
    path = tmp_path / "joined.txt"
    write_glove(path, ["new_york", "the", "in"], np.ones((3, 2), np.float32))
    options = CorpusOptions(lowercase=False, phrases=True, phrase_file=str(path))
    found = recommend([Document("a", "the new york in The new york")], options, path)
    assert (found.now, found.then) == (pytest.approx(4 / 5), 1.0)


def test_numbers_may_be_folded(capitals):
    found = recommend([Document("a", "the river 1998 2001 17")], CorpusOptions(), capitals)
    assert found.options.fold_numbers


def hints(text, coverage=None, **options):
    opened = open_text([Upload("a.txt", text.encode())], ReadOptions(**options))
    return " ".join(f"{hint.level}: {hint.text}" for hint in find_hints(opened, coverage))


@pytest.mark.parametrize(("tokens", "says"), [(500, "too few to say anything"), (7_000, "small text"), (25_000, "")])
def test_a_text_that_is_too_small_is_named(tokens, says):
    said = hints(" ".join(f"word{n}" for n in range(tokens)))
    assert says in said
    assert bool(said) is bool(says)


def test_one_token_is_named_in_the_singular():
    assert "1 token is too few" in hints("word")


def test_another_language_is_named():
    german = "Der Hund und die Katze sind nicht in dem Haus, das auf der Straße ist. " * 30
    assert "German" in hints(german)
    assert "may be of another language" in hints(german, 0.1)
    assert "German" not in hints(german, 0.9)


def test_copies_are_named_only_where_they_are_known():
    text = Text(*(lambda opened: (opened.reading, opened.corpus))(open_text([Upload("a.txt", b"one two")])))
    assert "nearly word for word" not in " ".join(hint.text for hint in find_hints(text, None))


def test_the_estimate_grows_with_the_vectors(corpus):
    small, large = (default_config("tied", corpus.n_tokens, vector_size=size) for size in (50, 300))
    assert estimate_seconds(corpus, small) < estimate_seconds(corpus, large)
    assert estimate_bytes(corpus, small) < estimate_bytes(corpus, large)
