"""How busy the machine is: now, with more to do, and on the average."""

import pytest

from core.system.jobs.load import Load, count_wanting


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("wanting", "cores", "slowdown"), [(0.3, 2, 1.0), (2.0, 2, 1.0), (7.0, 2, 3.5), (7.0, 8, 1.0)])
def test_the_slowdown_is_who_wants_a_core_by_the_cores(wanting, cores, slowdown):
    load = Load(cores)
    assert load.slowdown() == 1.0  # nothing is known yet: as if idle
    load.note(wanting)
    assert load.slowdown() == slowdown


def test_what_ended_seconds_ago_and_a_page_that_is_drawn_count_no_more():
    load = Load(2)
    for wanting in [9] * 50 + [1] * 12 + [6] * 28:
        load.note(wanting)
    assert load.slowdown() == 1.0
    for wanting in [4] * 40:
        load.note(wanting)
    assert load.slowdown() == 2.0


def test_the_mean_since_a_moment_is_of_that_time_only():
    clock = Clock()
    load = Load(2, clock)

    def pass_by(seconds, wanting):
        clock.now += seconds
        load.note(wanting)

    pass_by(100, 20)
    mark = load.mark()
    assert load.slowdown_since(mark) == load.slowdown()
    for _ in range(40):
        pass_by(0, 4)
    pass_by(3, 4)
    for _ in range(40):
        pass_by(0, 1)
    pass_by(1, 1)
    assert load.slowdown_since(mark) == pytest.approx((3 * 2 + 1) / 4)


def test_who_asks_is_not_counted_and_a_system_that_tells_otherwise_is_asked_otherwise(tmp_path, monkeypatch):
    told = tmp_path / "loadavg"
    told.write_text("9.11 0.71 0.66 4/79 6659\n")
    assert count_wanting(told) == 3
    monkeypatch.setattr("os.getloadavg", lambda: (2.5, 0.0, 0.0))
    told.write_text("9.11 0.71")
    assert count_wanting(told) == 2.5
    assert count_wanting(tmp_path / "none") == 2.5
