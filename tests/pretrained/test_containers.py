"""Vectors that are no rows of text: NumPy, Parquet, safetensors, CSV, JSON, fastText's models, Projector's pairs."""

import bz2
import csv
import gzip
import io
import json
import lzma
import pickle
import random
import struct
import zipfile

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from core.errors import PretrainedError
from core.pretrained.files import describe_file, find_vectors, list_vector_files
from core.pretrained.index import build_index, open_index
from core.pretrained.joined_words import joined_words
from core.pretrained.vectors import open_pretrained
from core.progress import silent

WORDS = ["the", "new_york", "caf\u00e9", "=cat", "1998", "dog"]
MATRIX = np.random.default_rng(3).normal(size=(6, 4)).astype(np.float32)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def table(columns):
    buffer = io.BytesIO()
    parquet.write_table(arrow.table(columns), buffer)
    return buffer.getvalue()


def tensors(array, kind, name="embedding.weight"):
    header = json.dumps(
        {name: {"dtype": kind, "shape": list(MATRIX.shape), "data_offsets": [0, array.nbytes]}}
    ).encode()
    return struct.pack("<Q", len(header)) + header + array.tobytes()


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def comma(rows, delimiter=",", header=None, decimal="."):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    if header:
        writer.writerow(header)
    for word, *values in rows:
        writer.writerow([word, *(str(value).replace(".", decimal) for value in values)])
    return text.getvalue().encode()


ROWS = [[word, *row] for word, row in zip(WORDS, MATRIX.tolist(), strict=True)]
LINES = "".join(f"{word}\n" for word in WORDS).encode()
TSV = "".join("\t".join(map(str, row)) + "\n" for row in MATRIX.tolist()).encode()
PLAIN = "".join(" ".join(map(str, row)) + "\n" for row in ROWS).encode()
NUMBERED = {word: row for row, word in enumerate(WORDS)}
PANDAS = [["", "0", "1", "2", "3"]]
LISTS = arrow.array(MATRIX.tolist(), arrow.list_(arrow.float64()))
BRAIN = (MATRIX.view(np.uint32) >> 16).astype(np.uint16)

