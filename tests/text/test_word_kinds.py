import numpy as np
import pytest

from core.text.word_kinds import is_content, is_content_of


def shown(text: str, language: str | None) -> list[str]:
    words = text.split()
    return [word for word, content in zip(words, is_content(words, language), strict=True) if content]


def test_numbers_letters_clitics_and_signs_are_hidden_whatever_the_language() -> None:
    hidden = "7 1,000 3.5 $3.50 50% 19th 1960s '60s 4:30 1/2 ٣٤ x J. é ж 's ’s 'LL n't N’T l' qu’ ... — % © →"
    assert shown(hidden, None) == shown(hidden, "English") == shown(hidden, "German") == []


@pytest.mark.parametrize("language", [None, "English", "Japanese"])
def test_words_that_look_like_them_are_kept(language: str | None) -> None:
    kept = "bank u.s. r&d c++ c# covid-19 3d b52 o'neill d'or rock'n'roll 山 א ✓ 🎉 new_york"
    assert shown(kept, language) == kept.split()


def test_function_words_are_those_of_the_language_in_either_case() -> None:
    assert shown("the The upon MUST bank die", "English") == ["bank", "die"]
    assert shown("the die Die aber haus", "German") == ["the", "haus"]


def test_no_word_is_a_function_word_of_an_unknown_language() -> None:
    assert shown("the die bank 7", None) == ["the", "die", "bank"]


def test_of_two_texts_a_word_of_either_language_is_shown_and_an_unknown_one_says_nothing() -> None:
    words = ["the", "die", "aber", "bank", "7"]
    assert is_content_of(words, ["English", "German"]).tolist() == [True, True, True, True, False]
    assert is_content_of(words, ["English", None]).tolist() == is_content(words, "English").tolist()
    assert is_content_of(words, [None, None]).tolist() == [True, True, True, True, False]
    assert is_content_of([], ["English"]).shape == is_content([], None).shape == (0,)


def test_what_comes_back_is_an_array_of_bool() -> None:
    assert is_content(["a", "bank"], "English").dtype == np.bool_
