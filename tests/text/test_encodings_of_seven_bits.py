"""Encodings in the bytes of ASCII are told by their escapes, Cyrillic and other code pages by their letters."""

import pytest

from core.errors import CorpusError
from core.text.reading.code_pages import read_otherwise
from core.text.reading.encodings import decode

JAPANESE = "今日はとても良い天気です。公園へ行って本を読みます。猫が庭で寝ています。\n"
KOREAN = "의사는 겨울에 환자를 보았다. 고양이가 정원에서 잔다.\n"
CHINESE = "医生在冬天看了病人。猫在院子里睡觉。\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-2022-jp", JAPANESE),
        ("iso-2022-jp", f"Plain words come first.\n\n{JAPANESE}And some follow.\n"),
        ("iso-2022-jp", "猫が"),
        ("iso-2022-kr", KOREAN),
        ("hz", CHINESE),
        ("hz", f"Plain words, ~{CHINESE}"),
        ("utf-7", "Le café près de la forêt, naïve et déjà là.\n"),
        ("utf-7", f"Words + more {CHINESE}"),
        ("utf-7", "Їжак їсть яблуко біля річки.\n"),
    ],
)
@pytest.mark.parametrize("times", [1, 40])
def test_escapes_tell_the_encoding(encoding, text, times):
    found = decode((text * times).encode(encoding), "a.txt")
    assert (found.text, found.encoding, found.guessed) == (text * times, encoding, True)
    assert found.sample


@pytest.mark.parametrize(
    "data",
    [
        b"A text with one \x1b in it, and no more.\n" * 3,
        b"\x1b1Bold\x1b0 words of a terminal of old\n",
        b"Call +49-30-1234 or +1-202, 1+1=2, C++ and a+b-c.\n",
        b"The path is ~{user} or ~/bin, and {~} too.\n",
        b"Base64: +AGE+BCD/efg= and +abc- once.\n",
    ],
)
def test_a_few_signs_that_look_like_escapes_are_text(data):
    found = decode(data, "a.txt")
    assert (found.text, found.encoding) == (data.decode(), "utf-8")


def test_what_cannot_be_read_is_named():
    with pytest.raises(CorpusError, match="ISO-2022-CN"):
        decode(b"\x1b$)A\x0e0lD;\x0f\n", "a.txt")


SENTENCES = {
    "Russian": (
        "Врач осмотрел больного зимой. Ещё лодка прошла под мостом.",
        "cp1251 koi8-r cp866 iso8859-5 mac-cyrillic",
    ),
    "Ukrainian": ("Їжак їсть яблуко біля річки. Є багато людей у Києві, її ґанок.", "cp1251 koi8-u"),
    "Belarusian": ("Доктар агледзеў хворага зімой. Цана рыбы ўзрасла летам.", "cp1251 iso8859-5"),
    "Serbian": ("Лекар је прегледао болесника зими. Ђак њива ћуп.", "cp1251 iso8859-5"),
    "Macedonian": ("Докторот го прегледа болниот во зима. Ѕвездата ќе сјае.", "cp1251 iso8859-5"),
    "Kazakh": ("Дәрігер науқасты қыста қарады. Мұғалім мектепте ойнады, үй іші.", "kz1048"),
    "Greek": ("Ο γιατρός είδε τον ασθενή τον χειμώνα.", "cp1253 iso8859-7"),
    "Hebrew": ("הרופא ראה את החולה בחורף והמורה ניגן", "cp1255"),
    "Japanese": (JAPANESE, "cp932 euc-jp"),
}


@pytest.mark.parametrize(
    ("language", "encoding"), [(name, e) for name, (_, all_) in SENTENCES.items() for e in all_.split()]
)
@pytest.mark.parametrize("times", [1, 20])
def test_letters_tell_the_code_page(language, encoding, times):
    text = SENTENCES[language][0] * times
    found = decode(text.encode(encoding), "a.txt")
    assert found.text == text
    assert found.guessed


def test_other_readings_of_a_guess_are_offered_with_what_they_make_of_it():
    others = dict(read_otherwise("Їжак їсть яблуко", "cp1251"))
    assert len(others) == 3
    assert others["kz1048"] == "Үжак үсть яблуко"
    assert read_otherwise("plain", "iso-2022-jp") == []
