"""Many pieces of work through one executor: as many at a time as it has places, one progress, one end for all."""

import threading
import time
from concurrent.futures import Executor, Future

import pytest

from core.errors import Cancelled, TrainingError
from core.progress import silent
from core.system.jobs.progress_file import ProgressFile
from core.system.jobs.spreading import Piece, spread_pieces
from core.system.jobs.work import Work


class ByHand(Executor):
    """Work that ends when a test says so; with `at_once`, in the order given there as soon as that many run."""

    def __init__(self):
        self.running, self.most, self.progress = {}, 0, {}

    def submit(self, work, progress, *args):
        future = self.running[work.key] = Endable()
        future.add_done_callback(lambda _: self.running.pop(work.key))
        self.most = max(self.most, len(self.running))
        self.progress[work.key] = progress
        return future


class Endable(Future):
    def cancel(self):
        self.set_exception(Cancelled())
        return True


def nothing(progress):
    """Work that nobody does."""


@pytest.fixture
def spread(tmp_path):
    """Begins to spread pieces called by letters, in a thread; gives the executor, what is done, and what ends it."""

    def begin(letters, places, progress=silent, weights=None):
        executor, done, raised = ByHand(), [], []
        pieces = [
            Piece(Work(letter, nothing), (), f"{letter}: ", (weights or {}).get(letter, 1.0)) for letter in letters
        ]

        def work():
            try:
                spread_pieces(
                    pieces, executor, places, lambda key: ProgressFile(tmp_path / f"{key}.json"), progress,
                    lambda place, found: done.append((place, found)),
                )  # fmt: skip
            except Exception as error:
                raised.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        return executor, done, raised, thread

    return begin


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def test_as_many_at_a_time_as_there_are_places_and_those_that_come_meanwhile(spread):
    places = [2]
    executor, done, raised, thread = spread("abcde", lambda: places[0])
    wait_for(lambda: list(executor.running) == ["a", "b"])
    executor.running["b"].set_result("B")
    wait_for(lambda: list(executor.running) == ["a", "c"])
    assert executor.most == 2
    places[0] = 4
    wait_for(lambda: list(executor.running) == ["a", "c", "d", "e"])
    for letter in "ecda":
        executor.running[letter].set_result(letter.upper())
        wait_for(lambda letter=letter: letter not in executor.running)
        wait_for(lambda: len(done) + len(executor.running) == 5)
    thread.join(10)
    assert done == [(1, "B"), (4, "E"), (2, "C"), (3, "D"), (0, "A")]
    assert not raised


def test_where_nobody_is_one_is_asked_for_all_the_same_and_waits(spread):
    executor, _, _, thread = spread("ab", lambda: 0)
    wait_for(lambda: list(executor.running) == ["a"])
    for letter in "ab":
        wait_for(lambda letter=letter: letter in executor.running)
        executor.running[letter].set_result(None)
    thread.join(10)


def test_progress_is_of_all_by_weight_and_says_what_was_said_last(spread, tmp_path):
    told = []
    executor, _, _, thread = spread("ab", lambda: 2, lambda *report: told.append(report), {"a": 1.0, "b": 3.0})
    wait_for(lambda: len(executor.running) == 2)
    executor.progress["b"](0.5, "epoch 2")
    wait_for(lambda: told and told[-1] == (0.375, "b: epoch 2"))
    executor.running["a"].set_result(None)
    wait_for(lambda: told[-1][0] == 0.625)
    executor.running["b"].set_result(None)
    thread.join(10)
    assert told[-1] == (1.0, "b: epoch 2")
    assert not list(tmp_path.iterdir())  # nothing is left of their progress


def test_the_first_to_fail_ends_the_others(spread):
    executor, done, raised, thread = spread("abc", lambda: 2)
    wait_for(lambda: len(executor.running) == 2)
    other = executor.running["b"]
    executor.running["a"].set_exception(TrainingError("It ran away."))
    thread.join(10)
    assert [str(error) for error in raised] == ["It ran away."]
    assert isinstance(other.exception(0), Cancelled)
    assert (done, executor.running) == ([], {})


def test_cancel_ends_all(spread):
    stopped = threading.Event()

    def progress(fraction, message):
        if stopped.is_set():
            raise Cancelled

    executor, _, raised, thread = spread("abc", lambda: 2, progress)
    wait_for(lambda: len(executor.running) == 2)
    stopped.set()
    thread.join(10)
    assert isinstance(raised[0], Cancelled)
    assert not executor.running
