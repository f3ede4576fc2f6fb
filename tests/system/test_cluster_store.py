"""A cluster whose machines share no folder: each has a cache folder of its own, copies of one store."""

import time
from contextlib import suppress
from pathlib import Path

import cluster_work
import numpy as np
import pytest
from cluster_machine import require_cluster, running_machine
from cluster_work import calls_in

from core.config import default_config
from core.errors import ClusterError
from core.models.runs import keep_corpus, keep_pretrained, load_run, run_folder, train_run
from core.pretrained.vectors import PretrainedVectors
from core.progress import silent
from core.system.files import cache_root, store_copies
from core.text.corpus import build_corpus
from core.text.reading.documents import read_documents
from core.workspace.demo_data import demo_uploads

pytestmark = pytest.mark.cluster


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def in_store(prefix=""):
    return set(store_copies().store.entries(prefix))


def test_machines_that_share_no_folder_give_the_same_bits_and_lose_nothing(tmp_path, monkeypatch):
    require_cluster()
    from core.system.cluster.connection import Connection
    from core.system.cluster.executor import ClusterExecutor
    from core.system.cluster.shared_board import SharedJobs

    def go(server):
        monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / server))
        store_copies().forget_looks()

    address = f"file://{tmp_path}/bucket"
    monkeypatch.setenv("VECTUNE_STORE", address)
    monkeypatch.setenv("VECTUNE_DATABASE", f"sqlite:///{tmp_path}/shared.db")
    go("server 1")
    corpus = build_corpus(read_documents(demo_uploads()).documents[:60], name="demo")
    words = tuple(corpus.words[:500])
    vectors = np.random.default_rng(1).normal(size=(500, 20)).astype(np.float32)
    pretrained = PretrainedVectors("some", words, vectors, "digest", "glove-text", 500)
    config = default_config("tied", vector_size=20, epochs=2, min_count=2)
    inputs = keep_corpus(corpus), keep_pretrained(pretrained, corpus)
    with running_machine(tmp_path / "workers", shared=address) as machine:
        connection = Connection(machine.address)
        wait_for(lambda: (state := connection.state()) and len(state.workers or ()) == 2, 60)
        executor = ClusterExecutor(connection, "training", patience=30.0)
        jobs = SharedJobs("training", executor, executor.places)
        try:
            jobs.submit("train", "Training", train_run, *inputs, config, watcher="me")
            identity = jobs.result("train", 120)
            there = load_run(identity)  # what the worker made is here by now
            assert run_folder(identity).is_relative_to(tmp_path / "server 1")
            go("server 2")
            assert load_run(identity).vectors.tobytes() == there.vectors.tobytes()
            assert run_folder(identity).is_relative_to(tmp_path / "server 2")
            go("server 1")

            calls = tmp_path / "kept"
            jobs.submit("slow", "Keeping", cluster_work.keep_slowly, calls, 3, watcher="me")
            wait_for(lambda: calls_in(calls) and jobs.status("slow").message == "at it")  # told through the scheduler
            ((_, worker),) = calls_in(calls)
            assert "runs/kept" not in in_store("runs")
            machine.kill_worker(worker)
            assert "runs/kept" not in in_store("runs")
            kept = jobs.result("slow", 60)  # begun anew by the other one
            assert kept == cache_root() / "runs" / "kept"
            assert sorted(path.name for path in kept.iterdir()) == ["first", "last"]
            assert len(calls_in(calls)) == 2
        finally:
            jobs.end()
            with suppress(ClusterError):
                connection.client().close()
    monkeypatch.delenv("VECTUNE_STORE")
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "alone"))
    here = load_run(train_run(silent, keep_corpus(corpus), keep_pretrained(pretrained, corpus), config))
    assert (here.words, here.vectors.tobytes()) == (there.words, there.vectors.tobytes())
    assert [path for path in Path(tmp_path / "bucket").rglob("*") if path.parent.name == ".drafts"] == []
