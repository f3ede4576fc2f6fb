"""Every format is read back by the program it is for, and gives the same numbers."""

import csv
import json
import zipfile

import numpy as np
import pytest

from core.config import TrainConfig
from core.errors import Cancelled, ExportError, PretrainedError
from core.export.format_texts import FORMATS
from core.export.formats import write_download, write_export
from core.export.table import merged_table, own_table, usual_rest
from core.models.description import Sources, TextSource, VectorsSource
from core.models.embedding import Embedding
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.prose.cells import plain_cell

PLAIN = ("river", "bank", "naïve", "日本", "NA", "null", "'s", "1e5", "<b>", "{x}", "%s")
NASTY = (
    "two words",
    "two_words",
    'quo"te',
    "com,ma",
    "semi;colon",
    "new\nline",
    "carriage\rreturn",
    "tab\tword",
    "next\x85line",
    "line\u2028separator",
    "no\xa0break",
    "=cmd|' /C calc'!A0",
    "+1",
    "-",
    "@sum",
    "＝1+1",
    " =1",
)
FORMULAS = {word for word in NASTY if word.lstrip()[0] in "=+-@＝"}


def embedding_of(words, strategy="tuned", size=5, digest="file", seed=0):
    vectors = np.random.default_rng(seed).normal(size=(len(words), size)).astype(np.float32)
    vectors[0] = [1e-38, -3.4e18, 1 / 3, -0.0, 16777217][:size] if size == 5 else vectors[0]
    return Embedding(
        name=strategy,
        words=tuple(words),
        vectors=vectors,
        counts=np.arange(len(words), 0, -1, dtype=np.int64),
        covered=np.ones(len(words), bool),
        config=TrainConfig(strategy=strategy, vector_size=size),
        sources=Sources(
            TextSource("text", "t"),
            VectorsSource("file.txt", digest, "glove") if digest else None,
            seconds=1.0,
            covered=len(words),
            vocabulary=len(words),
        ),
    )


@pytest.fixture
def plain():
    return embedding_of(PLAIN)


@pytest.fixture
def nasty():
    return embedding_of(PLAIN + NASTY)


def same(a, b):
    return np.array_equal(np.asarray(a, np.float32).view(np.int32), np.asarray(b, np.float32).view(np.int32))


@pytest.mark.parametrize(("format", "options"), [
    ("word2vec", {}), ("word2vec-binary", {"binary": True}), ("glove", {"no_header": True}),
])  # fmt: skip
def test_gensim_reads_word2vec_and_glove_with_their_counts(plain, tmp_path, format, options):
    from gensim.models import KeyedVectors

    written = write_export(own_table(plain), format, tmp_path / "out.txt", counts=True)
    read = KeyedVectors.load_word2vec_format(str(written.files[0]), fvocab=str(written.files[1]), **options)
    assert tuple(read.index_to_key) == PLAIN
    assert same(read.vectors, plain.vectors)
    assert [read.get_vecattr(word, "count") for word in PLAIN] == plain.counts.tolist()


@pytest.mark.parametrize("format", ["word2vec", "word2vec-binary", "glove"])
def test_white_space_in_words_breaks_no_row(nasty, tmp_path, format):
    from gensim.models import KeyedVectors

    written = write_export(own_table(nasty), format, tmp_path / "out.txt", counts=True)
    options = {"binary": "binary" in format, "no_header": format == "glove"}
    read = KeyedVectors.load_word2vec_format(str(written.files[0]), fvocab=str(written.files[1]), **options)
    kept = [row for row, word in enumerate(nasty.words) if word != "two words"]
    assert len(read) == len(kept)
    assert same(read.vectors, nasty.vectors[kept])
    assert same(read["two_words"], nasty.vectors[nasty.words.index("two_words")])
    assert read.get_vecattr("next_line", "count") == nasty.counts[nasty.words.index("next\x85line")]
    assert any("White space in 9 words" in note for note in written.notes)
    assert any("Left out" in note for note in written.notes)


@pytest.mark.parametrize("format", ["word2vec", "word2vec-binary", "glove"])
def test_vectune_reads_its_own_exports(plain, tmp_path, format):
    plain.vectors.flags.writeable = True
    plain.vectors[0, [1, 4]] = 9e5, -1e6  # beyond a million it would leave the row out
    written = write_export(own_table(plain), format, tmp_path / "out.txt")
    assert len(written.files) == 1
    read = open_pretrained(written.files[0])
    assert read.words == PLAIN
    assert same(read.vectors, plain.vectors)


