"""Turns between workspaces, and short work before long."""

import time

from core.system.jobs.schedule import Place, Running, Waiting, choose_next, find_places


def queue(*described):
    """Waiting work from (owner, seconds), keys "0", "1", … in the order in which it was asked for."""
    return [Waiting(str(n), owner, seconds, float(n)) for n, (owner, seconds) in enumerate(described)]


def order(waiting, workers=1, served=()):
    """Keys as they would start one after the other."""
    places = find_places(waiting, [], dict(served), workers)
    return [key for key, _ in sorted(places.items(), key=lambda item: item[1].ahead)]


def test_one_owners_work_is_taken_in_its_order():
    assert order(queue(("ann", 60), ("ann", 30), ("ann", 90))) == ["0", "1", "2"]


def test_owners_take_turns_however_much_one_asks_for():
    waiting = queue(*[("ann", 60)] * 30, ("bob", 60))
    assert order(waiting)[:3] == ["0", "30", "1"]
    assert find_places(waiting, [], {}, 1)["30"] == Place(1, 60.0)


def test_who_was_served_least_is_next():
    assert order(queue(("ann", 60), ("bob", 60)), served={"ann": 200.0}) == ["1", "0"]


def test_short_work_comes_first_and_has_a_worker_that_long_work_leaves_free():
    waiting = queue(("ann", 300), ("ann", 300), ("bob", 2))
    assert order(waiting) == ["2", "0", "1"]
    running = [Running("ann", is_short=False, seconds_left=300)]
    assert choose_next(queue(("bob", 300)), running, {}, workers=2) is None
    chosen = choose_next(queue(("bob", 300), ("bob", 2)), running, {}, workers=2)
    assert chosen is not None
    assert chosen.key == "1"


def test_nothing_starts_while_every_worker_is_busy():
    running = [Running("ann", is_short=True, seconds_left=3)] * 2
    assert choose_next(queue(("bob", 2)), running, {}, workers=2) is None
    assert choose_next([], [], {}, workers=2) is None


def test_a_place_counts_what_runs_now():
    running = [Running("ann", is_short=False, seconds_left=40)]
    assert find_places(queue(("bob", 60), ("cy", 60)), running, {}, 1) == {"0": Place(0, 40.0), "1": Place(1, 100.0)}


def test_jobs_that_run_beside_each_other_on_one_core_take_as_long_as_one_after_the_other():
    waiting = queue(("ann", 4), ("ann", 6))
    assert [place.end for place in find_places(waiting, [], {}, 2).values()] == [4.0, 6.0]
    assert [place.end for place in find_places(waiting, [], {}, 2, stretch=float).values()] == [8.0, 10.0]
    third = find_places(queue(("ann", 4), ("ann", 6), ("ann", 1)), [], {}, 2, stretch=float)
    assert third["2"] == Place(2, 8.0)


def test_short_work_has_one_worker_more_while_one_of_its_own_takes_longer_than_expected():
    running = [Running("ann", is_short=False, seconds_left=300)]
    lost = Running("bob", is_short=False, seconds_left=30, was_short=True)
    waiting = queue(("cy", 300), ("cy", 2))
    chosen = choose_next(waiting, [*running, lost], {}, workers=2)
    assert chosen is not None
    assert chosen.key == "1"
    short = Running("cy", is_short=True, seconds_left=2)
    assert choose_next(waiting, [*running, lost, short], {}, workers=2) is None
    assert choose_next(waiting[:1], [lost], {}, workers=2) is None  # it is long now: of these one less than workers


def test_places_of_a_long_queue_are_found_fast():
    waiting = queue(*[(f"owner {n % 20}", 60 if n % 3 else 2) for n in range(500)])
    began = time.process_time()
    places = find_places(waiting, [], {}, 2)
    assert time.process_time() - began < 0.5
    assert sorted(place.ahead for place in places.values()) == list(range(500))


def test_where_one_owner_may_hold_one_worker_the_other_is_for_everybody_else():
    running = [Running("ann", is_short=True, seconds_left=20)]
    mine = queue(("ann", 2), ("ann", 300))
    assert choose_next(mine, running, {}, workers=2) == mine[0]
    assert choose_next(mine, running, {}, workers=2, most_of_one=1) is None
    both = queue(("ann", 2), ("bob", 2))
    assert choose_next(both, running, {"bob": 100.0}, workers=2, most_of_one=1) == both[1]
    assert find_places(both, running, {}, 2, 1) == {"1": Place(0, 0.0), "0": Place(1, 20.0)}
