"""Passages as they were written, from uploads that are read again."""

from core.progress import silent
from core.system.files import cache_folder
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.workspace import texts
from core.workspace.passages import read_passages
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
    (found,) = read_passages(silent, choice, folder, ((29, words.index("river")),))
    assert found == ("Line 29: the Queen’s “", "River", "”!")


def test_what_became_another_text_since_has_no_passage(cache):
    choices = [
        TextChoice(keep_uploads([Upload("a.txt", content)]), ReadOptions(unit="line"))
        for content in (b"one two\nthree four\n", b"one two\nthree five\n")
    ]
    digest = kept_text(choices[0]).corpus.digest
    folder = cache_folder("texts", digest)
    found = read_passages(silent, choices[1], folder, ((0, 0), (1, 0)))
    assert found == (("", "one", " two"), None)