@pytest.mark.parametrize("counts", [True, False])
def test_gensim_opens_its_keyed_vectors(nasty, tmp_path, counts):
    from gensim.models import KeyedVectors

    path = write_export(own_table(nasty), "gensim", tmp_path / "out.kv", counts=counts).files[0]
    read = KeyedVectors.load(str(path))
    assert tuple(read.index_to_key) == nasty.words
    assert same(read.vectors, nasty.vectors)
    assert len(read.most_similar("bank", topn=3)) == 3
    if counts:
        assert [read.get_vecattr(word, "count") for word in nasty.words] == nasty.counts.tolist()
    else:
        assert "count" not in read.expandos
    assert [each.name for each in tmp_path.iterdir() if each.name != "cache"] == ["out.kv"]


@pytest.mark.parametrize("counts", [True, False])
def test_numpy_reads_npz_without_pickle(nasty, tmp_path, counts):
    with np.load(write_export(own_table(nasty), "npz", tmp_path / "out.npz", counts=counts).files[0]) as read:
        assert tuple(read["words"].tolist()) == nasty.words
        assert same(read["vectors"], nasty.vectors)
        assert json.loads(str(read["about"]))["run"]["config"]["strategy"] == "tuned"
        assert ("counts" in read) == counts
        if counts:
            assert read["counts"].tolist() == nasty.counts.tolist()


@pytest.mark.parametrize("counts", [True, False])
def test_pandas_reads_parquet(nasty, tmp_path, counts):
    import pandas as pd
    import pyarrow.parquet as parquet

    path = write_export(own_table(nasty), "parquet", tmp_path / "out.parquet", counts=counts).files[0]
    read = pd.read_parquet(path)
    assert tuple(read["word"]) == nasty.words
    assert same(np.stack(read["vector"].to_list()), nasty.vectors)
    assert list(read) == (["word", "count", "vector"] if counts else ["word", "vector"])
    if counts:
        assert read["count"].tolist() == nasty.counts.tolist()
    about = json.loads(parquet.read_schema(path).metadata[b"vectune"])
    assert about["run"]["inputs"]["pretrained"]["name"] == "file.txt"