# files of a folder, the first one of which is opened
OPENED = {
    "npy, words in text": {"glove.npy": npy(MATRIX), "glove.txt": LINES},
    "npy, words in Parquet": {"glove_6B_emb.npy": npy(MATRIX), "glove_6B_index.parquet": table({"index": WORDS})},
    "npy, double, by column": {"a.npy": npy(np.asfortranarray(MATRIX.astype(float))), "a_words.txt": LINES},
    "npy, gzipped": {"a.npy.gz": gzip.compress(npy(MATRIX)), "a.words": LINES},
    "npy, words in JSON": {
        "a.npy": npy(MATRIX),
        "vocab.json": json.dumps({w: i for i, w in enumerate(WORDS)}).encode(),
    },
    "npy, words in an array": {"vectors.npy": npy(MATRIX), "words.npy": npy(np.array(WORDS))},
    "npy, words with counts": {
        "a.npy": npy(MATRIX),
        "a.vocab": "".join(f"{word} {9 - i}\n" for i, word in enumerate(WORDS)).encode(),
    },
    "npz": {"a.npz": npz(words=np.array(WORDS), vectors=MATRIX, counts=np.arange(6))},
    "wheel": {"a.whl": zipped(p__data__g_emb_dot_npy=npy(MATRIX), p__data__g_index_dot_parquet=table({"w": WORDS}))},
    "zip of npy and words": {"a.zip": zipped(g_dot_npy=npy(MATRIX), words_dot_txt=LINES)},
    "Parquet of lists": {"a.parquet": table({"word": WORDS, "count": list(range(6)), "vector": LISTS})},
    "Parquet, wide": {"a.parquet": table({"word": WORDS, **{f"v{i}": MATRIX[:, i] for i in range(4)}})},
    "safetensors": {"model.safetensors": tensors(MATRIX, "F32"), "words.txt": LINES},
    "safetensors, packed": {
        "a.zip": zipped(**{"model.safetensors": tensors(MATRIX, "F32"), "vocab.txt": LINES}),
    },
    "safetensors, tokenizer": {
        "model.safetensors": tensors(MATRIX, "F32"),
        "tokenizer.json": json.dumps({"model": {"vocab": NUMBERED}}).encode(),
    },
    "CSV": {"a.csv": comma(ROWS)},
    "CSV with a header and counts": {
        "a.csv": comma([[w, 9 - i, *v] for i, (w, *v) in enumerate(ROWS)], header=["word", "count", *"abcd"])
    },
    "CSV, semicolons, decimal commas": {"a.csv": comma(ROWS, ";", decimal=",")},
    "CSV of pandas": {"a.csv": comma([*PANDAS, *ROWS])},
    "CSV of pandas, numbered": {"a.csv": comma([["", "word", *"0123"], *([i, *row] for i, row in enumerate(ROWS))])},
    "CSV, vectors in a cell": {"a.csv": comma([[w, json.dumps(v)] for w, *v in ROWS], header=["word", "vector"])},
    "TSV with numbers before": {"a.tsv": comma([[i, *row] for i, row in enumerate(ROWS)], "\t")},
    "JSON object": {"a.json": json.dumps({w: v for w, *v in ROWS}).encode()},
    "JSON of records": {"a.json": json.dumps([{"word": w, "vector": v} for w, *v in ROWS]).encode()},
    "JSON of two lists": {"a.json": json.dumps({"words": WORDS, "vectors": MATRIX.tolist()}, indent=2).encode()},
    "JSON lines": {"a.jsonl": "".join(json.dumps({"word": w, "vector": v}) + "\n" for w, *v in ROWS).encode()},
    "JSON lines, an object each": {"a.jsonl": "".join(json.dumps({w: v}) + "\n" for w, *v in ROWS).encode()},
    "bzip2": {"a.txt.bz2": bz2.compress(PLAIN)},
    "xz": {"a.txt.xz": lzma.compress(PLAIN)},
    "Projector": {"vectors.tsv": TSV, "metadata.tsv": LINES},
    "Projector with counts": {
        "tensors.tsv": TSV,
        "metadata.tsv": b"word\tcount\n" + b"".join(line + b"\t7\n" for line in LINES.splitlines()),
    },
    "Projector, zipped": {"a.zip": zipped(vectors_dot_tsv=TSV, metadata_dot_tsv=LINES)},
}


