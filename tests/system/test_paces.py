"""What work takes here: estimates corrected by load and by what jobs took."""

import pytest

from core.system.jobs.load import Load
from core.system.jobs.paces import Paces


@pytest.fixture
def idle():
    return Load(cores=2)


def test_an_estimate_counts_until_a_job_has_ended(idle):
    assert Paces(idle).expect("training", 12.0) == 12.0


def test_a_server_that_takes_four_times_as_long_is_known_after_some_jobs_and_each_kind_alone(idle):
    paces = Paces(idle)
    for _ in range(12):
        paces.learn("training", 10.0, 40.0, slowdown=1.0)
    assert paces.expect("training", 10.0) == pytest.approx(40.0, rel=0.25)
    assert paces.expect("reading", 10.0) == 10.0


def test_one_odd_job_moves_the_ratio_a_little(idle):
    paces = Paces(idle)
    for _ in range(12):
        paces.learn("training", 10.0, 10.0, slowdown=1.0)
    paces.learn("training", 10.0, 10_000.0, slowdown=1.0)
    assert paces.ratio("training") < 1.2


def test_what_the_load_explains_is_not_learned_and_the_present_load_is_counted():
    load = Load(cores=2)
    paces = Paces(load)
    load.note(10)
    for _ in range(12):
        paces.learn("training", 10.0, 50.0, slowdown=5.0)
    assert paces.expect("training", 10.0) == pytest.approx(50.0)
    for _ in range(100):
        load.note(1)
    assert paces.expect("training", 10.0) == pytest.approx(10.0)
