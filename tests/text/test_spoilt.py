"""Texts that earlier programs spoilt are put right where that is certain, and left be where it is not."""

import pytest

from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.uploads import Upload

GERMAN = "Der Arzt sah den Patienten – „schön“, sagte er für 5 €. Das Gebäude über der Brücke heißt Größe."
RUSSIAN = "Врач видел пациента зимой. Учитель играл на скрипке в школе."
ELIDED = "L’élève jouait à l’école. C’était l’été, d’être à l’Écosse — l’âge « déjà vu » !"
FRENCH = "Le café «été» à Noël — œuvre “naïve” … ça où là-bas."


def read(data: bytes, name: str = "a.txt", **options) -> Reading:
    return read_documents([Upload(name, data)], ReadOptions(unit="file", **options))


def notes(reading: Reading) -> str:
    return " ".join(problem.sentence for problem in reading.problems)


def taken_for(text: str, encoding: str) -> bytes:
    """`text` in UTF-8, read as if it were in `encoding`; what that lacks is a control, as in most programs."""
    letters = (bytes([byte]) for byte in text.encode())
    return "".join(each.decode(encoding, "ignore") or each.decode("latin-1") for each in letters).encode()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ELIDED, "cp1252"),
        (ELIDED, "mac-roman"),
        (ELIDED, "cp437"),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (GERMAN, "mac-roman"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "cp1252"),
    ],
)
@pytest.mark.parametrize("times", [1, 2])
def test_utf8_that_was_taken_for_something_else_is_read(text, encoding, times):
    data = text.encode()
    for _ in range(times if encoding == "cp1252" else 1):
        data = taken_for(data.decode(), encoding)
    reading = read(data)
    assert reading.documents[0].text == text
    assert "That was put right in" in notes(reading)


def test_cells_are_put_right_too_and_not_where_files_are_read_as_they_are():
    data = b"id,text\n" + b"".join(b"%d,%s\n" % (n, taken_for("Das Gebäude ist schön", "cp1252")) for n in range(4))
    assert read_documents([Upload("a.csv", data)]).documents[0].text == "Das Gebäude ist schön"
    assert "Ã" in read_documents([Upload("a.csv", data)], ReadOptions(as_is=True)).documents[0].text


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        RUSSIAN,
        FRENCH,
        ELIDED,
        "l’école, d’écrire et l’étude",
        "猫は庭で本を読みます。",
        "ＡＢ Ã© Ã¤ as examples, but é ä “ü”",
    ],
)
def test_what_is_not_spoilt_is_left_be(text):
    reading = read(text.encode())
    assert reading.documents[0].text == text
    assert "put right" not in notes(reading)


@pytest.mark.parametrize("sign", "’‘“”„«»‹›–—…\xa0")
@pytest.mark.parametrize(
    "form", ["l{sign}{letter}cole", "le {sign}{letter}cole", "fo{letter}{sign}", "fo{letter}\xa0{sign}"]
)
def test_signs_beside_letters_are_no_utf8_that_was_taken_for_something_else(form, sign):
    for letter in "àâäáãåæçéèêëíìîïñóòôöõøœúùûüýÿßąćęłńśźžčďěňřťůžđğışőűș":
        text = f"{form.format(sign=sign, letter=letter)} and so on, " * 5
        assert read(text.encode()).documents[0].text.strip() == text.strip(), letter


@pytest.mark.parametrize(("other", "encoding"), [(GERMAN, "cp1252"), (RUSSIAN, "cp1251")])
def test_lines_in_two_encodings_are_each_read_as_what_they_are(other, encoding):
    reading = read(f"{GERMAN}\n".encode() * 3 + f"{other}\n".encode(encoding) * 2)
    assert reading.documents[0].text.strip().split("\n") == [GERMAN] * 3 + [other] * 2
    assert f"2 lines of 6 (the first is line 4: “{other[:60]}”) are {encoding}" in notes(reading)


def test_a_text_that_is_cut_within_a_letter_has_one_encoding():
    reading = read(f"{GERMAN}\n".encode() * 3 + "ging für".encode()[:-2])
    assert "two encodings" not in notes(reading)
    assert "broken" in notes(reading)


def test_colours_of_a_terminal_are_no_words():
    assert read(b"\x1b[1;31mThe doctor\x1b[0m saw\x1b[K it.\n" * 2).documents[0].text == "The doctor saw it.\n" * 2
