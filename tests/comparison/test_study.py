"""A study of three small texts: shared words, trajectories, noise of each step, what moved and when, neighbours."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from small_texts import TOPICAL_WORDS, topical_documents, topical_glove

from core.comparison.false_discovery import find_q_values
from core.comparison.measurements import changes_of
from core.comparison.movers import find_movers
from core.comparison.neighbourhood import Neighbourhoods, neighbour_words
from core.comparison.pair import compare, match_words
from core.comparison.study.models import find_common_dose, make_study
from core.comparison.study.neighbours import tell_neighbours
from core.comparison.study.ranking import describe_ranking, rank_words
from core.comparison.study.record import describe_study
from core.comparison.study.steps import lacking_noise, leave_out_noise, measure_steps
from core.comparison.study.texts import StudyText, check_number, check_texts, shorten_names, study_config
from core.comparison.study.trajectories import find_trajectories
from core.config import TrainConfig
from core.errors import Cancelled, CorpusError
from core.models.dose import DOSES
from core.models.embedding import result_digest
from core.models.runs import run_folder
from core.models.training import train
from core.pretrained.vectors import open_pretrained
from core.system.typed_json import as_values
from core.text.corpus import build_corpus
from core.text.reading.documents import Document

NAMES = ("old", "mid", "new")
SWAPPED = [(TOPICAL_WORDS[4 * i], TOPICAL_WORDS[4 * i + 1]) for i in range(8)]
CONFIG = TrainConfig(strategy="tied", vector_size=8, epochs=3, min_count=1, alpha=0.05, engine="vectune", dose=1.0)


def corpus_of(documents, name="text"):
    return build_corpus([Document(f"d{number}", text) for number, text in enumerate(documents)], name=name)


def swap(document):
    """From the last text on, each of these words is used as the other one was."""
    other = dict(SWAPPED) | {right: left for left, right in SWAPPED}
    return " ".join(other.get(word, word) for word in document.split())


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "topics.8d.txt"
    topical_glove(path)
    documents = [topical_documents(40, 400, seed) for seed in range(3)]
    documents[2] = [swap(document) for document in documents[2]]
    vectors = open_pretrained(path)
    return [StudyText(name, corpus_of(each), vectors) for name, each in zip(NAMES, documents, strict=True)]


@pytest.fixture(scope="module")
def study_cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def made(texts, study_cache):
    """A study with its noise, in a cache folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(study_cache))
        study = make_study(texts, CONFIG)
        return study, find_trajectories(study), measure_steps(study)


def test_every_text_has_the_model_that_its_training_alone_makes(made, texts):
    study, _, _ = made
    assert study.names == NAMES
    for text, model in zip(texts, study.models, strict=True):
        assert result_digest(model) == result_digest(train(text.corpus, CONFIG, text.pretrained))
    for rows, model, counts in zip(study.rows, study.models, study.counts, strict=True):
        assert tuple(model.words[row] for row in rows) == study.words
        np.testing.assert_array_equal(model.counts[rows], counts)
    assert set(study.words) == set.intersection(*(set(model.words) for model in study.models))
    total = study.counts.sum(axis=0)
    assert (np.diff(total) <= 0).all()


def test_trajectories_are_changes_between_two_models_each(made):
    study, found, _ = made
    assert found.from_first.shape == found.from_previous.shape == (2, len(study.words))
    for number, (before, here) in enumerate(pairwise(study.models)):
        np.testing.assert_array_equal(found.from_previous[number], changes_of(study.words, before, here).change)
        first = changes_of(study.words, study.models[0], study.models[number + 1]).change
        np.testing.assert_array_equal(found.from_first[number], first)


def test_what_was_planted_moved_and_when(made):
    study, trajectories, steps = made
    assert [(step.left, step.right, step.documents) for step in steps] == [
        ("old", "mid", (40, 40)),
        ("mid", "new", (40, 40)),
    ]
    ranking = rank_words(study, trajectories.from_previous, steps)
    planted = {word for pair in SWAPPED for word in pair}
    found = {each.word for each in ranking.words}
    assert len(found & planted) >= 8
    assert len(found - planted) <= 2
    assert {each.step for each in ranking.words if each.word in planted} == {1}
    for each in ranking.words:
        assert each.q_value <= ranking.level
        assert each.change == trajectories.from_previous[each.step, each.row]
        assert each.steps == tuple(np.flatnonzero(ranking.moved[:, each.row]))
    assert [each.q_value for each in ranking.words] == sorted(each.q_value for each in ranking.words)
    assert describe_ranking(ranking, steps).startswith(f"{len(found)} of ")