def put(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / next(iter(files))


@pytest.mark.parametrize("name", OPENED)
def test_opens(name, tmp_path):
    path = put(tmp_path, OPENED[name])
    whole = open_pretrained(path)
    assert list(whole.words) == WORDS
    assert np.array_equal(whole.vectors, MATRIX)
    assert (whole.vocabulary, whole.skipped_rows - whole.reasons.get("wrong number of values, or not numbers", 0)) == (
        6,
        0,
    )
    some = open_pretrained(path, ["dog", "unicorn", "caf\u00e9"])
    assert (some.words, some.digest) == (("caf\u00e9", "dog"), whole.digest)
    assert joined_words(path) == ("new_york",)
    (file,) = list_vector_files(tmp_path)  # the list of words is none of its own
    assert (file.path, file.vector_size, file.problem) == (path, 4, "")
    build_index(silent, path)
    assert open_index(find_vectors(path)) is not None
    indexed = open_pretrained(path)
    assert (indexed.words, indexed.digest) == (whole.words, whole.digest)
    assert np.array_equal(indexed.vectors, MATRIX)


def test_half_precision(tmp_path):
    for kind, array in (("F16", MATRIX.astype(np.float16)), ("BF16", BRAIN)):
        path = put(tmp_path, {"a.safetensors": tensors(array, kind), "a.txt": LINES})
        assert open_pretrained(path).vectors == pytest.approx(MATRIX, rel=0.01)
    path = put(tmp_path, {"b.npy": npy(MATRIX.astype(np.float16)), "b.txt": LINES})
    assert open_pretrained(path).vectors == pytest.approx(MATRIX, rel=0.001)


def test_the_list_that_belongs_to_the_matrix(tmp_path):
    put(tmp_path, {"a.npy": npy(MATRIX), "readme.txt": b"Hello.\n", "b.txt": LINES + b"more\n", "a.txt": LINES[:-4]})
    with pytest.raises(PretrainedError, match="6 × 4 numbers, without words"):
        open_pretrained(tmp_path / "a.npy")
    (tmp_path / "a_vocab.txt").write_bytes(LINES)
    assert find_vectors(tmp_path / "a.npy").words_beside == tmp_path / "a_vocab.txt"
    before = open_pretrained(tmp_path / "a.npy").digest
    build_index(silent, tmp_path / "a.npy")
    (tmp_path / "a_vocab.txt").write_bytes(LINES.replace(b"dog", b"cow"))
    assert open_index(find_vectors(tmp_path / "a.npy")) is None
    assert open_pretrained(tmp_path / "a.npy").digest != before


REFUSED = {
    "npy without words": ({"a.npy": npy(MATRIX)}, "Put the list of its words beside it"),
    "npy of one dimension": ({"a.npy": npy(MATRIX[0])}, "no matrix"),
    "npy of words": ({"a.npy": npy(np.array(WORDS))}, "a list of 6 words"),
    "npy of objects": ({"a.npy": npy(np.array([{}], object))}, "Python objects"),
    "npy cut off": ({"a.npy": npy(MATRIX)[:-5], "a.txt": LINES}, "cut off"),
    "npy damaged": ({"a.npy": b"\x93NUMPY\x01\x00\x10\x00nonsense", "a.txt": LINES}, "damaged NumPy"),
    "npy that claims 10^12 rows": (
        {"a.npy": npy(MATRIX).replace(b"(6, 4)", b"(10**12,4)")[:128], "a.txt": LINES},
        "damaged NumPy",
    ),
    "npz of objects": ({"a.npz": npz(words=np.array(WORDS, object), vectors=MATRIX)}, "numpy.savez"),
    "npz without words": ({"a.npz": npz(vectors=MATRIX)}, "no words for it"),
    "Parquet of words": ({"a.parquet": table({"word": WORDS})}, "without vectors"),
    "Parquet of numbers": ({"a.parquet": table({"v": MATRIX[:, 0]})}, "without a column of words"),
    "Parquet cut off": ({"a.parquet": table({"word": WORDS, "vector": LISTS})[:-9]}, "damaged Parquet"),
    "safetensors without words": ({"a.safetensors": tensors(MATRIX, "F32")}, "without words"),
    "CSV of numbers": ({"a.csv": comma(MATRIX.tolist())}, "has numbers and no words: a matrix of"),
    "CSV of numbers, numbered": (
        {"a.csv": comma([[n, *row] for n, row in enumerate(MATRIX.tolist())], header=["", 0, 1])},
        "has numbers and no words: a matrix of",
    ),
    "text of numbers, numbered": (
        {"a.txt": b"".join(b"%d 0.5 0.25 -0.75\n" % n for n in range(20))},
        "no words but those of its rows",
    ),
    "an array for each word": ({"a.npz": npz(**dict(zip(WORDS, MATRIX, strict=True)))}, "a row for each word"),
    "safetensors without words, packed": (
        {"a.zip": zipped(**{"a.safetensors": tensors(MATRIX, "F32")})},
        "no words for",
    ),
    "JSON that breaks off": ({"a.json": json.dumps({w: v for w, *v in ROWS}).encode()[:-9]}, "damaged JSON"),
    "gensim's vectors": ({"a.kv": pickle.dumps({"a": [1.0]})}, r"KeyedVectors.load\('a.kv'\).save_word2vec_format"),
    "gensim's model": ({"a.model": pickle.dumps({"a": [1.0]})}, r"Word2Vec.load\('a.model'\).wv.save_word2vec"),
    "Projector without words": ({"vectors.tsv": TSV}, "numbers and no words"),
    "bzip2 cut off": ({"a.bz2": bz2.compress(PLAIN)[:-20]}, "damaged or cut-off"),
    "xz damaged": ({"a.xz": lzma.compress(PLAIN)[:-30] + bytes(30)}, "damaged or cut-off"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name, tmp_path):
    files, message = REFUSED[name]
    path = put(tmp_path, files)
    with pytest.raises(PretrainedError, match=message) as caught:
        open_pretrained(path)
    assert path.name in str(caught.value)


def made_to_keep_busy():
    """Files of a few megabytes that took the server ten seconds and more."""
    names = {f"t{number}": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]} for number in range(40_000)}
    header = json.dumps(names).encode()
    yield "tensors.safetensors", len(header).to_bytes(8, "little") + header + bytes(4), "MB of names of tensors"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.tsv", b"1\t2\n" * 3_000_000)
        archive.writestr("metadata.tsv", LINES)
    yield "bomb.zip", bomb.getvalue(), "more than 100 times its size"
    words = io.BytesIO()
    with zipfile.ZipFile(words, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.npy", npy(MATRIX))
        archive.writestr("words.txt", b"word\n" * 3_000_000)
    yield "words.zip", words.getvalue(), "no words for it"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.txt", b"")
    yield "many.zip", many.getvalue(), "of names of files"


@pytest.mark.parametrize(("name", "content", "says"), made_to_keep_busy(), ids=lambda each: str(each)[:20])
def test_what_was_made_to_keep_the_server_busy_is_refused_by_what_it_says_of_itself(name, content, says, tmp_path):
    path = put(tmp_path, {name: content})
    with pytest.raises(PretrainedError, match=says) as caught:
        describe_file(path)
    assert path.name in str(caught.value)


def test_an_archive_is_opened_once_however_many_files_it_has(tmp_path, monkeypatch):
    opened = []

    class Counted(zipfile.ZipFile):
        def __init__(self, *arguments, **named):
            opened.append(1)
            super().__init__(*arguments, **named)

    monkeypatch.setattr("core.pretrained.unpacking.zipfile.ZipFile", Counted)
    path = put(tmp_path, {"a.zip": zipped(**{f"v{number}_dot_txt": PLAIN for number in range(30)})})
    opened.clear()
    assert len(describe_file(path)) == 30
    assert len(opened) <= 2


def test_rows_that_cannot_be_used(tmp_path):
    rows = [
        *ROWS,
        ["short", 1, 2],
        ["word", "x", 1, 2, 3],
        ["", 1, 2, 3, 4],
        ["huge", 1e9, 1, 2, 3],
        ["dog", 1, 2, 3, 4],
    ]
    path = put(tmp_path, {"a.csv": comma(rows)})
    found = open_pretrained(path)
    assert (list(found.words), found.skipped_rows, found.duplicates) == (WORDS, 4, 1)
    content = json.dumps({**{w: v for w, *v in ROWS}, "a": None, "b": [1], "c": ["1", 2, 3, 4], "": [1, 2, 3, 4]})
    found = open_pretrained(put(tmp_path, {"a.json": content.encode()}))
    assert (list(found.words), found.skipped_rows) == (WORDS, 4)
    content = table({"word": [*WORDS, None, "x"], "vector": [*MATRIX.tolist(), MATRIX[0].tolist(), [1.0]]})
    found = open_pretrained(put(tmp_path, {"a.parquet": content}))
    assert (list(found.words), found.skipped_rows) == (WORDS, 2)


def test_fasttexts_models_give_what_gensim_gives(tmp_path):
    from gensim.models import FastText
    from gensim.models.fasttext import save_facebook_model

    sentences = [["the", "river", "café", "köln", "a"], ["the", "bank", "नदी", "x"]] * 5
    model = FastText(sentences, vector_size=8, min_count=1, epochs=2, bucket=50, min_n=2, max_n=4, seed=1, workers=1)
    save_facebook_model(model, str(tmp_path / "a.bin"))
    for path, content in (("a.bin", None), ("a.bin.gz", gzip.compress)):
        if content:
            (tmp_path / path).write_bytes(content((tmp_path / "a.bin").read_bytes()))
        opened = open_pretrained(tmp_path / path)
        assert opened.words == tuple(model.wv.index_to_key)
        assert opened.vectors == pytest.approx(model.wv.vectors, abs=1e-6)
    file, with_parts = describe_file(tmp_path / "a.bin")
    assert (file.kind, file.vocabulary, file.vector_size) == ("fasttext-binary", 8, 8)
    assert (with_parts.name, with_parts.vector_size) == ("a.bin/subwords", 8)
    words = ["rivers", "the", "köl", "नद", "q"]
    for _ in range(2):  # as it is, then from the index of the file, which both ways share
        made = open_pretrained(tmp_path / "a.bin", words, member="subwords")
        assert made.words == ("the", "rivers", "köl", "नद", "q")
        assert made.vectors == pytest.approx(np.array([model.wv[word] for word in made.words]), abs=1e-6)
        plain = open_pretrained(tmp_path / "a.bin", words)
        assert (plain.words, plain.digest != made.digest, made.vocabulary) == (("the",), True, 8)
        build_index(silent, tmp_path / "a.bin")
    data = (tmp_path / "a.bin").read_bytes()
    for damaged in (data[:60], data[:100], data[:1000], data.replace(b"river\0", b"river!")):
        (tmp_path / "b.bin").write_bytes(damaged)
        with pytest.raises(PretrainedError, match=r"b\.bin"):
            open_pretrained(tmp_path / "b.bin")


def spoil(data, rng):
    """`data` with some of its bytes changed, lost or doubled, more of them near its beginning, or cut off."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        at = min(rng.randrange(len(data) + 1), rng.choice([200, 10**9]))
        way = rng.randrange(5)
        if way == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif way == 1:
            del data[at : at + rng.randrange(50)]
        elif way == 2:
            data[at:at] = rng.randbytes(5)
        elif way == 3:
            data[at : at + 4] = rng.choice([b"\xff" * 4, bytes(4), b"\xff\xff\xff\x7f", b"9" * 8])
        elif rng.random() < 0.3:
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_containers_open_or_are_refused(seed, tmp_path):
    rng = random.Random(seed)
    refused = []
    for number, name in enumerate(sorted(OPENED) * 6):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = OPENED[name]
        one = rng.choice(sorted(files))
        path = put(folder, {**files, one: spoil(files[one], rng)})
        try:
            found = open_pretrained(path, rng.choice([None, ["dog"]]))
        except PretrainedError as error:
            refused.append((str(error), list(files)))
        else:
            assert np.isfinite(found.vectors).all()
    assert 20 < len(refused) < 6 * len(OPENED)
    assert all(any(name in message for name in names) for message, names in refused)


@pytest.mark.parametrize(
    "written", ["{} [{}, {}, 0.5, 1]", "{}: ({} {} 0.5 1)", "{}\t[{} {} 0.5 1.]", "{},[{},{},0.5,1]"]
)
def test_values_in_brackets_are_read_whatever_parts_them_from_the_word(tmp_path, written):
    path = tmp_path / "a.txt"
    path.write_text("".join(written.format(word, n, -n) + "\n" for n, word in enumerate(WORDS, 1)), encoding="utf-8")
    found = open_pretrained(path)
    assert found.words == tuple(WORDS)
    assert found.vectors.tolist() == [[n, -n, 0.5, 1] for n in range(1, 7)]


@pytest.mark.parametrize("inner", [dict(zip(WORDS, MATRIX.tolist(), strict=True)), "records"])
def test_json_may_say_other_things_beside_its_vectors(tmp_path, inner):
    if inner == "records":
        inner = [{"word": word, "vector": row} for word, row in zip(WORDS, MATRIX.tolist(), strict=True)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"model": "x", "size": 4, "tags": ["a"], "embeddings": inner}), encoding="utf-8")
    assert open_pretrained(path).words == tuple(WORDS)


def test_a_binary_file_that_misstates_its_values_is_refused(tmp_path):
    rows = b"".join(f"w{n} ".encode() + row.tobytes() for n, row in enumerate(np.tile(MATRIX, (9, 1))))
    path = tmp_path / "a.bin"
    path.write_bytes(b"54 3\n" + rows)
    with pytest.raises(PretrainedError, match="first line is wrong about how many values"):
        open_pretrained(path)
