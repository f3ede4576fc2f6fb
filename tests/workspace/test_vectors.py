"""Which vectors files a visitor is offered, what they cover, and who sees them."""

from pathlib import Path

import numpy as np
import pytest
from making import zip_of

from core.errors import PretrainedError
from core.models.runs import keep_corpus
from core.pretrained.files import VectorFile, list_vector_files
from core.pretrained.vectors import write_glove
from core.progress import silent
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.workspace.demo_data import counted_vectors
from core.workspace.vectors import (
    Fit,
    find_best,
    folder_state,
    keep_vectors_upload,
    known_fit,
    measure_fits,
    upload_folder,
    why_best,
)

GLOVE = b"the 1 2 3\nriver 4 5 6\nbank 7 8 9\n"


def test_coverage_is_measured_once_for_each_file_as_it_is(tmp_path):
    corpus = build_corpus([Document("a", "the river the sea")])
    (tmp_path / "a.txt").write_bytes(GLOVE)
    (tmp_path / "notes.txt").write_text("no vectors here")
    good, bad = list_vector_files(tmp_path)
    assert known_fit(good, corpus.digest) is None
    measure_fits(silent, [good, bad], keep_corpus(corpus))
    fit = known_fit(good, corpus.digest)
    assert (fit.types, fit.tokens) == (pytest.approx(2 / 3), 0.75)
    assert "notes.txt" in known_fit(bad, corpus.digest).problem
    write_glove(tmp_path / "a.txt", ["sea"], np.ones((1, 3), np.float32))
    (changed, _) = list_vector_files(tmp_path)
    assert known_fit(changed, corpus.digest) is None


def test_a_folder_has_another_state_when_a_file_comes_goes_or_changes(tmp_path):
    states = [folder_state(tmp_path / "missing"), folder_state(tmp_path)]
    (tmp_path / "a.txt").write_bytes(b"1")
    states.append(folder_state(tmp_path))
    (tmp_path / "a.txt").write_bytes(b"12")
    states.append(folder_state(tmp_path))
    assert len(set(states)) == 4


def test_an_upload_lies_where_only_its_visitor_looks():
    (file,) = keep_vectors_upload("alice", "../../evil/vectors.txt", GLOVE)
    assert file.path == upload_folder("alice") / "vectors.txt"
    assert len(list_vector_files(upload_folder("alice"))) == 1
    assert list_vector_files(upload_folder("bob")) == ()


def test_an_uploaded_archive_offers_each_of_its_sets():
    files = keep_vectors_upload("alice", "two.zip", zip_of({"a.txt": GLOVE, "b.txt": b"sea 1 2\nsky 3 4\n"}))
    assert {(file.member, file.vector_size) for file in files} == {("a.txt", 3), ("b.txt", 2)}


@pytest.mark.parametrize("data", [b"", b"just some text\nand more of it\n", b"\x80\x04\x95pickle"])
def test_a_bad_upload_is_named_and_not_kept(data):
    with pytest.raises(PretrainedError, match=r"mine\.txt"):
        keep_vectors_upload("alice", "mine.txt", data)
    assert list(upload_folder("alice").iterdir()) == []


def test_the_best_vectors_cover_most_then_are_larger_and_are_the_demos_only_where_there_are_no_others():
    small, large, other, broken = (
        VectorFile(Path(name), None, 1, "glove", size, 10)
        for name, size in (("50d", 50), ("100d", 100), ("x", 300), ("b", 9))
    )
    counted = VectorFile(counted_vectors(), None, 1, "glove", 100, 10)
    shares = {small: 0.9801, large: 0.9803, other: 0.6, counted: 1.0}
    fits = {(file.path, None): Fit(0.5, share) for file, share in shares.items()}
    fits[broken.path, None] = Fit(problem="It is broken.")
    assert find_best([small, other, counted, broken, large], fits) == large
    assert "longest vectors" in why_best(large, [small, other, counted, large], fits)
    assert "98 % of the text, more than the other 1 file." in why_best(small, [small, other, counted], fits)
    assert find_best([counted], fits) == counted
    assert "no other file" in why_best(counted, [counted], fits)
    assert find_best([broken], fits) is None
    assert find_best([], fits) is None
    del fits[other.path, None]
    assert find_best([small, other], fits) is None  # not every file was looked at
