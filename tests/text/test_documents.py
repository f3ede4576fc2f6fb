import textwrap

import pytest
from gensim.test.utils import datapath

from core.errors import Cancelled, CorpusError
from core.text.reading.documents import Reading, ReadOptions, read_documents
from core.text.reading.units import guess_unit
from core.text.reading.uploads import Limits, Upload
from tests.making import pdf_of, zip_of

SENTENCE = "The quick brown fox jumps over the lazy dog while nobody at all is looking on. "


def read(text: str, **options) -> Reading:
    return read_documents([Upload("a.txt", text.encode())], ReadOptions(**options))


def wrapped(paragraphs: int) -> str:
    return "\n\n".join(textwrap.fill(SENTENCE * (4 + number % 3), 72) for number in range(paragraphs))


def test_one_document_on_each_line_is_recognised():
    with open(datapath("lee_background.cor"), "rb") as file:
        reading = read_documents([Upload("lee.cor", file.read())])
    assert (reading.unit, reading.guessed, len(reading.documents)) == ("line", True, 300)
    assert reading.documents[11].name == "lee.cor, line 12"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (wrapped(20), "paragraph"),
        (wrapped(3), "file"),
        (wrapped(20).replace("\n\n", "\n"), "file"),
        ("\n\n".join([SENTENCE * 3] * 20), "line"),
        ("\n\n".join(["good morning to you\nand to you too\nhow are you"] * 20), "paragraph"),
        ("\n".join(f"{SENTENCE * (number % 4)}and so on and on" for number in range(40)), "line"),
        ("\n".join(f"word{number}" for number in range(40)), "file"),
        (SENTENCE * 500, "file"),
    ],
)
def test_the_unit_is_guessed_from_the_shape_of_the_text(text, unit):
    assert guess_unit(text) == unit


def test_of_several_prose_files_each_is_a_document():
    reading = read_documents([Upload(f"{number}.txt", wrapped(20).encode()) for number in range(3)])
    assert reading.unit == "file"
    assert [document.name for document in reading.documents] == ["0.txt", "1.txt", "2.txt"]


def test_the_unit_can_be_chosen():
    assert [d.name for d in read("one\n\ntwo\nthree", unit="line").documents] == [
        "a.txt, line 1",
        "a.txt, line 3",
        "a.txt, line 4",
    ]
    paragraphs = read("one\n \ntwo\nthree\n", unit="paragraph")
    assert [(d.name, d.text) for d in paragraphs.documents] == [
        ("a.txt, paragraph 1", "one"),
        ("a.txt, paragraph 2", "two\nthree"),
    ]
    assert not paragraphs.guessed
    assert len(read("one\n\ntwo", unit="file").documents) == 1


def test_two_files_of_one_name_are_two_files():
    reading = read_documents([Upload("a.txt", b"one"), Upload("a.txt", b"two")])
    assert [document.text for document in reading.documents] == ["one", "two"]


def test_one_bad_file_among_twenty_is_named_and_the_rest_is_used():
    uploads = [Upload(f"{number}.txt", SENTENCE.encode()) for number in range(19)]
    reading = read_documents([*uploads[:7], Upload("bad.txt", b"\0\1\2\3"), *uploads[7:]])
    assert len(reading.documents) == 19
    assert [problem.file for problem in reading.problems] == ["bad.txt"]
    assert not reading.problems[0].used


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "nothing but spaces"),
        (b"\xef\xbb\xbf", "nothing but spaces"),
        (b"\x7fELF\2\1\1\0\0\0", "binary"),
        ("😀 🎉 ---\n".encode() * 9, "no words"),
        (b"words " * 1000, "one file may have 5 kB"),
    ],
)
def test_nothing_usable_is_an_error_that_names_the_file(data, says):
    with pytest.raises(CorpusError, match=r"“a\.txt”") as caught:
        read_documents([Upload("a.txt", data)], limits=Limits(file_bytes=5000))
    assert says in str(caught.value)


def test_no_upload_at_all_is_an_error():
    with pytest.raises(CorpusError, match="no file"):
        read_documents([])


def test_the_user_can_cancel():
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_documents([Upload("a.txt", b"words")], progress=cancel)


def test_right_to_left_text_is_left_alone():
    assert read("שלום עולם").documents[0].text == "שלום עולם"


def test_reading_can_be_cancelled_while_one_long_text_is_cut_into_documents():
    def cancel(fraction: float, message: str) -> None:
        if message.startswith("16,384"):
            raise Cancelled

    with pytest.raises(Cancelled):
        read_documents([Upload("a.txt", b"one word\n" * 20_000)], ReadOptions(unit="line"), progress=cancel)


def test_progress_rises_to_the_end():
    seen: list[float] = []
    uploads = [Upload("a.txt", b"words"), Upload("b.pdf", pdf_of([["words"]] * 4)), Upload("c.txt", b"words")]
    read_documents(uploads, progress=lambda fraction, message: seen.append(fraction))
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    assert 0 <= seen[0] <= seen[-1] <= 1


def test_files_may_have_encodings_of_their_own():
    russian = "Привет, мир. " * 9
    uploads = [
        Upload("a.txt", russian.encode("koi8-r")),
        Upload("b.zip", zip_of({"c.txt": "déjà vu".encode("cp1252"), "d.txt": b"plain"})),
    ]
    found = read_documents(uploads, ReadOptions(unit="file"))
    inside = next(name for name in found.encodings if name.endswith("c.txt"))
    options = ReadOptions(unit="file", encoding="cp1252", encodings=((inside, "cp1251"), ("a.txt", "koi8-r")))
    reading = read_documents(uploads, options)
    assert [document.text.strip() for document in reading.documents] == [russian.strip(), "dйjа vu", "plain"]
    assert list(reading.encodings.values()) == ["koi8-r", "cp1251", "cp1252"]
    again = ReadOptions(unit="file", encoding="cp1252", encodings=[["a.txt", "koi8-r"], [inside, "cp1251"]])
    assert again == options  # as JSON gives it back, in another order
    assert hash(again) == hash(options)
