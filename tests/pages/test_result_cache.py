"""What is kept in memory for everybody is bounded in bytes, made once, and dropped when nobody asks for it."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from core.system.memory import held_bytes
from pages.shared.memory.result_cache import ResultCache

MEGABYTE = 1 << 20


def array(megabytes=1):
    return np.zeros(megabytes * MEGABYTE, np.uint8)


def test_what_was_asked_for_longest_ago_goes_when_there_are_too_many_bytes():
    results = ResultCache(3 * MEGABYTE + 1000)
    first, second, third = (results.get(name, array) for name in "abc")
    assert results.get("a", pytest.fail) is first
    results.get("d", array)
    assert results.get("a", pytest.fail) is first
    assert results.get("c", pytest.fail) is third
    assert results.get("b", array) is not second
    assert results.held <= 3 * MEGABYTE + 1000


def test_what_alone_is_too_large_stays_until_the_next_comes():
    results = ResultCache(MEGABYTE)
    large = results.get("large", lambda: array(2))
    assert results.get("large", pytest.fail) is large
    results.get("small", lambda: np.zeros(1))
    assert results.get("large", array) is not large
    assert results.held <= MEGABYTE


def test_what_nobody_asked_for_is_dropped():
    now = [0.0]
    results = ResultCache(MEGABYTE, idle_seconds=10, clock=lambda: now[0])
    for name in "ab":
        results.get(name, lambda: np.zeros(100))
    now[0] = 8.0
    results.get("a", pytest.fail)
    assert results.drop_idle() == 0
    now[0] = 15.0
    assert results.drop_idle() == 1
    results.get("a", pytest.fail)
    now[0] = 100.0
    assert results.drop_idle() == 1
    assert results.held == 0


def test_a_result_is_made_once_whoever_asks_and_errors_are_not_kept():
    results, made, begun, gate = ResultCache(MEGABYTE), [], threading.Event(), threading.Event()

    def make():
        begun.set()
        gate.wait(5)
        made.append(1)
        return made

    found = []
    threads = [threading.Thread(target=lambda: found.append(results.get("slow", make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait(5)
    assert results.get("other", lambda: 5) == 5  # nobody waits for another's result
    gate.set()
    for thread in threads:
        thread.join()
    assert found == [made] * 4
    assert made == [1]
    with pytest.raises(ZeroDivisionError):
        results.get("bad", lambda: 1 / 0)
    assert results.get("bad", lambda: 7) == 7


def test_what_was_being_made_when_everything_was_dropped_is_not_kept():
    results = ResultCache(MEGABYTE)

    def make():
        results.clear()
        return array()

    results.get("erased meanwhile", make)
    assert results.held == 0


@dataclass(frozen=True, slots=True)
class Pair:
    left: object
    right: object


def test_bytes_are_those_of_arrays_texts_and_what_holds_them(tmp_path):
    np.save(tmp_path / "a.npy", array(2))
    mapped = np.load(tmp_path / "a.npy", mmap_mode="r")
    own = array(2)
    words = tuple(f"word{number:06d}" for number in range(10_000))
    assert held_bytes(Pair(mapped, np.asarray(mapped)[:10])) < 1000
    assert 2 * MEGABYTE <= held_bytes(Pair(own, own[::2])) < 2 * MEGABYTE + 1000  # once, though it is there twice
    assert held_bytes(own[:10]) >= 2 * MEGABYTE  # a part holds the whole
    assert held_bytes(words) == pytest.approx(10_000 * (59 + 8), rel=0.02)
    assert held_bytes(dict.fromkeys(words, 1.5)) > held_bytes(words)
    loop = {"own": own}
    loop["self"] = loop
    assert held_bytes(loop) < 2 * MEGABYTE + 2000
