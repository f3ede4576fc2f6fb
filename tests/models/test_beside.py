"""Works beside each other: results in order, one progress, one end."""

import threading
import time

import pytest

from core.errors import Cancelled
from core.models import beside
from core.models.beside import run_beside
from core.progress import silent


@pytest.fixture(autouse=True, params=[1, 2])
def cores(request, monkeypatch):
    monkeypatch.setattr(beside, "available_cores", lambda: request.param)
    return request.param


def test_results_are_in_the_order_of_the_works():
    def work(number):
        def give(progress):
            time.sleep(0.02 * (3 - number))
            return number

        return give

    assert run_beside([work(number) for number in range(4)], silent) == [0, 1, 2, 3]
    assert run_beside([], silent) == []


def test_progress_is_that_of_all_by_weight_and_comes_from_one_at_a_time():
    told, inside = [], threading.Lock()

    def progress(share, message):
        assert inside.acquire(blocking=False)
        told.append((round(share, 3), message))
        time.sleep(0.001)
        inside.release()

    def work(name):
        def give(report):
            for step in range(1, 5):
                report(step / 4, name)

        return give

    run_beside([work("short"), work("long")], progress, [1, 3])
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {message for _, message in told} == {"short", "long"}
    assert 0.062 in shares or 0.188 in shares


def test_the_first_failure_ends_all_and_is_what_is_raised(cores):
    ended = []

    def fails(progress):
        time.sleep(0.02)
        raise ValueError("mine")

    def goes_on(progress):
        try:
            for step in range(10_000):
                time.sleep(0.001)
                progress(step / 10_000, "")
        except Cancelled:
            ended.append(True)
            raise

    with pytest.raises(ValueError, match="mine"):
        run_beside([fails, goes_on, goes_on], silent)
    assert len(ended) == cores - 1  # the others never began
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("beside")]


def test_cancelling_ends_every_work():
    asked = []

    def progress(share, message):
        asked.append(share)
        if len(asked) > 5:
            raise Cancelled

    def work(report):
        for step in range(100_000):
            time.sleep(0.0005)
            report(step / 100_000, "")

    with pytest.raises(Cancelled):
        run_beside([work, work, work], progress)
    assert len(asked) == 6
