"""Which published vectors are of a text's language."""

import pytest

from core.pretrained.catalogue import (
    CATALOGUE,
    GLOVE_PACKAGE,
    catalogue_entry,
    fitting_entries,
    language_of_vectors,
    suggest_vectors,
)  # fmt: skip
from core.pretrained.fasttext_languages import FASTTEXT_LANGUAGES
from core.text import languages

WITHOUT = {"Hausa", "Igbo", "Kinyarwanda", "Lao", "Oromo", "Xhosa", "Zulu"}
"""Languages that a text can be told to be in, and that fastText's authors have no vectors of."""


def test_english_and_157_languages_have_vectors_each_with_its_own_file():
    assert len(FASTTEXT_LANGUAGES) == len(set(FASTTEXT_LANGUAGES.values())) == 158
    assert {f"cc.{code}.300" for code in FASTTEXT_LANGUAGES} <= {entry.name for entry in CATALOGUE}
    entry = catalogue_entry("cc.de.300")
    assert entry.urls == ("https://dl.fbaipublicfiles.com/fasttext/vectors-crawl/cc.de.300.vec.gz",)
    assert (entry.language, entry.vector_sizes, entry.size, entry.memory(300)) == ("German", (300,), None, None)


@pytest.mark.parametrize("language", sorted(languages._NAMES.values()))
def test_whatever_language_a_text_is_told_to_be_in_has_vectors_or_is_known_to_have_none(language):
    assert bool(fitting_entries(language)) is (language not in WITHOUT)


def test_varieties_of_a_language_fit_it_and_others_do_not():
    assert [entry.name for entry in fitting_entries("Norwegian")] == ["cc.no.300", "cc.nn.300"]
    assert [entry.name for entry in fitting_entries("Frisian")] == []
    assert fitting_entries("English")[0] == GLOVE_PACKAGE


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("glove.6B.50d.txt", "English"),
        ("glove.6B.zip", "English"),
        ("glove-twitter-25.gz", "English"),
        ("GoogleNews-vectors-negative300.bin", "English"),
        ("cc.fi.300.vec.gz", "Finnish"),
        ("cc.fi.300.bin", "Finnish"),
        ("wiki.de.vec", "German"),
        ("mine.txt", None),
        ("cc.xx.300.vec", None),
    ],
)
def test_published_vectors_are_known_by_their_files(name, language):
    assert language_of_vectors(name) == language


def test_the_language_of_the_vectors_decides_where_it_is_known():
    said = "The text looks German, and these vectors are English. Published vectors of German: cc.de.300."
    assert suggest_vectors("German", 0.67, "English") == said
    assert suggest_vectors("German", 0.2, "German") == ""
    assert suggest_vectors("Norwegian", 0.2, "Norwegian (Nynorsk)") == ""


def test_vectors_are_suggested_where_the_chosen_ones_do_not_know_the_text():
    assert suggest_vectors("German", 0.2) == "Published vectors of German: cc.de.300."
    assert suggest_vectors("Norwegian", None) == "Published vectors of Norwegian: cc.no.300 or cc.nn.300."
    assert suggest_vectors("German", 0.8) == suggest_vectors(None, 0.1) == ""
    assert "Bring your own" in suggest_vectors("Zulu", None)
