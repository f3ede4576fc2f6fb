import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CorpusError
from core.text.reading import encodings
from core.text.reading.encodings import decode

WESTERN = "Le café de la gare était fermé — à cause de l’été."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", WESTERN),
        ("utf-8-sig", WESTERN),
        ("utf-16", WESTERN),
        ("utf-16-le", WESTERN + "!" * (len(WESTERN) % 2)),
        ("utf-16-be", WESTERN),
        ("utf-16-le", "Привет, мир, как дела"),
        ("utf-16-be", "שלום עולם, מה שלומך"),
        ("utf-32-le", "plain words"),
        ("cp1252", WESTERN),
        ("cp1252", "“Smart quotes” — don’t break, naïve coöperation costs €5."),
        ("cp1252", "The ticket costs £5 only."),
        ("cp1252", "El niño comió mañana en la montaña con su compañero."),
        ("latin-1", "Größe und Übermaß der Straße für Männer"),
        ("mac-roman", "Le café de la gare était fermé à cause de l'été."),
        ("cp1250", "Zażółć gęślą jaźń. Pchnąć w tę łódź jeża lub ośm skrzyń fig."),
        ("cp1254", "Pijamalı hasta yağız şoföre çabucak güvendi."),
        ("cp1251", "Съешь же ещё этих мягких французских булок, да выпей чаю."),
        ("koi8-r", "Съешь же ещё этих мягких французских булок, да выпей чаю."),
        ("cp1256", "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر"),
        ("cp932", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"),
        ("gb18030", "我能吞下玻璃而不伤身体。这是一个中文测试文本,用于检测编码。"),
    ],
)
def test_the_text_comes_back_whatever_it_was_encoded_in(encoding, text):
    decoded = decode(text.encode(encoding), "a.txt")
    assert decoded.text == text
    assert decoded.note == ""
    assert decode(text.encode(encoding), "a.txt", decoded.encoding).text == text


@pytest.mark.parametrize(
    "text",
    [
        *("café", "é", "É", "ü", "ça", "Ça va?", "Größe", "Über", "Zoë", "año", "São Paulo", "Ångström", "déjà vu"),
        *("“hi”", "it’s", "a – b", "…and", "£5", "25 °C", "© 2020 Foo", "½ cup", "naïve café", "straße", "Voilà"),
    ],
)
def test_a_few_western_words_are_read_as_such(text):
    assert decode(text.encode("cp1252"), "a.txt").text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Сегодня очень хорошая погода, и мы идём гулять."),
        ("cp1253", "Καλημέρα σας, τι κάνετε"),
        ("gb18030", "今天天气很好，我们去公园散步。"),
        ("cp932", "今日は天気がいいですね。"),
        ("koi8-u", "Їжак їсть яблуко біля річки. Є у Києві люди."),
    ],
)
def test_a_few_words_of_other_scripts_are_not_taken_for_western_ones(encoding, text):
    assert decode(text.encode(encoding), "a.txt").text == text


def test_vietnamese_writes_tones_behind_its_letters():
    text = "Bác sĩ đã khám bệnh nhân vào mùa đông. Thầy giáo chơi đàn ở trường học."
    letters = []
    for letter in text:
        tones = [mark for mark in unicodedata.normalize("NFD", letter) if mark in "\u0300\u0301\u0303\u0309\u0323"]
        bare = unicodedata.normalize("NFD", letter).translate(dict.fromkeys(map(ord, tones)))
        letters.append(unicodedata.normalize("NFC", bare) + "".join(tones))
    decoded = decode("".join(letters).encode("cp1258"), "a.txt")
    assert (decoded.text, decoded.encoding) == (text, "cp1258")


def test_only_what_no_byte_contradicts_is_certain():
    assert not decode(WESTERN.encode(), "a.txt").guessed
    assert not decode(WESTERN.encode("utf-16"), "a.txt").guessed
    legacy = decode(WESTERN.encode("cp1252"), "a.txt")
    assert legacy.guessed
    assert "café" in legacy.sample


def test_a_cut_utf8_file_keeps_its_letters_and_says_what_was_lost():
    decoded = decode(("été à la mer\n" * 20).encode() + "é".encode()[:1], "a.txt")
    assert decoded.text == "été à la mer\n" * 20 + "\ufffd"
    assert "a.txt" in decoded.note
    assert "line 21" in decoded.note


def test_text_spoilt_by_an_earlier_program_is_pointed_out():
    spoilt = "It’s the café’s best naïve dish".encode().decode("cp1252")
    assert "Windows-1252" in decode(spoilt.encode(), "a.txt").note


def test_there_is_one_way_to_write_a_text():
    decomposed = unicodedata.normalize("NFD", "café")
    assert decode(f"{decomposed}\r\nb\rc".encode(), "a.txt").text == "café\nb\nc"


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        (b"caf\xe9", "utf-8", "byte 3 (line 1)"),
        (b"a\nb\xff", "utf-8", "line 2"),
        (b"words", "klingon", "no text encoding"),
        (b"words", "rot13", "no text encoding"),
        (b"words", "hex", "no text encoding"),
        (b"abc", "utf-16", "Choose another encoding"),
        (b"\xff\xfea\0\0\xd8b\0", None, "save the file again as UTF-8"),  # a lone surrogate in UTF-16
        (b"+2AA-", "utf-7", "save the file again as UTF-8"),
        (bytes(range(256)) * 8, None, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, "binary"),
        (b"one\0two\n" * 9, None, "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data, encoding, says):
    with pytest.raises(CorpusError, match=r"“a\.txt”") as caught:
        decode(data, "a.txt", encoding)
    assert says in str(caught.value)


@given(st.text(st.sampled_from("ae \n=<가각éä\u0301\u0323\u0338\u0308"), max_size=40))
def test_a_text_composed_in_pieces_is_composed(text):
    before, encodings._PIECE = encodings._PIECE, 3
    try:
        assert decode(text.encode(), "a.txt").text == unicodedata.normalize("NFC", text)
    finally:
        encodings._PIECE = before
