"""Retrainings of tiny models: which are needed, what they measure, and that none is made twice."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.comparison import noise_plan
from core.comparison.axis_noise import find_made_again
from core.comparison.kept_noise import NOISE, has_noise, load_noise, measured_kinds
from core.comparison.movers import NoiseKind
from core.comparison.noise import judge_words, measure_movers, tell_moved
from core.comparison.noise_plan import (
    FEWEST_DEALS,
    MOST_DEALS,
    asked_kinds,
    estimate_noise_seconds,
    plan_noise,
    usual_kinds,
)
from core.comparison.pair import compare
from core.comparison.retrainings import RESAMPLES, SEEDS, NoiseSide
from core.config import TrainConfig
from core.errors import RunError
from core.models.beside import available_cores
from core.models.runs import RUNS, keep_corpus, keep_pretrained, load_run, train_run
from core.progress import silent
from core.system.inventory import take_inventory
from core.text.corpus import build_corpus
from core.text.reading.documents import Document

TEXTS = ["the river bank of stone", "the bank lends money", "a king and a queen", "dogs and cats drink water"] * 6


OTHERS = ["the bank of the river floods", "a queen lends money", "cats drink milk and water", "the king and stone"] * 7


def make_side(
    strategy: str, seed: int = 1, pretrained: object = None, texts: list[str] = TEXTS, **settings: object
) -> NoiseSide:
    corpus = build_corpus([Document(str(i), text) for i, text in enumerate(texts)])
    config = TrainConfig(strategy=strategy, vector_size=4, epochs=2, seed=seed, **settings)  # type: ignore[arg-type]
    folder = keep_corpus(corpus)
    rows = None if pretrained is None else keep_pretrained(pretrained, corpus)  # type: ignore[arg-type]
    return NoiseSide(train_run(silent, folder, rows, config), folder, rows, config)


@pytest.fixture
def pretrained(tmp_path: Path) -> object:
    from core.pretrained.vectors import open_pretrained, write_glove

    words = sorted({word for text in TEXTS for word in text.split()} - {"queen"})
    vectors = np.random.default_rng(0).normal(size=(len(words), 4)).astype(np.float32)
    write_glove(tmp_path / "tiny.4d.txt", words, vectors)
    return open_pretrained(tmp_path / "tiny.4d.txt")


def kinds_of(left: str, right: str, documents: int = 50, texts: tuple[str, str] = ("c", "c")) -> tuple[str, ...]:
    sides = [
        NoiseSide(name, Path(text), Path("r"), TrainConfig(strategy=name))
        for name, text in zip((left, right), texts, strict=True)
    ]
    return plan_noise(sides[0], sides[1], documents).kinds


def test_kinds_follow_from_what_is_random() -> None:
    assert kinds_of("scratch", "tuned") == ("documents", "seed")
    assert kinds_of("pretrained", "tuned") == ("documents", "seed", "placebo")
    assert kinds_of("pretrained", "counts") == ("documents",)
    assert kinds_of("pretrained", "pretrained", 1) == ("placebo",)
    assert kinds_of("counts", "scratch", 1) == ("seed",)


def test_two_texts_can_be_dealt_out_anew_if_both_models_are_made_from_them() -> None:
    assert kinds_of("scratch", "tied", texts=("a", "b")) == ("permutation", "documents", "seed")
    assert kinds_of("blend", "blend", 1, texts=("a", "b")) == ("permutation", "placebo")
    assert "permutation" not in kinds_of("pretrained", "tied", texts=("a", "b"))


@pytest.mark.parametrize(
    ("kinds", "usual"),
    [(("permutation", "documents", "seed", "placebo"), "permutation"), (("documents", "seed"), "documents"),
     (("seed", "placebo"), "seed"), (("placebo",), "placebo")],
)  # fmt: skip
def test_what_a_reader_takes_moved_for_decides(kinds: tuple[NoiseKind, ...], usual: NoiseKind) -> None:
    assert usual_kinds(kinds) == (usual,)
    assert usual_kinds(()) == ()


def test_noise_is_measured_kept_and_not_made_again(cache: Path) -> None:
    left, right = make_side("scratch"), make_side("counts")
    plan = plan_noise(left, right, len(TEXTS))
    assert (plan.retrainings("seed"), plan.retrainings("documents")) == (2, 2 * RESAMPLES)
    assert asked_kinds(plan) == plan.kinds
    assert not has_noise(plan)
    told: list[str] = []
    measure_movers(lambda fraction, message: told.append(message), plan)
    assert any(message.startswith("retraining 1 of 10 (From scratch, resampled documents): ") for message in told)
    runs = set((cache / "runs").iterdir())
    words = load_run(left.run).words
    found = {kind: load_noise(plan, words, kind) for kind in measured_kinds(plan)}
    assert {kind: each.noise.shape for kind, each in found.items()} == {
        "documents": (RESAMPLES, len(words)),
        "seed": (3, len(words)),
    }
    assert all(np.nanmax(each.noise) > 0 and np.isfinite(each.change).all() for each in found.values())
    assert len(runs) == 2 + 2 + 2 * RESAMPLES
    backwards = load_noise(plan, words[::-1], "seed")
    np.testing.assert_array_equal(backwards.change, found["seed"].change[::-1])
    np.testing.assert_array_equal(backwards.weighed, found["seed"].weighed[::-1])
    np.testing.assert_array_equal(backwards.noise, found["seed"].noise[:, ::-1])
    measure_movers(silent, plan)
    assert set((cache / "runs").iterdir()) == runs
    with pytest.raises(RunError, match="damaged"):
        load_noise(plan, (*words, "absent"), "seed")


def test_both_models_of_a_text_are_made_again_on_the_same_documents(cache: Path) -> None:
    """What two models share, such as a document that came twice, is no noise between them: here they are one model."""
    one = make_side("counts")
    plan = plan_noise(one, make_side("counts", seed=2), len(TEXTS))
    measure_movers(silent, plan, ["documents"])
    noise = load_noise(plan, load_run(one.run).words, "documents").noise
    np.testing.assert_allclose(noise, 0, atol=1e-6)
    assert measured_kinds(plan) == ("documents",)


def test_the_documents_of_two_texts_are_dealt_out_anew(cache: Path, pretrained: object) -> None:
    left = make_side("scratch", texts=TEXTS * 2, min_count=2)
    right = make_side("tuned", pretrained=pretrained, texts=OTHERS * 3, min_count=3, dose=0.5)
    plan = plan_noise(left, right, len(TEXTS))
    assert plan.two_texts
    assert asked_kinds(plan) == ("permutation",)
    told: list[str] = []
    measure_movers(lambda fraction, message: told.append(message), plan)
    assert any("the same documents dealt out anew" in message for message in told)
    models = [load_run(side.run) for side in (left, right)]
    comparison = compare(models[0], models[1], 3)
    found = load_noise(plan, comparison.words, "permutation")
    assert FEWEST_DEALS <= len(found.noise) <= MOST_DEALS
    assert len(list((cache / "runs").iterdir())) == 2 + 2 * len(found.noise)
    assert found.unit == "documents"
    np.testing.assert_allclose(found.change, comparison.change, rtol=1e-4)
    assert np.nanmin(found.noise) > 0
    assert len({noise.tobytes() for noise in found.noise}) == len(found.noise)
    movers = judge_words(plan, measured_kinds(plan), comparison, models[0], models[1])
    assert movers.kinds == ("permutation",)
    few = comparison.words == np.array(["bank"] * len(comparison.words))
    assert not judge_words(plan, ("permutation",), comparison, *models, judgeable=few).judged[~few].any()
    sentence = tell_moved(plan, comparison, models[0], models[1], ("Left", "Right"))
    assert f"(in {len(found.noise)} deals" in sentence
    made = find_made_again(plan, ("permutation",))
    assert made is not None
    assert [len(side) for side in made.retrained["permutation"]] == [len(found.noise)] * 2


def test_who_has_either_text_erased_has_what_was_dealt_out_from_both_erased(cache: Path) -> None:
    left, right = make_side("counts"), make_side("counts", texts=OTHERS)
    plan = plan_noise(left, right, len(TEXTS))
    measure_movers(silent, plan, ["permutation"])
    texts = {left.corpus_folder.name, right.corpus_folder.name}
    dealt = [entry for entry in take_inventory([RUNS]) if entry.name not in (left.run, right.run)]
    assert len(dealt) >= 2 * FEWEST_DEALS
    assert all({name for _, name in entry.uses} == texts for entry in dealt)
    assert [{name for _, name in entry.uses} for entry in take_inventory([NOISE])] == [texts]


def test_the_placebo_and_a_dose_that_needs_no_new_training(cache: Path, pretrained: object) -> None:
    left = make_side("pretrained", pretrained=pretrained)
    right = make_side("tuned", pretrained=pretrained, dose=1.0)
    plan = plan_noise(left, right, 1)
    assert plan.kinds == ("seed", "placebo")
    measure_movers(silent, plan)
    runs = set((cache / "runs").iterdir())
    half = plan_noise(left, replace(right, config=replace(right.config, dose=0.5)), 1)
    assert half.identity != plan.identity
    measure_movers(silent, half)
    assert set((cache / "runs").iterdir()) == runs
    words = load_run(left.run).words
    assert np.nanmean(load_noise(half, words, "seed").change) < np.nanmean(load_noise(plan, words, "seed").change)
    assert load_noise(plan, words, "placebo").noise.shape == (1, len(words))
    made = find_made_again(half, half.kinds)
    assert made is not None
    assert {kind: [len(side) for side in sides] for kind, sides in made.retrained.items()} == {
        "seed": [0, SEEDS],
        "placebo": [1, 1],
    }
    assert made.models[1].dose == made.retrained["seed"][1][0].dose == 0.5
    shutil.rmtree(next(iter(runs - {cache / "runs" / side.run for side in (left, right)})))
    assert find_made_again(half, half.kinds) is None


def test_shuffled_words_of_two_texts_need_one_vectors_file(cache: Path, pretrained: object) -> None:
    left, right = (make_side("tuned", pretrained=pretrained, texts=texts, dose=1.0) for texts in (TEXTS, OTHERS))
    assert left.rows_folder != right.rows_folder
    plan = plan_noise(left, right, 1)
    assert plan.kinds == ("permutation", "seed", "placebo")
    measure_movers(silent, plan, ["placebo"])
    assert measured_kinds(plan) == ("placebo",)
    assert "placebo" not in plan_noise(left, replace(right, rows_folder=Path("other")), 1).kinds


def test_estimates_are_sums() -> None:
    corpus = build_corpus([Document(str(i), text) for i, text in enumerate(TEXTS)])
    left, right = make_side("scratch"), make_side("scratch", seed=9)
    assert estimate_noise_seconds(plan_noise(left, right, 50), corpus, corpus) > estimate_noise_seconds(
        plan_noise(left, right, 1), corpus, corpus
    )


def test_a_retraining_is_estimated_without_what_a_process_loads_first(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = build_corpus([Document(str(i), text) for i, text in enumerate(TEXTS * 200)])
    left, right = (make_side("scratch", seed=seed, engine="vectune") for seed in (1, 9))
    plan, expected = plan_noise(left, right, 1), noise_plan._work(corpus, left.config)
    told: list[float] = []
    for extra in (0.0, 1.0):  # times what is expected, beyond the third of a second of loading
        known = replace(noise_plan._training_of(left), seconds=0.3 + expected * (1 + extra))
        monkeypatch.setattr(noise_plan, "_training_of", lambda _, known=known: known)
        told.append(estimate_noise_seconds(plan, corpus, corpus, ("seed",)))
    cores = available_cores()
    beside = 1.15 if cores > 1 else 1
    assert told[0] == pytest.approx(1.5 + beside * 2 * SEEDS * expected / 0.95 / cores)
    assert told[1] - 1.5 == pytest.approx(2 * (told[0] - 1.5))


def test_inputs_that_are_gone_are_named(tmp_path: Path) -> None:
    left, right = make_side("scratch"), make_side("scratch", seed=9)
    gone = replace(left, corpus_folder=tmp_path / "gone")
    with pytest.raises(RunError, match="no longer in the cache folder"):
        measure_movers(silent, plan_noise(gone, right, 50))