def test_all_words_and_steps_are_judged_together(made):
    study, trajectories, steps = made
    ranking = rank_words(study, trajectories.from_previous, steps)
    chances = np.stack([step.movers.chance for step in steps])
    judged = ~np.isnan(chances)
    np.testing.assert_allclose(ranking.q_value[judged], find_q_values(chances[judged]))
    lacking = np.array([word[-1] in "xyz" for word in study.words])
    assert not judged[:, lacking].any()  # where they stood before was made up
    rare = np.minimum(study.counts[:-1], study.counts[1:]) < 20
    assert not judged[rare].any()


def test_a_word_that_moved_twice_is_listed_by_its_surest_step(made):
    study, trajectories, steps = made
    rows = np.flatnonzero(steps[0].movers.judged & steps[1].movers.judged)[:2]
    chances = [step.movers.chance.copy() for step in steps]
    for chance, own in zip(chances, ([1e-9, 1e-12], [1e-10, 1e-11]), strict=True):
        chance[rows] = own
    changed = [
        replace(step, movers=replace(step.movers, chance=chance)) for step, chance in zip(steps, chances, strict=True)
    ]
    first, second = rank_words(study, trajectories.from_previous, changed).words[:2]
    assert (first.row, first.step, first.steps) == (rows[1], 0, (0, 1))
    assert (second.row, second.step, second.steps) == (rows[0], 1, (0, 1))


def test_the_noise_is_that_of_two_texts_beside_each_other(made):
    study, _, steps = made
    for step in steps:
        assert step.movers.kinds == ("permutation",)
        assert step.deals >= 3
        assert sum(band.words for band in step.bands) == step.movers.judged.sum()
        assert all(0 < band.middle < band.upper < 2 for band in step.bands)
        assert all(len(each) == len(study.words) for each in (step.movers.change, step.movers.bound))


def test_noise_from_the_first_text_is_that_of_these_two(made, study_cache, monkeypatch):
    monkeypatch.setenv("VECTUNE_CACHE", str(study_cache))
    study, _, steps = made
    dealt = []
    monkeypatch.setattr(
        "core.comparison.study.steps.measure_movers", lambda progress, plan, kinds: dealt.append((plan, kinds))
    )
    assert lacking_noise(study) == ()
    assert lacking_noise(study, "first") == (1,)  # of the first step it is known
    found = measure_steps(study, since="first")
    assert [(step.left, step.right) for step in found] == [("old", "mid"), ("old", "new")]
    ((plan, kinds),) = dealt
    assert (plan.left, plan.right, kinds) == (study.sides[0], study.sides[2], ("permutation",))
    np.testing.assert_array_equal(found[0].movers.bound, steps[0].movers.bound)
    assert found[1].movers is None


def test_what_moved_from_the_first_text_is_judged_on_its_own(made, study_cache, monkeypatch):
    study, trajectories, steps = made
    monkeypatch.setenv("VECTUNE_CACHE", str(study_cache))
    far = measure_steps(study, since="first")
    np.testing.assert_allclose(far[1].movers.change, trajectories.from_first[1], atol=1e-6)
    record = as_values(describe_study(study, [5, 6, 7], trajectories, steps, far))
    assert [(each["left"], each["right"]) for each in record["noise_from_first"]] == [("old", "mid"), ("old", "new")]
    assert [each["right"] for each in record["noise"]] == ["mid", "new"]
    planted = {word for pair in SWAPPED for word in pair}
    moved = {each["word"] for each in record["moved_from_first"]}
    assert len(moved & planted) >= 8
    assert {(each["since"], each["when"]) for each in record["moved_from_first"] if each["word"] in planted} == {
        ("old", "new")
    }
    without = describe_study(study, [5, 6, 7], trajectories, steps, leave_out_noise(study, "first"))
    assert [each.kind for each in without.noise_from_first] == ["none", "none"]
    assert as_values(without)["moved"] == record["moved"]
    assert without.moved_from_first == ()


