"""The run store: what is finished is found again, what is not is not there."""

import errno
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from core.config import default_config
from core.errors import RunError, TrainingError
from core.models.memory import check_fits
from core.models.runs import has_run, is_whole, keep_corpus, load_run, repeat_run, run_folder, run_id, train_run
from core.progress import silent
from core.text.corpus import build_corpus
from core.text.reading.documents import Document

TEXT = "the cat sat on the mat and the dog sat on the log while the cat saw the dog"
CONFIG = default_config("scratch", vector_size=8, epochs=2, min_count=1)


@pytest.fixture
def corpus():
    return build_corpus([Document(f"d{number}", TEXT) for number in range(20)], name="cats")


@pytest.fixture
def run(corpus):
    return train_run(silent, keep_corpus(corpus), None, CONFIG)


def test_a_run_is_found_again_with_everything_that_made_it(run, corpus):
    embedding = load_run(run)
    assert run == run_id(corpus.digest, None, CONFIG)
    assert is_whole(run)
    assert embedding.config == CONFIG
    assert embedding.words == corpus.words
    assert embedding.sources["corpus"] == {"name": "cats", "digest": corpus.digest, "options": asdict(corpus.options)}
    assert not embedding.vectors.flags.writeable


def test_every_setting_and_input_is_part_of_the_identity(corpus):
    ids = {
        run_id(corpus.digest, None, CONFIG),
        run_id("other", None, CONFIG),
        run_id(corpus.digest, "file", CONFIG),
        run_id(corpus.digest, None, default_config("scratch", vector_size=8, epochs=2, min_count=1, seed=2)),
    }
    assert len(ids) == 4


def test_training_again_gives_the_same_bits(run, corpus):
    assert repeat_run(silent, keep_corpus(corpus), None, CONFIG) is True
    path = run_folder(run) / "vectors.npy"
    vectors = np.load(path)
    vectors[0, 0] = np.nextafter(vectors[0, 0], 9, dtype=np.float32)
    np.save(path, vectors)
    assert repeat_run(silent, keep_corpus(corpus), None, CONFIG) is False


@pytest.mark.parametrize("file", ["vectors.npy", "run.json", "words.txt"])
def test_a_damaged_run_is_named_and_not_whole(run, file):
    path = run_folder(run) / file
    path.write_bytes(path.read_bytes()[:40] if file != "words.txt" else b"one\ntwo")
    if file != "words.txt":
        assert not is_whole(run)
    with pytest.raises(RunError, match=run):
        load_run(run)


def test_a_run_that_is_not_there():
    assert not has_run("nothing")
    with pytest.raises(RunError, match="Train it again"):
        load_run("nothing")


def test_a_full_disk_is_told_and_leaves_nothing(corpus, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = keep_corpus(corpus)
    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(RunError, match=r"the disk is full\. Free some space, then run it again"):
        train_run(silent, folder, None, CONFIG)
    assert not list(run_folder("x").parent.iterdir())


def test_gone_inputs_are_told(tmp_path):
    with pytest.raises(RunError, match="Data page"):
        train_run(silent, tmp_path / "nowhere", None, CONFIG)


def test_kill_9_while_saving_leaves_no_half_run(corpus, cache):
    code = f"""
from pathlib import Path
import numpy as np
from core.config import default_config
from core.progress import silent
from core.models.runs import train_run
save = np.save
def slow(path, *args, **kwargs):
    save(path, *args, **kwargs)
    print("saving", flush=True)
    time.sleep(60)
np.save = slow
config = default_config("scratch", vector_size=8, epochs=2, min_count=1)
train_run(silent, Path({str(keep_corpus(corpus))!r}), None, config)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert child.stdout.readline() == b"saving\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    identity = run_id(corpus.digest, None, CONFIG)
    assert not has_run(identity)
    assert train_run(silent, keep_corpus(corpus), None, CONFIG) == identity
    assert is_whole(identity)


def test_a_training_that_does_not_fit_is_refused_with_the_numbers(corpus, monkeypatch):
    check_fits(corpus, CONFIG, None)
    monkeypatch.setattr("core.models.memory.available_bytes", lambda: 1_000_000)
    with pytest.raises(TrainingError, match=r"needs about .* MB of memory; 1 MB are free"):
        check_fits(corpus, CONFIG, None)
