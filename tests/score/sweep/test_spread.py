"""Settings that others try: the same record in whichever order they finish, and names that go by content."""

import pickle
import random
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from made_sweeps import FILE, PLANTED, SIZE, planted_plan, tiny_vectors, topical_text

from core.errors import ClusterError, TrainingError
from core.models.runs import keep_corpus, keep_pretrained
from core.progress import silent
from core.score.sweep.plan import SweptVectors, make_plan, make_setting
from core.score.sweep.search import SearchWay, search_settings
from core.score.sweep.spread import SweptText, WorkersHands, find_workers, load_swept, require_workers
from core.system.jobs.work import Work


class Shuffled(Executor):
    """Does work of one name once, as a cluster does, some at a time; what they gave is told in an order of its own."""

    def __init__(self, seed):
        self.draw, self.names, self.lock = random.Random(seed), [], threading.RLock()
        self.pool, self.waiting, self.most = ThreadPoolExecutor(2), [], 0

    def submit(self, work, progress, *args):
        work, args = pickle.loads(pickle.dumps((work, args)))
        self.names.append(work.key)
        future = Future()
        with self.lock:
            self.waiting.append((future, self.pool.submit(work, silent, *args)))
            self.most = max(self.most, len(self.waiting))
            if len(self.waiting) >= 3:
                self._tell()
        threading.Timer(0.3, self._tell).start()
        return future

    def _tell(self):
        with self.lock:
            waiting, self.waiting = self.waiting, []
        self.draw.shuffle(waiting)
        for future, done in waiting:
            try:
                future.set_result(done.result())
            except Exception as error:
                future.set_exception(error)


@pytest.fixture(scope="module")
def corpus():
    return topical_text()


def crew_of(executor, corpus, files):
    folders = tuple((name, keep_pretrained(file, corpus)) for name, file in files.items())
    folder = keep_corpus(corpus)
    return lambda min_count, seed: WorkersHands(SweptText(folder, folders, min_count, seed), executor, lambda: 3)


def search(corpus, plan, way=None, executor=None, files=None):
    files = {FILE: tiny_vectors()} if files is None else files
    crew = None if executor is None else crew_of(executor, corpus, files)
    return search_settings(corpus, files, plan, way or SearchWay(), lambda record: None, silent, crew)


def numbers(record):
    def timeless(tried):
        return replace(tried, seconds=0, seeds=tuple(replace(each, seconds=0) for each in tried.seeds))

    return replace(record, settings=tuple(map(timeless, record.settings)), chosen=timeless(record.chosen))


@pytest.mark.parametrize("way", [SearchWay(), SearchWay("optuna", 5)], ids=["grid", "optuna"])
def test_the_same_record_in_whichever_order_they_finish(corpus, way, tmp_path, monkeypatch):
    plan = planted_plan([1, 2])
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "alone"))
    alone = search(corpus, plan, way)
    assert alone.chosen.values == PLANTED or way.kind == "optuna"
    for seed in (1, 2):
        monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / f"spread {seed}"))
        executor = Shuffled(seed)
        spread = search(corpus, plan, way, executor)
        assert numbers(spread) == numbers(alone)
        assert repr(numbers(spread)) == repr(numbers(alone))  # to the last digit
        assert len(set(executor.names)) == len(executor.names) == sum(len(each.seeds) for each in alone.settings) + 1
        again = Shuffled(seed)
        assert search(corpus, plan, way, again).settings == spread.settings  # seconds too: nothing is trained again
        assert again.names == executor.names


def test_a_setting_that_cannot_be_trained_has_a_problem_there_too(corpus, monkeypatch):
    from core.models import runs

    train = runs._train

    def train_some(corpus, config, pretrained, progress):
        if config.epochs == 8:
            raise TrainingError("Training ran away.")
        return train(corpus, config, pretrained, progress)

    monkeypatch.setattr(runs, "_train", train_some)
    record = search(corpus, planted_plan(), executor=Shuffled(1))
    assert [each.problem for each in record.settings] == ["", "", *["Training ran away."] * 2, ""]


def test_work_is_named_by_its_content(corpus):
    plan = make_plan(["tuned", "scratch"], {}, [1], [SweptVectors(FILE, SIZE)])
    tuned, scratch = (make_setting(plan, *which, {}, corpus.n_tokens) for which in (("tuned", FILE), ("scratch", None)))
    here = SweptText(keep_corpus(corpus), ((FILE, keep_pretrained(tiny_vectors(), corpus)),), 2, 1)
    called = replace(here, files=(("/home/ann/tiny.8d.txt", here.files[0][1]),))

    def name(text, setting, vectors, seed=1):
        return text.name_work("try", [(setting.with_seed(seed), vectors)])

    same = name(here, tuned, FILE)
    assert name(called, tuned, "/home/ann/tiny.8d.txt") == same
    others = [
        name(here, tuned, FILE, 2), name(here, scratch, None), name(replace(here, min_count=3), tuned, FILE),
        name(replace(here, seed=2), tuned, FILE), name(replace(here, files=()), scratch, None),
        name(replace(here, corpus_folder=here.corpus_folder.with_name("other")), tuned, FILE),
        here.name_work("judge", [(tuned.config, FILE)], "[(1, 0.5)]"),
    ]  # fmt: skip
    assert len({same, *others}) == 8
    assert isinstance(Work(same, print).key, str)


@pytest.mark.parametrize(("weight", "most"), [(1.0, 3), (60.0, 2)])
def test_long_work_leaves_a_place_to_others(corpus, weight, most, monkeypatch):
    monkeypatch.setattr("core.score.sweep.trying.estimate_scored_training", lambda text, config: weight)
    executor = Shuffled(1)
    search(corpus, planted_plan(), executor=executor)
    assert executor.most == most


def test_a_kept_text_and_its_files(corpus):
    rows = keep_pretrained(tiny_vectors(), corpus)
    text, files = load_swept(keep_corpus(corpus), {"one": rows, "two": rows})
    assert text.digest == corpus.digest
    assert [file.digest for file in files.values()] == [tiny_vectors().digest] * 2


def test_without_a_scheduler_there_are_no_workers_and_a_wrong_address_is_said(corpus, monkeypatch):
    monkeypatch.delenv("VECTUNE_SCHEDULER", raising=False)
    assert find_workers(keep_corpus(corpus), {}) is None
    require_workers()
    monkeypatch.setenv("VECTUNE_SCHEDULER", "here")
    with pytest.raises(ClusterError, match=r"it must be tcp://HOST:PORT"):
        find_workers(keep_corpus(corpus), {})