def test_a_step_with_too_few_documents_has_no_noise_and_says_so(texts, monkeypatch):
    whole = " ".join(topical_documents(40, 300, 7))
    pages = [whole[: len(whole) // 2], whole[len(whole) // 2 :]]
    study = make_study([*texts[:2], StudyText("few", corpus_of(pages), texts[0].pretrained)], replace(CONFIG, epochs=1))
    monkeypatch.setattr(
        "core.comparison.study.steps.measure_movers", lambda progress, plan, kinds: pytest.fail("was dealt")
    )
    monkeypatch.setattr("core.comparison.study.steps.find_measured", lambda plan: plan)
    monkeypatch.setattr("core.comparison.study.steps._judge", lambda study, step, plan: find_nothing(study))
    steps = measure_steps(study)
    assert steps[0].why_not == ""
    assert steps[1].movers is None
    assert steps[1].why_not.startswith("“mid” has 40 documents and “few” has 2 documents: too few to be dealt out anew")
    trajectories = find_trajectories(study)
    record = describe_study(study, [1, 2, 3], trajectories, steps, leave_out_noise(study, "first"))
    assert [each.kind for each in record.noise] == ["permutation", "none"]
    assert "in 1 step of 2 by more" in record.sentence


def find_nothing(study):
    noise = np.random.default_rng(0).uniform(0.1, 0.2, (3, len(study.words))).astype(np.float32)
    return find_movers(noise[0], study.counts.min(axis=0), {"permutation": noise})


def test_models_that_are_not_made_from_their_text_have_no_noise(texts):
    study = make_study(texts[:2], replace(CONFIG, strategy="pretrained", dose=None))
    (step,) = measure_steps(study)
    assert "not made from their texts" in step.why_not


def test_without_noise_nothing_is_called_moved_and_unknown_is_none(made):
    study, trajectories, _ = made
    steps = leave_out_noise(study)
    unknown = np.arange(len(study.words)) == 1
    holed = replace(trajectories, from_first=np.where(unknown, np.nan, trajectories.from_first))
    record = as_values(describe_study(study, [5, 6, 7], holed, steps, leave_out_noise(study, "first")))
    assert not record["moved"]
    assert "no noise was measured" in record["sentence"]
    assert [text["tokens"] for text in record["texts"]] == [5, 6, 7]
    assert [row[1] for row in record["change_from_first"]] == [None, None]
    assert len(record["change_from_previous"][0]) == len(record["words"]) == len(study.words)


def test_neighbours_by_text_are_those_among_its_own_words(made):
    study, _, steps = made
    row = study.words.index(SWAPPED[0][0])
    told = tell_neighbours(study, steps, row, 10)
    assert [each.text for each in told] == list(NAMES)
    assert told[0][2:] == ((), (), (), ())
    for each, model, rows in zip(told, study.models, study.rows, strict=True):
        units = model.vectors / np.linalg.norm(model.vectors, axis=1, keepdims=True)
        cosines = units @ units[rows[row]]
        often = [place for place in np.argsort(-cosines) if model.counts[place] >= 5 and place != rows[row]]
        assert [word for word, _ in each.nearest] == [model.words[place] for place in often[:10]]
        assert [cosine for _, cosine in each.nearest] == pytest.approx(cosines[often[:10]], abs=1e-5)


def test_who_came_and_went_follows_the_rule_of_all_comparisons(made):
    study, _, steps = made
    row = study.words.index(SWAPPED[0][0])
    old, mid, new = tell_neighbours(study, steps, row, 10)
    names = [[word for word, _ in each.nearest] for each in (old, mid, new)]
    assert set(new.gained) <= set(names[2]) - set(names[1])
    assert set(new.lost) <= set(names[1]) - set(names[2])
    assert len(new.gained) > len(mid.gained)
    assert new.gained
    left, right = study.models[1:]
    shared = match_words(left, right)
    near = Neighbourhoods(compare(left, right, topn=10), left, right)
    without = tell_neighbours(study, leave_out_noise(study), row, 10)[2]
    rule = neighbour_words(near, shared.words.index(study.words[row]), 10)
    assert set(without.gained) == set(rule.gained)
    assert set(without.lost) == set(rule.lost)


def test_a_neighbour_that_the_text_before_lacks_is_new_there(made):
    study, _, steps = made
    first, *others = study.models
    row = 0
    word = tell_neighbours(study, steps, row, 1)[1].nearest[0][0]
    kept = [place for place, each in enumerate(first.words) if each != word]
    lacking = replace(
        first,
        words=tuple(first.words[place] for place in kept),
        vectors=first.vectors[kept],
        counts=first.counts[kept],
        covered=first.covered[kept],
        ends=None,
    )
    words = tuple(each for each in study.words if each != word)
    models = (lacking, *others)
    rows = np.array([[model.words.index(each) for each in words] for model in models])
    counts = np.array([model.counts[own] for model, own in zip(models, rows, strict=True)])
    cut = replace(study, models=models, words=words, rows=rows, counts=counts)
    mid = tell_neighbours(cut, leave_out_noise(cut), words.index(study.words[row]), 1)[1]
    assert (mid.new, mid.gained) == ((word,), ())


def test_all_models_are_shown_at_one_dose_without_being_trained_again(texts, monkeypatch):
    config = replace(CONFIG, dose=None, epochs=1)
    study = make_study(texts[:2], config)
    alone = [train(text.corpus, config, text.pretrained) for text in texts[:2]]
    scores = [[score for _, score in model.details["dose_curve"]] for model in alone]
    together = sum(model.details["dose_positions"] * np.array(own) for model, own in zip(alone, scores, strict=True))
    dose = DOSES[int(np.argmax(together))]
    assert find_common_dose(alone) == dose
    assert [model.dose for model in study.models] == [dose, dose]
    for model, side, text in zip(study.models, study.sides, texts, strict=False):
        assert side.config == model.config
        assert result_digest(model) == result_digest(train(text.corpus, model.config, text.pretrained))
    monkeypatch.setattr("core.models.training.train", lambda *_: pytest.fail("was trained again"))
    again = make_study(texts[:2], config)
    assert [side.run for side in again.sides] == [side.run for side in study.sides]


def test_finished_models_stay_when_it_is_cancelled(texts, monkeypatch):
    monkeypatch.setattr("core.models.beside.available_cores", lambda: 1)

    def stop(fraction, message):
        if message.startswith("mid"):
            raise Cancelled

    with pytest.raises(Cancelled):
        make_study(texts, CONFIG, stop)
    kept = len(list(run_folder("any").parent.iterdir()))
    assert kept == 1
    told = []
    make_study(texts, CONFIG, lambda fraction, message: told.append(message))
    assert not any(message.startswith("old") for message in told)


def texts_of(*documents):
    return [StudyText(f"t{number}", corpus_of([each])) for number, each in enumerate(documents)]


WORDS = [f"w{number}x" for number in range(120)]


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ([" ".join(WORDS), " ".join(WORDS)], "“t0” and “t1” are the same text"),
        (
            [" ".join(WORDS), " ".join(WORDS[75:])],
            "“t0” (120 words) and “t1” (45 words) share 45 words that occur 1 time or more in both; a study needs 50",
        ),
        ([" ".join(WORDS[:100]), " ".join(WORDS[20:]), " ".join(WORDS[:40] + WORDS[80:])], "Only 40 words occur"),
        (
            [
                "the government of the people by the people and for all of us who are here now " * 5,
                "die Regierung des Volkes durch das Volk und für alle die wir heute hier sind " * 5,
            ],
            "The first looks English, the second German. Take texts of one language.",
        ),
    ],
)
def test_texts_that_cannot_be_a_study_say_why(documents, says):
    with pytest.raises(CorpusError) as caught:
        check_texts(texts_of(*documents), 1)
    assert says in str(caught.value)


