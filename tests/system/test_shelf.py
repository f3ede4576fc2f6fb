"""What is kept in memory for everybody is bounded in bytes, made once, and dropped when nobody asks for it."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from core.system.memory import held_bytes
from core.system.shelf import Shelf

MEGABYTE = 1 << 20


def array(megabytes=1):
    return np.zeros(megabytes * MEGABYTE, np.uint8)


def test_what_was_asked_for_longest_ago_goes_when_there_are_too_many_bytes():
    shelf = Shelf(3 * MEGABYTE + 1000)
    first, second, third = (shelf.get(name, array) for name in "abc")
    assert shelf.get("a", pytest.fail) is first
    shelf.get("d", array)
    assert shelf.get("a", pytest.fail) is first
    assert shelf.get("c", pytest.fail) is third
    assert shelf.get("b", array) is not second
    assert shelf.held <= 3 * MEGABYTE + 1000


def test_what_alone_is_too_large_stays_until_the_next_comes():
    shelf = Shelf(MEGABYTE)
    large = shelf.get("large", lambda: array(2))
    assert shelf.get("large", pytest.fail) is large
    shelf.get("small", lambda: np.zeros(1))
    assert shelf.get("large", array) is not large
    assert shelf.held <= MEGABYTE


def test_what_nobody_asked_for_is_dropped():
    now = [0.0]
    shelf = Shelf(MEGABYTE, idle_seconds=10, clock=lambda: now[0])
    for name in "ab":
        shelf.get(name, lambda: np.zeros(100))
    now[0] = 8.0
    shelf.get("a", pytest.fail)
    assert shelf.drop_idle() == 0
    now[0] = 15.0
    assert shelf.drop_idle() == 1
    shelf.get("a", pytest.fail)
    now[0] = 100.0
    assert shelf.drop_idle() == 1
    assert shelf.held == 0


def test_a_result_is_made_once_whoever_asks_and_errors_are_not_kept():
    shelf, made, begun, gate = Shelf(MEGABYTE), [], threading.Event(), threading.Event()

    def make():
        begun.set()
        gate.wait(5)
        made.append(1)
        return made

    found = []
    threads = [threading.Thread(target=lambda: found.append(shelf.get("slow", make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait(5)
    assert shelf.get("other", lambda: 5) == 5  # nobody waits for another's result
    gate.set()
    for thread in threads:
        thread.join()
    assert found == [made] * 4
    assert made == [1]
    with pytest.raises(ZeroDivisionError):
        shelf.get("bad", lambda: 1 / 0)
    assert shelf.get("bad", lambda: 7) == 7


def test_what_was_being_made_when_everything_was_dropped_is_not_kept():
    shelf = Shelf(MEGABYTE)

    def make():
        shelf.clear()
        return array()

    shelf.get("erased meanwhile", make)
    assert shelf.held == 0


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
