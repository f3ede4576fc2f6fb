"""Optuna's picks: the planted best among them, none tried twice, the same each time, and gone on with after an end."""

import sqlite3
import subprocess
import sys

import pytest
from made_sweeps import EAGER, FILE, IDLE, SIZE, tiny_vectors, topical_text

from core.errors import Cancelled, RunError
from core.progress import silent
from core.score.sweep.plan import SweptVectors, count_settings, make_plan
from core.score.sweep.search import SearchWay, search_settings


def wide_plan():
    axes = {
        "epochs": (1, 2, 4, 8),
        "alpha": (IDLE, 0.001, 0.01, EAGER),
        "min_count": (1,),
        "algorithm": ("cbow", "skip-gram"),
    }
    return make_plan(["tuned", "counts"], axes, vectors=[SweptVectors(FILE, SIZE)])


def pick(trials, notes=None, progress=silent, publish=lambda record: None, plan=None):
    plan, search = plan or wide_plan(), SearchWay("optuna", trials, notes)
    return search_settings(topical_text(), {FILE: tiny_vectors()}, plan, search, publish, progress)


def scores(record):
    return [(dict(each.values), each.development) for each in record.settings]


def test_some_of_many_are_tried_and_the_best_of_them_is_tested():
    assert count_settings(wide_plan()) == 4 * 4 * 2 + 1
    record = pick(9)
    assert (record.search, record.planned, record.tried, len(record.settings)) == ("optuna", 9, 9, 9)
    assert len({repr(each.values) for each in record.settings}) == 9  # none twice
    assert record.chosen.development == max(each.development for each in record.settings)
    assert record.chosen.values["strategy"] == "counts"  # by far the best on text of topics, one of 33
    assert "the best of 9 settings" in record.sentence


def test_all_there_are_if_more_are_asked_for(tmp_path):
    plan = make_plan(["tuned"], {"epochs": (1, 2), "alpha": (IDLE, EAGER)}, vectors=[SweptVectors(FILE, SIZE)])
    record = pick(50, plan=plan)
    assert (record.planned, record.tried) == (4, 4)


def test_the_same_picks_each_time_and_after_an_interruption(tmp_path):
    whole = pick(10)
    stopped = []

    def stop(fraction, message):
        if fraction > 0.55:
            stopped.append(fraction)
            raise Cancelled

    with pytest.raises(Cancelled):
        pick(10, tmp_path / "notes.db", stop)
    assert stopped
    assert scores(pick(10, tmp_path / "notes.db")) == scores(whole)
    more = pick(12, tmp_path / "notes.db")
    assert scores(more)[:10] == scores(whole)
    assert more.tried == 12
    with sqlite3.connect(tmp_path / "notes.db") as notes:
        (told,) = notes.execute("SELECT COUNT(*) FROM trial_values").fetchone()
        (left,) = notes.execute("SELECT COUNT(*) FROM trials WHERE state = 'RUNNING'").fetchone()
    assert told >= 12
    assert left == 0


def test_other_ranges_beside_it_in_the_same_file(tmp_path):
    pick(4, tmp_path / "notes.db")
    plan = make_plan(["counts", "tuned"], {"window": (2, 5)}, vectors=[SweptVectors(FILE, SIZE)])
    assert pick(4, tmp_path / "notes.db", plan=plan).tried == 4


def test_a_file_that_is_not_optunas(tmp_path):
    (tmp_path / "notes.db").write_text("no database at all " * 100)
    with pytest.raises(RunError, match=r"notes\.db cannot be used for Optuna's notes .*Delete it"):
        pick(4, tmp_path / "notes.db")


def test_a_grid_imports_nothing_of_optuna():
    program = "import core.score.sweep.search, core.cli.sweep, sys; sys.exit('optuna' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
