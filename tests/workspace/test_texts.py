"""Kept texts: found again as they were, made anew when damaged or of other options."""

import numpy as np
import pytest
from making import csv_of

from core.errors import Cancelled, CorpusError
from core.progress import silent
from core.system.files import cache_folder
from core.text.opened import open_text, propose_options
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.texts import (
    SAMPLE_CHARACTERS,
    TextChoice,
    estimate_reading_seconds,
    has_text,
    keep_text,
    keep_uploads,
    kept_text,
    upload_names,
)

ROWS = [["id", "label", "text"], *([str(n), "ab"[n % 2], f"Row number {n} is about café chairs"] for n in range(30))]
TABLE = Upload("rows.csv", csv_of(ROWS))


def test_a_kept_text_is_the_text_that_was_read():
    uploads = [TABLE, Upload("more.txt", "Naïve words.\n".encode("latin-1")), Upload("empty.txt", b"")]
    text, kept = open_text(uploads), kept_text(TextChoice(keep_uploads(uploads)))
    for field in ("name", "words", "document_names", "labels", "options", "digest"):
        assert getattr(kept.corpus, field) == getattr(text.corpus, field)
    assert np.array_equal(kept.corpus.tokens, text.corpus.tokens)
    for field in ("documents", "unit", "guessed", "encodings", "samples", "problems", "tables"):
        assert getattr(kept.reading, field) == getattr(text.reading, field)
    assert kept.reading.problems[0].file == "empty.txt"


def test_the_same_content_under_another_name_is_the_same_corpus_under_its_own_name():
    first, second = (keep_uploads([Upload(name, b"one two three")]) for name in ("a.txt", "b.txt"))
    texts = [kept_text(TextChoice(digest)) for digest in (first, second)]
    assert texts[0].corpus.digest == texts[1].corpus.digest
    assert [text.corpus.name for text in texts] == ["a.txt", "b.txt"]
    assert upload_names(second) == ("b.txt",)


def test_options_are_part_of_what_is_kept():
    digest = keep_uploads([Upload("a.txt", b"One TWO three")])
    kept_text(TextChoice(digest))
    assert has_text(TextChoice(digest))
    cased = TextChoice(digest, tokenising=CorpusOptions(lowercase=False))
    assert not has_text(cased)
    assert "TWO" in kept_text(cased).corpus.words


def test_a_text_whose_corpus_is_gone_is_made_again():
    digest = keep_uploads([Upload("a.txt", b"one two three")])
    corpus = kept_text(TextChoice(digest)).corpus
    folder = cache_folder("texts", corpus.digest)
    folder.rename(folder.with_name("elsewhere"))
    assert not has_text(TextChoice(digest))
    assert kept_text(TextChoice(digest)).corpus.digest == corpus.digest


def test_a_damaged_record_of_how_it_was_read_is_made_again():
    choice = TextChoice(keep_uploads([Upload("a.txt", b"one two three")]))
    expected = kept_text(choice)
    path = cache_folder("opened", f"{choice.key}.json")
    for damage in ("{", "{}", path.read_text("utf-8").replace('"copies"', '"lost"')):
        path.write_text(damage, "utf-8")
        assert kept_text(choice).reading.documents == expected.reading.documents


def test_cancelling_keeps_nothing():
    digest = keep_uploads([Upload("a.txt", b"one two three")])

    def cancel(fraction, message):
        raise Cancelled

    with pytest.raises(Cancelled):
        keep_text(cancel, TextChoice(digest))
    assert not has_text(TextChoice(digest))


def test_uploads_that_are_gone_are_named():
    with pytest.raises(CorpusError, match="Upload it again"):
        kept_text(TextChoice("0" * 32))


def test_only_the_beginning_of_a_long_text_is_kept_as_it_was():
    line = b"word " * 2_000 + b"\n"
    digest = keep_uploads([Upload("long.txt", line * 150)])
    text = kept_text(TextChoice(digest, ReadOptions(unit="line")))
    assert text.corpus.n_documents == 150
    assert len(text.reading.documents) < 150
    assert sum(len(document.text) for document in text.reading.documents) <= SAMPLE_CHARACTERS
    assert text.copies is not None
    assert text.copies.documents == 149
    assert text.copies.share == pytest.approx(149 / 150)


def test_how_long_reading_takes_is_told_by_size_and_format():
    estimates = [
        estimate_reading_seconds(keep_uploads([Upload(name, b"x" * size)]))
        for name, size in (("a.txt", 500_000), ("a.pdf", 500_000), ("a.txt", 50_000_000))
    ]
    assert estimates[0] < 0.5 < estimates[1] < 5 < estimates[2]


def test_a_text_that_is_no_longer_kept_is_made_where_the_caller_says():
    choice = TextChoice(keep_uploads([Upload("a.txt", b"one two three")]))
    made = []

    def keep(asked):
        made.append(asked)
        keep_text(silent, asked)

    assert kept_text(choice, keep).corpus.words == kept_text(choice, keep).corpus.words
    assert made == [choice]


def test_columns_of_a_single_table_are_proposed():
    proposed = propose_options([TABLE])
    assert (proposed.label_column, proposed.id_column) == ("label", "id")
    assert propose_options([TABLE, TABLE]) == ReadOptions()
    assert propose_options([Upload("bad.csv", b"")]) == ReadOptions()
    assert propose_options([Upload("a.txt", b"running text")]) == ReadOptions()


def test_a_job_leaves_what_the_page_finds():
    digest = keep_uploads([TABLE])
    keep_text(silent, TextChoice(digest))
    assert has_text(TextChoice(digest))


def test_a_text_is_named_after_a_file_that_was_read():
    picture = Upload("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert open_text([picture, Upload("mine.txt", b"One day a dog ran.")]).corpus.name == "mine.txt"
