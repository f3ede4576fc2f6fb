"""What is kept of a study opens as it was made, under the names of the day; noise is found once it is measured."""

from dataclasses import replace

import numpy as np
import pytest
from small_texts import topical_documents, topical_glove

from core.comparison.study.models import make_study
from core.comparison.study.neighbours import nearest_in_texts
from core.comparison.study.ranking import rank_words
from core.comparison.study.steps import find_steps, lacking_noise, leave_out_noise, measure_steps
from core.comparison.study.store import (
    DEPTH,
    STUDIES,
    StudyOrder,
    StudySource,
    has_study,
    keep_study,
    measure_study,
    open_study,
    runs_of_study,
)
from core.comparison.study.table import make_study_table, write_study_csv
from core.comparison.study.texts import StudyText
from core.comparison.study.trajectories import find_trajectories
from core.config import TrainConfig
from core.errors import CorpusError, RunError, TrainingError
from core.models.runs import keep_corpus, keep_pretrained, run_folder
from core.pretrained.vectors import open_pretrained
from core.progress import silent
from core.system.inventory import take_inventory
from core.system.unfinished import remove
from core.text.corpus import build_corpus
from core.text.reading.documents import Document

CONFIG = TrainConfig(strategy="tied", vector_size=8, epochs=1, min_count=1, alpha=0.05, engine="vectune", dose=1.0)
NAMES = ("old", "mid", "new")


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "topics.8d.txt"
    topical_glove(path)
    vectors = open_pretrained(path)
    found = []
    for seed, name in enumerate(NAMES):
        documents = [Document(f"d{number}", text) for number, text in enumerate(topical_documents(24, 500, seed))]
        found.append(StudyText(name, build_corpus(documents, name=name), vectors))
    return found


