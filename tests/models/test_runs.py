"""The run store: what is finished is found again, what is not is not there."""

import errno
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.config import default_config
from core.errors import RunError, TrainingError
from core.models.description import TextSource
from core.models.dose import DoseChoice
from core.models.estimates import check_fits
from core.models.runs import (
    STORE_VERSION,
    find_or_train,
    find_run_id,
    has_run,
    is_whole,
    keep_corpus,
    keep_pretrained,
    load_run,
    repeat_run,
    run_folder,
    run_id_of,
    train_run,
)
from core.pretrained.vectors import PretrainedVectors
from core.progress import silent
from core.system.files import digest_of
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.workspace.asked_runs import identify, make_runs

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
    assert run == run_id_of(corpus, None, CONFIG)
    assert is_whole(run)
    assert embedding.config == CONFIG
    assert embedding.words == corpus.words
    assert embedding.sources.corpus == TextSource("cats", corpus.digest, corpus.options)
    assert not embedding.vectors.flags.writeable


def vectors_called(name, corpus):
    rows = np.random.default_rng(len(name)).normal(size=(len(corpus.words), 8)).astype(np.float32)
    return PretrainedVectors(name, corpus.words, rows, f"digest of {name}", "glove", len(corpus.words))


def test_every_setting_and_every_input_that_is_looked_at_is_part_of_the_identity(corpus):
    other = build_corpus([Document("d", TEXT)])
    tuned = replace(CONFIG, strategy="tuned")
    first, second = (vectors_called(name, corpus) for name in ("first", "another"))
    ids = [
        run_id_of(corpus, None, CONFIG),
        run_id_of(other, None, CONFIG),
        run_id_of(corpus, None, replace(CONFIG, seed=2)),
        run_id_of(corpus, first, tuned),
        run_id_of(corpus, second, tuned),
    ]
    assert len(set(ids)) == 5
    assert {run_id_of(corpus, vectors, CONFIG) for vectors in (None, first, second)} == {ids[0]}


def test_a_model_from_scratch_is_not_trained_again_for_another_vectors_file(run, corpus, monkeypatch):
    def fail(*args):
        raise AssertionError("it is there")

    monkeypatch.setattr("core.models.training.train", fail)
    stored = load_run(run)
    for vectors in (None, vectors_called("first", corpus), vectors_called("another", corpus)):
        assert identify(corpus, vectors, [CONFIG]) == {run: CONFIG}
        rows = None if vectors is None else keep_pretrained(vectors, corpus)
        assert train_run(silent, keep_corpus(corpus), rows, CONFIG) == run
        assert find_or_train(corpus, vectors, CONFIG).vectors.tobytes() == stored.vectors.tobytes()


def test_a_run_that_an_earlier_version_named_by_the_chosen_file_keeps_its_name(corpus):
    vectors = vectors_called("first", corpus)
    rows = keep_pretrained(vectors, corpus)
    earlier = digest_of(STORE_VERSION, corpus.digest, vectors.digest, CONFIG.identity)
    assert earlier != find_run_id(corpus, vectors, CONFIG) == run_id_of(corpus, vectors, CONFIG)
    # its record asks for it by that name, even where the store has lost it
    assert train_run(silent, keep_corpus(corpus), rows, CONFIG, earlier) == earlier
    assert identify(corpus, vectors, [CONFIG]) == {earlier: CONFIG}
    assert train_run(silent, keep_corpus(corpus), rows, CONFIG) == earlier
    assert repeat_run(silent, keep_corpus(corpus), rows, CONFIG, earlier) is True
    assert [folder.name for folder in run_folder("x").parent.iterdir()] == [earlier]
    asked = make_runs(corpus, vectors, {earlier: CONFIG})
    for chosen in (None, vectors_called("another", corpus)):  # the record says that it is the same model
        assert identify(corpus, chosen, [CONFIG]) == {run_id_of(corpus, None, CONFIG): CONFIG}
        assert identify(corpus, chosen, [CONFIG], asked) == {earlier: CONFIG}


def test_a_chosen_dose_is_part_of_a_version_and_is_kept(corpus, monkeypatch):
    """Where the rule that chooses has changed, the same order is another model; one that is there keeps its dose."""
    vectors = vectors_called("first", corpus)
    opened, fixed = replace(CONFIG, strategy="tuned"), replace(CONFIG, strategy="tuned", dose=0.25)
    chosen = choices_of(monkeypatch, 0.25)
    folders = keep_corpus(corpus), keep_pretrained(vectors, corpus)
    monkeypatch.setattr("core.models.runs.DOSE_VERSION", "1")
    before = train_run(silent, *folders, opened)
    at_dose = run_id_of(corpus, vectors, fixed)
    monkeypatch.setattr("core.models.runs.DOSE_VERSION", "2")
    chosen[:] = [0.75]
    assert run_id_of(corpus, vectors, fixed) == at_dose
    assert run_id_of(corpus, vectors, opened) != before
    assert load_run(before).dose == 0.25
    assert repeat_run(silent, *folders, opened, before) is True
    assert load_run(train_run(silent, *folders, opened)).dose == 0.75
    assert load_run(before).dose == 0.25


def choices_of(monkeypatch, dose):
    """The doses that will be chosen, in a list that can be changed."""
    chosen = [dose]
    monkeypatch.setattr("core.models.training.choose_dose", lambda *_: DoseChoice(chosen[0], (), (), 0))
    return chosen


def test_a_damaged_run_is_made_anew_and_left_as_it_is(run, corpus):
    path = run_folder(run) / "vectors.npy"
    whole = load_run(run).vectors.tobytes()
    path.write_bytes(path.read_bytes()[:40])
    assert find_or_train(corpus, None, CONFIG).vectors.tobytes() == whole
    assert not is_whole(run)


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
from core.models.description import TextSource
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
    identity = run_id_of(corpus, None, CONFIG)
    assert not has_run(identity)
    assert train_run(silent, keep_corpus(corpus), None, CONFIG) == identity
    assert is_whole(identity)


def test_a_training_that_does_not_fit_is_refused_with_the_numbers(corpus, monkeypatch):
    check_fits(corpus, CONFIG, None)
    monkeypatch.setattr("core.models.estimates.available_bytes", lambda: 1_000_000)
    with pytest.raises(TrainingError, match=r"needs about .* MB of memory; 1 MB are free"):
        check_fits(corpus, CONFIG, None)