@pytest.mark.parametrize("counts", [True, False])
def test_pandas_and_csv_read_csv_in_which_no_cell_is_a_formula(nasty, tmp_path, counts):
    import pandas as pd

    written = write_export(own_table(nasty), "csv", tmp_path / "out.csv", counts=counts)
    read = pd.read_csv(written.files[0], keep_default_na=False)
    expected = [f"'{word}" if word in FORMULAS else word for word in nasty.words]
    assert read["word"].tolist() == expected
    assert same(read[[f"v{i}" for i in range(1, 6)]].to_numpy(np.float64).astype(np.float32), nasty.vectors)
    assert ("count" in read) == counts
    with open(written.files[0], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == expected
    assert {len(row) for row in rows} == {6 + counts}
    for row in rows[1:]:
        assert row[0].lstrip()[0] not in "=+-@＝"
    assert any(f"{len(FORMULAS)} words" in note for note in written.notes)


@pytest.mark.parametrize("counts", [True, False])
def test_the_projector_gets_as_many_labels_as_vectors(nasty, tmp_path, counts):
    path = write_export(own_table(nasty), "projector", tmp_path / "out.zip", counts=counts).files[0]
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    vectors = [line.split("\t") for line in files["vectors.tsv"].rstrip("\n").split("\n")]
    assert same(np.array(vectors, np.float64).astype(np.float32), nasty.vectors)
    # every program's idea of a line gives the same rows: the Projector splits on \n, Python also on U+0085
    labels = files["metadata.tsv"].rstrip("\n").split("\n")
    assert labels == files["metadata.tsv"].splitlines()
    if counts:
        assert labels.pop(0) == "word\tcount"
        assert [int(line.split("\t")[1]) for line in labels] == nasty.counts.tolist()
    assert len(labels) == len(nasty.words)
    assert {line.count("\t") for line in labels} == {int(counts)}
    assert labels[0].split("\t")[0] == "river"
    config = json.loads(files["projector_config.json"])["embeddings"][0]
    assert config["tensorShape"] == list(nasty.vectors.shape)
    assert config["tensorPath"] in files
    assert config["metadataPath"] in files
    assert 'tensor_path: "vectors.tsv"' in files["projector_config.pbtxt"]


def test_only_formulas_get_an_apostrophe():
    assert plain_cell("=1") == "'=1"
    assert plain_cell("\t=1") == "'\t=1"
    for word in ("a=b", "'s", "3", "x-y"):
        assert plain_cell(word) == word


FILE_WORDS = ("bank", "of", "river", "the", "sea", "ship", "two words", "sail")


def file_of(size=3, digest="file", seed=3):
    vectors = np.random.default_rng(seed).normal(size=(len(FILE_WORDS), size)).astype(np.float32)
    return PretrainedVectors("file.txt", FILE_WORDS, vectors, digest, "glove", len(FILE_WORDS))


def test_merged_untouched_keeps_both_sides_bit_for_bit():
    model, file = embedding_of(["river", "bank", "newword"], size=3), file_of()
    table = merged_table(model, file)
    assert usual_rest("tuned") == "untouched"
    assert table.words == ("river", "bank", "newword", "of", "the", "sea", "ship", "two words", "sail")
    assert same(table.matrix()[:3], model.vectors)
    assert same(table.matrix()[3:], file.vectors[[1, 3, 4, 5, 6, 7]])
    assert table.counts.tolist() == [3, 2, 1, 0, 0, 0, 0, 0, 0]
    assert "bit for bit" in table.about.others


def turned(vectors, seed=5):
    rotation = np.linalg.qr(np.random.default_rng(seed).normal(size=(vectors.shape[1],) * 2))[0]
    return np.asarray(1.7 * vectors @ rotation + [1, 2, 3], np.float32)


def test_merged_moved_takes_the_rest_along_by_the_models_own_movement():
    file = file_of()
    made = turned(file.vectors)
    words = [word for word in FILE_WORDS if word not in ("sea", "two words")]
    model = embedding_of(words, strategy="scratch", size=3, digest=None)
    rows = file.rows_for(words)
    model = Embedding(
        model.name, model.words, made[rows].copy(), model.counts, model.covered, model.config, model.sources
    )
    table = merged_table(model, file)
    assert usual_rest("scratch") == "moved"
    assert same(table.matrix()[: len(words)], model.vectors)
    others = file.rows_for(table.words[len(words) :])
    np.testing.assert_allclose(table.matrix()[len(words) :], made[others], atol=1e-5)


@pytest.mark.parametrize(
    ("model", "file", "rest", "says"),
    [
        (embedding_of(["river"], size=3, digest="other"), file_of(), None, "another file"),
        (embedding_of(["river"], size=5), file_of(), None, "dimensions"),
        (embedding_of(["river"], "scratch", 3, None), file_of(), "untouched", "space of its own"),
        (embedding_of(["river", "bank"], "scratch", 3, None), file_of(), None, "share 2 words"),
    ],
)
def test_what_cannot_be_merged_is_refused_with_what_to_do(model, file, rest, says):
    with pytest.raises(ExportError, match=says) as caught:
        merged_table(model, file, rest)
    assert "xport the text" in str(caught.value) or "Choose" in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
def test_merged_tables_are_written_in_every_format(tmp_path, format):
    table = merged_table(embedding_of(["river", "bank", "new"], size=3), file_of())
    written = write_download(table, format, tmp_path / "out", "model", counts=True)
    assert [each.name for each in (tmp_path / "out").iterdir()] == [written.files[0].name]
    assert written.files[0].stat().st_size > 100


@pytest.mark.parametrize("format", FORMATS)
def test_a_cancelled_export_leaves_the_old_file_and_nothing_else(plain, tmp_path, format):
    def cancel(fraction, message):
        raise Cancelled

    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "model").write_text("old")
    with pytest.raises(Cancelled):
        write_export(own_table(plain), format, folder / "model", progress=cancel)
    assert [each.name for each in folder.iterdir()] == ["model"]
    assert (folder / "model").read_text() == "old"


def test_a_place_that_cannot_be_written_is_named(plain, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        write_export(own_table(plain), "glove", tmp_path / "file" / "out.txt")


@pytest.mark.parametrize("counts", [False, True])
@pytest.mark.parametrize("format", [format for format in FORMATS if format != "gensim"])
def test_what_was_exported_opens_here_again(nasty, tmp_path, format, counts):
    embedding = nasty if format in ("npz", "parquet", "csv") else embedding_of(PLAIN, size=6)
    embedding.vectors.flags.writeable = True
    embedding.vectors[0] = 0.5  # a row with a value beyond a million would be left out
    (written,) = write_download(own_table(embedding), format, tmp_path, "model", counts).files
    found = open_pretrained(written)
    usable = [row for row, word in enumerate(embedding.words) if "\n" not in word]
    assert list(found.words) == [embedding.words[row] for row in usable]
    assert same(found.vectors, embedding.vectors[usable])


def test_a_pickle_that_was_exported_is_refused_with_what_turns_it_into_text(plain, tmp_path):
    (written,) = write_download(own_table(plain), "gensim", tmp_path, "model", False).files
    with pytest.raises(PretrainedError, match=r"KeyedVectors.load\('model.kv'\).save_word2vec_format\('vectors.txt'\)"):
        open_pretrained(written)