@pytest.fixture(scope="module")
def kept(texts, tmp_path_factory):
    """An order that was made, in a cache folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
        order = order_of(texts)
        keep_study(silent, order)
        return order


@pytest.fixture(autouse=True)
def same_cache(request, monkeypatch):
    if "kept" in request.fixturenames:
        order = request.getfixturevalue("kept")
        monkeypatch.setenv("VECTUNE_CACHE", str(order.texts[0].corpus_folder.parents[1]))


def order_of(texts, config=CONFIG):
    sources = (
        StudySource(text.name, keep_corpus(text.corpus), keep_pretrained(text.pretrained, text.corpus))
        for text in texts
    )
    return StudyOrder(tuple(sources), config)


def test_it_opens_as_it_was_made(kept, texts):
    found, made = open_study(kept), make_study(texts, CONFIG)
    assert found.study.names == NAMES
    assert found.study.words == made.words
    assert found.study.sides == made.sides
    assert (found.study.documents, found.study.languages) == (made.documents, made.languages)
    assert found.tokens == tuple(text.corpus.n_tokens for text in texts)
    np.testing.assert_array_equal(found.study.rows, made.rows)
    np.testing.assert_array_equal(found.study.counts, made.counts)
    trajectories = find_trajectories(made)
    np.testing.assert_array_equal(found.trajectories.from_first, trajectories.from_first)
    np.testing.assert_array_equal(found.trajectories.from_previous, trajectories.from_previous)
    for one, other in zip(found.near, nearest_in_texts(made, DEPTH), strict=True):
        np.testing.assert_array_equal(one.indices, other.indices)
        np.testing.assert_array_equal(one.similarities, other.similarities)


def test_names_are_no_part_of_it_and_the_order_is(kept):
    renamed = replace(kept, texts=tuple(replace(text, name=f"{text.name}!") for text in kept.texts))
    assert renamed.identity == kept.identity
    assert open_study(renamed).study.names == ("old!", "mid!", "new!")
    assert replace(kept, texts=kept.texts[::-1]).identity != kept.identity
    assert replace(kept, config=replace(CONFIG, seed=2)).identity != kept.identity


def test_it_says_of_which_texts_it_is(kept):
    (entry,) = take_inventory([STUDIES])
    assert entry.name == kept.identity
    assert entry.uses == {("texts", text.corpus_folder.name) for text in kept.texts}


def test_nothing_is_done_twice(kept, monkeypatch):
    monkeypatch.setattr("core.comparison.study.store.make_study", lambda *_: pytest.fail("was made again"))
    assert keep_study(silent, kept) == kept.identity


def test_without_its_models_it_is_not_there_and_can_be_made_again(texts):
    order = order_of(texts)
    assert not has_study(order)
    with pytest.raises(RunError, match="Make it again"):
        open_study(order)
    keep_study(silent, order)
    assert has_study(order)
    remove(run_folder(runs_of_study(order)[1]))
    assert not has_study(order)
    keep_study(silent, order)
    assert has_study(order)


def test_noise_is_found_once_it_is_measured(kept):
    study = open_study(kept).study
    assert lacking_noise(study) == (0, 1)
    assert [step.movers for step in find_steps(study)] == [None, None]
    assert {step.why_not for step in find_steps(study)} == {"Its noise was not measured yet."}
    measure_study(silent, kept)
    assert lacking_noise(study) == ()
    for found, made in zip(find_steps(study), measure_steps(study), strict=True):
        np.testing.assert_array_equal(found.movers.chance, made.movers.chance)
        assert found.bands == made.bands


def test_a_step_that_cannot_be_measured_is_named(texts, monkeypatch):
    order = order_of(texts)
    keep_study(silent, order)

    def fail(*_):
        raise TrainingError("No word occurs often enough.")

    monkeypatch.setattr("core.comparison.study.steps.measure_movers", fail)
    with pytest.raises(TrainingError, match="From “old” to “mid”: The documents dealt out anew cannot be trained on"):
        measure_study(silent, order)


def test_texts_that_are_no_study_say_why(texts):
    order = order_of([texts[0], texts[0]])
    twice = replace(order, texts=(order.texts[0], replace(order.texts[0], name="again")))
    with pytest.raises(CorpusError, match="“old” and “again” are the same text"):
        keep_study(silent, twice)
    with pytest.raises(TrainingError, match=r"^“old”: "):
        keep_study(silent, order_of(texts, replace(CONFIG, min_count=2, vector_size=9)))


def table_of(order):
    kept = open_study(order)
    steps = find_steps(kept.study)
    ranking = rank_words(kept.study, kept.trajectories.from_previous, steps)
    return kept, steps, ranking, make_study_table(kept.study, kept.trajectories, steps, ranking)


def test_words_are_listed_by_how_far_they_went(texts):
    order = order_of(texts)
    keep_study(silent, order)
    kept, _, _, table = table_of(order)
    assert not table.has_noise
    assert len(table.rows) > 50
    often = np.minimum(kept.study.counts[:-1], kept.study.counts[1:]) >= 20
    judged = np.array([word[-1] not in "xyz" for word in kept.study.words]) & kept.study.content
    assert set(table.rows) == set(np.flatnonzero((often & judged).any(axis=0)))
    assert (np.diff(table.change) <= 0).all()
    for row, change, when, steps in zip(table.rows, table.change, table.when, table.steps, strict=True):
        own = kept.trajectories.from_previous[often[:, row], row]
        assert steps == len(own)
        assert change == pytest.approx(own.mean(), rel=1e-5)
        assert kept.trajectories.from_previous[when, row] == own.max()


def test_with_noise_they_are_listed_by_how_far_they_stand_above_it(kept):
    measure_study(silent, kept)
    found, steps, ranking, table = table_of(kept)
    moved = int(table.moved.sum())
    assert len(table.rows) > moved + 20
    assert [found.study.words[row] for row in table.rows[:moved]] == [each.word for each in ranking.words]
    assert (np.diff(table.above[moved:]) <= 0).all()
    row = int(table.rows[-1])
    judged = np.array([step.movers.judged[row] for step in steps])
    way = found.trajectories.from_previous[judged, row].sum()
    noise = np.array([step.movers.expected[row] for step in steps])[judged].sum()
    assert table.times[-1] == pytest.approx(way / noise, rel=1e-5)
    above = np.array([step.movers.above[row] for step in steps])[judged]
    assert table.above[-1] == pytest.approx(above.sum() / np.sqrt(judged.sum()), rel=1e-5)
    assert above[list(np.flatnonzero(judged)).index(table.when[-1])] == above.max()


def test_the_table_as_csv(kept):
    measure_study(silent, kept)
    found, _, ranking, table = table_of(kept)
    both = ranking, rank_words(found.study, found.trajectories.from_first, leave_out_noise(found.study, "first"))
    head, first, *rest = write_study_csv(found.study, found.trajectories, table, *both).decode("utf-8-sig").splitlines()
    assert head.split(",")[:2] == ["word", "moved"]
    assert head.endswith("q_value to mid,q_value to new")
    assert first.split(",")[0] == found.study.words[table.rows[0]]
    assert len(rest) == len(table.rows) - 1
    assert len(first.split(",")) == len(head.split(","))
    both = ranking, rank_words(found.study, found.trajectories.from_first, find_steps(found.study, "first"))
    head, *_ = write_study_csv(found.study, found.trajectories, table, *both).decode("utf-8-sig").splitlines()
    assert head.endswith("q_value from first to mid,q_value from first to new")