def test_very_unequal_texts_are_told():
    notes = check_texts(texts_of(" ".join(WORDS), " ".join(WORDS * 20)), 1)
    assert "“t1” has 2,400 tokens and “t0” 120" in notes[0]


@pytest.mark.parametrize(("number", "says"), [(0, "There is none"), (1, "one, “t0”"), (13, "and there are 13: t0, t1")])
def test_there_are_two_to_twelve_texts(number, says):
    with pytest.raises(CorpusError, match=says):
        check_number([f"t{each}" for each in range(number)], "Leave some out.")
    check_number(["a", "b"], "")


def test_settings_are_those_of_the_smallest_text():
    corpora = [corpus_of([" ".join(WORDS)]), corpus_of([" ".join(WORDS * 2_500)])]
    assert study_config("scratch", corpora).min_count == 2
    assert study_config("scratch", corpora[1:]).min_count == 5
    assert study_config("scratch", corpora, min_count=4).min_count == 4


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["brown press", "brown lore"], ["press", "lore"]),
        (["State of 1790-1899", "State of 1900-1999"], ["1790-1899", "1900-1999"]),
        (["a b", "a"], ["a b", "a"]),
        (["one"], ["one"]),
        (["a x", "b x"], ["a x", "b x"]),
        (["two  blanks", "two"], ["two blanks", "two"]),
    ],
)
def test_what_all_names_begin_with_is_left_out(names, short):
    assert shorten_names(names) == short
