"""Passages as they were written, from uploads that are read again."""

import csv

from core.progress import silent
from core.system.files import cache_folder
from core.text.concordance import Search
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.workspace import texts
from core.workspace.passages import read_passages, unkept_file, write_concordance
from core.workspace.texts import TextChoice, keep_uploads, kept_text


def test_a_document_that_is_not_kept_as_read_is_read_again(cache, monkeypatch):
    monkeypatch.setattr(texts, "SAMPLE_CHARACTERS", 50)
    lines = [f"Line {number}: the Queen’s “River”!" for number in range(30)]
    upload = keep_uploads([Upload("a.txt", "\n".join(lines).encode())])
    choice = TextChoice(upload, ReadOptions(unit="line"))
    text = kept_text(choice)
    assert len(text.reading.documents) < 30 == text.corpus.n_documents
    words = [text.corpus.words[token] for token in text.corpus.document(29).tolist()]
    folder = cache_folder("texts", text.corpus.digest)
    (found,) = read_passages(silent, choice, folder, ((29, words.index("queen"), words.index("river")),))
    assert found == ("Line 29: the ", "Queen’s “River", "”!")


def test_what_became_another_text_since_has_no_passage(cache):
    choices = [
        TextChoice(keep_uploads([Upload("a.txt", content)]), ReadOptions(unit="line"))
        for content in (b"one two\nthree four\n", b"one two\nthree five\n")
    ]
    digest = kept_text(choices[0]).corpus.digest
    folder = cache_folder("texts", digest)
    found = read_passages(silent, choices[1], folder, ((0, 0, 0), (1, 0, 0)))
    assert found == (("", "one", " two"), None)


def test_a_file_of_lines_is_in_the_original_spelling_and_leaves_nothing_behind(cache):
    lines = [f"Line {number}: the Queen’s “River”!" for number in range(30)]
    choice = TextChoice(keep_uploads([Upload("a.txt", "\n".join(lines).encode())]), ReadOptions(unit="line"))
    folder = cache_folder("texts", kept_text(choice).corpus.digest)
    with unkept_file() as path:
        write_concordance(silent, choice, folder, Search("queen 's river", typed=True), path)
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert rows[:2] == [
        ["left", "hit", "right", "document", "label", "position"],
        ["Line 0: the", "Queen’s “River", "”!", "a.txt, line 1", "", "4"],
    ]
    assert len(rows) == 31
    assert not list(cache_folder("exports").iterdir())
