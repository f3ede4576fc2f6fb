"""Who draws a page now."""

import threading
import time

import pytest

from pages.shared.frame.turns import Turns


class Drawing:
    """Somebody who wants to draw; draws from when `drawing` is set until `finish` is."""

    def __init__(self, turns, name, order):
        self.drawing, self.finish = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._draw, args=(turns, name, order))
        self._thread.start()

    def _draw(self, turns, name, order):
        with turns.taken(name):
            order.append(name)
            self.drawing.set()
            assert self.finish.wait(30)

    def end(self):
        self.finish.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


def compute(turns, name, seconds):
    """Take a turn that computes for so long."""
    with turns.taken(name):
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass


def wait_for(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def turns():
    return Turns(lease=60, patience=60)


def test_long_turns_come_one_after_the_other_and_the_shorter_ones_first(turns):
    order = []
    compute(turns, "long", 0.06)
    compute(turns, "longer", 0.12)
    first = Drawing(turns, "new", order)
    assert first.drawing.wait(30)
    waiting = []
    for name in ("newer", "longer", "long"):
        waiting.append(Drawing(turns, name, order))
        wait_for(lambda: len(turns._waiting) == len(waiting))
    assert order == ["new"]
    first.end()
    for name in ("long", "longer", "newer"):
        drawing = waiting.pop()
        assert drawing.drawing.wait(30)
        assert order[-1] == name
        assert not any(each.drawing.is_set() for each in waiting)
        drawing.end()


def test_a_short_turn_does_not_wait_for_a_long_one(turns):
    order = []
    compute(turns, "short", 0)
    long = Drawing(turns, "long", order)
    assert long.drawing.wait(30)
    short = Drawing(turns, "short", order)
    assert short.drawing.wait(30)
    short.end()
    long.end()


def test_who_only_waits_for_something_holds_nobody_up_for_long():
    turns, order = Turns(lease=0.05, patience=60), []
    blocked = Drawing(turns, "blocked", order)
    assert blocked.drawing.wait(30)
    other = Drawing(turns, "other", order)
    assert other.drawing.wait(30)
    other.end()
    blocked.end()


def test_nobody_waits_longer_than_their_patience():
    turns, order = Turns(lease=60, patience=0.05), []
    first = Drawing(turns, "first", order)
    assert first.drawing.wait(30)
    second = Drawing(turns, "second", order)
    assert second.drawing.wait(30)
    second.end()
    first.end()


def test_a_turn_ends_though_its_page_fails(turns):
    with pytest.raises(ValueError, match="a page"), turns.taken("fails"):
        raise ValueError("a page")
    compute(turns, "next", 0)
    assert not turns._computing
    assert not turns._waiting
