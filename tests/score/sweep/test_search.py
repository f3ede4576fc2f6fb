"""The best setting is found on one part, tested on another that nobody saw before, and nothing is trained twice."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from made_sweeps import EAGER, FILE, IDLE, PLANTED, SIZE, planted_plan, tiny_vectors, topical_text

from core.config import default_config
from core.errors import Cancelled, EvaluationError, TrainingError
from core.models import runs
from core.models.runs import find_or_train, has_run
from core.progress import silent
from core.score.evaluation import evaluate
from core.score.sweep import search as searching
from core.score.sweep.chosen import describe_choice
from core.score.sweep.cost import check_memory, estimate_sweep, write_cost
from core.score.sweep.plan import SweptVectors, make_plan
from core.score.sweep.questions import HeldBackText, divide_text
from core.score.sweep.search import SearchWay, search_settings
from core.system.files import cache_folder
from core.system.typed_json import read_record, write_record
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.text.split import split_corpus


def search(plan=None, corpus=None, publish=lambda record: None, progress=silent, files=None, how=None):
    plan = planted_plan() if plan is None else plan
    corpus = topical_text() if corpus is None else corpus
    files = {FILE: tiny_vectors()} if files is None else files
    return search_settings(corpus, files, plan, how or SearchWay(), publish, progress)


def numbers(record):
    """All that does not depend on the clock."""
    seeds = [tuple(replace(each, seconds=0) for each in tried.seeds) for tried in record.settings]
    settings = tuple(replace(tried, seconds=0, seeds=own) for tried, own in zip(record.settings, seeds, strict=True))
    return replace(record, settings=settings, chosen=settings[record.settings.index(record.chosen)])


@pytest.fixture
def trainings(monkeypatch):
    """Settings and texts that were trained."""
    seen, train = [], runs._train

    def note(corpus, config, pretrained, progress):
        seen.append((corpus.digest, config))
        return train(corpus, config, pretrained, progress)

    monkeypatch.setattr(runs, "_train", note)
    return seen


def test_a_planted_best_setting_is_found_and_helps(trainings):
    record = search()
    assert record.chosen.values == PLANTED
    assert (record.tried, record.planned, len(record.settings)) == (5, 5, 5)
    rivals = [each.development for each in record.settings if each != record.chosen]
    assert record.chosen.development > max(rivals) + 0.1
    test = record.test
    assert (test.outcome, test.reference, test.documents, test.unit) == ("helped", FILE, 6, "documents")
    assert test.delta == pytest.approx(test.cloze - test.reference_cloze)
    assert test.delta_ci[0] > 0.05
    assert test.cloze_ci[0] < test.cloze < test.cloze_ci[1]
    assert test.placebo.behind_ci[0] > 0
    assert record.sentence.startswith(
        "Helped: the best of 5 settings is tuned, epochs 8, alpha 0.05. In 6 documents that"
    )
    assert "It was chosen among 5 for its score" in record.sentence
    assert all(has_run(each.run) for each in record.settings)
    assert len(trainings) == 5 + 1  # and the placebo; the untouched vectors are one of the settings


def test_its_numbers_are_those_of_the_scorecard():
    """One split, the same questions, models and intervals."""
    corpus, pretrained = topical_text(), tiny_vectors()
    record = search(make_plan(["tuned"], {"epochs": (8,), "min_count": (1,)}, vectors=[SweptVectors(FILE, SIZE)]))
    settings = {"vector_size": SIZE, "epochs": 8, "min_count": 1}
    configs = {"tuned": default_config("tuned", **settings), "pretrained": default_config("pretrained", **settings)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.score.splits.MAX_SPLITS", 1)
        card = evaluate(
            corpus, configs, lambda part, config, report: find_or_train(part, pretrained, config), chosen="tuned"
        )
    model = card.model("tuned")
    assert record.chosen.development == model.development
    assert record.chosen.seeds[0].dose == model.dose
    assert (record.test.cloze, record.test.delta) == (model.cloze.value, model.delta.value)
    assert record.test.delta_ci == pytest.approx((model.delta.low, model.delta.high))
    assert record.test.placebo.behind == card.placebo.behind.value
    assert record.test.questions == card.positions


def test_nothing_of_the_test_part_is_looked_at_before_the_choice(monkeypatch):
    """Its words are out of reach until the best setting is named."""
    chosen = []

    class Sealed(tuple):
        def __iter__(self):
            assert chosen, "the test part was read before the choice"
            return super().__iter__()

        def __getitem__(self, place):
            assert chosen, "the test part was read before the choice"
            return super().__getitem__(place)

    def divide(*arguments):
        questions, held_back = divide_text(*arguments)
        return questions, replace(held_back, blocks=Sealed(held_back.blocks))

    best = searching.best_setting

    def choose(tried):
        chosen.append(best(tried))
        return chosen[-1]

    monkeypatch.setattr(searching, "divide_text", divide)
    monkeypatch.setattr(searching, "best_setting", choose)
    record = search()
    assert chosen == [record.chosen]
    chosen.clear()
    peeked = divide(topical_text(), {}, 1, 1)
    with pytest.raises(AssertionError, match="before the choice"):
        HeldBackText.ask(peeked[1], peeked[0])


def test_other_words_in_the_test_part_change_no_score_and_no_choice():
    corpus = topical_text()
    texts = [" ".join(corpus.words[i] for i in corpus.tokens[a:b]) for a, b in pairwise(corpus.document_starts)]
    for document in split_corpus(corpus, 1).test_documents:
        texts[document] = " ".join(np.random.default_rng(document).permutation(texts[document].split()))
    garbled = build_corpus([Document(f"d{i}", text) for i, text in enumerate(texts)])
    one, two = search(), search(corpus=garbled)
    assert [each.development for each in one.settings] == [each.development for each in two.settings]
    assert one.chosen.values == two.chosen.values
    assert one.test.cloze != two.test.cloze


def test_the_mean_over_seeds_decides_and_is_tested(trainings):
    record = search(planted_plan([1, 2, 3]))
    assert record.seeds == (1, 2, 3)
    assert [len(each.seeds) for each in record.settings] == [3, 3, 3, 3, 1]  # untouched vectors know no luck
    for tried in record.settings:
        assert tried.development == pytest.approx(np.mean([each.development for each in tried.seeds]))
        assert tried.run == tried.seeds[0].run
        assert tried.seconds == pytest.approx(sum(each.seconds for each in tried.seeds))
    assert len({each.development for each in record.chosen.seeds}) == 3
    assert record.chosen.values == PLANTED
    assert len(trainings) == 4 * 3 + 1 + 1


def test_twice_the_same_numbers_and_nothing_is_trained_twice(trainings, tmp_path, monkeypatch):
    first, told = search(), []
    again = search(publish=told.append)
    assert numbers(first) == numbers(again)
    assert first.settings == again.settings  # seconds too: they are those of the training
    assert len(trainings) == 6
    assert [len(each.settings) for each in (told[0], told[-1])] == [0, 5]
    assert told[-1] == again
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "elsewhere"))
    assert numbers(search()) == numbers(first)
    assert len(trainings) == 12


def test_wider_ranges_reuse_what_is_there(trainings):
    search()
    wide = make_plan(
        ["tuned", "pretrained"],
        {"epochs": (1, 8, 12), "alpha": (IDLE, EAGER), "min_count": (1, 3)},
        vectors=[SweptVectors(FILE, SIZE)],
    )
    del trainings[:]
    record = search(wide)
    assert record.min_count == 3
    part = split_corpus(topical_text(), 1).train.digest
    made = [config for digest, config in trainings if digest == part]
    assert len(made) == 3 * 2 * 2 - 4
    assert record.tried == 3 * 2 * 2 + 1


def test_all_settings_are_asked_the_same_questions():
    plan = make_plan(["scratch", "counts"], {"min_count": (1, 4), "vector_size": (SIZE,)})
    record = search(plan, files={})
    assert record.questions > 50
    assert record.test.questions > 50
    assert (record.test.reference, record.test.delta, record.test.outcome) == (None, None, None)
    assert "There are no pretrained vectors to compare it with." in record.sentence
    questions, _ = divide_text(topical_text(), {}, 4, 1)
    assert (questions.train.counts[: len(questions.words)] >= 4).all()
    assert len(questions.development) == record.questions


def test_a_setting_that_cannot_be_trained_has_a_problem_and_the_others_a_score(monkeypatch):
    train = runs._train

    def train_some(corpus, config, pretrained, progress):
        if config.epochs == 8:
            raise TrainingError("Training ran away.")
        return train(corpus, config, pretrained, progress)

    monkeypatch.setattr(runs, "_train", train_some)
    record = search()
    assert [each.problem for each in record.settings] == ["", "", *["Training ran away."] * 2, ""]
    assert (record.tried, record.planned) == (3, 5)
    with pytest.raises(EvaluationError, match=r"None of 1 setting could be trained and asked.* Training ran away"):
        search(make_plan(["tuned"], {"epochs": (8,)}, vectors=[SweptVectors(FILE, SIZE)]))


def test_cancelled_and_gone_on_with(trainings, monkeypatch):
    monkeypatch.setattr(searching, "_PUBLISH_SECONDS", 1000.0)
    monkeypatch.setattr("core.models.beside.available_cores", lambda: 1)  # one after the other

    def stop(fraction, message):
        if fraction > 0.6:
            raise Cancelled

    told = []
    with pytest.raises(Cancelled):
        search(progress=stop, publish=told.append)
    done = len(list(cache_folder("runs").glob("*/run.json")))
    assert 0 < done < 6
    assert told[-1].chosen is None
    assert len(told[-1].settings) > len(told[1].settings) > 0  # to the last one, however rarely it is told
    del trainings[:]
    search()
    assert len(trainings) == 6 - done


@pytest.mark.parametrize(
    ("documents", "tokens", "said"), [(2, 30, "too few to set some aside"), (12, 25, "choosing takes 50")]
)
def test_too_short_a_text(documents, tokens, said):
    with pytest.raises(EvaluationError, match=said):
        search(corpus=topical_text(documents, tokens))


def test_vectors_of_another_language():
    foreign = replace(tiny_vectors(), words=tuple(f"mot{i}" for i in range(len(tiny_vectors().words))))
    with pytest.raises(EvaluationError, match="or choose vectors that cover this text"):
        search(files={FILE: foreign})


def test_the_record_is_kept_as_json(tmp_path):
    record = search()
    write_record(tmp_path / "sweep.json", record)
    assert read_record(tmp_path / "sweep.json", type(record)) == record


def test_the_sentence_says_what_the_numbers_say():
    record = search()
    test = record.test
    flat = replace(test, delta=0.002, delta_ci=(-0.004, 0.008), outcome="no measurable difference")
    said = describe_choice(replace(record, test=flat))
    assert said.startswith("No measurable difference: the best of 5 settings")
    assert "+0.2 points (likely between −0.4 and +0.8)" in said
    assert "random order" not in said
    lucky = replace(test, delta=0.05, delta_ci=(0.03, 0.07), outcome="no measurable difference")
    assert "The same training on the words in random order gains as much" in describe_choice(
        replace(record, test=lucky)
    )
    alone = describe_choice(replace(record, tried=1))
    assert "the only setting" in alone
    assert alone.endswith("So nothing was chosen.")
    assert describe_choice(replace(record, chosen=None)) == ""


def test_the_cost_is_told_before_it_begins():
    corpus = topical_text()
    cost = estimate_sweep(corpus, planted_plan([1, 2]), SearchWay())
    assert (cost.settings, cost.trainings) == (5, 9)
    few = estimate_sweep(corpus, planted_plan([1, 2]), SearchWay("optuna", 2))
    assert (few.settings, round(few.trainings)) == (2, 4)
    assert few.seconds < cost.seconds
    assert few.stored_bytes < cost.stored_bytes
    assert write_cost(cost, 2).startswith("5 settings with 2 seeds, 9 trainings: about ")
    with pytest.raises(TrainingError, match="needs about 1,000 GB of memory"):
        check_memory(replace(cost, memory_bytes=10**12))
