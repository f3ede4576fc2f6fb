"""Retrainings of tiny models: which are needed, what they measure, and that none is made twice."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.comparison.noise import (
    NoiseSide,
    estimate_noise_seconds,
    has_noise,
    load_noise,
    measure_movers,
    plan_noise,
)
from core.config import TrainConfig
from core.errors import RunError
from core.models.runs import keep_corpus, keep_pretrained, load_run, train_run
from core.progress import silent
from core.text.corpus import build_corpus
from core.text.reading.documents import Document

TEXTS = ["the river bank of stone", "the bank lends money", "a king and a queen", "dogs and cats drink water"] * 6


def make_side(strategy: str, seed: int = 1, pretrained: object = None, **settings: object) -> NoiseSide:
    corpus = build_corpus([Document(str(i), text) for i, text in enumerate(TEXTS)])
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


def test_kinds_follow_from_what_is_random() -> None:
    def kinds(left: str, right: str, documents: int = 50) -> tuple[str, ...]:
        sides = [NoiseSide(name, Path("c"), Path("r"), TrainConfig(strategy=name)) for name in (left, right)]  # type: ignore[arg-type]
        return plan_noise(*sides, documents).kinds

    assert kinds("scratch", "tuned") == ("seed", "documents")
    assert kinds("pretrained", "tuned") == ("seed", "documents", "placebo")
    assert kinds("pretrained", "counts") == ("documents",)
    assert kinds("pretrained", "pretrained", 1) == ("placebo",)
    assert kinds("counts", "scratch", 1) == ("seed",)


def test_noise_is_measured_kept_and_not_made_again(cache: Path) -> None:
    left, right = make_side("scratch"), make_side("counts")
    plan = plan_noise(left, right, len(TEXTS))
    assert (plan.retrainings("seed"), plan.retrainings("documents")) == (2, 4)
    assert not has_noise(plan)
    told: list[str] = []
    measure_movers(lambda fraction, message: told.append(message), plan)
    assert any(message.startswith("retraining 1 of 6 (From scratch, another seed): ") for message in told)
    runs = set((cache / "runs").iterdir())
    words = load_run(left.run).words
    found = load_noise(plan, words)
    assert {kind: runs.shape for kind, runs in found.noise.items()} == {
        "seed": (3, len(words)),
        "documents": (4, len(words)),
    }
    assert np.nanmax(found.noise["seed"]) > 0
    assert np.isfinite(found.change).all()
    assert len(runs) == 8
    backwards = load_noise(plan, words[::-1])
    np.testing.assert_array_equal(backwards.change, found.change[::-1])
    np.testing.assert_array_equal(backwards.noise["seed"], found.noise["seed"][:, ::-1])
    measure_movers(silent, plan)
    assert set((cache / "runs").iterdir()) == runs
    with pytest.raises(RunError, match="damaged"):
        load_noise(plan, (*words, "absent"))


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
    assert np.nanmean(load_noise(half, words).change) < np.nanmean(load_noise(plan, words).change)
    assert load_noise(plan, words).noise["placebo"].shape == (1, len(words))


def test_estimates_are_sums() -> None:
    corpus = build_corpus([Document(str(i), text) for i, text in enumerate(TEXTS)])
    left, right = make_side("scratch"), make_side("scratch", seed=9)
    assert estimate_noise_seconds(plan_noise(left, right, 50), corpus, corpus) > estimate_noise_seconds(
        plan_noise(left, right, 1), corpus, corpus
    )


def test_inputs_that_are_gone_are_named(tmp_path: Path) -> None:
    left, right = make_side("scratch"), make_side("scratch", seed=9)
    gone = replace(left, corpus_folder=tmp_path / "gone")
    with pytest.raises(RunError, match="no longer in the cache folder"):
        measure_movers(silent, plan_noise(gone, right, 50))
